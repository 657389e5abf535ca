// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The board: live, moved with the mouse and with the keyboard, and never against a promise.

import assert from "node:assert/strict";
import test from "node:test";
import { day, other, visit, workingDay } from "./house.mjs";

const board = (from, days = 14) => `#/board?from=${from}&days=${days}`;

// A promise of our own, on a day far from the demonstration's.
async function promise(plus, hours = 30) {
	const offer = await other("POST", "/v1/offers", {
		site: "LYO",
		vin: "ZAMDEMC1T0D200010",
		jobs: [{ type: "recall", immobilisation_minutes: hours * 60 }],
		drop_off_at: `${workingDay(plus)}T10:00`,
	});
	return other("POST", "/v1/bookings", { offer: offer.offer, solution: "loaner_brand" });
}
const bar = (page, booking) => page.locator(`[id^="bar-${booking.booking} car"]`);

test("what another desk promises is on the board at once", async () => {
	const { page, clean } = await visit({ path: board(workingDay(70)) });
	await page.getByText("live").waitFor();
	const booking = await promise(70);
	await bar(page, booking).waitFor();
	await clean();
});

test("a bar dragged to another car moves there, and the way back is one key", async () => {
	const booking = await promise(84);
	const { page, clean } = await visit({ path: `${board(workingDay(84))}&class=${booking.class}` });
	const mine = bar(page, booking);
	await mine.waitFor();
	const box = await mine.boundingBox();
	const down = booking.resource.endsWith("01") ? 34 : -34;
	await page.mouse.move(box.x + 8, box.y + 12);
	await page.mouse.down();
	await page.mouse.move(box.x + 8, box.y + 12 + down, { steps: 4 });
	await page.locator(".tag.good, .tag.moves").waitFor();
	await page.mouse.up();
	await page.getByText("It is on another car.").waitFor();
	const moved = await other("GET", `/v1/bookings/${booking.booking}`);
	assert.notEqual(moved.resource, booking.resource);
	const back = page.waitForResponse((r) => r.request().method() === "POST" && r.url().includes(booking.booking));
	await page.keyboard.press("Control+z");
	await back;
	await page.waitForFunction(() => document.querySelectorAll(".notice").length === 1);
	assert.equal((await other("GET", `/v1/bookings/${booking.booking}`)).resource, booking.resource);
	await clean();
});

test("over a car that is blocked the drop is refused while it is still in the hand", async () => {
	const booking = await promise(98);
	const { items } = await other("GET", `/v1/resources?site=LYO&class=${booking.class}`);
	const at = items.findIndex((car) => car.resource === booking.resource);
	const neighbour = items[at + 1] ?? items[at - 1];
	await other("POST", `/v1/resources/${neighbour.resource}/blocks`, { from: booking.from, until: booking.until, reason: "tyres" });
	const { page, clean } = await visit({ path: `${board(workingDay(98))}&class=${booking.class}` });
	const mine = bar(page, booking);
	await mine.waitFor();
	const box = await mine.boundingBox();
	await page.mouse.move(box.x + 8, box.y + 12);
	await page.mouse.down();
	await page.mouse.move(box.x + 8, box.y + 12 + (items[at + 1] ? 34 : -34), { steps: 4 });
	await page.locator(".tag.veto").getByText("blocked").waitFor();
	await page.mouse.up();
	assert.equal((await other("GET", `/v1/bookings/${booking.booking}`)).resource, booking.resource);
	await clean();
});

test("with the keyboard: arrows find the bar, Alt and an arrow move it, Enter drops it", async () => {
	const booking = await promise(112);
	const { page, clean } = await visit({ path: `${board(workingDay(112))}&class=${booking.class}` });
	const mine = bar(page, booking);
	await mine.waitFor();
	await mine.focus();
	await page.keyboard.press("Alt+ArrowRight");
	await page.keyboard.press("Alt+ArrowRight");
	await page.locator(".tag.good, .tag.moves").waitFor();
	await page.keyboard.press("Enter");
	await page.getByText("It is rescheduled.").waitFor();
	const moved = await other("GET", `/v1/bookings/${booking.booking}`);
	assert.equal(moved.from.slice(11, 16), "11:00");
	await clean();
});

