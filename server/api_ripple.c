/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Who is touched: by a change before it is made, by one that was made, by a car that may be late.
 * All of it is read; a preview never comes to the writer. */

#include "fleet/render.h"
#include "fleet/roster.h"
#include "server/respond.h"

/* Who is touched is named, with a phone number: at the site whose car it is, to its own people. */
static bool at_home(struct call *call, struct str journal)
{
	if (str_eq(journal, JOURNAL_DIRECTORY) || actor_has_site(&call->actor, journal))
		return true;
	respond_refused(call, REFUSED_ROLE,
		STR("the car is another site's: only that site may ask who is touched"));
	return false;
}

void api_preview(struct call *call, struct command *c)
{
	if (!at_home(call, c->journal))
		return;
	struct view *v = call_look(call);
	struct str body = render_preview(v, c);
	struct row row;
	uint64_t rev = row_get(v, call->route->target, c->target, &row) ? row.rev : 0;
	respond_seq(call, c->journal);
	if (body.p)
		respond_object(call, 200, rev, body);
	else
		respond_problem(call,
			&(struct problem){.outcome = c->outcome == OK ? FAULT_MEMORY : c->outcome,
				.faults = c->faults,
				.members = c->detail});
}

void api_ripple(struct call *call)
{
	struct row row;
	if (!call_row(call, call->route->target, call->param[0], &row))
		return;
	if (!at_home(call, row_journal(call->route->target, &row)))
		return;
	struct str body = render_ripple(call_look(call), &row);
	respond_seq(call, row_journal(call->route->target, &row));
	respond_json(call, 200, body);
}

void api_alarms(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	if (!call_site(call, site))
		return;
	struct str body = render_alarms(call_look(call), site);
	respond_seq(call, site);
	respond_json(call, 200, body);
}
