/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What holds of any journal that servers share. Whoever includes this has two servers `a` and `b`
 * (each with its `fleet` and its `wire`), and says how far one has followed LYO (head_of), how far
 * the journal is (head_there), and blocks a car at one of them (block). */

#include "tests/lib/two_servers.h"

static void what_one_appends_the_other_follows(void **state)
{
	struct command c;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	assert_int_equal(head_of(&b), head_there());
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
	assert_int_equal(head_of(&a), head_of(&b) + 1);
	/* decided at the head, whoever is asked: the day is blocked by now */
	assert_int_equal(block(&b, "two", &c), OK);
	assert_int_equal(c.outcome, REFUSED_PROMISES_BROKEN);
	assert_int_equal(fleet_follow(a.fleet), OK);
	assert_int_equal(head_of(&a), head_of(&b));
}

static void a_lost_reply_is_asked_for_again(void **state)
{
	uint64_t before = head_there();
	struct command c;

	(void)state;
	a.wire = "rnr";
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
	assert_int_equal(c.seq, before + 1);
	assert_int_equal(head_there(), before + 1);
}

static void what_is_unknown_is_settled_first(void **state)
{
	struct command c;
	uint64_t seq;

	(void)state;
	a.wire = "nrnnnn";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY); /* the process goes on */
	assert_int_equal(c.outcome, FAULT_UNKNOWN);
	assert_int_equal(block(&a, "two", &c), FAULT_BUSY); /* and does nothing else meanwhile */
	assert_int_equal(c.outcome, FAULT_BUSY);
	seq = head_there();
	assert_int_equal(fleet_follow(a.fleet), FAULT_BUSY);
	assert_int_equal(block(&a, "one", &c), OK);
	assert_true(c.replayed);
	assert_int_equal(c.seq, seq);
}

static void a_place_that_is_taken_is_a_no(void **state)
{
	struct command c;
	uint64_t seq;

	(void)state;
	a.wire = "nnnn";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(block(&b, "other", &c), OK);
	assert_int_equal(c.outcome, OK);
	seq = c.seq;
	assert_int_equal(block(&a, "one", &c), OK);
	assert_false(c.replayed);
	assert_int_equal(c.outcome, REFUSED_PROMISES_BROKEN);
	assert_int_equal(c.seq, seq + 1);
}

/* That the second try did nothing does not say that the first will not arrive. */
static void away_settles_nothing(void **state)
{
	struct command c;

	(void)state;
	a.wire = "a";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(c.outcome, FAULT_BUSY);
	a.wire = "naaa";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(c.outcome, FAULT_UNKNOWN);
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
}
