/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/ticker.h"

#include <stdlib.h>

#include "fleet/desk.h"

enum { SOON_MAX = 64, HANDLES = 2 };

/* Sites that something was done at; more than these wait for the round. */
struct soon {
	uint32_t len;
	char site[SOON_MAX][ID_MAX + 1];
};

/* One round walks the sites by name; `at` is the last site served. */
struct ticker {
	uv_timer_t timer, soon; /* the handles' memory is the ticker's */
	struct fleet *fleet;	/* borrowed */
	struct writer *writer;	/* borrowed */
	char at[ID_MAX + 1];
	struct soon freed, lent;
	uint32_t under_way, handles_gone;
	bool round, closed;
};

static void ticker_free(struct ticker *t)
{
	if (t->closed && t->handles_gone == HANDLES && !t->under_way)
		free(t);
}

/* The site after `at`, copied there; false after the last. */
static bool site_next(struct ticker *t)
{
	struct arena a;
	struct view v;
	struct txn txn;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(t->fleet, &v, &txn, &a);
	struct key prefix = key_row_prefix(ROW_SITE);
	struct key from = t->at[0] ? key_row(ROW_SITE, str_from(t->at)) : prefix;
	struct cursor c;
	cursor_open(&c, &txn, DB_ROWS);
	bool found = cursor_seek(&c, key_str(&from));
	if (found && t->at[0] && str_eq(c.key, key_str(&from)))
		found = cursor_next(&c);
	found = found && cursor_within(&c, key_str(&prefix));
	size_t at = prefix.n;
	struct str name = STR_NULL;
	if (found && key_take_text(c.key, &at, &name) && name.n <= ID_MAX) {
		memcpy(t->at, name.p, name.n);
		t->at[name.n] = '\0';
	} else {
		found = false;
	}
	cursor_close(&c);
	fleet_look_end(&v);
	arena_deinit(&a);
	return found;
}

static void tick_done(struct command *c);

/* False: the writer has enough to do already. */
static bool tick_submit(struct ticker *t, const char *site)
{
	struct command *c = command_new(VERB_TICK);
	if (!c)
		return false;
	c->journal = arena_copy(&c->arena, str_from(site));
	c->target = c->journal;
	c->by = STR("relais");
	c->done = tick_done;
	c->context = t;
	if (!c->journal.p || !writer_submit(t->writer, c)) {
		command_free(c);
		return false;
	}
	t->under_way++;
	return true;
}

static void round_go_on(struct ticker *t)
{
	while (t->round && !t->closed && t->under_way < TICKS_AT_ONCE)
		t->round = site_next(t) && tick_submit(t, t->at);
}

static void tick_done(struct command *c)
{
	struct ticker *t = c->context;
	command_free(c);
	ASSERT(t->under_way > 0);
	t->under_way--;
	round_go_on(t);
	ticker_free(t);
}

static void on_time(uv_timer_t *timer)
{
	struct ticker *t = timer->data;
	/* A round that has not ended yet is not begun again: the slow writer gets no second
	 * helping. */
	if (t->round || t->under_way)
		return;
	t->round = true;
	t->at[0] = '\0';
	round_go_on(t);
}

/* ---- soon ---- */

/* What may give back a seat, a desk or an hour. */
static const bool frees[VERBS_LEN] = {
	[VERB_SITE_PUT] = true,
	[VERB_RESOURCE_PUT] = true,
	[VERB_BLOCK_REMOVE] = true,
	[VERB_BOOKING_CANCEL] = true,
	[VERB_BOOKING_NO_SHOW] = true,
	[VERB_BOOKING_RESCHEDULE] = true,
	[VERB_BOOKING_CHANGE] = true,
	[VERB_BOOKING_MOVE] = true,
	[VERB_BOOKING_UNPIN] = true,
	[VERB_BOOKING_CHECK_OUT] = true,
	[VERB_BOOKING_CHECK_IN] = true,
	[VERB_BOOKING_EXCHANGE] = true,
};

