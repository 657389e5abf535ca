// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What people type for a day and an hour, in each language, and what is refused.

import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const lib = (name) => import(pathToFileURL(join(process.env.RELAIS_ROOT, "server/web/src/lib", name)));
const { readWhen, showWhen } = await lib("when.js");
const { minutes } = await lib("time.js");

const said = {
	en: ["today", "tomorrow", "day after tomorrow"],
	fr: ["aujourd’hui", "demain", "après-demain"],
	it: ["oggi", "domani", "dopodomani"],
};
// A Thursday.
const read = (text, language = "en", more = {}) =>
	readWhen(text, { now: minutes("2026-11-26T10:20"), language, words: said[language], base: "2026-11-30T09:00", time: true, past: false, ...more });

const table = (rows) => {
	for (const [text, wanted, ...more] of rows) assert.equal(read(text, ...more), wanted, text);
};

test("days and hours are read as they are said", () => {
	table([
		["3/12", "2026-12-03T09:00"],
		["3.12.", "2026-12-03T09:00"],
		["3-12", "2026-12-03T09:00"],
		["3/12 14h30", "2026-12-03T14:30"],
		["3/12 14", "2026-12-03T14:00"],
		["3/12/2027 8:05", "2027-12-03T08:05"],
		["3/12/27", "2027-12-03T09:00"],
		["25/11", "2027-11-25T09:00"],
		["26/11", "2026-11-26T09:00"],
		["29/2", "2028-02-29T09:00"],
		["+2", "2026-11-28T09:00"],
		["+2 1430", "2026-11-28T14:30"],
		["14h30", "2026-11-30T14:30"],
		["2pm", "2026-11-30T14:00"],
		["12am", "2026-11-30T00:00"],
		["tomorrow", "2026-11-27T09:00"],
		["Day after tomorrow 8h", "2026-11-28T08:00"],
		["thursday", "2026-12-03T09:00"],
		["tue", "2026-12-01T09:00"],
		["3 December", "2026-12-03T09:00"],
		["3rd dec 10:15", "2026-12-03T10:15"],
		["3 dec 2027", "2027-12-03T09:00"],
		["2026-12-03T10:00", "2026-12-03T10:00"],
		["Tuesday 1 December at 9:30", "2026-12-01T09:30"],
		["mardi", "2026-12-01T09:00", "fr"],
		["demain 14h30", "2026-11-27T14:30", "fr"],
		["apres-demain", "2026-11-28T09:00", "fr"],
		["1er fév", "2027-02-01T09:00", "fr"],
		["mardi 1 décembre à 9h30", "2026-12-01T09:30", "fr"],
		["martedì", "2026-12-01T09:00", "it"],
		["dopodomani 9:00", "2026-11-28T09:00", "it"],
		["3 dic alle 15h", "2026-12-03T15:00", "it"],
		["2026/12/3", "2026-12-03T09:00", "zh", { words: [] }],
	]);
});

test("what could mean two things, or does not exist, is nothing", () => {
	for (const text of ["", " ", "31/11", "30/2/2027", "12/30", "14", "3", "25:00", "14h60", "t", "ju", "3/12 24h", "13pm", "soon", "3/12/20266", "3/12/2", "2026/12/3", "monday 1 December", "+", "1/2/3/4"])
		assert.equal(read(text), "", text);
	assert.equal(read("ma", "fr"), "", "mardi, mai");
});

test("a day alone, and the past where only that can be meant", () => {
	assert.equal(read("3/12", "en", { time: false }), "2026-12-03");
	assert.equal(read("3/12", "en", { time: false, past: true }), "2025-12-03");
	assert.equal(read("12/4/80", "en", { time: false, past: true }), "1980-04-12");
	assert.equal(read("monday", "en", { past: true }), "2026-11-23T09:00");
	assert.equal(read("14h30", "en", { time: false }), "");
});

test("what is shown is read as what it was", () => {
	for (const language of ["en", "fr", "it", "de", "ru", "zh"])
		for (const value of ["2026-02-03T09:05", "2031-12-28T23:59"])
			assert.equal(read(showWhen(value, language), language, { words: [] }), value, language);
	assert.equal(showWhen("2026-12-03T09:05", "en"), "03/12/2026 09:05");
});

test("an amount of money is read as it is typed, or not at all", async () => {
	const { amount } = await lib("amount.js");
	for (const [text, minor] of [["12", 1200], ["12,5", 1250], ["12.50", 1250], [" 1 200,00 ", 120000], ["1'200.50", 120050], ["0", 0]]) assert.equal(amount(text, 2), minor, text);
	for (const text of ["", "-5", "1.200", "12,345", "1,2,3", "12 EUR", "1e3", "."]) assert.equal(amount(text, 2), null, text);
	assert.equal(amount("1200", 0), 1200);
	assert.equal(amount("12,5", 0), null);
});
