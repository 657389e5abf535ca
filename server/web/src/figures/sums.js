// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// Minutes are added up, never shares: a share of a week is its minutes over its minutes.

import { pieceOf } from "./period.js";

export const share = (n, of) => (of ? Math.floor((n * 1000) / of) : null);

// [{at, used, in_service, blocked, share}] by day, week or month.
export function byPiece(figures, cls, by) {
	const sums = new Map();
	for (const one of figures.utilisation) {
		if (cls && one.class !== cls) continue;
		const at = pieceOf(one.day, by);
		const sum = sums.get(at) ?? { at, used: 0, in_service: 0, blocked: 0 };
		sum.used += one.used_minutes;
		sum.in_service += one.in_service_minutes;
		sum.blocked += one.blocked_minutes;
		sums.set(at, sum);
	}
	return [...sums.values()].map((sum) => ({ ...sum, share: share(sum.used, sum.in_service) }));
}

// Refusals by class, or by solution where any class would have done; most first.
export function refusals(figures) {
	const sums = new Map();
	for (const one of figures.demand) {
		const key = one.class ?? one.solution;
		const sum = sums.get(key) ?? { key, group: one.class ? "class" : "solution", n: 0 };
		sum.n += one.offers + one.bookings;
		sums.set(key, sum);
	}
	return [...sums.values()].sort((a, b) => b.n - a.n);
}

export const nothing = (figures) =>
	!figures.total.loans && !figures.total.used_minutes && !figures.payers.length && !figures.demand.length && !figures.summary.visits;
