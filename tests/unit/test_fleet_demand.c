/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Stories of the refused-demand book: what counts as a refusal and how often, and what the month
 * then says; after each the projection is rebuilt and compared. */

#include "tests/lib/story.h"

#include "fleet/demand_book.h"
#include "fleet/render.h"

#define MONDAY_10 "2026-03-16T10:00:00+01:00"
#define WEDNESDAY_15 "2026-03-18T15:00:00+01:00"

/* ---- asking and reading ---- */

static struct json month(int year, int number)
{
	struct view v;
	struct txn t;
	struct str text;
	struct json doc;

	fleet_look(w.fleet, &v, &t, &w.arena);
	text = render_demand(&v, STR("LYO"), day_from_civil(year, number, 1));
	fleet_look_end(&v);
	doc = arena_json(&w.arena, text, NULL);
	assert_true(json_present(doc));
	return doc;
}

/* "day class days solution reason offers bookings" of one item; the class as it is, or "-". */
static const char *item(struct json items, uint32_t i)
{
	struct json it = json_item(items, i);
	struct str class = json_str_at(it, "class");

	return arena_printf(&w.arena, "%.*s %.*s %lld %.*s %.*s %lld %lld",
		STR_FMT(json_str_at(it, "day")), STR_FMT(class.n ? class : STR("-")),
		(long long)json_int_at(it, "days", -1), STR_FMT(json_str_at(it, "solution")),
		STR_FMT(json_str_at(it, "reason")), (long long)json_int_at(it, "offers", -1),
		(long long)json_int_at(it, "bookings", -1))
		.p;
}

/* "class extra saved first..last" of one line of cars. */
static const char *car(struct json cars, uint32_t i)
{
	struct json it = json_item(cars, i), days = json_get(it, "days");

	return arena_printf(&w.arena, "%.*s %lld %lld %.*s..%.*s",
		STR_FMT(json_str_at(it, "class")), (long long)json_int_at(it, "extra", 0),
		(long long)json_int_at(it, "saved", 0), STR_FMT(json_str(json_first(days))),
		STR_FMT(json_str(json_item(days, json_count(days) - 1))))
		.p;
}

static void two_cars_are_gone(void)
{
	book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
	book("loaner_brand", "grecale", MONDAY_9, "2026-03-18T16:00:00+01:00", OK);
}

/* A third wish; its offer is sealed anew each time. */
static struct str wish(const char *more)
{
	struct json answer;
	struct str offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_10, WEDNESDAY_15, &answer);

	return arena_printf(&w.arena,
		"{\"class\":\"grecale\",\"offer\":\"%.*s\"%s,\"solution\":\"loaner_brand\"}",
		STR_FMT(offer), more);
}

static struct command *refused(struct str body, const char *key)
{
	struct command *c = dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, key);

	assert_int_equal(c->outcome, c->replayed ? OK : REFUSED_NO_SEAT);
	return c;
}

static struct answer answer_of(const struct command *c)
{
	struct answer a;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(render_answer(&v, c, &a));
	fleet_look_end(&v);
	return a;
}

/* ---- bookings ---- */

static void a_refused_booking_counts_once_for_its_key(void **state)
{
	struct command *first, *again;
	struct answer told, told_again;
	struct str body;
	struct json m;

	(void)state;
	two_cars_are_gone();
	body = wish("");
	first = refused(body, "k-1");
	again = refused(body, "k-1");
	assert_false(first->replayed);
	assert_true(again->replayed);
	assert_int_equal(again->seq, first->seq);
	told = answer_of(first);
	told_again = answer_of(again);
	assert_int_equal(told.outcome, REFUSED_NO_SEAT);
	assert_int_equal(told.status, 409);
	assert_int_equal(told_again.outcome, REFUSED_NO_SEAT);
	assert_true(str_eq(told.detail, told_again.detail));
	m = month(2026, 3);
	assert_str(json_str_at(m, "month"), "2026-03");
	assert_str(json_str_at(m, "site"), "LYO");
	assert_int_equal(json_count(json_get(m, "items")), 1);
	assert_string_equal(
		item(json_get(m, "items"), 0), "2026-03-16 grecale 3 loaner_brand seat 0 1");
	command_free(first);
	command_free(again);
	command_free(refused(body, "k-2"));
	assert_string_equal(item(json_get(month(2026, 3), "items"), 0),
		"2026-03-16 grecale 3 loaner_brand seat 0 2");
	assert_int_equal(json_count(json_get(month(2026, 4), "items")), 0);
}

