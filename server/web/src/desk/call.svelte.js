// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// One telephone call: whose car, what is to be done, what was offered, what was promised. The parts of the desk
// read and change this; whoever asks the server is here.

import { ask, get, newKey, post, query } from "../lib/api.js";
import { house } from "../lib/house.svelte.js";
import { complain, reason, say } from "../lib/notices.svelte.js";
import { go } from "../lib/route.svelte.js";
import { DAY, day, local, minutes, nextOpen } from "../lib/time.js";
import { t } from "../lib/words.svelte.js";
import { findBridge } from "./bridge.js";

const HOLD_MINUTES = 2;

function blank() {
	return {
		vehicle: null,
		customer: null,
		cars: [], // of a customer who was found by name
		jobs: [], // [{type, minutes}]
		dropOff: "",
		estimate: "likely",
		distance: "",
		immobile: false,
		need: "",
		onward: false, // the jobs are said: the question comes next
		answer: "", // "", agreed, waits_here, own_means, declined
		offer: null,
		asking: false,
		fault: "",
		bridge: null, // a ride now and a car later: bridge.js
		picked: null, // {solution, class, from, until, resource}
		hold: null,
		done: null, // the booking, or the visit that was kept
		visit: null,
		why: "", // another car although a Maserati was free
		note: "",
		confirmed: false, // phone and address were read to the customer and are right
		last: null, // the latest loan of this car: {solution, class, note}
		waiting: {}, // solution → {waiting, place}
		times: null, // when he may come: {items, latest_at}
		appointment: null, // the one of them that suits
		urgent: false,
	};
}

export const call = $state(blank());

let key = newKey(); // of the booking that is being made
let asking = null;
let soon = null;
let asked = Promise.resolve();

export function begin() {
	asking?.abort();
	Object.assign(call, blank(), { dropOff: local(nextOpen(house.site, day(house.now) + DAY)) });
	key = newKey();
}

export async function takeVehicle(vin) {
	begin();
	try {
		call.vehicle = await get(`/v1/vehicles/${encodeURIComponent(vin)}`);
		call.immobile = call.vehicle.immobile ?? false;
		if (call.vehicle.owner) call.customer = await get(`/v1/customers/${encodeURIComponent(call.vehicle.owner)}`);
		await lastTime(vin);
	} catch (error) {
		complain(error);
	}
}

async function lastTime(vin) {
	const { items } = await get(query("/v1/bookings", { site: house.site.site, vin, status: "returned", limit: 100 }));
	const newest = items.toSorted((a, b) => minutes(b.from) - minutes(a.from))[0];
	if (newest && call.vehicle?.vin === vin) call.last = { solution: newest.solution, class: newest.class, note: newest.notes?.at(-1)?.text ?? "" };
}

// What was good last time is chosen again, where it can be had.
export function asLastTime() {
	const solution = solutionOf(call.last?.solution);
	if (!solution?.available || solution.terms.decision === "not_offered") return false;
	pick(solution, solution.classes.find((c) => c.available && c.class === call.last.class));
	call.note ||= call.last.note;
}

export async function takeCustomer(id) {
	begin();
	try {
		call.customer = await get(`/v1/customers/${encodeURIComponent(id)}`);
		const { name, phone } = call.customer.person ?? {};
		const { items } = await get(query("/v1/search", { q: phone || name }));
		const cars = items.filter((hit) => hit.kind === "vehicle" && hit.customer === id);
		if (cars.length === 1) {
			call.vehicle = await get(`/v1/vehicles/${encodeURIComponent(cars[0].vin)}`);
			call.immobile = call.vehicle.immobile ?? false;
		} else call.cars = cars;
	} catch (error) {
		complain(error);
	}
}

export const language = () => call.customer?.language;

function request() {
	return {
		site: house.site.site,
		vin: call.vehicle?.vin,
		customer: call.customer?.customer,
		visit: call.visit ?? undefined,
		jobs: call.jobs.map((job) => ({ type: job.type, immobilisation_minutes: job.minutes })),
		drop_off_at: call.dropOff,
		ready_at: chosenTime()?.ready_at,
		loan_from: chosenTime()?.until,
		distance_km: call.distance === "" ? undefined : Number(call.distance),
		immobile: call.immobile || undefined,
		need: call.need || undefined,
		driver: driver(),
	};
}

// Both dates, or the check waits until the papers are seen.
function driver() {
	const { birth_on, licence } = call.customer?.person ?? {};
	const since = licence?.categories?.find((c) => c.code === "B")?.since;
	return birth_on && since ? { birth_on, licence_on: since } : undefined;
}

export function canAsk() {
	return call.jobs.length > 0 && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(call.dropOff);
}

// While somebody types, the server is asked when the hands rest.
export function askSoon() {
	call.asking = canAsk();
	clearTimeout(soon);
	soon = setTimeout(askOffer, 120);
}

// ---- when he may come ----

