// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Papers: the agreement is read and signed on the screen, by hand and by keyboard; photos and scans join the booking;
// what is printed fits its pages.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { allHours, house, loanOffer, other, putCar, visit } from "./house.mjs";
import { judge } from "./judge.mjs";

const SITE = "PAPERS";
const LANGUAGES = ["en", "fr", "it"];
const at = (hours) => new Date(Math.ceil(Date.now() / 900_000) * 900_000 + hours * 3_600_000).toISOString();

let furnished;
const furnish = () => (furnished ??= make());
async function make() {
	await other("PUT", `/v1/sites/${SITE}`, allHours(SITE, "Papers site (invented)"));
	for (let i = 1; i <= 6; i++) await putCar(SITE, i, i > 3 ? {} : { now: { where: "yard", key: `K${i}`, ready: false, fuel_percent: 90, damages: [{ zone: "boot", kind: "scratch" }] } });
}

async function promise(from, until) {
	await furnish();
	const { offer } = await loanOffer(SITE, at(from), at(until));
	return other("POST", "/v1/bookings", { offer, solution: "loaner_brand" });
}

const open = (booking, more = {}) => visit({ site: SITE, path: `#/desk?booking=${booking.booking}`, ...more });
const now = (booking) => other("GET", `/v1/bookings/${booking.booking}`);
const attached = async (booking) => (await other("GET", `/v1/bookings/${booking.booking}/attachments`)).items;
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

async function bytesOf(path) {
	const answer = await fetch(house.url + path, { headers: { Authorization: `Bearer ${house.token}` } });
	assert.equal(answer.status, 200, path);
	return { bytes: Buffer.from(await answer.arrayBuffer()), headers: answer.headers };
}

// A picture that the browser makes: sharp enough to be recognised, larger than what is kept.
async function picture(page, type = "image/jpeg", width = 3200, height = 2400) {
	const list = await page.evaluate(
		async ([type, width, height]) => {
			const canvas = document.createElement("canvas");
			Object.assign(canvas, { width, height });
			const pen = canvas.getContext("2d");
			pen.fillStyle = "#345";
			pen.fillRect(0, 0, width, height);
			pen.fillStyle = "#fff";
			pen.fillRect(100, 100, 400, 300);
			const blob = await new Promise((done) => canvas.toBlob(done, type));
			return [...new Uint8Array(await blob.arrayBuffer())];
		},
		[type, width, height],
	);
	return Buffer.from(list);
}

