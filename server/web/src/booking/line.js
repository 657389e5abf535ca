// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

import { moment, money, name } from "../lib/words.svelte.js";

// One line for the dealer's own system, as it is pasted into the repair order.
export function lineFor(booking, vehicle) {
	const terms = booking.terms ?? {};
	return [
		booking.number,
		booking.repair_order,
		vehicle?.plate,
		booking.vin,
		[name("solution", booking.solution), booking.class && name("class", booking.class)].filter(Boolean).join(" "),
		`${moment(booking.from)} → ${moment(booking.until)}`,
		money(terms.customer_minor ?? 0, terms.currency),
		booking.said,
	]
		.filter(Boolean)
		.join(" | ");
}
