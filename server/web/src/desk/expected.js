// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// An appointment in one breath: when, with whom, when the car is back.

import { dayLong, t, timeOf } from "../lib/words.svelte.js";

export function expected(time) {
	const comes = t("times.comes", { day: dayLong(time.at), time: timeOf(time.at), desk: time.label });
	return time.back_at ? `${comes} ${t("times.back", { day: dayLong(time.back_at), time: timeOf(time.back_at), desk: time.back_label })}` : comes;
}
