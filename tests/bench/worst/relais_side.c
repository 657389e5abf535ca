/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/worst/relais_side.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/booking.h"
#include "fleet/render.h"

#define CLASS "grecale"
enum { CAR_ID = 8, SERIALS_MAX = 1 << 20, BODY_MAX = SITE_OFFER_MAX + 600 };

static const char site_body[] =
	"{\"accompanied_max_km\":25,\"currency\":\"EUR\",\"grace_minutes\":59,"
	"\"handover_minutes\":15,\"locale\":\"en\",\"market\":\"EU\","
	"\"max_service_distance_km\":100,\"name\":\"Almost sold out (invented)\","
	"\"offer_minutes\":2880,\"opening\":[{\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\","
	"\"until\":\"24:00\"}],\"return_minutes\":15,\"site\":\"" SITE_ID "\",\"tariff\":{"
	"\"loaner_brand\":{\"price\":9000,\"unit\":\"day\"}},\"time_zone\":\"UTC\"}";

void relais_open(struct relais_side *r, struct world *w)
{
	char id[CAR_ID];

	memset(r, 0, sizeof *r);
	r->world = w;
	r->loan_of_serial = calloc(SERIALS_MAX, sizeof *r->loan_of_serial);
	ASSERT(r->loan_of_serial && w->cars <= CARS_MAX);
	arena_init(&r->arena, ARENA_MAX_DEFAULT);
	site_open(&r->site);
	site_must(&r->site, VERB_SITE_PUT, SITE_ID, SITE_ID, site_body);
	for (uint32_t car = 0; car < w->cars; car++) {
		snprintf(id, sizeof id, "C%03u", car % CARS_MAX);
		site_car(&r->site, id, CLASS, TURNAROUND);
	}
	site_offer(&r->site, &r->arena, 7, r->offer);
}

void relais_close(struct relais_side *r)
{
	site_close(&r->site);
	arena_deinit(&r->arena);
	free(r->loan_of_serial);
}

/* ---- what the entry of a command did ---- */

static int32_t car_of_id(struct str id)
{
	ASSERT(id.n == 4);
	return (id.p[1] - '0') * 100 + (id.p[2] - '0') * 10 + (id.p[3] - '0');
}

static void follow_booking(
	struct relais_side *r, struct view *v, const struct effect *e, struct answered *out)
{
	struct world *w = r->world;
	struct booking b;
	uint64_t rev;
	struct loan *loan;
	int32_t car;

	ASSERT(booking_get(v, e->id, &b, &rev) && b.serial < SERIALS_MAX);
	ASSERT(b.resource.n && !b.at_risk);
	car = car_of_id(b.resource);
	if (e->op == EFFECT_PUT) {
		loan = &w->loans[w->len];
		r->loan_of_serial[b.serial] = w->len++;
		ASSERT(b.id.n < LOAN_ID);
		memcpy(loan->id, b.id.p, b.id.n);
		loan->id[b.id.n] = '\0';
		loan->car = car;
		return;
	}
	loan = &w->loans[r->loan_of_serial[b.serial]];
	if (loan->car == car)
		return;
	ASSERT(out->moved_len < MOVES_MAX);
	out->moved[out->moved_len++] = (struct moved){r->loan_of_serial[b.serial], car};
	loan->car = car;
}

static void follow(struct relais_side *r, const struct command *c, struct answered *out)
{
	struct view v;
	struct txn t;
	struct json effects;
	struct effect e;

	arena_reset(&r->arena);
	fleet_look(r->site.fleet, &v, &t, &r->arena);
	effects = site_effects(&r->arena, &v, c);
	for (struct json i = json_first(effects); json_present(i); i = json_next(effects, i)) {
		ASSERT(effect_read(&e, i));
		if (e.kind == ROW_BOOKING && (e.op == EFFECT_PUT || e.op == EFFECT_SET))
			follow_booking(r, &v, &e, out);
	}
	fleet_look_end(&v);
}

/* ---- commands ---- */

void relais_book(struct relais_side *r, const struct loan *wish, struct answered *out)
{
	char body[BODY_MAX], from[INSTANT_TEXT], until[INSTANT_TEXT];
	struct command *c;

	ASSERT(r->world->len < LOANS_MAX);
	memset(out, 0, sizeof *out);
	minute_text(from, wish->from);
	minute_text(until, wish->until);
	snprintf(body, sizeof body,
		"{\"accept_customer_minor\":99999999,\"class\":\"" CLASS "\","
		"\"customer\":\"" SITE_CUSTOMER
		"\",\"from\":\"%s\",\"handover\":{\"where\":\"key_box\"},"
		"\"offer\":\"%s\","
		"\"return\":{\"where\":\"key_box\"},"
		"\"solution\":\"loaner_brand\",\"until\":\"%s\"}",
		from, r->offer, until);
	out->took_ns = clock_ns();
	c = site_do(&r->site, VERB_BOOKING_MAKE, NULL, body);
	out->took_ns = clock_ns() - out->took_ns;
	if (c->outcome == OK) {
		r->world->loans[r->world->len] = *wish;
		follow(r, c, out);
		out->verdict = out->moved_len ? VERDICT_SHUFFLED : VERDICT_STRAIGHT;
	} else if (c->outcome == REFUSED_NO_SEAT) {
		out->verdict = site_undecided(c) ? VERDICT_UNDECIDED : VERDICT_REFUSED;
	} else {
		site_unexpected(c);
	}
	command_free(c);
}

void relais_unbook(struct relais_side *r)
{
	const struct loan *last = &r->world->loans[--r->world->len];

	site_must(&r->site, VERB_BOOKING_CANCEL, SITE_ID, last->id, "{\"reason\":\"bench\"}");
}

void relais_pin(struct relais_side *r, uint32_t loan)
{
	site_must(&r->site, VERB_BOOKING_PIN, SITE_ID, r->world->loans[loan].id, "{}");
	r->world->loans[loan].pinned = true;
}

/* ---- dates ---- */

static int32_t first_date(struct arena *a, struct str answer)
{
	struct json first = json_first(json_get(arena_json(a, answer, NULL), "items"));
	struct local from;

	if (!json_present(first))
		return NO_DATE;
	ASSERT(instant_parse(&from, json_str_at(first, "from")));
	return (int32_t)((local_instant(from).s - site_instant(0).s) / 60);
}

void relais_next(
	struct relais_side *r, int32_t after, int32_t minutes, uint32_t count, struct answered *out)
{
	struct view v;
	struct txn t;
	struct str answer;

	arena_reset(&r->arena);
	memset(out, 0, sizeof *out);
	out->took_ns = clock_ns();
	fleet_look(r->site.fleet, &v, &t, &r->arena);
	answer = render_next(&v, STR(SITE_ID), STR("loaner_brand"), STR(CLASS), minutes,
		site_instant(after), count);
	fleet_look_end(&v);
	out->took_ns = clock_ns() - out->took_ns;
	ASSERT(answer.n);
	out->from = first_date(&r->arena, answer);
}
