// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Who signs in sees what the role allows; a wrong password says so; signing out ends it.

import assert from "node:assert/strict";
import test from "node:test";
import { signIn, visit } from "./house.mjs";

test("a wrong password is refused in words, the right one opens the desk, and signing out ends it", async () => {
	const { page, clean } = await visit({ signedIn: false });
	await signIn(page, "advisor", "not the password");
	await page.getByRole("alert").filter({ hasText: "The name or the password is not right" }).waitFor();
	await signIn(page, "advisor");
	await page.getByRole("navigation").waitFor();
	const cookies = await page.context().cookies();
	assert.equal(cookies[0].name, "__Host-relais");
	assert.ok(cookies[0].httpOnly && cookies[0].secure);
	assert.equal(cookies[0].sameSite, "Strict");
	await page.reload();
	await page.getByRole("navigation").waitFor();
	await page.getByRole("button", { name: "Menu" }).click();
	await page.getByRole("button", { name: "Sign out", exact: true }).click();
	await page.locator("input[name=password]").waitFor();
	await page.reload();
	await page.locator("input[name=password]").waitFor();
	await clean();
});

test("an auditor looks at everything and is offered nothing to change", async () => {
	const { page, clean } = await visit({ role: "auditor", path: "#/board" });
	await page.locator(".bar.booked").first().click();
	await page.getByRole("dialog").getByRole("button", { name: "Copy the DMS line" }).waitFor();
	assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Hand over" }).count(), 0);
	assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Cancel the booking" }).count(), 0);
	await clean();
});
