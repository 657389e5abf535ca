/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What tests of two servers over one journal ask, wherever that journal is. */

#include "tests/lib/dealership.h"

/* What the wire does with the next appends, one letter each; at its end all is well. */
enum { REPLY_LOST = 'r', NEVER_ARRIVES = 'n', AWAY = 'a' };

/* How far a fleet has followed LYO. */
static inline uint64_t fleet_head(struct fleet *f)
{
	struct journal_head head = {.seq = 0};
	struct txn t;

	txn_begin(&t, fleet_store(f), false);
	(void)journal_head(&t, STR("LYO"), &head);
	txn_abort(&t);
	return head.seq;
}

/* A block of G1 for a day; the command's answer, and the batch's. */
static inline enum outcome fleet_block(
	struct fleet *f, const char *key, const char *body, struct command *answer)
{
	struct command *c = command_new(VERB_BLOCK_ADD);
	enum outcome o;

	assert_non_null(c);
	c->journal = STR("LYO");
	c->target = STR("G1");
	c->by = STR("tester");
	c->key = str_from(key);
	c->body = str_from(body);
	o = fleet_do(f, c);
	*answer = *c;
	command_free(c);
	return o;
}
