/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/store.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/lib/store_world.h"

enum { LOOK_S_MAX = 60 };

static void what_was_committed_is_there_again(void **state)
{
	const struct store_options again = {.map_bytes = 16 << 20};
	struct store *store = open_with(state, &fresh);
	struct txn t;

	put_one(store, DB_ROWS, "a", "1");
	put_one(store, DB_INDEX, "a", "");
	txn_begin(&t, store, true);
	txn_put(&t, DB_ROWS, STR("a"), STR("aborted"));
	txn_abort(&t);
	txn_begin(&t, store, true);
	txn_delete(&t, DB_ROWS, STR("never there"));
	txn_put(&t, DB_ROWS, STR("b"), STR("2"));
	txn_delete(&t, DB_ROWS, STR("b"));
	assert_int_equal(txn_commit(&t), OK);
	store_close(store);
	store = open_with(state, &again);
	check_value(store, DB_ROWS, "a", "1");
	check_value(store, DB_INDEX, "a", "");
	check_value(store, DB_ROWS, "b", NULL);
	check_value(store, DB_CLAIMS, "a", NULL);
	store_close(store);
	store_close(NULL);
}

static void a_reader_sees_the_commit_it_began_at(void **state)
{
	struct store *store = open_with(state, &fresh);
	struct txn before, after, writer;
	struct str value;

	txn_begin(&before, store, false);
	txn_begin(&writer, store, true);
	assert_int_equal(txn_id(&writer), txn_id(&before));
	txn_put(&writer, DB_ROWS, STR("a"), STR("1"));
	assert_true(txn_get(&writer, DB_ROWS, STR("a"), &value));
	assert_int_equal(txn_commit(&writer), OK);
	txn_begin(&after, store, false);
	assert_int_equal(txn_id(&after), txn_id(&before) + 1);
	assert_false(txn_get(&before, DB_ROWS, STR("a"), &value));
	assert_null(value.p);
	assert_true(txn_get(&after, DB_ROWS, STR("a"), &value));
	txn_abort(&before);
	txn_abort(&after);
	store_close(store);
}

static void the_first_error_sticks(void **state)
{
	struct store *store = open_with(state, &fresh);
	struct cursor c;
	struct txn t;
	struct str value;

	put_one(store, DB_ROWS, "a", "1");
	txn_begin(&t, store, true);
	txn_put(&t, DB_ROWS, STR("b"), STR("2"));
	t.outcome = FAULT_CORRUPT; /* as whoever reads damaged bytes marks it */
	txn_put(&t, DB_ROWS, STR("c"), STR("3"));
	txn_append(&t, DB_ROWS, STR("d"), STR("4"));
	txn_delete(&t, DB_ROWS, STR("a"));
	assert_false(txn_get(&t, DB_ROWS, STR("a"), &value));
	cursor_open(&c, &t, DB_ROWS);
	assert_false(cursor_seek(&c, STR("a")));
	assert_false(cursor_seek_last(&c, STR("z")));
	assert_false(cursor_next(&c));
	cursor_close(&c);
	assert_int_equal(txn_commit(&t), FAULT_CORRUPT);
	check_value(store, DB_ROWS, "a", "1");
	check_value(store, DB_ROWS, "b", NULL);
	store_close(store);
}

static void a_full_map_is_clean_and_resumes(void **state)
{
	const struct store_options small = {.map_bytes = 1 << 20, .no_sync = true, .create = true};
	struct store *store = open_with(state, &small);
	static char big[64 << 10];
	struct txn t;
	struct str value;

	put_one(store, DB_ROWS, "a", "1");
	memset(big, 'x', sizeof(big));
	txn_begin(&t, store, true);
	for (int i = 0; i < 100; i++) {
		char key[8];
		snprintf(key, sizeof(key), "k%d", i);
		txn_put(&t, DB_ROWS, str_from(key), (struct str){big, sizeof(big)});
	}
	assert_int_equal(t.outcome, FAULT_FULL);
	assert_non_null(strstr(txn_error_text(&t), "MAP_FULL"));
	assert_false(txn_get(&t, DB_ROWS, STR("a"), &value));
	assert_int_equal(txn_commit(&t), FAULT_FULL);
	/* Nothing of it is there, and smaller work goes on. */
	check_value(store, DB_ROWS, "k0", NULL);
	check_value(store, DB_ROWS, "a", "1");
	put_one(store, DB_ROWS, "a", "2");
	check_value(store, DB_ROWS, "a", "2");
	store_close(store);
}

/* Each commit a little more, until the map is full wherever that happens to come up: never unknown.
 */
