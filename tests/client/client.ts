// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Operations by their id; address, method and the form of every answer are what the description says. An answer
// that is not described, or not as described, throws.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as formats from "ajv-formats";
import createClient from "openapi-fetch";
import type { operations, paths } from "./api.js";

type Media = { content?: Record<string, unknown> };
type Operation = { operationId: string; parameters?: ({ name?: string; $ref?: string })[]; responses: Record<string, Media & { $ref?: string }> };
type Description = { paths: Record<string, Record<string, Operation>>; components: Record<string, Record<string, unknown>> };

export type Id = keyof operations;
type Given<K extends Id> = operations[K]["parameters"];
type Body<K extends Id> = NonNullable<operations[K]["requestBody"]> extends { content: { "application/json": infer B } } ? B : undefined;
type Json<R> = R extends { content: { "application/json": infer B } } ? B : undefined;
type Responses<K extends Id> = operations[K]["responses"];
export type Answer<K extends Id, S extends keyof Responses<K>> = { body: Json<Responses<K>[S]>; headers: Headers };

const description: Description = JSON.parse(readFileSync("openapi.json", "utf8"));
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default.default(ajv);
ajv.addSchema(description, "openapi");

const operations = new Map<string, { path: string; method: string; operation: Operation }>();
for (const [path, methods] of Object.entries(description.paths))
	for (const [method, operation] of Object.entries(methods)) operations.set(operation.operationId, { path, method, operation });

const pointer = (...steps: string[]) => steps.map((step) => `/${encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

// The answer against what is said of its status and type.
function check(id: string, response: Response, body: unknown) {
	const { path, method, operation } = operations.get(id)!;
	const status = String(response.status);
	let said = operation.responses[status];
	assert.ok(said, `${id}: ${status} is not described: ${JSON.stringify(body)}`);
	let at = pointer("paths", path, method, "responses", status);
	if (said.$ref) {
		const name = said.$ref.split("/").at(-1)!;
		said = description.components["responses"]![name] as Media;
		at = pointer("components", "responses", name);
	}
	if (!said.content) {
		assert.equal(body, undefined, `${id}: ${status} has no body`);
		return;
	}
	const type = response.headers.get("content-type")?.split(";")[0] ?? "";
	assert.ok(said.content[type], `${id}: ${status} is not described as ${type}`);
	const form = ajv.compile({ $ref: `openapi#${at}${pointer("content", type, "schema")}` });
	assert.ok(form(body), `${id}: ${status} is not as described: ${ajv.errorsText(form.errors)}`);
}

export function client(baseUrl: string, headers: Record<string, string>) {
	const asks = createClient<paths>({ baseUrl, headers });
	return async function call<K extends Id, S extends keyof Responses<K> & number>(
		id: K,
		status: S,
		given: Partial<Given<K>> = {},
		body?: Body<K>,
	): Promise<Answer<K, S>> {
		const named = operations.get(id);
		assert.ok(named, `${id} is not described`);
		const header: Record<string, unknown> = { ...(given as { header?: object }).header };
		if (named.operation.parameters?.some((one) => one.$ref?.endsWith("/IdempotencyKey"))) header["Idempotency-Key"] ??= randomUUID();
		const init = { params: { ...given, header }, ...(body === undefined ? {} : { body }) };
		// One call for all operations: what it takes was checked by `Given` and `Body`.
		const ask = asks.request as unknown as (m: string, p: string, i: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
		const { data, error, response } = await ask(named.method, named.path, init);
		const told = response.status === 204 || response.status === 304 ? undefined : (data ?? error);
		check(id, response, told);
		assert.equal(response.status, status, `${id}: ${JSON.stringify(told)}`);
		return { body: told as Answer<K, S>["body"], headers: response.headers };
	};
}