test("an empty span drawn with the mouse is blocked with its reason, and the way back is one key", async () => {
	const from = workingDay(126);
	const { page, clean } = await visit({ path: `${board(from)}&class=ghibli` });
	const label = page.locator(".row:not(.head) .label").first();
	await label.waitFor();
	const box = await label.boundingBox();
	const x = box.x + box.width + 120;
	await page.mouse.move(x, box.y + 15);
	await page.mouse.down();
	await page.mouse.move(x + 160, box.y + 15, { steps: 4 });
	await page.locator(".sweep").waitFor();
	await page.mouse.up();
	const dialog = page.getByRole("dialog");
	await dialog.getByText("Nobody else is touched.").waitFor();
	await page.keyboard.type("new windscreen");
	await page.keyboard.press("Enter");
	await page.getByText("The car is blocked.").waitFor();
	const mine = page.locator(".bar.block").filter({ hasText: "new windscreen" });
	await mine.click();
	await dialog.getByText("new windscreen").waitFor();
	await dialog.getByRole("button", { name: "Give back" }).click();
	await page.getByText("The car is free again.").waitFor();
	await mine.waitFor({ state: "detached" });
	await page.keyboard.press("Control+z");
	await mine.waitFor();
	await clean();
});

test("with the keyboard: B blocks the car whose bar has the focus; over a promise it shows whom that touches", async () => {
	const booking = await promise(140);
	const { page, clean } = await visit({ path: `${board(workingDay(140))}&class=${booking.class}` });
	await bar(page, booking).focus();
	await page.keyboard.press("b");
	const dialog = page.getByRole("dialog");
	await page.waitForFunction(() => document.activeElement.closest("dialog input"));
	await page.keyboard.type("inspection");
	assert.equal(await dialog.getByLabel("Fleet").inputValue(), booking.resource);
	await dialog.getByLabel("From").fill(booking.from.slice(0, 16));
	await dialog.getByText("1 promise changes cars").waitFor();
	await dialog.getByLabel("From").press("Enter");
	await page.getByText("The car is blocked.").waitFor();
	assert.notEqual((await other("GET", `/v1/bookings/${booking.booking}`)).resource, booking.resource);
	await page.keyboard.press("Control+z");
	await page.getByText("The car is free again.").waitFor();
	await clean();
});

test("an advisor may not block: no span is drawn, and the key does nothing", async () => {
	const { page, clean } = await visit({ role: "advisor", path: `${board(workingDay(126))}&class=ghibli` });
	const label = page.locator(".row:not(.head) .label").first();
	await label.waitFor();
	const box = await label.boundingBox();
	await page.mouse.move(box.x + box.width + 60, box.y + 15);
	await page.mouse.down();
	await page.mouse.move(box.x + box.width + 200, box.y + 15, { steps: 4 });
	assert.equal(await page.locator(".sweep").count(), 0);
	await page.mouse.up();
	await page.keyboard.press("b");
	assert.equal(await page.getByRole("dialog").count(), 0);
	await clean();
});

test("an extension shows whom it touches before it is done", async () => {
	const { items } = await other("GET", "/v1/bookings?site=LYO&status=out&limit=5");
	const { page, clean } = await visit({ path: `#/desk?booking=${items.at(-1).booking}` });
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Extend" }).click();
	await dialog.getByLabel("New return").fill(`${day(40)}T16:00`);
	await dialog.locator(".ripple").waitFor();
	assert.equal((await other("GET", `/v1/bookings/${items.at(-1).booking}`)).until, items.at(-1).until);
	await clean();
});

test("the filters stand in the address", async () => {
	const { page, clean } = await visit({ path: "#/board?days=7&class=ghibli" });
	await page.locator(".row.head").first().waitFor();
	assert.equal(await page.locator(".row.head").count(), 1);
	await page.getByRole("button", { name: "60 days" }).click();
	assert.match(page.url(), /days=60/);
	await page.getByRole("searchbox", { name: "Filter" }).fill("nothing of that name");
	await page.getByText("No car fits.").waitFor();
	await page.getByRole("button", { name: "Clear the filter" }).click();
	await page.locator(".row.head").nth(3).waitFor();
	await clean();
});
