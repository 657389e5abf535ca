/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/sim.h"

enum { REST_ROUNDS_MAX = 3000, VERIFIED_EVERY = 16 };

uint32_t lot(struct sim *s, uint32_t below)
{
	struct still_env drawing = {.seed = s->chance};
	uint8_t bytes[4];
	uint32_t v;

	still_random(&drawing.env, bytes, sizeof bytes);
	s->chance = drawing.seed;
	memcpy(&v, bytes, sizeof v);
	return v % below;
}

bool luck(struct sim *s, uint32_t percent)
{
	return !s->calm && lot(s, 100) < percent;
}

void count(struct sim *s, enum count c)
{
	if (s->counts)
		s->counts[c]++;
}

void say(struct sim *s, struct str bytes)
{
	s->said = hash_of2((struct str){(const char *)s->said.bytes, HASH_LEN}, bytes);
}

void judge_entries(struct sim *s)
{
	for (; s->judged < s->journal.len; s->judged++) {
		const struct shared_entry *e = &s->journal.entries[s->judged];
		bool site = strcmp(s->journal.names[e->journal], "LYO") == 0;
		oracle_entry(
			s->oracle, site ? 0 : 1, e->seq, e->prev.bytes, e->hash.bytes, e->bytes);
	}
}

/* ---- what goes wrong by itself ---- */

static void set_clock(struct server *v)
{
	static const int64_t steps_s[] = {-7200, -600, -61, -1, 1, 61, 600, 7200};
	int64_t step_s = steps_s[lot(v->sim, ARRAY_LEN(steps_s))];

	v->skew_s = lot(v->sim, 3) ? v->skew_s + step_s : 0;
	count(v->sim, step_s > 0 ? COUNT_CLOCKS_AHEAD : COUNT_CLOCKS_BACK);
}

static void mishap(struct sim *s, struct server *v)
{
	switch (lot(s, 6)) {
	case 0:
		s->outage_until = s->step + 1 + lot(s, 12);
		count(s, COUNT_OUTAGES);
		break;
	case 1: set_clock(v); break;
	case 2: server_crash(v); break;
	default: server_keep(v); break;
	}
}

static void step(struct sim *s)
{
	struct server *v = &s->servers[lot(s, s->servers_len)];
	uint32_t n = lot(s, 100);

	if (!v->fleet && lot(s, 4) == 0)
		server_start(v);
	if (n < 50)
		client_act(s);
	else if (n < 80)
		(void)server_serve(v);
	else if (n < 85)
		server_follow(v);
	else if (n < 90)
		(void)link_flight_lands(s, lot(s, FLIGHTS_MAX));
	else if (n < 97)
		mishap(s, v);
	else
		s->now_s += lot(s, 600);
	if (v->fleet && lot(s, 30) == 0)
		compare_all(v);
}

/* ---- at the end ---- */

static void finding(void *context, const char *line)
{
	(void)context;
	fprintf(stderr, "%s\n", line);
}

static void verify(struct server *v)
{
	struct report report = {NULL, finding};
	struct scratch scratch;

	scratch_make(&scratch);
	if (fleet_verify(v->fleet, scratch.dir, &report) != 0 ||
		fleet_audit_replay(v->fleet, &report) != 0)
		wrong("server %u does not verify", v->number);
	scratch_remove(&scratch);
}

/* The timer until nothing is due any more. */
static void tick(struct sim *s, struct server *v)
{
	size_t before;

	do {
		before = s->journal.len;
		server_tick(v);
		(void)server_serve(v);
	} while (s->journal.len > before);
	oracle_holds_ended(s->oracle, v->env.now(&v->env).s - 60);
}

/* The faults end, whoever waits is answered, and everybody comes to the same state. */
static void rest(struct sim *s)
{
	struct hash first;

	s->calm = true;
	for (uint32_t i = 0; i < s->servers_len; i++)
		if (!s->servers[i].fleet)
			server_start(&s->servers[i]);
	for (uint32_t i = 0; i < REST_ROUNDS_MAX && !clients_rest(s); i++) {
		client_act(s);
		(void)server_serve(&s->servers[lot(s, s->servers_len)]);
		(void)link_flight_lands(s, lot(s, FLIGHTS_MAX));
	}
	while (link_flight_lands(s, 0) || link_flight_lands(s, 1) || link_flight_lands(s, 2) ||
		link_flight_lands(s, 3) || link_flight_lands(s, 4) || link_flight_lands(s, 5))
		;
	tick(s, &s->servers[0]);
	for (uint32_t i = 0; i < s->servers_len; i++) {
		struct server *v = &s->servers[i];
		struct hash all;
		server_follow(v);
		compare_all(v);
		all = compare_store(v);
		if (i == 0)
			first = all;
		else if (memcmp(first.bytes, all.bytes, HASH_LEN) != 0)
			wrong("servers 0 and %u differ in what they made of the same journal", i);
	}
	say(s, (struct str){(const char *)first.bytes, HASH_LEN});
	oracle_rest(s->oracle, s->requests, s->requests_len);
}

struct hash sim_run(uint64_t seed, uint32_t steps, uint64_t *counts)
{
	static struct sim_oracle oracle; /* large, and the same for one seed after the other */
	struct sim s = {.chance = seed, .now_s = house_now_s(), .oracle = &oracle};

	arena_init(&oracle.arena, ARENA_MAX_DEFAULT);
	house_journal(&s.journal);
	judge_entries(&s);
	for (uint32_t i = 0; i < FLIGHTS_MAX; i++)
		arena_init(&s.flights[i].arena, ARENA_MAX_DEFAULT);
	s.servers_len = 1 + lot(&s, SERVERS_MAX);
	for (uint32_t i = 0; i < s.servers_len; i++)
		server_build(&s, i, seed);
	clients_begin(&s, seed);
	s.counts = counts;
	for (s.step = 0; s.step < steps; s.step++) {
		step(&s);
		count(&s, COUNT_STEPS);
	}
	rest(&s);
	if (counts && seed % VERIFIED_EVERY == 0)
		verify(&s.servers[0]);
	clients_end(&s);
	for (uint32_t i = 0; i < s.servers_len; i++)
		server_remove(&s.servers[i]);
	for (uint32_t i = 0; i < FLIGHTS_MAX; i++)
		arena_deinit(&s.flights[i].arena);
	shared_free(&s.journal);
	oracle_forget(&oracle);
	arena_deinit(&oracle.arena);
	return s.said;
}
