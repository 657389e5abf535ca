/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GETs about time: the board, what is free, when the next free window is. */

#include "fleet/render.h"
#include "fleet/roster.h"
#include "server/respond.h"

enum { BOARD_DAYS_MAX = 366, FREE_DAYS_MAX = 366, NEXT_COUNT = 2 };

void api_board(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	const struct roster *roster = call_site(call, site);
	struct span span;
	if (!roster || !call_span(call, roster->zone, BOARD_DAYS_MAX, &span))
		return;
	struct str body = render_board(call_look(call), site, span);
	respond_seq(call, site);
	respond_json(call, 200, body);
}

/* One of the known solutions, or one that the rule set in force on that day added. */
static bool solution_known(struct call *call, struct str solution, struct day day)
{
	if (solution_find(solution))
		return true;
	struct ruleset_row row;
	return ruleset_on(call_look(call), day, &row) &&
	       ruleset_solution_index(row.ruleset, solution) >= 0;
}

/* The site of a question about what is free, its solution checked; otherwise NULL, answered. */
static const struct roster *free_roster(struct call *call)
{
	const struct roster *roster = call_site(call, query_text(&call->query, "site"));
	if (!roster)
		return NULL;
	struct env *env = fleet_env(call->api->fleet);
	struct day today = local_day(roster_local(roster, env->now(env)));
	if (solution_known(call, query_text(&call->query, "solution"), today))
		return roster;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	faults_add(faults, "/solution", "is not a solution that is known here");
	respond_invalid(call, faults);
	return NULL;
}

void api_availability(struct call *call)
{
	const struct roster *roster = free_roster(call);
	struct span span;
	if (!roster || !call_span(call, roster->zone, FREE_DAYS_MAX, &span))
		return;
	struct str body = render_availability(call_look(call), roster->site,
		query_text(&call->query, "solution"), query_text(&call->query, "class"), span);
	respond_seq(call, roster->site);
	respond_json(call, 200, body);
}

void api_next(struct call *call)
{
	const struct roster *roster = free_roster(call);
	if (!roster)
		return;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	struct env *env = fleet_env(call->api->fleet);
	struct instant after = env->now(env);
	if (!query_instant(&call->query, "after", roster->zone, &after, faults) && faults->len) {
		respond_invalid(call, faults);
		return;
	}
	struct str body =
		render_next(call_look(call), roster->site, query_text(&call->query, "solution"),
			query_text(&call->query, "class"), query_int(&call->query, "minutes", 0),
			after, (uint32_t)query_int(&call->query, "count", NEXT_COUNT));
	respond_seq(call, roster->site);
	respond_json(call, 200, body);
}
