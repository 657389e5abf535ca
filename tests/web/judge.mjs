// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// What every screen must be: axe content, nothing wider than the window, no name where words belong.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export async function judge(page, what) {
	// The policy of the pages lets no script in from here: it goes in through the debugger.
	await page.evaluate(axe);
	const { violations } = await page.evaluate((tags) => axe.run(document, { runOnly: tags }), TAGS);
	assert.deepEqual(
		violations.map((v) => `${what}: ${v.id} ${v.nodes[0].html} ${v.nodes[0].failureSummary}`),
		[],
	);
	// Nothing runs out of the window sideways.
	const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	assert.ok(over <= 0, `${what}: ${over} px too wide`);
	assert.doesNotMatch(await page.locator("body").innerText(), /\b(status|verb|board|answer|today|day|task|said|complaint|asked|voice|booking|admin|block|figures|imports|claim|missing|light|ledger|order)\.[a-z_]/, what);
}
