// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A customer who was entered twice: shown when probable, merged by whoever has compared.

import assert from "node:assert/strict";
import test from "node:test";
import { other, visit } from "./house.mjs";

const enter = (customer, person) =>
	other("PUT", `/v1/customers/${customer}`, { segment: "private", language: "fr", preferred_channel: "none", person }, { "If-Match": "*" });

const car = (vin, plate, owner) => other("PUT", `/v1/vehicles/${vin}`, { model: "Grecale (invented)", plate, owner }, { "If-Match": "*" });

test("the same telephone: compared, confirmed, merged", async () => {
	await enter("twice-a", { name: "Doublet Essai", phone: "+33 6 39 98 77 01" });
	await enter("twice-b", { name: "E. Doublet", phone: "06 39 98 77 01", email: "double@example.org" });
	await car("ZAMDEMC1T0D277001", "DD-701-DD", "twice-a");
	await car("ZAMDEMC1T0D277002", "DD-702-DD", "twice-b");
	const { page, clean } = await visit({ role: "advisor", path: "#/desk?vin=ZAMDEMC1T0D277001" });
	await page.getByText("E. Doublet has the same telephone.").waitFor();
	await page.getByRole("button", { name: "Compare…" }).click();
	const dialog = page.getByRole("dialog", { name: "Entered twice?" });
	await dialog.getByRole("region", { name: "Stays" }).getByText("Doublet Essai").waitFor();
	await dialog.getByRole("region", { name: "Is merged" }).getByText("double@example.org").waitFor();
	assert.ok(await dialog.getByRole("button", { name: "Merge" }).isDisabled(), "nobody merges without having compared");
	await dialog.getByLabel("I have compared both: this is one person").check();
	await dialog.getByRole("button", { name: "Merge" }).click();
	await page.getByText("Doublet Essai is one customer now.").waitFor();
	await dialog.waitFor({ state: "detached" });
	assert.equal(await page.getByText("has the same telephone").count(), 0);
	assert.equal((await other("GET", "/v1/customers/twice-b")).customer, "twice-a");
	assert.equal((await other("GET", "/v1/vehicles/ZAMDEMC1T0D277002")).owner, "twice-a");
	await clean();
});

for (const [language, text] of [
	["fr", "Doublet Née a le même nom et la même date de naissance."],
	["it", "Doublet Née ha lo stesso nome e la stessa data di nascita."],
])
	test(`the same name and day of birth, in ${language}; a namesake is not asked about`, async () => {
		await enter("born-a", { name: "Doublet Nee", birth_on: "1980-04-12" });
		await enter("born-b", { name: "Doublet Née", birth_on: "1980-04-12" });
		await enter("born-c", { name: "Doublet Nee", birth_on: "1981-04-12" });
		await car("ZAMDEMC1T0D277003", "DD-703-DD", "born-a");
		const { page, clean } = await visit({ role: "advisor", path: "#/desk?vin=ZAMDEMC1T0D277003", language });
		await page.getByText(text).waitFor();
		assert.equal(await page.locator("p.warn button").count(), 1);
		await clean();
	});

test("whoever may not merge is not offered it", async () => {
	await enter("twice-c", { name: "Autre Essai", phone: "+33 6 39 98 77 02" });
	await enter("twice-d", { name: "A. Essai", phone: "06 39 98 77 02" });
	await car("ZAMDEMC1T0D277004", "DD-704-DD", "twice-c");
	const { page, clean } = await visit({ role: "auditor", path: "#/desk?vin=ZAMDEMC1T0D277004" });
	await page.locator("header nav").waitFor();
	await page.waitForLoadState("networkidle");
	assert.equal(await page.getByText("has the same telephone").count(), 0);
	await clean();
});
