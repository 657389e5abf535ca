// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The server speaks in the site's time: "2026-12-08T09:15:00+01:00". What people read is the part before
// the offset, so it is handled as such, as minutes of a wall clock; no table of time zones is needed.

export const DAY = 1440;

// A board speaks thousands of times of the same few days: each is read once.
const midnights = new Map();
function midnight(date) {
	let at = midnights.get(date);
	if (at !== undefined) return at;
	const [, y, mo, d] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
	at = Date.UTC(+y, mo - 1, +d) / 60000;
	midnights.set(date, at);
	return at;
}

// Minutes of the wall clock since 1970.
export function minutes(text) {
	const at = midnight(text.slice(0, 10));
	return text.length > 10 ? at + text.slice(11, 13) * 60 + +text.slice(14, 16) : at;
}

// The English that says the day first: read and shown alike.
export const locale = (language) => (language === "en" ? "en-GB" : language);

// "2026-12-08T09:15", as the server and an input of the type datetime-local take it.
export function local(at) {
	return new Date(at * 60000).toISOString().slice(0, 16);
}

export function day(at) {
	return Math.floor(at / DAY) * DAY;
}

// What the wall clock of a zone shows at an instant (now, unless told).
export function wallClock(zone, date = new Date()) {
	const parts = new Intl.DateTimeFormat("en-GB", {
		timeZone: zone,
		year: "numeric",
		month: "2-digit",
		day: "2-digit",
		hour: "2-digit",
		minute: "2-digit",
		hourCycle: "h23",
	}).formatToParts(date);
	const part = (type) => +parts.find((p) => p.type === type).value;
	return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute")) / 60000;
}

// 1 = Monday, as in a site's opening hours.
export function weekday(at) {
	return ((Math.floor(at / DAY) + 3) % 7) + 1;
}

const clock = (text) => +text.slice(0, 2) * 60 + +text.slice(3, 5);

// The opening spans of a site on the day of `at`.
export function openOn(site, at) {
	const date = local(at).slice(0, 10);
	const special = site.special_days?.find((d) => d.date === date);
	if (special) return special.opening.map((o) => [day(at) + clock(o.from), day(at) + clock(o.until)]);
	if (site.holidays?.includes(date)) return [];
	return (site.opening ?? [])
		.filter((o) => o.days.includes(weekday(at)))
		.map((o) => [day(at) + clock(o.from), day(at) + clock(o.until)]);
}

// The first quarter of an hour from `at` on at which the desk is open.
export function nextOpen(site, at) {
	const quarter = Math.ceil(at / 15) * 15;
	for (let d = day(quarter), i = 0; i < 60; d += DAY, i++)
		for (const [from, until] of openOn(site, d)) if (quarter < until) return Math.max(quarter, from);
	return quarter;
}
