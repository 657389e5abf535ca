// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Whoever makes cars ready: what leaves first stands first, and one tap lets a car go before its time.

import assert from "node:assert/strict";
import test from "node:test";
import { allHours, loanOffer, other, putCar, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "WASH";
const TURNAROUND = 60; // minutes
const at = (minutes) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + minutes * 60_000).toISOString();

async function furnish() {
	await other("PUT", `/v1/sites/${SITE}`, allHours(SITE, "Wash site (invented)"));
	await putCar(SITE, 1, { label: "Grecale", turnaround_minutes: TURNAROUND, now: { where: "yard", key: "K1", ready: true, fuel_percent: 90 } });
}

async function walkIn() {
	const { offer } = await loanOffer(SITE, at(0), at(300));
	return { offer, solution: "loaner_brand", check_out: { odometer_km: 900, fuel_percent: 60 } };
}

test("a car that came back is made ready with one tap, and goes again before its turnaround is over", async () => {
	await furnish();
	const first = await other("POST", "/v1/bookings", await walkIn());
	assert.equal(first.status, "out");
	const { page, clean } = await visit({ role: "preparer", site: SITE, path: "" });
	const list = page.getByRole("region", { name: "Cars to make ready" });
	await list.getByText("Every car is ready.").waitFor(); // it is out: nobody can wash it
	await other("POST", `/v1/bookings/${first.booking}/check-in`, { odometer_km: 950, fuel_percent: 40 });
	await list.getByText("WX-101-WX").waitFor();
	await list.getByText("40 % fuel").waitFor();
	await list.getByText("no hurry").waitFor();
	await judge(page, "cars to make ready");
	await list.getByLabel("Hook of WX-101-WX").fill("K7");
	await page.keyboard.press("Enter");
	await list.getByText("Every car is ready.").waitFor();
	const car = await other("GET", `/v1/resources/${SITE}-1`);
	assert.deepEqual([car.now.ready, car.now.key, car.odometer_km], [true, "K7", 950]);
	const next = await other("POST", "/v1/bookings", await walkIn());
	assert.equal(next.status, "out");
	await clean();
});
