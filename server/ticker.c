/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/ticker.h"

#include <stdlib.h>

/* One round walks the sites by name; `at` is the last site served. */
struct ticker {
	uv_timer_t timer;      /* first: the handle's memory is the ticker's */
	struct fleet *fleet;   /* borrowed */
	struct writer *writer; /* borrowed */
	char at[ID_MAX + 1];
	uint32_t under_way;
	bool round, closed, handle_gone;
};

static void ticker_free(struct ticker *t)
{
	if (t->closed && t->handle_gone && !t->under_way)
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

/* False: no site is left, or the writer has enough to do already. */
static bool tick_submit(struct ticker *t)
{
	if (!site_next(t))
		return false;
	struct command *c = command_new(VERB_TICK);
	if (!c)
		return false;
	c->journal = arena_copy(&c->arena, str_from(t->at));
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
		t->round = tick_submit(t);
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
	struct ticker *t = (struct ticker *)timer;
	/* A round that has not ended yet is not begun again: the slow writer gets no second
	 * helping. */
	if (t->round || t->under_way)
		return;
	t->round = true;
	t->at[0] = '\0';
	round_go_on(t);
}

struct ticker *ticker_open(uv_loop_t *loop, struct fleet *fleet, struct writer *writer)
{
	struct ticker *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	t->fleet = fleet;
	t->writer = writer;
	uv_timer_init(loop, &t->timer);
	/* The first tick at once: what fell due while nothing ran is not left for half a minute. */
	uv_timer_start(&t->timer, on_time, 0, TICK_MS);
	return t;
}

static void on_closed(uv_handle_t *handle)
{
	struct ticker *t = (struct ticker *)handle;
	t->handle_gone = true;
	ticker_free(t);
}

void ticker_close(struct ticker *t)
{
	if (!t || t->closed)
		return;
	t->closed = true;
	t->round = false;
	uv_close((uv_handle_t *)&t->timer, on_closed);
}