const why = () =>
	call.immobile ? "immobile" : call.urgent ? "urgent" : call.jobs.some((job) => job.type === "warranty_repair") ? "warranty" : "planned";

// Another drop-off that was typed since is no appointment.
export const chosenTime = () => (call.appointment?.at.slice(0, 16) === call.dropOff.slice(0, 16) ? call.appointment : null);

let seeking = null;
// Times on different load levels, from the wished day on; at once where it is urgent.
export async function seekTimes() {
	if (!house.site.appointments || !canAsk()) {
		call.times = null;
		return;
	}
	if (chosenTime()) return;
	seeking?.abort();
	const mine = (seeking = new AbortController());
	const soonest = ["urgent", "immobile"].includes(why());
	try {
		const { body } = await ask(
			"GET",
			query("/v1/appointments/times", {
				site: house.site.site,
				minutes: call.jobs.reduce((sum, job) => sum + job.minutes, 0),
				why: why(),
				after: soonest ? undefined : call.dropOff,
			}),
			{ signal: mine.signal },
		);
		call.times = body;
	} catch (error) {
		if (error.name !== "AbortError") call.times = null;
	}
}

export function takeTime(time) {
	if (call.hold) letGo();
	call.appointment = time;
	call.dropOff = time.at.slice(0, 16);
}

export function nextTime() {
	const items = call.times?.items ?? [];
	if (!items.length || call.done) return false;
	takeTime(items[(items.findIndex((one) => one.at === chosenTime()?.at) + 1) % items.length]);
}

// The customer has heard that it is later than promised, and took it.
function appointment() {
	const time = chosenTime();
	return time ? { at: time.at, desk: time.desk, why: why(), customer_agreed: time.too_late || undefined } : undefined;
}

// The offer for what is on the screen now: nothing is chosen, kept or promised by an older one.
export async function settled() {
	if (soon) askOffer();
	await asked;
}

export function askOffer() {
	clearTimeout(soon);
	soon = null;
	asked = inquire();
	return asked;
}

async function inquire() {
	asking?.abort();
	if (!canAsk()) {
		call.offer = null;
		call.asking = false;
		return;
	}
	const mine = (asking = new AbortController());
	call.asking = true;
	try {
		const { body } = await ask("POST", "/v1/offers", { body: request(), signal: mine.signal });
		call.offer = body;
		call.fault = "";
		call.picked = call.bridge = null;
		seekBridge();
	} catch (error) {
		if (error.name === "AbortError") return;
		call.offer = null;
		call.fault = reason(error);
	}
	if (asking === mine) call.asking = false;
}

// Once a car is wanted. Nobody waits for it: it joins what is on the screen, or does not.
function seekBridge() {
	const { offer } = call;
	if (call.answer !== "agreed" || !offer) return;
	findBridge(request(), offer).then((bridge) => call.offer === offer && (call.bridge = bridge), () => {});
}

// What is read aloud before anything was chosen: the first that is worth something and can be had, then or on
// another date; else the first that can be had.
export function foremost() {
	const all = call.offer?.solutions ?? [];
	const worth = all.filter((s) => s.terms.value_minor > 0);
	return worth.find((s) => s.available) ?? worth.find((s) => s.next.length) ?? all.find((s) => s.available) ?? all[0];
}

export const solutionOf = (id) => call.offer?.solutions.find((s) => s.solution === id);

// Rides and fetched cars have no class: the solution itself is then free or not.
export function pick(solution, choice) {
	if (call.hold) letGo();
	const free = solution.classes.find((c) => c.available);
	const chosen = choice ?? free ?? {};
	call.picked = { solution: solution.solution, class: chosen.class, from: chosen.from, until: chosen.until };
	key = newKey();
}

export function termsOf(picked) {
	const solution = solutionOf(picked?.solution);
	const proposal = solution?.next.find((n) => n.from === picked.from && n.class === picked.class);
	const own = solution?.classes.find((c) => c.class === picked?.class)?.terms;
	return { ...(own ?? solution?.terms), ...(proposal ?? {}) };
}

const maseratiWasFree = () => {
	const own = solutionOf("loaner_brand");
	return own?.available && own.terms.decision !== "not_offered";
};
export const mustSayWhy = () => !!call.picked && call.picked.solution !== "loaner_brand" && maseratiWasFree();

function promise() {
	const { solution, class: cls, from, until } = call.picked;
	return {
		offer: call.offer.offer,
		solution,
		class: cls,
		from,
		until,
		customer: call.customer?.customer,
		visit: call.visit ?? undefined,
		appointment: call.visit ? undefined : appointment(),
	};
}

export async function hold() {
	if (!call.picked || call.hold || chosenTime()) return;
	try {
		call.hold = await post("/v1/bookings", { ...promise(), hold_minutes: HOLD_MINUTES });
	} catch (error) {
		lost(error);
	}
}

