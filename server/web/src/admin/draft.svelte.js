// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A form on one object: what was read, what is typed, what the server says against it, and what to do when
// somebody else changed the same object meanwhile.

import { ask, Problem } from "../lib/api.js";
import { reason } from "../lib/notices.svelte.js";
import { t } from "../lib/words.svelte.js";
import { faultWords } from "./fault.js";

const TRIES = 3; // changes of others that touch nothing of ours, in a row

const isEmpty = (value) => value === "" || value === null || value === undefined;

// Fields in any order, empty or absent: the same.
function canonical(value) {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== "object" || value === null) return value;
	const filled = Object.entries(value).filter(([, v]) => !isEmpty(v));
	return Object.fromEntries(filled.sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, canonical(v)]));
}
const same = (a, b) => JSON.stringify(canonical([a])) === JSON.stringify(canonical([b]));

// What both changed, field by field; what only one of them touched goes together.
export function merge(base, mine, theirs) {
	const merged = { ...theirs };
	const clashes = [];
	for (const key of new Set([...Object.keys(base), ...Object.keys(mine)])) {
		if (same(mine[key], base[key])) continue;
		if (!same(theirs[key], base[key]) && !same(theirs[key], mine[key])) clashes.push(key);
		merged[key] = mine[key];
	}
	return { merged, clashes };
}

export class Draft {
	value = $state({});
	faults = $state.raw({}); // by pointer
	trouble = $state("");
	clashes = $state.raw([]); // fields that somebody else changed too
	busy = $state(false);
	path = "";
	#base = {};
	#etag = null;
	#theirs = null;
	#keeps; // what of an answer is stored and may be sent again

	constructor(fresh = {}, keeps = (body) => body) {
		this.value = fresh;
		this.#keeps = keeps;
	}

	async read(path) {
		const { body, etag } = await ask("GET", path);
		this.path = path;
		this.#use(this.#keeps(body), etag);
		return body;
	}

	#use(body, etag) {
		this.#base = body;
		this.#etag = etag;
		this.value = structuredClone(body);
	}

	at(pointer) {
		return this.faults[pointer] ?? "";
	}

	// The first fault in or below a part of the object.
	under(pointer) {
		const key = Object.keys(this.faults).find((k) => k === pointer || k.startsWith(`${pointer}/`));
		return key ? this.faults[key] : "";
	}

	// Answers what is stored, or null: then it is said on the form why not.
	async save(path = this.path) {
		Object.assign(this, { busy: true, trouble: "", faults: {}, clashes: [] });
		try {
			return await this.#put(path, canonical($state.snapshot(this.value)), this.#etag, TRIES);
		} catch (error) {
			this.#blame(error);
			return null;
		} finally {
			this.busy = false;
		}
	}

	async #put(path, body, etag, tries) {
		try {
			const answer = await ask("PUT", path, { body, ifMatch: etag });
			this.path = path;
			this.#use(this.#keeps(answer.body), answer.etag);
			return answer.body;
		} catch (error) {
			// 428: it exists already, though we thought that it is new.
			const stale = error instanceof Problem && error.status === 412 && tries > 1;
			if (!stale) throw error;
		}
		const fresh = await ask("GET", path);
		this.#theirs = { body: this.#keeps(fresh.body), etag: fresh.etag };
		const { merged, clashes } = merge(this.#base, body, this.#theirs.body);
		if (!clashes.length) return this.#put(path, canonical(merged), fresh.etag, tries - 1);
		this.clashes = clashes;
		return null;
	}

	// One's own words win, once they were seen beside the others'.
	async keepMine() {
		const { merged } = merge(this.#base, $state.snapshot(this.value), this.#theirs.body);
		this.#etag = this.#theirs.etag;
		this.#base = this.#theirs.body;
		this.value = merged;
		return this.save();
	}

	takeTheirs() {
		const { merged } = merge(this.#base, $state.snapshot(this.value), this.#theirs.body);
		for (const key of this.clashes) merged[key] = this.#theirs.body[key];
		this.#use(this.#theirs.body, this.#theirs.etag);
		this.value = structuredClone(merged);
		this.clashes = [];
	}

	#blame(error) {
		const errors = error instanceof Problem ? (error.errors ?? []) : [];
		this.faults = Object.fromEntries(errors.map((e) => [e.pointer, faultWords(e.detail)]));
		if (error.status === 428) this.trouble = t("admin.exists");
		else this.trouble = errors.length ? t("admin.faults", { n: errors.length }) : reason(error);
		for (const hurt of error.bookings ?? error.hurt ?? []) this.trouble += ` ${hurt.number ?? hurt.booking}`;
	}
}
