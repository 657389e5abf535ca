/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The world that chance plays on in the random test: a dealership, its judge, and one way to ask.
 */

#include "tests/lib/dealership.h"
#include "tests/lib/oracle.h"

enum { HOUR_S = 3600 };

static struct dealership w;
static struct oracle oracle;
static uint64_t chance;
static struct str offer; /* of the present hour, in a buffer of its own */
static char offer_text_kept[9000];
static int64_t offer_until_s;
static uint32_t done[VERBS_LEN]; /* over all seeds: what really happened */

static uint32_t draw(uint32_t below)
{
	uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ (z >> 31)) % below);
}

static const char *text_of(int64_t s)
{
	char *buf = arena_alloc(&w.arena, INSTANT_TEXT);

	instant_print_utc((struct instant){s}, buf);
	return buf;
}

/* Mostly when the doors are open: 08:30 to 18:30 in Lyon is 07:30 to 17:30 UTC in March. */
static int64_t some_time(int64_t around_s)
{
	int64_t day = around_s / 86400 + draw(6);

	return day * 86400 + 27000 + draw(41) * 900 - (draw(12) ? 0 : 4 * HOUR_S);
}

static void some_window(int64_t *from_s, int64_t *until_s)
{
	*from_s = some_time(w.still.now.s);
	*until_s = draw(3) ? some_time(*from_s) : *from_s + 1800 + draw(16) * 900;
	if (*until_s <= *from_s)
		*until_s = *from_s + 2 * HOUR_S;
}

static enum outcome play(enum verb verb, const char *target, const char *body)
{
	struct command *c = dealer_do(&w, verb, "LYO", target, body, NULL);
	enum outcome o = c->outcome;

	assert_false(outcome_is_fault(o));
	done[verb] += o == OK && c->seq > 0;
	command_free(c);
	return o;
}

static const struct oracle_row *row_of(struct str booking)
{
	for (uint32_t i = 0; i < oracle.len; i++)
		if (str_is(booking, oracle.rows[i].id))
			return &oracle.rows[i];
	fail_msg("there is no booking %.*s", STR_FMT(booking));
	return NULL;
}