/* That very car was wanted: another one more would not have been it. */
static void a_wish_for_one_car_asks_for_no_other(void **state)
{
	struct json m;

	(void)state;
	two_cars_are_gone();
	command_free(refused(wish(",\"resource\":\"G1\""), "k-1"));
	m = month(2026, 3);
	assert_string_equal(
		item(json_get(m, "items"), 0), "2026-03-16 grecale 3 loaner_brand named_seat 0 1");
	assert_int_equal(json_count(json_get(m, "cars")), 0);
}

static void nobody_hears_of_it_live(void **state)
{
	struct command *c;
	struct view v;
	struct txn t;
	struct json event;

	(void)state;
	two_cars_are_gone();
	c = refused(wish(""), "k-1");
	fleet_look(w.fleet, &v, &t, &w.arena);
	event = arena_json(&w.arena, render_event(&v, STR("LYO"), c->seq), NULL);
	fleet_look_end(&v);
	assert_str(json_str_at(event, "kind"), "booking");
	assert_int_equal(json_count(json_get(event, "changes")), 0);
	command_free(c);
}

/* All or none of a visit's bookings is one refusal, and moving one that exists is none. */
static void only_who_leaves_without_counts(void **state)
{
	struct str id, visit, body, offer;
	struct command *c;
	struct json answer;

	(void)state;
	id = book("loaner_brand", "grecale", "2026-03-23T09:00:00+01:00",
		"2026-03-24T16:00:00+01:00", OK);
	visit = arena_copy(&w.arena, booking_now(id).visit);
	two_cars_are_gone();
	c = dealer_do(&w, VERB_BOOKING_RESCHEDULE, "LYO", id.p,
		"{\"class\":\"grecale\",\"from\":\"" MONDAY_10 "\",\"until\":\"" WEDNESDAY_15 "\"}",
		"k-1");
	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	command_free(c);
	assert_int_equal(json_count(json_get(month(2026, 3), "items")), 0);
	offer = dealer_offer(
		&w, DEALER_VIN, "warranty_repair", 900, MONDAY_10, WEDNESDAY_15, &answer);
	body = arena_printf(&w.arena,
		"{\"bookings\":[{\"offer\":\"%.*s\",\"solution\":\"taxi\"},{\"class\":\"grecale\","
		"\"offer\":\"%.*s\",\"solution\":\"loaner_brand\"}]}",
		STR_FMT(offer), STR_FMT(offer));
	c = dealer_do(&w, VERB_VISIT_BOOKINGS, "LYO", visit.p, body.p, "k-2");
	assert_int_equal(c->outcome, REFUSED_NO_SEAT);
	assert_int_equal(answer_of(c).status, 409);
	command_free(c);
	answer = json_get(month(2026, 3), "items");
	assert_int_equal(json_count(answer), 1);
	assert_string_equal(item(answer, 0), "2026-03-16 grecale 3 loaner_brand seat 0 1");
}

/* ---- offers ---- */

static struct demand unmet(const char *from, const char *until)
{
	struct faults *faults = arena_alloc(&w.arena, sizeof *faults);
	struct str request = arena_printf(&w.arena,
		"{\"distance_km\":12,\"drop_off_at\":\"%s\",\"jobs\":[{\"immobilisation_minutes\":"
		"900,\"type\":\"warranty_repair\"}],\"ready_at\":\"%s\",\"site\":\"LYO\",\"vin\":"
		"\"" DEALER_VIN "\"}",
		from, until);
	struct demand d;
	struct str text;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_int_equal(offer_make(&v, request, w.still.now, &text, &d, faults), OK);
	d.solution = arena_copy(&w.arena, d.solution);
	fleet_look_end(&v);
	return d;
}

