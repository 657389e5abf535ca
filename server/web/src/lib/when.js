// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What a person types for a day and an hour: "3/12", "3.12.", "+2", "tuesday", "demain 14h30", "9:15". Read strictly:
// what could mean two things, or a day that does not exist, is nothing. Days and months have the order and the names
// of the language; where that is English, of the English that says the day first.

import { DAY, day, local, locale, minutes } from "./time.js";

const SHORT = { year: "numeric", month: "2-digit", day: "2-digit" };
const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

const known = new Map();
// The order of a short date, and the names of days and months with their abbreviations, as that language has them.
function habits(language) {
	if (known.has(language)) return known.get(language);
	const format = (options) => new Intl.DateTimeFormat(locale(language), { timeZone: "UTC", ...options });
	const order = format(SHORT).formatToParts(0).map((p) => p.type).filter((type) => type !== "literal");
	const names = (count, unit, at) => {
		const all = new Map();
		for (let i = 0; i < count; i++)
			for (const width of ["long", "short"]) all.set(plain(format({ [unit]: width }).format(at(i))).replace(/\.$/, ""), i + 1);
		return all;
	};
	const found = {
		order,
		weekdays: names(7, "weekday", (i) => Date.UTC(2024, 0, 1 + i)), // 2024 began on a Monday
		months: names(12, "month", (i) => Date.UTC(2024, i, 1)),
	};
	known.set(language, found);
	return found;
}

// A name, or its first three letters or more where only one begins so.
function named(names, text) {
	if (names.has(text)) return names.get(text);
	if (text.length < 3) return 0;
	const fits = new Set([...names].filter(([name]) => name.startsWith(text)).map(([, n]) => n));
	return fits.size === 1 ? [...fits][0] : 0;
}

function date(y, m, d) {
	const at = Date.UTC(y, m - 1, d) / 60000;
	const back = new Date(at * 60000);
	return back.getUTCMonth() === m - 1 && back.getUTCDate() === d && y >= 1800 && y < 2200 ? at : null;
}

// Without a year: the next such day, or where only the past can be meant, the last.
function nearest(m, d, { now, past }) {
	const year = new Date(now * 60000).getUTCFullYear();
	const years = past ? [year, year - 1, year - 2, year - 3, year - 4] : [year, year + 1, year + 2, year + 3, year + 4];
	for (const y of years) {
		const at = date(y, m, d);
		if (at !== null && (past ? at <= now : at >= day(now))) return at;
	}
	return null;
}

const whole = (year, { now, past }) => {
	if (year.length === 4) return +year;
	const century = Math.floor(new Date(now * 60000).getUTCFullYear() / 100) * 100;
	const y = century + +year;
	return past && date(y, 1, 1) > now ? y - 100 : y;
};

function readDay(text, how) {
	const { order, weekdays, months } = habits(how.language);
	const far = /^([+-])(\d{1,3})$/.exec(text);
	if (far) return day(how.now) + (far[1] === "-" ? -1 : 1) * far[2] * DAY;
	const said = how.words.findIndex((word) => plain(word) === text);
	if (said >= 0) return day(how.now) + said * DAY;
	const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
	if (iso) return date(+iso[1], +iso[2], +iso[3]);
	const figures = /^(\d{1,4})[./-](\d{1,2})(?:[./-](\d{1,4})?)?\.?$/.exec(text);
	if (figures) {
		const parts = figures.slice(1).filter(Boolean);
		const names = parts.length === 3 ? order : order.filter((part) => part !== "year");
		const got = Object.fromEntries(names.map((part, i) => [part, parts[i]]));
		if (got.day.length > 2 || got.month.length > 2 || [1, 3].includes(got.year?.length)) return null;
		return got.year ? date(whole(got.year, how), +got.month, +got.day) : nearest(+got.month, +got.day, how);
	}
	const written = /^(?:(\d{1,2})(?:er|st|nd|rd|th|\.|°)?) ?(\p{L}+)\.?(?: (\d{4}))?$/u.exec(text);
	if (written) {
		const m = named(months, written[2]);
		if (!m) return null;
		return written[3] ? date(+written[3], m, +written[1]) : nearest(m, +written[1], how);
	}
	const n = named(weekdays, text.replace(/\.$/, ""));
	if (!n) return null;
	// The next one: today's own name means a week from now, or a week ago.
	const today = ((Math.floor(how.now / DAY) + 3) % 7) + 1;
	return day(how.now) + (how.past ? -((today - n + 7) % 7 || 7) : (n - today + 7) % 7 || 7) * DAY;
}

// "14h30", "14:30", "14h", "1430", "2pm".
function readTime(text) {
	const got = /^(\d{1,2})(?:[:h](\d\d)?|(?=[ap]m))?(am|pm)?$/.exec(text) ?? /^(\d\d)(\d\d)$/.exec(text);
	if (!got) return null;
	let hour = +got[1];
	const half = got[3];
	if (half && (hour < 1 || hour > 12)) return null;
	if (half) hour = (hour % 12) + (half === "pm" ? 12 : 0);
	const minute = +(got[2] ?? 0);
	return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}
const isTime = (text) => /^(\d{1,2}[:h](\d\d)?|\d{1,2}(:\d\d)?[ap]m|\d{4})$/.test(text);

// how: {now, language, words: [today, tomorrow, ...], past, base: what stood there, time: whether an hour belongs to it}
// → "2026-12-03T14:30" or "2026-12-03"; "" where it says nothing that can be relied on.
export function readWhen(text, how) {
	let rest = plain(text).trim().replace(/\s+/g, " ").replace(/^(\d{4}-\d\d-\d\d)t(\d\d:\d\d)$/, "$1 $2");
	let clock = null;
	if (how.time) {
		const cut = rest.lastIndexOf(" ");
		const last = rest.slice(cut + 1);
		// Figures alone are an hour only where a day stands before them: "3/12 14".
		if (isTime(last) && !/\p{L} \d{4}$/u.test(rest)) clock = readTime(last);
		else if (cut > 0 && /^\d{1,2}$/.test(last)) clock = readTime(`${last}h`);
		else clock = undefined;
		if (clock === null) return "";
		if (clock !== undefined) rest = rest.slice(0, Math.max(0, cut)).replace(/[ ,]+$/, "").replace(/ (at|a|alle|um)$/, "");
	}
	// Of a day with its name before it, as it is shown, the name must be right.
	const base = how.base ? minutes(how.base) : how.now;
	let on = rest ? readDay(rest, how) : day(base);
	const both = /^(\p{L}+)\.?,? (.+)$/u.exec(rest);
	if (on === null && both) {
		const n = named(habits(how.language).weekdays, both[1]);
		on = n ? readDay(both[2], how) : null;
		if (on !== null && ((Math.floor(on / DAY) + 3) % 7) + 1 !== n) return "";
	}
	if (on === null || (!rest && clock === undefined)) return "";
	if (!how.time) return local(on).slice(0, 10);
	return local(on + (clock ?? base - day(base)));
}

// What stands in the field when nobody types: figures in the order of the language.
export function showWhen(value, language) {
	if (!value) return "";
	const shown = new Intl.DateTimeFormat(locale(language), { timeZone: "UTC", ...SHORT }).format(minutes(value) * 60000);
	return value.length > 10 ? `${shown} ${value.slice(11, 16)}` : shown;
}