test("the agreement is shown alone, signed with the pointer, kept to the byte and printed with its signature", async () => {
	const booking = await promise(1, 5);
	const { page, clean } = await open(booking);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Hand over" }).click();
	await dialog.getByLabel("Odometer (km)").fill("8123");
	await dialog.getByRole("button", { name: "Show the agreement" }).click();
	const frame = page.frameLocator("iframe");
	await frame.getByText("8123").waitFor();
	await judge(page, "agreement");
	const shown = await page.locator("iframe").getAttribute("src");
	// what the frame shows is in a box: no script, another origin
	assert.equal(await page.evaluate(() => document.querySelector("iframe").contentDocument), null);
	await dialog.getByLabel("Language of the agreement").selectOption("it");
	await frame.getByText("Contratto di comodato").waitFor();
	const italian = await page.locator("iframe").getAttribute("src");
	assert.notEqual(italian, shown);
	// another figure: what is shown is not what would be signed
	await dialog.getByLabel("Odometer (km)").fill("8124");
	await dialog.getByText("The form has changed since this page was made.").waitFor();
	await dialog.getByRole("button", { name: "Show it as it is now" }).click();
	await frame.getByText("8124").waitFor();
	const digest = (await page.locator("iframe").getAttribute("src")).split("/").at(-1);
	const field = dialog.getByRole("img", { name: "Field for the signature" });
	await field.scrollIntoViewIfNeeded();
	const box = await field.boundingBox();
	await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.6);
	await page.mouse.down();
	for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + box.width * (0.2 + i * 0.05), box.y + box.height * (0.6 - (i % 3) * 0.15));
	await page.mouse.up();
	await dialog.getByRole("button", { name: "Sign the agreement" }).click();
	await page.getByText("The agreement is signed and kept.").waitFor();
	const kept = (await now(booking)).agreement;
	assert.equal(kept.sha256, digest);
	assert.equal(kept.language, "it");
	const path = `/v1/bookings/${booking.booking}`;
	const { bytes, headers } = await bytesOf(`${path}/attachments/${kept.attachment}`);
	assert.equal(sha256(bytes), digest);
	assert.equal(headers.get("etag"), `"${digest}"`);
	assert.match(headers.get("content-security-policy"), /sandbox/);
	const printed = (await bytesOf(`${path}/agreement`)).bytes.toString();
	assert.match(printed, /<path[^>]* d="M\d+ \d+ L/);
	assert.ok(printed.includes(digest));
	// the keys follow, with the time of the signature
	assert.ok(await dialog.getByLabel("Agreement signed").isChecked());
	await dialog.getByRole("button", { name: "Hand over" }).last().click();
	await page.getByText("The keys are handed over.").waitFor();
	const out = (await now(booking)).out;
	assert.equal(Date.parse(out.agreement_signed_at), Date.parse(kept.at));
	await other("POST", `${path}/check-in`, {});
	await clean();
});

test("whoever cannot draw signs with the keyboard; what changed meanwhile is shown anew", async () => {
	const booking = await promise(24, 30);
	const { page, clean } = await open(booking);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Hand over" }).click();
	await dialog.getByLabel("Odometer (km)").waitFor();
	await dialog.getByRole("button", { name: "Show the agreement" }).focus();
	await page.keyboard.press("Enter");
	await page.frameLocator("iframe").locator("h1").waitFor();
	const before = await page.locator("iframe").getAttribute("src");
	await other("POST", `/v1/bookings/${booking.booking}/reschedule`, { from: at(25), until: at(31) });
	await dialog.getByLabel("Or type the full name").focus();
	await page.keyboard.type("A. Fable");
	await page.keyboard.press("Tab");
	await page.keyboard.press("Enter");
	await page.getByText("Something in the agreement has changed").waitFor();
	await page.waitForFunction((was) => document.querySelector("iframe")?.getAttribute("src") !== was, before);
	assert.equal((await now(booking)).agreement, undefined);
	await dialog.getByRole("button", { name: "Sign the agreement" }).focus();
	await page.keyboard.press("Enter");
	await page.getByText("The agreement is signed and kept.").waitFor();
	const kept = (await now(booking)).agreement;
	assert.equal(kept.typed, true);
	const ink = (await bytesOf(`/v1/bookings/${booking.booking}/attachments/${kept.signature}`)).bytes.toString();
	assert.match(ink, />A\. Fable<\/text>/);
	await clean();
});

