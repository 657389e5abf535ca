// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// From the desk, where something is still missing, to what the payer said: a loan at the maker's expense, at a site of our own.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import { allHours, day, other, putCar, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "CLAIMS";
const at = (hours) => new Date(Math.ceil(Date.now() / 900_000) * 900_000 + hours * 3_600_000).toISOString();
const PATH = `#/warranty?from=${day(-3)}&until=${day(4)}`;

async function promise(vin, i) {
	const site = allHours(SITE, "Claims site (invented)");
	if (i === 1) await other("PUT", `/v1/sites/${SITE}`, site);
	await putCar(SITE, i);
	const { offer } = await other("POST", "/v1/offers", {
		site: SITE,
		vin,
		campaign_open: true,
		jobs: [{ type: "recall", immobilisation_minutes: 120 }],
		drop_off_at: at(1),
		ready_at: at(30),
		loan_from: at(1),
		loan_to: at(30),
	});
	return other("POST", "/v1/bookings", { offer, solution: "loaner_brand", resource: `${SITE}-${i}` });
}

async function out(booking) {
	const seen = new Date(Date.now() - 60_000).toISOString();
	await other("POST", `/v1/bookings/${booking.booking}/check-out`, { odometer_km: 8000, agreement_signed_at: seen, licence_checked_at: seen });
}
const back = (booking) => other("POST", `/v1/bookings/${booking.booking}/check-in`, { odometer_km: 8100 });
const row = (page, booking) => page.locator(".warranty-page tbody tr", { hasText: booking.number });

test("what is missing is told at the desk before the keys leave, and to the warranty desk", async () => {
	const booking = await promise("ZAMDEMC1T0D200010", 1);
	const desk = await visit({ role: "advisor", site: SITE, path: `#/desk?booking=${booking.booking}` });
	const light = desk.page.getByRole("dialog").getByLabel("Claim-ready");
	await light.getByText("Incomplete").waitFor();
	assert.match(await light.locator("li").first().innerText(), /Agreement not signed\s+desk · before the keys leave/);
	await light.locator("summary", { hasText: "more for workshop and warranty" }).click();
	await light.getByText("No repair order", { exact: true }).waitFor();
	await judge(desk.page, "light at the desk");
	await desk.clean();

	const { page, clean } = await visit({ role: "warranty", site: SITE, path: PATH });
	await row(page, booking).getByText("Incomplete").waitFor();
	await row(page, booking).getByRole("button").click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("Not claimed yet").waitFor();
	assert.equal(await dialog.getByRole("button", { name: "Draft a claim" }).count(), 0, "nothing was lent yet");
	await dialog.getByLabel("Number", { exact: true }).fill("RO-4711");
	await dialog.getByLabel("Opened").fill(`${day(-2)}T08:00`);
	await dialog.getByLabel("Recall").check();
	await dialog.getByRole("button", { name: "Keep" }).click();
	await dialog.getByText("No repair order", { exact: true }).waitFor({ state: "detached" });
	assert.equal((await other("GET", `/v1/visits/${booking.visit}/repair-order`)).lines[0].type, "recall");
	await clean();
});

