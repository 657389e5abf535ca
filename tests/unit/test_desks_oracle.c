/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The desks of a site that receives its own customers and those of another's cars, held against
 * plain counting: what lasts a while fits on N desks exactly when no minute has more than N of
 * them. Random bookings, moves, cancellations and ticks of the site; after each tick what is kept
 * is what the counting keeps, whoever has none has a task, and no desk is taken twice.
 */

#include "tests/lib/two_sites.h"

#include "fleet/desk.h"
#include "fleet/task.h"

enum {
	DESKS = 3,
	CARS = 20,
	STEPS = 120,
	SEEDS = 10,
	ENDS = 2,
	BOOKINGS_MAX = 60,
	OUT_MINUTES = 30,
	IN_MINUTES = 15,
	SLOTS = 24,
	GRID = 5,
};

struct hour {
	uint32_t from, until;
};
/* What the site's calendar has of a booking, and what the booking wants. */
struct entry {
	struct str id;
	bool shared, live;
	uint32_t from, until;	/* wanted */
	bool taken[ENDS];	/* in the site's calendar */
	struct hour hour[ENDS]; /* as they were when they were taken */
	bool known, is_short;
	uint32_t known_from, known_until;
	struct hour last[ENDS]; /* when it was looked at last, and where it lay then */
	struct str seat[ENDS];
};
static struct entry book_of[BOOKINGS_MAX];
static unsigned entries;
static struct str offer_of_lyon;
static unsigned said[2], shorts, healed, moved, pushed;

static uint64_t state_of_chance;

static uint32_t draw(uint32_t below)
{
	state_of_chance = state_of_chance * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(state_of_chance >> 33) % below;
}

/* ---- counting ---- */

static void hours_of(uint32_t from, uint32_t until, struct hour out[ENDS])
{
	out[0] = (struct hour){from, from + OUT_MINUTES};
	out[1] = (struct hour){until - IN_MINUTES, until};
}

/* Whether some minute of that hour has all desks taken; what `but` has does not count. */
static bool is_full(struct hour h, const struct entry *but)
{
	for (uint32_t minute = h.from; minute < h.until; minute++) {
		unsigned n = 0;
		for (unsigned i = 0; i < entries; i++)
			for (unsigned e = 0; e < ENDS; e++)
				n += &book_of[i] != but && book_of[i].taken[e] &&
				     book_of[i].hour[e].from <= minute &&
				     minute < book_of[i].hour[e].until;
		if (n >= DESKS)
			return true;
	}
	return false;
}

static bool fits(uint32_t from, uint32_t until, const struct entry *but)
{
	struct hour h[ENDS];

	hours_of(from, until, h);
	return !is_full(h[0], but) && !is_full(h[1], but);
}

static void take(struct entry *e)
{
	hours_of(e->from, e->until, e->hour);
	e->is_short = false;
	for (unsigned i = 0; i < ENDS; i++) {
		e->taken[i] = e->taken[i] || !is_full(e->hour[i], e);
		e->is_short |= !e->taken[i];
	}
}

static bool differs(const struct entry *e)
{
	return !e->known || e->known_from != e->from || e->known_until != e->until;
}

/* The site's tick: who left makes room first, then one after the other. */
static void count_tick(void)
{
	for (unsigned i = 0; i < entries; i++) {
		struct entry *e = &book_of[i];
		if (e->shared && (!e->live || differs(e)))
			e->taken[0] = e->taken[1] = false;
	}
	for (unsigned i = 0; i < entries; i++) {
		struct entry *e = &book_of[i];
		bool was = e->is_short;
		if (!e->shared)
			continue;
		e->known = e->live;
		e->known_from = e->from;
		e->known_until = e->until;
		if (e->live)
			take(e);
		else
			e->is_short = false;
		shorts += e->is_short && !was;
		healed += was && e->live && !e->is_short;
	}
}

/* ---- doing ---- */

static const char *text_of(uint32_t minute)
{
	char text[INSTANT_TEXT];

	instant_print_utc(minute_instant(minute), text);
	return arena_printf(&w.arena, "%s", text).p;
}

