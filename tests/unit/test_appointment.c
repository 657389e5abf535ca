/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves when customers may come and by when at the latest, by the hours of the doors, over
 * week-ends and holidays and through both changes of the clock; and that no search proposes what
 * its own rules forbid. */

#include "tests/unit/appointment_world.h"

static struct appointment_ask ask_for(const char *now, enum appointment_why why, int64_t minutes)
{
	return (struct appointment_ask){.place = {&paris, &doors, &house},
		.supply = &supply,
		.advisors = ADVISORS,
		.advisor = -1,
		.now = at(now),
		.after = at(now),
		.why = why,
		.minutes = minutes,
		.wish_min = -1,
		.count = 2};
}

static void is_at(struct instant t, const char *expected)
{
	char buf[INSTANT_TEXT];

	assert_str(local_print(zone_local(&paris, t), buf), expected);
}

/* Exactly these, in this order. */
static void finds(const struct appointment_ask *ask, const char *const *times)
{
	struct appointment out[APPOINTMENTS_MAX];
	uint32_t n = appointment_find(out, ask), i = 0;

	for (; times[i]; i++) {
		assert_true(i < n);
		is_at(out[i].at, times[i]);
	}
	assert_int_equal(n, i);
}

#define FINDS(ask, ...) finds((ask), (const char *const[]){__VA_ARGS__, NULL})

/* ---- by when ---- */

static const struct {
	enum appointment_why why;
	bool two_days;
	const char *now, *latest;
} limits[] = {
	{APPOINTMENT_WARRANTY, false, "2026-03-16T10:00:00+01:00", "2026-03-18T10:00:00+01:00"},
	{APPOINTMENT_COMEBACK, false, "2026-03-16T10:00:00+01:00", "2026-03-18T10:00:00+01:00"},
	/* 48 hours later the doors are shut: before it while there is time, else when they open */
	{APPOINTMENT_WARRANTY, false, "2026-03-20T10:00:00+01:00", "2026-03-21T12:00:00+01:00"},
	{APPOINTMENT_WARRANTY, false, "2026-03-21T11:30:00+01:00", "2026-03-23T11:30:00+01:00"},
	{APPOINTMENT_WARRANTY, false, "2026-04-04T11:30:00+02:00", "2026-04-07T09:00:00+02:00"},
	/* over both changes of the clock the wall shows 49 hours, or 47 */
	{APPOINTMENT_COMEBACK, false, "2026-03-28T10:00:00+01:00", "2026-03-30T11:00:00+02:00"},
	{APPOINTMENT_COMEBACK, false, "2026-10-24T10:00:00+02:00", "2026-10-26T09:00:00+01:00"},
	/* two working days, the Saturday is one */
	{APPOINTMENT_COMEBACK, true, "2026-03-16T10:00:00+01:00", "2026-03-18T18:30:00+01:00"},
	{APPOINTMENT_WARRANTY, true, "2026-03-20T10:00:00+01:00", "2026-03-23T18:30:00+01:00"},
	{APPOINTMENT_COMEBACK, true, "2026-04-03T10:00:00+02:00", "2026-04-07T18:30:00+02:00"},
	{APPOINTMENT_COMEBACK, true, "2026-04-30T10:00:00+02:00", "2026-05-04T18:30:00+02:00"},
	/* today, or the next day that opens */
	{APPOINTMENT_IMMOBILE, false, "2026-03-16T10:00:00+01:00", "2026-03-16T18:30:00+01:00"},
	{APPOINTMENT_IMMOBILE, false, "2026-03-16T19:00:00+01:00", "2026-03-17T18:30:00+01:00"},
	{APPOINTMENT_URGENT, true, "2026-03-21T12:00:00+01:00", "2026-03-23T18:30:00+01:00"},
	{APPOINTMENT_URGENT, false, "2026-04-04T15:00:00+02:00", "2026-04-07T18:30:00+02:00"},
};

