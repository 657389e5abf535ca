/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"
#include "fleet/stored.h"

enum { FRAME_BYTES = 1024, DAY_BYTES = 768, DAY_S = 86400 };

/* What one payer bears of the visit. */
struct sum {
	struct sum *next;
	struct str payer;
	int64_t amount_minor, charges_minor;
};

struct writing {
	struct view *v;
	const struct zone *zone;
	struct row_look look;
	struct items bookings;
	struct sum *sums; /* by name of the payer */
	struct stored *stored;
	struct terms *terms;
	struct ledger *ledger;
	struct str currency;
};

static struct sum *sum_of(struct writing *g, struct str payer)
{
	struct sum **at = &g->sums, *new;

	while (*at && str_cmp((*at)->payer, payer) < 0)
		at = &(*at)->next;
	if (*at && str_eq((*at)->payer, payer))
		return *at;
	new = arena_alloc(g->v->arena, sizeof *new);
	if (!new) {
		g->bookings.full = true;
		return NULL;
	}
	*new = (struct sum){.next = *at, .payer = arena_copy(g->v->arena, payer)};
	return *at = new;
}

static void sum_add(struct writing *g, struct str payer, int64_t amount, int64_t charges)
{
	struct sum *sum = amount || charges ? sum_of(g, payer) : NULL;

	if (!sum)
		return;
	sum->amount_minor += amount;
	sum->charges_minor += charges;
}

/* ---- days ---- */

static void write_notes(struct json_writer *w, uint32_t notes)
{
	json_k(w, "notes");
	json_array_begin(w);
	for (int n = 0; n < NOTES_LEN; n++)
		if (notes >> n & 1)
			json_put_str(w, str_from(note_code((enum note)n)));
	json_array_end(w);
}

/* A day ends where the next begins, the last where the loan does. */
static int64_t day_end(const struct writing *g, uint32_t i)
{
	return i + 1 < g->ledger->len ? g->ledger->line[i + 1].start.wall_s
				      : g->stored->request.loan_to.wall_s;
}

static void kv_wall(struct json_writer *w, const char *key, int64_t wall_s, const struct zone *zone)
{
	struct local l;

	(void)zone_instant(&l, zone, wall_s);
	kv_local(w, key, local_instant(l), zone);
}

static void write_day(struct writing *g, struct json_writer *w, uint32_t i)
{
	const struct ledger_line *line = &g->ledger->line[i];
	char day[DAY_TEXT];

	json_object_begin(w);
	json_kv_int(w, "amount_minor", line->amount_minor);
	kv_text(w, "cost_code", line->cost_code);
	json_kv_int(w, "customer_minor", line->customer_minor);
	json_kv_str(w, "day", day_print(local_day(line->start), day));
	kv_wall(w, "from", line->start.wall_s, g->zone);
	json_kv_int(w, "goodwill_minor", line->goodwill_minor);
	write_notes(w, line->notes);
	json_kv_str(w, "payer", line->payer);
	json_kv_int(w, "price_minor", line->price_minor);
	kv_text(w, "programme", line->programme);
	json_kv_int(w, "rest_minor", line->rest_minor);
	kv_text(w, "rest_payer", line->rest_payer);
	kv_wall(w, "until", day_end(g, i), g->zone);
	json_object_end(w);
	sum_add(g, line->payer, line->amount_minor, 0);
	sum_add(g, line->rest_payer, line->rest_minor, 0);
	sum_add(g, g->stored->request.goodwill.payer, line->goodwill_minor, 0);
	sum_add(g, STR("customer"), line->customer_minor, 0);
}

/* ---- charges ---- */

/* With the words that prove them, where these can still be read. */
static void write_charges_of(struct writing *g, struct json_writer *w, const struct booking *b)
{
	struct json known = json_get(b->doc, "charges");
	struct json words = json_get(private_of(&g->look.view, b->doc), "charges");
	uint32_t i = 0;

	json_k(w, "charges");
	json_array_begin(w);
	for (struct json c = json_first(known); json_present(c); c = json_next(known, c)) {
		struct str payer = json_str_at(c, "payer");
		int64_t amount = json_int_at(c, "amount_minor", 0);
		payer = payer.n ? payer : STR("customer");
		json_object_begin(w);
		json_kv_int(w, "amount_minor", amount);
		kv_text(w, "evidence", json_str_at(json_item(words, i++), "evidence"));
		json_kv_str(w, "kind", json_str_at(c, "kind"));
		json_kv_str(w, "payer", payer);
		json_object_end(w);
		sum_add(g, payer, 0, amount);
	}
	json_array_end(w);
}

/* ---- bookings ---- */