test("a claim from its draft to the charge-back, and a claim anew", async () => {
	const booking = await promise("ZAMDEMC1T0D200011", 2);
	await out(booking);
	await back(booking);
	const { page, clean } = await visit({ role: "warranty", site: SITE, path: `${PATH}&show=all` });
	await row(page, booking).getByRole("button").click();
	const dialog = page.getByRole("dialog");
	const press = (name) => dialog.getByRole("button", { name, exact: true }).first().click();
	await press("Draft a claim");
	await dialog.getByText("Draft", { exact: true }).waitFor();
	await press("Complete it");
	await page.getByText(/Something is missing \(.*No repair order/).waitFor();
	await dialog.getByLabel("Number", { exact: true }).fill("RO-4712");
	await dialog.getByLabel("Opened").fill(`${day(-2)}T08:00`);
	await dialog.getByLabel("Closed").fill(`${day(1)}T08:00`);
	await dialog.getByLabel("Claim number").fill("C-9");
	await dialog.getByLabel("Odometer in").fill("41250");
	await dialog.getByLabel("Odometer out").fill("41260");
	await dialog.getByLabel("Supplier’s invoice").fill("F-1");
	await dialog.getByLabel("Net of tax").fill("12.345");
	await dialog.getByLabel("Recall").check();
	await press("Keep");
	await dialog.getByText("This amount is not clear").waitFor();
	await dialog.getByLabel("Net of tax").fill("12.50");
	await press("Keep");
	await dialog.getByText("✓ Ready").waitFor();
	const order = await other("GET", `/v1/visits/${booking.visit}/repair-order`);
	assert.deepEqual(order.invoice, { net_minor: 1250, reference: "F-1" });
	await judge(page, "a case that is ready");
	await press("Complete it");
	await dialog.getByText("Complete", { exact: true }).waitFor();
	await press("Mark as sent");
	await dialog.getByLabel("The payer’s reference").fill("MOD-1");
	await dialog.locator("form").first().getByRole("button", { name: "Mark as sent" }).click();
	await dialog.getByText("MOD-1").waitFor();
	await press("Charged back");
	await dialog.getByLabel("Reason").fill("no photo of the part");
	await judge(page, "a claim that is charged back");
	await dialog.locator("form").first().getByRole("button", { name: "Charged back" }).click();
	await dialog.getByText(/Charged back · warranty · no photo of the part/).waitFor();
	await dialog.getByRole("button", { name: "Draft a claim" }).waitFor();
	const ledger = dialog.getByRole("region", { name: `Days of ${booking.number}` });
	assert.match(await ledger.innerText(), /Manufacturer[\s\S]*SAFE-ACTION/);
	await page.keyboard.press("Escape");
	await row(page, booking).getByText("Charged back").waitFor();
	await clean();
});

test("the warranty desk begins at its cases", async () => {
	const { page, clean } = await visit({ role: "warranty", path: "", site: "LYO" });
	await page.locator(".warranty-page h1").waitFor();
	await page.keyboard.press("g");
	await page.keyboard.press("b");
	await page.waitForURL(/#\/board/);
	await page.keyboard.press("g");
	await page.keyboard.press("w");
	await page.waitForURL(/#\/warranty/);
	await clean();
});

test("an audit pack is fetched from the page, and whoever checks it reads the key's fingerprint there", async () => {
	const { page, clean } = await visit({ role: "warranty", site: "LYO", path: `#/warranty?show=all&from=${day(-28)}&until=${day(-27)}` });
	const pack = page.locator("details.pack");
	await pack.locator("summary").click();
	const print = pack.locator("code.print");
	await print.filter({ hasText: /^([0-9a-f]{4} ){15}[0-9a-f]{4}$/ }).waitFor();
	await judge(page, "an audit pack");
	const coming = page.waitForEvent("download", { timeout: 180_000 }); // it is made before it begins
	await pack.getByRole("link", { name: "Download the pack" }).click();
	const download = await coming;
	assert.equal(download.suggestedFilename(), `LYO-${day(-28)}-${day(-27)}.tar`);
	const checked = spawnSync(process.env.RELAIS_BIN, ["audit", "verify", await download.path()], { encoding: "utf8" });
	assert.equal(checked.status, 0, checked.stdout + checked.stderr);
	assert.ok(checked.stdout.includes(`good: `) && checked.stdout.includes(`(${await print.innerText()})`), checked.stdout);
	await pack.getByLabel("Only for this car (VIN)").fill("zamdemc1t0d200281");
	assert.match(await pack.getByRole("link").getAttribute("href"), /site=LYO&vin=ZAMDEMC1T0D200281$/);
	await clean();
});

test("whoever may only look is offered no step", async () => {
	const booking = await promise("ZAMDEMC1T0D200012", 3);
	await out(booking);
	const { page, clean } = await visit({ role: "auditor", site: SITE, path: PATH });
	await row(page, booking).getByRole("button").click();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("The loaner is still out").waitFor();
	await dialog.getByLabel("Number", { exact: true }).waitFor();
	assert.equal(await dialog.getByRole("button", { name: /Draft|Keep|Complete/ }).count(), 0);
	assert.ok(await dialog.getByLabel("Number", { exact: true }).isDisabled());
	await clean();
});
