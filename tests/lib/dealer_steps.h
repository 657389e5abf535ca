/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What may be asked of the small dealership, drawn by seeded chance: one function for each kind of
 * step. Whoever includes it points `oracle` at the bookings there are, and says with play() and
 * play_put() what is done with what was drawn. */

#include "tests/lib/dealership.h"
#include "tests/lib/oracle.h"

#include "fleet/render.h"

enum { HOUR_S = 3600 };

static struct dealership w;
static const struct oracle *oracle;
static uint64_t chance;
static struct str offer; /* of the present hour, in a buffer of its own */
static char offer_text_kept[9000];
static int64_t offer_until_s;

static enum outcome play(enum verb verb, const char *target, const char *body);
/* The same with If-Match: * */
static enum outcome play_put(enum verb verb, const char *target, const char *body);

static uint32_t draw(uint32_t below)
{
	uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % below);
}

static const char *text_of(int64_t s)
{
	char *buf = arena_alloc(&w.arena, INSTANT_TEXT);

	instant_print_utc((struct instant){s}, buf);
	return buf;
}

/* Mostly when the doors are open: 08:30 to 18:30 in Lyon is 07:30 to 17:30 UTC in March. */
static int64_t some_time(int64_t around_s)
{
	int64_t day = around_s / 86400 + draw(6);

	return day * 86400 + 27000 + draw(41) * 900 - (draw(12) ? 0 : 4 * HOUR_S);
}

static void some_window(int64_t *from_s, int64_t *until_s)
{
	*from_s = some_time(w.still.now.s);
	*until_s = draw(3) ? some_time(*from_s) : *from_s + 1800 + draw(16) * 900;
	if (*until_s <= *from_s)
		*until_s = *from_s + 2 * HOUR_S;
}

/* ---- what may be asked ---- */

static const char *const resources[] = {
	"G1", "G2", "L1", "M1", "O1", "S1", "R1", "R3", "CH1", "CH2", "T1", "D1", "D2"};

static const char *some_resource(void)
{
	return resources[draw(ARRAY_LEN(resources))];
}

/* A booking, mostly one of that status; NULL when there is none at all. */
static const struct oracle_row *some_booking(const char *status)
{
	const struct oracle_row *r = NULL;

	for (int i = 0; i < 40 && oracle->len; i++) {
		const struct oracle_row *x = &oracle->rows[draw(oracle->len)];
		if (x->block)
			continue;
		r = x;
		if (strcmp(r->status, status) == 0 || !draw(30))
			break;
	}
	return r;
}

static void refresh_offer(void)
{
	struct json answer;
	struct str text;

	text = dealer_offer(&w, draw(2) ? DEALER_VIN : DEALER_VIN_BARE, "warranty_repair", 900,
		text_of(w.still.now.s / 900 * 900 + 86400),
		text_of(w.still.now.s / 900 * 900 + 3 * 86400), &answer);
	assert_true(text.n < sizeof offer_text_kept);
	memcpy(offer_text_kept, text.p, text.n);
	offer = (struct str){offer_text_kept, text.n};
	offer_until_s = w.still.now.s + HOUR_S; /* at least */
}

static void step_make(void)
{
	static const char *const solutions[] = {"loaner_brand", "loaner_brand", "loaner_brand",
		"loaner_other", "rental", "pickup_delivery", "pickup", "delivery", "taxi",
		"accompanied_drive", "public_transport"};
	const char *solution = solutions[draw(ARRAY_LEN(solutions))];
	const char *class = strcmp(solution, "loaner_brand") || !draw(3) ? ""
			    : draw(4)					 ? "\"class\":\"grecale\","
									 : "\"class\":\"multi\",";
	const char *hold = draw(4) ? "" : "\"hold_minutes\":90,";
	bool walk_in = !*hold && !draw(8);
	int64_t from_s, until_s;
	struct str body, pin;

	some_window(&from_s, &until_s);
	if (walk_in) {
		from_s = w.still.now.s / 900 * 900 + draw(4) * 900;
		until_s = from_s + (1 + draw(60)) * HOUR_S;
	}
	pin = draw(10) ? STR("") : arena_printf(&w.arena, "\"resource\":\"%s\",", some_resource());
	body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,%s%s\"from\":\"%s\",%s%s\"offer\":\"%.*s\",%.*"
		"s"
		"\"solution\":\"%s\",\"until\":\"%s\"}",
		walk_in ? "\"check_out\":{}," : "", class, text_of(from_s),
		draw(5) ? "" : "\"handover\":{\"where\":\"doorstep\"},", hold, STR_FMT(offer),
		STR_FMT(pin), solution, text_of(until_s));
	(void)play(VERB_BOOKING_MAKE, NULL, body.p);
}

