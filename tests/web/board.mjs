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
	await page.keyboard.press("Control+z");
	await page.waitForFunction(() => document.querySelectorAll(".notice").length === 1);
	await page.waitForResponse((r) => r.url().includes("/v1/board"));
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
