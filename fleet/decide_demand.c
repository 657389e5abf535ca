/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"

/* What was refused joins the book: a booking's in the entry of its refusal, offers by the hour. An
 * entry changes a row once, so all that falls on one row is added up before it is drafted. */

struct tally_row {
	struct str id;
	struct demand d; /* what the row says after this entry */
	bool stored;
};
struct tally {
	struct decide *d;
	uint32_t len;
	struct tally_row rows[DEMAND_OF_ENTRY_MAX];
};

/* How many counts that day has, with those that this entry adds to it. */
static uint32_t counts_of_day(const struct tally *t, struct day day)
{
	struct demand_walk w;
	uint32_t n = 0;

	demand_walk_open(&w, t->d->view.txn, t->d->command->journal, day);
	while (demand_walk_next(&w))
		n++;
	demand_walk_close(&w);
	for (uint32_t i = 0; i < t->len; i++)
		n += !t->rows[i].stored && t->rows[i].d.day.n == day.n;
	return n;
}

static struct tally_row *tally_find(struct tally *t, struct str id)
{
	for (uint32_t i = 0; i < t->len; i++)
		if (str_eq(t->rows[i].id, id))
			return &t->rows[i];
	return NULL;
}

/* Whether it has a row, or its day has room for one more. */
static bool day_takes(struct tally *t, const struct demand *what)
{
	struct str id = demand_id(t->d->view.arena, t->d->command->journal, what);
	struct row row;

	return tally_find(t, id) || row_get(&t->d->view, ROW_DEMAND, id, &row) ||
	       counts_of_day(t, what->day) < DEMAND_OF_DAY_MAX;
}

static struct tally_row *tally_row(struct tally *t, const struct demand *what)
{
	struct str id = demand_id(t->d->view.arena, t->d->command->journal, what);
	struct tally_row *r = tally_find(t, id);
	struct row row;

	if (r)
		return r;
	ASSERT(t->len < ARRAY_LEN(t->rows));
	r = &t->rows[t->len++];
	*r = (struct tally_row){.id = id, .d = *what};
	r->d.offers = r->d.bookings = 0;
	r->stored = row_get(&t->d->view, ROW_DEMAND, id, &row);
	if (r->stored)
		ASSERT(demand_read(&r->d, row.doc));
	return r;
}

static void tally_add(struct tally *t, const struct demand *what)
{
	struct demand folded = demand_folded(what);
	struct tally_row *r = tally_row(t, day_takes(t, what) ? what : &folded);

	r->d.offers += what->offers;
	r->d.bookings += what->bookings;
}

static void tally_draft(const struct tally *t)
{
	for (uint32_t i = 0; i < t->len; i++) {
		const struct tally_row *r = &t->rows[i];
		struct json_writer w;
		arena_writer(t->d->view.arena, &w, DEMAND_JSON_MAX);
		if (r->stored) {
			json_object_begin(&w);
			json_kv_int(&w, "bookings", (int64_t)r->d.bookings);
			json_kv_int(&w, "offers", (int64_t)r->d.offers);
			json_object_end(&w);
			draft_set(t->d, ROW_DEMAND, r->id, arena_written(t->d->view.arena, &w));
		} else {
			demand_write(&w, &r->d, t->d->command->journal);
			draft_put(t->d, ROW_DEMAND, r->id, arena_written(t->d->view.arena, &w));
		}
	}
}

/* Only what made a customer leave without: a booking that could not be moved is still there. */
void draft_unmet(struct decide *d)
{
	struct tally *t = arena_alloc(d->view.arena, sizeof *t);
	bool new_booking =
		d->command->verb == VERB_BOOKING_MAKE || d->command->verb == VERB_VISIT_BOOKINGS;

	if (!t || !new_booking || d->command->retold || !d->unmet.solution.n)
		return;
	t->d = d;
	d->unmet.bookings = 1;
	tally_add(t, &d->unmet);
	tally_draft(t);
}

/* The hour's refused offers, as demand_book_take wrote them. */
enum outcome decide_demand(struct decide *d)
{
	struct json counts = json_get(d->body, "counts");
	struct tally *t = arena_alloc(d->view.arena, sizeof *t);

	if (!t)
		return FAULT_MEMORY;
	t->d = d;
	ASSERT(json_count(counts) <= DEMAND_OF_ENTRY_MAX);
	for (struct json c = json_first(counts); json_present(c); c = json_next(counts, c)) {
		struct demand what;
		ASSERT(demand_read(&what, c));
		tally_add(t, &what);
	}
	tally_draft(t);
	d->command->unchanged = d->effects_len == 0;
	return OK;
}
