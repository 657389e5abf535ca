// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The figures: the page shows what the server counts, a table can be taken away, and who may not is not asked.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { day, other, visit } from "./house.mjs";

const FROM = day(-40);
const UNTIL = day(-9);
const PATH = `#/figures?from=${FROM}&until=${UNTIL}`;
const asked = (from, until) => other("GET", `/v1/figures?site=LYO&from=${from}&until=${until}`);
const percent = (mille) => new Intl.NumberFormat("en-GB", { style: "percent", maximumFractionDigits: 1 }).format(mille / 1000);
const count = (n) => new Intl.NumberFormat("en-GB").format(n);
const cells = (page, caption) => page.locator(`[role=region][aria-label="${caption}"] tr`).evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)));
const tile = async (page, name) => (await page.locator("dl .sheet", { hasText: name }).locator(".value").innerText()).trim();

test("the numbers on the page are those of the server", async () => {
	const figures = await asked(FROM, UNTIL);
	assert.ok(figures.total.loans > 10, "the demonstration has loans to show");
	const { page, clean } = await visit({ path: PATH });
	await page.locator("dl .value").first().waitFor();
	assert.equal(await tile(page, "Utilisation"), percent(figures.total.used_per_mille));
	assert.equal(await tile(page, "Overdue now"), count(figures.summary.overdue_now));
	assert.equal(await tile(page, "Broken promises"), count(figures.summary.broken_per_mille));
	const days = await cells(page, "Utilisation in numbers");
	assert.equal(days.length, 1 + 31);
	const hours = days.slice(1).reduce((sum, row) => sum + Number(row[2].replace(/\D/g, "")), 0);
	assert.ok(Math.abs(hours - figures.total.used_minutes / 60) < 31, "hours of the days are those of the whole, but for rounding");
	const classes = await cells(page, "By class");
	for (const [i, one] of figures.classes.entries())
		assert.deepEqual([classes[1 + i][1], classes[1 + i][3], classes[1 + i][5]], [percent(one.used_per_mille), count(one.loans), count(one.returns)]);
	assert.equal(classes.at(-1)[3], count(figures.total.loans));
	const payers = await cells(page, "Who pays");
	assert.deepEqual(payers.slice(1).map((row) => row[1]), figures.payers.map((one) => count(one.bookings)));
	// The drawing says the same as its table: a column of so many thousandths of its height.
	const columns = await page.locator("svg .bar").evaluateAll((bars) => bars.slice(0, 31).map((bar) => +bar.getAttribute("height")));
	const scale = await page.locator("svg .grid").evaluateAll((lines) => lines[0].getAttribute("y1") - lines.at(-1).getAttribute("y1"));
	for (const [i, row] of days.slice(1).entries()) assert.ok(Math.abs((columns[i] / scale) * 100 - parseFloat(row[1])) < 0.2, `${row}`);
	await clean();
});

test("a class alone, and the period before beside it", async () => {
	const { page, clean } = await visit({ path: `${PATH}&class=grecale` });
	await page.locator("dl .value").first().waitFor();
	const figures = await asked(FROM, UNTIL);
	const grecale = figures.classes.find((one) => one.class === "grecale");
	assert.equal(await tile(page, "Utilisation"), percent(grecale.used_per_mille));
	await page.locator("input[type=checkbox]").check();
	await page.locator("dl dd", { hasText: "before:" }).first().waitFor();
	assert.match(page.url(), /compare=1/);
	const past = await asked(day(-71), FROM);
	const before = past.classes.find((one) => one.class === "grecale");
	assert.match(await page.locator("dl .sheet").first().innerText(), new RegExp(`before: ${percent(before.used_per_mille).replace(".", "\\.")}`));
	await clean();
});

test("every table can be taken away", async () => {
	const { page, clean } = await visit({ path: PATH });
	const links = page.locator("a[download]");
	await links.nth(4).waitFor();
	const heads = { utilisation: "day,class,", classes: "class,", payers: "payer,", demand: "class,solution,", summary: "figure,value" };
	for (let i = 0; i < 5; i++) {
		const [file] = await Promise.all([page.waitForEvent("download"), links.nth(i).click()]);
		const [, table] = /^relais-LYO-(\w+)-\d{4}-\d\d-\d\d\.csv$/.exec(file.suggestedFilename());
		assert.ok((await readFile(await file.path(), "utf8")).startsWith(heads[table]), table);
	}
	await clean();
});

test("days on which nothing was say what to do", async () => {
	const { page, clean } = await visit({ path: "#/figures?from=2001-01-01&until=2001-02-01" });
	await page.locator(".figures-page p", { hasText: "Choose another month" }).waitFor();
	await page.locator(".figures-page .sheet button").click();
	await page.waitForURL(/from=2000-12-01&until=2001-01-01/);
	await clean();
});

test("a month, other days, and days that cannot be", async () => {
	const { page, clean } = await visit({ path: PATH });
	const [from, last] = [page.getByLabel("From", { exact: true }), page.getByLabel("Last day", { exact: true })];
	await from.fill(day(-20));
	await from.press("Tab");
	await page.waitForURL(new RegExp(`from=${day(-20)}`));
	await last.fill(day(-25));
	await last.press("Enter");
	await page.locator(".bad", { hasText: "later" }).waitFor();
	await page.locator("form select").first().selectOption({ index: 2 });
	await page.waitForURL(/from=\d{4}-\d\d-01&until=\d{4}-\d\d-01/);
	await page.locator(".bad").waitFor({ state: "detached" });
	await clean();
});

test("the menu leads there, for those who may", async () => {
	for (const [role, may] of [["auditor", true], ["advisor", false]]) {
		const { page, clean } = await visit({ role, path: "#/board" });
		await page.locator("button.open").click();
		const link = page.locator("#menu a", { hasText: "Figures" });
		assert.equal(await link.count(), may ? 1 : 0);
		if (may) {
			await link.click();
			await page.locator("dl .value").first().waitFor();
		} else {
			await page.goto(`${page.url().split("#")[0]}#/figures`);
			await page.locator("header nav a[aria-current]").waitFor();
			assert.equal(await page.locator(".figures-page").count(), 0);
		}
		await clean();
	}
});
