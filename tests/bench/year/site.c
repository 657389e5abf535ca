/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/site.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/json.h"
#include "server/shapes.h"

const char *const class_names[CLASSES] = {"grecale", "levante", "touring"};

#define OPEN_IN_HOURS "[{\"days\":[1,2,3,4,5],\"from\":\"07:30\",\"until\":\"18:30\"}]"
#define OPEN_ALWAYS "[{\"days\":[1,2,3,4,5,6,7],\"from\":\"00:00\",\"until\":\"24:00\"}]"

static const char site_body[] =
	"{\"accompanied_max_km\":25,\"currency\":\"EUR\",\"grace_minutes\":59,"
	"\"handover_minutes\":15,\"locale\":\"en\",\"market\":\"EU\","
	"\"max_service_distance_km\":100,\"name\":\"A year (invented)\",\"offer_minutes\":2880,"
	"\"opening\":%s,%s\"return_minutes\":15,\"site\":\"" SITE_ID "\",\"tariff\":{"
	"\"loaner_brand\":{\"price\":9000,\"unit\":\"day\"}},\"time_zone\":\"UTC\"}";

static const char ruleset_body[] =
	"{\"condition_rules\":[],\"documents_by_solution\":{},\"driver_limits\":{},"
	"\"job_types\":[\"maintenance\"],\"programmes\":[],\"segments\":[\"private\"],"
	"\"solution_order\":[\"loaner_brand\",\"taxi\"],\"valid_from\":\"2025-01-01\","
	"\"version\":\"year\"}";

static const char customer_body[] =
	"{\"customer\":\"C1\",\"language\":\"en\",\"person\":{\"name\":\"Everybody\"},"
	"\"preferred_channel\":\"none\",\"segment\":\"private\"}";

static void body_of(char *out, size_t size, enum hand_over hand_over, uint32_t held_back)
{
	char kept[300] = "";
	size_t n = 0;

	for (uint32_t c = 0; held_back && c < CLASSES; c++)
		n += (size_t)snprintf(kept + n, sizeof kept - n,
			"%s{\"class\":\"%s\",\"days\":1,\"seats\":%u}%s",
			c ? "," : "\"protected\":[", class_names[c], held_back,
			c == CLASSES - 1 ? "]," : "");
	snprintf(out, size, site_body,
		hand_over == HAND_OVER_ROUND_THE_CLOCK ? OPEN_ALWAYS : OPEN_IN_HOURS, kept);
}

bool site_can_hold_back(void)
{
	struct shape_context context = {.zone = NULL};
	struct faults *faults = calloc(1, sizeof *faults);
	struct arena a;
	struct str why, source;
	char body[2000];
	bool can;

	ASSERT(faults);
	arena_init(&a, ARENA_MAX_DEFAULT);
	body_of(body, sizeof body, HAND_OVER_OPENING_HOURS, 1);
	source = json_from_outside(&a, str_from(body), &why);
	can = shape_check(&a, &shape_site, source, &context, faults).n > 0;
	arena_deinit(&a);
	free(faults);
	return can;
}

/* ---- a world whose time is set ---- */

static const struct zone *one_zone(struct env *env, struct str name)
{
	struct site *s = (struct site *)(void *)env;

	return str_is(name, "UTC") ? &s->utc : NULL;
}

static void on_stderr(struct env *env, const char *sentence)
{
	(void)env;
	fprintf(stderr, "bench_year: %s\n", sentence);
}

static void load_utc(struct site *s)
{
	char bytes[1 << 12];
	FILE *f = fopen("/usr/share/zoneinfo/UTC", "rb");
	size_t n;

	ASSERT(f);
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	ASSERT(zone_read(&s->utc, STR("UTC"), (struct str){bytes, n}));
}

static struct instant instant_of(int32_t minute)
{
	int64_t monday = (int64_t)day_from_civil(2026, 1, 5).n * 86400;

	return (struct instant){monday + (int64_t)minute * 60};
}

