/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The day sheet and the list 48 hours ahead, as pages to print. */

#include "fleet/sheet.h"
#include "server/box.h"
#include "server/respond.h"

enum { AHEAD_DAYS = 2 };

/* The day asked for, else so many days from today at the site. */
static struct day sheet_day_of(struct call *call, const struct roster *roster, int32_t ahead)
{
	struct env *env = fleet_env(call->api->fleet);
	struct day day;
	if (query_text(&call->query, "day").n)
		return query_day(&call->query, "day");
	day = local_day(roster_local(roster, env->now(env)));
	day.n += ahead;
	return day;
}

/* Staff's own language is the site's, unless the page says another. */
static struct str language_of(struct call *call, const struct roster *roster)
{
	struct str asked = query_text(&call->query, "language");
	return words_known(asked) ? asked : roster->locale;
}

static void respond_sheet(
	struct call *call, const struct roster *roster, const char *name, struct str sheet)
{
	respond_seq(call, roster->site);
	respond_boxed(call, FILE_HTML, STR_NULL,
		arena_printf(call->arena, "%.*s-%s", STR_FMT(roster->site), name), sheet);
}

void api_sheet_day(struct call *call)
{
	const struct roster *roster = call_site(call, query_text(&call->query, "site"));
	if (!roster)
		return;
	/* Whoever washes cars needs no telephone numbers. */
	bool contacts = call->actor.role != ROLE_PREPARER;
	respond_sheet(call, roster, "day",
		sheet_day(call_look(call), roster, sheet_day_of(call, roster, 0),
			language_of(call, roster), contacts));
}

void api_sheet_ahead(struct call *call)
{
	const struct roster *roster = call_site(call, query_text(&call->query, "site"));
	if (!roster)
		return;
	respond_sheet(call, roster, "ahead",
		sheet_ahead(call_look(call), roster, sheet_day_of(call, roster, AHEAD_DAYS),
			language_of(call, roster)));
}
