/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that customers come by the rules of their site: what a site may say of its appointments.
 */

#include "tests/lib/book_of_deadlines.h"

#include "fleet/appointment.h"

/* ---- what a site may say ---- */

static enum outcome say_appointments(const char *rules)
{
	return say_site(arena_printf(&w.arena, "{\"appointments\":%s}", rules));
}

#define HOUSE "{\"customers_per_day\":4,\"reception_minutes\":15"

static void a_site_says_what_makes_sense(void **state)
{
	(void)state;
	assert_int_equal(say_appointments(HOUSE "}"), OK);
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"09:30\"],\"work_"
						"minutes\":480},{\"times\":[\"15:00\",\"15:30\"],"
						"\"work_minutes\":240}]}"),
		OK);
	/* nothing would be left for planned work */
	assert_int_equal(say_appointments(HOUSE ",\"workshop_kept_minutes\":480,\"workshop_minutes_"
						"per_day\":480}"),
		REFUSED_INVALID);
	assert_int_equal(say_appointments(HOUSE ",\"workshop_kept_minutes\":1}"), REFUSED_INVALID);
	/* two templates for the same work; a time that no appointment begins at */
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"09:30\"],\"work_"
						"minutes\":60},{\"times\":[\"10:30\"],\"work_"
						"minutes\":60}]}"),
		REFUSED_INVALID);
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"09:40\"],\"work_"
						"minutes\":60}]}"),
		REFUSED_INVALID);
	assert_int_equal(say_appointments(HOUSE ",\"templates\":[{\"times\":[\"24:00\"],\"work_"
						"minutes\":60}]}"),
		REFUSED_INVALID);
}

/* ---- a house with two advisors ---- */

#define MONDAY "2026-03-09T"
#define TUESDAY "2026-03-10T"
#define CET ":00+01:00"
static int open_house(void **state)
{
	int o = open_dealer(state);

	resource("D2", "desk", "desk", "", "1", 0);
	assert_int_equal(say_appointments(HOUSE ",\"reserved\":[{\"days\":[1,2,3,4,5],\"from\":"
						"\"11:00\",\"until\":\"12:00\"}],\"workshop_kept_"
						"minutes\":120,\"workshop_minutes_per_day\":1000}"),
		OK);
	return o;
}

/* A visit that is opened with an appointment; `more` of the appointment, in key order behind "at".
 */
static struct command *asks(const char *job, int minutes, const char *when, const char *more)
{
	struct str body = arena_printf(&w.arena,
		"{\"appointment\":{\"at\":\"%s\"%s},\"customer\":\"C1\",\"jobs\":[{\"immobilisation"
		"_minutes\":%d,\"type\":\"%s\"}],\"site\":\"LYO\"}",
		when, more, minutes, job);

	return dealer_do(&w, VERB_VISIT_OPEN, "LYO", NULL, body.p, NULL);
}

static struct str comes(const char *when, const char *more)
{
	struct command *c = asks("maintenance", 60, when, more);
	struct str id;

	if (c->outcome != OK)
		fail_msg("%s: %s %.*s", when, outcome_name(c->outcome), STR_FMT(c->detail));
	id = dealer_subject(&w, c);
	command_free(c);
	return id;
}

static void is_refused(struct command *c, enum outcome expected, const char *reason)
{
	struct json detail = arena_json(&w.arena, arena_copy(&w.arena, c->detail), NULL);

	if (c->outcome != expected)
		fail_msg("%s, not %s", outcome_name(c->outcome), outcome_name(expected));
	if (reason)
		assert_str(json_str_at(detail, "reason"), reason);
	command_free(c);
}

static struct json visit_now(struct str id)
{
	struct json doc = dealer_row(&w, ROW_VISIT, id);

	assert_true(json_present(doc));
	return doc;
}

static struct json appointment_now(struct str id)
{
	return json_get(visit_now(id), "appointment");
}

static bool desk_is_free(const char *desk, const char *at)
{
	struct local l;
	struct view v;
	struct txn t;
	bool free;

	assert_true(instant_parse(&l, str_from(at)));
	fleet_look(w.fleet, &v, &t, &w.arena);
	free = calendar_is_free(v.txn, (struct seat){str_from(desk), 0},
		minute_down(local_instant(l)), minute_down(local_instant(l)) + 15, 0);
	fleet_look_end(&v);
	return free;
}

static struct command *changes(struct str visit, const char *body)
{
	struct str id = arena_printf(&w.arena, "%.*s", STR_FMT(visit));

