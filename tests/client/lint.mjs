// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// The description as a linter of such descriptions sees it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createConfig, lintFromString } from "@redocly/openapi-core";

// No server is named: the description does not know under which address it is served, and is read from there.
// Shapes of events and of lines of an export stand in streams, where no operation can point at them.
const RULES = { "no-empty-servers": "off", "no-unused-components": "off" };

test("the description has no faults", async () => {
	const config = await createConfig({ extends: ["recommended"], rules: RULES });
	const source = readFileSync("openapi.json", "utf8");
	const found = await lintFromString({ source, config, absoluteRef: "openapi.json" });
	assert.deepEqual(found.map((one) => `${one.ruleId} ${one.location[0]?.pointer}: ${one.message}`), []);
});
