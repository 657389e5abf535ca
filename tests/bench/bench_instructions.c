/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What tests/bench/instructions counts under callgrind: an offer, a booking and a search for the
 * next dates, at a dealership with thirty cars and a busy month. Clock and chance are set, so the
 * same program does the same each time. The first of each comes before, as the first of a day.
 */

#include "fleet/offer.h"
#include "fleet/render.h"
#include "tests/lib/dealership.h"

enum { MEASURED = 8, CARS = 28, DAYS = 26, FIRST_DAY = 3, A_DAY = 10, BODY = 12000 };

void measured_offer(const char *const requests[], struct arena *a);
void measured_booking(struct command *const commands[]);
void measured_next(const int days[], struct arena *a);

static struct dealership w;

/* Hours in quarters. */
static const char *day_hour(int day, int hour)
{
	return arena_printf(&w.arena, "2026-03-%02dT%02d:%02d:00+01:00", day, hour / 4,
		hour % 4 * 15)
		.p;
}

static const char *request_of(int day, const char *vin)
{
	return arena_printf(&w.arena,
		"{\"distance_km\":12,\"drop_off_at\":\"%s\",\"jobs\":["
		"{\"immobilisation_minutes\":900,\"type\":\"warranty_repair\"}],"
		"\"site\":\"LYO\",\"vin\":\"%s\"}",
		day_hour(day, 36), vin)
		.p;
}

static void more_cars(void)
{
	char id[16], body[400];

	for (int i = 0; i < CARS; i++) {
		snprintf(id, sizeof id, "C%02d", i);
		snprintf(body, sizeof body,
			"{\"class\":\"%s\",\"kind\":\"car\",\"label\":\"%s\",\"resource\":\"%s\","
			"\"seats\":1,\"site\":\"LYO\",\"solutions\":[\"loaner_brand\"],"
			"\"status\":\"active\",\"turnaround_minutes\":%d}",
			i % 3 ? "grecale" : "levante", id, id, i % 3 ? 45 : 60);
		dealer_must(&w, VERB_RESOURCE_PUT, "LYO", id, body, OK);
	}
}

static struct command *booking_of(int day, int hour, int days, const char *vin, const char *class)
{
	char body[BODY], from[40], until[40];
	struct json answer;
	struct str offer;
	struct command *c = command_new(VERB_BOOKING_MAKE);

	assert_non_null(c);
	arena_reset(&w.arena);
	snprintf(from, sizeof from, "%s", day_hour(day, hour));
	snprintf(until, sizeof until, "%s", day_hour(day + days, hour + 9));
	offer = dealer_offer(&w, vin, "warranty_repair", 900, from, NULL, &answer);
	snprintf(body, sizeof body,
		"{\"accept_customer_minor\":99999999,\"class\":\"%s\",\"customer\":\"C1\","
		"\"from\":\"%s\",\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
		"\"until\":\"%s\"}",
		class, from, STR_FMT(offer), until);
	c->journal = STR("LYO");
	c->target = STR("");
	c->body = arena_copy(&c->arena, str_from(body));
	c->by = w.by;
	return c;
}

static void more_desks(void)
{
	static const char *const ids[] = {"D3", "D4", "D5"};

	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		dealer_must(&w, VERB_RESOURCE_PUT, "LYO", ids[i],
			arena_printf(&w.arena,
				"{\"class\":\"desk\",\"kind\":\"desk\",\"label\":\"%s\","
				"\"resource\":\"%s\",\"seats\":1,\"site\":\"LYO\","
				"\"solutions\":[],\"status\":\"active\",\"turnaround_minutes\":0}",
				ids[i], ids[i])
				.p,
			OK);
}

/* What finds no place is refused: that is a busy month too. */
static void busy_month(void)
{
	uint32_t made = 0;

	for (int day = FIRST_DAY; day < DAYS; day++)
		for (int i = 0; i < A_DAY && (day - 2) % 7 < 5; i++) {
			struct command *c = booking_of(day, 34 + 2 * i % 30, 1 + (day + i) % 2,
				NULL, i % 3 ? "grecale" : "levante");
			assert_int_equal(fleet_do(w.fleet, c), OK);
			made += c->outcome == OK;
			command_free(c);
		}
	fprintf(stderr, "%u bookings\n", made);
	assert_true(made > 110);
}

/* ---- what is counted ---- */

__attribute__((noinline)) void measured_offer(const char *const requests[], struct arena *a)
{
	for (int i = 0; i < MEASURED; i++) {
		struct faults *faults;
		struct str answer;
		struct view v;
		struct txn t;

		arena_reset(a);
		faults = arena_alloc(a, sizeof *faults);
		fleet_look(w.fleet, &v, &t, a);
		assert_int_equal(
			offer_make(&v, str_from(requests[i]), w.still.now, &answer, NULL, faults),
			OK);
		fleet_look_end(&v);
	}
}

__attribute__((noinline)) void measured_booking(struct command *const commands[])
{
	for (int i = 0; i < MEASURED; i++)
		assert_int_equal(fleet_do(w.fleet, commands[i]), OK);
}

__attribute__((noinline)) void measured_next(const int days[], struct arena *a)
{
	for (int i = 0; i < MEASURED; i++) {
		struct instant after = {w.still.now.s + days[i] * 86400};
		struct view v;
		struct txn t;

		arena_reset(a);
		fleet_look(w.fleet, &v, &t, a);
		assert_true(
			render_next(&v, STR("LYO"), STR("loaner_brand"),
				i % 2 ? STR("grecale") : STR("levante"), 1440 + 480 * i, after, 2)
				.n > 0);
		fleet_look_end(&v);
	}
}

int main(void)
{
	static char requests[MEASURED][400];
	const char *texts[MEASURED];
	struct command *commands[MEASURED];
	int days[MEASURED];
	struct arena a;

	dealer_open(&w);
	dealer_grow(&w);
	more_cars();
	more_desks();
	busy_month();
	arena_init(&a, ARENA_MAX_DEFAULT);
	for (int i = 0; i < MEASURED; i++) {
		int day = FIRST_DAY + i * 2 + (i > 1 ? 3 : 0);
		snprintf(requests[i], sizeof requests[i], "%s", request_of(day, DEALER_VIN));
		texts[i] = requests[i];
		days[i] = i * 2;
		commands[i] = booking_of(9 + i % 3, 50 + i, 2, DEALER_VIN, "grecale");
	}
	measured_offer(texts, &a);
	measured_next(days, &a);
	fputs("begin\n", stderr);
	measured_offer(texts, &a);
	measured_next(days, &a);
	measured_booking(commands);
	for (int i = 0; i < MEASURED; i++) {
		if (commands[i]->outcome != OK)
			fprintf(stderr, "booking %d: %s %.*s\n", i,
				outcome_name(commands[i]->outcome), STR_FMT(commands[i]->detail));
		assert_int_equal(commands[i]->outcome, OK);
		command_free(commands[i]);
	}
	arena_deinit(&a);
	dealer_close(&w);
	return 0;
}
