// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Who works here, at which site, and whether the server can be reached.

import { ask, get, useCsrf, watch } from "./api.js";
import { known } from "./early.js";
import { complain } from "./notices.svelte.js";
import { wallClock } from "./time.js";
import { name } from "./words.svelte.js";

export const house = $state({
	ready: false, // asked who is signed in
	who: null, // {name, role, sites, csrf}
	sites: [],
	site: null, // the whole site
	documents: {}, // names of papers, from the rule set
	jobs: [], // kinds of job, from the rule set
	programmes: [], // what may cover
	online: true,
	now: 0, // wall clock of the site, in minutes
	hush: false, // other customers' names are hidden
});

watch({
	signedOut: () => leave(),
	reached: (yes) => (house.online = yes),
});

function leave() {
	useCsrf("");
	Object.assign(house, { who: null, site: null, sites: [] });
}

async function enter(session) {
	useCsrf(session.csrf);
	house.who = session;
	await readSites();
	readRules().catch(complain); // names of papers and jobs: no screen waits for them
}

export async function readSites() {
	const { items } = await get("/v1/sites");
	house.sites = items;
	const wanted = localStorage.getItem("relais.site");
	const site = items.find((s) => s.site === wanted) ?? items[0] ?? null;
	useSite(site?.site);
}

// Papers and jobs are named by the rule set in force.
async function readRules() {
	if (!may("look")) return;
	const { items } = await get("/v1/rulesets");
	const newest = items.toSorted((a, b) => (a.valid_from < b.valid_from ? 1 : -1))[0];
	if (!newest) return;
	const rules = await get(`/v1/rulesets/${encodeURIComponent(newest.version)}`);
	house.documents = rules.documents ?? {};
	house.jobs = rules.job_types ?? [];
	house.programmes = (rules.programmes ?? []).map((p) => p.id ?? p.programme ?? p);
}

export function useSite(id) {
	house.site = house.sites.find((s) => s.site === id) ?? null;
	if (!house.site) return;
	known.keep(house.site);
	tick();
}

function tick() {
	if (house.site) house.now = wallClock(house.site.time_zone);
}
setInterval(tick, 10000);

export async function resume() {
	try {
		await enter((await ask("GET", "/v1/session", { quiet: true })).body);
	} catch {
		leave();
	}
	house.ready = true;
}

export async function signIn(name, password) {
	const { body } = await ask("POST", "/v1/session", { body: { name, password }, quiet: true });
	await enter(body);
}

export async function firstStart(token, name, password) {
	const { body } = await ask("POST", "/v1/session/first", { body: { token, name, password }, quiet: true });
	await enter(body);
}

export async function signOut(everywhere) {
	await ask("DELETE", everywhere ? "/v1/sessions" : "/v1/session", { quiet: true });
	known.forget();
	leave();
}

export const roles = ["operator", "advisor", "preparer", "manager", "warranty", "auditor", "admin"];
const rights = {
	book: ["operator", "advisor", "manager", "admin"],
	hand_over: ["advisor", "manager", "admin"],
	manage: ["manager", "admin"],
	prepare: ["preparer", "manager", "admin"],
	figures: ["manager", "warranty", "auditor", "admin"],
	look: roles.filter((role) => role !== "preparer"),
	claim: ["warranty", "admin"],
	audit: ["warranty", "auditor", "admin"],
	look_after: ["manager", "warranty", "auditor", "admin"], // sites and cars, by some only looked at
	users: ["admin"],
};

// What the server allows anyway; here so that nobody is offered what would be refused.
export function may(what) {
	return rights[what]?.includes(house.who?.role) ?? false;
}

export const customersWord = (key, language) =>
	house.documents[key]?.names?.[language] ?? name("document", key);
