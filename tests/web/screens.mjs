// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Every screen in every language, light and dark, wide and on a phone: nothing missing, nothing cut, axe content.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { day, other, visit, workingDay } from "./house.mjs";
import { judge } from "./judge.mjs";

async function tour(options) {
	const { page, clean } = await visit({ ...options, path: "#/desk" });
	const base = page.url().split("#")[0];
	const name = JSON.stringify(options);
	await page.locator("ol kbd").first().waitFor();
	await judge(page, `${name} welcome`);
	await page.goto(`${base}#/desk?vin=ZAMDEMC1T0D200010`);
	await page.locator(".job").nth(2).click();
	await page.locator("form .when input").first().fill(`${workingDay(47)}T10:00`);
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await judge(page, `${name} question`);
	await page.keyboard.press("y");
	await page.keyboard.press("2");
	await page.locator(".mine").waitFor();
	await judge(page, `${name} solutions`);
	const { items } = await other("GET", "/v1/bookings?site=LYO&status=booked&limit=1");
	await page.goto(`${base}#/desk?booking=${items[0].booking}`);
	await page.locator("dialog dl").waitFor();
	await judge(page, `${name} booking`);
	await page.locator("dialog .line button").first().click();
	await page.locator("dialog form .damage").waitFor();
	await judge(page, `${name} hand-over`);
	await page.keyboard.press("Escape");
	await page.goto(`${base}#/board`);
	await page.locator(".grid .bar").first().waitFor();
	await judge(page, `${name} board`);
	await page.goto(`${base}#/today`);
	await page.locator(".today .sheet").nth(4).waitFor();
	await page.waitForFunction(() => [...document.querySelectorAll(".today .sheet")].every((sheet) => sheet.children.length > 1));
	await judge(page, `${name} today`);
	await page.goto(`${base}#/advisors`);
	await page.locator(".advisors .sheet").first().waitFor();
	await judge(page, `${name} advisors`);
	await page.goto(`${base}#/figures?from=${day(-40)}&until=${day(-9)}&compare=1`);
	await page.locator("a[download]").nth(4).waitFor();
	await judge(page, `${name} figures`);
	await page.goto(`${base}#/warranty?show=all&from=${day(-20)}&until=${day(-10)}`);
	await page.locator(".warranty-page tbody tr").first().waitFor();
	await judge(page, `${name} warranty`);
	await page.locator(".warranty-page tbody button").first().click();
	await page.locator("dialog .fields").waitFor();
	await page.locator("dialog tbody tr").first().waitFor();
	await judge(page, `${name} warranty case`);
	await page.keyboard.press("Escape");
	for (const part of ["fleet", "site", "users", "tokens", "imports", "forget"]) {
		await page.goto(`${base}#/admin/${part}`);
		await page.locator(".admin .sheet").first().waitFor();
		await page.locator(".admin td, .admin input").first().waitFor();
		await judge(page, `${name} admin ${part}`);
	}
	await page.goto(`${base}#/admin/fleet`);
	await page.locator(".admin td button").first().click();
	await page.locator("dialog .blocks").waitFor();
	await judge(page, `${name} admin car`);
	await page.keyboard.press("Escape");
	await page.keyboard.press("?");
	await page.locator("dialog").waitFor();
	await judge(page, `${name} keys`);
	await clean();
}

// The words change the widths, the light does not: English is looked at in all four ways.
const LOOKS = [{}, { phone: true, dark: true }];
const languages = readdirSync(join(process.env.RELAIS_ROOT, "server/web/src/words")).map((file) => file.slice(0, 2));
for (const language of languages)
	for (const look of language === "en" ? [...LOOKS, { dark: true }, { phone: true }] : LOOKS)
		test(`every screen: ${language} ${JSON.stringify(look)}`, () => tour({ language, ...look }));

test("the sign-in and the first start", async () => {
	for (const path of ["", "#/first/none"]) {
		const { page, clean } = await visit({ path, signedIn: false });
		await page.locator("input[name=password]").waitFor();
		await judge(page, path || "sign-in");
		await clean();
	}
});
