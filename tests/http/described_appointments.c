/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_desk.h"

/* A visit with an appointment, or the problem that it is. */
static struct told visit_at(struct caller *c, int status, const char *at, const char *problem)
{
	struct told t = CALL(c, status, "POST", "/v1/visits",
		text_of(c,
			"{'site':'T1','customer':'C8','vin':'ZAMDEMC1T0D200008','jobs':[{'type':"
			"'maintenance','immobilisation_minutes':120}],'appointment':{'at':'%s'}}",
			at));

	if (problem)
		assert_string_equal(member_of(c, &t, "type"), text_of(c, "/problems/%s", problem));
	return t;
}

static void look_for_times(struct caller *c)
{
	struct told t = CALL(c, 200, "GET",
		"/v1/appointments/times?site=T1&minutes=120&after=2031-06-03T07:00", NULL);
	struct json items = json_get(t.json, "items");

	assert_int_equal(json_count(items), 2);
	assert_str(json_str_at(json_item(items, 0), "at"), "2031-06-03T08:00:00+02:00");
	/* another load level: the afternoon */
	assert_str(json_str_at(json_item(items, 1), "at"), "2031-06-03T13:00:00+02:00");
	t = CALL(c, 200, "GET",
		"/v1/appointments/times?site=T1&minutes=600&why=warranty&after=2031-06-03T07:00"
		"&wish=10:30&desk=T1-desk&count=4",
		NULL);
	assert_true(json_bool_at(json_item(json_get(t.json, "items"), 0), "too_late", false));
	assert_true(json_str_at(t.json, "latest_at").n > 0);
	CALL(c, 422, "GET", "/v1/appointments/times?site=T1&minutes=60&wish=10:20", NULL);
	CALL(c, 422, "GET", "/v1/appointments/times?site=T1&minutes=60&desk=none", NULL);
	CALL(c, 400, "GET", "/v1/appointments/times?site=T1", NULL);
	CALL(c, 400, "GET", "/v1/appointments/times?site=T1&minutes=60&why=bored", NULL);
	CALL(c, 404, "GET", "/v1/appointments/times?site=T1&minutes=60&visit=none", NULL);
	t = CALL(c, 200, "GET", "/v1/appointments/times?site=T3&minutes=60", NULL);
	assert_int_equal(json_count(json_get(t.json, "items")), 0); /* it takes none */
}

static void expect_and_move(struct caller *c)
{
	struct told v = visit_at(c, 201, "2031-06-03T09:00", NULL), t;
	const char *times = text_of(c,
		"/v1/appointments/times?site=T1&minutes=120&after=2031-06-03T09:00&visit=%s",
		member_of(c, &v, "visit"));

	visit_at(c, 409, "2031-06-03T09:00", "appointment-full");
	visit_at(c, 409, "2031-06-03T11:00", "appointment-full"); /* reserved, and handed back */
	visit_at(c, 409, "2031-06-01T09:00", "appointment-closed");
	visit_at(c, 409, "2001-06-01T09:00", "appointment-past");
	visit_at(c, 422, "2031-06-03T09:05", "invalid");
	t = CALL(c, 200, "GET", "/v1/appointments?site=T1&day=2031-06-03", NULL);
	assert_int_equal(json_count(json_get(t.json, "items")), 2); /* it comes, and goes */
	assert_str(json_str_at(json_item(json_get(t.json, "items"), 0), "what"), "arrives");
	CALL(c, 200, "GET", "/v1/appointments?site=T1", NULL);
	/* for itself its own time is free */
	t = CALL(c, 200, "GET", times, NULL);
	assert_str(json_str_at(json_item(json_get(t.json, "items"), 0), "at"),
		"2031-06-03T09:00:00+02:00");
	CALL(c, 409, "POST", "/v1/resources/T1-desk/blocks",
		"{'from':'2031-06-03T08:00','until':'2031-06-03T10:00','reason':'training'}");
	CALL(c, 428, "PATCH", v.location, "{'appointment':null}");
	t = CALL_WITH(c, 200, "PATCH", v.location,
		"{'appointment':{'at':'2031-06-04T13:00','desk':'T1-desk','why':'urgent',"
		"'customer_agreed':true,'back_at':'2031-06-05T09:00'}}",
		.if_match = v.etag);
	CALL_WITH(c, 412, "PATCH", v.location, "{'appointment':null}", .if_match = v.etag);
	CALL(c, 200, "GET", v.location, NULL);
	t = CALL_WITH(c, 200, "PATCH", v.location, "{'appointment':null}", .if_match = t.etag);
	assert_false(json_present(json_get(t.json, "appointment")));
}

/* A warranty repair years ahead is later than the 48 hours of the trade. */
static void with_a_loan(struct caller *c)
{
	struct told t = desk_book(c, 409, "2031-06-10", "loaner_brand",
		",'customer':'C8','appointment':{'at':'2031-06-10T09:00'}");

	assert_string_equal(member_of(c, &t, "type"), "/problems/appointment-late");
	t = desk_book(c, 422, "2031-06-10", "loaner_brand",
		",'customer':'C8','appointment':{'at':'2031-06-10T10:00','customer_agreed':true}");
	t = desk_book(c, 201, "2031-06-10", "taxi",
		",'customer':'C8','appointment':{'at':'2031-06-10T09:00','customer_agreed':true}");
	t = CALL(c, 200, "GET", text_of(c, "/v1/visits/%s", member_of(c, &t, "visit")), NULL);
	assert_str(json_str_at(json_get(t.json, "appointment"), "at"), "2031-06-10T09:00:00+02:00");
	assert_true(json_bool_at(json_get(t.json, "appointment"), "customer_agreed", false));
}

void describe_appointments(struct caller *c)
{
	look_for_times(c);
	expect_and_move(c);
	with_a_loan(c);
}
