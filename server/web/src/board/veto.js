// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What can be said at once, while the mouse still moves. The server has the last word: it may change others' cars.

import { t } from "../lib/words.svelte.js";

const overlaps = (bar, from, until) => bar.start < until && (bar.turn ?? bar.end) > from;

// A reason against it, or "".
export function veto(bar, row, from, until, now) {
	if (row.kind !== "car" || row.status !== "active") return t("board.veto.kind");
	if (bar.status === "booked" && from !== bar.start && from < now) return t("board.veto.past");
	for (const other of row.bars) {
		if (other.id === bar.id || !overlaps(other, from, until)) continue;
		if (other.kind === "block") return t("board.veto.block");
		if (other.status === "out" || (other.pinned && other.status === "booked"))
			return t("board.veto.taken", { number: other.number });
	}
	return "";
}

export const canMove = (bar) => bar.kind === "booking" && bar.what === "car" && ["booked", "out"].includes(bar.status);

// Which change a new place means.
export function changeOf(bar, row, target) {
	if (target.resource !== row.resource) return { what: "move", body: { resource: target.resource } };
	if (bar.status === "out") return { what: "extend", body: { reason: t("later.asked"), agreed: true }, span: true };
	return { what: "reschedule", body: {}, span: true, from: true };
}
