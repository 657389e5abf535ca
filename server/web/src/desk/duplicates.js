// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Who else may be this person: the same telephone, or the same name and day of birth. Probable, never certain:
// a household has one telephone too, so a person looks and decides.

import { get, query } from "../lib/api.js";

const LOOKED_AT = 8;
const SAME_DIGITS = 9; // what is left of a number without country and area's zero

const digits = (phone) => (phone ?? "").replace(/\D/g, "").slice(-SAME_DIGITS);
const folded = (name) =>
	(name ?? "")
		.normalize("NFD")
		.replace(/[\p{M}\s'’.-]/gu, "")
		.toLowerCase();

export function alike(one, other) {
	const a = one?.person ?? {};
	const b = other?.person ?? {};
	const phone = digits(a.phone).length === SAME_DIGITS && digits(a.phone) === digits(b.phone);
	const born = Boolean(a.birth_on) && a.birth_on === b.birth_on && folded(a.name) !== "" && folded(a.name) === folded(b.name);
	return phone ? "phone" : born ? "birth" : null;
}

export async function duplicatesOf(customer) {
	const { phone, name } = customer.person ?? {};
	const words = [phone, name].filter(Boolean);
	const answers = await Promise.all(words.map((q) => get(query("/v1/search", { q }))));
	const ids = new Set(answers.flatMap(({ items }) => items.filter((hit) => hit.kind === "customer").map((hit) => hit.customer)));
	ids.delete(customer.customer);
	const others = await Promise.all([...ids].slice(0, LOOKED_AT).map((id) => get(`/v1/customers/${encodeURIComponent(id)}`)));
	return others.map((other) => ({ other, why: alike(customer, other) })).filter(({ why }) => why);
}
