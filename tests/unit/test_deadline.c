/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves when each promise falls due: by the hours of the doors, over week-ends and holidays, and
 * through both changes of the clock. */

#include "rules/deadline.h"

#include <stdio.h>

#include "tests/lib/check.h"

static struct zone paris; /* too large for the stack of a test */

static struct day day_of(const char *text)
{
	struct day d = {0};

	assert_true(day_parse(&d, str_from(text)));
	return d;
}

/* Monday to Friday 08:00-12:30 and 13:30-18:30, Saturday 09:00-11:30; Easter Monday and 1 May are
 * holidays, Wednesday 20 May opens in the afternoon alone, 26 December never shuts before 24:00. */
static struct opening doors(void)
{
	struct opening o = {.special_len = 2, .holidays_len = 2};

	for (int i = 0; i < 5; i++)
		o.week[i] = (struct opening_day){2, {{480, 750}, {810, 1110}}};
	o.week[5] = (struct opening_day){1, {{540, 690}}};
	o.holiday[0] = day_of("2026-04-06");
	o.holiday[1] = day_of("2026-05-01");
	o.special[0].day = day_of("2026-05-20");
	o.special[0].hours = (struct opening_day){1, {{840, 1080}}};
	o.special[1].day = day_of("2026-12-26");
	o.special[1].hours = (struct opening_day){1, {{600, 1440}}};
	return o;
}

