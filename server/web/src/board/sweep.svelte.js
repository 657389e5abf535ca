// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// An empty span of a car, marked with the mouse: whoever lets go is asked why it is to be blocked.

import { DAY } from "../lib/time.js";

const STEP = 60; // minutes: finer than that is typed
const SLACK = 8; // pixels before a press becomes a span

export class Sweep {
	row = $state.raw(null);
	from = $state(0);
	until = $state(0);
	#board;

	constructor(board) {
		this.#board = board;
	}

	begin(event, row, field) {
		if (event.button !== 0 || event.pointerType === "touch" || row?.kind !== "car") return;
		const start = event.clientX;
		const minute = (x) => {
			const px = x - field.getBoundingClientRect().left - this.#board.label();
			return this.#board.from() + Math.round(((px / this.#board.dayWidth()) * DAY) / STEP) * STEP;
		};
		const move = (e) => {
			if (!this.row && Math.abs(e.clientX - start) < SLACK) return;
			field.setPointerCapture(event.pointerId);
			const [a, b] = [minute(start), minute(e.clientX)].sort((x, y) => x - y);
			Object.assign(this, { row, from: a, until: Math.max(b, a + STEP) });
		};
		const end = () => {
			field.removeEventListener("pointermove", move);
			field.removeEventListener("pointerup", up);
			field.removeEventListener("pointercancel", end);
			window.removeEventListener("keydown", escape, true);
			this.row = null;
		};
		const up = () => {
			const { row: over, from, until } = this;
			end();
			if (over) this.#board.block({ row: over, from, until });
		};
		const escape = (e) => e.key === "Escape" && (e.preventDefault(), end());
		field.addEventListener("pointermove", move);
		field.addEventListener("pointerup", up);
		field.addEventListener("pointercancel", end);
		window.addEventListener("keydown", escape, true);
	}
}