	return dealer_put(&w, VERB_VISIT_CHANGE, "LYO", id.p, body, "*");
}

static void does(struct str visit, const char *body)
{
	struct command *c = changes(visit, body);

	assert_int_equal(c->outcome, OK);
	command_free(c);
}

/* ---- as it is kept ---- */

static void takes_an_advisor_at_both_ends(void **state)
{
	struct str id = comes(MONDAY "09:00" CET, "");
	struct json a = appointment_now(id);

	(void)state;
	assert_str(json_str_at(a, "advisor"), "D1");
	assert_str(json_str_at(a, "at"), "2026-03-09T08:00:00Z");
	assert_str(json_str_at(a, "until"), "2026-03-09T08:15:00Z");
	assert_str(json_str_at(a, "why"), "planned");
	assert_str(json_str_at(a, "by"), "tester");
	assert_str(json_str_at(visit_now(id), "drop_off_at"), "2026-03-09T08:00:00Z");
	/* an hour's work, and the same advisor hands it back (CIT-4.7, AVT-S8) */
	assert_str(json_str_at(visit_now(id), "ready_at"), "2026-03-09T09:00:00Z");
	assert_str(json_str_at(json_get(a, "back"), "advisor"), "D1");
	assert_str(json_str_at(json_get(a, "back"), "at"), "2026-03-09T09:00:00Z");
	assert_int_equal(json_count(json_get(a, "work")), 1);
	assert_int_equal(json_int_at(json_item(json_get(a, "work"), 0), "minutes", 0), 60);
	assert_false(desk_is_free("D1", MONDAY "09:00" CET));
	assert_false(desk_is_free("D1", MONDAY "10:00" CET));
	assert_true(desk_is_free("D2", MONDAY "09:00" CET));
}

static void nobody_is_received_twice(void **state)
{
	struct str first = comes(MONDAY "09:00" CET, ""), second = comes(MONDAY "09:00" CET, "");

	(void)state;
	assert_str(json_str_at(appointment_now(first), "advisor"), "D1");
	assert_str(json_str_at(appointment_now(second), "advisor"), "D2");
	is_refused(
		asks("maintenance", 60, MONDAY "09:00" CET, ""), REFUSED_APPOINTMENT_FULL, "taken");
	is_refused(asks("maintenance", 60, MONDAY "09:00" CET, ",\"desk\":\"D2\""),
		REFUSED_APPOINTMENT_FULL, "taken");
	/* nor is a loan handed over by somebody who receives */
	dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale", MONDAY "09:00" CET,
		TUESDAY "12:00" CET, REFUSED_NO_SEAT);
	dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale", MONDAY "09:15" CET,
		TUESDAY "12:00" CET, OK);
	is_refused(asks("maintenance", 60, MONDAY "09:15" CET, ",\"desk\":\"D1\""),
		REFUSED_APPOINTMENT_FULL, "taken");
}

enum { RACERS = 12 };

/* All at once for the same time: two advisors, two customers. */
static void many_at_once_are_received_once(void **state)
{
	struct command *batch[RACERS];
	uint32_t won = 0;

	(void)state;
	for (int i = 0; i < RACERS; i++) {
		struct command *c = command_new(VERB_VISIT_OPEN);
		assert_non_null(c);
		c->journal = STR("LYO");
		c->by = w.by;
		c->body = STR(
			"{\"appointment\":{\"at\":\"" MONDAY "14:00" CET "\"},\"site\":\"LYO\"}");
		batch[i] = c;
	}
	assert_int_equal(fleet_run(w.fleet, batch, RACERS), OK);
	for (int i = 0; i < RACERS; i++) {
		won += batch[i]->outcome == OK;
		assert_true(
			batch[i]->outcome == OK || batch[i]->outcome == REFUSED_APPOINTMENT_FULL);
		command_free(batch[i]);
	}
	assert_int_equal(won, 2);
}

/* ---- refused by name ---- */

