// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

import { newKey, post } from "../lib/api.js";

// POST /v1/bookings/{booking}/VERB: one key for one press.
export function verb(booking, what, body = {}, key = newKey()) {
	return post(`/v1/bookings/${booking.booking}/${what}`, body, { key });
}

export const preview = (booking, what, body) => verb(booking, what, { ...body, preview: true });

// What stands in a field for a figure, or nothing.
export const figure = (value) => (value === "" || value === null || value === undefined ? "" : Number(value));

// Fields that were left empty are not sent.
export function filled(fields) {
	return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== "" && v !== null && v !== undefined));
}
