/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sheet_parts.h"

/* The day sheet: out, back, deliveries. */

struct parts {
	struct sheet_lines out, back, legs;
};

/* ---- finding ---- */

static void add_legs(struct parts *parts, struct sheet *s, const struct booking *b)
{
	struct json legs = json_get(b->doc, "legs");
	struct instant at;
	uint32_t i = 0;

	for (struct json l = json_first(legs); json_present(l); l = json_next(legs, l), i++)
		if (doc_instant(l, "at", &at) && sheet_holds(s, at))
			sheet_add(&parts->legs, s->v, at, b->id, i);
}

static void add_booking(void *context, struct sheet *s, const struct booking *b)
{
	struct parts *parts = context;
	struct instant at = b->from;
	bool was_out = doc_instant(json_get(b->doc, "out"), "at", &at);

	if (!sheet_serves(s, b) || b->status == BOOKING_CANCELLED || b->status == BOOKING_NO_SHOW ||
		b->status == BOOKING_EXPIRED)
		return;
	add_legs(parts, s, b);
	if (sheet_holds(s, was_out ? at : b->from))
		sheet_add(&parts->out, s->v, was_out ? at : b->from, b->id, 0);
	if (b->status == BOOKING_RETURNED && doc_instant(json_get(b->doc, "in"), "at", &at) &&
		sheet_holds(s, at))
		sheet_add(&parts->back, s->v, at, b->id, 0);
	if ((b->status == BOOKING_OUT || booking_is_promise(b->status)) && sheet_holds(s, b->until))
		sheet_add(&parts->back, s->v, b->until, b->id, 0);
}

/* Whoever is still out and was due before the day ends, however long ago. */
static void add_overdue(struct parts *parts, struct sheet *s)
{
	struct key prefix = key_site_due_prefix(s->roster->site);
	struct booking b;
	uint64_t rev;
	struct cursor c;

	cursor_open(&c, s->v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		row_look_next(&s->look);
		if (!booking_get(&s->look.view, arena_copy(&s->look.arena, c.value), &b, &rev) ||
			b.status != BOOKING_OUT || b.until.s >= s->span.until.s)
			continue;
		sheet_add(&parts->back, s->v, b.until, b.id, 0);
	}
	cursor_close(&c);
}

/* ---- writing ---- */

static void put_hour(struct sheet *s, struct instant at, bool done)
{
	struct paper *p = &s->paper;

	cell_begin(s);
	paper_raw(p, done ? STR("\xe2\x9c\x93 ") : STR(""));
	paper_raw(p, STR("<b>"));
	paper_hour(p, at);
	paper_raw(p, STR("</b>"));
	cell_end(s);
}

static void put_where(struct sheet *s, const struct booking *b, const char *end)
{
	struct str where = json_str_at(json_get(b->doc, end), "where");
	struct json out = json_get(b->doc, "out");
	struct str box = json_str_at(out, "key_box");
	struct paper *p = &s->paper;

	cell_begin(s);
	paper_named(p, "place", where.n ? where : STR("desk"));
	if (box.n) {
		paper_raw(p, STR(" "));
		paper_text(p, box);
	}
	if (str_is(where, "doorstep")) {
		struct json private = private_of(&s->look.view, b->doc);
		struct str address = json_str_at(private, "legs_address");
		if (!address.n)
			address =
				json_str_at(customer_person(&s->look.view, b->customer), "address");
		paper_raw(p, STR("<br><span class=\"small\">"));
		paper_text(p, address);
		paper_raw(p, STR("</span>"));
	}
	cell_end(s);
}

