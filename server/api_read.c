/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GETs of objects and lists: look, render, answer. fleet/render.h knows what they look like. */

#include "fleet/render.h"
#include "fleet/roster.h"
#include "rules/vin.h"
#include "server/respond.h"

enum { BOOKINGS_SPAN_DAYS_MAX = 366 };

/* The site an answer's Relais-Seq speaks of; STR_NULL where only the directory is shown. */
static struct str seq_site(enum row_kind kind, const struct row *row)
{
	struct str journal = row_journal(kind, row);
	return str_eq(journal, JOURNAL_DIRECTORY) ? STR_NULL : journal;
}

/* Blanks and small letters are how a VIN is read out: addresses take them too. */
static struct str vin_normal(struct call *call, struct str vin)
{
	char text[VIN_TEXT];
	if (!vin.p || vin_check(text, vin, false) != VIN_GOOD)
		return vin;
	return arena_copy(call->arena, str_from(text));
}

void api_row(struct call *call)
{
	enum row_kind kind = call->route->target;
	struct str id = call->param[0];
	if (kind == ROW_VEHICLE)
		id = vin_normal(call, id);
	struct row row;
	if (!call_row(call, kind, id, &row))
		return;
	struct str body = render_row(call_look(call), kind, id, &row);
	respond_seq(call, seq_site(kind, &row));
	respond_object(call, 200, row.rev, body);
}

/* One a visit, under its id. */
void api_repair_order(struct call *call)
{
	struct row visit, row;
	if (!call_row(call, ROW_VISIT, call->param[0], &visit))
		return;
	if (!row_get(call_look(call), ROW_REPAIR_ORDER, call->param[0], &row)) {
		respond_refused(call, REFUSED_NOT_FOUND, STR("this visit has no repair order yet"));
		return;
	}
	struct str body = render_row(call_look(call), ROW_REPAIR_ORDER, call->param[0], &row);
	respond_seq(call, seq_site(ROW_REPAIR_ORDER, &row));
	respond_object(call, 200, row.rev, body);
}

void api_ledger(struct call *call)
{
	struct row row;
	if (!call_row(call, ROW_VISIT, call->param[0], &row))
		return;
	struct str body = render_ledger(call_look(call), call->param[0], &row);
	respond_seq(call, seq_site(ROW_VISIT, &row));
	respond_json(call, 200, body);
}

void api_claim_ready(struct call *call)
{
	struct row row;
	if (!call_row(call, ROW_VISIT, call->param[0], &row))
		return;
	struct str body = render_claim_ready(call_look(call), call->param[0], &row);
	respond_seq(call, seq_site(ROW_VISIT, &row));
	respond_json(call, 200, body);
}

void api_sites(struct call *call)
{
	struct str body = render_sites(call_look(call), &call->actor);
	respond_seq(call, STR_NULL);
	respond_list(call, body);
}

void api_rulesets(struct call *call)
{
	struct str body = render_rulesets(call_look(call));
	respond_seq(call, STR_NULL);
	respond_list(call, body);
}

void api_search(struct call *call)
{
	struct str q = query_text(&call->query, "q");
	struct str body = render_search(call_look(call), q, &call->actor);
	respond_seq(call, STR_NULL);
	respond_list(call, body);
}

/* A list of a site, page by page. */
static bool site_page(struct call *call, struct str *site, struct list_page *page)
{
	*site = query_text(&call->query, "site");
	return call_site(call, *site) && call_page(call, page);
}

void api_resources(struct call *call)
{
	struct list_page page;
	struct str site;
	if (!site_page(call, &site, &page))
		return;
	struct str body = render_resources(call_look(call), site, query_text(&call->query, "kind"),
		query_text(&call->query, "class"), &page);
	respond_seq(call, site);
	respond_list(call, body);
}

void api_bookings(struct call *call)
{
	const struct query *q = &call->query;
	struct booking_filter filter = {
		.site = query_text(q, "site"),
		.status = query_text(q, "status"),
		.resource = query_text(q, "resource"),
		.vin = vin_normal(call, query_text(q, "vin")),
		.q = query_text(q, "q"),
		.has_span = query_text(q, "from").p || query_text(q, "until").p,
	};
	const struct roster *roster = call_site(call, filter.site);
	if (!roster)
		return;
	if (filter.has_span && !call_span(call, roster->zone, BOOKINGS_SPAN_DAYS_MAX, &filter.span))
		return;
	struct list_page page;
	if (!call_page(call, &page))
		return;
	struct str body = render_bookings(call_look(call), &filter, &page);
	respond_seq(call, filter.site);
	respond_list(call, body);
}

/* Those that are asked for by status. */
static void list_by_status(struct call *call,
	struct str (*render)(struct view *, struct str, struct str, const struct list_page *))
{
	struct list_page page;
	struct str site;
	if (!site_page(call, &site, &page))
		return;
	struct str body = render(call_look(call), site, query_text(&call->query, "status"), &page);
	respond_seq(call, site);
	respond_list(call, body);
}

void api_tasks(struct call *call)
{
	list_by_status(call, render_tasks);
}

void api_day(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	if (!call_site(call, site))
		return;
	struct day_asked asked = {
		.login = str_from(call->actor.name),
		.hears_all = call->actor.role == ROLE_MANAGER || call->actor.role == ROLE_ADMIN,
		.all = str_is(query_text(&call->query, "whose"), "all"),
		.limit = (uint32_t)query_int(&call->query, "most", 500),
	};
	struct str body = render_day(call_look(call), site, &asked);
	respond_seq(call, site);
	respond_list(call, body);
}

void api_contacts(struct call *call)
{
	struct list_page page;
	struct str site;
	if (!site_page(call, &site, &page))
		return;
	struct str body =
		render_contacts(call_look(call), site, query_text(&call->query, "customer"), &page);
	respond_seq(call, site);
	respond_list(call, body);
}

void api_complaints(struct call *call)
{
	list_by_status(call, render_complaints);
}

enum { VOICE_DAYS_MAX = 800 };
void api_voice(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	const struct roster *roster = call_site(call, site);
	struct span span;
	if (!roster || !call_span(call, roster->zone, VOICE_DAYS_MAX, &span))
		return;
	struct str body = render_voice(call_look(call), site, span);
	respond_seq(call, site);
	respond_list(call, body);
}

void api_claim_list(struct call *call)
{
	list_by_status(call, render_claim_list);
}

void api_waiting(struct call *call)
{
	list_by_status(call, render_waiting);
}
