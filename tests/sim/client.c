/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Clients ask one thing at a time and, as long as they know nothing, ask it again with the same
 * key, of whichever server is there. Some ask twice at once, some come back with an old key, some
 * use a key for something else. What they ask is drawn by dealer_steps.h. */

#include "tests/lib/dealer_waiting.h"
#include "tests/sim/sim.h"

static struct sim *sim;
static struct client *acting;

/* One try of a request; in its command's arena. */
struct
try {
	struct request *request;
	uint32_t body;
};

/* ---- asking ---- */

static void commit_to(struct request *r, struct fleet *f)
{
	const uint8_t *secret = people_secret(fleet_people(f));
	struct hash what = hash_keyed(secret, str_from(verb_kind(r->verb)), str_from(r->target));
	struct hash key = hash_keyed(secret, w.by, str_from(r->key));

	hash_print(&key, r->key_sha256);
	for (int i = 0; i < 2; i++) {
		struct hash body = hash_keyed(secret,
			(struct str){(const char *)what.bytes, HASH_LEN}, str_from(r->bodies[i]));
		hash_print(&body, r->body_sha256[i]);
	}
}

static void send(struct request *r, uint32_t body)
{
	struct server *v = server_some(sim);
	struct command *c;
	struct try *try;

	if (!v)
		return;
	c = command_new(r->verb);
	assert_non_null(c);
	try = arena_alloc(&c->arena, sizeof *try);
	*try = (struct try){r, body};
	c->journal = STR("LYO");
	c->target = str_from(r->target);
	c->body = str_from(r->bodies[body]);
	c->by = w.by;
	c->key = r->key[0] ? str_from(r->key) : STR_NULL;
	c->if_match = r->if_match ? STR("*") : STR_NULL;
	c->context = try;
	if (r->sent++ == 0)
		r->before = shared_head(&sim->journal, STR("LYO"));
	else
		count(sim, COUNT_AGAIN);
	r->open++;
	r->never = false;
	queue_add(&v->waiting, c);
}

static char *text(const char *s)
{
	char *copy = strdup(s);

	assert_non_null(copy);
	return copy;
}

/* The same with something else in it, which its shape allows: what is not read is not refused. */
static char *other_body(const char *body)
{
	size_t n = strlen(body) + 40;
	char *other = malloc(n);

	assert_non_null(other);
	snprintf(other, n, "{\"a\":1%s%s", body[1] == '}' ? "" : ",", body + 1);
	return other;
}

static void ask(enum verb verb, const char *target, const char *body, bool if_match)
{
	struct request *r = &sim->requests[sim->requests_len++];

	assert_true(sim->requests_len <= REQUESTS_MAX);
	*r = (struct request){.verb = verb, .if_match = if_match};
	snprintf(r->target, sizeof r->target, "%s", target ? target : "");
	if (!if_match)
		snprintf(r->key, sizeof r->key, "k%u", sim->requests_len);
	r->bodies[0] = text(body ? body : "{}");
	r->bodies[1] = other_body(r->bodies[0]);
	commit_to(r, w.fleet);
	acting->request = r;
	count(sim, COUNT_REQUESTS);
	send(r, 0);
	if (luck(sim, 4)) {
		count(sim, COUNT_TWICE);
		send(r, 0);
	}
}

static enum outcome play(enum verb verb, const char *target, const char *body)
{
	struct server *v;

	if (verb != VERB_TICK)
		ask(verb, target, body, false);
	else if ((v = server_some(sim)) != NULL)
		server_tick(v);
	return OK;
}

static enum outcome play_put(enum verb verb, const char *target, const char *body)
{
	ask(verb, target, body, true);
	return OK;
}

/* ---- hearing ---- */

static void settle(struct request *r)
{
	r->settled = true;
	for (uint32_t i = 0; i < CLIENTS; i++)
		if (sim->clients[i].request == r)
			sim->clients[i].request = NULL;
}

/* Without `hurt`: who is at risk and the ways out are found anew for each answer. */
static uint64_t hash_body(struct str body)
{
	uint64_t h = body.n > 0;

	if (!body.n)
		return h;
	struct json o = arena_json(&w.arena, body, NULL);
	if (!json_is(o, JSON_OBJECT))
		return fold_hash(body);
	for (struct json v = json_first_value(o); json_present(v); v = json_next_value(o, v))
		if (!str_is(json_key(v), "hurt"))
			h = h * 31 + (fold_hash(json_key(v)) ^ fold_hash(json_raw(v)));
	return h;
}

