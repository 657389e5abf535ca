/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/erase.h"

#include "fleet/booking.h"
#include "fleet/decide.h"

enum { FORGET_BATCH = 64, NAMED_MAX = 20, ERASE_BYTES = 64, DETAIL_BYTES = 4096 };

bool customer_is_erased(struct json customer)
{
	return json_present(json_get(customer, "erased_at"));
}

bool customer_known(struct view *v, struct str id, struct row *out)
{
	return customer_get(v, id, out) && !customer_is_erased(out->doc);
}

bool subject_is_erased(struct view *v, struct str subject)
{
	static const enum row_kind named[] = {ROW_BOOKING, ROW_VISIT};
	struct str customer = subject;
	struct row row;

	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (row_get(v, named[i], subject, &row) && json_str_at(row.doc, "customer").n)
			customer = json_str_at(row.doc, "customer");
	return customer_get(v, customer, &row) && customer_is_erased(row.doc);
}

/* ---- a customer's bookings ---- */

struct walk_of {
	struct view *view;
	struct key prefix;
	struct cursor cursor;
	bool some;
};

static void bookings_open(struct walk_of *w, struct view *v, struct str customer)
{
	*w = (struct walk_of){.view = v, .prefix = key_customer_booking_prefix(customer)};
	cursor_open(&w->cursor, v->txn, DB_INDEX);
	w->some = cursor_seek(&w->cursor, key_str(&w->prefix));
}

static bool bookings_next(struct walk_of *w, struct booking *b)
{
	while (w->some && cursor_within(&w->cursor, key_str(&w->prefix))) {
		uint32_t from;
		uint64_t rev;
		struct str id;
		size_t at = w->prefix.n;
		bool good = key_take_u32(w->cursor.key, &at, &from) &&
			    key_take_text(w->cursor.key, &at, &id) &&
			    booking_get(w->view, arena_copy(w->view->arena, id), b, &rev);
		w->some = cursor_next(&w->cursor);
		if (good)
			return true;
	}
	return false;
}

/* ---- the decision ---- */

static bool is_open(const struct booking *b)
{
	return b->status == BOOKING_HELD || b->status == BOOKING_BOOKED || b->status == BOOKING_OUT;
}

/* How many of this id's bookings stand in the way; the first are named. */
static uint32_t name_open(struct decide *d, struct str customer, struct json_writer *w, uint32_t n)
{
	struct walk_of walk;
	struct booking b;

	bookings_open(&walk, &d->view, customer);
	while (n < NAMED_MAX && bookings_next(&walk, &b))
		if (is_open(&b)) {
			json_object_begin(w);
			json_kv_str(w, "booking", b.id);
			json_kv_str(w, "number", b.number);
			json_object_end(w);
			n++;
		}
	cursor_close(&walk.cursor);
	return n;
}

/* ---- what is looked at before ---- */

struct weighing {
	uint64_t bookings, visits, attachments;
	struct str open[NAMED_MAX];
	uint32_t open_len;
};

static void weigh(struct weighing *g, struct view *v, struct str customer)
{
	struct key prefix = key_customer_visit_prefix(customer);
	struct walk_of walk;
	struct booking b;
	struct cursor c;

	bookings_open(&walk, v, customer);
	while (bookings_next(&walk, &b)) {
		g->bookings++;
		g->attachments += (uint64_t)json_int_at(json_get(b.doc, "attached"), "count", 0);
		if (is_open(&b) && g->open_len < NAMED_MAX)
			g->open[g->open_len++] = b.id;
	}
	cursor_close(&walk.cursor);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c))
		g->visits++;
	cursor_close(&c);
}

static void write_open(struct json_writer *w, struct view *v, const struct weighing *g)
{
	json_k(w, "open");
	json_array_begin(w);
	for (uint32_t i = 0; i < g->open_len; i++) {
		struct booking b;
		uint64_t rev;
		if (!booking_get(v, g->open[i], &b, &rev))
			continue;
		json_object_begin(w);
		json_kv_str(w, "booking", b.id);
		json_kv_str(w, "number", b.number);
		json_kv_str(w, "site", b.site);
		json_kv_str(w, "status", str_from(booking_status_name(b.status)));
		json_object_end(w);
	}
	json_array_end(w);
}