test("photos of damage: made smaller, a thumb, taken away before they are kept, and there afterwards", async () => {
	const booking = await promise(48, 54);
	const { page, clean } = await open(booking);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Hand over" }).click();
	await dialog.getByLabel("Odometer (km)").waitFor();
	// a car that nobody had this minute
	await dialog.getByLabel("Car handed over").selectOption(`${SITE}-6`);
	await dialog.locator(".ripple").waitFor();
	const buffer = await picture(page);
	await dialog.getByLabel("Where").selectOption("bonnet");
	const file = { name: "a.jpg", mimeType: "image/jpeg", buffer };
	await dialog.getByLabel("Photo: Bonnet").setInputFiles([file, { ...file, name: "b.jpg" }]);
	await dialog.locator(".thumbs img").nth(1).waitFor();
	await judge(page, "photos");
	await dialog.getByRole("button", { name: "Remove photo 2" }).click();
	assert.equal(await dialog.locator(".thumbs img").count(), 1);
	assert.equal((await attached(booking)).length, 0);
	await dialog.getByLabel("Photo: Bonnet").setInputFiles({ name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("no picture") });
	await page.getByText("notes.jpg is no photo that can be read.").waitFor();
	await dialog.getByRole("button", { name: "Hand over" }).last().click();
	await page.getByText("The keys are handed over.").waitFor();
	const [photo, ...more] = await attached(booking);
	assert.equal(more.length, 0);
	assert.deepEqual([photo.kind, photo.moment, photo.zone, photo.type], ["damage_photo", "check_out", "bonnet", "image/jpeg"]);
	const { bytes } = await bytesOf(`/v1/bookings/${booking.booking}/attachments/${photo.attachment}`);
	const size = await page.evaluate(async (list) => {
		const image = await createImageBitmap(new Blob([new Uint8Array(list)]));
		return [image.width, image.height];
	}, [...bytes]);
	assert.deepEqual(size, [1600, 1200]);
	await other("POST", `/v1/bookings/${booking.booking}/check-in`, {});
	await clean();
});

test("a scan joins the booking as it is; what is no paper is refused in words", async () => {
	const booking = await promise(72, 78);
	const { page, clean } = await open(booking);
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: "Papers" }).click();
	await dialog.getByText("Nothing is attached yet.").waitFor();
	await judge(page, "papers, none");
	const scan = Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(600_000, "scan of a paper\n")]);
	await dialog.getByLabel("Attach a file").setInputFiles({ name: "loan.pdf", mimeType: "application/pdf", buffer: scan });
	await page.getByText("loan.pdf is attached.").waitFor();
	const link = dialog.getByRole("link", { name: "Scan" });
	await link.waitFor();
	const { bytes } = await bytesOf(await link.getAttribute("href"));
	assert.equal(sha256(bytes), sha256(scan));
	await dialog.getByLabel("What it is").selectOption("agreement");
	await dialog.getByLabel("Attach a file").setInputFiles({ name: "signed.png", mimeType: "image/png", buffer: await picture(page, "image/png", 400, 300) });
	await page.getByText("signed.png is attached.").waitFor();
	assert.equal((await now(booking)).agreement.paper, true);
	await judge(page, "papers");
	await dialog.getByLabel("Attach a file").setInputFiles({ name: "x.pdf", mimeType: "application/pdf", buffer: Buffer.from("<html>") });
	await page.getByText("neither PDF nor JPEG nor PNG").waitFor();
	assert.equal((await attached(booking)).length, 2);
	await clean();
});

test("the strip says which agreement is missing; a car is made ready there", async () => {
	const booking = await promise(2, 6);
	const { resource } = await now(booking);
	await other("PUT", `/v1/resources/${resource}`, { ...(await other("GET", `/v1/resources/${resource}`)), now: { where: "yard", key: "K9", ready: false } }, { "If-Match": "*" });
	const { page, clean } = await visit({ site: SITE, path: "#/desk" });
	const strip = page.getByRole("region", { name: "Next" });
	await strip.getByText("agreement to sign").first().waitFor();
	await judge(page, "arrivals");
	const plate = (await other("GET", `/v1/resources/${resource}`)).plate;
	await strip.getByRole("button", { name: `${plate} is ready` }).first().click();
	await page.waitForFunction((name) => !document.querySelector(`[aria-label="${name}"]`), `${plate} is ready`);
	assert.equal((await other("GET", `/v1/resources/${resource}`)).now.ready, true);
	for (const name of ["Day sheet", "48-hour list"]) {
		const href = await strip.getByRole("link", { name }).getAttribute("href");
		assert.match((await bytesOf(href)).bytes.toString(), /^<!doctype html>/);
	}
	await clean();
});

