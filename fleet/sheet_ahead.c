/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sheet_parts.h"

#include "fleet/merge.h"

/* The appointments of a day, and what is looked at 48 hours before: who is called, what is covered.
 */

static void add_appointment(void *context, struct sheet *s, const struct booking *b)
{
	if (sheet_serves(s, b) && booking_is_promise(b->status) && sheet_holds(s, b->drop_off_at))
		sheet_add(context, s->v, b->drop_off_at, b->id, 0);
}

static void check_begin(struct paper *p)
{
	paper_raw(p, STR("<span class=\"tick\"></span>"));
}

static void check_cover(struct sheet *s, struct json vehicle)
{
	struct json checked = json_get(vehicle, "cover_checked");
	struct paper *p = &s->paper;
	struct instant at;

	check_begin(p);
	if (doc_instant(checked, "at", &at))
		paper_fill(p, "sheet.check_cover", "at",
			paper_day_text(p, local_day(zone_local(s->roster->zone, at))));
	else
		paper_say(p, "sheet.check_cover_never");
	paper_raw(p, STR("<br>"));
}

static void check_campaigns(struct sheet *s, struct json vehicle)
{
	struct json campaigns = json_get(vehicle, "campaigns");
	struct paper *p = &s->paper;
	struct str list = STR("");

	for (struct json c = json_first(campaigns); json_present(c); c = json_next(campaigns, c))
		if (json_bool_at(c, "open", false))
			list = arena_printf(s->v->arena, "%.*s%s%.*s", STR_FMT(list),
				list.n ? ", " : "", STR_FMT(json_str_at(c, "number")));
	check_begin(p);
	if (list.n)
		paper_fill(p, "sheet.check_campaigns", "list", list);
	else
		paper_say(p, "sheet.check_campaigns_none");
	paper_raw(p, STR("<br>"));
}

static void put_checks(struct sheet *s, const struct booking *b)
{
	struct paper *p = &s->paper;
	struct row row = {.doc = JSON_ABSENT};
	struct str owner;

	if (b->vin.n)
		(void)row_get(&s->look.view, ROW_VEHICLE, b->vin, &row);
	owner = json_str_at(row.doc, "owner");
	cell_begin(s);
	check_begin(p);
	paper_say(p, "sheet.check_data");
	paper_raw(p, STR("<br>"));
	check_cover(s, row.doc);
	check_campaigns(s, row.doc);
	if (json_count(json_get(b->doc, "legs")) > 0) {
		check_begin(p);
		paper_say(p, "sheet.check_delivery");
		paper_raw(p, STR("<br>"));
	}
	if (owner.n && b->customer.n && !str_eq(owner, customer_of(&s->look.view, b->customer))) {
		check_begin(p);
		paper_say(p, "sheet.check_owner");
	}
	cell_end(s);
}

static void put_jobs(struct sheet *s, const struct booking *b)
{
	struct paper *p = &s->paper;
	struct json jobs;
	struct row row;
	bool some = false;

	cell_begin(s);
	if (row_get(&s->look.view, ROW_VISIT, b->visit, &row)) {
		jobs = json_get(row.doc, "jobs");
		for (struct json j = json_first(jobs); json_present(j); j = json_next(jobs, j)) {
			paper_raw(p, some ? STR("<br>") : STR(""));
			paper_named(p, "job", json_str_at(j, "type"));
			some = true;
		}
	}
	cell_end(s);
}

static void put_appointment(struct sheet *s, const struct sheet_line *line, const struct booking *b)
{
	cell_begin(s);
	paper_raw(&s->paper, STR("<b>"));
	paper_hour(&s->paper, line->at);
	paper_raw(&s->paper, STR("</b>"));
	cell_end(s);
	cell_customer(s, b);
	cell_own_car(s, b);
	put_jobs(s, b);
	cell_mobility(s, b);
	cell_car(s, b);
	put_checks(s, b);
}

struct str sheet_ahead(
	struct view *v, const struct roster *roster, struct day day, struct str language)
{
	static const char *const heads[] = {"sheet.hour", "sheet.customer", "sheet.own_car",
		"sheet.job", "sheet.what", "sheet.car", "sheet.key", "sheet.check"};
	struct sheet_lines *lines = arena_alloc(v->arena, sizeof *lines);
	struct sheet s;

	if (!lines || !sheet_open(&s, v, roster, day, language))
		return STR_NULL;
	s.contacts = true;
	sheet_find(&s, lines, add_appointment);
	sheet_sort(lines);
	sheet_head(&s, "sheet.ahead", day);
	sheet_table(&s, "sheet.appointments", heads, ARRAY_LEN(heads), lines, put_appointment);
	return sheet_close(&s);
}
