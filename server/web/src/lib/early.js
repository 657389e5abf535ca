// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Whoever worked here before most likely still does: what the first screen will ask is asked at once, beside each
// other, and each answer is used once by the first that asks for it. It is a guess, and costs nothing when it is wrong.

import { boardPath, spanOf } from "../board/span.js";
import { DAY, wallClock } from "./time.js";
import { early } from "./api.js";
import { route } from "./route.svelte.js";
import { firstLanguage, speak } from "./words.svelte.js";

export const known = {
	get site() {
		return localStorage.getItem("relais.site");
	},
	get zone() {
		return localStorage.getItem("relais.zone");
	},
	keep(site) {
		localStorage.setItem("relais.site", site.site);
		localStorage.setItem("relais.zone", site.time_zone);
	},
	forget: () => localStorage.removeItem("relais.zone"),
};

// The screen's own part of the script.
const parts = { board: () => import("../board/Board.svelte"), today: () => import("../today/Today.svelte") };

speak(firstLanguage()); // before all else: nothing is drawn without words
if (known.site && known.zone) {
	early("/v1/session");
	early("/v1/sites");
	parts[route.parts[0]]?.();
	if (route.parts[0] === "board") {
		const { from, days } = spanOf(route.query, wallClock(known.zone));
		early(boardPath(known.site, from, from + days * DAY));
	}
}
