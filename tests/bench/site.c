/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/site.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/offer.h"

static const char ruleset_body[] =
	"{\"condition_rules\":[],\"documents_by_solution\":{},\"driver_limits\":{},"
	"\"job_types\":[\"maintenance\"],\"programmes\":[],\"segments\":[\"private\"],"
	"\"solution_order\":[\"loaner_brand\",\"taxi\"],\"valid_from\":\"2025-01-01\","
	"\"version\":\"bench\"}";

static const char customer_body[] = "{\"customer\":\"" SITE_CUSTOMER
				    "\",\"language\":\"en\",\"person\":{\"name\":\"Everybody\"},"
				    "\"preferred_channel\":\"none\",\"segment\":\"private\"}";

/* ---- a world whose time is set ---- */

static const struct zone *one_zone(struct env *env, struct str name)
{
	struct site *s = (struct site *)(void *)env;

	return str_is(name, "UTC") ? &s->utc : NULL;
}

static void on_stderr(struct env *env, const char *sentence)
{
	(void)env;
	fprintf(stderr, "bench: %s\n", sentence);
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

struct instant site_instant(int32_t minute)
{
	int64_t monday = (int64_t)day_from_civil(2026, 1, 5).n * 86400;

	return (struct instant){monday + (int64_t)minute * 60};
}

void minute_text(char out[INSTANT_TEXT], int32_t minute)
{
	instant_print_utc(site_instant(minute), out);
}

void site_clock(struct site *s, int32_t now)
{
	s->still.now = site_instant(now);
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

void site_unexpected(const struct command *c)
{
	fprintf(stderr, "bench: %s: %s %.*s\n", verb_kind(c->verb), outcome_name(c->outcome),
		STR_FMT(c->detail));
	for (uint32_t i = 0; c->faults && i < c->faults->len; i++)
		fprintf(stderr, "%s: %s\n", c->faults->fault[i].pointer,
			c->faults->fault[i].detail);
	exit(1);
}

void site_must(
	struct site *s, enum verb verb, const char *journal, const char *target, const char *body)
{
	struct command *c = run(s, verb, journal, target, body, STR_NULL);

	if (c->outcome != OK)
		site_unexpected(c);
	command_free(c);
}

void site_car(struct site *s, const char *id, const char *class, int32_t turnaround)
{
	char body[400];

	snprintf(body, sizeof body,
		"{\"class\":\"%s\",\"kind\":\"car\",\"label\":\"%s\",\"resource\":\"%s\","
		"\"seats\":1,\"site\":\"" SITE_ID "\",\"solutions\":[\"loaner_brand\"],"
		"\"status\":\"active\",\"turnaround_minutes\":%d}",
		class, id, id, turnaround);
	site_must(s, VERB_RESOURCE_PUT, SITE_ID, id, body);
}

void site_offer(struct site *s, struct arena *a, int32_t day, char out[SITE_OFFER_MAX])
{
	struct faults *faults;
	struct view v;
	struct txn t;
	struct str request, answer, text;
	char drop_off[INSTANT_TEXT], ready[INSTANT_TEXT];

	minute_text(drop_off, day * 1440 + 540);
	minute_text(ready, day * 1440 + 1020);
	arena_reset(a);
	faults = arena_alloc(a, sizeof *faults);
	request = arena_printf(a,
		"{\"distance_km\":12,\"drop_off_at\":\"%s\",\"jobs\":[{\"immobilisation_minutes\":"
		"300,\"type\":\"maintenance\"}],\"ready_at\":\"%s\",\"site\":\"" SITE_ID "\"}",
		drop_off, ready);
	fleet_look(s->fleet, &v, &t, a);
	ASSERT(offer_make(&v, request, s->still.now, &answer, NULL, faults) == OK);
	fleet_look_end(&v);
	text = json_str_at(arena_json(a, answer, NULL), "offer");
	ASSERT(text.n > 0 && text.n < SITE_OFFER_MAX);
	memcpy(out, text.p, text.n);
	out[text.n] = '\0';
}

/* ---- what a command did ---- */

bool site_undecided(struct command *c)
{
	struct str detail = arena_copy(&c->arena, c->detail.n ? c->detail : STR("{}"));

	return strstr(detail.p, "undecided") != NULL;
}

struct json site_effects(struct arena *a, struct view *v, const struct command *c)
{
	struct journal_entry e;
	struct event_head head;
	struct json effects;
	const char *why;

	if (c->outcome != OK || c->unchanged || !c->seq)
		return JSON_ABSENT;
	ASSERT(journal_entry(v->txn, c->journal, c->seq, &e));
	ASSERT(event_read(a, arena_copy(a, e.bytes), &head, &effects, &why) == OK);
	return effects;
}

/* ---- from open to close ---- */

void site_open(struct site *s)
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
		fprintf(stderr, "bench: %s\n", why);
		exit(1);
	}
	site_must(s, VERB_RULESET_PUT, "directory", "bench", ruleset_body);
	site_must(s, VERB_CUSTOMER_PUT, "directory", SITE_CUSTOMER, customer_body);
}

void site_close(struct site *s)
{
	fleet_close(s->fleet);
	scratch_remove(&s->scratch);
}
