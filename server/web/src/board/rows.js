// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The board's answer as rows: cars of one class together, a head above them. Rows that did not change stay the
// same objects, so that one change draws one row again.

import { DAY, minutes, openOn } from "../lib/time.js";

export function barOf(raw) {
	const bar = {
		...raw,
		id: raw.booking ?? raw.block,
		key: `${raw.booking ?? raw.block} ${raw.what ?? ""} ${raw.from} ${raw.seat ?? ""}`,
		start: minutes(raw.from),
		end: minutes(raw.until),
	};
	bar.turn = raw.turnaround_until ? minutes(raw.turnaround_until) : bar.end;
	return bar;
}

export function rowsOf(answer) {
	return answer.resources.map((lane) => ({ ...lane, bars: lane.bars.map(barOf) }));
}

const LIVE = ["held", "booked", "out"];
export const claims = (bar) => bar.kind === "block" || LIVE.includes(bar.status);
export const isOverdue = (bar, now) => bar.status === "out" && bar.end < now;

// Bars of one booking, replaced where they stand in an answer for a part of the time.
export function replaceBooking(rows, id, answer) {
	const fresh = new Map(answer.resources.map((lane) => [lane.resource, lane]));
	return rows.map((row) => {
		const lane = fresh.get(row.resource);
		const mine = lane?.bars.filter((bar) => bar.booking === id).map(barOf) ?? [];
		const had = row.bars.some((bar) => bar.booking === id);
		if (!mine.length && !had) return row;
		const bars = [...row.bars.filter((bar) => bar.booking !== id), ...mine];
		return { ...row, now: lane?.now ?? row.now, bars: bars.sort((a, b) => a.start - b.start) };
	});
}

const fold = (text) =>
	(text ?? "")
		.normalize("NFD")
		.replace(/[\u0300-\u036f\s-]/g, "")
		.toLowerCase();

function fits(row, needle) {
	if (!needle) return true;
	const own = fold(`${row.label}${row.plate ?? ""}${row.resource}${row.class}`);
	return own.includes(needle) || row.bars.some((bar) => fold(`${bar.customer_name ?? ""}${bar.number ?? ""}`).includes(needle));
}

// What is drawn: heads and rows, in the order of the screen.
export function arrange(rows, { q, cls, all }) {
	const needle = fold(q);
	const groups = new Map();
	for (const row of rows) {
		if (!all && row.kind !== "car") continue;
		if (cls && row.class !== cls) continue;
		if (!fits(row, needle)) continue;
		if (!groups.has(row.class)) groups.set(row.class, []);
		groups.get(row.class).push(row);
	}
	return [...groups].flatMap(([name, members]) => [{ head: name, members }, ...members.map((row) => ({ row }))]);
}

// Per day: how many of these cars nobody has while the site is open.
export function freeByDay(members, site, from, days) {
	const counts = [];
	for (let i = 0; i < days; i++) {
		const open = openOn(site, from + i * DAY);
		if (!open.length) {
			counts.push(null);
			continue;
		}
		const start = open[0][0];
		const end = open.at(-1)[1];
		const taken = (bar) => claims(bar) && bar.start < end && bar.end > start;
		counts.push(members.filter((row) => row.status === "active" && !row.bars.some(taken)).length);
	}
	return counts;
}