static void an_offer_counts_when_its_best_solution_is_not_free(void **state)
{
	struct demand d = unmet(MONDAY_10, WEDNESDAY_15);

	(void)state;
	assert_int_equal(d.offers, 0);
	two_cars_are_gone();
	assert_int_equal(unmet(MONDAY_10, WEDNESDAY_15).offers, 0); /* a Levante is there */
	book("loaner_brand", "levante", "2026-03-16T11:00:00+01:00", WEDNESDAY_15, OK);
	d = unmet(MONDAY_10, WEDNESDAY_15);
	assert_int_equal(d.offers, 1);
	assert_int_equal(d.bookings, 0);
	assert_str(d.solution, "loaner_brand");
	assert_str(d.reason, "seat");
	assert_int_equal(d.class.n, 0);
	assert_int_equal(d.days, 3);
	assert_int_equal(d.day.n, day_from_civil(2026, 3, 16).n);
}

/* With a seat, but nobody to hand it over, another car would be no help. */
static void a_desk_that_is_taken_is_the_reason(void **state)
{
	struct demand d;

	(void)state;
	book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);
	book("loaner_brand", "grecale", "2026-03-16T09:30:00+01:00", WEDNESDAY_15, OK);
	d = unmet(MONDAY_8_30, WEDNESDAY_15);
	assert_int_equal(d.offers, 1);
	assert_str(d.reason, "desk");
}

/* ---- the hour's counts ---- */

static void journal(const struct demand *counts, uint32_t len)
{
	struct demand_book *b = demand_book_new();
	struct str site, body;

	assert_non_null(b);
	for (uint32_t i = 0; i < len; i++)
		assert_true(demand_book_add(b, STR("LYO"), &counts[i]));
	while (demand_book_take(b, &w.arena, &site, &body))
		dealer_must(&w, VERB_DEMAND, "LYO", "LYO", arena_copy(&w.arena, body).p, OK);
	demand_book_free(b);
}

static struct demand count(int day, uint32_t days, const char *class, const char *reason)
{
	return (struct demand){.day = day_from_civil(2026, 3, day),
		.days = days,
		.class = str_from(class),
		.reason = str_from(reason),
		.solution = STR("loaner_brand"),
		.offers = 1};
}

static void offers_and_bookings_meet_in_one_row(void **state)
{
	struct demand d = count(16, 3, "grecale", "seat");
	struct json items;

	(void)state;
	d.offers = 5;
	journal(&d, 1);
	two_cars_are_gone();
	command_free(refused(wish(""), "k-1"));
	journal(&d, 1);
	items = json_get(month(2026, 3), "items");
	assert_int_equal(json_count(items), 1);
	assert_string_equal(item(items, 0), "2026-03-16 grecale 3 loaner_brand seat 10 1");
}

/* More kinds than a day may have are one more count, of whatever they were: none is lost. */
static void a_day_has_a_limit_of_kinds(void **state)
{
	struct demand all[DEMAND_OF_DAY_MAX + 60];
	struct json items;
	int64_t sum = 0;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(all); i++)
		all[i] = count(17, i + 1, "grecale", "seat");
	journal(all, ARRAY_LEN(all));
	journal(&all[3], 1);		      /* known: it still counts as what it is */
	journal(&all[ARRAY_LEN(all) - 1], 1); /* new: folded again */
	items = json_get(month(2026, 3), "items");
	assert_int_equal(json_count(items), DEMAND_OF_DAY_MAX + 1);
	assert_string_equal(item(items, 0), "2026-03-17 - 0 other other 61 0");
	assert_string_equal(item(items, 4), "2026-03-17 grecale 4 loaner_brand seat 2 0");
	for (struct json it = json_first(items); json_present(it); it = json_next(items, it))
		sum += json_int_at(it, "offers", 0);
	assert_int_equal(sum, ARRAY_LEN(all) + 2);
}