static void has_a_latest_time(void **state)
{
	struct appointment_place p = {&paris, &doors, &house};
	struct instant latest;

	(void)state;
	doors.special_len = 0;
	assert_false(appointment_latest(
		&latest, &p, APPOINTMENT_PLANNED, at("2026-03-16T10:00:00+01:00")));
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		house.two_working_days = limits[i].two_days;
		assert_true(appointment_latest(&latest, &p, limits[i].why, at(limits[i].now)));
		is_at(latest, limits[i].latest);
	}
	memset(doors.week, 0, sizeof doors.week);
	for (int why = APPOINTMENT_WARRANTY; why < APPOINTMENT_WHYS_LEN; why++)
		assert_false(appointment_latest(
			&latest, &p, (enum appointment_why)why, at("2026-03-16T10:00:00+01:00")));
}

static void what_is_too_late_is_said(void **state)
{
	struct appointment out[APPOINTMENTS_MAX];
	struct appointment_ask ask = ask_for("2026-03-20T17:00:00+01:00", APPOINTMENT_WARRANTY, 60);
	uint32_t n;

	(void)state;
	/* until Sunday 17:00 the doors are open this Friday and on Saturday morning */
	ask.count = 4;
	n = appointment_find(out, &ask);
	assert_int_equal(n, 4);
	is_at(out[0].at, "2026-03-20T17:00:00+01:00");
	is_at(out[1].at, "2026-03-21T09:00:00+01:00");
	is_at(out[2].at, "2026-03-23T08:00:00+01:00");
	assert_false(out[0].too_late || out[1].too_late);
	assert_true(out[2].too_late && out[3].too_late);
}

/* ---- which times ---- */

static void times_go_by_the_length_of_the_work(void **state)
{
	struct appointment_ask ask = ask_for("2026-03-16T07:00:00+01:00", APPOINTMENT_PLANNED, 300);

	(void)state;
	FINDS(&ask, "2026-03-16T15:00:00+01:00", "2026-03-16T15:30:00+01:00");
	ask.minutes = 60; /* no template: the nearest, and the other half of the day */
	FINDS(&ask, "2026-03-16T09:00:00+01:00", "2026-03-16T13:00:00+01:00");
	/* a day or more: the mornings of its template, and the evening before */
	ask.minutes = 600;
	FINDS(&ask, "2026-03-16T09:30:00+01:00", "2026-03-16T16:30:00+01:00");
	ask.count = 3;
	FINDS(&ask, "2026-03-16T09:30:00+01:00", "2026-03-16T10:30:00+01:00",
		"2026-03-16T16:30:00+01:00");
}

static void the_evening_before_is_worked_on_in_the_morning(void **state)
{
	struct appointment out[APPOINTMENTS_MAX];
	struct appointment_ask ask = ask_for("2026-03-20T16:00:00+01:00", APPOINTMENT_PLANNED, 480);
	struct appointment_work work[APPOINTMENT_WORK_DAYS_MAX];
	struct instant ready;

	(void)state;
	assert_int_equal(appointment_find(out, &ask), 2);
	/* Friday evening: Saturday's three hours and five on Monday */
	is_at(out[0].at, "2026-03-20T16:00:00+01:00");
	is_at(out[1].at, "2026-03-20T16:30:00+01:00");
	assert_false(out[0].evening_before);
	assert_true(out[1].evening_before);
	is_at(out[1].ready, "2026-03-23T13:00:00+01:00");
	assert_int_equal(appointment_work(work, &ask.place, out[1].at, 480, ask.why, &ready), 2);
	assert_int_equal(work[0].day.n, day_of("2026-03-21").n);
	assert_int_equal(work[0].minutes, 180);
	assert_int_equal(work[1].minutes, 300);
}

static void a_day_is_filled_before_the_next(void **state)
{
	struct appointment_ask ask = ask_for("2026-03-16T07:00:00+01:00", APPOINTMENT_PLANNED, 60);
	struct appointment out[APPOINTMENTS_MAX];
	uint32_t of[ADVISORS] = {0};

	(void)state;
	house.customers_max = 2;
	ask.count = 1;
	for (int i = 0; i < ADVISORS * 2; i++) {
		assert_int_equal(appointment_find(out, &ask), 1);
		assert_int_equal(
			local_day(zone_local(&paris, out[0].at)).n, day_of("2026-03-16").n);
		of[out[0].advisor]++;
		take(out[0].advisor, out[0].at, 15, true);
	}
	for (int i = 0; i < ADVISORS; i++)
		assert_int_equal(of[i], 2);
	FINDS(&ask, "2026-03-17T09:00:00+01:00");
	/* who is urgent comes on top, and into the time that is left free */
	ask.why = APPOINTMENT_URGENT;
	ask.after = at("2026-03-16T11:00:00+01:00");
	FINDS(&ask, "2026-03-16T11:00:00+01:00");
}

