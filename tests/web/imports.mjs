// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A file on its way in: what was understood before anything is written, faults by their lines, how far it is, and back.

import assert from "node:assert/strict";
import test from "node:test";
import { house, other, visit } from "./house.mjs";

const HEADER = "Client;Segment;Langue;Canal;Nom\n";
const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(HEADER + text) });
const rows = (prefix, n) => Array.from({ length: n }, (_, i) => `${prefix}${i};private;fr;sms;Fable ${i}\n`).join("");
const isThere = async (customer) => (await fetch(`${house.url}/v1/customers/${customer}`, { headers: { Authorization: `Bearer ${house.token}` } })).status === 200;
const choose = (page, file) => page.locator(".drop input[type=file]").setInputFiles(file);

test("a file is checked, its faults are named, the good rows go in and are taken back", async () => {
	const { page, clean } = await visit({ path: "#/admin/imports" });
	await page.getByRole("heading", { name: "Import a file" }).waitFor();
	await choose(page, csv("clients.csv", "WI1;vip;fr;sms;Zoé Fable\nWI2;roi;fr;sms;B. Fable\n"));
	await page.getByText("1 row without fault, read as UTF-8.").waitFor();
	assert.equal(await page.locator(".sheet select").inputValue(), "customers"); // by its name
	await page.getByRole("heading", { name: "1 fault" }).waitFor();
	await page.locator("td", { hasText: "line 3" }).waitFor();
	await page.locator("td", { hasText: "Zoé Fable" }).waitFor();
	assert.equal(await isThere("WI1"), false);
	const go = page.getByRole("button", { name: "Import 1 row" });
	assert.equal(await go.isDisabled(), true);
	const [saved] = await Promise.all([page.waitForEvent("download"), page.getByText("Save the rows that were not taken").click()]);
	assert.equal(saved.suggestedFilename(), "rejected.csv");
	await page.getByLabel("Take the rows without fault alone").check();
	await go.click();
	const line = page.locator("tr").filter({ hasText: "clients.csv" });
	await line.getByText("1 new").waitFor();
	assert.equal(await isThere("WI1"), true);
	await line.getByRole("button", { name: "Undo" }).click();
	await page.getByText("Take back all that nobody has changed since?").waitFor();
	await line.getByRole("button", { name: "Undo", exact: true }).click();
	await line.getByText("1 taken back").waitFor();
	assert.equal(await isThere("WI1"), false);
	await clean();
});

test("what stays of an undo is named with its reason", async () => {
	const { page, clean } = await visit({ path: "#/admin/imports" });
	await choose(page, csv("customers-stay.csv", rows("WS", 3)));
	await page.getByRole("button", { name: "Import 3 rows" }).click();
	const line = page.locator("tr").filter({ hasText: "customers-stay.csv" });
	await line.getByText("3 new").waitFor();
	await other("PUT", "/v1/vehicles/ZAMDEMC1T0D200999", { model: "Levante (invented)", owner: "WS1" });
	await line.getByRole("button", { name: "Undo" }).click();
	await line.getByRole("button", { name: "Undo", exact: true }).click();
	await page.locator("td", { hasText: "customer/WS1" }).waitFor();
	await page.getByText("bookings, visits or cars speak of it").waitFor();
	await line.getByText("2 taken back, 1 stays").waitFor();
	await clean();
});

test("a long import shows how far it is, goes on without the page, and is found again", async () => {
	const { page, clean } = await visit({ path: "#/admin/imports" });
	await choose(page, csv("customers-long.csv", rows("WL", 9000))); // in parts: larger than a body
	await page.getByRole("button", { name: "Import 9000 rows" }).click();
	await page.locator("progress").waitFor();
	await page.waitForFunction(() => document.querySelector("progress")?.value > 0);
	await page.reload();
	const line = page.locator("tr").filter({ hasText: "customers-long.csv" });
	await line.getByText("9000 new").waitFor({ timeout: 120_000 });
	assert.equal(await isThere("WL8999"), true);
	await clean();
});

test("a long import is stopped: what was written stays, and is taken back", async () => {
	const { page, clean } = await visit({ path: "#/admin/imports" });
	await choose(page, csv("customers-stop.csv", rows("WQ", 30_000)));
	await page.getByRole("button", { name: "Import 30000 rows" }).click({ timeout: 120_000 });
	await page.locator("p.figures", { hasText: /\d new/ }).waitFor({ timeout: 120_000 }); // some are written
	await page.getByRole("button", { name: "Stop", exact: true }).click();
	const line = page.locator("tr").filter({ hasText: "customers-stop.csv" });
	await line.getByText("stopped").waitFor({ timeout: 60_000 });
	await page.getByText("Import the same file again").waitFor();
	assert.equal(await isThere("WQ29999"), false);
	await line.getByRole("button", { name: "Undo" }).click();
	await line.getByRole("button", { name: "Undo", exact: true }).click();
	await line.getByText("↶ undone").waitFor({ timeout: 120_000 });
	assert.equal(await isThere("WQ0"), false);
	await clean();
});

test("whoever audits looks and changes nothing; a manager sees none of it", async () => {
	const auditor = await visit({ path: "#/admin/imports", role: "auditor" });
	await auditor.page.getByRole("heading", { name: "Imports so far" }).waitFor();
	assert.equal(await auditor.page.locator("input[type=file]").count(), 0);
	assert.equal(await auditor.page.getByRole("button", { name: /^Undo/ }).count(), 0);
	await auditor.clean();
});
