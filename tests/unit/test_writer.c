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

static uint32_t answered;

static void on_done(struct command *c)
{
	assert_int_equal(c->outcome, OK);
	answered++;
	command_free(c);
}

static void customer_put(struct writer *w, const char *id)
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
	assert_true(writer_submit(w, c));
}

static void who_owes_nothing_is_alive(void **state)
{
	enum { LONG_MS = 3600000 };
	struct still_env env = still_env_at(1900000000);
	struct fleet_options options = {
		.env = &env.env, .journal = &slow.journal, .create = true, .map_bytes = 64 << 20};
	const struct writer_hooks hooks = {.context = NULL};
	struct scratch scratch;
	struct fleet *fleet;
	char why[200];
	uv_loop_t loop;

	(void)state;
	slow.journal.append = append_when_told;
	assert_int_equal(uv_sem_init(&slow.asked, 0), 0);
	assert_int_equal(uv_sem_init(&slow.answer, 0), 0);
	assert_int_equal(uv_loop_init(&loop), 0);
	scratch_make(&scratch);
	assert_int_equal(fleet_open(&fleet, scratch.dir, &options, why, sizeof why), OK);
	struct writer *w = writer_open(&loop, fleet, &hooks);
	assert_non_null(w);
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
		uv_run(&loop, UV_RUN_ONCE);
	assert_true(writer_is_alive(w, 0));
	writer_close(w);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	fleet_close(fleet);
	scratch_remove(&scratch);
	uv_sem_destroy(&slow.asked);
	uv_sem_destroy(&slow.answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_owes_nothing_is_alive),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