static const struct {
	enum deadline rule;
	const char *event, *due;
} rows[] = {
	/* within the hour, of open doors */
	{DEADLINE_CALLBACK, "2026-03-16T10:00:00+01:00", "2026-03-16T11:00:00+01:00"},
	{DEADLINE_CALLBACK, "2026-03-16T12:10:00+01:00", "2026-03-16T14:10:00+01:00"},
	{DEADLINE_CALLBACK, "2026-03-16T18:00:00+01:00", "2026-03-17T08:30:00+01:00"},
	{DEADLINE_CALLBACK, "2026-03-16T03:00:00+01:00", "2026-03-16T09:00:00+01:00"},
	{DEADLINE_CALLBACK, "2026-03-21T11:00:00+01:00", "2026-03-23T08:30:00+01:00"},
	{DEADLINE_CALLBACK, "2026-03-28T11:00:00+01:00", "2026-03-30T08:30:00+02:00"}, /* spring */
	{DEADLINE_CALLBACK, "2026-10-24T11:20:00+02:00", "2026-10-26T08:50:00+01:00"}, /* autumn */
	{DEADLINE_CALLBACK, "2026-04-04T11:10:00+02:00", "2026-04-07T08:40:00+02:00"}, /* Easter */
	{DEADLINE_WRITTEN_OFFER, "2026-03-16T10:00:00+01:00", "2026-03-16T12:00:00+01:00"},
	{DEADLINE_WRITTEN_OFFER, "2026-03-16T17:15:00+01:00", "2026-03-17T08:45:00+01:00"},
	{DEADLINE_WRITTEN_OFFER, "2026-04-30T17:30:00+02:00", "2026-05-02T10:00:00+02:00"},
	/* within 24 and 48 hours of any clock */
	{DEADLINE_COMPLAINT, "2026-03-16T10:00:00+01:00", "2026-03-17T10:00:00+01:00"},
	{DEADLINE_COMPLAINT, "2026-03-16T13:00:00+01:00", "2026-03-17T12:30:00+01:00"},
	{DEADLINE_COMPLAINT, "2026-03-20T18:30:00+01:00", "2026-03-21T11:30:00+01:00"},
	{DEADLINE_COMPLAINT, "2026-03-21T10:00:00+01:00", "2026-03-21T11:30:00+01:00"},
	{DEADLINE_COMPLAINT, "2026-03-21T11:00:00+01:00", "2026-03-23T09:00:00+01:00"},
	{DEADLINE_COMPLAINT, "2026-03-22T20:00:00+01:00", "2026-03-23T18:30:00+01:00"},
	{DEADLINE_COMPLAINT, "2026-03-28T09:30:00+01:00", "2026-03-28T11:30:00+01:00"},
	{DEADLINE_FOLLOW_UP, "2026-03-16T10:00:00+01:00", "2026-03-18T10:00:00+01:00"},
	{DEADLINE_FOLLOW_UP, "2026-03-27T10:00:00+01:00", "2026-03-28T11:30:00+01:00"},
	/* 48 hours over the change: the clock on the wall has gone on by 49 */
	{DEADLINE_FOLLOW_UP, "2026-03-28T09:00:00+01:00", "2026-03-30T10:00:00+02:00"},
	{DEADLINE_FOLLOW_UP, "2026-10-24T10:00:00+02:00", "2026-10-26T09:00:00+01:00"},
	{DEADLINE_FOLLOW_UP, "2026-04-04T10:00:00+02:00", "2026-04-04T11:30:00+02:00"},
	/* 48 hours after a visit: what falls on shut doors has until the next closing */
	{DEADLINE_AFTER_VISIT, "2026-03-16T17:00:00+01:00", "2026-03-18T17:00:00+01:00"},
	{DEADLINE_AFTER_VISIT, "2026-03-20T17:00:00+01:00", "2026-03-23T18:30:00+01:00"},
	{DEADLINE_AFTER_VISIT, "2026-03-19T17:00:00+01:00", "2026-03-23T18:30:00+01:00"},
	{DEADLINE_AFTER_VISIT, "2026-04-03T17:00:00+02:00", "2026-04-07T18:30:00+02:00"},
	{DEADLINE_AFTER_VISIT, "2026-10-24T11:00:00+02:00", "2026-10-26T10:00:00+01:00"},
	/* three calendar days after a delivery */
	{DEADLINE_AFTER_DELIVERY, "2026-03-16T17:00:00+01:00", "2026-03-19T18:30:00+01:00"},
	{DEADLINE_AFTER_DELIVERY, "2026-03-18T09:00:00+01:00", "2026-03-21T11:30:00+01:00"},
	{DEADLINE_AFTER_DELIVERY, "2026-03-19T09:00:00+01:00", "2026-03-23T18:30:00+01:00"},
	{DEADLINE_AFTER_DELIVERY, "2026-04-03T09:00:00+02:00", "2026-04-07T18:30:00+02:00"},
	{DEADLINE_AFTER_DELIVERY, "2026-12-23T09:00:00+01:00", "2026-12-27T00:00:00+01:00"},
	/* seven working days, the Saturday is one; and a month */
	{DEADLINE_PROSPECT, "2026-03-16T09:00:00+01:00", "2026-03-24T18:30:00+01:00"},
	{DEADLINE_PROSPECT, "2026-04-01T09:00:00+02:00", "2026-04-10T18:30:00+02:00"},
	{DEADLINE_PROSPECT_MONTH, "2026-01-31T09:00:00+01:00", "2026-02-28T11:30:00+01:00"},
	{DEADLINE_PROSPECT_MONTH, "2026-04-01T09:00:00+02:00", "2026-05-02T11:30:00+02:00"},
	/* the day before, by noon; of the last day that had open doors by then */
	{DEADLINE_CONFIRM, "2026-03-18T08:30:00+01:00", "2026-03-17T12:00:00+01:00"},
	{DEADLINE_CONFIRM, "2026-03-16T08:30:00+01:00", "2026-03-14T11:30:00+01:00"},
	{DEADLINE_CONFIRM, "2026-04-07T08:30:00+02:00", "2026-04-04T11:30:00+02:00"},
	{DEADLINE_CONFIRM, "2026-05-21T08:30:00+02:00", "2026-05-19T12:00:00+02:00"},
	{DEADLINE_CONFIRM, "2026-03-30T08:30:00+02:00", "2026-03-28T11:30:00+01:00"},
	/* 48 hours ahead */
	{DEADLINE_LOOK_AHEAD, "2026-03-18T09:00:00+01:00", "2026-03-16T09:00:00+01:00"},
	{DEADLINE_LOOK_AHEAD, "2026-03-24T09:00:00+01:00", "2026-03-21T11:30:00+01:00"},
	{DEADLINE_LOOK_AHEAD, "2026-03-30T11:00:00+02:00", "2026-03-28T10:00:00+01:00"},
	{DEADLINE_LOOK_AHEAD, "2026-10-26T09:00:00+01:00", "2026-10-24T10:00:00+02:00"},
	{DEADLINE_LOOK_AHEAD, "2026-03-18T08:00:00+01:00", "2026-03-14T11:30:00+01:00"},
	/* trouble is due when it is there */
	{DEADLINE_OVERDUE, "2026-03-22T03:00:00+01:00", "2026-03-22T03:00:00+01:00"},
};