void minute_text(char out[INSTANT_TEXT], int32_t minute)
{
	instant_print_utc(instant_of(minute), out);
}

void site_clock(struct site *s, int32_t now)
{
	s->still.now = instant_of(now);
}

/* ---- cars ---- */

void car_id(char out[CAR_ID], uint32_t car)
{
	snprintf(out, CAR_ID, "%c%02u", "GLT"[class_of_car(car)], car % 100);
}

int32_t car_of_id(struct str id)
{
	ASSERT(id.n == 3);
	return (id.p[1] - '0') * 10 + (id.p[2] - '0');
}

/* ---- commands ---- */

static struct command *run(struct site *s, enum verb verb, const char *journal, const char *target,
	const char *body, struct str if_match)
{
	struct command *c = command_new(verb);

	ASSERT(c);
	c->journal = str_from(journal);
	c->target = arena_copy(&c->arena, str_from(target ? target : ""));
	c->body = arena_copy(&c->arena, str_from(body ? body : "{}"));
	c->by = STR("bench");
	c->if_match = if_match;
	ASSERT(fleet_do(s->fleet, c) == OK);
	return c;
}

struct command *site_do(struct site *s, enum verb verb, const char *target, const char *body)
{
	return run(s, verb, SITE_ID, target, body, STR_NULL);
}

struct command *site_remove(struct site *s, const char *block)
{
	return run(s, VERB_BLOCK_REMOVE, SITE_ID, block, NULL, STR("*"));
}

static void must(
	struct site *s, enum verb verb, const char *journal, const char *target, const char *body)
{
	struct command *c = run(s, verb, journal, target, body, STR_NULL);

	if (c->outcome != OK) {
		for (uint32_t i = 0; c->faults && i < c->faults->len; i++)
			fprintf(stderr, "%s: %s\n", c->faults->fault[i].pointer,
				c->faults->fault[i].detail);
		fprintf(stderr, "bench_year: %s: %s\n", verb_kind(verb), outcome_name(c->outcome));
		exit(1);
	}
	command_free(c);
}

static void fill(struct site *s, enum hand_over hand_over, uint32_t held_back)
{
	char body[2000], id[CAR_ID];

	body_of(body, sizeof body, hand_over, held_back);
	must(s, VERB_SITE_PUT, SITE_ID, SITE_ID, body);
	must(s, VERB_RULESET_PUT, "directory", "year", ruleset_body);
	must(s, VERB_CUSTOMER_PUT, "directory", "C1", customer_body);
	for (uint32_t car = 0; car < CARS; car++) {
		car_id(id, car);
		snprintf(body, sizeof body,
			"{\"class\":\"%s\",\"kind\":\"car\",\"label\":\"%s\",\"resource\":\"%s\","
			"\"seats\":1,\"site\":\"" SITE_ID "\",\"solutions\":[\"loaner_brand\"],"
			"\"status\":\"active\",\"turnaround_minutes\":%d}",
			class_names[class_of_car(car)], id, id, TURNAROUND);
		must(s, VERB_RESOURCE_PUT, SITE_ID, id, body);
	}
}

void site_open(struct site *s, enum hand_over hand_over, uint32_t held_back)
{
	struct fleet_options options = {
		.env = &s->still.env, .create = true, .no_sync = true, .map_bytes = 4UL << 30};
	char why[400] = "";

	memset(s, 0, sizeof *s);
	scratch_make(&s->scratch);
	s->still = still_env_at(0);
	s->still.env.zone = one_zone;
	s->still.env.log = on_stderr;
	load_utc(s);
	site_clock(s, 0);
	if (fleet_open(&s->fleet, s->scratch.dir, &options, why, sizeof why) != OK) {
		fprintf(stderr, "bench_year: %s\n", why);
		exit(1);
	}
	fill(s, hand_over, held_back);
}

void site_close(struct site *s)
{
	fleet_close(s->fleet);
	scratch_remove(&s->scratch);
}
