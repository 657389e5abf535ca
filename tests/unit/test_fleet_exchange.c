/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that a car is exchanged within one agreement: what came in is made ready and free again,
 * who was promised what goes out changes places or stands against it, and what was seen of every
 * car is kept. */

#include "tests/lib/story.h"

#include "fleet/render.h"

#define TUESDAY_10 "2026-03-17T10:00:00+01:00"

/* A Grecale that is out since Monday, wanted back on Wednesday. */
static struct str out_now(void)
{
	struct str id = book("loaner_brand", "grecale", MONDAY_8_30, WEDNESDAY_17, OK);

	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p,
		"{\"agreement_signed_at\":\"2026-03-16T07:25:00Z\",\"damages\":[\"hail\"],"
		"\"odometer_km\":8120,"
		"\"resource\":\"G1\"}",
		OK);
	dealer_at(&w, TUESDAY_10);
	return id;
}

static void exchange(
	struct str id, const char *car, const char *in, const char *out, enum outcome expected)
{
	struct str body = arena_printf(&w.arena,
		"{\"in\":{%s},\"out\":{%s},\"reason\":\"a warning lamp\",\"resource\":\"%s\"}", in,
		out, car);

	dealer_must(&w, VERB_BOOKING_EXCHANGE, "LYO", id.p, body.p, expected);
}

static const struct booking_claim *claim_on(const struct booking *b, const char *car)
{
	for (uint32_t i = 0; i < b->claims_len; i++)
		if (str_is(b->claims[i].seat.resource, car))
			return &b->claims[i];
	return NULL;
}

static uint32_t minute_of(const char *rfc3339)
{
	struct local l;

	assert_true(instant_parse(&l, str_from(rfc3339)));
	return minute_down(local_instant(l));
}

static struct json shown(struct str id)
{
	struct str text;
	struct view v;
	struct txn t;
	struct row row;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_BOOKING, id, &row));
	text = render_row(&v, ROW_BOOKING, id, &row);
	fleet_look_end(&v);
	return arena_json(&w.arena, text, NULL);
}

static struct json car_at(struct json booking, uint32_t index)
{
	return json_item(json_get(booking, "cars"), index);
}

static void a_free_car_takes_its_place(void **state)
{
	struct str id = out_now();
	struct booking b;
	struct json car;

	(void)state;
	exchange(id, "G2",
		"\"charges\":[{\"amount_minor\":900,\"evidence\":\"receipt\",\"kind\":\"fuel\"}],"
		"\"damages\":[\"rim\"],\"odometer_km\":8391",
		"\"damages\":[\"mirror\"],\"fuel_percent\":100,\"odometer_km\":120", OK);
	b = booking_now(id);
	assert_int_equal(b.status, BOOKING_OUT);
	assert_str(b.resource, "G2");
	assert_str(b.class, "grecale");
	assert_int_equal(claim_on(&b, "G1")->row.until, minute_of("2026-03-17T10:45:00+01:00"));
	assert_int_equal(claim_on(&b, "G2")->row.from, minute_of(TUESDAY_10));
	assert_int_equal(claim_on(&b, "G2")->row.until, minute_of("2026-03-18T17:45:00+01:00"));
	assert_int_equal(json_int_at(json_get(b.doc, "out"), "odometer_km", 0), 120);
	assert_false(strstr(arena_printf(&w.arena, "%.*s", STR_FMT(json_raw(b.doc))).p, "lamp"));
	car = car_at(shown(id), 0);
	assert_str(json_str_at(car, "resource"), "G1");
	assert_str(json_str_at(car, "reason"), "a warning lamp");
	assert_int_equal(json_int_at(json_get(car, "out"), "odometer_km", 0), 8120);
	assert_int_equal(json_int_at(json_get(car, "in"), "odometer_km", 0), 8391);
	assert_str(json_str(json_item(json_get(json_get(car, "in"), "damages"), 0)), "rim");
	assert_str(json_str(json_item(json_get(json_get(car, "out"), "damages"), 0)), "hail");
	car = shown(id);
	assert_str(json_str(json_item(json_get(json_get(car, "out"), "damages"), 0)), "mirror");
	/* the one that came in is somebody else's as soon as it is ready */
	book("loaner_brand", "grecale", "2026-03-17T10:30:00+01:00", WEDNESDAY_17, REFUSED_NO_SEAT);
	book("loaner_brand", "grecale", "2026-03-17T10:45:00+01:00", "2026-03-18T16:00:00+01:00",
		OK);

	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		"{\"charges\":[{\"amount_minor\":0,\"kind\":\"late\"}],\"damages\":[\"door\"]}",
		OK);
	car = shown(id);
	assert_int_equal(json_count(json_get(car, "charges")), 2);
	assert_str(json_str_at(json_item(json_get(car, "charges"), 0), "evidence"), "receipt");
	assert_str(json_str(json_item(json_get(json_get(car, "in"), "damages"), 0)), "door");
	assert_str(
		json_str(json_item(json_get(json_get(car_at(car, 0), "in"), "damages"), 0)), "rim");
	b = booking_now(id);
	assert_int_equal(json_count(json_get(b.doc, "charges")), 2);
	assert_int_equal(claim_on(&b, "G1")->row.until, minute_of("2026-03-17T10:45:00+01:00"));
	assert_int_equal(claim_on(&b, "G2")->row.until, minute_of("2026-03-17T10:45:00+01:00"));
}

