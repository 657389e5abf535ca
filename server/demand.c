/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/demand.h"

#include <stdlib.h>

struct demand_desk {
	uv_timer_t timer;	  /* first: the handle's memory is the desk's */
	struct writer *writer;	  /* borrowed */
	struct demand_book *book; /* owned */
	uint32_t under_way;
	bool closed, handle_gone;
};

static void desk_free(struct demand_desk *desk)
{
	if (!desk->closed || !desk->handle_gone || desk->under_way)
		return;
	demand_book_free(desk->book);
	free(desk);
}

/* ---- to the writer ---- */

static void give_back(struct demand_desk *desk, struct command *c)
{
	demand_book_return(desk->book, c->journal, arena_json(&c->arena, c->body, NULL));
}

static void count_done(struct command *c)
{
	struct demand_desk *desk = c->context;
	if (c->outcome != OK)
		give_back(desk, c);
	command_free(c);
	ASSERT(desk->under_way > 0);
	desk->under_way--;
	desk_free(desk);
}

/* False: nothing is left, or the writer has enough to do already. */
static bool count_submit(struct demand_desk *desk)
{
	struct command *c = command_new(VERB_DEMAND);
	if (!c)
		return false;
	if (!demand_book_take(desk->book, &c->arena, &c->journal, &c->body)) {
		command_free(c);
		return false;
	}
	c->target = c->journal;
	c->by = STR("relais");
	c->done = count_done;
	c->context = desk;
	if (!writer_submit(desk->writer, c)) {
		give_back(desk, c);
		command_free(c);
		return false;
	}
	desk->under_way++;
	return true;
}

void demand_desk_flush(struct demand_desk *desk)
{
	while (count_submit(desk))
		;
}

/* ---- the hour ---- */

static void on_hour(uv_timer_t *timer)
{
	struct demand_desk *desk = (struct demand_desk *)timer;
	demand_book_new_hour(desk->book);
	demand_desk_flush(desk);
}

struct demand_desk *demand_desk_open(uv_loop_t *loop, struct writer *writer)
{
	struct demand_desk *desk = calloc(1, sizeof *desk);
	if (!desk)
		return NULL;
	desk->writer = writer;
	desk->book = demand_book_new();
	if (!desk->book) {
		free(desk);
		return NULL;
	}
	uv_timer_init(loop, &desk->timer);
	uv_timer_start(&desk->timer, on_hour, DEMAND_MS, DEMAND_MS);
	return desk;
}

void demand_desk_count(
	struct demand_desk *desk, struct str site, struct str question, const struct demand *unmet)
{
	if (!unmet->offers || demand_book_knows(desk->book, question))
		return;
	(void)demand_book_add(desk->book, site, unmet);
	if (demand_book_len(desk->book) >= DEMAND_BOOK_NEARLY_FULL)
		demand_desk_flush(desk);
}

struct demand_counts demand_desk_counts(const struct demand_desk *desk)
{
	return (struct demand_counts){
		.waiting = demand_book_len(desk->book),
		.lost = demand_book_lost(desk->book),
	};
}

static void on_closed(uv_handle_t *handle)
{
	struct demand_desk *desk = (struct demand_desk *)handle;
	desk->handle_gone = true;
	desk_free(desk);
}

void demand_desk_close(struct demand_desk *desk)
{
	if (!desk || desk->closed)
		return;
	demand_desk_flush(desk);
	desk->closed = true;
	uv_close((uv_handle_t *)&desk->timer, on_closed);
}
