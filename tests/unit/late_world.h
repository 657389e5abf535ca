/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Random dealerships for the tests of late binding: each world is a site of its own, of up to eight
 * cars, in one data directory; commands go through the real decide and apply. What is known of it
 * is read from its journal and its rows, never from the calendar.
 */

#include "fleet/event.h"
#include "fleet/offer.h"
#include "fleet/render.h"
#include "tests/lib/dealership.h"
#include "tests/lib/seating_oracle.h"

enum {
	WORLD_BOOKINGS_MAX = 64,
	WORLD_BLOCKS_MAX = 24,
	WORLD_CLAIMS_MAX = 4,
	WORLD_ID = 32,
	HOUR = 60,
	DAY = 1440,
	RIDE_LEG = 60, /* twelve kilometres there and back, and papers */
};

enum world_solution { LOANER_BRAND, LOANER_OTHER, RIDE, SOLUTIONS_LEN };
enum world_hours { ALWAYS, OFFICE, SHOP, HOURS_LEN };

static const char *const solution_names[] = {"loaner_brand", "loaner_other", "accompanied_drive"};
static const char *const class_names[] = {"small", "tall"};

struct world_claim {
	int seat;
	int32_t from, until; /* minutes, turnaround included */
	int64_t what;
};
struct world_booking {
	char id[WORLD_ID], status[12];
	int solution, class, seat; /* class, seat: -1 none */
	bool pinned, at_risk;
	int32_t from, until, hold_until, due; /* 0: none */
	uint32_t claims_len;
	struct world_claim claim[WORLD_CLAIMS_MAX];
};
struct world_block {
	char id[WORLD_ID];
	int seat;
	int32_t from, until;
};
struct world_rows {
	uint32_t len, blocks_len;
	struct world_booking booking[WORLD_BOOKINGS_MAX];
	struct world_block block[WORLD_BLOCKS_MAX];
};

struct world_car {
	int class;
	uint32_t serves; /* bit = solution */
	struct promise_seat seat;
};
static struct {
	char site[16];
	enum world_hours hours;
	int32_t handover, back, settled_hours, turnaround[2];
	uint32_t classes, cars;
	struct world_car car[PROMISE_SEATS_MAX];
	bool rides, mixed, dated;
	struct world_rows rows;
	char offer[OFFER_TEXT_MAX + 1];
	int32_t first_day;    /* of the world, minutes */
	int32_t zone_minutes; /* winter or summer: no world lasts until the clocks change */
} world;

static uint64_t seed; /* of this world */
static uint32_t step;
static const char *doing = "";
static struct dealership w;
static struct command *command; /* used again and again: its memory is warm */
static uint64_t chance;

/* One line that says how to see it again. */
#define HOLD(holds, ...)                                                                         \
	do {                                                                                     \
		if (!(holds)) {                                                                  \
			print_error("RELAIS_SEED=%llu: step %u, %s: ", (unsigned long long)seed, \
				step, doing);                                                    \
			print_error(__VA_ARGS__);                                                \
			print_error("\n");                                                       \
			fail();                                                                  \
		}                                                                                \
	} while (0)

static uint32_t draw(uint32_t below)
{
	uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % below);
}

static int32_t now_minute(void)
{
	return (int32_t)(w.still.now.s / 60);
}

static const char *text_of(int32_t minute)
{
	char *buf = arena_alloc(&w.arena, INSTANT_TEXT);

	instant_print_utc((struct instant){(int64_t)minute * 60}, buf);
	return buf;
}

static const char *day_text(int32_t minute) /* of the site's day */
{
	return arena_printf(&w.arena, "%.10s", text_of(minute + world.zone_minutes)).p;
}

/* ---- commands ---- */

static struct journal_head world_head(void)
{
	struct journal_head head = {.seq = 0};
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	(void)journal_head(&t, str_from(world.site), &head);
	fleet_look_end(&v);
	return head;
}

static int class_of(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(class_names); i++)
		if (str_is(name, class_names[i]))
			return (int)i;
	return -1;
}

/* Cars are called SITE-0 to SITE-7. */
static int seat_of(struct str resource)
{
	return resource.n ? resource.p[resource.n - 1] - '0' : -1;
}

static const char *resource_of(int seat)
{
	return arena_printf(&w.arena, "%s-%d", world.site, seat).p;
}

static int32_t minute_of(struct json doc, const char *key)
{
	struct local l;
	int64_t s;

	if (!json_str_at(doc, key).n)
		return 0;
	assert_true(instant_parse(&l, json_str_at(doc, key)));
	s = l.wall_s - l.offset_s;
	assert_int_equal(s % 60, 0);
	return (int32_t)(s / 60);
}

