// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A bar on its way to another car or another time, by mouse or by keyboard. What stands against it is said while
// it moves: what we see at once, what the server says a moment later.

import { preview } from "../booking/verb.js";
import { house } from "../lib/house.svelte.js";
import { reason, say } from "../lib/notices.svelte.js";
import { DAY, local } from "../lib/time.js";
import { t } from "../lib/words.svelte.js";
import { canMove, changeOf, veto } from "./veto.js";

const STEP = 15;
const KEY_STEP = 30;
const SLACK = 5; // pixels before a press becomes a drag
const SETTLE = 160; // ms without a move before the server is asked

export class Carry {
	bar = $state.raw(null);
	row = null;
	target = $state.raw(null); // the row it hangs over
	start = $state(0);
	end = $state(0);
	verdict = $state("checking"); // checking, good, moves, hurts, veto
	why = $state("");
	justDropped = false;
	#board;
	#ripple = null;
	#timer;
	#asked = 0;

	constructor(board) {
		this.#board = board;
	}

	#begin(bar, row) {
		Object.assign(this, { bar, row, target: row, start: bar.start, end: bar.end, why: "", verdict: "good" });
		this.#ripple = null;
	}

	grab(event, bar, row, element) {
		if (event.button !== 0) return;
		const from = { x: event.clientX, y: event.clientY };
		const resize = event.target.classList.contains("edge");
		const rows = this.#board.items().map((item) => item.row);
		const at = rows.indexOf(row);
		const move = (e) => {
			const dx = e.clientX - from.x;
			const dy = e.clientY - from.y;
			if (!this.bar) {
				if (Math.hypot(dx, dy) < SLACK) return;
				element.setPointerCapture(event.pointerId);
				this.justDropped = true;
				window.addEventListener("pointerup", click, { once: true });
				this.#begin(bar, row);
			}
			const down = resize ? 0 : Math.round(dy / this.#board.rowHeight);
			const later = Math.round(((dx / this.#board.dayWidth()) * DAY) / STEP) * STEP;
			// Either another car or another time: a slanted hand changes one of them only.
			const other = down ? rows[at + down] : row;
			this.#to(other ?? this.target, other && other !== row ? 0 : later, resize);
		};
		const up = () => {
			element.removeEventListener("pointermove", move);
			element.removeEventListener("pointerup", up);
			element.removeEventListener("pointercancel", cancel);
			window.removeEventListener("keydown", escape, true);
			if (this.bar) this.drop();
		};
		const cancel = () => {
			this.leave();
			up();
		};
		// The click that ends a drag opens nothing.
		const click = () => setTimeout(() => (this.justDropped = false));
		const escape = (e) => {
			if (e.key !== "Escape") return;
			e.preventDefault();
			cancel();
		};
		element.addEventListener("pointermove", move);
		element.addEventListener("pointerup", up);
		element.addEventListener("pointercancel", cancel);
		window.addEventListener("keydown", escape, true);
	}

	// Alt and an arrow: the same with the keyboard; Enter drops it, Esc leaves it.
	step(bar, row, key) {
		if (!canMove(bar)) return;
		if (this.bar?.key !== bar.key) this.#begin(bar, row);
		const rows = this.#board.items().map((item) => item.row);
		if (key === "ArrowUp" || key === "ArrowDown") {
			const step = key === "ArrowUp" ? -1 : 1;
			let at = rows.indexOf(this.target) + step;
			while (at >= 0 && at < rows.length && !rows[at]) at += step;
			if (rows[at]) this.#to(rows[at], 0, false);
		} else {
			const later = (this.bar.status === "out" ? this.end - bar.end : this.start - bar.start) + (key === "ArrowLeft" ? -KEY_STEP : KEY_STEP);
			this.#to(row, later, false);
		}
	}

	#to(target, later, resize) {
		const { bar } = this;
		const onlyEnd = resize || bar.status === "out";
		const start = onlyEnd ? bar.start : bar.start + later;
		const end = Math.max(start + 60, bar.end + later);
		if (target === this.target && start === this.start && end === this.end) return;
		Object.assign(this, { target, start, end });
		this.#ripple = null;
		clearTimeout(this.#timer);
		this.why = bar.status === "out" && target !== this.row ? t("board.veto.out") : veto(bar, target, start, end, house.now);
		this.verdict = this.why ? "veto" : this.#same() ? "good" : "checking";
		if (this.verdict === "checking") this.#timer = setTimeout(() => this.#ask(), SETTLE);
	}

	// On which line of the screen it hangs.
	at() {
		return this.#board.items().findIndex((item) => item.row === this.target);
	}

	#same() {
		return this.target === this.row && this.start === this.bar.start && this.end === this.bar.end;
	}

	#change() {
		const change = changeOf(this.bar, this.row, this.target);
		const body = { ...change.body };
		if (change.from) body.from = local(this.start);
		if (change.span) body.until = local(this.end);
		return { what: change.what, body };
	}

	async #ask() {
		const mine = ++this.#asked;
		const { what, body } = this.#change();
		try {
			const ripple = await preview(this.bar, what, body);
			if (mine !== this.#asked || !this.bar) return;
			this.#ripple = ripple;
			this.verdict = ripple.possible === false ? "veto" : ripple.hurt.length ? "hurts" : ripple.moves.length ? "moves" : "good";
			const hurt = ripple.hurt[0];
			this.why = hurt
				? t("ripple.hurt", { name: hurt.customer_name ?? hurt.number })
				: ripple.moves.length
					? t("ripple.moves", { n: ripple.moves.length })
					: this.verdict === "veto"
						? t("ripple.impossible")
						: "";
		} catch (error) {
			if (mine !== this.#asked) return;
			this.verdict = "veto";
			this.why = reason(error);
		}
	}

	async drop() {
		if (this.verdict === "checking" && !this.#same()) {
			clearTimeout(this.#timer);
			await this.#ask();
		}
		const { bar, row } = this;
		if (bar && !this.#same()) {
			if (this.verdict === "veto") say(this.why, { bad: true });
			else this.#board.change({ bar, ...this.#change(), undo: this.#undo(bar, row), ripple: this.#ripple });
		}
		this.leave();
	}

	#undo(bar, row) {
		const { what } = this.#change();
		if (what === "move") return { what, body: { resource: row.resource } };
		if (what === "extend") return { what, body: { until: bar.until, reason: t("undo"), agreed: true } };
		return { what, body: { from: bar.from, until: bar.until } };
	}

	leave() {
		clearTimeout(this.#timer);
		this.#asked++;
		this.bar = null;
	}
}
