// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What people read, in their language. One language is one file in words/; each is loaded when it is chosen.
// {name} in a text is filled in; a text with forms {one, few, many, other} follows the number n.

import { locale, minutes } from "./time.js";

const files = import.meta.glob("../words/*.json", { import: "default" });

export const languages = Object.keys(files)
	.map((path) => /(\w+)\.json$/.exec(path)[1])
	.sort();

export const words = $state({ language: "", texts: null });

let plural = null;

export async function speak(language) {
	if (!languages.includes(language)) language = "en";
	const texts = await files[`../words/${language}.json`]();
	plural = new Intl.PluralRules(language);
	words.texts = texts;
	words.language = language;
	document.documentElement.lang = language;
	localStorage.setItem("relais.language", language);
}

export function firstLanguage() {
	const wanted = [localStorage.getItem("relais.language"), ...navigator.languages];
	return wanted.map((tag) => tag?.slice(0, 2)).find((tag) => languages.includes(tag)) ?? "en";
}

// The text of that name. One that is missing is a fault of ours and is said aloud, but stops nobody.
export function t(name, values = {}) {
	let text = words.texts?.[name];
	if (text === undefined) {
		if (words.texts) console.error(`no words for "${name}" in ${words.language}`);
		return name;
	}
	if (typeof text === "object") text = text[plural.select(values.n)] ?? text.other;
	return text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
}

// Names that a rule set or a site may add to: shown as they are where we have no word.
export function name(group, key) {
	return words.texts?.[`${group}.${key}`] ?? key.replaceAll("_", " ");
}

const formats = new Map();
function format(kind, options) {
	const id = `${words.language} ${kind.name} ${JSON.stringify(options)}`;
	if (!formats.has(id)) formats.set(id, new kind(locale(words.language), options));
	return formats.get(id);
}

const looks = {
	dayName: { weekday: "short", day: "numeric" },
	dayLong: { weekday: "long", day: "numeric", month: "long" },
	dateOf: { day: "numeric", month: "short", year: "numeric" },
	dayShort: { weekday: "short", day: "numeric", month: "short" },
	weekdayName: { weekday: "short" },
	monthName: { month: "long", year: "numeric" },
	timeOf: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};
const DATED_MAX = 10_000;
const said = new Map(); // Intl takes its time, and a board says few days very often

function dated(at, look) {
	const wall = typeof at === "string" ? minutes(at) : at;
	const id = `${words.language} ${look} ${look === "timeOf" ? wall - Math.floor(wall / 1440) * 1440 : Math.floor(wall / 1440)}`;
	let text = said.get(id);
	if (text !== undefined) return text;
	if (said.size >= DATED_MAX) said.clear();
	text = format(Intl.DateTimeFormat, { timeZone: "UTC", ...looks[look] }).format(wall * 60000);
	said.set(id, text);
	return text;
}

export const dayName = (at) => dated(at, "dayName");
export const dayLong = (at) => dated(at, "dayLong");
export const dateOf = (at) => dated(at, "dateOf");
export const dayShort = (at) => dated(at, "dayShort");
export const weekdayName = (at) => dated(at, "weekdayName");
export const monthName = (at) => dated(at, "monthName");
export const timeOf = (at) => dated(at, "timeOf");
export const moment = (at) => `${dayShort(at)} ${timeOf(at)}`;

export function span(from, until) {
	const same = local10(from) === local10(until);
	return `${moment(from)} – ${same ? timeOf(until) : moment(until)}`;
}
const local10 = (at) => (typeof at === "string" ? at.slice(0, 10) : Math.floor(at / 1440));

export function money(minor, currency) {
	const whole = minor % 100 === 0;
	return format(Intl.NumberFormat, {
		style: "currency",
		currency: currency || "EUR",
		minimumFractionDigits: whole ? 0 : 2,
		maximumFractionDigits: 2,
	}).format(minor / 100);
}

// How many digits an amount has after the point: 2 of a euro, none of a yen.
export function minorDigits(currency) {
	return format(Intl.NumberFormat, { style: "currency", currency: /^[A-Z]{3}$/.test(currency) ? currency : "EUR" }).resolvedOptions().maximumFractionDigits;
}

export function number(n) {
	return format(Intl.NumberFormat, {}).format(n);
}

// 900 → "15 h", 90 → "1 h 30".
export function length(n) {
	if (n < 60) return `${n} min`;
	const h = Math.floor(n / 60);
	return n % 60 ? `${h} h ${String(n % 60).padStart(2, "0")}` : `${h} h`;
}

export function list(items) {
	return format(Intl.ListFormat, { type: "conjunction" }).format(items);
}
