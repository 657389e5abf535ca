/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* POST /v1/offers: what the advisor reads out (contract 4). Books nothing, so it is a read like any
 * other: one short look on the loop thread, no key, no writer. What it could not give is counted.
 */

#include "fleet/offer.h"
#include "fleet/roster.h"
#include "server/body.h"
#include "server/demand.h"
#include "server/respond.h"

void api_offer(struct call *call)
{
	struct str source;
	if (!body_read(call, &source))
		return;
	struct str site = json_str_at(arena_json(call->arena, source, NULL), "site");
	const struct roster *roster = site.n ? call_site(call, site) : NULL;
	if (site.n && !roster)
		return;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	struct str request;
	if (!body_check(call, source, roster ? roster->zone : NULL, faults, &request))
		return;
	struct env *env = fleet_env(call->api->fleet);
	struct str answer = STR_NULL;
	struct demand unmet = {.offers = 0};
	enum outcome o =
		offer_make(call_look(call), request, env->now(env), &answer, &unmet, faults);
	if (o == OK)
		demand_desk_count(call->api->demand, site, request, &unmet);
	respond_seq(call, site);
	if (o == OK)
		respond_json(call, 200, answer);
	else
		respond_problem(call, &(struct problem){.outcome = o, .faults = faults});
}