static struct instant at(const char *text)
{
	struct local l;

	if (!instant_parse(&l, str_from(text)))
		fail_msg("%s", text);
	return local_instant(l);
}

static void falls_due(void **state)
{
	struct opening o = doors();
	uint32_t seen = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char buf[INSTANT_TEXT];
		struct instant due;
		assert_true(deadline_due(&due, rows[i].rule, &o, &paris, at(rows[i].event)));
		struct str got = local_print(zone_local(&paris, due), buf);
		if (!str_is(got, rows[i].due))
			fail_msg("%s %s: %.*s", deadline_rule(rows[i].rule)->id, rows[i].event,
				STR_FMT(got));
		seen |= 1u << rows[i].rule;
	}
	for (int d = 0; d < DEADLINES_LEN; d++)
		if (!(seen >> d & 1) && deadline_rule((enum deadline)d)->way != DUE_AT)
			fail_msg("%s stands in no row", deadline_rule((enum deadline)d)->id);
}

/* Whoever must be told within a time is never told later than that where the doors allow it. */
static void within_is_never_late_without_need(void **state)
{
	struct opening o = doors();
	struct instant from = at("2026-03-02T00:00:00+01:00"), due;

	(void)state;
	for (int quarter = 0; quarter < 8 * 7 * 96; quarter++, from.s += 900) {
		struct instant limit = {from.s + 24 * 3600};
		int64_t room_s;
		struct local back;
		assert_true(deadline_due(&due, DEADLINE_COMPLAINT, &o, &paris, from));
		assert_true(due.s > from.s);
		assert_true(opening_add(
			&room_s, &o, zone_local(&paris, from).wall_s, DEADLINE_ROOM_MINUTES, 1));
		(void)zone_instant(&back, &paris, room_s);
		if (local_instant(back).s <= limit.s)
			assert_true(due.s <= limit.s);
	}
}

static void shut_for_ever(void **state)
{
	static struct opening o; /* no door at all */
	struct instant due;

	(void)state;
	for (int d = 0; d < DEADLINES_LEN; d++)
		assert_int_equal(deadline_due(&due, (enum deadline)d, &o, &paris,
					 at("2026-03-16T10:00:00+01:00")),
			deadline_rule((enum deadline)d)->way == DUE_AT);
}

static void is_known_by_its_sentence(void **state)
{
	enum deadline d;

	(void)state;
	for (int i = 0; i < DEADLINES_LEN; i++) {
		assert_true(deadline_from(&d, str_from(deadline_rule((enum deadline)i)->id)));
		assert_int_equal(d, i);
	}
	assert_false(deadline_from(&d, STR("LEX-99")));
	assert_false(deadline_from(&d, STR_NULL));
}

static void is_told_three_times(void **state)
{
	struct instant due = at("2026-03-16T10:00:00+01:00"), t;

	(void)state;
	assert_true(deadline_escalates(&t, DEADLINE_CALLBACK, due, 0));
	assert_int_equal(t.s, due.s);
	assert_true(deadline_escalates(&t, DEADLINE_OVERDUE, due, 0));
	assert_int_equal(t.s, due.s + 3600);
	assert_true(deadline_escalates(&t, DEADLINE_CALLBACK, due, 1));
	assert_int_equal(t.s, due.s + 86400);
	assert_true(deadline_escalates(&t, DEADLINE_CALLBACK, due, 2));
	assert_int_equal(t.s, due.s + 3 * 86400);
	assert_false(deadline_escalates(&t, DEADLINE_CALLBACK, due, 3));
	assert_false(deadline_escalates(&t, DEADLINE_CALLBACK, due, -1));
}

static int open_zone(void **state)
{
	static char bytes[65536];
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Paris", "rb");
	size_t n;

	(void)state;
	if (!file)
		return -1;
	n = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	return zone_read(&paris, STR("Europe/Paris"), (struct str){bytes, n}) ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(falls_due),
		cmocka_unit_test(within_is_never_late_without_need),
		cmocka_unit_test(shut_for_ever),
		cmocka_unit_test(is_known_by_its_sentence),
		cmocka_unit_test(is_told_three_times),
	};

	return cmocka_run_group_tests(all, open_zone, NULL);
}