async function letGo() {
	const held = call.hold;
	call.hold = null;
	try {
		await post(`/v1/bookings/${held.booking}/cancel`, { reason: t("book.let_go") });
	} catch {
		// It lapses by itself.
	}
}

export async function book() {
	if (!call.picked || !call.customer || call.done) return;
	try {
		const path = call.hold ? `/v1/bookings/${call.hold.booking}/book` : "/v1/bookings";
		const body = call.hold ? { customer: call.customer.customer } : promise();
		call.done = await post(path, body, { key });
		call.visit = call.done.visit;
		call.hold = null;
			await afterwards();
	} catch (error) {
		lost(error);
	}
}

// Both or neither, for one visit.
export async function takeBridge() {
	const { bridge, offer } = call;
	if (!bridge || !call.customer || call.done) return;
	call.bridge = null;
	try {
		const { visit } = await post("/v1/visits", { ...visitOf("agreed"), said: bridge.ride.say, value_minor: bridge.ride.terms.value_minor });
		const customer = call.customer.customer;
		const { items } = await post(`/v1/visits/${visit}/bookings`, {
			bookings: [
				{ offer: offer.offer, solution: bridge.ride.solution, customer },
				{ offer: bridge.offer, solution: bridge.car.solution, class: bridge.class, from: bridge.from, until: bridge.until, customer },
			],
		});
		call.visit = visit;
		call.done = items.at(-1);
		await afterwards();
	} catch (error) {
		lost(error);
	}
}

// The customer stands at the desk with the car: what was just promised can be handed over.
const WALK_IN_MINUTES = 60;
export function walksIn() {
	const free = solutionOf(call.picked?.solution)?.classes.find((c) => c.available && c.class === call.picked.class);
	const from = call.picked?.from ?? free?.from;
	return !!free?.resource && !!from && Math.abs(minutes(from) - house.now) <= WALK_IN_MINUTES;
}

export async function bookAndHandOver() {
	await book();
	if (call.done?.booking) go("desk", { booking: call.done.booking, do: "check-out" });
}

// Nothing is free then: whoever is patient is called when something is.
export async function waitFor(solution) {
	try {
		const mine = await post("/v1/waiting", { offer: call.offer.offer, solution, customer: call.customer?.customer, visit: call.visit ?? undefined });
		const { items } = await get(query("/v1/waiting", { site: house.site.site, status: "waiting", limit: 500 }));
		const before = items.filter((one) => one.solution === solution && one.waiting < mine.waiting);
		call.waiting[solution] = { waiting: mine.waiting, place: before.length + 1 };
		say(t("wait.kept"), { undo: () => leaveLine(solution) });
	} catch (error) {
		complain(error);
	}
}

export async function leaveLine(solution) {
	const { waiting } = call.waiting[solution] ?? {};
	if (!waiting) return;
	try {
		await post(`/v1/waiting/${waiting}/drop`);
		delete call.waiting[solution];
	} catch (error) {
		complain(error);
	}
}

// What belongs to the promise, but must not hold it up.
async function afterwards() {
	const words = [call.confirmed ? t("contact.confirmed") : "", mustSayWhy() && call.why ? `${t("book.why")}: ${call.why}` : "", call.note].filter(Boolean).join("\n");
	if (words) await post(`/v1/bookings/${call.done.booking}/note`, { text: words }).catch(complain);
	const { etag } = await ask("GET", `/v1/visits/${call.visit}`);
	await ask("PATCH", `/v1/visits/${call.visit}`, {
		body: { answer: "agreed", estimate: call.estimate },
		ifMatch: etag,
	}).catch(complain);
}

// Somebody else was faster, or the hold ran out: new dates are looked for at once.
function lost(error) {
	complain(error);
	call.hold = null;
	if (error.slug?.startsWith("appointment")) {
		call.appointment = null;
		seekTimes();
	}
	if (error.status === 409) askOffer();
}

const visitOf = (answer) => ({
	offer: call.offer.offer,
	site: house.site.site,
	vin: call.vehicle?.vin,
	customer: call.customer?.customer,
	jobs: request().jobs,
	drop_off_at: chosenTime()?.at ?? call.offer.drop_off_at ?? call.dropOff,
	appointment: appointment(),
	estimate: call.estimate,
	answer,
});

// "No, thank you" is an answer that is kept.
export async function keepAnswer(answer) {
	call.answer = answer;
	await settled();
	if (answer === "agreed") return seekBridge();
	if (!call.offer) return;
	const best = foremost();
	try {
		call.done = await post("/v1/visits", { ...visitOf(answer), said: best?.say, value_minor: best?.terms.value_minor });
		say(t("answer.kept"));
	} catch (error) {
		complain(error);
		call.answer = "";
	}
}

// A taxi today, a car from tomorrow: one more for the same visit.
export function another() {
	Object.assign(call, { done: null, picked: null, answer: "agreed", why: "", note: "" });
	key = newKey();
	askOffer();
}