static void text_into(char *out, size_t size, struct str text)
{
	assert_true(text.n < size);
	memcpy(out, text.p ? text.p : "", text.n);
	out[text.n] = '\0';
}

static void booking_take(struct world_booking *b, struct json doc)
{
	struct json claims = json_get(doc, "claims");
	struct str solution = json_str_at(doc, "solution");

	memset(b, 0, sizeof *b);
	text_into(b->id, sizeof b->id, json_str_at(doc, "booking"));
	text_into(b->status, sizeof b->status, json_str_at(doc, "status"));
	while (b->solution < SOLUTIONS_LEN && !str_is(solution, solution_names[b->solution]))
		b->solution++;
	b->class = class_of(json_str_at(doc, "class"));
	b->seat = seat_of(json_str_at(doc, "resource"));
	b->pinned = json_bool_at(doc, "pinned", false);
	b->at_risk = json_bool_at(doc, "at_risk", false);
	b->from = minute_of(doc, "from");
	b->until = minute_of(doc, "until");
	b->hold_until = minute_of(doc, "hold_until");
	b->due = minute_of(doc, "expected_at");
	b->due = b->due > b->until ? b->due : b->until;
	for (struct json c = json_first(claims); json_present(c); c = json_next(claims, c)) {
		int64_t what = json_int_at(c, "what", 0);
		if (what != 1 && what != 5) /* a chauffeur's time: there are always enough */
			continue;
		assert_true(b->claims_len < WORLD_CLAIMS_MAX);
		b->claim[b->claims_len++] =
			(struct world_claim){seat_of(json_str_at(c, "resource")),
				minute_of(c, "from"), minute_of(c, "until"), what};
	}
}

static void booking_changed(struct view *v, struct str id)
{
	struct world_rows *r = &world.rows;
	uint32_t i = 0;
	struct row row;

	while (i < r->len && !str_is(id, r->booking[i].id))
		i++;
	assert_true(i < WORLD_BOOKINGS_MAX);
	r->len += i == r->len;
	assert_true(row_get(v, ROW_BOOKING, id, &row));
	booking_take(&r->booking[i], row.doc);
}

static void block_changed(struct view *v, struct str id)
{
	struct world_rows *r = &world.rows;
	uint32_t i = 0;
	struct row row;

	while (i < r->blocks_len && !str_is(id, r->block[i].id))
		i++;
	if (!row_get(v, ROW_BLOCK, id, &row)) {
		assert_true(i < r->blocks_len);
		r->block[i] = r->block[--r->blocks_len];
		return;
	}
	assert_true(i < WORLD_BLOCKS_MAX);
	r->blocks_len += i == r->blocks_len;
	text_into(r->block[i].id, sizeof r->block[i].id, id);
	r->block[i].seat = seat_of(json_str_at(row.doc, "resource"));
	r->block[i].from = minute_of(row.doc, "from");
	r->block[i].until = minute_of(row.doc, "until");
}

/* Reads again what an entry says it changed. */
static void read_changes(uint64_t seq)
{
	struct journal_entry e;
	struct event_head head;
	struct json effects;
	struct effect effect;
	const char *why;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	assert_true(journal_entry(&t, str_from(world.site), seq, &e));
	assert_int_equal(event_read(&w.arena, e.bytes, &head, &effects, &why), OK);
	for (struct json x = json_first(effects); json_present(x); x = json_next(effects, x)) {
		assert_true(effect_read(&effect, x));
		if (effect.kind == ROW_BOOKING)
			booking_changed(&v, effect.id);
		else if (effect.kind == ROW_BLOCK)
			block_changed(&v, effect.id);
	}
	fleet_look_end(&v);
}

/* Runs one command of the world; what it changed is in world.rows then. */
static enum outcome world_do(enum verb verb, const char *target, const char *body)
{
	struct arena arena = command->arena;

	arena_reset(&arena);
	*command = (struct command){.verb = verb,
		.journal = str_from(world.site),
		.target = str_from(target),
		.body = str_from(body),
		.by = w.by,
		.if_match = STR("*"),
		.arena = arena};
	assert_int_equal(fleet_do(w.fleet, command), OK);
	if (command->outcome == OK && command->seq)
		read_changes(command->seq);
	return command->outcome;
}

/* ---- opening hours, told anew ---- */

/* The number of the opening span that holds the minute; 0 = closed. */
static int32_t span_at(int32_t minute)
{
	int32_t local = minute + world.zone_minutes, day = local / DAY, m = local % DAY;
	int32_t weekday = (day + 3) % 7; /* 1970 began on a Thursday; 0 is Monday */

	switch (world.hours) {
	case ALWAYS: return 1; /* nobody shuts at midnight */
	case OFFICE: return weekday < 5 && m >= 510 && m < 1110 ? day * 2 : 0;
	case SHOP:
		if (weekday < 6 && m >= 480 && m < 720)
			return day * 2;
		return weekday < 5 && m >= 810 && m < 1080 ? day * 2 + 1 : 0;
	case HOURS_LEN: break;
	}
	return 0;
}