static void reserved_time_is_for_the_urgent(void **state)
{
	struct appointment_ask ask = ask_for("2026-03-16T10:50:00+01:00", APPOINTMENT_PLANNED, 60);

	(void)state;
	ask.count = 1;
	FINDS(&ask, "2026-03-16T12:00:00+01:00");
	ask.why = APPOINTMENT_WARRANTY;
	FINDS(&ask, "2026-03-16T12:00:00+01:00");
	ask.why = APPOINTMENT_URGENT;
	FINDS(&ask, "2026-03-16T11:00:00+01:00");
	ask.why = APPOINTMENT_IMMOBILE;
	FINDS(&ask, "2026-03-16T11:00:00+01:00");
}

static void the_hour_of_the_crowd_is_given_next_week(void **state)
{
	struct appointment_ask ask = ask_for("2026-03-16T10:00:00+01:00", APPOINTMENT_PLANNED, 60);

	(void)state;
	doors.special_len = 0;
	ask.wish_min = 480;
	FINDS(&ask, "2026-03-16T10:00:00+01:00", "2026-03-23T08:00:00+01:00");
	/* through the change of the clock: eight is eight */
	ask.now = ask.after = at("2026-03-27T18:20:00+01:00");
	ask.count = 1;
	FINDS(&ask, "2026-03-28T09:00:00+01:00");
	ask.count = 2;
	FINDS(&ask, "2026-03-28T09:00:00+01:00", "2026-04-03T08:00:00+02:00");
}

static void the_workshop_has_its_day(void **state)
{
	struct appointment_ask ask = ask_for("2026-03-16T07:00:00+01:00", APPOINTMENT_PLANNED, 120);

	(void)state;
	house.workshop_minutes = 1000;
	house.kept_minutes = 200;
	book.load[15] = 680;
	ask.count = 1;
	FINDS(&ask, "2026-03-16T09:00:00+01:00");
	book.load[15] = 800; /* Monday is as full as it may be, but for urgent work */
	FINDS(&ask, "2026-03-17T09:00:00+01:00");
	ask.why = APPOINTMENT_URGENT;
	FINDS(&ask, "2026-03-16T08:00:00+01:00");
	book.load[15] = 1000;
	FINDS(&ask, "2026-03-17T08:00:00+01:00");
	/* a stay that is longer than a day takes no more of each than it has */
	book.load[15] = 300;
	ask.why = APPOINTMENT_PLANNED;
	ask.minutes = 900;
	house.workshop_minutes = 500;
	FINDS(&ask, "2026-03-16T16:30:00+01:00");
}

/* ---- the kept quarter ---- */

static void each_hour_of_each_advisor_has_its_free_quarter(void **state)
{
	struct appointment_place p = {&paris, &doors, &house};
	struct instant now = at("2026-03-01T00:00:00+01:00");

	(void)state;
	for (int32_t minutes = 15; minutes <= APPOINTMENT_MINUTES_MAX; minutes += 15)
		for (uint32_t advisor = 0; advisor < 4; advisor++) {
			bool kept[4] = {true, true, true, true};
			house.reception_minutes = minutes;
			for (int m = 780; m < 1020; m += 15) {
				struct instant t = {at("2026-03-17T00:00:00+01:00").s + m * 60};
				if (appointment_reception(&p, t, now, APPOINTMENT_PLANNED,
					    advisor) != APPOINTMENT_FITS)
					continue;
				for (int k = m; k < m + minutes; k += 15)
					kept[k / 15 % 4] = false;
			}
			/* exactly one, another for each of four neighbours */
			for (uint32_t q = 0; q < 4; q++)
				assert_int_equal(kept[q], q == 3 - advisor);
		}
}

