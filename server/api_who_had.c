/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/who-had: a person's name for a plate and an instant. Whoever asks is written down. */

#include "fleet/who_had.h"

#include <stdio.h>

#include "server/respond.h"

/* Names are opened to this user: the log says so, without the names. */
static void tell_asked(struct call *call, const struct plate_cars *cars, struct instant at)
{
	struct env *env = fleet_env(call->api->fleet);
	char line[256], when[INSTANT_TEXT];

	snprintf(line, sizeof line, "who-had: %s asked who drove %.*s at %.*s", call->actor.name,
		STR_FMT(cars->id[0]), STR_FMT(instant_print_utc(at, when)));
	env->log(env, line);
}

static bool instant_of(struct call *call, const struct zone *zone, struct instant *at)
{
	struct env *env = fleet_env(call->api->fleet);
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);

	if (!faults) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return false;
	}
	if (query_instant(&call->query, "at", zone, at, faults) && at->s > env->now(env).s)
		faults_add(faults, "/at", "this has not happened yet");
	if (faults->len == 0)
		return true;
	respond_problem(call, &(struct problem){.outcome = REFUSED_INVALID, .faults = faults});
	return false;
}

void api_who_had(struct call *call)
{
	struct view *v = call_look(call);
	struct who_had_ask ask = {.plate = query_text(&call->query, "plate")};
	struct plate_cars cars;
	const struct roster *roster;
	struct str body;

	plate_cars_find(&cars, v, &call->actor, ask.plate);
	roster = cars.len ? roster_of(v, cars.site[0]) : NULL;
	if (!roster) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("no car of your sites' fleets carries this plate"));
		return;
	}
	if (!instant_of(call, roster->zone, &ask.at))
		return;
	ask.has_noticed = query_text(&call->query, "noticed_on").n > 0;
	if (ask.has_noticed)
		ask.noticed = query_day(&call->query, "noticed_on");
	tell_asked(call, &cars, ask.at);
	body = render_who_had(v, &cars, &ask);
	respond_seq(call, cars.site[0]);
	respond_json(call, 200, body);
}