/* What the answer says, and its hash. */
static enum outcome read_answer(struct server *v, const struct command *c, uint64_t *hash)
{
	struct answer answer = {.status = outcome_status(c->outcome)};
	enum outcome o = c->outcome;
	struct view view;
	struct txn t;

	if (o == OK && c->seq > 0) {
		fleet_look(v->fleet, &view, &t, &w.arena);
		if (!render_answer(&view, c, &answer))
			wrong("the answer at entry %llu cannot be read",
				(unsigned long long)c->seq);
		fleet_look_end(&view);
		o = answer.outcome;
	}
	*hash = hash_body(answer.body) + 3 * fold_hash(answer.location) + 5 * answer.etag_rev +
		7 * (uint64_t)answer.status;
	return o;
}

static void count_answer(const struct command *c, enum outcome o)
{
	if (c->replayed)
		count(sim, COUNT_REPLAYED);
	else if (o == OK)
		count(sim, COUNT_DONE);
	else if (!outcome_is_fault(o))
		count(sim, outcome_status(o) == 409 ? COUNT_REFUSED : COUNT_REJECTED);
}

void client_answered(struct server *v, struct command *c)
{
	struct try *try = c->context;
	struct request *r = try->request;
	uint64_t said[4] = {(uint64_t)(r - sim->requests), 0, c->seq, 0};
	enum outcome o = read_answer(v, c, &said[3]);

	said[1] = (uint64_t)o;
	say(sim, (struct str){(const char *)said, sizeof said});
	oracle_answer(sim->oracle, r, try->body, c, o, said[3]);
	count_answer(c, o);
	r->open--;
	if (outcome_is_fault(o)) {
		r->vanished++;
	} else if (luck(sim, 10)) {
		r->vanished++;
		count(sim, COUNT_ANSWERS_LOST);
	} else if (try->body == 0) {
		settle(r);
	}
	command_free(c);
}

void client_unanswered(struct command *c)
{
	struct try *try = c->context;

	if (try) {
		try->request->open--;
		try->request->vanished++;
	}
	command_free(c);
}

/* ---- acting ---- */

static void ask_again(struct request *r)
{
	if (r->open == 0)
		send(r, 0);
	else if (luck(sim, 15)) {
		count(sim, COUNT_TWICE);
		send(r, 0);
	} else if (r->key[0] && luck(sim, 5)) {
		count(sim, COUNT_OTHER_BODY);
		send(r, 1);
	}
}

/* An old key comes again, as it was or for something else. */
static void ask_old(void)
{
	struct request *r = &sim->requests[lot(sim, sim->requests_len)];

	if (!r->settled || !r->key[0] || !r->told.some)
		return;
	if (lot(sim, 3))
		send(r, 0);
	else {
		count(sim, COUNT_OTHER_BODY);
		send(r, 1);
	}
}

void client_act(struct sim *s)
{
	struct server *v = server_some(s);

	acting = &s->clients[lot(s, CLIENTS)];
	if (!v)
		return;
	w.fleet = v->fleet;
	if (acting->request) {
		ask_again(acting->request);
	} else if (s->requests_len && luck(s, 8)) {
		ask_old();
	} else if (!s->calm && s->requests_len < REQUESTS_MAX) {
		w.still.now.s = s->now_s;
		if (!offer_lives())
			refresh_offer();
		dealer_step();
		s->now_s = w.still.now.s;
	}
	arena_reset(&w.arena);
}

bool clients_rest(const struct sim *s)
{
	for (uint32_t i = 0; i < CLIENTS; i++)
		if (s->clients[i].request)
			return false;
	for (uint32_t i = 0; i < s->servers_len; i++)
		if (s->servers[i].waiting.first)
			return false;
	return true;
}

void clients_begin(struct sim *s, uint64_t seed)
{
	sim = s;
	arena_init(&w.arena, ARENA_MAX_DEFAULT);
	w.by = STR("tester");
	w.still.now.s = s->now_s;
	w.fleet = s->servers[0].fleet;
	chance = seed * UINT64_C(0x2545f4914f6cdd1d);
	oracle = &s->oracle->promises;
	s->requests = calloc(REQUESTS_MAX, sizeof *s->requests);
	assert_non_null(s->requests);
	refresh_offer();
}

void clients_end(struct sim *s)
{
	for (uint32_t i = 0; i < s->requests_len; i++)
		for (int k = 0; k < 2; k++)
			free(s->requests[i].bodies[k]);
	free(s->requests);
	arena_deinit(&w.arena);
}