static void what_is_in_the_way_is_named(void **state)
{
	(void)state;
	is_refused(asks("maintenance", 60, "2026-03-08T10:00" CET, ""), REFUSED_APPOINTMENT_CLOSED,
		"closed"); /* a Sunday */
	is_refused(asks("maintenance", 60, MONDAY "18:30" CET, ""), REFUSED_APPOINTMENT_CLOSED,
		"closed");
	is_refused(asks("maintenance", 60, "2026-05-01T10:00" CET, ""), REFUSED_APPOINTMENT_CLOSED,
		"closed"); /* a holiday */
	is_refused(asks("maintenance", 60, "2026-02-27T10:00" CET, ""), REFUSED_APPOINTMENT_PAST,
		"past");
	is_refused(asks("maintenance", 60, MONDAY "10:05" CET, ""), REFUSED_INVALID, NULL);
	is_refused(asks("maintenance", 60, MONDAY "10:00" CET, ",\"desk\":\"G1\""), REFUSED_INVALID,
		NULL);
	is_refused(asks("maintenance", 60, MONDAY "11:15" CET, ""), REFUSED_APPOINTMENT_FULL,
		"reserved");
	is_refused(asks("maintenance", 60, MONDAY "13:45" CET, ",\"desk\":\"D1\""),
		REFUSED_APPOINTMENT_FULL, "kept");
	is_refused(asks("maintenance", 60, MONDAY "10:00" CET,
			   ",\"back_at\":\"" MONDAY "10:30" CET "\""),
		REFUSED_INVALID, NULL);
	is_refused(asks("maintenance", 60, MONDAY "10:00" CET,
			   ",\"back_at\":\"" MONDAY "19:00" CET "\""),
		REFUSED_APPOINTMENT_CLOSED, "closed");
	assert_int_equal(say_site(STR("{\"appointments\":null}")), OK);
	is_refused(asks("maintenance", 60, MONDAY "10:00" CET, ""), REFUSED_INVALID, NULL);
}

static void a_full_day_is_full(void **state)
{
	static const char *const times[] = {
		MONDAY "09:00" CET, MONDAY "10:15" CET, MONDAY "13:00" CET, MONDAY "14:15" CET};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		comes(times[i], ",\"desk\":\"D1\"");
		comes(times[i], ",\"desk\":\"D2\"");
	}
	is_refused(asks("maintenance", 60, MONDAY "16:00" CET, ""), REFUSED_APPOINTMENT_FULL,
		"customers");
	/* who is urgent comes on top, into the time that is left free (CIT-4.6) */
	dealer_at(&w, MONDAY "08:00" CET);
	comes(MONDAY "11:00" CET, ",\"why\":\"urgent\"");
	comes(TUESDAY "16:00" CET, "");
}

static void the_workshop_is_full(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++)
		command_free(asks("maintenance", 400, MONDAY "09:00" CET, ""));
	is_refused(asks("maintenance", 100, MONDAY "10:00" CET, ""), REFUSED_APPOINTMENT_FULL,
		"workshop"); /* 800 of 880 */
	dealer_at(&w, MONDAY "08:00" CET);
	is_refused(asks("maintenance", 201, MONDAY "10:00" CET, ",\"why\":\"urgent\""),
		REFUSED_APPOINTMENT_FULL, "workshop");
	command_free(asks("maintenance", 200, MONDAY "10:00" CET, ",\"why\":\"urgent\""));
	is_refused(asks("maintenance", 1, MONDAY "10:15" CET, ",\"why\":\"urgent\""),
		REFUSED_APPOINTMENT_FULL, "workshop");
}

/* From Monday 2 March, nine o'clock. */
static void later_than_promised_only_if_the_customer_agrees(void **state)
{
	struct command *c;
	struct str id;

	(void)state;
	is_refused(asks("warranty_repair", 60, "2026-03-04T09:15" CET, ""),
		REFUSED_APPOINTMENT_LATE, "late");
	c = asks("warranty_repair", 60, "2026-03-04T09:00" CET, "");
	assert_int_equal(c->outcome, OK);
	id = dealer_subject(&w, c);
	command_free(c);
	assert_str(json_str_at(appointment_now(id), "why"), "warranty");
	assert_str(json_str_at(appointment_now(id), "latest_at"), "2026-03-04T08:00:00Z");
	c = asks("warranty_repair", 60, MONDAY "09:15" CET, ",\"customer_agreed\":true");
	assert_int_equal(c->outcome, OK);
	id = dealer_subject(&w, c);
	command_free(c);
	assert_true(json_bool_at(appointment_now(id), "customer_agreed", false));
	/* what comes back has the same limit, what does not run is taken at once */
	is_refused(asks("maintenance", 60, MONDAY "10:00" CET, ",\"why\":\"comeback\""),
		REFUSED_APPOINTMENT_LATE, "late");
	is_refused(asks("maintenance", 60, "2026-03-03T10:00" CET, ",\"why\":\"immobile\""),
		REFUSED_APPOINTMENT_LATE, "late");
	comes("2026-03-02T11:00" CET, ",\"why\":\"immobile\"");
}

