// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// One's own day: what is owed by when it is due, done with one key, moved with a reason, handed over; and how much it is
// stands on every page, as it changes.

import assert from "node:assert/strict";
import test from "node:test";
import { allHours, loanOffer, other, putCar, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "OWED";
const at = (minutes) => new Date(Math.ceil(Date.now() / 60_000) * 60_000 + minutes * 60_000).toISOString();
const DAY = 24 * 60;
const TWO_TICKS = 60_000; // a site's round comes each half minute (TICK_MS): one may just have passed

const owed = async () => (await other("GET", `/v1/tasks?site=${SITE}&status=open`)).items;

async function furnish() {
	const deadlines = ["CIT-6.2", "WB-48", "AVT-S10"].map((rule) => ({ rule, on: true }));
	await other("PUT", `/v1/sites/${SITE}`, { ...allHours(SITE, "Owing site (invented)"), deadlines });
	for (const n of [1, 2, 3]) await putCar(SITE, n, { label: "Grecale" });
}

async function book(from, until) {
	const { offer } = await loanOffer(SITE, at(from), at(until));
	return other("POST", "/v1/bookings", { offer, solution: "loaner_brand", customer: "C0001" });
}

test("what is promised stands in one's day, and goes with one key", async () => {
	await furnish();
	const { page, clean } = await visit({ role: "admin", site: SITE, path: "#/day" });
	await page.getByText("Nothing is owed.").waitFor();
	const first = await book(4 * DAY, 5 * DAY);
	await book(6 * DAY, 7 * DAY);
	assert.equal((await owed()).length, 4);
	// made by a program: nobody's own yet
	await page.getByText("Everybody’s").click();
	const tasks = page.locator("main li");
	await page.getByText("Confirm the appointment").first().waitFor();
	assert.equal(await tasks.count(), 4);
	await page.getByRole("button", { name: "Take it" }).first().click();
	await page.getByText("It is yours now.").waitFor();
	await page.getByText("Mine", { exact: true }).click();
	await page.waitForFunction(() => document.querySelectorAll("main li").length === 1);
	await judge(page, "my day");
	await page.keyboard.press("m");
	await page.getByLabel("Until").fill("");
	await page.getByLabel("Until").fill("+3 10:00");
	await page.getByLabel("Why").fill("the customer asked for it");
	await judge(page, "moving a task");
	await page.keyboard.press("Enter");
	await page.getByText("moved 1 ×").waitFor();
	await page.keyboard.press("h");
	await page.getByLabel("To whom").selectOption("advisor");
	await judge(page, "handing a task over");
	await page.getByRole("dialog").getByRole("button", { name: "Hand over" }).click();
	await page.getByText("Nothing is owed.").waitFor();
	const handed = (await owed()).find((task) => task.owner === "advisor");
	assert.deepEqual(handed.reasons, ["", "the customer asked for it", ""]);
	await clean();
	assert.ok(first.booking);
});

test("how much is owed stands on every page, and changes with what others do", async () => {
	const { page, clean } = await visit({ role: "advisor", site: SITE, path: "#/board" });
	const day = page.getByRole("navigation").getByRole("link", { name: /My day/ });
	await day.waitFor();
	const mine = (await owed()).find((task) => task.owner === "advisor");
	await other("POST", `/v1/tasks/${mine.task}/move`, { due_at: new Date(Date.now() + 1500).toISOString(), reason: "now" });
	await day.getByText("▲").waitFor({ timeout: TWO_TICKS }); // the site's tick told it: no page was loaded anew
	await page.keyboard.press("g");
	await page.keyboard.press("m");
	const late = page.getByRole("region", { name: /Overdue/ });
	await late.getByText("told 1 ×").waitFor();
	await judge(page, "an overdue task");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("x");
	await page.getByText("It is done.").waitFor();
	await page.getByText("Nothing is owed.").waitFor();
	await day.getByText("▲").waitFor({ state: "detached" });
	assert.equal((await other("GET", `/v1/tasks/${mine.task}`)).done.by, "advisor");
	await clean();
});

for (const [language, title] of [["fr", "Ma journée"], ["it", "La mia giornata"]])
	test(`one's day on a phone at night, in ${language}`, async () => {
		const { page, clean } = await visit({ role: "admin", site: SITE, path: "#/day", language, dark: true, phone: true });
		await page.getByRole("heading", { name: title }).waitFor();
		await page.locator("main fieldset label").nth(1).click();
		await page.locator("main li").first().waitFor();
		await judge(page, `my day on a phone, ${language}`);
		await clean();
	});

test("who says that he comes is believed for that time", async () => {
	const said = await book(8 * DAY, 9 * DAY);
	const { page, clean } = await visit({ role: "admin", site: SITE, path: "#/day" });
	await page.getByText("Everybody’s").click();
	const task = page.locator("main li").filter({ hasText: said.number }).filter({ hasText: "Confirm the appointment" });
	await task.focus();
	await page.keyboard.press("c");
	await task.waitFor({ state: "detached" });
	assert.equal((await other("GET", `/v1/bookings/${said.booking}`)).customer_confirmed.from, said.from);
	await page.locator("main li").filter({ hasText: said.number }).getByText(said.number).click();
	await page.getByText("Customer confirms").waitFor();
	await judge(page, "a booking whose customer says that he comes");
	await clean();
});
