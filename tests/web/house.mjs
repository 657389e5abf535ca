// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The real program on demonstration data, a person to sign in, and a browser with an empty profile.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const FLAGS = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];
const PASSWORD = "a sentence for the tests alone";

export const house = { url: process.env.RELAIS_URL ?? "", token: process.env.RELAIS_TOKEN ?? "", browser: null };
let server;
let data;

function relais(args, input) {
	const done = spawnSync(process.env.RELAIS_BIN, args, { input, encoding: "utf8" });
	assert.equal(done.status, 0, done.stderr);
	return done.stdout.trim();
}

// The first address in what a program says.
async function addressIn(output) {
	for await (const line of createInterface({ input: output })) {
		const address = /http:\/\/\S+/.exec(line)?.[0];
		if (address) return address;
	}
	assert.fail("the server says where it is");
}

const start = (dir, more, error) => spawn(process.env.RELAIS_BIN, ["serve", "--data", dir, "--listen", "127.0.0.1:0", ...more], { stdio: ["ignore", "pipe", error] });

async function stop(child, dir) {
	child.kill("SIGTERM");
	await new Promise((done) => (child.exitCode === null ? child.on("exit", done) : done()));
	rmSync(dir, { recursive: true });
	assert.equal(child.exitCode, 0, "the server ends in good order");
}

// A server that nobody administers yet, for as long as `use` takes: it is given the link of the first start.
export async function fresh(use) {
	const dir = mkdtempSync(join(tmpdir(), "relais-first-"));
	const child = start(dir, [], "pipe");
	try {
		await use(await addressIn(child.stderr));
	} finally {
		await stop(child, dir);
	}
}

async function serve() {
	data = mkdtempSync(join(tmpdir(), "relais-web-"));
	server = start(data, ["--demo"], "ignore");
	house.url = await addressIn(server.stdout);
	house.token = relais(["token", "create", "--data", data, "--name", "other desk", "--role", "admin"]);
	for (const role of ["advisor", "preparer", "warranty", "auditor", "admin"])
		relais(["user", "add", "--data", data, "--name", role, "--role", role], `${PASSWORD}\n`);
}

export async function open() {
	if (!house.url) await serve();
	house.browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

export async function close() {
	await house.browser?.close();
	if (server) await stop(server, data);
}

// What the page must never do is gathered while it is open: `clean` is asked at the end.
export async function visit({ role = "admin", path = "#/desk", language = "en", dark = false, phone = false, site = "LYO", signedIn = true, base = house.url } = {}) {
	const context = await house.browser.newContext({
		viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
		colorScheme: dark ? "dark" : "light",
		reducedMotion: "reduce",
	});
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await context.addInitScript(
		([language, site]) => {
			if (window !== top || origin === "null") return; // in a box there is no storage
			localStorage.setItem("relais.language", language);
			if (!localStorage.getItem("relais.site")) localStorage.setItem("relais.site", site);
		},
		[language, site],
	);
	const page = await context.newPage();
	page.setDefaultTimeout(30_000);
	const faults = [];
	page.on("console", (message) => {
		// Chromium itself reports an answer of 401 or 409; what it means is on the screen.
		const status = /status of (401|409|412|422|428)/.test(message.text());
		if (["error", "warning"].includes(message.type()) && !status) faults.push(message.text());
	});
	page.on("pageerror", (error) => faults.push(error.stack));
	page.on("request", (request) => {
		if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) faults.push(`asked elsewhere: ${request.url()}`);
	});
	await page.goto(`${base}/${path}`);
	if (signedIn) await signIn(page, role);
	return {
		page,
		async clean() {
			await context.close();
			assert.deepEqual(faults, []);
		},
	};
}

export async function signIn(page, role, password = PASSWORD) {
	const name = page.locator("input[name=name]");
	await name.or(page.locator("header nav")).first().waitFor();
	if (!(await name.isVisible())) return;
	await name.fill(role);
	await page.locator("input[name=password]").fill(password);
	await page.keyboard.press("Enter");
}

// Another client, beside the browser.
function ask(method, path, body, more) {
	return fetch(house.url + path, {
		method,
		headers: {
			Authorization: `Bearer ${house.token}`,
			"Content-Type": "application/json",
			...(method === "POST" ? { "Idempotency-Key": crypto.randomUUID() } : {}),
			...more,
		},
		body: body && JSON.stringify(body),
	});
}

export async function other(method, path, body, more) {
	const response = await ask(method, path, body, more);
	const text = await response.text();
	assert.ok(response.ok, text);
	return text ? JSON.parse(text) : null;
}

// What the server says no with.
export async function refused(method, path, body) {
	const response = await ask(method, path, body);
	assert.ok(!response.ok, await response.text());
	return response.status;
}

export const day = (plus) => new Date(Date.now() + plus * 86_400_000).toISOString().slice(0, 10);

// A working day, far enough that nothing of the demonstration is in the way.
export function workingDay(plus) {
	const date = new Date(Date.now() + plus * 86_400_000);
	while ([0, 6].includes(date.getUTCDay())) date.setUTCDate(date.getUTCDate() + 1);
	return date.toISOString().slice(0, 10);
}

// A site that never closes: what is promised on it does not hang on when the tests run.
export const allHours = (id, name) => ({
	name,
	time_zone: "Europe/Paris",
	market: "EU",
	currency: "EUR",
	locale: "fr-FR",
	grace_minutes: 59,
	opening: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", until: "24:00" }],
	holidays: [],
	handover_minutes: 15,
	return_minutes: 15,
	max_service_distance_km: 100,
	accompanied_max_km: 25,
	tariff: { loaner_brand: { unit: "day", price: 9000 } },
	phone: "+33 4 65 71 00 10",
	address: id,
});

// A car of such a site.
export const putCar = (site, i, more = {}) =>
	other("PUT", `/v1/resources/${site}-${i}`, {
		site,
		kind: "car",
		solutions: ["loaner_brand"],
		class: "grecale",
		label: `Grecale ${i}`,
		plate: `${site.slice(0, 1)}X-10${i}-${site.slice(0, 1)}X`,
		energy: "petrol",
		seats: 1,
		turnaround_minutes: 0,
		status: "active",
		now: { where: "yard", key: `K${i}`, ready: true, fuel_percent: 90, damages: [{ zone: "boot", kind: "scratch" }] },
		...more,
	});

// An offer of a loan there for the car that every test knows.
export const loanOffer = (site, from, until) =>
	other("POST", "/v1/offers", {
		site,
		vin: "ZAMDEMC1T0D200010",
		jobs: [{ type: "recall", immobilisation_minutes: 120 }],
		drop_off_at: from,
		loan_from: from,
		loan_to: until,
	});
