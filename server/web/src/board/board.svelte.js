// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The board's state: what was read, what is looked at, and what just changed elsewhere.

import { get } from "../lib/api.js";
import { house } from "../lib/house.svelte.js";
import { complain } from "../lib/notices.svelte.js";
import { DAY, day, minutes } from "../lib/time.js";
import { replaceBooking, rowsOf } from "./rows.js";
import { boardPath } from "./span.js";

const MANY = 8; // changes at once: then all is read again

export class Board {
	rows = $state.raw([]);
	unassigned = $state.raw([]);
	from = $state(0);
	days = $state(30);
	seq = 0;
	ready = $state(false);
	#changed = new Set();
	#timer;
	#reading;

	get until() {
		return this.from + this.days * DAY;
	}

	#span(from, until) {
		return boardPath(house.site.site, from, until);
	}

	async read() {
		this.#reading?.abort();
		const mine = (this.#reading = new AbortController());
		try {
			const answer = await get(this.#span(this.from, this.until), { signal: mine.signal });
			this.rows = rowsOf(answer);
			this.unassigned = answer.unassigned;
			this.seq = answer.seq;
			this.ready = true;
		} catch (error) {
			complain(error);
		}
	}

	// The stream tells what comes after it opened: what came between the board and it is asked for.
	async check() {
		if (!this.ready) return;
		try {
			const { seq } = await get(boardPath(house.site.site, this.from, this.from + 1));
			if (seq > this.seq) await this.read();
		} catch (error) {
			complain(error);
		}
	}

	// An entry of the journal: what it changed is read again, a moment later, with what came with it.
	entry(entry) {
		if (entry.seq <= this.seq) return;
		this.seq = entry.seq;
		for (const change of entry.changes) this.#changed.add(`${change.kind} ${change.id}`);
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#catchUp(), 20);
	}

	async #catchUp() {
		const changes = [...this.#changed].map((text) => text.split(" "));
		this.#changed.clear();
		const bookings = changes.filter(([kind]) => kind === "booking").map(([, id]) => id);
		const others = changes.some(([kind]) => ["block", "resource", "site"].includes(kind));
		if (others || bookings.length > MANY) return this.read();
		try {
			for (const id of bookings) await this.refresh(id);
		} catch (error) {
			complain(error);
		}
	}

	async refresh(id) {
		const booking = await get(`/v1/bookings/${id}`);
		const from = day(minutes(booking.from)) - DAY;
		const until = day(minutes(booking.until)) + 2 * DAY;
		if (until < this.from || from > this.until) return;
		const answer = await get(this.#span(from, until));
		this.rows = replaceBooking(this.rows, id, answer);
		this.unassigned = [...this.unassigned.filter((bar) => bar.booking !== id), ...answer.unassigned.filter((bar) => bar.booking === id)];
	}
}
