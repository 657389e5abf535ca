// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What a bar says: its state, a few words in it, and the whole for whoever hears it or rests on it.

import { moment, t } from "../lib/words.svelte.js";
import { isOverdue } from "./rows.js";

export function stateOf(bar, now) {
	if (bar.kind === "block") return "block";
	return bar.at_risk ? "at_risk" : isOverdue(bar, now) ? "overdue" : bar.status;
}

function who(bar, hush) {
	if (bar.kind === "block") return bar.reason ?? "";
	return hush ? "•••" : (bar.customer_name ?? bar.number);
}

// Room is short: the title is left out, it is in the label.
export function briefly(bar, hush) {
	const name = who(bar, hush);
	if (!bar.customer_name || hush) return name;
	const parts = name.split(" ");
	return parts.length > 2 ? parts.slice(1).join(" ") : name;
}

export const barWords = (bar, row, state, hush) =>
	t("board.bar", {
		what: `${bar.number ?? ""} ${who(bar, hush)}`.trim(),
		state: t(`status.${state}`),
		from: moment(bar.start),
		until: moment(bar.end),
		where: `${row.label} ${row.plate ?? ""}`,
	});
