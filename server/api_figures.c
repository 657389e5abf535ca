/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/figures: what a manager measures of a site, whole as JSON or a table of it as CSV.
 * Counted in turns of the loop, each with a short look of its own: a year of a large site keeps
 * nobody else waiting, and no reader holds the store's pages for long. */

#include <stdlib.h>

#include "fleet/figures.h"
#include "fleet/render.h"
#include "server/respond.h"

enum { TURN_MS = 1 };

struct counting {
	uv_timer_t turn; /* first: the handle's memory is ours */
	struct call *call;
	struct exchange *x; /* held */
	struct figures *figures;
};

const char *const figures_tables[] = {[TABLE_UTILISATION] = "utilisation",
	[TABLE_CLASSES] = "classes",
	[TABLE_DEMAND] = "demand",
	[TABLE_PAYERS] = "payers",
	[TABLE_SUMMARY] = "summary",
	NULL};

static enum figures_table table_of(struct str name)
{
	for (int i = 0; figures_tables[i]; i++)
		if (str_is(name, figures_tables[i]))
			return (enum figures_table)i;
	return TABLE_UTILISATION;
}

static bool days_fit(struct call *call, struct day from, struct day until)
{
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);

	ASSERT(faults);
	if (until.n <= from.n)
		faults_add(faults, "/until", "must be later than from");
	else if (until.n - from.n > FIGURES_DAYS_MAX)
		faults_add(
			faults, "/until", "must be at most %d days after from", FIGURES_DAYS_MAX);
	if (faults->len)
		respond_invalid(call, faults);
	return !faults->len;
}

static void answer(struct call *call, const struct figures *f)
{
	const struct query *q = &call->query;
	bool csv = str_is(query_text(q, "format"), "csv");
	struct str body = STR_NULL;

	if (!f->full)
		body = csv ? render_figures_csv(f, table_of(query_text(q, "table")))
			   : render_figures_json(f);
	respond_seq(call, f->site);
	if (csv)
		respond_text(call, 200, STR("text/csv; charset=utf-8"), body);
	else
		respond_json(call, 200, body);
}

static void on_closed(uv_handle_t *handle)
{
	free((struct counting *)handle);
}

static void on_turn(uv_timer_t *turn)
{
	struct counting *c = (struct counting *)turn;
	bool gone = exchange_is_gone(c->x);

	if (!gone && figures_step(c->figures, call_look(c->call))) {
		call_look_end(c->call);
		return;
	}
	c->call->api->countings--;
	if (!gone)
		answer(c->call, c->figures);
	exchange_release(c->x);
	uv_close((uv_handle_t *)turn, on_closed);
}

static void count(struct call *call, struct figures *f)
{
	struct api *api = call->api;
	struct counting *c = api->countings < COUNTINGS_MAX ? calloc(1, sizeof *c) : NULL;

	call_look_end(call);
	if (!c) {
		respond_refused(call, FAULT_BUSY,
			STR("too many figures are being counted: ask again in a few seconds"));
		return;
	}
	c->call = call;
	c->x = call->x;
	c->figures = f;
	api->countings++;
	exchange_hold(call->x);
	uv_timer_init(api->hashes.loop, &c->turn);
	uv_timer_start(&c->turn, on_turn, 0, TURN_MS);
}

void api_figures(struct call *call)
{
	const struct query *q = &call->query;
	struct day from = query_day(q, "from"), until = query_day(q, "until");
	struct figures *f = arena_alloc(call->arena, sizeof *f);
	struct str site = query_text(q, "site");

	ASSERT(f);
	if (!call_site(call, site) || !days_fit(call, from, until))
		return;
	if (figures_open(f, call_look(call), site, from, until))
		count(call, f);
	else
		respond_refused(call, FAULT_MEMORY, STR("there is no room to count that"));
}
