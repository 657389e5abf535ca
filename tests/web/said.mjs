// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What is said with customers: the line to open a call with, the call written down with what it promises, a complaint with
// one click, and how content somebody is.

import assert from "node:assert/strict";
import test from "node:test";
import { allHours, loanOffer, other, putCar, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "SAID";
const VIN = "ZAMDEMC1T0D200010";
const at = (minutes) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + minutes * 60_000).toISOString();

async function lentAndBack() {
	await other("PUT", `/v1/sites/${SITE}`, allHours(SITE, "Talking site (invented)"));
	await putCar(SITE, 1, { label: "Grecale" });
	const { offer } = await loanOffer(SITE, at(0), at(300));
	const booking = await other("POST", "/v1/bookings", { offer, solution: "loaner_brand", customer: "C0001", check_out: { odometer_km: 900, fuel_percent: 60 } });
	return other("POST", `/v1/bookings/${booking.booking}/check-in`, { odometer_km: 950, fuel_percent: 60 });
}

test("a call is opened with its line, written down, and owes a call back", async () => {
	await lentAndBack();
	const { page, clean } = await visit({ role: "admin", site: SITE, path: `#/desk?vin=${VIN}` });
	const call = page.locator(".sheet", { hasText: "This call" });
	await page.getByText("“Talking site (invented), admin speaking, good day").waitFor();
	await call.getByRole("button", { name: "Write down" }).click();
	await call.getByLabel("What about").fill("asks what the tyres cost");
	await call.getByLabel("Left open").fill("the price\nand how long");
	await call.getByLabel("Promised").selectOption("callback");
	await call.getByLabel("Handed over to").selectOption("advisor");
	await judge(page, "a call that is written down");
	await call.getByRole("button", { name: "Write down" }).click();
	await page.getByText("The call is written down.").waitFor();
	await call.getByText("asks what the tyres cost").waitFor();
	await call.getByText("2 open").waitFor();
	await judge(page, "a call that was written down");
	await call.getByRole("button", { name: "Answered" }).click();
	await call.getByText("2 open").waitFor({ state: "detached" });
	const [task] = (await other("GET", `/v1/tasks?site=${SITE}&status=open`)).items;
	assert.deepEqual([task.kind, task.rule, task.owner], ["callback", "LEX-6", "advisor"]);
	await clean();
});

test("a complaint is one click from the booking, and is solved by a person's word", async () => {
	const [booking] = (await other("GET", `/v1/bookings?site=${SITE}&status=returned`)).items;
	const { page, clean } = await visit({ role: "advisor", site: SITE, path: `#/desk?booking=${booking.booking}` });
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Ask how it was" }).click();
	await dialog.getByLabel("How content").fill("4");
	await dialog.getByLabel("Would recommend").fill("6");
	await judge(page, "asking how it was");
	await dialog.getByRole("button", { name: "Keep" }).click();
	await page.getByText("What the customer said is kept.").waitFor();
	await dialog.getByRole("button", { name: "Complaint" }).click();
	await dialog.getByLabel("What it is about").selectOption("late");
	await dialog.getByLabel("How it reached us").selectOption("importer");
	await dialog.getByLabel("In the customer’s words").fill("an hour at the desk");
	await judge(page, "taking a complaint");
	await dialog.getByRole("button", { name: "Take the complaint" }).click();
	await page.getByText("an answer is owed within the day").waitFor();
	await page.goto(`${page.url().split("#")[0]}#/today`);
	const list = page.getByRole("region", { name: "Complaints" });
	await list.getByText("an hour at the desk").waitFor();
	await list.getByText("importer").waitFor();
	await judge(page, "complaints");
	await list.getByRole("button", { name: "Answer" }).click();
	await page.getByLabel("What the customer was told").fill("a free day");
	await page.getByLabel("The customer agrees").check();
	await judge(page, "answering a complaint");
	await page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
	await list.getByText("a free day").waitFor();
	await list.getByRole("button", { name: "Solved" }).click();
	await page.getByLabel("What the customer was told").fill("he had it");
	await page.getByRole("dialog").getByRole("button", { name: "Keep" }).click();
	await list.getByText("No complaint is open.").waitFor();
	await clean();
});

test("what customers said stands among the figures, in any language", async () => {
	const { page, clean } = await visit({ role: "admin", site: SITE, path: "#/figures", language: "fr", dark: true, phone: true });
	const said = page.getByRole("region", { name: "Ce que disent les clients" }).first();
	await said.getByText("4: 1").waitFor();
	await said.getByText(/1 réclamations, 1 répondues en 24 h/).waitFor();
	await judge(page, "what customers say");
	await clean();
});
