// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Every language says everything: the same names in each catalogue, and every name the pages use.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

const source = join(process.env.RELAIS_ROOT, "server/web/src");
const files = readdirSync(source, { recursive: true }).map(String);
const catalogues = Object.fromEntries(
	files.filter((f) => f.startsWith("words/")).map((f) => [f.slice(6, 8), JSON.parse(readFileSync(join(source, f), "utf8"))]),
);

const holes = (text) => [...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((m) => m[1]);

test("the catalogues have the same names, each with its text", () => {
	const names = Object.keys(catalogues.en);
	assert.ok(names.length > 300);
	for (const [language, texts] of Object.entries(catalogues)) {
		assert.deepEqual(Object.keys(texts).sort(), [...names].sort(), language);
		for (const name of names) {
			assert.ok(JSON.stringify(texts[name]).length > 2, `${language} ${name}`);
			assert.deepEqual(new Set(holes(texts[name])), new Set(holes(catalogues.en[name])), `${language} ${name}`);
		}
	}
});

test("a text with forms has every form its language needs", () => {
	for (const [language, texts] of Object.entries(catalogues)) {
		const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
		for (const [name, text] of Object.entries(texts))
			if (typeof text === "object") for (const form of forms) assert.ok(text[form], `${language} ${name} ${form}`);
	}
});

test("every name that the pages look up is there", () => {
	let looked = 0;
	for (const file of files.filter((f) => /\.(svelte|js)$/.test(f))) {
		const text = readFileSync(join(source, file), "utf8");
		for (const [, name] of text.matchAll(/\bt\(\s*"([^"]+)"/g)) {
			assert.ok(name in catalogues.en, `${file}: ${name}`);
			looked++;
		}
		// t(`status.${shown}`): at least one text begins so.
		for (const [, start] of text.matchAll(/\bt\(`([\w.]+)\$\{/g)) {
			assert.ok(Object.keys(catalogues.en).some((name) => name.startsWith(start)), `${file}: ${start}`);
			looked++;
		}
	}
	assert.ok(looked > 200);
});