static void a_month_begins_and_ends_with_its_days(void **state)
{
	struct demand d[] = {count(1, 1, NULL, "desk"), count(31, 1, NULL, "desk"),
		{.day = day_from_civil(2026, 2, 28),
			.days = 9,
			.reason = STR("desk"),
			.solution = STR("taxi"),
			.offers = 1},
		{.day = day_from_civil(2026, 4, 1),
			.days = 1,
			.reason = STR("desk"),
			.solution = STR("taxi"),
			.offers = 1}};
	struct json items;

	(void)state;
	journal(d, ARRAY_LEN(d));
	items = json_get(month(2026, 3), "items");
	assert_int_equal(json_count(items), 2);
	assert_string_equal(item(items, 0), "2026-03-01 - 1 loaner_brand desk 1 0");
	assert_string_equal(item(items, 1), "2026-03-31 - 1 loaner_brand desk 1 0");
	assert_int_equal(json_count(json_get(month(2026, 2), "items")), 1);
	assert_int_equal(json_count(json_get(month(2026, 4), "items")), 1);
}

/* ---- extra cars ---- */

static void extra_cars_are_told_class_by_class(void **state)
{
	struct demand d[] = {count(16, 3, "grecale", "seat"), count(17, 1, "grecale", "seat"),
		count(19, 2, "grecale", "seat"), count(31, 4, "levante", "seat"),
		count(23, 1, NULL, "seat"), count(24, 1, "grecale", "desk"),
		{.day = day_from_civil(2026, 3, 25),
			.days = 1,
			.reason = STR("seat"),
			.solution = STR("rental"),
			.offers = 1},
		{.day = day_from_civil(2026, 3, 26),
			.days = 1,
			.reason = STR("seat"),
			.solution = STR("accompanied_drive"),
			.offers = 1}};
	struct json cars;

	(void)state;
	d[2].offers = 2;
	journal(d, ARRAY_LEN(d));
	cars = json_get(month(2026, 3), "cars");
	/* the 16th or the 17th, the 19th, the 23rd; then the other of each */
	assert_int_equal(json_count(cars), 3);
	assert_string_equal(car(cars, 0), "grecale 1 3 2026-03-17..2026-03-23");
	assert_string_equal(car(cars, 1), "grecale 2 2 2026-03-17..2026-03-20");
	/* who takes any class takes that one too; a loan may reach into the next month */
	assert_string_equal(car(cars, 2), "levante 1 2 2026-03-23..2026-04-03");
}

/* ---- days ---- */

static void a_stay_is_as_long_as_the_days_it_touches(void **state)
{
	static const struct {
		const char *from, *until;
		uint32_t days;
	} table[] = {
		{"2026-03-16T08:30:00+01:00", "2026-03-16T17:00:00+01:00", 1},
		{"2026-03-16T16:00:00+01:00", "2026-03-17T09:00:00+01:00", 2},
		{"2026-03-16T16:00:00+01:00", "2026-03-17T00:00:00+01:00", 1},
		{"2026-03-28T23:59:00+01:00", "2026-03-29T03:30:00+02:00", 2},
		{"2026-03-16T00:00:00Z", "2027-12-16T00:00:00Z", DEMAND_DAYS_MAX},
		{"9999-12-31T22:30:00Z", "9999-12-31T23:30:00Z", 1}, /* in Paris a day later */
	};
	struct view v;
	struct txn t;

	(void)state;
	fleet_look(w.fleet, &v, &t, &w.arena);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct local from, until;
		struct demand d;
		assert_true(instant_parse(&from, str_from(table[i].from)));
		assert_true(instant_parse(&until, str_from(table[i].until)));
		d = demand_of(roster_of(&v, STR("LYO")),
			(struct span){local_instant(from), local_instant(until)}, STR("taxi"),
			STR_NULL, DEMAND_SEAT);
		assert_int_equal(d.days, table[i].days);
	}
	fleet_look_end(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_refused_booking_counts_once_for_its_key),
		STORY(a_wish_for_one_car_asks_for_no_other),
		STORY(nobody_hears_of_it_live),
		STORY(only_who_leaves_without_counts),
		STORY(an_offer_counts_when_its_best_solution_is_not_free),
		STORY(a_desk_that_is_taken_is_the_reason),
		STORY(offers_and_bookings_meet_in_one_row),
		STORY(a_day_has_a_limit_of_kinds),
		STORY(a_month_begins_and_ends_with_its_days),
		STORY(extra_cars_are_told_class_by_class),
		STORY(a_stay_is_as_long_as_the_days_it_touches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