static void what_is_in_the_way_is_said(void **state)
{
	static const struct {
		const char *at;
		enum appointment_fit fit;
	} rows[] = {
		{"2026-03-15T10:00:00+01:00", APPOINTMENT_PAST},
		{"2026-03-22T10:00:00+01:00", APPOINTMENT_CLOSED},
		{"2026-03-17T18:30:00+01:00", APPOINTMENT_CLOSED},
		{"2026-05-01T10:00:00+02:00", APPOINTMENT_CLOSED},
		{"2026-03-17T10:05:00+01:00", APPOINTMENT_OFF_GRID},
		{"2026-03-17T11:00:00+01:00", APPOINTMENT_RESERVED},
		{"2026-03-17T08:00:00+01:00", APPOINTMENT_PEAK},
		{"2026-03-17T14:00:00+01:00", APPOINTMENT_TAKEN},
		{"2026-03-17T14:45:00+01:00", APPOINTMENT_KEPT},
		{"2026-03-18T14:00:00+01:00", APPOINTMENT_CUSTOMERS},
		{"2026-03-19T14:00:00+01:00", APPOINTMENT_WORKSHOP},
		{"2026-03-20T14:00:00+01:00", APPOINTMENT_FITS},
	};
	struct appointment_ask ask = ask_for("2026-03-16T07:00:00+01:00", APPOINTMENT_PLANNED, 60);
	struct instant ready;
	uint32_t advisor;

	(void)state;
	house.customers_max = 1;
	house.workshop_minutes = 500;
	book.load[18] = 500;
	take(0, at("2026-03-17T14:00:00+01:00"), 15, false);
	take(0, at("2026-03-18T10:00:00+01:00"), 15, true);
	ask.advisor = 0;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum appointment_fit fit =
			appointment_receive(&ask, at(rows[i].at), &advisor, &ready);
		if (fit != rows[i].fit)
			fail_msg("%s: %s", rows[i].at, appointment_fits[fit]);
	}
	ask.advisor = -1; /* somebody else has time, and no customer yet */
	assert_int_equal(
		appointment_receive(&ask, at("2026-03-18T14:00:00+01:00"), &advisor, &ready),
		APPOINTMENT_FITS);
	assert_int_equal(advisor, 1);
	ask.advisors = 0;
	assert_int_equal(
		appointment_receive(&ask, at("2026-03-18T14:00:00+01:00"), &advisor, &ready),
		APPOINTMENT_NOBODY);
}

static void a_reading_that_does_not_exist_is_no_time(void **state)
{
	struct appointment out[APPOINTMENTS_MAX];
	struct appointment_ask ask = ask_for("2026-03-29T01:50:00+01:00", APPOINTMENT_PLANNED, 60);

	(void)state;
	ask.count = 1;
	assert_int_equal(appointment_find(out, &ask), 1);
	is_at(out[0].at, "2026-03-29T03:00:00+02:00");
}

/* ---- the way back ---- */

static void whoever_received_hands_back(void **state)
{
	struct appointment_ask ask = ask_for("2026-03-16T07:00:00+01:00", APPOINTMENT_PLANNED, 60);
	struct instant ready = at("2026-03-17T18:00:00+01:00"), back;
	uint32_t by;

	(void)state;
	assert_true(appointment_back(&ask, ready, 1, &back, &by));
	is_at(back, "2026-03-17T18:00:00+01:00");
	assert_int_equal(by, 1);
	/* busy to the end of the day: somebody else, rather than the next morning */
	take(1, ready, 30, false);
	assert_true(appointment_back(&ask, ready, 1, &back, &by));
	is_at(back, "2026-03-17T18:00:00+01:00");
	assert_int_equal(by, 0);
	take(0, ready, 30, false);
	take(2, ready, 30, false);
	assert_true(appointment_back(&ask, ready, 1, &back, &by));
	is_at(back, "2026-03-18T08:00:00+01:00");
	assert_int_equal(by, 1);
	/* ready as the doors shut before Easter */
	assert_true(appointment_back(&ask, at("2026-04-04T12:00:00+02:00"), 1, &back, &by));
	is_at(back, "2026-04-07T08:00:00+02:00");
}

