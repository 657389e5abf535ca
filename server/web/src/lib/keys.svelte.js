// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// One listener for the whole page. Whoever is on the screen adds keys and takes them away with it; the newest
// comes first. Letters count only outside of fields.

const layers = [];

const isField = (element) => element?.matches?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

function nameOf(event) {
	const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
	return `${event.ctrlKey || event.metaKey ? "Ctrl+" : ""}${event.altKey ? "Alt+" : ""}${key}`;
}

let prefix = "";

window.addEventListener("keydown", (event) => {
	if (event.defaultPrevented || event.isComposing) return;
	const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
	if (plain && event.key.length === 1 && isField(event.target)) return;
	const name = prefix + nameOf(event);
	prefix = "";
	for (const keys of layers.toReversed()) {
		const handle = keys[name];
		if (!handle || handle(event) === false) continue;
		event.preventDefault();
		return;
	}
	if (name === "g") prefix = "g ";
});

// $effect(() => keys({ "/": focusSearch }))
export function keys(table) {
	layers.push(table);
	return () => layers.splice(layers.indexOf(table), 1);
}
