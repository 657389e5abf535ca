// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// How long the board takes: cars x 30 days, from the click to what is painted, and from another desk's change to
// the bar. The fleet is made through the API, as anybody would. The median of five, in fresh profiles.

import { allHours, close, house, open, other, visit } from "./house.mjs";

const CLASSES = 6;
const TIMES = 5;
const PER_CAR = 15;

const at = (day, hour) => `${new Date(Date.now() + day * 86_400_000).toISOString().slice(0, 10)}T${String(hour).padStart(2, "0")}:00`;

async function furnish(id, cars) {
	await other("PUT", `/v1/sites/${id}`, allHours(id, "Large site (invented)"));
	for (let i = 0; i < cars; i++)
		await other("PUT", `/v1/resources/${id}-${i}`, {
			site: id,
			kind: "car",
			solutions: ["loaner_brand"],
			class: `class_${i % CLASSES}`,
			label: `Car ${i}`,
			plate: `XX-${i}-XX`,
			seats: 1,
			turnaround_minutes: 60,
			status: "active",
		});
	for (let k = 0; k < PER_CAR; k++) {
		const day = 1 + 2 * k;
		const { offer } = await other("POST", "/v1/offers", {
			site: id,
			customer: "C0001",
			jobs: [{ type: "warranty_repair", immobilisation_minutes: 600 }],
			drop_off_at: at(day, 8),
			loan_from: at(day, 8),
			loan_to: at(day + 1, 12),
		});
		const book = (i) =>
			other("POST", "/v1/bookings", { offer, solution: "loaner_brand", class: `class_${i % CLASSES}`, resource: `${id}-${i}`, accept_customer_minor: 100_000_00 });
		for (let i = 0; i < cars; i += 20) await Promise.all(Array.from({ length: Math.min(20, cars - i) }, (_, j) => book(i + j)));
	}
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

// Since navigation began, until a frame with bars was painted.
async function paint(page) {
	await page.reload();
	return page.evaluate(
		() =>
			new Promise((done) => {
				const look = () => (document.querySelector(".grid .bar") ? requestAnimationFrame(() => setTimeout(() => done(performance.now()))) : requestAnimationFrame(look));
				look();
			}),
	);
}

async function change(page, id) {
	const { items } = await other("GET", `/v1/bookings?site=${id}&resource=${id}-0&status=booked&limit=1`);
	const booking = items[0];
	const from = booking.from.slice(0, 13) === at(1, 9) ? at(1, 8) : at(1, 9);
	await page.evaluate(
		(key) => {
			window.seen = new Promise((done) => {
				const look = () => (document.querySelector(`[id^="${key}"]`) ? setTimeout(() => done(Date.now())) : requestAnimationFrame(look));
				look();
			});
		},
		`bar-${booking.booking} car ${from}`,
	);
	await other("POST", `/v1/bookings/${booking.booking}/reschedule`, { from, until: booking.until });
	const told = Date.now();
	return (await page.evaluate(() => window.seen)) - told;
}

await open();
const sizes = process.argv.slice(2).map(Number);
for (const cars of sizes.length ? sizes : [60, 300]) {
	const id = `BIG${cars}`;
	await furnish(id, cars);
	const paints = [];
	const changes = [];
	let bars = 0;
	for (let i = 0; i < TIMES; i++) {
		const { page, clean } = await visit({ path: "#/board", site: id });
		await page.locator(".grid .bar").first().waitFor();
		paints.push(await paint(page));
		await page.getByText("live").waitFor();
		changes.push(await change(page, id));
		bars = await page.locator(".grid .bar").count();
		await clean();
	}
	console.log(`${cars} cars, ${cars * PER_CAR} bookings: painted ${Math.round(median(paints))} ms, a change ${median(changes)} ms, ${bars} bars in the page`);
}
await close();