/* ---- any calendar ---- */

static uint64_t seed = 1;

static uint32_t chance(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % below;
}

static void fill_at_random(void)
{
	struct instant first = at("2026-03-27T08:00:00+01:00");

	memset(&book, 0, sizeof book);
	book.first = day_of("2026-03-01");
	for (int i = 0; i < 300; i++)
		take(chance(ADVISORS), (struct instant){first.s + chance(6 * 96) * 900}, 15,
			chance(2));
	for (int i = 0; i < DAYS; i++)
		book.load[i] = (int32_t)chance(1000);
}

static void is_sound(const struct appointment_ask *ask, const struct appointment *a)
{
	struct appointment_work work[APPOINTMENT_WORK_DAYS_MAX];
	struct day day = local_day(zone_local(&paris, a->at));
	bool urgent = ask->why == APPOINTMENT_URGENT;
	struct instant ready, latest;
	uint32_t n = appointment_work(work, &ask->place, a->at, ask->minutes, ask->why, &ready);

	assert_true(a->at.s >= ask->now.s);
	assert_int_equal(appointment_reception(&ask->place, a->at, ask->now, ask->why, a->advisor),
		APPOINTMENT_FITS);
	assert_true(is_free(NULL, a->advisor, a->at, 15));
	assert_true(urgent || customers(NULL, a->advisor, day) < house.customers_max);
	assert_true(n > 0 && ready.s == a->ready.s);
	for (uint32_t i = 0; i < n; i++)
		assert_true(load(NULL, work[i].day) + work[i].minutes <=
			    appointment_room(&house, ask->why));
	assert_true(appointment_latest(&latest, &ask->place, ask->why, ask->now)
			    ? a->too_late == (a->at.s > latest.s)
			    : !a->too_late);
	assert_true(!a->has_back ||
		    (a->back.s >= ready.s && is_free(NULL, a->back_advisor, a->back, 15)));
}

static void no_search_proposes_what_its_rules_forbid(void **state)
{
	struct appointment out[APPOINTMENTS_MAX];
	uint32_t found = 0;

	(void)state;
	house.workshop_minutes = 1500;
	house.kept_minutes = 300;
	house.customers_max = 6;
	for (int round = 0; round < 60; round++) {
		struct appointment_ask ask = ask_for("2026-03-27T09:10:00+01:00",
			(enum appointment_why)chance(APPOINTMENT_WHYS_LEN - 1), 1 + chance(1500));
		fill_at_random();
		ask.count = 1 + chance(APPOINTMENTS_MAX);
		uint32_t n = appointment_find(out, &ask);
		for (uint32_t i = 0; i < n; i++) {
			is_sound(&ask, &out[i]);
			assert_true(i == 0 || out[i - 1].at.s < out[i].at.s);
		}
		assert_true(n >= 2 || n == ask.count);
		found += n;
	}
	print_message("# %u proposals\n", found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(has_a_latest_time, house_opens),
		cmocka_unit_test_setup(what_is_too_late_is_said, house_opens),
		cmocka_unit_test_setup(times_go_by_the_length_of_the_work, house_opens),
		cmocka_unit_test_setup(the_evening_before_is_worked_on_in_the_morning, house_opens),
		cmocka_unit_test_setup(a_day_is_filled_before_the_next, house_opens),
		cmocka_unit_test_setup(reserved_time_is_for_the_urgent, house_opens),
		cmocka_unit_test_setup(the_hour_of_the_crowd_is_given_next_week, house_opens),
		cmocka_unit_test_setup(the_workshop_has_its_day, house_opens),
		cmocka_unit_test_setup(each_hour_of_each_advisor_has_its_free_quarter, house_opens),
		cmocka_unit_test_setup(what_is_in_the_way_is_said, house_opens),
		cmocka_unit_test_setup(a_reading_that_does_not_exist_is_no_time, house_opens),
		cmocka_unit_test_setup(whoever_received_hands_back, house_opens),
		cmocka_unit_test_setup(no_search_proposes_what_its_rules_forbid, house_opens),
	};

	return cmocka_run_group_tests_name("appointment", tests, read_zone, NULL);
}