static enum outcome run(
	enum verb v, const char *at, struct str id, const char *body, struct str *made)
{
	struct command *c = dealer_do(&w, v, at, id.n ? id.p : NULL, body, NULL);
	enum outcome o = c->outcome;

	if (o == OK && made)
		*made = dealer_subject(&w, c);
	command_free(c);
	return o;
}

static void draw_window(uint32_t *from, uint32_t *until)
{
	*from = minute_of(MONDAY_8_30) + GRID * draw(SLOTS);
	*until = minute_of("2026-03-17T08:45:00+01:00") + GRID * draw(SLOTS);
}

/* By their ids, as the site goes through them. */
static void put_in_order(void)
{
	for (unsigned i = entries - 1; i > 0 && str_cmp(book_of[i].id, book_of[i - 1].id) < 0;
		i--) {
		struct entry e = book_of[i];
		book_of[i] = book_of[i - 1];
		book_of[i - 1] = e;
	}
}

static void do_make(void)
{
	struct entry *e = &book_of[entries];
	bool yes;
	enum outcome o;

	if (entries == BOOKINGS_MAX)
		return;
	*e = (struct entry){.shared = draw(3) > 0, .live = true};
	draw_window(&e->from, &e->until);
	yes = fits(e->from, e->until, NULL);
	o = run(VERB_BOOKING_MAKE, e->shared ? "PAR" : "LYO", STR_NULL,
		arena_printf(&w.arena,
			"{\"accept_customer_minor\":99999999,\"class\":\"%s\",\"customer\":\"C2\","
			"\"from\":\"%s\"%s,\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
			"\"until\":\"%s\"}",
			e->shared ? "x" : "y", text_of(e->from),
			e->shared ? ",\"home_site\":\"PAR\"" : "", STR_FMT(offer_of_lyon),
			text_of(e->until))
			.p,
		&e->id);
	assert_int_equal(o, yes ? OK : REFUSED_NO_SEAT);
	said[yes]++;
	if (!yes)
		return;
	entries++;
	if (!e->shared)
		take(e);
	put_in_order();
}

static struct entry *draw_live(void)
{
	struct entry *e = entries ? &book_of[draw(entries)] : NULL;

	return e && e->live ? e : NULL;
}

static void do_cancel(void)
{
	struct entry *e = draw_live();

	if (!e)
		return;
	assert_int_equal(run(VERB_BOOKING_CANCEL, e->shared ? "PAR" : "LYO", e->id,
				 "{\"reason\":\"no\"}", NULL),
		OK);
	e->live = false;
	if (!e->shared)
		e->taken[0] = e->taken[1] = false;
}

static void do_move(void)
{
	struct entry *e = draw_live();
	uint32_t from, until;
	enum outcome o;
	bool yes;

	if (!e)
		return;
	draw_window(&from, &until);
	yes = fits(from, until, e);
	o = run(VERB_BOOKING_RESCHEDULE, e->shared ? "PAR" : "LYO", e->id,
		arena_printf(&w.arena, "{\"from\":\"%s\",\"until\":\"%s\"}", text_of(from),
			text_of(until))
			.p,
		NULL);
	assert_int_equal(o, yes ? OK : REFUSED_NO_SEAT);
	said[yes]++;
	if (!yes)
		return;
	e->from = from;
	e->until = until;
	moved++;
	if (e->shared)
		return;
	e->taken[0] = e->taken[1] = false;
	take(e);
}

/* ---- comparing ---- */

static bool has_task(struct str id)
{
	struct key key = key_subject_task(id, TASK_DESK);
	struct str value;
	struct view v;
	struct txn t;
	bool found;

	fleet_look(w.fleet, &v, &t, &w.arena);
	found = txn_get(&t, DB_INDEX, key_str(&key), &value);
	fleet_look_end(&v);
	return found;
}

