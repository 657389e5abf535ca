/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* --from and --until of commands that look at a site's bookings. */

#include <sysexits.h>

#include "fleet/render_parts.h"
#include "fleet/roster.h"
#include "server/cli.h"
#include "server/options.h"
#include "server/query.h"

static int time_read(const struct option *o, const struct zone *zone, struct instant *out)
{
	struct query_field field[] = {{.name = o->name, .type = QUERY_INSTANT}, {0}};
	struct query q = {.fields = field};
	struct faults faults = {.len = 0};

	if (!o->len)
		return EX_OK;
	q.value[0] = str_from(o->value[0]);
	if (query_instant(&q, o->name, zone, out, &faults))
		return EX_OK;
	return cli_fail(EX_USAGE, "--%s %s", o->name,
		faults.len ? faults.fault[0].detail : "is no date and no time");
}

int cli_span(struct fleet *fleet, struct str site, const struct option *from,
	const struct option *until, struct span *span)
{
	struct arena a;
	struct view v;
	struct txn t;
	int code;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(fleet, &v, &t, &a);
	const struct roster *roster = roster_of(&v, site);
	*span = SPAN_ALWAYS;
	code = roster ? EX_OK : cli_fail(EX_NOINPUT, "there is no site %.*s", STR_FMT(site));
	if (code == EX_OK)
		code = time_read(from, roster->zone, &span->from);
	if (code == EX_OK)
		code = time_read(until, roster->zone, &span->until);
	if (code == EX_OK && span->from.s >= span->until.s)
		code = cli_usage("--until must be later than --from");
	fleet_look_end(&v);
	arena_deinit(&a);
	return code;
}