static void who_was_promised_it_changes_places(void **state)
{
	struct str id = out_now();
	struct str other =
		book("loaner_brand", "grecale", TUESDAY_13, WEDNESDAY_17, REFUSED_NO_SEAT);

	other = book("loaner_brand", "grecale", TUESDAY_13, "2026-03-18T16:00:00+01:00", OK);
	(void)state;
	assert_str(booking_now(other).resource, "G2");
	exchange(id, "G2", "", "", OK);
	assert_str(booking_now(other).resource, "G1");
	assert_false(booking_now(other).at_risk);
}

static void who_comes_before_it_is_ready_stands_against_it(void **state)
{
	struct str id = out_now();
	struct str other = book("loaner_brand", "grecale", "2026-03-17T10:30:00+01:00",
		"2026-03-18T16:00:00+01:00", OK);

	(void)state;
	exchange(id, "G2", "", "", REFUSED_PROMISES_BROKEN);
	assert_str(booking_now(other).resource, "G2");
	assert_str(booking_now(id).resource, "G1");
	/* left half an hour ago: it is ready in time */
	exchange(id, "G2", "\"left_at\":\"2026-03-17T08:30:00Z\"", "", OK);
	assert_str(booking_now(other).resource, "G1");
}

static void what_is_pinned_stays_where_it_is(void **state)
{
	struct str id = out_now();
	struct str other =
		book("loaner_brand", "grecale", TUESDAY_13, "2026-03-18T16:00:00+01:00", OK);
	struct command *c;
	struct json hurt;

	(void)state;
	dealer_must(&w, VERB_BOOKING_PIN, "LYO", other.p, "{}", OK);
	c = dealer_do(&w, VERB_BOOKING_EXCHANGE, "LYO", id.p,
		"{\"in\":{},\"out\":{},\"reason\":\"lamp\",\"resource\":\"G2\"}", NULL);
	assert_int_equal(c->outcome, REFUSED_PROMISES_BROKEN);
	hurt = json_get(arena_json(&w.arena, c->detail, NULL), "bookings");
	assert_int_equal(json_count(hurt), 1);
	assert_true(str_eq(json_str_at(json_item(hurt, 0), "booking"), other));
	command_free(c);
	assert_str(booking_now(id).resource, "G1");
	assert_int_equal(json_count(json_get(booking_now(id).doc, "cars")), 0);
}