/* ---- moved, given up ---- */

static void is_moved_and_given_up(void **state)
{
	struct str id = comes(MONDAY "09:00" CET, "");
	int64_t serial = json_int_at(visit_now(id), "serial", 0);

	(void)state;
	/* a quarter later it is in nobody's way, its own old time least of all */
	does(id, "{\"appointment\":{\"at\":\"" MONDAY "09:15" CET "\",\"desk\":\"D1\"}}");
	assert_true(desk_is_free("D1", MONDAY "09:00" CET));
	assert_false(desk_is_free("D1", MONDAY "09:15" CET));
	assert_str(json_str_at(visit_now(id), "drop_off_at"), "2026-03-09T08:15:00Z");
	assert_int_equal(json_int_at(visit_now(id), "serial", 0), serial);
	is_refused(changes(id, "{\"appointment\":{\"at\":\"2026-03-08T10:00" CET "\"}}"),
		REFUSED_APPOINTMENT_CLOSED, "closed");
	does(id, "{\"appointment\":null}");
	assert_true(json_is_null(appointment_now(id)));
	assert_true(desk_is_free("D1", MONDAY "09:15" CET));
	does(id, "{\"appointment\":{\"at\":\"" TUESDAY "09:00" CET "\"}}");
	assert_int_equal(json_int_at(visit_now(id), "serial", 0), serial);
	/* whoever is here is not expected any more */
	does(id, "{\"arrived_at\":\"2026-03-10T08:05:00Z\"}");
	is_refused(changes(id, "{\"appointment\":{\"at\":\"" TUESDAY "10:00" CET "\"}}"),
		REFUSED_INVALID, NULL);
}

static void a_car_that_is_ready_later_is_handed_back_later(void **state)
{
	struct str id = comes(MONDAY "09:00" CET, "");
	struct json back;

	(void)state;
	does(id, "{\"ready_at\":\"2026-03-09T14:00:00Z\"}");
	back = json_get(appointment_now(id), "back");
	assert_str(json_str_at(back, "at"), "2026-03-09T14:00:00Z");
	assert_str(json_str_at(back, "advisor"), "D1");
	assert_true(desk_is_free("D1", MONDAY "10:00" CET));
	assert_false(desk_is_free("D1", MONDAY "15:00" CET));
	/* sooner: the promise stays as it was given */
	does(id, "{\"ready_at\":\"2026-03-09T12:00:00Z\"}");
	assert_str(
		json_str_at(json_get(appointment_now(id), "back"), "at"), "2026-03-09T14:00:00Z");
}

static void an_advisor_who_is_expected_is_not_sent_away(void **state)
{
	struct str id = comes(MONDAY "09:00" CET, ""), body;
	struct command *c;
	struct json hurt;

	(void)state;
	body = arena_printf(&w.arena, "{\"from\":\"%s\",\"reason\":\"training\",\"until\":\"%s\"}",
		MONDAY "08:30" CET, MONDAY "12:00" CET);
	c = dealer_do(&w, VERB_BLOCK_ADD, "LYO", "D1", body.p, NULL);
	assert_int_equal(c->outcome, REFUSED_PROMISES_BROKEN);
	hurt = json_item(json_get(arena_json(&w.arena, c->detail, NULL), "bookings"), 0);
	assert_true(str_eq(json_str_at(hurt, "visit"), id));
	command_free(c);
}

/* ---- together with the mobility ---- */

static struct command *books(const char *when, const char *until, const char *at)
{
	struct json answer;
	struct str text = dealer_offer(&w, DEALER_VIN, "maintenance", 300, when, NULL, &answer);
	struct str body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,\"appointment\":{\"at\":\"%s\"},\"class\":"
		"\"levante\",\"from\":\"%s\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
		"\"until\":\"%s\"}",
		at, when, STR_FMT(text), until);

	return dealer_do(&w, VERB_BOOKING_MAKE, "LYO", NULL, body.p, NULL);
}

