// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

import { house } from "../lib/house.svelte.js";
import { wallClock } from "../lib/time.js";
import { moment } from "../lib/words.svelte.js";

// An instant of the installation ("...Z") as the clock of the site one works at showed it.
export function momentOf(instant) {
	return moment(wallClock(house.site?.time_zone ?? "UTC", new Date(instant)));
}