static void step_out(void)
{
	const struct oracle_row *r = some_booking("booked");
	struct str body = STR("{}");
	int64_t at_s = w.still.now.s;

	if (!r)
		return;
	if (draw(3)) /* the customer is there */
		at_s = w.still.now.s > r->from_s ? w.still.now.s : r->from_s;
	if (at_s < w.still.now.s + 10 * HOUR_S && at_s > w.still.now.s)
		w.still.now.s = at_s;
	if (!draw(3))
		body = arena_printf(&w.arena, "{\"resource\":\"%s\"}", some_resource());
	else if (!draw(3))
		body = arena_printf(&w.arena, "{\"at\":\"%s\"}",
			text_of(w.still.now.s + 240 - (int64_t)draw(20 * HOUR_S)));
	(void)play(VERB_BOOKING_CHECK_OUT, r->id, body.p);
}

static void step_in(void)
{
	const struct oracle_row *r = some_booking("out");
	struct str body = STR("{}");

	if (!r)
		return;
	if (!draw(3))
		body = arena_printf(&w.arena, "{\"left_at\":\"%s\"}",
			text_of(w.still.now.s - draw(9 * HOUR_S)));
	(void)play(VERB_BOOKING_CHECK_IN, r->id, body.p);
}

static void step_exchange(void)
{
	static const char *const cars[] = {"G1", "G2", "L1", "M1", "O1", "R1", "R3"};
	const struct oracle_row *r = some_booking("out");
	struct str in = draw(3) ? STR("")
				: arena_printf(&w.arena, "\"left_at\":\"%s\"",
					  text_of(w.still.now.s - draw(9 * HOUR_S)));
	struct str out =
		draw(3) ? STR("")
			: arena_printf(&w.arena, "\"at\":\"%s\"",
				  text_of(w.still.now.s + 240 - (int64_t)draw(9 * HOUR_S)));
	struct str body;

	if (!r)
		return;
	body = arena_printf(&w.arena,
		"{\"in\":{%.*s},\"out\":{%.*s},\"reason\":\"a lamp\",\"resource\":\"%s\"}",
		STR_FMT(in), STR_FMT(out), draw(9) ? cars[draw(ARRAY_LEN(cars))] : some_resource());
	(void)play(VERB_BOOKING_EXCHANGE, r->id, body.p);
}

static void step_late(void)
{
	const struct oracle_row *r = some_booking("out");
	struct str body;

	if (!r)
		return;
	body = arena_printf(&w.arena, "{\"expected_at\":\"%s\",\"heard\":\"phone\"}",
		text_of(w.still.now.s + draw(72 * HOUR_S)));
	(void)play(VERB_BOOKING_LATE, r->id, body.p);
}

static void step_extend(void)
{
	const struct oracle_row *r = some_booking(draw(3) ? "out" : "booked");
	struct str body;

	if (!r)
		return;
	body = arena_printf(&w.arena, "{\"reason\":\"parts\",\"until\":\"%s\"}",
		text_of(draw(4) ? some_time(r->until_s)
				: w.still.now.s / 60 * 60 + draw(600) * 60));
	(void)play(VERB_BOOKING_EXTEND, r->id, body.p);
}

static void step_reschedule(void)
{
	const struct oracle_row *r = some_booking(draw(4) ? "booked" : "held");
	int64_t from_s, until_s;
	struct str body;

	if (!r)
		return;
	some_window(&from_s, &until_s);
	body = arena_printf(&w.arena, "{%s\"from\":\"%s\",\"until\":\"%s\"}",
		draw(5) ? "" : "\"class\":\"levante\",", text_of(from_s), text_of(until_s));
	(void)play(VERB_BOOKING_RESCHEDULE, r->id, body.p);
}

static void step_verb(enum verb verb, const char *status, const char *body)
{
	const struct oracle_row *r = some_booking(status);

	if (r)
		(void)play(verb, r->id, body);
}

static void step_move(void)
{
	struct str body = arena_printf(&w.arena, "{\"resource\":\"%s\"}", some_resource());

	step_verb(VERB_BOOKING_MOVE, "booked", body.p);
}