/* What may give a booking for another site another hour, there, or none: its desks follow. */
static const bool lends[VERBS_LEN] = {
	[VERB_BOOKING_MAKE] = true,
	[VERB_BOOKING_CANCEL] = true,
	[VERB_BOOKING_NO_SHOW] = true,
	[VERB_BOOKING_REINSTATE] = true,
	[VERB_BOOKING_RESCHEDULE] = true,
	[VERB_BOOKING_CHANGE] = true,
	[VERB_BOOKING_CHECK_OUT] = true,
	[VERB_BOOKING_CHECK_IN] = true,
	[VERB_BOOKING_EXTEND] = true,
};

static void soon_add(struct soon *s, struct str site)
{
	if (site.n > ID_MAX || s->len == SOON_MAX)
		return;
	for (uint32_t i = 0; i < s->len; i++)
		if (str_is(site, s->site[i]))
			return;
	memcpy(s->site[s->len], site.p, site.n);
	s->site[s->len++][site.n] = '\0';
}

/* The sites that a home shares cars with, where a desk is to be kept or given up. */
static void add_borrowers(struct ticker *t, struct view *v, const struct roster *home)
{
	struct instant now = v->env->now(v->env);
	struct soon sites = {.len = 0};
	for (uint32_t i = 0; i < home->resources_len; i++)
		for (uint32_t k = 0; k < home->resources[i].shared_len; k++)
			soon_add(&sites, home->resources[i].shared[k].site);
	for (uint32_t i = 0; i < sites.len; i++) {
		const struct roster *r = roster_of(v, str_from(sites.site[i]));
		if (r && desks_are_due(v, r, now))
			soon_add(&t->freed, r->site);
	}
}

static void follow_lent(struct ticker *t)
{
	struct arena a;
	struct view v;
	struct txn txn;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(t->fleet, &v, &txn, &a);
	for (uint32_t i = 0; i < t->lent.len; i++) {
		const struct roster *home = roster_of(&v, str_from(t->lent.site[i]));
		if (home)
			add_borrowers(t, &v, home);
	}
	fleet_look_end(&v);
	arena_deinit(&a);
	t->lent.len = 0;
}

/* A site that finds no room, here or in the writer's queue, waits for the round. */
static void on_soon(uv_timer_t *timer)
{
	struct ticker *t = timer->data;
	if (t->lent.len)
		follow_lent(t);
	for (uint32_t i = 0; i < t->freed.len && t->under_way < TICKS_AT_ONCE; i++)
		(void)tick_submit(t, t->freed.site[i]);
	t->freed.len = 0;
}

void ticker_heard(struct ticker *t, enum verb done, struct str site)
{
	if (!t || t->closed || (!frees[done] && !lends[done]))
		return;
	if (frees[done])
		soon_add(&t->freed, site);
	if (lends[done])
		soon_add(&t->lent, site);
	if (!uv_is_active((uv_handle_t *)&t->soon))
		uv_timer_start(&t->soon, on_soon, TICK_SOON_MS, 0);
}

struct ticker *ticker_open(uv_loop_t *loop, struct fleet *fleet, struct writer *writer)
{
	struct ticker *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	t->fleet = fleet;
	t->writer = writer;
	uv_timer_init(loop, &t->timer);
	uv_timer_init(loop, &t->soon);
	t->timer.data = t->soon.data = t;
	/* The first tick at once: what fell due while nothing ran is not left for half a minute. */
	uv_timer_start(&t->timer, on_time, 0, TICK_MS);
	return t;
}

static void on_closed(uv_handle_t *handle)
{
	struct ticker *t = handle->data;
	t->handles_gone++;
	ticker_free(t);
}

void ticker_close(struct ticker *t)
{
	if (!t || t->closed)
		return;
	t->closed = true;
	t->round = false;
	uv_close((uv_handle_t *)&t->timer, on_closed);
	uv_close((uv_handle_t *)&t->soon, on_closed);
}