static void it_comes_back_before_it_is_ready(void **state)
{
	struct str id = out_now();
	struct booking b;

	(void)state;
	exchange(id, "G2", "", "", OK);
	dealer_at(&w, "2026-03-17T10:20:00+01:00");
	exchange(id, "G1", "\"odometer_km\":121", "\"odometer_km\":8391", OK);
	b = booking_now(id);
	assert_str(b.resource, "G1");
	assert_int_equal(json_int_at(json_get(b.doc, "out"), "odometer_km", 0), 8391);
	assert_int_equal(json_count(json_get(b.doc, "cars")), 2);
	assert_str(json_str_at(car_at(b.doc, 1), "resource"), "G2");
	assert_int_equal(claim_on(&b, "G1")->row.until, minute_of("2026-03-17T10:20:00+01:00"));
	assert_int_equal(claim_on(&b, "G2")->row.until, minute_of("2026-03-17T11:05:00+01:00"));
	/* in the very minute in which it went out: there and back leaves nothing behind */
	exchange(id, "G2", "", "", OK);
	exchange(id, "G1", "", "", OK);
	b = booking_now(id);
	assert_str(b.resource, "G1");
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
}

static void a_car_of_another_class_changes_the_terms(void **state)
{
	struct str id = out_now();
	struct booking b = booking_now(id);

	(void)state;
	assert_int_equal(json_int_at(json_get(b.doc, "terms"), "value_minor", 0), 27000);
	exchange(id, "L1", "", "", OK);
	b = booking_now(id);
	assert_str(b.class, "levante");
	assert_int_equal(json_int_at(json_get(b.doc, "terms"), "value_minor", 0), 36000);
	assert_int_equal(claim_on(&b, "L1")->row.until, minute_of("2026-03-18T18:00:00+01:00"));
	dealer_must(&w, VERB_BOOKING_EXTEND, "LYO", id.p,
		"{\"reason\":\"parts\",\"until\":\"2026-03-19T16:00:00Z\"}", OK);
	b = booking_now(id);
	assert_int_equal(claim_on(&b, "L1")->row.until, minute_of("2026-03-19T18:00:00+01:00"));
	assert_int_equal(claim_on(&b, "G1")->row.until, minute_of("2026-03-17T10:45:00+01:00"));
}

/* It was not back when it should have been: its next promise had to move already. */
static void a_late_car_is_exchanged(void **state)
{
	struct str id = out_now();
	struct str next = book("loaner_brand", "grecale", "2026-03-18T17:45:00+01:00",
		"2026-03-20T12:00:00+01:00", OK);
	struct booking b;

	(void)state;
	if (!str_is(booking_now(next).resource, "G1"))
		dealer_must(&w, VERB_BOOKING_MOVE, "LYO", next.p, "{\"resource\":\"G1\"}", OK);
	dealer_at(&w, "2026-03-18T17:20:00+01:00");
	exchange(id, "L1", "", "", OK); /* ready at 18:05: the next one takes the other car */
	b = booking_now(id);
	assert_int_equal(claim_on(&b, "G1")->row.until, minute_of("2026-03-18T18:05:00+01:00"));
	assert_int_equal(claim_on(&b, "L1")->row.from, minute_of("2026-03-18T17:20:00+01:00"));
	assert_str(booking_now(next).resource, "G2");
	assert_false(booking_now(next).at_risk);
	dealer_must(&w, VERB_TICK, "LYO", NULL, NULL, OK);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
}

