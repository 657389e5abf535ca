/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GETs about appointments: when somebody may come, whom the advisors expect. */

#include "fleet/appointment.h"
#include "fleet/render.h"
#include "server/respond.h"

enum { TIMES_COUNT = 2 };

/* False: 422 was answered. */
static bool read_asked(
	struct call *call, const struct roster *roster, struct appointment_times *asked)
{
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	struct str wish = query_text(&call->query, "wish");
	int minute = -1;

	ASSERT(faults);
	if (!query_instant(&call->query, "after", roster->zone, &asked->after, faults))
		asked->after = asked->now;
	if (wish.n && (!minute_of_day_parse(&minute, wish) || minute == 1440 ||
			      minute % APPOINTMENT_GRID_MINUTES != 0))
		faults_add(faults, "/wish", "a time of day on the quarter hour, such as 09:30");
	asked->wish_min = minute;
	if (asked->desk.n && !roster_resource(roster, asked->desk))
		faults_add(faults, "/desk", "no advisor of this site has this desk");
	if (faults->len)
		respond_invalid(call, faults);
	return !faults->len;
}

void api_appointment_times(struct call *call)
{
	const struct roster *roster = call_site(call, query_text(&call->query, "site"));
	struct env *env = fleet_env(call->api->fleet);
	struct appointment_times asked;
	struct row visit;

	if (!roster)
		return;
	asked = (struct appointment_times){.site = roster->site,
		.desk = query_text(&call->query, "desk"),
		.visit = query_text(&call->query, "visit"),
		.now = env->now(env),
		.minutes = query_int(&call->query, "minutes", 0),
		.count = (uint32_t)query_int(&call->query, "count", TIMES_COUNT)};
	(void)appointment_why_from(&asked.why, query_text(&call->query, "why"));
	if (!read_asked(call, roster, &asked))
		return;
	if (asked.visit.n) {
		if (!call_row(call, ROW_VISIT, asked.visit, &visit))
			return;
		asked.serial = (uint32_t)json_int_at(visit.doc, "serial", 0);
	}
	struct str body = render_appointment_times(call_look(call), &asked);
	respond_seq(call, roster->site);
	respond_json(call, 200, body);
}

void api_appointments(struct call *call)
{
	const struct roster *roster = call_site(call, query_text(&call->query, "site"));
	struct env *env = fleet_env(call->api->fleet);
	struct day day;

	if (!roster)
		return;
	day = query_text(&call->query, "day").n ? query_day(&call->query, "day")
						: local_day(roster_local(roster, env->now(env)));
	struct str body = render_appointments(call_look(call), roster->site, day);
	respond_seq(call, roster->site);
	respond_json(call, 200, body);
}
