// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The telephone call, by keyboard alone.

import assert from "node:assert/strict";
import test from "node:test";
import { other, visit, workingDay } from "./house.mjs";

// Counts what is pressed besides the names and numbers that are typed.
function hands(page) {
	let pressed = 0;
	return {
		async press(key) {
			pressed++;
			await page.keyboard.press(key);
		},
		type: (text) => page.keyboard.type(text),
		get pressed() {
			return pressed;
		},
	};
}

async function dropOff(page, date) {
	await page.getByLabel("Drop-off").fill(`${date} 10:00`);
}

test("from the ring to the promise in at most 12 keystrokes", async () => {
	const { page, clean } = await visit();
	const hand = hands(page);
	await page.getByText("Who is calling?").waitFor();
	await hand.press("/");
	await hand.type("OU-253-OO");
	await hand.press("Enter");
	const car = page.getByRole("region", { name: "Customer’s car" });
	await car.getByText("Maserati Grecale Trofeo").waitFor();
	await car.getByText("Madame J. Orfable", { exact: true }).waitFor();
	await page.getByRole("button", { name: "Recall" }).waitFor();
	await page.waitForFunction(() => document.activeElement.classList.contains("job"));
	await hand.press("3");
	await hand.press("Tab");
	await hand.type("15");
	await hand.press("Tab");
	await hand.press("Tab");
	assert.equal(await page.evaluate(() => document.activeElement.labels[0].innerText), "Drop-off");
	await page.keyboard.press("Control+a");
	await hand.type(`${workingDay(45).split("-").toReversed().join("/")} 10h`);
	await page.getByText(/ 10:00$/).first().waitFor();
	await hand.press("Enter");
	await page.getByText("Will you need a replacement car?").waitFor();
	await page.waitForFunction(() => document.activeElement.id === "question");
	await hand.press("y");
	await page.getByText("Maserati loaner").first().waitFor();
	assert.equal(await page.locator("ol > li").count(), 9);
	await hand.press("1");
	await page.getByText("Nothing to pay").waitFor();
	await hand.press("Control+Enter");
	await page.getByText(/Booked · LYO-\d+/).waitFor();
	await page.getByText(/10:00, Maserati loaner, in the name of Madame J. Orfable/).waitFor();
	assert.ok(hand.pressed <= 12, `${hand.pressed} keystrokes`);

	const number = /LYO-\d+/.exec(await page.getByText(/Booked · LYO-\d+/).innerText())[0];
	await page.keyboard.press("c");
	await page.getByText("The line for the DMS is copied.").waitFor();
	assert.match(await page.evaluate(() => navigator.clipboard.readText()), new RegExp(`^${number} \\| OU-253-OO \\| ZAMDEMC1T0D200010`));
	const { items } = await other("GET", `/v1/search?q=${number}`);
	const booking = await other("GET", `/v1/bookings/${items[0].booking}`);
	assert.equal(booking.status, "booked");
	const kept = await other("GET", `/v1/visits/${booking.visit}`);
	assert.equal(kept.answer, "agreed");
	assert.equal(kept.estimate, "likely");
	await page.keyboard.press("Escape");
	await page.getByText("Who is calling?").waitFor();
	await clean();
});

test("a place is held while one talks, and the hold becomes the promise", async () => {
	const { page, clean } = await visit({ path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Recall" }).click();
	await dropOff(page, workingDay(52));
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("y");
	await page.keyboard.press("1");
	await page.keyboard.press("h");
	await page.getByRole("timer").filter({ hasText: /Held for another [12]:\d\d/ }).waitFor();
	await page.keyboard.press("Control+Enter");
	await page.getByText(/Booked · LYO-\d+/).waitFor();
	await clean();
});

test("another car while a Maserati is free: the reason is asked and kept", async () => {
	const { page, clean } = await visit({ path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Recall" }).click();
	await dropOff(page, workingDay(59));
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("y");
	await page.keyboard.press("2");
	await page.getByLabel("Why not the Maserati?").selectOption("prefers a small car");
	await page.keyboard.press("Control+Enter");
	const done = page.getByText(/Booked · LYO-\d+/);
	await done.waitFor();
	await page.getByRole("button", { name: "Open the booking" }).click();
	await page.getByRole("dialog").getByText("Why not the Maserati?: prefers a small car").waitFor();
	await clean();
});

test("no, thank you is an answer that is kept", async () => {
	const { page, clean } = await visit({ path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Maintenance" }).click();
	await page.keyboard.press("Enter");
	await page.waitForFunction(() => document.activeElement.id === "question");
	const answer = page.waitForResponse((r) => r.url().endsWith("/v1/visits") && r.status() === 201);
	await page.keyboard.press("x");
	const visitKept = await (await answer).json();
	assert.equal(visitKept.answer, "declined");
	assert.ok(visitKept.offered[0].said || visitKept.offered[0].value_minor >= 0);
	await page.getByRole("heading", { name: "The answer is kept." }).waitFor();
	await clean();
});

test("a customer and a car nobody has seen, without leaving the screen", async () => {
	const { page, clean } = await visit();
	await page.getByText("Who is calling?").waitFor();
	await page.keyboard.press("/");
	await page.keyboard.type("ZAMDEMC1T0D999991");
	await page.getByText("Nothing fits").waitFor();
	await page.getByRole("button", { name: "New customer or new car" }).click();
	await page.getByLabel("Plate").fill("XX-991-XX");
	await page.getByLabel("Model").fill("Maserati GranCabrio");
	await page.getByLabel("Name", { exact: true }).fill("N. Newfable");
	await page.getByLabel("Phone").fill("+33 6 39 98 99 91");
	await page.getByRole("button", { name: "Keep the customer" }).click();
	await page.getByText("N. Newfable", { exact: true }).waitFor();
	await page.getByRole("button", { name: "Keep the car" }).click();
	await page.getByText("Check in ModisCS+").waitFor();
	await page.getByRole("button", { name: "Nothing found" }).click();
	await page.getByText(/Checked/).waitFor();
	const car = await other("GET", "/v1/vehicles/ZAMDEMC1T0D999991");
	assert.equal(car.cover_checked.source, "ModisCS+");
	await clean();
});

test("keys go over the desk and come back", async () => {
	const { page, clean } = await visit({ path: "#/desk" });
	const { items } = await other("GET", "/v1/bookings?site=LYO&status=out&limit=1");
	await page.goto(`${page.url().split("#")[0]}#/desk?booking=${items[0].booking}`);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Take back" }).click();
	await dialog.getByLabel("Odometer (km)").fill(String((items[0].out.odometer_km ?? 0) + 90));
	await dialog.getByRole("button", { name: "Take back" }).last().click();
	await page.getByText("The car is back.").waitFor();
	assert.equal((await other("GET", `/v1/bookings/${items[0].booking}`)).status, "returned");
	await clean();
});