static void an_allotment_gives_another_of_its_cars(void **state)
{
	struct str id = book("rental", "rental_c", MONDAY_8_30, WEDNESDAY_17, OK);

	(void)state;
	book("rental", "rental_c", MONDAY_8_30, WEDNESDAY_17, OK);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{}", OK);
	exchange(id, "R1", "\"odometer_km\":10", "\"odometer_km\":20", OK);
	assert_int_equal(booking_now(id).claims_len, 1);
	resource("R2", "allotment", "rental_c", "\"rental\"", "1", 0);
	resource("R4", "allotment", "rental_c", "\"rental\"", "null", 0);
	dealer_at(&w, MONDAY_9);
	exchange(id, "R2", "", "", OK);
	assert_str(booking_now(id).resource, "R2");
	assert_int_equal(booking_now(id).claims_len, 2);
	exchange(id, "R4", "", "", OK); /* on request: nothing to claim */
	assert_str(booking_now(id).resource, "R4");
	exchange(id, "R1", "", "", OK);
	assert_int_equal(json_count(json_get(booking_now(id).doc, "cars")), 4);
	exchange(id, "R2", "", "", REFUSED_INVALID); /* five cars, and no more */
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
}

static void what_cannot_be_is_named(void **state)
{
	struct str booked = book("loaner_brand", "grecale", MONDAY_8_30, TUESDAY_12, OK);
	struct str ride = book("taxi", NULL, MONDAY_8_30, TUESDAY_12, OK), id;

	(void)state;
	exchange(booked, "G2", "", "", REFUSED_STATE);
	dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", booked.p, "{\"reason\":\"x\"}", OK);
	id = out_now();
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", ride.p, "{}", OK);
	exchange(ride, "G2", "", "", REFUSED_INVALID);
	exchange(id, "G1", "", "", REFUSED_INVALID);
	exchange(id, "O1", "", "", REFUSED_INVALID);
	exchange(id, "none", "", "", REFUSED_INVALID);
	exchange(id, "G2", "\"at\":\"2026-03-17T11:00:00Z\"", "", REFUSED_INVALID);
	exchange(id, "G2", "\"at\":\"2026-03-15T11:00:00Z\"", "", REFUSED_INVALID);
	exchange(id, "G2", "", "\"at\":\"2026-03-17T11:00:00Z\"", REFUSED_INVALID);
	exchange(id, "G2", "", "\"at\":\"2026-03-15T11:00:00Z\"", REFUSED_INVALID);
	command_free(dealer_put(&w, VERB_RESOURCE_PUT, "LYO", "G2",
		"{\"class\":\"grecale\",\"kind\":\"car\",\"label\":\"G2\","
		"\"out_of_service_on\":\"2026-03-18\",\"seats\":1,\"site\":\"LYO\","
		"\"solutions\":[\"loaner_brand\"],\"status\":\"active\",\"turnaround_minutes\":45}",
		"*"));
	exchange(id, "G2", "", "", REFUSED_INVALID);
	assert_str(booking_now(id).resource, "G1");
	assert_int_equal(json_count(json_get(booking_now(id).doc, "cars")), 0);
}

static void charges_of_all_cars_have_one_end(void **state)
{
	struct str id = out_now(), list = STR("{\"amount_minor\":1,\"kind\":\"toll\"}"), in;

	(void)state;
	in = list;
	for (int i = 1; i < 30; i++)
		in = arena_printf(&w.arena, "%.*s,%s", STR_FMT(in), list.p);
	in = arena_printf(&w.arena, "\"charges\":[%.*s]", STR_FMT(in));
	exchange(id, "G2", in.p, "", OK);
	exchange(id, "G1", in.p, "", REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p,
		arena_printf(&w.arena, "{%.*s}", STR_FMT(in)).p, REFUSED_INVALID);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{}", OK);
	assert_int_equal(json_count(json_get(booking_now(id).doc, "charges")), 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		STORY(a_free_car_takes_its_place),
		STORY(who_was_promised_it_changes_places),
		STORY(who_comes_before_it_is_ready_stands_against_it),
		STORY(what_is_pinned_stays_where_it_is),
		STORY(it_comes_back_before_it_is_ready),
		STORY(a_car_of_another_class_changes_the_terms),
		STORY(a_late_car_is_exchanged),
		STORY(an_allotment_gives_another_of_its_cars),
		STORY(what_cannot_be_is_named),
		STORY(charges_of_all_cars_have_one_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
