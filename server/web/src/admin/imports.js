// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A file on its way in: as a body, or in parts where that is too small for it.

import { ask, newKey, query } from "../lib/api.js";
import { leave, PART } from "../lib/parts.js";

export const KINDS = ["sites", "rulesets", "resources", "customers", "vehicles", "coverages", "bookings", "repair-orders"];
export const LARGEST = 24 << 20;

const guesses = [
	[/site/i, "sites"],
	[/rule|regle|regol/i, "rulesets"],
	[/resource|ressource|risors|fleet|flotte|flotta/i, "resources"],
	[/cover|garant|copert/i, "coverages"],
	[/customer|client|kund/i, "customers"],
	[/vehicle|vehicule|veicol|cars/i, "vehicles"],
	[/repair|order|ordre|ordin|\bor\b/i, "repair-orders"],
	[/booking|reserv|prenot/i, "bookings"],
];

// What stands in it, by its name; "" where that says nothing.
export const kindOf = (name) => guesses.find(([pattern]) => pattern.test(name))?.[1] ?? "";

// Answers the import: checked where it is a dry run, else under way.
export async function send(file, { kind, dryRun, partial, mapping, key = newKey() }) {
	const path = query("/v1/imports", {
		kind,
		name: file.name,
		dry_run: dryRun ? "true" : "",
		partial: partial ? "true" : "",
		written_at: new Date(file.lastModified).toISOString().replace(/\.\d+/, ""),
	});
	const whole = file.size <= PART && !mapping;
	const options = whole ? { bytes: await file.arrayBuffer() } : { body: { parts: await leave(file), ...(mapping ? { mapping } : {}) } };
	return (await ask("POST", path, { key, ...options })).body;
}

export const isOver = (one) => !one.progress;
