// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Which days the board shows, as its address says, and where they are asked for.

import { query } from "../lib/api.js";
import { DAY, day, local, minutes } from "../lib/time.js";

export const ZOOMS = [7, 14, 30, 60];

export function spanOf(asked, now) {
	return {
		days: ZOOMS.includes(+asked.days) ? +asked.days : 30,
		from: /^\d{4}-\d\d-\d\d$/.test(asked.from ?? "") ? minutes(asked.from) : day(now) - DAY,
	};
}

export const boardPath = (site, from, until) => query("/v1/board", { site, from: local(from), until: local(until) });
