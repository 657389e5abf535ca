// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What whoever is signed in owes at this site, read anew whenever a task changes: each page shows how much it is.

import { get, query } from "./api.js";
import { follow } from "./live.svelte.js";
import { complain } from "./notices.svelte.js";

const none = { overdue: 0, today: 0, later: 0, nobody: 0, escalated: 0, all: 0 };

export const owed = $state({ counts: none, version: 0 });

const EACH_MS = 60_000; // what was due later is overdue by and by

// Follows it for as long as it is shown; gives the function that ends it.
export function followOwed(site) {
	let wait;
	async function read() {
		try {
			owed.counts = (await get(query("/v1/my-day", { site, most: 1 }))).counts;
			owed.version++;
		} catch (error) {
			complain(error);
		}
	}
	const soon = () => {
		clearTimeout(wait);
		wait = setTimeout(read, 250);
	};
	read();
	const end = follow(site, {
		entry: (entry) => entry.changes.some((change) => change.kind === "task") && soon(),
		reset: soon,
	});
	const clock = setInterval(read, EACH_MS);
	return () => {
		end();
		clearInterval(clock);
		clearTimeout(wait);
		owed.counts = none;
	};
}