test("the house writes its own conditions, in each language, and they stand on the agreement", async () => {
	const booking = await promise(96, 100);
	const path = (language) => `/v1/bookings/${booking.booking}/agreement?language=${language}`;
	assert.match((await bytesOf(path("it"))).bytes.toString(), /Testo di esempio/);
	const { page, clean } = await visit({ site: SITE, path: "#/admin/site" });
	const words = { français: "Nos conditions.\n\nEt la suite.", italiano: "Le nostre condizioni." };
	for (const [language, text] of Object.entries(words)) await page.getByLabel(`General conditions of loan, ${language}`).fill(text);
	await judge(page, "texts of the house");
	await page.getByRole("button", { name: "Keep", exact: true }).click();
	await page.getByText("It is kept.").waitFor();
	assert.deepEqual((await other("GET", `/v1/sites/${SITE}`)).texts, { loan_agreement: { fr: words.français, it: words.italiano } });
	assert.match((await bytesOf(path("it"))).bytes.toString(), /Le nostre condizioni\./);
	assert.match((await bytesOf(path("fr"))).bytes.toString(), /<p>Nos conditions\.<\/p><p>Et la suite\.<\/p>/);
	// without a text of its own a language has the site's
	assert.match((await bytesOf(path("en"))).bytes.toString(), /Nos conditions\./);
	await clean();
});

// What is printed, page by page, where somebody wants to look at it: RELAIS_SHOTS names a folder.
async function printed(page, name) {
	const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
	if (process.env.RELAIS_SHOTS) {
		if (!existsSync(process.env.RELAIS_SHOTS)) mkdirSync(process.env.RELAIS_SHOTS, { recursive: true });
		writeFileSync(join(process.env.RELAIS_SHOTS, `${name}.pdf`), pdf);
	}
	assert.ok(pdf.length > 5000, name);
}

// On a sheet of A4 nothing is wider than the paper, and no text runs out of its cell.
async function fits(page, width, name) {
	await page.emulateMedia({ media: "print" });
	await page.setViewportSize({ width, height: 1000 });
	const faults = await page.evaluate(() => {
		const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
		const cut = [...document.querySelectorAll("td, th, dd, dt, p, h1, h2, li")].filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline");
		return [...(wide > 0 ? [`${wide} px too wide`] : []), ...cut.map((e) => e.outerHTML.slice(0, 120))];
	});
	assert.deepEqual(faults, [], name);
}

test("each printed page in each language: nothing missing, nothing cut, axe content", async () => {
	const PORTRAIT = 688; // px: A4 less its margins
	const LANDSCAPE = 1016;
	const { items } = await other("GET", "/v1/bookings?site=LYO&status=booked&limit=60");
	const loan = items.find((b) => b.solution.startsWith("loaner") && b.terms.customer_minor > 0) ?? items[0];
	const day = loan.from.slice(0, 10);
	const { page, clean } = await visit({ path: "#/desk" });
	await page.locator("header nav").waitFor();
	for (const language of LANGUAGES) {
		const pages = [
			[`/v1/bookings/${loan.booking}/agreement?language=${language}`, PORTRAIT],
			[`/v1/sheets/day?site=LYO&day=${day}&language=${language}`, LANDSCAPE],
			[`/v1/sheets/ahead?site=LYO&day=${day}&language=${language}`, LANDSCAPE],
		];
		for (const [path, width] of pages) {
			const name = `${/(agreement|day|ahead)/.exec(path)[1]}-${language}`;
			// In a box no script runs, and axe is one: the same bytes are looked at outside of it.
			const { bytes } = await bytesOf(path);
			await page.goto("about:blank");
			await page.emulateMedia({ media: "screen" });
			await page.setContent(bytes.toString());
			await judge(page, name);
			assert.equal(await page.locator("html").getAttribute("lang"), language);
			await fits(page, width, name);
			await printed(page, name);
			await page.setViewportSize({ width: 390, height: 844 });
		}
	}
	await clean();
});