/* Whether somebody is there for so many minutes in a row; for none: at this moment, or until it. */
static bool is_open(int32_t from, int32_t minutes)
{
	if (minutes == 0)
		return span_at(from) || span_at(from - 1);
	for (int32_t m = from; m < from + minutes; m++)
		if (!span_at(m) || span_at(m) != span_at(from))
			return false;
	return true;
}

static const char *hours_text(void)
{
#define AFTERNOONS "{\"days\":[1,2,3,4,5],\"from\":\"13:30\",\"until\":\"18:00\"}"
#define MORNINGS "{\"days\":[1,2,3,4,5,6],\"from\":\"08:00\",\"until\":\"12:00\"}"
	static const char shop[] = AFTERNOONS "," MORNINGS;
	static const char *const texts[] = {
		[ALWAYS] = "{\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\",\"until\":\"24:00\"}",
		[OFFICE] = "{\"days\":[1,2,3,4,5],\"from\":\"08:30\",\"until\":\"18:30\"}",
		[SHOP] = shop,
	};

	return texts[world.hours];
}

/* ---- founding a world ---- */

static void put_site(void)
{
	struct str body = arena_printf(&w.arena,
		"{\"accompanied_max_km\":25,\"currency\":\"EUR\",\"grace_minutes\":59,"
		"\"handover_minutes\":%d,\"holidays\":[],\"locale\":\"fr\",\"market\":\"EU\","
		"\"max_service_distance_km\":100,\"name\":\"%s\",\"offer_minutes\":40000,"
		"\"opening\":[%s],\"return_minutes\":%d,\"settled_hours\":%d,\"site\":\"%s\","
		"\"tariff\":{%s\"loaner_brand\":{\"price\":9000,\"unit\":\"day\"}%s},"
		"\"time_zone\":\"Europe/Paris\"}",
		world.handover, world.site, hours_text(), world.back, world.settled_hours,
		world.site,
		world.rides ? "\"accompanied_drive\":{\"price\":0,\"trips\":2,\"unit\":\"trip\"},"
			    : "",
		world.mixed ? ",\"loaner_other\":{\"price\":4500,\"unit\":\"day\"}" : "");

	HOLD(world_do(VERB_SITE_PUT, world.site, body.p) == OK, "no site");
}

/* A resource's "KEY":DAY member, STR("") where there is no such bound. */
static const char *day_member(const char *key, bool some, int32_t minute)
{
	return some ? arena_printf(&w.arena, "\"%s\":\"%s\",", key, day_text(minute)).p : "";
}

static void put_car(int n)
{
	struct world_car *car = &world.car[n];
	const struct promise_seat *s = &car->seat;
	char solutions[100] = "";
	bool some_end = s->usable_until < INT32_MAX, insured = some_end && draw(2);
	struct str body;

	for (int i = SOLUTIONS_LEN - 1; i >= 0; i--)
		if (car->serves >> i & 1)
			snprintf(solutions + strlen(solutions), 40, "%s\"%s\"",
				*solutions ? "," : "", solution_names[i]);
	body = arena_printf(&w.arena,
		"{\"class\":\"%s\",%s%s\"kind\":\"car\",\"label\":\"%d\",%s\"resource\":\"%s\","
		"\"seats\":1,\"site\":\"%s\",\"solutions\":[%s],\"status\":\"active\","
		"\"turnaround_minutes\":%d}",
		class_names[car->class],
		day_member("in_service_on", s->usable_from > 0, s->usable_from),
		/* insured until the end of the day before */
		day_member("insurance_until", insured, s->usable_until - DAY), n,
		day_member("out_of_service_on", some_end && !insured, s->usable_until),
		resource_of(n), world.site, solutions, s->turnaround);
	HOLD(world_do(VERB_RESOURCE_PUT, resource_of(n), body.p) == OK, "no car");
}

static void put_chauffeurs(void)
{
	struct str body = arena_printf(&w.arena,
		"{\"class\":\"chauffeur\",\"kind\":\"chauffeur\",\"label\":\"C\",\"resource\":\"%s-"
		"C\","
		"\"seats\":99,\"site\":\"%s\",\"solutions\":[\"accompanied_drive\"],"
		"\"status\":\"active\",\"turnaround_minutes\":0}",
		world.site, world.site);

	assert_int_equal(
		world_do(VERB_RESOURCE_PUT, arena_printf(&w.arena, "%s-C", world.site).p, body.p),
		OK);
}

