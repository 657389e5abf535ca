// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// One way to the server. What it refuses arrives as a Problem (RFC 9457), what cannot be reached as
// an Unreachable: whoever calls says what that means where it happened.

export class Problem extends Error {
	constructor(body, status) {
		super(body.detail || body.title || String(status));
		Object.assign(this, body, { status });
		this.slug = (body.type || "").replace("/problems/", "");
	}
}

export class Unreachable extends Error {}

const watchers = { signedOut: () => {}, reached: () => {} };
let csrf = "";

export function watch(what) {
	Object.assign(watchers, what);
}

export function useCsrf(token) {
	csrf = token ?? "";
}

// A key for one press of a button: repeating the same press must not book twice.
export function newKey() {
	return crypto.randomUUID();
}

// Answers that were asked for before anybody wanted them, by path; for the first seconds only.
const asked = new Map();
const EARLY_MS = 5000;

export function early(path) {
	asked.set(path, fetch(path, { headers: { Accept: "application/json" }, credentials: "same-origin" }));
	asked.get(path).catch(() => asked.delete(path));
	setTimeout(() => asked.delete(path), EARLY_MS);
}

function taken(method, path) {
	const answer = method === "GET" && asked.get(path);
	if (answer) asked.delete(path);
	return answer;
}

async function send(method, path, { body, bytes, key, ifMatch, signal }) {
	const headers = { Accept: "application/json" };
	if (body !== undefined) headers["Content-Type"] = "application/json";
	if (bytes) headers["Content-Type"] = "application/octet-stream";
	if (key) headers["Idempotency-Key"] = key;
	if (ifMatch) headers["If-Match"] = ifMatch;
	if (csrf && method !== "GET") headers["Relais-CSRF"] = csrf;
	try {
		const answer = await taken(method, path);
		if (answer) return answer;
		return await fetch(path, {
			method,
			headers,
			signal,
			credentials: "same-origin",
			body: bytes ?? (body === undefined ? undefined : JSON.stringify(body)),
		});
	} catch (error) {
		if (error.name === "AbortError") throw error;
		watchers.reached(false);
		throw new Unreachable("unreachable");
	}
}

// Answers {body, etag, status}.
export async function ask(method, path, options = {}) {
	const response = await send(method, path, options);
	watchers.reached(true);
	const text = await response.text();
	let body = null;
	try {
		body = text ? JSON.parse(text) : null;
	} catch {
		body = { detail: text.slice(0, 200) };
	}
	if (!response.ok) {
		if (response.status === 401 && !options.quiet) watchers.signedOut();
		throw new Problem(body ?? {}, response.status);
	}
	return { body, etag: response.headers.get("ETag"), status: response.status };
}

export async function get(path, options) {
	return (await ask("GET", path, options)).body;
}

export async function post(path, body = {}, options = {}) {
	return (await ask("POST", path, { key: newKey(), ...options, body })).body;
}

// Reads, changes, writes: the ETag of what was read goes along.
export async function edit(path, change) {
	const { body, etag } = await ask("GET", path);
	return (await ask("PUT", path, { body: change(body), ifMatch: etag })).body;
}

// Removes what was there a moment ago.
export async function drop(path) {
	const { etag } = await ask("GET", path);
	await ask("DELETE", path, { ifMatch: etag });
}

export function query(path, fields) {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(fields))
		if (value !== undefined && value !== null && value !== "") search.set(name, value);
	return `${path}?${search}`;
}
