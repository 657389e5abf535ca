/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Two servers over one journal, step by step: what one appends the other follows, and what nobody
 * answered is settled before anything else is said. tests/sim plays the same by chance. */

#include "tests/lib/shared_journal.h"
#include "tests/lib/two_servers.h"

struct server {
	struct journal link; /* first: its functions find the rest by it */
	struct scratch scratch;
	struct fleet *fleet;
	const char *wire;
};

static struct dealership w; /* its store is the first server's */
static struct shared_journal truth;
static struct server a, b;

static enum append append(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t count)
{
	struct server *s = (struct server *)(void *)self;
	char fate = *s->wire ? *s->wire++ : '\0';
	size_t fresh;
	enum append done;

	(void)t;
	if (fate == AWAY)
		return APPEND_AWAY;
	if (fate == NEVER_ARRIVES)
		return APPEND_UNKNOWN;
	done = shared_append(&truth, entries, count, &fresh);
	return fate == REPLY_LOST ? APPEND_UNKNOWN : done;
}

static enum journal_read read_next(
	struct journal *self, struct txn *t, struct arena *arena, struct pending_entry *out)
{
	(void)self;
	return shared_read(&truth, t, arena, out);
}

static void open_server(struct server *s, const char *dir, bool create)
{
	struct fleet_options options = {.env = &w.still.env,
		.journal = &s->link,
		.create = create,
		.no_sync = true,
		.map_bytes = 64 << 20};
	char why[400] = "";

	s->link = (struct journal){.append = append, .read = read_next};
	s->wire = "";
	if (fleet_open(&s->fleet, dir, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
}

static int make(void **state)
{
	struct view v;
	struct txn t;

	(void)state;
	dealer_open(&w);
	fleet_look(w.fleet, &v, &t, &w.arena);
	shared_copy(&truth, &t);
	fleet_look_end(&v);
	fleet_close(w.fleet);
	open_server(&a, w.scratch.dir, false);
	scratch_make(&b.scratch);
	open_server(&b, b.scratch.dir, true);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	fleet_close(b.fleet);
	scratch_remove(&b.scratch);
	w.fleet = a.fleet;
	dealer_close(&w);
	shared_free(&truth);
	return 0;
}

static uint64_t head_of(const struct server *s)
{
	return fleet_head(s->fleet);
}

static uint64_t head_there(void)
{
	return shared_head(&truth, STR("LYO"));
}

static enum outcome block(struct server *s, const char *key, struct command *answer)
{
	return fleet_block(s->fleet, key,
		"{\"from\":\"2026-03-10T08:00:00Z\",\"reason\":\"workshop\",\"until\":"
		"\"2026-03-11T08:00:00Z\"}",
		answer);
}

#include "tests/lib/shared_cases.h"

static void two_batches_may_begin_alike(void **state)
{
	struct pending_entry both[2];
	struct command c;
	size_t fresh;

	(void)state;
	assert_int_equal(block(&a, "one", &c), OK);
	const struct shared_entry *e = shared_at(&truth, STR("LYO"), c.seq);
	both[0] = (struct pending_entry){.journal = STR("LYO"),
		.seq = e->seq,
		.prev = e->prev,
		.hash = e->hash,
		.bytes = e->bytes};
	both[1] = both[0];
	both[1].seq++;
	both[1].prev = both[0].hash;
	both[1].hash = event_hash(&both[1].prev, both[1].bytes);
	assert_int_equal(shared_append(&truth, both, 1, &fresh), APPEND_DONE);
	assert_int_equal(fresh, 0);
	assert_int_equal(shared_append(&truth, both, 2, &fresh), APPEND_LOST);
}

static void a_journal_that_lost_entries_is_noticed(void **state)
{
	struct command c;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	assert_int_equal(block(&a, "one", &c), OK);
	shared_cut(&truth, truth.len - 1);
	assert_int_equal(block(&a, "two", &c), FAULT_CORRUPT);
	assert_int_equal(c.outcome, FAULT_CORRUPT);
	assert_int_equal(block(&b, "three", &c), OK);
	assert_int_equal(block(&a, "two", &c), FAULT_CORRUPT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_one_appends_the_other_follows, make, drop),
		cmocka_unit_test_setup_teardown(a_lost_reply_is_asked_for_again, make, drop),
		cmocka_unit_test_setup_teardown(what_is_unknown_is_settled_first, make, drop),
		cmocka_unit_test_setup_teardown(a_place_that_is_taken_is_a_no, make, drop),
		cmocka_unit_test_setup_teardown(away_settles_nothing, make, drop),
		cmocka_unit_test_setup_teardown(two_batches_may_begin_alike, make, drop),
		cmocka_unit_test_setup_teardown(a_journal_that_lost_entries_is_noticed, make, drop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