struct str render_erasure(struct view *v, struct str customer)
{
	struct str same[SAME_PERSON_MAX];
	uint32_t len = customer_same(v, customer, same);
	struct weighing g = {.bookings = 0};
	struct json_writer w;
	struct row row;

	if (!len || !customer_get(v, customer, &row))
		return STR_NULL;
	for (uint32_t i = 0; i < len; i++)
		weigh(&g, v, same[i]);
	arena_writer(v->arena, &w, DETAIL_BYTES + (size_t)len * (ID_MAX + 8));
	json_object_begin(&w);
	json_kv_int(&w, "attachments", (int64_t)g.attachments);
	json_kv_int(&w, "bookings", (int64_t)g.bookings);
	json_kv_str(&w, "customer", same[0]);
	json_kv_bool(&w, "erased", customer_is_erased(row.doc));
	json_k(&w, "ids");
	json_array_begin(&w);
	for (uint32_t i = 0; i < len; i++)
		json_put_str(&w, same[i]);
	json_array_end(&w);
	write_open(&w, v, &g);
	json_kv_int(&w, "visits", (int64_t)g.visits);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

static struct str erased_now(struct decide *d)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, ERASE_BYTES);
	json_object_begin(&w);
	json_kv_instant(&w, "erased_at", d->now);
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

enum outcome decide_customer_erase(struct decide *d)
{
	struct str same[SAME_PERSON_MAX], erased;
	uint32_t len = customer_same(&d->view, d->command->target, same), n = 0;
	struct json_writer w;
	struct row row;

	if (!len || !customer_get(&d->view, d->command->target, &row))
		return REFUSED_NOT_FOUND;
	if (customer_is_erased(row.doc)) {
		d->command->unchanged = true;
		d->command->seq = row.rev;
		return OK;
	}
	arena_writer(d->view.arena, &w, DETAIL_BYTES);
	json_object_begin(&w);
	json_k(&w, "bookings");
	json_array_begin(&w);
	for (uint32_t i = 0; i < len && !json_bool_at(d->body, "again", false); i++)
		n = name_open(d, same[i], &w, n);
	json_array_end(&w);
	json_object_end(&w);
	if (n)
		return refuse_with(d, REFUSED_IN_USE, arena_written(d->view.arena, &w));
	erased = erased_now(d);
	for (uint32_t i = 0; i < len; i++)
		draft_set(d, ROW_CUSTOMER, same[i], erased);
	return OK;
}

/* ---- what follows from it ---- */

struct forgetting {
	struct people *people;
	struct str subject[FORGET_BATCH];
	size_t len;
	enum outcome outcome;
};

static void forget_flush(struct forgetting *f)
{
	if (f->len > 0 && f->outcome == OK)
		f->outcome = people_forget(f->people, f->subject, f->len);
	f->len = 0;
}

static void forget(void *context, struct str subject)
{
	struct forgetting *f = context;

	if (!subject.n)
		return;
	if (f->len == FORGET_BATCH)
		forget_flush(f);
	f->subject[f->len++] = subject;
}

static void tell_visits(struct view *v, struct str customer, void *context,
	void (*take)(void *context, struct str subject))
{
	struct key prefix = key_customer_visit_prefix(customer);
	struct cursor c;

	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct str visit;
		size_t at = prefix.n;
		if (key_take_text(c.key, &at, &visit))
			take(context, arena_copy(v->arena, visit));
	}
	cursor_close(&c);
}

/* Words said before a customer was named were sealed for the booking or the visit. */
void erase_subjects(struct view *v, struct str customer, void *context,
	void (*take)(void *context, struct str subject))
{
	struct walk_of walk;
	struct booking b;

	take(context, customer);
	bookings_open(&walk, v, customer);
	while (bookings_next(&walk, &b)) {
		take(context, b.id);
		take(context, b.visit);
	}
	cursor_close(&walk.cursor);
	tell_visits(v, customer, context, take);
}

enum outcome erase_follow(struct view *v, struct str customer)
{
	struct forgetting f = {.people = v->people};

	f.outcome = people_index(v->people, customer, STR_NULL, STR_NULL);
	erase_subjects(v, customer, &f, forget);
	forget_flush(&f);
	return f.outcome;
}
