// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What changes at a site, as it changes (SSE). The browser resumes by itself from the last entry it saw. All that
// listens on a page shares one stream: of those a browser opens few.

import { house } from "./house.svelte.js";

export const live = $state({ open: false });

const streams = new Map();

function open(site) {
	const stream = { source: new EventSource(`/v1/events?site=${encodeURIComponent(site)}`), listeners: new Set() };
	const tell = (what, ...said) => stream.listeners.forEach((listener) => listener[what]?.(...said));
	stream.source.addEventListener("open", () => {
		live.open = true;
		house.online = true;
		tell("opened");
	});
	stream.source.addEventListener("error", () => (live.open = false));
	stream.source.addEventListener("entry", (event) => tell("entry", JSON.parse(event.data), +event.lastEventId));
	stream.source.addEventListener("reset", () => tell("reset"));
	stream.source.addEventListener("import", (event) => tell("imports", JSON.parse(event.data)));
	streams.set(site, stream);
	return stream;
}

// follow(site, {entry, reset, opened, imports}) → a function that ends it.
export function follow(site, listener) {
	const stream = streams.get(site) ?? open(site);
	stream.listeners.add(listener);
	if (stream.source.readyState === EventSource.OPEN) queueMicrotask(() => stream.listeners.has(listener) && listener.opened?.());
	return () => {
		stream.listeners.delete(listener);
		if (stream.listeners.size) return;
		stream.source.close();
		streams.delete(site);
	};
}
