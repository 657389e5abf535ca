// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Short words at the edge of the screen: what was done, with its way back, or what went wrong.

import { Problem, Unreachable } from "./api.js";
import { name, t, words } from "./words.svelte.js";

export const notices = $state([]);

let last = 0;

export function say(text, { undo, bad, seconds = bad ? 12 : 10 } = {}) {
	const notice = { id: ++last, text, undo, bad };
	notices.push(notice);
	if (notices.length > 3) notices.shift();
	setTimeout(() => drop(notice.id), seconds * 1000);
}

export function drop(id) {
	const at = notices.findIndex((n) => n.id === id);
	if (at >= 0) notices.splice(at, 1);
}

// Takes back the newest thing that can be taken back.
export function undoLast() {
	const notice = notices.findLast((n) => n.undo);
	if (!notice) return false;
	drop(notice.id);
	notice.undo();
	return true;
}

// An error in words that say what to do.
export function reason(error) {
	if (error instanceof Unreachable) return t("error.unreachable");
	if (!(error instanceof Problem)) throw error;
	const known = words.texts?.[`problem.${error.slug}`];
	const why = error.reason ? `${name("why", error.reason)}. ` : "";
	const fields = (error.errors ?? []).map((e) => `${e.pointer.slice(1)}: ${e.detail}`).join("; ");
	const found = (error.findings ?? []).map((code) => name("missing", code)).join("; ");
	const ready = error.ready_from ? `${error.resource}, ${error.number}, ${error.ready_from.slice(11, 16)}` : "";
	const more = fields || found || ready;
	return why + (known ?? error.title ?? t("error.unknown")) + (more ? ` (${more})` : "");
}

export function complain(error) {
	if (error?.name !== "AbortError") say(reason(error), { bad: true });
}
