// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// People, programs, sites and cars: changed by whom it may be, read by whoever audits, and nothing lost when two
// change the same.

import assert from "node:assert/strict";
import test from "node:test";
import { day, house, other, refused, signIn, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const PASSWORD = "a sentence for the tests alone";
const row = (page, text) => page.locator("tr").filter({ hasText: text });

test("by keyboard: a user is made, signs in, is shut out within the second, and is removed", async () => {
	const { page, clean } = await visit({ path: "#/admin/users" });
	await row(page, "auditor").first().waitFor();
	await page.getByRole("button", { name: "Add a user" }).press("Enter");
	await page.keyboard.type("new.advisor");
	await page.keyboard.press("Tab");
	await page.keyboard.type("adv");
	for (let i = 0; i < 2; i++) await page.keyboard.press("Tab"); // all sites are ticked, and cannot be unticked
	await page.keyboard.press("Space");
	await page.getByLabel("Password").fill(PASSWORD);
	await page.keyboard.press("Enter");
	await row(page, "new.advisor").waitFor();
	const { items } = await other("GET", "/v1/users");
	const made = items.find((user) => user.name === "new.advisor");
	assert.equal(made.role, "advisor");
	assert.equal(made.sites.length, 1);

	const desk = await visit({ signedIn: false });
	await signIn(desk.page, "new.advisor", PASSWORD);
	await desk.page.getByText("Who is calling?").waitFor();
	await page.getByRole("button", { name: "new.advisor" }).click();
	await page.getByLabel("Shut out: may not sign in").check();
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await row(page, "shut out").waitFor();
	await desk.page.getByRole("link", { name: "Board" }).click();
	await desk.page.locator("input[name=password]").waitFor();
	await desk.clean();

	await page.getByRole("button", { name: "new.advisor" }).click();
	await page.getByRole("button", { name: "Remove" }).click();
	await page.getByText("Remove new.advisor for good?").waitFor();
	await page.getByRole("button", { name: "Remove" }).click();
	await page.getByText("new.advisor is removed.").waitFor();
	await row(page, "new.advisor").waitFor({ state: "detached" });
	await clean();
});

test("a name that is taken is said so, and the user it belongs to stays as it was", async () => {
	const { page, clean } = await visit({ path: "#/admin/users" });
	await page.getByRole("button", { name: "Add a user" }).click();
	await page.getByLabel("Login").fill("advisor");
	await page.getByLabel("Password").fill("another sentence, long enough");
	await page.getByLabel("Role").selectOption("auditor");
	await page.keyboard.press("Enter");
	await page.getByRole("alert").filter({ hasText: "It exists already" }).waitFor();
	assert.equal((await other("GET", "/v1/users/advisor")).role, "advisor");
	await clean();
});

test("a token is shown once, works, and no longer works when it is withdrawn", async () => {
	const { page, clean } = await visit({ path: "#/admin/tokens" });
	await page.getByRole("button", { name: "Make a token" }).click();
	await page.getByLabel("Program").fill("DMS link");
	await page.keyboard.press("Enter");
	const token = await page.locator("dialog code").innerText();
	await page.getByRole("button", { name: "Copy the token" }).click();
	assert.equal(await page.evaluate(() => navigator.clipboard.readText()), token);
	const asks = () => fetch(`${house.url}/v1/sites`, { headers: { Authorization: `Bearer ${token}` } });
	assert.equal((await asks()).status, 200);
	await page.keyboard.press("Escape");
	await page.reload();
	await row(page, "DMS link").waitFor();
	assert.ok(!(await page.content()).includes(token));
	await page.getByRole("button", { name: "Withdraw DMS link" }).click();
	await page.getByText("The program stops at once.").waitFor();
	await row(page, "DMS link").getByRole("button", { name: "Withdraw" }).click();
	await page.getByText("The token of DMS link no longer works.").waitFor();
	assert.equal((await asks()).status, 401);
	await clean();
});

test("a site's hours, closed days and figures are kept; what cannot be is said beside its field", async () => {
	const before = await other("GET", "/v1/sites/DUB");
	const { page, clean } = await visit({ path: "#/admin/site", site: "DUB" });
	await page.getByLabel("Late before a no-show").fill("45");
	await page.getByLabel("Which day").fill(day(200));
	await page.getByRole("button", { name: "Close that day" }).click();
	const until = page.getByLabel("Until").first();
	await until.fill("03:00");
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.getByRole("alert").filter({ hasText: "1 value does not fit" }).waitFor();
	await page.getByText("The end must come after the beginning.").waitFor();
	assert.equal(await until.getAttribute("aria-invalid"), "true");
	assert.deepEqual(await other("GET", "/v1/sites/DUB"), before);
	await until.fill("19:00");
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.getByText("It is kept.").waitFor();
	const after = await other("GET", "/v1/sites/DUB");
	assert.equal(after.late_minutes, 45);
	assert.equal(after.opening[0].until, "19:00");
	assert.ok(after.holidays.includes(day(200)));
	assert.deepEqual(after.tariff, before.tariff);
	await clean();
});

test("which promises get a time by themselves, whose they are and who is told: one row a rule", async () => {
	const before = await other("GET", "/v1/sites/DUB");
	const { page, clean } = await visit({ path: "#/admin/site", site: "DUB" });
	const book = page.locator("section").filter({ has: page.getByRole("heading", { name: "Deadline book" }) });
	await book.waitFor();
	assert.equal(await book.locator("tbody tr").count(), 15);
	assert.equal(await book.getByRole("checkbox", { disabled: true }).count(), 5); // trouble is not a matter of taste
	const confirm = book.getByRole("row", { name: /Confirm the appointment/ });
	await confirm.getByRole("checkbox").check();
	await confirm.getByLabel("Whose it is").selectOption("advisor");
	await book.getByRole("row", { name: /LEX-14/ }).getByRole("checkbox").uncheck();
	await book.getByRole("row", { name: /AVT-S3/ }).getByLabel("Told when overdue").selectOption("admin");
	await judge(page, "the deadline book of a site");
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.getByText("It is kept.").waitFor();
	assert.deepEqual((await other("GET", "/v1/sites/DUB")).deadlines, [
		{ on: true, owner: "advisor", rule: "CIT-6.2" },
		{ on: false, rule: "LEX-14" },
		{ escalate_to: "admin", rule: "AVT-S3" },
	]);
	await confirm.getByRole("checkbox").uncheck();
	await confirm.getByLabel("Whose it is").selectOption("");
	await book.getByRole("row", { name: /LEX-14/ }).getByRole("checkbox").check();
	await book.getByRole("row", { name: /AVT-S3/ }).getByLabel("Told when overdue").selectOption("");
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.waitForFunction(() => !document.querySelector("form [type=submit]:disabled"));
	await page.getByText("It is kept.").last().waitFor();
	assert.deepEqual((await other("GET", "/v1/sites/DUB")).deadlines ?? [], before.deadlines ?? []);
	await clean();
});

test("two change one site: what touches nothing of the other goes together, the same field is asked about", async () => {
	const { page, clean } = await visit({ path: "#/admin/site", site: "DUB" });
	await page.getByLabel("Waiting on site up to").fill("75");
	const change = async (fields) => {
		const at = await fetch(`${house.url}/v1/sites/DUB`, { headers: { Authorization: `Bearer ${house.token}` } });
		await other("PUT", "/v1/sites/DUB", { ...(await at.json()), ...fields }, { "If-Match": at.headers.get("etag") });
	};
	await change({ phone: "+353 1 555 0101" });
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.getByText("It is kept.").waitFor();
	let site = await other("GET", "/v1/sites/DUB");
	assert.deepEqual([site.wait_minutes, site.phone], [75, "+353 1 555 0101"]);

	await page.getByLabel("Waiting on site up to").fill("90");
	await change({ wait_minutes: 30 });
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	const clash = page.getByRole("alert").filter({ hasText: "Somebody changed the same meanwhile" });
	await clash.getByText("Waiting on site up to").waitFor();
	assert.equal((await other("GET", "/v1/sites/DUB")).wait_minutes, 30);
	await page.getByRole("button", { name: "Take theirs" }).click();
	assert.equal(await page.getByLabel("Waiting on site up to").inputValue(), "30");
	await page.getByLabel("Waiting on site up to").fill("95");
	await change({ wait_minutes: 20 });
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.getByRole("button", { name: "Keep mine" }).click();
	await page.getByText("It is kept.").first().waitFor();
	await page.waitForFunction(() => !document.querySelector(".clash"));
	site = await other("GET", "/v1/sites/DUB");
	assert.equal(site.wait_minutes, 95);
	await clean();
});

test("a car is added, turned back on a day, blocked and given back", async () => {
	const { page, clean } = await visit({ path: "#/admin/fleet", site: "DUB" });
	await page.getByRole("button", { name: "Add a car" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByLabel("Number").fill("DUB-city-99");
	await dialog.getByLabel("Label").fill("City car 99");
	await dialog.locator("input[name=class]").fill("admin_test");
	await dialog.getByLabel("Plate").fill("99-D-99");
	await page.keyboard.press("Enter");
	await row(page, "99-D-99").waitFor();
	await page.getByRole("button", { name: "City car 99" }).click();
	await dialog.getByLabel("Turn-back on").fill(day(300));
	await dialog.getByRole("button", { name: "Keep", exact: true }).click();
	await row(page, "99-D-99").getByText("–").waitFor();
	const car = await other("GET", "/v1/resources/DUB-city-99");
	assert.deepEqual([car.out_of_service_on, car.seats, car.kind], [day(300), 1, "car"]);
	await page.getByRole("button", { name: "City car 99" }).click();
	await dialog.getByText("Not blocked in the next six months.").waitFor();
	await dialog.getByLabel("Reason").fill("winter tyres");
	await dialog.getByRole("button", { name: "Block", exact: true }).click();
	await dialog.getByText("winter tyres").waitFor();
	await dialog.getByRole("button", { name: "Give back winter tyres" }).click();
	await dialog.getByText("Not blocked in the next six months.").waitFor();
	await clean();
});

test("another system is told: its secret is shown once, a test says how it goes, and it is removed", async () => {
	const { page, clean } = await visit({ path: "#/admin/webhooks" });
	await page.getByText("No other system is told from here.").waitFor();
	await page.getByRole("button", { name: "Tell another system" }).click();
	await page.keyboard.type("https://127.0.0.1/hook");
	await page.keyboard.press("Enter");
	await page.getByRole("alert").filter({ hasText: "not public" }).waitFor();
	await page.getByLabel("Address (https://)").fill("https://dms.invalid/hook");
	await page.keyboard.press("Enter");
	await page.getByText(/^whsec_/).waitFor();
	await judge(page, "the secret of a webhook");
	await page.keyboard.press("Escape");
	await row(page, "dms.invalid").getByRole("button", { name: "Test" }).click();
	await page.getByText("It did not take the test").waitFor();
	await row(page, "dms.invalid").getByRole("button", { name: "Tell again" }).click();
	await judge(page, "telling again");
	await page.getByRole("dialog").getByRole("button", { name: "Tell again" }).click();
	await page.getByText("It is told again.").waitFor();
	assert.equal((await page.content()).includes("whsec_"), false);
	await row(page, "dms.invalid").getByRole("button", { name: "Remove" }).click();
	await row(page, "dms.invalid").getByRole("button", { name: "Remove" }).click();
	await page.getByText("No other system is told from here.").waitFor();
	await judge(page, "webhooks");
	await clean();
});

test("an auditor reads all of it and is offered no change; an advisor is told whom to ask", async () => {
	const audit = await visit({ role: "auditor", path: "#/admin/users" });
	await row(audit.page, "advisor").first().waitFor();
	await audit.page.getByText("Your role may look at this and change nothing.").waitFor();
	for (const part of ["users", "tokens", "webhooks", "site", "fleet"]) {
		await audit.page.goto(`${house.url}/#/admin/${part}`);
		await audit.page.locator(".admin .sheet").first().waitFor();
		assert.equal(await audit.page.locator("main button.main").count(), 0, part);
	}
	await audit.page.goto(`${house.url}/#/admin/site`);
	assert.ok(await audit.page.getByLabel("Late before a no-show").isDisabled());
	await audit.clean();
	const advisor = await visit({ role: "advisor", path: "#/admin/users" });
	await advisor.page.getByText("Your role does not administer.").waitFor();
	await advisor.page.getByRole("button", { name: "Menu" }).click();
	assert.equal(await advisor.page.getByRole("link", { name: "Administration" }).count(), 0);
	await advisor.clean();
});

test("everybody changes the own password in the menu; elsewhere one is signed out", async () => {
	await other("PUT", "/v1/users/changer", { role: "operator", sites: [], password: PASSWORD });
	const here = await visit({ role: "changer" });
	const there = await visit({ role: "changer" });
	await there.page.getByText("Who is calling?").waitFor();
	await here.page.getByRole("button", { name: "Menu" }).click();
	await here.page.getByRole("button", { name: "Change password" }).click();
	const fill = async (old) => {
		await here.page.getByLabel("Present password").fill(old);
		await here.page.getByLabel("New password").fill("quite another sentence");
		await here.page.getByLabel("Once more").fill("quite another sentence");
		await here.page.keyboard.press("Enter");
	};
	await fill("not what it is, by far");
	await here.page.getByRole("alert").filter({ hasText: "The present password is not right" }).waitFor();
	await fill(PASSWORD);
	await here.page.getByText("The password is changed.").waitFor();
	await there.page.getByRole("link", { name: "Board" }).click();
	await there.page.locator("input[name=password]").waitFor();
	await there.clean();
	await here.page.reload();
	await here.page.getByText("Who is calling?").waitFor();
	await here.clean();
	assert.equal(await refused("POST", "/v1/session", { name: "changer", password: PASSWORD }), 401);
});