/* Something else from the present offer; mostly what it may be. */
static void step_change(void)
{
	static const char *const solutions[] = {
		"loaner_brand", "loaner_brand", "loaner_other", "rental", "taxi", "pickup"};
	const struct oracle_row *r = some_booking(draw(4) ? "booked" : "held");
	struct str pin =
		draw(6) ? STR("") : arena_printf(&w.arena, ",\"resource\":\"%s\"", some_resource());
	int64_t from_s, until_s;
	struct str body;

	if (!r)
		return;
	some_window(&from_s, &until_s);
	body = arena_printf(&w.arena,
		"{\"accept_customer_minor\":99999999,\"from\":\"%s\",\"offer\":\"%.*s\"%.*s,"
		"\"solution\":\"%s\",\"until\":\"%s\"}",
		text_of(from_s), STR_FMT(offer), STR_FMT(pin),
		solutions[draw(ARRAY_LEN(solutions))], text_of(until_s));
	(void)play(VERB_BOOKING_CHANGE, r->id, body.p);
}

static void step_reinstate(void)
{
	static const char *const statuses[] = {"cancelled", "no_show", "expired"};

	step_verb(VERB_BOOKING_REINSTATE, statuses[draw(ARRAY_LEN(statuses))], "{}");
}

static void step_correct(void)
{
	static const char *const pointers[] = {"/in/odometer_km", "/out/odometer_km"};
	struct str body = arena_printf(&w.arena,
		"{\"pointer\":\"%s\",\"reason\":\"read again\",\"value\":%u}",
		pointers[draw(ARRAY_LEN(pointers))], 8000 + draw(100));

	step_verb(VERB_BOOKING_CORRECT, draw(2) ? "out" : "returned", body.p);
}

/* The most urgent of what must be done, or the one behind it. */
static void step_done(void)
{
	struct list_page page = {.limit = 1 + draw(3)};
	struct json open;
	struct str id;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	open = json_get(
		arena_json(&w.arena, render_tasks(&v, STR("LYO"), STR("open"), &page), NULL),
		"items");
	fleet_look_end(&v);
	if (json_count(open) == 0)
		return;
	id = json_str_at(json_item(open, json_count(open) - 1), "task");
	(void)play(VERB_TASK_DONE, arena_printf(&w.arena, "%.*s", STR_FMT(id)).p, "{}");
}

static void step_block(void)
{
	int64_t from_s, until_s;
	struct str body;

	some_window(&from_s, &until_s);
	body = arena_printf(&w.arena, "{\"from\":\"%s\",\"reason\":\"workshop\",\"until\":\"%s\"}",
		text_of(from_s), text_of(until_s));
	(void)play(VERB_BLOCK_ADD, some_resource(), body.p);
}

static void step_unblock(void)
{
	for (uint32_t i = 0; i < oracle->len; i++)
		if (oracle->rows[i].block && !draw(2)) {
			(void)play_put(VERB_BLOCK_REMOVE, oracle->rows[i].id, NULL);
			return;
		}
}

static void step_ready(void)
{
	(void)play(VERB_RESOURCE_READY, some_resource(), "{\"key\":\"hook 4\"}");
}

/* A car comes and goes; what it promised it keeps, or the change is refused. */
static void step_resource(void)
{
	static const char *const statuses[] = {"active", "active", "blocked", "retired"};
	bool first = draw(2);
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"%s\",\"kind\":\"car\",\"label\":\"%u\",%s\"seats\":1,\"site\":"
		"\"LYO\","
		"\"solutions\":[%s],\"status\":\"%s\",\"turnaround_minutes\":%d}",
		first ? "grecale" : "multi", draw(1000),
		draw(3) ? "" : "\"out_of_service_on\":\"2026-03-20\",",
		first ? "\"loaner_brand\"" : "\"accompanied_drive\",\"loaner_brand\"",
		statuses[draw(ARRAY_LEN(statuses))], first ? 45 : 15);

	(void)play_put(VERB_RESOURCE_PUT, first ? "G2" : "M1", body.p);
}

static bool offer_lives(void)
{
	return w.still.now.s < offer_until_s;
}

static void step_clock(void)
{
	static const int32_t steps_s[] = {
		60, 600, 1800, 1800, HOUR_S, 3 * HOUR_S, 14 * HOUR_S, -900};

	w.still.now.s += steps_s[draw(ARRAY_LEN(steps_s))];
	if (draw(3) == 0 || !offer_lives())
		refresh_offer();
}