/* Whose ends lie later than their terms say, as the decision saw them: the car was repaired. */
static void write_suspended(struct writing *g, struct json_writer *w)
{
	const struct decision_request *r = &g->stored->request;
	bool some = false;

	for (uint32_t i = 0; i < r->coverages_len; i++) {
		if (r->coverages[i].suspended_days <= 0)
			continue;
		if (!some) {
			json_k(w, "suspended");
			json_array_begin(w);
		}
		some = true;
		json_object_begin(w);
		json_kv_int(w, "days", r->coverages[i].suspended_days);
		json_kv_str(w, "programme", r->coverages[i].programme);
		json_object_end(w);
	}
	if (some)
		json_array_end(w);
}

static void add_booking(struct writing *g, const struct booking *b)
{
	struct json decided = json_get(b->doc, "decided");
	struct json_writer w;

	if (stored_read(g->stored, &g->look.view, b->doc, decided))
		return; /* audit replay names it */
	decide_ledger(g->ledger, g->terms, &g->stored->request, &g->stored->site,
		g->stored->rules.ruleset, g->stored->solution, g->stored->class);
	g->currency = arena_copy(g->v->arena, g->terms->currency);
	arena_writer(&g->look.arena, &w,
		FRAME_BYTES + g->ledger->len * DAY_BYTES + json_raw(b->doc).n * 2);
	json_object_begin(&w);
	json_kv_str(&w, "booking", b->id);
	write_charges_of(g, &w, b);
	kv_text(&w, "class", b->class);
	json_kv_int(&w, "customer_minor", g->terms->customer_minor);
	json_k(&w, "days");
	json_array_begin(&w);
	for (uint32_t i = 0; i < g->ledger->len; i++)
		write_day(g, &w, i);
	json_array_end(&w);
	json_kv_int(&w, "gross_minor", g->terms->gross_minor);
	json_kv_str(&w, "number", b->number);
	json_kv_str(&w, "solution", b->solution);
	json_kv_str(&w, "status", str_from(booking_status_name(b->status)));
	write_suspended(g, &w);
	json_kv_int(&w, "value_minor", g->terms->value_minor);
	json_object_end(&w);
	items_add(&g->bookings, arena_written(&g->look.arena, &w));
}

static void add_all(struct writing *g, struct json bookings)
{
	for (struct json e = json_first(bookings); json_present(e) && !g->bookings.full;
		e = json_next(bookings, e)) {
		struct booking b;
		uint64_t rev;
		if (booking_get(&g->look.view, json_str(e), &b, &rev) &&
			(booking_is_live(b.status) || b.status == BOOKING_RETURNED))
			add_booking(g, &b);
		row_look_next(&g->look);
	}
}

static void write_sums(struct json_writer *w, const struct sum *sums)
{
	json_k(w, "payers");
	json_array_begin(w);
	for (const struct sum *s = sums; s; s = s->next) {
		json_object_begin(w);
		json_kv_int(w, "amount_minor", s->amount_minor);
		json_kv_int(w, "charges_minor", s->charges_minor);
		json_kv_str(w, "payer", s->payer);
		json_object_end(w);
	}
	json_array_end(w);
}

static size_t sums_bytes(const struct sum *sums)
{
	size_t n = FRAME_BYTES;

	for (const struct sum *s = sums; s; s = s->next)
		n += 6 * s->payer.n + 128;
	return n;
}

struct str render_ledger(struct view *v, struct str visit, const struct row *row)
{
	struct arena *a = v->arena;
	struct str site = json_str_at(row->doc, "site"),
		   for_site = json_str_at(row->doc, "for_site");
	struct writing g = {.v = v, .zone = site_zone(v, for_site.n ? for_site : site)};
	struct json_writer w;

	g.bookings = (struct items){.arena = a};
	g.stored = arena_alloc(a, sizeof *g.stored);
	g.terms = arena_alloc(a, sizeof *g.terms);
	g.ledger = arena_alloc(a, sizeof *g.ledger);
	if (!g.zone || !g.stored || !g.terms || !g.ledger)
		return STR_NULL;
	row_look_open(&g.look, v);
	add_all(&g, json_get(row->doc, "bookings"));
	row_look_close(&g.look);
	if (g.bookings.full)
		return STR_NULL;
	arena_writer(a, &w, g.bookings.bytes + g.bookings.len + sums_bytes(g.sums));
	json_object_begin(&w);
	json_k(&w, "bookings");
	items_write(&w, &g.bookings);
	kv_text(&w, "currency", g.currency);
	write_sums(&w, g.sums);
	json_kv_str(&w, "site", site);
	json_kv_str(&w, "visit", visit);
	json_object_end(&w);
	return arena_written(a, &w);
}
