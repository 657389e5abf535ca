/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/sheet_parts.h"

#include <stdlib.h>

/* ---- the lines ---- */

bool sheet_open(struct sheet *s, struct view *v, const struct roster *roster, struct day day,
	struct str language)
{
	*s = (struct sheet){.v = v,
		.roster = roster,
		.span = {zone_day_start(roster->zone, day),
			zone_day_start(roster->zone, (struct day){day.n + 1})}};
	if (!paper_open(&s->paper, v->arena, language, roster->zone))
		return false;
	row_look_open(&s->look, v);
	return true;
}

struct str sheet_close(struct sheet *s)
{
	bool lost = s->look.arena.full;

	row_look_close(&s->look);
	return lost ? STR_NULL : paper_end(&s->paper);
}

bool sheet_holds(const struct sheet *s, struct instant t)
{
	return t.s >= s->span.from.s && t.s < s->span.until.s;
}

bool sheet_serves(const struct sheet *s, const struct booking *b)
{
	return str_eq(b->for_site.n ? b->for_site : b->site, s->roster->site);
}

void sheet_find(struct sheet *s, void *context,
	void (*add)(void *context, struct sheet *s, const struct booking *b))
{
	struct week_walk walk;
	struct booking b;
	uint64_t rev;

	week_walk_open(&walk, s->v->txn, s->roster->site, s->span, STR_NULL);
	while (week_walk_next(&walk)) {
		row_look_next(&s->look);
		if (walk.kind != ROW_BOOKING ||
			!booking_get(&s->look.view, arena_copy(&s->look.arena, walk.id), &b, &rev))
			continue;
		if (week_walk_is_first(&walk, b.from))
			add(context, s, &b);
	}
	week_walk_close(&walk);
}

void sheet_add(
	struct sheet_lines *lines, struct view *v, struct instant at, struct str id, uint32_t leg)
{
	for (uint32_t i = 0; i < lines->len; i++)
		if (str_eq(lines->line[i].id, id) && lines->line[i].leg == leg)
			return;
	lines->more |= lines->len == SHEET_LINES_MAX;
	if (lines->len < SHEET_LINES_MAX)
		lines->line[lines->len++] = (struct sheet_line){at, arena_copy(v->arena, id), leg};
}

static int line_order(const void *a, const void *b)
{
	const struct sheet_line *x = a, *y = b;

	if (x->at.s != y->at.s)
		return x->at.s < y->at.s ? -1 : 1;
	if (!str_eq(x->id, y->id))
		return str_cmp(x->id, y->id);
	return x->leg < y->leg ? -1 : x->leg > y->leg;
}

void sheet_sort(struct sheet_lines *lines)
{
	qsort(lines->line, lines->len, sizeof *lines->line, line_order);
}

/* ---- what is written ---- */

void sheet_head(struct sheet *s, const char *title, struct day day)
{
	struct paper *p = &s->paper;
	struct str text = paper_day_text(p, day);

	paper_begin(p, title, text, true);
	paper_raw(p, STR("<header><h1>"));
	paper_say(p, title);
	paper_raw(p, STR(" · "));
	paper_text(p, text);
	paper_raw(p, STR("</h1><p class=\"strong\">"));
	paper_text(p, json_str_at(s->roster->doc, "name"));
	paper_raw(p, STR("</p></header>\n"));
}

static void put_count(struct sheet *s, const struct sheet_lines *lines)
{
	paper_put(&s->paper, " (%u%s)", lines->len, lines->more ? "+" : "");
}

