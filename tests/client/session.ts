// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// A day of a program that knows the description alone: it signs in, makes itself a token, opens a site with a car,
// offers, books, hands over, takes back, and walks a list by its cursors.

import assert from "node:assert/strict";
import { test } from "node:test";
import { client } from "./client.js";

const url = process.env["RELAIS_URL"]!;
const password = process.env["RELAIS_PASSWORD"]!;
const SITE = "CLT";

async function token() {
	const nobody = client(url, {});
	await nobody("get_v1_sites", 401);
	await nobody("post_v1_session", 401, {}, { name: "integrator", password: "not this" });
	const session = await nobody("post_v1_session", 200, {}, { name: "integrator", password });
	const cookie = session.headers.getSetCookie()[0]!.split(";")[0]!;
	const person = client(url, { cookie, "Relais-CSRF": session.body.csrf });
	const made = await person("post_v1_tokens", 201, {}, { name: "generated client", role: "admin" });
	await person("delete_v1_session", 204);
	await person("get_v1_session", 401);
	assert.ok(made.body.token);
	return made.body.token;
}

const call = client(url, { authorization: `Bearer ${await token()}` });

test("a site of its own, changed only by who knows it", async () => {
	const site = {
		name: "Client (invented)",
		time_zone: "Europe/Paris",
		market: "EU",
		currency: "EUR",
		locale: "fr-FR",
		grace_minutes: 59,
		opening: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", until: "24:00" }],
		handover_minutes: 15,
		return_minutes: 15,
		max_service_distance_km: 100,
		accompanied_max_km: 25,
		tariff: { loaner_brand: { unit: "day" as const, price: 9000 } },
	};
	const path = { site: SITE };
	await call("put_v1_sites_by_site", 201, { path }, site);
	const stored = await call("get_v1_sites_by_site", 200, { path });
	const etag = stored.headers.get("etag")!;
	await call("get_v1_sites_by_site", 304, { path, header: { "If-None-Match": etag } });
	await call("put_v1_sites_by_site", 428, { path }, { ...site, grace_minutes: 30 });
	await call("put_v1_sites_by_site", 200, { path, header: { "If-Match": etag } }, { ...site, grace_minutes: 30 });
	await call("put_v1_sites_by_site", 412, { path, header: { "If-Match": etag } }, site);
	await call("put_v1_sites_by_site", 422, { path: { site: "CLT2" } }, { ...site, time_zone: "Europe/Nowhere" });
	await call("get_v1_sites_by_site", 404, { path: { site: "NONE" } });
	for (const resource of ["CLT-1", "CLT-2"])
		await call("put_v1_resources_by_resource", 201, { path: { resource } }, {
			site: SITE,
			kind: "car",
			solutions: ["loaner_brand"],
			class: "grecale",
			label: "Grecale (invented)",
			seats: 1,
			status: "active",
		});
	const cars = await call("get_v1_resources", 200, { query: { site: SITE, kind: "car" } });
	assert.deepEqual(cars.body.items.map((car) => car.resource), ["CLT-1", "CLT-2"]);
});

// Two of them: a list with a limit of one has a second page.
test("offered, booked, handed over, taken back", async () => {
	await call("put_v1_customers_by_customer", 201, { path: { customer: "CLT-C" } }, {
		segment: "private",
		language: "fr",
		preferred_channel: "phone",
		person: { name: "Essai Inventé" },
	});
	for (let i = 0; i < 2; i++) {
		const now = Date.parse((await call("get_v1_sites", 200)).headers.get("date")!);
		const next = Math.ceil(now / 60_000 + 1) * 60_000;
		const offer = await call("post_v1_offers", 200, {}, {
			site: SITE,
			jobs: [{ type: "warranty_repair", immobilisation_minutes: 600 }],
			drop_off_at: new Date(next).toISOString(),
			ready_at: new Date(next + 24 * 3_600_000).toISOString(),
			customer: "CLT-C",
		});
		const free = offer.body.solutions.find((one) => one.solution === "loaner_brand");
		assert.ok(free?.available, JSON.stringify(free));
		const booked = await call("post_v1_bookings", 201, {}, { offer: offer.body.offer, solution: free.solution, customer: "CLT-C", resource: `CLT-${i + 1}` });
		assert.equal(booked.body.status, "booked");
		assert.match(booked.headers.get("relais-seq")!, /^CLT=\d+, directory=\d+$/);
		const path = { booking: booked.body.booking };
		await call("post_v1_bookings_by_booking_check_in", 409, { path }, {});
		const out = await call("post_v1_bookings_by_booking_check_out", 200, { path }, { odometer_km: 100 + i, fuel_percent: 80 });
		assert.equal(out.body.status, "out");
		const back = await call("post_v1_bookings_by_booking_check_in", 200, { path }, { odometer_km: 150 + i, fuel_percent: 80 });
		assert.equal(back.body.status, "returned");
		const read = await call("get_v1_bookings_by_booking", 200, { path });
		assert.deepEqual(read.body, back.body);
	}
});

test("the same key is the same answer", async () => {
	const header = { "Idempotency-Key": "clt-block" };
	const given = { path: { resource: "CLT-2" }, header };
	const block = { from: "2031-06-02T09:00", until: "2031-06-03T09:00", reason: "workshop" };
	const first = await call("post_v1_resources_by_resource_blocks", 201, given, block);
	const again = await call("post_v1_resources_by_resource_blocks", 201, given, block);
	assert.equal(again.headers.get("idempotency-replayed"), "true");
	assert.deepEqual(again.body, first.body);
	await call("post_v1_resources_by_resource_blocks", 422, given, { ...block, reason: "other" });
});

test("a list, page by page", async () => {
	const seen: string[] = [];
	let cursor: string | undefined;
	do {
		const page = await call("get_v1_bookings", 200, { query: { site: SITE, limit: 1, ...(cursor ? { cursor } : {}) } });
		seen.push(...page.body.items.map((one) => one.booking));
		const next = page.body.next ?? undefined;
		assert.equal(page.headers.get("link")?.includes(`cursor=${next}`) ?? false, next !== undefined);
		cursor = next;
	} while (cursor && seen.length < 10);
	const whole = await call("get_v1_bookings", 200, { query: { site: SITE } });
	assert.equal(seen.length, 2);
	assert.deepEqual(seen, whole.body.items.map((one) => one.booking));
});

test("a board travels packed", async () => {
	const board = await call("get_v1_board", 200, { query: { site: "LYO", from: "2031-03-05", until: "2031-03-12" } });
	assert.equal(board.headers.get("content-encoding"), "gzip");
	assert.equal(board.headers.get("vary"), "Accept-Encoding");
	assert.ok(board.body.resources.length > 0);
});
