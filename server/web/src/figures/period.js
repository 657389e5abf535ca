// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Days as texts, "2026-12-08"; a period is half-open: `until` is not in it any more.

const MS = 86_400_000;
const ms = (day) => Date.parse(`${day}T00:00:00Z`);
const text = (at) => new Date(at).toISOString().slice(0, 10);

export const plus = (day, n) => text(ms(day) + n * MS);
export const days = (from, until) => Math.round((ms(until) - ms(from)) / MS);
export const isDay = (day) => /^\d{4}-\d\d-\d\d$/.test(day ?? "") && !Number.isNaN(ms(day)) && text(ms(day)) === day;

export function monthPlus(month, n) {
	const [y, m] = month.split("-").map(Number);
	return text(Date.UTC(y, m - 1 + n, 1)).slice(0, 7);
}

// A month, but of the present one only what has been of it: the days to come would look idle.
export function ofMonth(month, today) {
	const from = `${month}-01`;
	const next = `${monthPlus(month, 1)}-01`;
	const until = next > plus(today, 1) && from <= today ? plus(today, 1) : next;
	return { from, until };
}

// The month that a period is, or the beginning of; "" when it is another piece of time.
export function monthOf({ from, until }, today) {
	const month = from.slice(0, 7);
	return ofMonth(month, today).until === until && from.endsWith("-01") ? month : "";
}

// As many days before it; before a month the month before, as far as this one has come.
export function before({ from, until }) {
	const n = days(from, until);
	if (!from.endsWith("-01")) return { from: plus(from, -n), until: from };
	const start = `${monthPlus(from.slice(0, 7), -1)}-01`;
	const whole = until.endsWith("-01");
	const end = whole ? from : plus(start, n);
	return { from: start, until: end < from ? end : from };
}

// Monday of its week, or the first of its month: where a long period is told by more than a day.
export function pieceOf(day, by) {
	if (by === "month") return `${day.slice(0, 7)}-01`;
	if (by === "week") return plus(day, -((new Date(ms(day)).getUTCDay() + 6) % 7));
	return day;
}
export const pieces = (n) => (n > 200 ? "month" : n > 31 ? "week" : "day");
