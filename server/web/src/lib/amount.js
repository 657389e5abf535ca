// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// An amount of money as it is typed, "12", "12,5", "1 200.50", in minor units; null where it cannot be relied on: more digits
// after the point than the currency has, or a point that may mean thousands.
export function amount(text, digits) {
	const plain = text.trim().replace(/[\s\u00a0\u202f\u2019']/gu, "");
	const got = /^(\d{1,9})(?:[.,](\d+))?$/.exec(plain);
	if (!got || (got[2] ?? "").length > digits) return null;
	return Number(got[1] + (got[2] ?? "").padEnd(digits, "0"));
}
