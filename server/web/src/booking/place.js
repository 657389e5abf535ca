// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Where a hand-over was agreed; a car that is brought is handed over at the door.
export function placeOf(booking) {
	const brought = booking.legs?.some((leg) => leg.what === "bring_car");
	const where = booking.handover?.where ?? "desk";
	return {
		where: where === "desk" && brought ? "doorstep" : where === "other_site" ? "desk" : where,
		box: "",
		code: "",
		confirmed: false,
		to: booking.customer_name ?? "",
	};
}

// The members of a check-out that belong to that place, and no others.
export function placeSaid({ where, box, code, confirmed, to }) {
	if (where === "key_box") return { where, key_box: box.trim(), code_given_by: code };
	if (where === "doorstep") return { where, address_confirmed: confirmed, handed_to: to.trim() };
	return { where };
}