/* What is stored of a booking's desks at the site. */
static uint32_t stored_claims(const struct entry *e, struct booking_claim out[BOOKING_CLAIMS_MAX])
{
	struct json doc = dealer_row(&w, e->shared ? ROW_DESK : ROW_BOOKING, e->id);
	struct booking_claim all[BOOKING_CLAIMS_MAX];
	uint32_t len = claims_read(all, BOOKING_CLAIMS_MAX, json_get(doc, "claims"), 0, false),
		 n = 0;

	for (uint32_t i = 0; i < len; i++)
		if (all[i].row.what == CLAIM_DESK_OUT || all[i].row.what == CLAIM_DESK_IN)
			out[n++] = all[i];
	return n;
}

static void check_entry(struct entry *e)
{
	struct booking_claim claims_now[BOOKING_CLAIMS_MAX];
	uint32_t n = stored_claims(e, claims_now);

	assert_int_equal(n, e->taken[0] + e->taken[1]);
	for (uint32_t i = 0; i < n; i++) {
		unsigned end = claims_now[i].row.what == CLAIM_DESK_IN;
		assert_true(e->taken[end]);
		assert_int_equal(claims_now[i].row.from, e->hour[end].from);
		assert_int_equal(claims_now[i].row.until, e->hour[end].until);
		/* made room for another */
		pushed += e->shared && e->last[end].from == e->hour[end].from &&
			  !str_eq(e->seat[end], claims_now[i].seat.resource);
		e->last[end] = e->hour[end];
		e->seat[end] = claims_now[i].seat.resource;
	}
	if (e->shared)
		assert_int_equal(has_task(e->id), e->is_short);
}

static void check_no_desk_is_taken_twice(void)
{
	struct booking_claim all[BOOKINGS_MAX * BOOKING_CLAIMS_MAX];
	uint32_t n = 0;

	for (unsigned i = 0; i < entries; i++)
		n += stored_claims(&book_of[i], &all[n]);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			assert_false(str_eq(all[i].seat.resource, all[k].seat.resource) &&
				     all[i].row.from < all[k].row.until &&
				     all[k].row.from < all[i].row.until);
}

static void do_tick(void)
{
	struct command *c;

	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	count_tick();
	for (unsigned i = 0; i < entries; i++)
		check_entry(&book_of[i]);
	check_no_desk_is_taken_twice();
	c = dealer_do(&w, VERB_TICK, "LYO", NULL, NULL, NULL);
	assert_true(c->outcome == OK && c->unchanged);
	command_free(c);
}

static void open_world(uint64_t seed)
{
	(void)open_two(NULL);
	state_of_chance = seed;
	entries = 0;
	for (unsigned i = 2; i <= DESKS; i++) /* one stands there already */
		resource(arena_printf(&w.arena, "D%u", i).p, "desk", "desk", "\"loaner_brand\"",
			"1", 0);
	for (unsigned i = 0; i < CARS; i++) {
		car(arena_printf(&w.arena, "X%u", i).p, "x", LYON_90);
		resource(
			arena_printf(&w.arena, "Y%u", i).p, "car", "y", "\"loaner_brand\"", "1", 0);
	}
	offer_of_lyon = json_str_at(ask("LYO", MONDAY_9, TUESDAY_17), "offer");
}

static unsigned live_of(bool shared)
{
	unsigned n = 0;

	for (unsigned i = 0; i < entries; i++)
		n += book_of[i].shared == shared && book_of[i].live;
	return n;
}

static void desks_are_what_the_counting_says(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= SEEDS; seed++) {
		open_world(seed);
		for (unsigned i = 0; i < STEPS; i++) {
			uint32_t what = draw(10);
			if (what < 4 && live_of(true) < CARS && live_of(false) < CARS)
				do_make();
			else if (what < 6)
				do_cancel();
			else if (what < 8)
				do_move();
			else
				do_tick();
		}
		do_tick();
		(void)close_dealer(NULL);
	}
	assert_true(said[0] > 50 && said[1] > 100 && moved > 20 && shorts > 5 && healed > 2);
	assert_true(pushed > 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(desks_are_what_the_counting_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