static void a_map_filled_slowly_never_leaves_a_doubt(void **state)
{
	const struct store_options small = {
		.map_bytes = 512 << 10, .no_sync = true, .create = true};
	struct store *store = open_with(state, &small);
	enum outcome outcome = OK;
	char key[16];
	int done;

	for (done = 0; done < 10000; done++) {
		struct txn t;
		static char value[900];
		snprintf(key, sizeof(key), "%08d", done);
		txn_begin(&t, store, true);
		txn_put(&t, DB_ROWS, str_from(key), (struct str){value, sizeof(value)});
		outcome = txn_commit(&t);
		if (outcome)
			break;
	}
	assert_int_equal(outcome, FAULT_FULL);
	assert_true(done > 100);
	for (int i = 0; i <= done; i++) {
		struct txn t;
		struct str value;
		snprintf(key, sizeof(key), "%08d", i);
		txn_begin(&t, store, false);
		assert_int_equal(txn_get(&t, DB_ROWS, str_from(key), &value), i < done);
		txn_abort(&t);
	}
	store_close(store);
}

/* The system refuses the bytes while they are written: whether the commit happened is not known. */
static void a_failed_commit_is_an_unknown_outcome(void **state)
{
	struct store *store = open_with(state, &fresh);
	struct rlimit before, none;
	static char big[256 << 10];
	struct txn t;

	put_one(store, DB_ROWS, "a", "1");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	none = (struct rlimit){.rlim_cur = 1, .rlim_max = before.rlim_max};
	txn_begin(&t, store, true);
	txn_put(&t, DB_ROWS, STR("a"), (struct str){big, sizeof(big)});
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(txn_commit(&t), FAULT_UNKNOWN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(t.error, EFBIG);
	store_close(store);
	/* After a restart the disk tells: here the old state. */
	store = open_with(state, &fresh);
	check_value(store, DB_ROWS, "a", "1");
	store_close(store);
}

static void walks(void **state)
{
	/* Prefixes that touch, bytes above 0x7f, a key that begins another. */
	const char *const keys[] = {"a", "b\x01", "b\x02", "b\x02x", "b\xff", "c"};
	struct store *store = open_with(state, &fresh);
	struct cursor c;
	struct txn t;
	size_t n = 0;

	for (size_t i = ARRAY_LEN(keys); i-- > 0;)
		put_one(store, DB_INDEX, keys[i], keys[i]);
	txn_begin(&t, store, false);
	cursor_open(&c, &t, DB_INDEX);
	assert_false(cursor_next(&c)); /* on nothing */
	assert_false(cursor_previous(&c));
	for (bool on = cursor_seek(&c, STR("b")); on && cursor_within(&c, STR("b"));
		on = cursor_next(&c)) {
		assert_str(c.key, keys[++n]);
		assert_str(c.value, keys[n]);
	}
	assert_int_equal(n, 4);
	assert_true(cursor_seek(&c, STR_NULL));
	assert_str(c.key, "a");
	assert_false(cursor_previous(&c));
	assert_null(c.key.p);
	assert_true(cursor_seek(&c, STR("b\x02")));
	assert_str(c.key, "b\x02");
	assert_false(cursor_seek(&c, STR("d")));
	assert_false(cursor_next(&c));
	assert_true(cursor_seek_last(&c, STR("c")));
	assert_str(c.key, "b\xff");
	assert_true(cursor_previous(&c));
	assert_str(c.key, "b\x02x");
	assert_true(cursor_seek_last(&c, STR("zz")));
	assert_str(c.key, "c");
	assert_false(cursor_next(&c));
	assert_false(cursor_seek_last(&c, STR("a")));
	cursor_close(&c);
	cursor_open(&c, &t, DB_CLAIMS); /* an empty part */
	assert_false(cursor_seek(&c, STR_NULL));
	assert_false(cursor_seek_last(&c, STR("a")));
	cursor_close(&c);
	assert_int_equal(txn_commit(&t), OK);
	store_close(store);
}

static void appends_go_to_the_end_of_each_prefix(void **state)
{
	struct store *store = open_with(state, &fresh);
	struct cursor c;
	struct txn t;
	int n = 0;

	txn_begin(&t, store, true);
	for (int i = 0; i < 300; i++) {
		char key[16];
		snprintf(key, sizeof(key), "%c%04d", i % 3 == 0 ? 'b' : 'a' + i % 3, i);
		txn_append2(&t, DB_JOURNAL, str_from(key), STR("head,"), str_from(key));
	}
	assert_int_equal(txn_commit(&t), OK);
	txn_begin(&t, store, false);
	cursor_open(&c, &t, DB_JOURNAL);
	for (bool on = cursor_seek(&c, STR_NULL); on; on = cursor_next(&c), n++) {
		assert_int_equal(c.value.n, 5 + c.key.n);
		assert_memory_equal(c.value.p, "head,", 5);
		assert_memory_equal(c.value.p + 5, c.key.p, c.key.n);
	}
	assert_int_equal(n, 300);
	cursor_close(&c);
	txn_abort(&t);
	store_close(store);
}

static void more_readers_than_slots_are_refused(void **state)
{
	struct store *store = open_with(state, &fresh);
	struct store_usage usage;
	static struct txn readers[1024];
	size_t n = 0;

	store_usage(store, &usage);
	assert_true(usage.readers_max < ARRAY_LEN(readers));
	for (; n < ARRAY_LEN(readers); n++) {
		txn_begin(&readers[n], store, false);
		if (readers[n].outcome)
			break;
	}
	assert_int_equal(n, usage.readers_max);
	assert_int_equal(txn_commit(&readers[n]), FAULT_BUSY);
	store_usage(store, &usage);
	assert_int_equal(usage.readers, usage.readers_max);
	while (n > 0)
		txn_abort(&readers[--n]);
	check_value(store, DB_ROWS, "a", NULL);
	store_check_readers(store);
	store_close(store);
}

/* Somebody beside the writer (a backup, say) who is killed in the midst of a look. */
static void the_slot_of_who_died_is_free_again(void **state)
{
	const struct store_options look = {.map_bytes = 16 << 20, .read_only = true};
	const struct store_options again = {.map_bytes = 16 << 20, .no_sync = true};
	struct store *store = open_with(state, &fresh);
	struct store_usage usage;
	int began[2];
	char said = 0;
	pid_t child;

	put_one(store, DB_ROWS, "a", "1");
	store_close(store);
	assert_int_equal(pipe(began), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct txn t;
		alarm(LOOK_S_MAX); /* whatever becomes of the parent */
		if (store_open(&store, dir_of(state), &look, why, sizeof why) != OK)
			_exit(1);
		txn_begin(&t, store, false);
		if (t.outcome == OK && write(began[1], "!", 1) == 1)
			pause();
		_exit(1);
	}
	close(began[1]);
	assert_int_equal(read(began[0], &said, 1), 1);
	close(began[0]);
	store = open_with(state, &again);
	put_one(store, DB_ROWS, "a", "2");
	assert_int_equal(store_check_readers(store), 0);
	store_usage(store, &usage);
	assert_int_equal(usage.oldest_txn, usage.last_txn - 1);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(store_check_readers(store), 1);
	store_usage(store, &usage);
	assert_int_equal(usage.oldest_txn, 0);
	store_close(store);
}

/* A look that stays open keeps pages from being used again: how far it is behind is known. */
static void the_oldest_look_is_known(void **state)
{
	enum { COMMITS = 3 };
	struct store *store = open_with(state, &fresh);
	struct store_usage usage;
	struct txn old, young, t;

	store_usage(store, &usage);
	assert_int_equal(usage.oldest_txn, 0);
	txn_begin(&old, store, false);
	uint64_t seen = usage.last_txn;
	for (int i = 0; i < COMMITS; i++) {
		txn_begin(&t, store, true);
		txn_put(&t, DB_ROWS, STR("a"), STR("b"));
		assert_int_equal(txn_commit(&t), OK);
	}
	txn_begin(&young, store, false);
	store_usage(store, &usage);
	assert_int_equal(usage.oldest_txn, seen);
	assert_int_equal(usage.last_txn, seen + COMMITS);
	txn_abort(&old);
	store_usage(store, &usage);
	assert_int_equal(usage.oldest_txn, seen + COMMITS);
	txn_abort(&young);
	store_usage(store, &usage);
	assert_int_equal(usage.oldest_txn, 0);
	store_close(store);
}

static void a_copy_holds_what_was_committed(void **state)
{
	const struct store_options look = {.map_bytes = 16 << 20, .read_only = true};
	struct store *store = open_with(state, &fresh), *copy;
	char path[SCRATCH_PATH * 2], dir[SCRATCH_PATH * 2];
	struct store_usage usage;
	struct txn t;

	put_one(store, DB_ROWS, "a", "1");
	assert_int_equal(mkdir(scratch_path(*state, "copy", dir), 0700), 0);
	txn_begin(&t, store, true);
	txn_put(&t, DB_ROWS, STR("a"), STR("not yet"));
	assert_int_equal(store_copy(store, scratch_path(*state, "copy/data", path)), OK);
	assert_int_equal(txn_commit(&t), OK);
	assert_int_equal(store_copy(store, path), FAULT_DISK); /* never over what is there */
	assert_int_equal(store_copy(store, "/nowhere/at/all"), FAULT_DISK);
	assert_int_equal(store_open(&copy, dir, &look, why, sizeof(why)), OK);
	check_value(copy, DB_ROWS, "a", "1");
	store_usage(copy, &usage);
	assert_true(usage.used_bytes > 0 && usage.used_bytes < usage.map_bytes);
	store_close(copy);
	store_close(store);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(what_was_committed_is_there_again),
		T(a_reader_sees_the_commit_it_began_at),
		T(the_first_error_sticks),
		T(a_full_map_is_clean_and_resumes),
		T(a_map_filled_slowly_never_leaves_a_doubt),
		T(a_failed_commit_is_an_unknown_outcome),
		T(walks),
		T(appends_go_to_the_end_of_each_prefix),
		T(more_readers_than_slots_are_refused),
		T(the_slot_of_who_died_is_free_again),
		T(the_oldest_look_is_known),
		T(a_copy_holds_what_was_committed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
