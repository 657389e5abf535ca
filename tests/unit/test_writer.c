/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Whether the writer is alive: the watchdog's question. A journal that does not answer holds it up
 * for as long as this test likes. */

#include "server/writer.h"
#include "tests/lib/scratch.h"

static struct {
	struct journal journal; /* first: its functions find the rest by it */
	uv_sem_t asked, answer;
} slow;

static enum append append_when_told(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t count)
{
	(void)self;
	uv_sem_post(&slow.asked);
	uv_sem_wait(&slow.answer);
	return journal_lmdb()->append(journal_lmdb(), t, entries, count);
}

static uint32_t answered, dropped;

static void on_done(struct command *c)
{
	assert_true(c->outcome == OK || c->outcome == FAULT_BUSY);
	*(c->outcome == OK ? &answered : &dropped) += 1;
	command_free(c);
}

static struct command *customer_command(const char *id)
{
	char body[160];
	struct command *c = command_new(VERB_CUSTOMER_PUT);
	assert_non_null(c);
	snprintf(body, sizeof body,
		"{\"customer\":\"%s\",\"language\":\"fr\",\"person\":{\"name\":\"Writer\"},"
		"\"segment\":\"private\"}",
		id);
	c->journal = STR("directory");
	c->target = arena_copy(&c->arena, str_from(id));
	c->body = arena_copy(&c->arena, str_from(body));
	c->by = STR("test");
	c->done = on_done;
	return c;
}

static struct command *customer_put(struct writer *w, const char *id)
{
	struct command *c = customer_command(id);
	assert_true(writer_submit(w, c));
	return c;
}

static struct house {
	struct still_env env;
	struct scratch scratch;
	struct fleet *fleet;
	uv_loop_t loop;
} house;

static struct writer *house_open(void)
{
	const struct writer_hooks hooks = {.context = NULL};
	char why[200];

	house.env = still_env_at(1900000000);
	struct fleet_options options = {.env = &house.env.env,
		.journal = &slow.journal,
		.create = true,
		.map_bytes = 64 << 20};
	answered = dropped = 0;
	slow.journal.append = append_when_told;
	assert_int_equal(uv_sem_init(&slow.asked, 0), 0);
	assert_int_equal(uv_sem_init(&slow.answer, 0), 0);
	assert_int_equal(uv_loop_init(&house.loop), 0);
	scratch_make(&house.scratch);
	assert_int_equal(
		fleet_open(&house.fleet, house.scratch.dir, &options, why, sizeof why), OK);
	struct writer *w = writer_open(&house.loop, house.fleet, &hooks);
	assert_non_null(w);
	return w;
}

static void house_close(struct writer *w)
{
	writer_close(w);
	uv_run(&house.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&house.loop), 0);
	fleet_close(house.fleet);
	scratch_remove(&house.scratch);
	uv_sem_destroy(&slow.asked);
	uv_sem_destroy(&slow.answer);
}

static void who_owes_nothing_is_alive(void **state)
{
	enum { LONG_MS = 3600000 };

	(void)state;
	struct writer *w = house_open();
	assert_true(writer_is_alive(w, 0));
	customer_put(w, "W1");
	uv_sem_wait(&slow.asked);
	/* in the middle of a batch: alive for whoever has patience */
	assert_false(writer_is_alive(w, 0));
	assert_true(writer_is_alive(w, LONG_MS));
	customer_put(w, "W2"); /* and another waits */
	uv_sem_post(&slow.answer);
	uv_sem_wait(&slow.asked);
	assert_false(writer_is_alive(w, 0));
	uv_sem_post(&slow.answer);
	while (answered < 2)
		uv_run(&house.loop, UV_RUN_ONCE);
	assert_true(writer_is_alive(w, 0));
	house_close(w);
}

/* What waits behind a batch is not done when whoever asked for it has left; what a batch has taken
 * is, as its entry may be written already. */
static void who_left_is_not_served(void **state)
{
	struct writer_counts counts;

	(void)state;
	struct writer *w = house_open();
	struct command *taken = customer_put(w, "W1");
	uv_sem_wait(&slow.asked);
	struct command *first = customer_put(w, "W2");
	struct command *middle = customer_put(w, "W3");
	customer_put(w, "W4");
	struct command *last = customer_put(w, "W5");
	assert_false(writer_drop(w, taken));
	assert_true(writer_drop(w, middle));
	assert_false(writer_drop(w, middle));
	assert_true(writer_drop(w, last));
	assert_true(writer_drop(w, first));
	customer_put(w, "W6"); /* joins the end as it is now */
	writer_counts(w, &counts);
	assert_int_equal(counts.waiting, 2);
	assert_int_equal(counts.dropped, 3);
	uv_sem_post(&slow.answer);
	uv_sem_wait(&slow.asked);
	uv_sem_post(&slow.answer);
	while (answered < 3 || dropped < 3)
		uv_run(&house.loop, UV_RUN_ONCE);
	writer_counts(w, &counts);
	assert_int_equal(counts.fleet.entries, 3);
	assert_int_equal(counts.sizes.counts[0], 1); /* W1 */
	assert_int_equal(counts.sizes.counts[1], 1); /* W4 and W6 */
	assert_int_equal(counts.sizes.sum, 3);
	assert_true(writer_is_alive(w, 0));
	house_close(w);
	assert_int_equal(answered, 3);
	assert_int_equal(dropped, 3);
}

/* A writer all of whose work was dropped before it woke owes nothing, however long ago. */
static void who_dropped_all_is_alive(void **state)
{
	enum { TIMES = 200 };

	(void)state;
	struct writer *w = house_open();
	for (uint32_t i = 0; i < TIMES; i++) {
		char id[16];
		snprintf(id, sizeof id, "W%u", i);
		struct command *c = customer_put(w, id);
		if (!writer_drop(w, c)) {
			uv_sem_wait(&slow.asked);
			uv_sem_post(&slow.answer);
		}
		while (answered + dropped <= i)
			uv_run(&house.loop, UV_RUN_ONCE);
	}
	while (!writer_is_alive(w, 0))
		; /* until the thread has looked */
	house_close(w);
}

/* One more than may wait is told so at once, and nothing of it happens; HUP makes more room. */
static void a_full_queue_is_said(void **state)
{
	struct writer_counts counts;

	(void)state;
	struct writer *w = house_open();
	writer_limit(w, 2);
	customer_put(w, "W1");
	uv_sem_wait(&slow.asked); /* in hand: it waits no more */
	customer_put(w, "W2");
	customer_put(w, "W3");
	struct command *late = customer_command("W4");
	assert_false(writer_submit(w, late));
	writer_counts(w, &counts);
	assert_int_equal(counts.waiting, 2);
	assert_int_equal(counts.waiting_max, 2);
	assert_int_equal(counts.refused_full, 1);
	writer_limit(w, 3);
	assert_true(writer_submit(w, late));
	uv_sem_post(&slow.answer);
	uv_sem_wait(&slow.asked);
	uv_sem_post(&slow.answer);
	while (answered < 4)
		uv_run(&house.loop, UV_RUN_ONCE);
	writer_counts(w, &counts);
	assert_int_equal(counts.submitted, 4);
	assert_int_equal(counts.fleet.entries, 4);
	house_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_owes_nothing_is_alive),
		cmocka_unit_test(who_left_is_not_served),
		cmocka_unit_test(who_dropped_all_is_alive),
		cmocka_unit_test(a_full_queue_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
