// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Figures as people read them. What cannot be measured is a dash.

import { length, money, number, words } from "../lib/words.svelte.js";

const NONE = "–";
const intl = (value, options) => new Intl.NumberFormat(words.language, options).format(value);

export const percent = (mille) => (mille === null ? NONE : intl(mille / 1000, { style: "percent", maximumFractionDigits: 1 }));
export const rounded = (mille) => (mille === null ? NONE : intl(mille / 1000, { style: "percent", maximumFractionDigits: 0 }));
export const thousandths = (n) => (n === null ? NONE : intl(n / 1000, { maximumFractionDigits: 1 }));
export const whole = (n) => (n === null ? NONE : number(n));
export const hours = (minutes) => intl(minutes / 60, { maximumFractionDigits: 0 });
export const cost = (minor, currency) => money(minor, currency);

// Up to two days in hours, beyond in days.
export function lasting(minutes) {
	if (minutes === null) return NONE;
	if (minutes < 2880) return length(minutes);
	return intl(minutes / 1440, { style: "unit", unit: "day", unitDisplay: "short", maximumFractionDigits: 1 });
}