void sheet_table(struct sheet *s, const char *title, const char *const *heads, size_t heads_len,
	const struct sheet_lines *lines,
	void (*put)(struct sheet *s, const struct sheet_line *line, const struct booking *b))
{
	struct paper *p = &s->paper;
	struct booking b;
	uint64_t rev;

	paper_raw(p, STR("<h2>"));
	paper_say(p, title);
	put_count(s, lines);
	paper_raw(p, STR("</h2>\n"));
	if (!lines->len) {
		paper_raw(p, STR("<p>"));
		paper_say(p, "sheet.none");
		paper_raw(p, STR("</p>"));
		return;
	}
	paper_raw(p, STR("<table><thead><tr>"));
	for (size_t i = 0; i < heads_len; i++) {
		paper_raw(p, STR("<th>"));
		paper_say(p, heads[i]);
		paper_raw(p, STR("</th>"));
	}
	paper_raw(p, STR("</tr></thead><tbody>\n"));
	for (uint32_t i = 0; i < lines->len; i++) {
		row_look_next(&s->look);
		if (!booking_get(&s->look.view, lines->line[i].id, &b, &rev))
			continue;
		paper_raw(p, STR("<tr>"));
		put(s, &lines->line[i], &b);
		paper_raw(p, STR("</tr>\n"));
	}
	paper_raw(p, STR("</tbody></table>\n"));
}

/* ---- cells ---- */

void cell_begin(struct sheet *s)
{
	paper_raw(&s->paper, STR("<td>"));
}

void cell_end(struct sheet *s)
{
	paper_raw(&s->paper, STR("</td>"));
}

/* A second line of a cell, smaller; nothing when it is empty. */
static void put_below(struct paper *p, struct str text)
{
	if (!text.n)
		return;
	paper_raw(p, STR("<br><span class=\"small\">"));
	paper_text(p, text);
	paper_raw(p, STR("</span>"));
}

void cell_customer(struct sheet *s, const struct booking *b)
{
	struct contact c = contact_of(&s->look.view, b->customer);

	cell_begin(s);
	paper_raw(&s->paper, STR("<b>"));
	paper_text(&s->paper, c.name);
	paper_raw(&s->paper, STR("</b>"));
	if (s->contacts)
		put_below(&s->paper, c.phone);
	put_below(&s->paper, b->number);
	cell_end(s);
}

void cell_own_car(struct sheet *s, const struct booking *b)
{
	struct row row;

	cell_begin(s);
	if (b->vin.n && row_get(&s->look.view, ROW_VEHICLE, b->vin, &row)) {
		paper_text(&s->paper, json_str_at(row.doc, "plate"));
		put_below(&s->paper, json_str_at(row.doc, "model"));
	}
	put_below(&s->paper, b->vin);
	put_below(&s->paper, b->repair_order);
	cell_end(s);
}

void cell_mobility(struct sheet *s, const struct booking *b)
{
	struct str word = words_named(&s->paper.words, "class", b->class);

	cell_begin(s);
	paper_named(&s->paper, "solution", b->solution);
	put_below(&s->paper, word.n ? word : b->class);
	cell_end(s);
}

void cell_car(struct sheet *s, const struct booking *b)
{
	struct json now = JSON_ABSENT;
	struct row row;
	struct paper *p = &s->paper;

	cell_begin(s);
	if (b->at_risk)
		paper_say(p, "sheet.at_risk");
	if (b->resource.n && row_get(&s->look.view, ROW_RESOURCE, b->resource, &row)) {
		now = json_get(row.doc, "now");
		paper_raw(p, STR("<b>"));
		paper_text(p, json_str_at(row.doc, "plate"));
		paper_raw(p, STR("</b>"));
		put_below(p, json_str_at(row.doc, "label"));
		if (json_str_at(now, "where").n) {
			paper_raw(p, STR(" <span class=\"small\">\xc2\xb7 "));
			paper_text(p, json_str_at(now, "where"));
			paper_raw(p, STR("</span>"));
		}
	}
	cell_end(s);
	cell_begin(s);
	paper_text(p, json_str_at(now, "key"));
	cell_end(s);
}

void cell_tick(struct sheet *s)
{
	paper_raw(&s->paper, STR("<td><span class=\"tick\"></span></td>"));
}
