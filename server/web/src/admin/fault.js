// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What the server says against a value, in the language of whoever typed it; the rare ones as they come.

import { t } from "../lib/words.svelte.js";

const known = [
	[/^is required$|^must not be empty$/, "empty"],
	[/^must be after |^closing must come after/, "after"],
	[/^two openings of one day overlap$/, "overlap"],
	[/^must lie between (?<from>\S+) and (?<until>\S+)$/, "between"],
	[/^must have (?<from>\d+) to (?<until>\d+) (bytes|elements)$/, "between"],
	[/^must be 1 to \d+ of (?<of>.+)$/, "letters"],
	[/^must be one of (?<of>.+)$/, "one_of"],
	[/^must be a VIN/, "vin"],
	[/^must be a known time zone/, "zone"],
	[/^must be a currency/, "currency"],
	[/^must be a language/, "language"],
	[/^somebody has changed it since$/, "stale"],
	[/^bookings, visits or cars speak of it$/, "in_use"],
	[/^what was decided by it stands/, "stands"],
	[/^appointments begin at the quarters/, "quarters"],
	[/^another template is for work as long$/, "template_twice"],
	[/^this leaves nothing of workshop_minutes/, "workshop_kept"],
	[/^the booking is (?<status>[a-z_]+) here, so that what this row tells/, "state"],
	[/^the other .* have (?<n>\d+) minutes$/, "turnaround"],
];

// A state has its word in each language.
const named = (groups) => (groups?.status ? { ...groups, status: t(`status.${groups.status}`) } : groups);

export function faultWords(detail) {
	for (const [pattern, name] of known) {
		const found = pattern.exec(detail);
		if (found) return t(`fault.${name}`, named(found.groups));
	}
	return detail;
}
