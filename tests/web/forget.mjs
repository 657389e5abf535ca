// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A person is forgotten: found, looked at, confirmed by what is typed; not while a promise is open, and by administrators alone.

import assert from "node:assert/strict";
import test from "node:test";
import { other, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const enter = (customer, person) =>
	other("PUT", `/v1/customers/${customer}`, { segment: "private", language: "fr", preferred_channel: "none", person }, { "If-Match": "*" });

test("by keyboard: found by name, what goes is seen, the name is typed, and nobody finds the person again", async () => {
	await enter("forget-a", { name: "Oublié Essai", phone: "+33 6 39 98 77 81", email: "oubli@example.org", birth_on: "1970-02-03" });
	const { page, clean } = await visit({ path: "#/admin/forget" });
	await page.getByText("Nobody is due.").waitFor();
	await page.getByLabel("Name or phone").focus();
	await page.keyboard.type("oublie");
	await page.keyboard.press("Enter");
	await page.getByRole("button", { name: "Oublié Essai" }).press("Enter");
	await page.getByRole("heading", { name: "Oublié Essai" }).waitFor();
	const goes = page.getByRole("region", { name: "Goes for ever" });
	await goes.getByText(/^name, phone, e-mail.*date of birth$/).waitFor();
	await page.getByRole("region", { name: "Stays, and names nobody" }).getByText("0 bookings").waitFor();
	const button = page.getByRole("button", { name: "Forget for ever" });
	assert.ok(await button.isDisabled(), "nothing is typed yet");
	await page.getByLabel("Type this to confirm").focus();
	await page.keyboard.type("Oublié");
	await page.keyboard.press("Enter");
	assert.ok(await button.isDisabled(), "half a name is no confirmation");
	assert.equal((await other("GET", "/v1/customers/forget-a")).erased, undefined);
	await page.keyboard.type(" Essai");
	await page.keyboard.press("Enter");
	await page.getByText("forget-a is forgotten. What stays names nobody.").waitFor();
	const gone = await other("GET", "/v1/customers/forget-a");
	assert.equal(gone.erased, true);
	assert.equal(gone.person, undefined);
	await page.getByLabel("Name or phone").fill("oublie");
	await page.keyboard.press("Enter");
	await page.locator(".admin p[role=status]").filter({ hasText: "oublie" }).waitFor();
	assert.equal(await page.getByRole("button", { name: "Oublié Essai" }).count(), 0);
	await clean();
});

for (const options of [{ language: "en" }, { language: "fr", dark: true }, { language: "it", phone: true }])
	test(`while a promise is open it is named, and nothing can be confirmed: ${JSON.stringify(options)}`, async () => {
		const { items } = await other("GET", "/v1/bookings?site=LYO&status=booked&limit=1");
		const { person } = await other("GET", `/v1/customers/${items[0].customer}`);
		const { page, clean } = await visit({ ...options, path: "#/admin/forget" });
		await page.locator("input[type=search]").last().fill(person.name);
		await page.keyboard.press("Enter");
		await page.getByRole("button", { name: person.name }).first().click();
		await page.getByRole("alert").getByRole("link", { name: items[0].number }).waitFor();
		assert.equal(await page.locator(".admin button.main").count(), 0);
		await judge(page, `${JSON.stringify(options)} forget, open`);
		await clean();
	});

for (const options of [{ language: "fr" }, { language: "it", dark: true }, { language: "en", phone: true }])
	test(`what is confirmed can be read everywhere: ${JSON.stringify(options)}`, async () => {
		await enter("forget-b", { name: "Doublement Essai", phone: "+33 6 39 98 77 82", address: "9 rue de l’Essai" });
		const { page, clean } = await visit({ ...options, path: "#/admin/forget" });
		await page.locator("input[type=search]").last().fill("doublement");
		await page.keyboard.press("Enter");
		await page.getByRole("button", { name: "Doublement Essai" }).click();
		await page.locator(".admin button.main").waitFor();
		await judge(page, `${JSON.stringify(options)} forget`);
		if (process.env.RELAIS_SHOTS) await page.screenshot({ path: `${process.env.RELAIS_SHOTS}/forget-${options.language}.png`, fullPage: true });
		await clean();
	});

test("whoever only looks after users, or manages, is not offered it", async () => {
	const { page, clean } = await visit({ role: "auditor", path: "#/admin/forget" });
	await page.locator(".admin nav").waitFor();
	assert.equal(await page.getByRole("link", { name: "Forget a person" }).count(), 0);
	await clean();
});
