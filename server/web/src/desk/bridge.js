// SPDX-FileCopyrightText: The relais authors
// SPDX-License-Identifier: Apache-2.0

// No Maserati on the wanted day, but one from a morning after it: a ride until then, both for one visit.

import { ask } from "../lib/api.js";
import { house } from "../lib/house.svelte.js";
import { DAY, day, local, minutes, nextOpen } from "../lib/time.js";

const CAR = "loaner_brand";
const RIDES = ["taxi", "accompanied_drive", "public_transport"];
const DAYS_MAX = 3; // mornings that are looked at: a longer wait is another appointment

const offered = (solution) => solution?.available && solution.terms.decision !== "not_offered";

// {ride, car, class, from, until, offer}: the ride of this offer and the car of that other one; null: there is none.
export async function findBridge(request, offer, signal) {
	const wanted = offer.solutions.find((s) => s.solution === CAR);
	const ride = RIDES.map((id) => offer.solutions.find((s) => s.solution === id)).find(offered);
	if (!wanted || wanted.available || wanted.terms.decision === "not_offered" || !ride) return null;
	for (let n = 1; n <= DAYS_MAX; n++) {
		const from = nextOpen(house.site, day(minutes(request.drop_off_at)) + n * DAY);
		let body;
		try {
			({ body } = await ask("POST", "/v1/offers", { body: { ...request, loan_from: local(from) }, signal }));
		} catch {
			return null; // the work is over by then, or somebody typed on
		}
		const car = body.solutions.find((s) => s.solution === CAR);
		const free = offered(car) && car.classes.find((c) => c.available);
		if (free) return { ride, car, class: free.class, from: free.from, until: free.until, offer: body.offer };
	}
	return null;
}