/* What the house has to lay ready: the papers that the rule set asks of the dealer. */
static void put_papers(struct sheet *s, const struct booking *b)
{
	struct json terms = json_get(b->doc, "terms"), wanted = json_get(terms, "documents");
	struct json named = json_get(b->doc, "ruleset"), papers = JSON_ABSENT;
	struct paper *p = &s->paper;
	struct ruleset_row rules;
	bool some = false;

	if (ruleset_by_hash(&s->look.view, json_str_at(named, "version"),
		    json_str_at(named, "sha256"), &rules))
		papers = json_get(rules.doc, "documents");
	cell_begin(s);
	for (struct json d = json_first(wanted); json_present(d); d = json_next(wanted, d)) {
		struct json paper = json_get_str(papers, json_str(d));
		struct str name = json_str_at(json_get(paper, "names"), p->words.language);
		if (!str_is(json_str_at(paper, "who"), "dealer"))
			continue;
		paper_raw(p, some ? STR("<br>") : STR(""));
		some = true;
		paper_raw(p, STR("<span class=\"tick\"></span>"));
		if (name.n)
			paper_text(p, name);
		else
			paper_named(p, "document", json_str(d));
	}
	if (json_present(json_get(b->doc, "agreement"))) {
		paper_raw(p, some ? STR("<br>\xe2\x9c\x93 ") : STR("\xe2\x9c\x93 "));
		paper_say(p, "sheet.signed");
	}
	cell_end(s);
}

static void put_out(struct sheet *s, const struct sheet_line *line, const struct booking *b)
{
	put_hour(s, line->at, json_present(json_get(b->doc, "out")));
	cell_customer(s, b);
	cell_own_car(s, b);
	cell_mobility(s, b);
	cell_car(s, b);
	put_where(s, b, "handover");
	put_papers(s, b);
	cell_tick(s);
}

static void put_back(struct sheet *s, const struct sheet_line *line, const struct booking *b)
{
	struct paper *p = &s->paper;

	if (line->at.s < s->span.from.s) {
		cell_begin(s);
		struct local due = zone_local(s->roster->zone, line->at);
		struct str day = paper_day_text(p, local_day(due));
		paper_raw(p, STR("<b>!</b> "));
		paper_fill(p, "sheet.overdue", "at", day);
		cell_end(s);
	} else {
		put_hour(s, line->at, b->status == BOOKING_RETURNED);
	}
	cell_customer(s, b);
	cell_mobility(s, b);
	cell_car(s, b);
	put_where(s, b, "return");
	cell_tick(s);
}

static void put_leg(struct sheet *s, const struct sheet_line *line, const struct booking *b)
{
	struct json leg = json_item(json_get(b->doc, "legs"), line->leg);
	struct str chauffeur = json_str_at(leg, "chauffeur");
	struct json private = private_of(&s->look.view, b->doc);
	struct paper *p = &s->paper;
	struct row row;

	put_hour(s, line->at, false);
	cell_customer(s, b);
	cell_begin(s);
	paper_named(p, "leg", json_str_at(leg, "what"));
	cell_end(s);
	cell_own_car(s, b);
	cell_begin(s);
	if (chauffeur.n && row_get(&s->look.view, ROW_RESOURCE, chauffeur, &row))
		paper_text(p, json_str_at(row.doc, "label"));
	cell_end(s);
	cell_begin(s);
	if (s->contacts)
		paper_text(p, json_str_at(private, "legs_address"));
	cell_end(s);
	cell_tick(s);
}

struct str sheet_day(struct view *v, const struct roster *roster, struct day day,
	struct str language, bool contacts)
{
	static const char *const out[] = {"sheet.hour", "sheet.customer", "sheet.own_car",
		"sheet.what", "sheet.car", "sheet.key", "sheet.where", "sheet.papers",
		"sheet.done"};
	static const char *const back[] = {"sheet.hour", "sheet.customer", "sheet.what",
		"sheet.car", "sheet.key", "sheet.where", "sheet.done"};
	static const char *const legs[] = {"sheet.hour", "sheet.customer", "sheet.from_to",
		"sheet.own_car", "sheet.chauffeur", "paper.address", "sheet.done"};
	struct parts *parts = arena_alloc(v->arena, sizeof *parts);
	struct sheet s;

	if (!parts || !sheet_open(&s, v, roster, day, language))
		return STR_NULL;
	s.contacts = contacts;
	sheet_find(&s, parts, add_booking);
	add_overdue(parts, &s);
	sheet_sort(&parts->out);
	sheet_sort(&parts->back);
	sheet_sort(&parts->legs);
	sheet_head(&s, "sheet.day", day);
	sheet_table(&s, "sheet.out", out, ARRAY_LEN(out), &parts->out, put_out);
	sheet_table(&s, "sheet.back", back, ARRAY_LEN(back), &parts->back, put_back);
	sheet_table(&s, "sheet.legs", legs, ARRAY_LEN(legs), &parts->legs, put_leg);
	return sheet_close(&s);
}
