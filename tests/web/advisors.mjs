// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// When a customer may come: two times or more are proposed at the desk, one key takes the next, one key books it with
// the car; and the advisors see their day.

import assert from "node:assert/strict";
import test from "node:test";
import { allHours, day, other, putCar, refused, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "EXPECT";
const appointments = {
	reception_minutes: 15,
	customers_per_day: 6,
	workshop_minutes_per_day: 2400,
	templates: [{ work_minutes: 240, times: ["15:00", "15:30"] }],
};

async function furnish() {
	await other("PUT", `/v1/sites/${SITE}`, { ...allHours(SITE, "Receiving site (invented)"), appointments });
	for (const n of [1, 2, 3]) await putCar(SITE, n, { label: "Grecale" });
	for (const [id, label] of [["EXPECT-a", "Anna"], ["EXPECT-b", "Bruno"]])
		await other("PUT", `/v1/resources/${id}`, { site: SITE, kind: "desk", class: "desk", label, solutions: [], seats: 1, status: "active" });
}

test("the appointment and the car are booked with one key", async () => {
	await furnish();
	const { page, clean } = await visit({ site: SITE, path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Maintenance" }).click();
	await page.getByLabel("Drop-off").fill(`${day(40)} 10:00`);
	await page.keyboard.press("Enter");
	const times = page.getByRole("region", { name: "Appointment" });
	await times.getByText("15:00").waitFor();
	assert.ok((await times.getByRole("button").count()) >= 2);
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("t");
	await times.locator("[aria-pressed=true]").getByText("15:00").waitFor();
	await page.keyboard.press("y");
	await page.locator("ol > li").first().waitFor();
	await page.keyboard.press("1");
	await page.getByText(/The car is expected on .* at 15:00 \(Anna\)/).first().waitFor();
	await judge(page);
	await page.keyboard.press("Control+Enter");
	await page.getByText(/Booked · EXPECT-\d+/).waitFor();
	await page.getByText(/The car is expected on .* at 15:00 \(Anna\)/).waitFor();
	const { items } = await other("GET", `/v1/appointments?site=${SITE}&day=${day(40)}`);
	const { appointment, bookings } = await other("GET", `/v1/visits/${items[0].visit}`);
	assert.match(appointment.at, /T15:00:00/);
	assert.equal(appointment.advisor, appointment.back.advisor);
	const booking = await other("GET", `/v1/bookings/${bookings[0]}`);
	assert.match(booking.from, /T15:15:00/, "the loan begins when the reception is over");
	await clean();
});

test("of many who want the same time at once each advisor receives one", async () => {
	const body = { site: SITE, customer: "C0001", appointment: { at: `${day(41)}T09:00` } };
	const answers = await Promise.allSettled(Array.from({ length: 12 }, () => other("POST", "/v1/visits", body)));
	const won = answers.filter((one) => one.status === "fulfilled").map((one) => one.value.appointment.advisor);
	assert.deepEqual(won.sort(), ["EXPECT-a", "EXPECT-b"]);
	assert.equal(await refused("POST", "/v1/visits", body), 409);
});

test("who takes no car has his appointment all the same", async () => {
	const { page, clean } = await visit({ site: SITE, language: "fr", path: "#/desk?vin=ZAMDEMC1T0D200010" });
	await page.getByRole("button", { name: "Rappel" }).click();
	await page.getByRole("region", { name: "Rendez-vous" }).getByRole("button").first().click();
	await page.getByRole("button", { name: /À la question|question/ }).click();
	await page.waitForFunction(() => document.activeElement.id === "question");
	await page.keyboard.press("x");
	await page.getByText(/La voiture est attendue .*\((Anna|Bruno)\)/).waitFor();
	await clean();
});

test("the advisors see whom they expect, and move him", async () => {
	const comes = await other("POST", "/v1/visits", {
		site: SITE,
		vin: "ZAMDEMC1T0D200010",
		customer: "C0001",
		jobs: [{ type: "maintenance", immobilisation_minutes: 60 }],
		appointment: { at: `${day(0)}T23:15`, why: "urgent", customer_agreed: true },
	});
	const { page, clean } = await visit({ site: SITE, path: "#/advisors" });
	await page.getByText("Kept free: a quarter of each hour").waitFor();
	const mine = page.getByRole("button", { name: /23:15/ });
	await mine.waitFor();
	await judge(page);
	await mine.click();
	await page.getByRole("button", { name: "Another time" }).click();
	await page.getByRole("dialog").getByRole("button", { name: /·.*·/ }).last().click();
	await page.getByText("The appointment is moved.").waitFor();
	const moved = await other("GET", `/v1/visits/${comes.visit}`);
	assert.notEqual(moved.appointment.at, comes.appointment.at);
	await page.keyboard.press("ArrowRight");
	await page.keyboard.press("t");
	await clean();
});

test("a house without appointments says so", async () => {
	await other("PUT", "/v1/sites/NOTIMES", allHours("NOTIMES", "Open house (invented)"));
	const { page, clean } = await visit({ site: "NOTIMES", language: "it", path: "#/advisors" });
	await page.getByText("Questa sede non prende appuntamenti").waitFor();
	await clean();
});
