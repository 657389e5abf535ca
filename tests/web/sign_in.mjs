// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Who signs in sees what the role allows; a wrong password says so; signing out ends it.

import assert from "node:assert/strict";
import test from "node:test";
import { fresh, signIn, visit } from "./house.mjs";

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

test("the desk is there after at most 80 kB of compressed script", async () => {
	const { page, clean } = await visit({ signedIn: false });
	// Each once: what the first visit still fetches may come in as well.
	const scripts = new Map();
	const count = async (response) => {
		if (!response.url().endsWith(".js")) return;
		assert.equal(await response.headerValue("content-encoding"), "gzip");
		scripts.set(response.url(), Number(await response.headerValue("content-length")));
	};
	const counted = [];
	page.on("response", (response) => counted.push(count(response)));
	await page.reload();
	await signIn(page, "advisor");
	await page.getByText("Who is calling?").waitFor();
	await Promise.all(counted);
	const bytes = [...scripts.values()].reduce((sum, n) => sum + n, 0);
	assert.ok(scripts.size >= 2, "the pages and their words");
	assert.ok(bytes > 0 && bytes <= 80_000, `${bytes} bytes`);
	await clean();
});

test("an auditor looks at everything and is offered nothing to change", async () => {
	const { page, clean } = await visit({ role: "auditor", path: "#/board" });
	await page.locator(".grid .bar.booked").first().click();
	await page.getByRole("dialog").getByRole("button", { name: "Copy the DMS line" }).waitFor();
	assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Hand over" }).count(), 0);
	assert.equal(await page.getByRole("dialog").getByRole("button", { name: "Cancel the booking" }).count(), 0);
	await clean();
});

test("the link of the first start makes the administrator, once", () =>
	fresh(async (link) => {
		const [base, path] = link.split(/\/(?=#)/);
		const first = async (page) => {
			await page.locator("input[name=name]").fill("first");
			await page.locator("input[name=password]").fill("a sentence for the first day");
			await page.locator("input[name=again]").fill("a sentence for the first day");
			await page.keyboard.press("Enter");
		};
		const { page, clean } = await visit({ base, path, signedIn: false });
		await first(page);
		await page.getByText("There is no site yet.").waitFor();
		await clean();
		const again = await visit({ base, path, signedIn: false });
		await first(again.page);
		await again.page.getByRole("alert").filter({ hasText: "This link was used or has expired" }).waitFor();
		await again.clean();
	}));
