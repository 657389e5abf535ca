// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Keys go over the desk and come back, at a site of our own that never closes.

import assert from "node:assert/strict";
import test from "node:test";
import { allHours, loanOffer, other, putCar, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "KEYS";
const CARS = 5;
const at = (hours) => new Date(Math.ceil(Date.now() / 900_000) * 900_000 + hours * 3_600_000).toISOString();

let furnished;
const furnish = () => (furnished ??= make());
async function make() {
	const site = allHours(SITE, "Hand-over site (invented)");
	await other("PUT", `/v1/sites/${SITE}`, { ...site, tariff: { ...site.tariff, taxi: { unit: "trip", trips: 2, price: 2600 } } });
	for (let i = 1; i <= CARS; i++) await putCar(SITE, i, { odometer_km: 8000 + i });
}

async function promise(from, until, more = {}) {
	await furnish();
	const { offer } = await loanOffer(SITE, at(from), at(until));
	return other("POST", "/v1/bookings", { offer, solution: "loaner_brand", ...more });
}

// What is here has been somebody's a moment ago, and a car is his until the minute is over: these two have not.
const OURS = [`${SITE}-4`, `${SITE}-5`];
const open = (booking, more = {}) => visit({ site: SITE, path: `#/desk?booking=${booking.booking}`, ...more });
const now = (booking) => other("GET", `/v1/bookings/${booking.booking}`);

// On with Tab until the focus is on what has that label.
async function tabTo(page, label) {
	for (let i = 0; i < 60; i++) {
		const here = await page.evaluate(() => {
			const one = document.activeElement;
			return one.labels?.[0]?.innerText ?? one.getAttribute("aria-label") ?? one.innerText ?? "";
		});
		if (here.trim().startsWith(label)) return;
		await page.keyboard.press("Tab");
	}
	assert.fail(`no way to ${label} with Tab`);
}

test("the whole hand-over with the keyboard: gauges, damage, another driver, papers, the door", async () => {
	const booking = await promise(1, 5);
	const { page, clean } = await open(booking);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Hand over" }).waitFor();
	await tabTo(page, "Hand over");
	await page.keyboard.press("Enter");
	await dialog.getByLabel("Car handed over").waitFor();
	await dialog.getByText("Boot: scratch").waitFor();
	await tabTo(page, "Odometer (km)");
	await page.keyboard.press("Control+a");
	await page.keyboard.type("8123");
	await tabTo(page, "Keys");
	await page.keyboard.press("Control+a");
	await page.keyboard.type("2");
	await tabTo(page, "Where");
	await page.keyboard.type("Left mirror");
	await tabTo(page, "What");
	await page.keyboard.type("crack");
	await tabTo(page, "Remark on it");
	await page.keyboard.type("6 cm");
	await page.keyboard.press("Enter");
	await dialog.getByText("Left mirror: crack (6 cm)").waitFor();
	await tabTo(page, "Hand-over");
	await page.keyboard.type("at the door");
	await tabTo(page, "address confirmed");
	await page.keyboard.press("Space");
	await tabTo(page, "Handed to");
	await page.keyboard.press("Control+a");
	await page.keyboard.type("C. Fable");
	await tabTo(page, "Licence of");
	await page.keyboard.press("Space");
	await tabTo(page, "+ Another driver");
	await page.keyboard.press("Enter");
	await tabTo(page, "Driver’s name");
	await page.keyboard.type("B. Fable");
	await tabTo(page, "Born on");
	await page.keyboard.type("12/4/80");
	await dialog.getByText("12 April 1980").or(dialog.getByText("April 12 1980")).waitFor();
	await tabTo(page, "Add the driver");
	await page.keyboard.press("Enter");
	await dialog.getByText("1 licence is not seen yet.").waitFor();
	await judge(page, "hand-over with another driver");
	await dialog.getByLabel("Licence of B. Fable seen").focus();
	await page.keyboard.press("Space");
	await tabTo(page, "Agreement signed");
	await page.keyboard.press("Space");
	await tabTo(page, "Hand over");
	await page.keyboard.press("Enter");
	await page.getByText("The keys are handed over.").waitFor();
	const kept = await now(booking);
	assert.equal(kept.status, "out");
	assert.equal(kept.out.odometer_km, 8123);
	assert.equal(kept.out.keys, 2);
	assert.deepEqual(kept.out.damages, [
		{ kind: "scratch", zone: "boot" },
		{ kind: "crack", note: "6 cm", zone: "left_mirror" },
	]);
	assert.equal(kept.out.where, "doorstep");
	assert.equal(kept.out.address_confirmed, true);
	assert.equal(kept.out.handed_to, "C. Fable");
	assert.deepEqual(kept.drivers, [{ birth_on: "1980-04-12", name: "B. Fable" }]);
	assert.ok(kept.out.licence_checked_at && kept.out.agreement_signed_at);
	await other("POST", `/v1/bookings/${booking.booking}/check-in`, {});
	await clean();
});

test("another car than planned: whom it touches is shown, then it is the one that went", async () => {
	const booking = await promise(24, 30);
	const neighbour = await promise(24, 30, { class: "grecale" });
	const { page, clean } = await open(booking);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Hand over" }).click();
	await dialog.getByLabel("Car handed over").selectOption(neighbour.resource);
	await dialog.locator(".ripple").getByText("1 promise changes cars").waitFor();
	await dialog.getByRole("combobox", { name: "Hand-over" }).selectOption("key_box");
	await dialog.getByLabel("Key box number").fill("4");
	await dialog.getByLabel("Code given").selectOption("sms");
	await judge(page, "hand-over by key box");
	await dialog.getByRole("button", { name: "Hand over" }).last().click();
	await page.getByText("The keys are handed over.").waitFor();
	const kept = await now(booking);
	assert.equal(kept.resource, neighbour.resource);
	assert.equal(kept.out.key_box, "4");
	assert.equal(kept.out.code_given_by, "sms");
	assert.notEqual((await now(neighbour)).resource, neighbour.resource);
	await other("POST", `/v1/bookings/${booking.booking}/check-in`, {});
	await clean();
});

test("at the return the damage that is new, the kilometres and the fuel are shown", async () => {
	const booking = await promise(48, 50);
	const out = await other("POST", `/v1/bookings/${booking.booking}/check-out`, { resource: OURS[0], odometer_km: 9000, fuel_percent: 80, keys: 2, damages: [{ zone: "boot", kind: "scratch" }] });
	const { page, clean } = await open(out);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Take back" }).click();
	await dialog.getByLabel("Odometer (km)").fill("9090");
	await dialog.getByLabel("Fuel (%)").fill("55");
	await dialog.getByLabel("Keys").fill("1");
	await dialog.locator('svg [data-zone="right_front_door"]').first().click();
	assert.equal(await dialog.getByLabel("Where").inputValue(), "right_front_door");
	await dialog.getByRole("combobox", { name: "What", exact: true }).selectOption("dent");
	await dialog.getByRole("button", { name: "Mark it" }).click();
	const seen = dialog.getByRole("list", { name: "Since it left" });
	await seen.getByText("90 km driven").waitFor();
	await seen.getByText("Fuel: −25 points").waitFor();
	await seen.getByText("1 key is missing").waitFor();
	await seen.getByText("new since it left: Right front door: dent").waitFor();
	await dialog.getByText("Perhaps to be charged: fuel, damage").waitFor();
	await dialog.getByRole("combobox", { name: "For", exact: true }).selectOption("fuel");
	await dialog.getByLabel("Amount (EUR)").fill("32,5");
	await page.keyboard.press("Enter");
	await dialog.getByRole("combobox", { name: "For", exact: true }).selectOption("damage");
	await dialog.getByLabel("Amount (EUR)").fill("480");
	await dialog.getByLabel("Who pays").selectOption("insurer");
	await dialog.getByLabel("Evidence").fill("photo 3");
	await dialog.getByRole("button", { name: "+ Add" }).click();
	await dialog.getByText("To be paid by the customer: €32.50").waitFor();
	await judge(page, "return");
	await dialog.getByRole("button", { name: "Take back" }).last().click();
	await page.getByText("The car is back.").waitFor();
	await dialog.getByText("new since it left: Right front door: dent").waitFor();
	const kept = await now(booking);
	assert.equal(kept.status, "returned");
	assert.equal(kept.in.damages.length, 2);
	assert.deepEqual(kept.charges, [
		{ amount_minor: 3250, kind: "fuel" },
		{ amount_minor: 48000, evidence: "photo 3", kind: "damage", payer: "insurer" },
	]);
	await dialog.getByText("€480 · Insurer · photo 3").waitFor();
	await clean();
});

test("whoever stands at the desk with the car now: offered, booked and handed over in one go", async () => {
	await furnish();
	const { page, clean } = await visit({ site: SITE, path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Recall" }).click();
	await page.getByRole("button", { name: "Here now" }).click();
	await page.getByRole("button", { name: "Still right" }).click();
	await page.getByText("Contact data confirmed").waitFor();
	await page.getByLabel("Workshop hours").fill("2");
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("y");
	await page.keyboard.press("1");
	await page.getByRole("button", { name: "Book and hand over" }).waitFor();
	await page.keyboard.press("k");
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Car handed over").waitFor();
	await judge(page, "walk-in");
	await dialog.getByLabel("Agreement signed").check();
	await dialog.getByRole("button", { name: "Hand over" }).last().click();
	await page.getByText("The keys are handed over.").waitFor();
	await dialog.getByText("Contact data confirmed").waitFor();
	const id = new URLSearchParams(page.url().split("?")[1]).get("booking");
	assert.equal((await now({ booking: id })).status, "out");
	await other("POST", `/v1/bookings/${id}/check-in`, {});
	await clean();
});

test("what was good last time is one key away", async () => {
	const booking = await promise(24 * 30, 24 * 30 + 4, { class: "grecale" });
	await other("POST", `/v1/bookings/${booking.booking}/note`, { text: "child seat" });
	await other("POST", `/v1/bookings/${booking.booking}/check-out`, { resource: OURS[1] });
	await other("POST", `/v1/bookings/${booking.booking}/check-in`, {});
	const { page, clean } = await visit({ site: SITE, path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Recall" }).click();
	await page.getByLabel("Drop-off").fill("+40 10h");
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("y");
	await page.getByText("Last time: Maserati loaner · Grecale · child seat").waitFor();
	await page.keyboard.press("l");
	await page.getByLabel("Remark").waitFor();
	assert.equal(await page.getByLabel("Remark").inputValue(), "child seat");
	await clean();
});

test("where nothing is free, the waiting list takes the wish, and says at which place", async () => {
	await Promise.all(Array.from({ length: CARS }, () => promise(24 * 20, 24 * 20 + 8, { class: "grecale" })));
	const { page, clean } = await visit({ site: SITE, path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Recall" }).click();
	await page.getByLabel("Drop-off").fill(new Date(Date.parse(at(24 * 20)) + 7_200_000).toISOString().slice(0, 16));
	await page.getByLabel("Workshop hours").fill("2");
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("y");
	const loaner = page.locator("ol > li").first();
	await loaner.getByText("Full").waitFor();
	for (const place of [1, 2]) {
		await loaner.getByRole("button", { name: "Waiting list" }).click();
		await loaner.getByText(`On the waiting list, place ${place}`).waitFor();
		await judge(page, "waiting list");
		if (place === 1) {
			const { items } = await other("GET", `/v1/waiting?site=${SITE}&status=waiting`);
			assert.equal(items.length, 1);
			await page.reload();
			await page.getByRole("button", { name: "Recall" }).click();
			await page.getByLabel("Drop-off").fill(new Date(Date.parse(at(24 * 20)) + 7_200_000).toISOString().slice(0, 16));
			await page.keyboard.press("Enter");
			await page.waitForFunction(() => document.activeElement.id === "question");
			await page.keyboard.press("y");
		}
	}
	await loaner.getByRole("button", { name: "Take off the list" }).click();
	await loaner.getByRole("button", { name: "Waiting list" }).waitFor();
	assert.equal((await other("GET", `/v1/waiting?site=${SITE}&status=waiting`)).items.length, 1);
	await clean();
});

test("full on the first day: a taxi then, a car from the next morning, promised together with one key", async () => {
	await Promise.all(Array.from({ length: CARS }, () => promise(24 * 30, 24 * 30 + 8, { class: "grecale" })));
	const { page, clean } = await visit({ site: SITE, path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Recall" }).click();
	await page.getByLabel("Drop-off").fill(new Date(Date.parse(at(24 * 30)) + 7_200_000).toISOString().slice(0, 16));
	await page.getByLabel("Workshop hours").fill("60");
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("y");
	await page.getByRole("button", { name: "Promise both" }).waitFor();
	await judge(page, "bridge");
	await page.keyboard.press("b");
	await page.getByText("Booked:").or(page.locator(".done h2")).first().waitFor();
	const { items } = await other("GET", `/v1/bookings?site=${SITE}&status=booked&from=${at(24 * 30)}&until=${at(24 * 34)}&limit=50`);
	const [taxi] = items.filter((b) => b.solution === "taxi");
	const car = items.find((b) => b.visit === taxi.visit && b.solution === "loaner_brand");
	assert.ok(Date.parse(car.from) > Date.parse(taxi.from) && Date.parse(car.from) < Date.parse(car.until));
	assert.equal((await other("GET", `/v1/visits/${taxi.visit}`)).answer, "agreed");
	await clean();
});