/* The one offer that all bookings of the world are made of: for a customer whose car nobody knows,
 * or each decision would read all of its stays. */
static void ask_offer(void)
{
	struct faults *faults = arena_alloc(&w.arena, sizeof *faults);
	int32_t from = now_minute() + DAY;
	struct str request = arena_printf(&w.arena,
		"{\"customer\":\"C1\",\"distance_km\":12,\"drop_off_at\":\"%s\",\"jobs\":[{"
		"\"immobilisation_minutes\":900,\"type\":\"warranty_repair\"}],\"ready_at\":"
		"\"%s\",\"site\":\"%s\"}",
		text_of(from), text_of(from + 2 * DAY), world.site);
	struct str text;
	struct view v;
	struct txn t;

	fleet_look(w.fleet, &v, &t, &w.arena);
	HOLD(offer_make(&v, request, w.still.now, &text, NULL, faults) == OK, "no offer: %s %s",
		faults->fault[0].pointer, faults->fault[0].detail);
	fleet_look_end(&v);
	text_into(world.offer, sizeof world.offer,
		json_str_at(arena_json(&w.arena, text, NULL), "offer"));
}

static void draw_car(struct world_car *car)
{
	car->class = (int)draw(world.classes);
	car->serves = 1u << LOANER_BRAND;
	if (world.mixed)
		car->serves |= draw(2) << LOANER_OTHER;
	if (world.rides)
		car->serves |= draw(2) << RIDE;
	car->seat = (struct promise_seat){0, INT32_MAX, world.turnaround[car->class]};
	if (world.dated && !draw(3)) /* local midnights */
		car->seat.usable_from = world.first_day + (int32_t)draw(3) * DAY;
	if (world.dated && !draw(3))
		car->seat.usable_until = world.first_day + (int32_t)(2 + draw(4)) * DAY;
}

/* An offer looks a year ahead for what it cannot find, so rule sets know only what is lent. */
static void put_ruleset(const char *version, const char *solutions, const char *from)
{
	struct str body = arena_printf(&w.arena,
		"{\"condition_rules\":[],\"documents_by_solution\":{},\"driver_limits\":{},"
		"\"job_types\":[\"warranty_repair\"],\"programmes\":[],\"segments\":[\"private\"],"
		"\"solution_order\":[%s],\"valid_from\":\"%s\",\"version\":\"%s\"}",
		solutions, from, version);

	dealer_must(&w, VERB_RULESET_PUT, "directory", version, body.p, OK);
}

static void worlds_open(void)
{
	dealer_open(&w);
	command = command_new(VERB_TICK);
	assert_non_null(command);
	put_ruleset("loans", "\"loaner_brand\",\"loaner_other\"", "2026-02-01");
	put_ruleset(
		"drives", "\"loaner_brand\",\"loaner_other\",\"accompanied_drive\"", "2026-05-01");
}

static void worlds_close(void)
{
	command_free(command);
	dealer_close(&w);
}

static void world_found(uint32_t cars)
{
	static const int32_t turnarounds[] = {0, 15, 45};

	doing = "founding";
	memset(&world.rows, 0, sizeof world.rows);
	snprintf(world.site, sizeof world.site, "W%llu", (unsigned long long)seed);
	world.rides = !draw(4);
	/* Mondays begin; only the rule set of the summer knows drives */
	dealer_at(&w, world.rides ? "2026-06-01T00:00:00+02:00" : "2026-03-02T00:00:00+01:00");
	world.zone_minutes = world.rides ? 120 : 60;
	world.first_day = now_minute() + (int32_t)draw(7) * DAY;
	w.still.now.s = (int64_t)(world.first_day + 8 * HOUR + (int32_t)draw(8) * 15) * 60;
	world.hours = draw(2) ? ALWAYS : draw(2) ? OFFICE : SHOP;
	world.handover = draw(2) ? 0 : 30;
	world.back = world.handover ? 15 : 0;
	world.settled_hours = draw(4) ? 0 : 6;
	world.classes = draw(3) ? 1 : 2;
	world.mixed = !draw(4);
	world.dated = !draw(3);
	world.cars = cars;
	for (size_t i = 0; i < ARRAY_LEN(world.turnaround); i++)
		world.turnaround[i] = turnarounds[draw(ARRAY_LEN(turnarounds))];
	put_site();
	for (uint32_t i = 0; i < cars; i++) {
		draw_car(&world.car[i]);
		if (i == 0 && world.rides) /* or an offer would look for one through a year */
			world.car[0] = (struct world_car){.serves = 1u << LOANER_BRAND | 1u << RIDE,
				.seat = {0, INT32_MAX, world.turnaround[0]}};
		put_car((int)i);
	}
	if (world.rides)
		put_chauffeurs();
	ask_offer();
}