static void is_booked_with_the_mobility_or_not_at_all(void **state)
{
	struct command *c = books(MONDAY "09:00" CET, MONDAY "16:00" CET, MONDAY "09:00" CET);
	uint64_t before = entries();
	struct str id;

	(void)state;
	assert_int_equal(c->outcome, OK);
	id = dealer_subject(&w, c);
	command_free(c);
	id = booking_now(id).visit;
	assert_str(json_str_at(appointment_now(id), "advisor"), "D1");
	/* the loaner comes back to a desk until four, and then the customer has his own car */
	assert_str(
		json_str_at(json_get(appointment_now(id), "back"), "at"), "2026-03-09T15:00:00Z");
	/* the only Levante is gone: no appointment either */
	c = books(MONDAY "13:00" CET, TUESDAY "16:00" CET, MONDAY "13:00" CET);
	is_refused(c, REFUSED_NO_SEAT, NULL);
	assert_true(desk_is_free("D1", MONDAY "13:00" CET));
	assert_int_equal(entries(), before);
	/* an appointment that cannot be: no car either */
	is_refused(books("2026-03-11T11:15" CET, "2026-03-12T16:00" CET, "2026-03-11T11:15" CET),
		REFUSED_APPOINTMENT_FULL, "reserved");
	is_refused(books("2026-03-11T10:00" CET, "2026-03-12T16:00" CET, "2026-03-11T10:15" CET),
		REFUSED_INVALID, NULL);
	assert_int_equal(entries(), before);
}

/* ---- whatever people do ---- */

enum { DOINGS = 400, DAYS = 5, MOST = 4 };

static uint64_t seed = 7;

static uint32_t chance(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static const char *some_time(void)
{
	return arena_printf(&w.arena, "2026-03-%02uT%02u:%02u:00+01:00", 9 + chance(DAYS),
		8 + chance(11), 15 * chance(4))
		.p;
}

static void do_something(struct str *visits, uint32_t *len)
{
	struct str id = *len ? visits[chance(*len)] : STR_NULL, body;
	struct command *c = NULL;

	switch (id.n ? chance(6) : 0) {
	case 0:
	case 1:
	case 2:
		c = asks("maintenance", 30 + (int)chance(500), some_time(),
			chance(2) ? ",\"desk\":\"D2\"" : "");
		if (c->outcome == OK)
			visits[(*len)++] = dealer_subject(&w, c);
		break;
	case 3:
		body = arena_printf(&w.arena, "{\"appointment\":{\"at\":\"%s\"}}", some_time());
		c = changes(id, body.p);
		break;
	case 4:
		body = arena_printf(&w.arena, "{\"ready_at\":\"%s\"}", some_time());
		c = changes(id, body.p);
		break;
	default: c = changes(id, "{\"appointment\":null}"); break;
	}
	assert_false(outcome_is_fault(c->outcome));
	command_free(c);
}

/* Never more than he may have, however they came about; the calendar itself never lets two times
 * of one advisor meet, and a rebuild comes to the same rows. */
static void no_advisor_has_more_than_he_may(void **state)
{
	struct str visits[DOINGS];
	uint32_t len = 0, taken[DAYS][2] = {{0}}, all = 0;

	(void)state;
	for (int i = 0; i < DOINGS; i++)
		do_something(visits, &len);
	for (uint32_t i = 0; i < len; i++) {
		struct appointment_time t;
		if (!appointment_time(visit_now(visits[i]), APPOINTMENT_IN, &t))
			continue;
		all++;
		taken[local_day(zone_local(&w.paris, t.at)).n - 20521][str_is(t.advisor, "D2")]++;
	}
	for (int d = 0; d < DAYS; d++)
		for (int a = 0; a < 2; a++)
			assert_true(taken[d][a] <= MOST);
	assert_true(all >= DAYS); /* of some 50 */
}

#define HOUSE_STORY(f) cmocka_unit_test_setup_teardown(f, open_house, close_dealer)

int main(void)
{
	const struct CMUnitTest all[] = {
		STORY(a_site_says_what_makes_sense),
		HOUSE_STORY(takes_an_advisor_at_both_ends),
		HOUSE_STORY(nobody_is_received_twice),
		HOUSE_STORY(many_at_once_are_received_once),
		HOUSE_STORY(what_is_in_the_way_is_named),
		HOUSE_STORY(a_full_day_is_full),
		HOUSE_STORY(the_workshop_is_full),
		HOUSE_STORY(later_than_promised_only_if_the_customer_agrees),
		HOUSE_STORY(is_moved_and_given_up),
		HOUSE_STORY(a_car_that_is_ready_later_is_handed_back_later),
		HOUSE_STORY(an_advisor_who_is_expected_is_not_sent_away),
		HOUSE_STORY(is_booked_with_the_mobility_or_not_at_all),
		HOUSE_STORY(no_advisor_has_more_than_he_may),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}
