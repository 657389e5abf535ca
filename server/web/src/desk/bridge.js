// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// No Maserati on the wanted day, but one from a morning after it: a ride until then, both for one visit.

import { ask, get, query } from "../lib/api.js";
import { house } from "../lib/house.svelte.js";
import { DAY, day, local, minutes, nextOpen } from "../lib/time.js";

const CAR = "loaner_brand";
const RIDES = ["taxi", "accompanied_drive", "public_transport"];
const DAYS_MAX = 3; // mornings that are looked at: a longer wait is another appointment

const offered = (solution) => solution?.available && solution.terms.decision !== "not_offered";

// {ride, car, class, from, until, offer}: the ride of this offer and the car of that other one; null: there is none.
// An offer counts as demand: only mornings on which a car is free are asked for one.
export async function findBridge(request, offer) {
	const wanted = offer.solutions.find((s) => s.solution === CAR);
	const ride = RIDES.map((id) => offer.solutions.find((s) => s.solution === id)).find(offered);
	const like = wanted?.next[0]; // as long as the wanted stay is
	if (!like || wanted.available || wanted.terms.decision === "not_offered" || !ride) return null;
	const until = minutes(request.drop_off_at) + minutes(like.until) - minutes(like.drop_off_at);
	for (let n = 1; n <= DAYS_MAX; n++) {
		const from = nextOpen(house.site, day(minutes(request.drop_off_at)) + n * DAY);
		if (from >= until) return null;
		const { feasible } = await get(query("/v1/availability", { site: request.site, solution: CAR, from: local(from), until: local(until) }));
		if (!feasible) continue;
		const { body } = await ask("POST", "/v1/offers", { body: { ...request, loan_from: local(from) } });
		const car = body.solutions.find((s) => s.solution === CAR);
		const free = offered(car) && car.classes.find((c) => c.available);
		if (free) return { ride, car, class: free.class, from: free.from, until: free.until, offer: body.offer };
	}
	return null;
}
