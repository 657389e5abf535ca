/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/figures: what a manager measures of a site, whole as JSON or a table of it as CSV. */

#include "fleet/figures.h"
#include "fleet/render.h"
#include "server/respond.h"

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

void api_figures(struct call *call)
{
	const struct query *q = &call->query;
	struct day from = query_day(q, "from"), until = query_day(q, "until");
	struct figures *f = arena_alloc(call->arena, sizeof *f);
	struct str site = query_text(q, "site"), body = STR_NULL;
	bool csv = str_is(query_text(q, "format"), "csv");

	ASSERT(f);
	if (!call_site(call, site) || !days_fit(call, from, until))
		return;
	if (figures_open(f, call_look(call), site, from, until)) {
		/* a look after the other: no reader holds the store's pages for long */
		while (figures_step(f, call_look(call)))
			call_look_end(call);
		if (!f->full)
			body = csv ? render_figures_csv(f, table_of(query_text(q, "table")))
				   : render_figures_json(f);
	}
	respond_seq(call, site);
	if (csv)
		respond_text(call, 200, STR("text/csv; charset=utf-8"), body);
	else
		respond_json(call, 200, body);
}
