/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/store.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "fleet/guard.h"
#include "tests/lib/store_world.h"

/* Which directories are opened, by whom, and what is said of the others. */

static void write_file(void **state, const char *name, const char *bytes, size_t n)
{
	char path[SCRATCH_PATH * 2];
	int fd = open(scratch_path(*state, name, path), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

static void check_refused(
	void **state, const struct store_options *options, enum outcome outcome, const char *words)
{
	struct store *store = NULL;

	why[0] = '\0';
	assert_int_equal(store_open(&store, dir_of(state), options, why, sizeof(why)), outcome);
	assert_null(store);
	if (!strstr(why, words) || !strstr(why, dir_of(state)))
		fail_msg("\"%s\" does not say \"%s\"", why, words);
}

static void foreign_and_missing_directories_are_refused(void **state)
{
	const struct store_options existing = {.map_bytes = 16 << 20};
	const struct store_options look = {.map_bytes = 16 << 20, .read_only = true};
	static const char *const other_names[DB_COUNT] = {[DB_META] = "something"};
	struct store_options other = fresh;
	struct store *store;
	char page[20000];

	check_refused(state, &existing, FAULT_DISK, "no data");
	check_refused(state, &look, FAULT_DISK, "no data");
	memset(page, 'j', sizeof(page));
	write_file(state, "data", page, sizeof(page));
	check_refused(state, &fresh, FAULT_CORRUPT, "not of relais");
	check_refused(state, &look, FAULT_CORRUPT, "not of relais");
	/* An environment of LMDB, but of somebody else. */
	write_file(state, "data", "", 0);
	other.names = other_names;
	other.names_len = DB_COUNT;
	store = open_with(state, &other);
	store_close(store);
	check_refused(state, &fresh, FAULT_CORRUPT, "not a data directory of relais");
	check_refused(state, &look, FAULT_CORRUPT, "not a data directory of relais");
}

static void another_format_is_refused_in_words(void **state)
{
	const struct {
		const char *format, *words;
	} rows[] = {
		{"relais 2", "another version"},
		{"relais 10", "another version"},
		{"", "not a data directory"},
		{"other 1", "not a data directory"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct store *store = open_with(state, &fresh);
		char path[SCRATCH_PATH * 2];
		put_one(store, DB_META, "format", rows[i].format);
		store_close(store);
		check_refused(state, &fresh, FAULT_CORRUPT, rows[i].words);
		unlink(scratch_path(*state, "data", path));
	}
}

/* Data cut at every page, reached or not: a word of refusal or of damage, never a crash. */
static void a_file_that_was_cut_is_damage_and_no_crash(void **state)
{
	const struct store_options existing = {.map_bytes = 16 << 20, .no_sync = true};
	struct store *store = open_with(state, &fresh);
	char path[SCRATCH_PATH * 2], key[16];
	struct stat st;
	int damaged = 0;
	struct txn t;

	txn_begin(&t, store, true);
	for (int i = 0; i < 400; i++) {
		snprintf(key, sizeof(key), "%06d", i);
		txn_put(&t, DB_ROWS, str_from(key),
			STR("a value that takes some room in its page"));
	}
	assert_int_equal(txn_commit(&t), OK);
	store_close(store);
	scratch_path(*state, "data", path);
	assert_int_equal(stat(path, &st), 0);
	for (off_t size = st.st_size - 4096; size >= 0; size -= 4096) {
		enum outcome outcome;
		struct cursor c;
		assert_int_equal(truncate(path, size), 0);
		outcome = store_open(&store, dir_of(state), &existing, why, sizeof(why));
		if (outcome) {
			assert_true(outcome == FAULT_CORRUPT || outcome == FAULT_DISK);
			damaged++;
			continue;
		}
		txn_begin(&t, store, false);
		cursor_open(&c, &t, DB_ROWS);
		for (bool on = cursor_seek(&c, STR_NULL); on; on = cursor_next(&c))
			continue;
		cursor_close(&c);
		damaged += t.outcome == FAULT_CORRUPT;
		txn_abort(&t);
		store_close(store);
	}
	assert_true(damaged > 5);
}

/* The power went while LMDB wrote the two pages it begins with: no commit is in them, so the file
 * is begun again. What only looks small is left alone. */
static void a_beginning_that_was_cut_is_begun_again(void **state)
{
	enum { PAGE = 4096, MAGIC_AT = 16, SECTOR = 512 };
	static const uint32_t magic = 0xBEEFC0DE;
	struct store_options options = fresh;
	char pages[2 * PAGE] = "";

	options.no_sync = false;
	for (int half = 0; half < 2; half++) {
		struct store *store;
		char path[SCRATCH_PATH * 2];
		/* One of the two arrived, and of the other its place. */
		memset(pages, 0, sizeof(pages));
		memcpy(pages + (size_t)half * PAGE + MAGIC_AT, &magic, sizeof(magic));
		pages[half * PAGE + MAGIC_AT + 8] = 1;
		write_file(state, "data", pages, sizeof(pages));
		store = open_with(state, &options);
		put_one(store, DB_ROWS, "key", "value");
		store_close(store);
		store = open_with(state, &options);
		check_value(store, DB_ROWS, "key", "value");
		store_close(store);
		unlink(scratch_path(*state, "data", path));
	}
	memcpy(pages + MAGIC_AT, &magic, sizeof(magic));
	pages[2 * SECTOR] = 'x';
	write_file(state, "data", pages, sizeof(pages));
	check_refused(state, &options, FAULT_CORRUPT, "damaged or not of relais");
	write_file(state, "data", "a letter", 8);
	check_refused(state, &options, FAULT_CORRUPT, "damaged or not of relais");
}

static void a_second_open_is_refused(void **state)
{
	const struct store_options look = {.map_bytes = 16 << 20, .read_only = true};
	struct store *store = open_with(state, &fresh);
	int status = 0;
	pid_t child;

	check_refused(state, &fresh, FAULT_BUSY, "already open in this process");
	check_refused(state, &look, FAULT_BUSY, "already open in this process");
	/* Another process: it may look, but not write. The guard alone, since LMDB must not be
	 * carried over a fork. */
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct guard g;
		if (guard_take(&g, dir_of(state), true, why, sizeof(why)) != FAULT_BUSY ||
			!strstr(why, "already in use by another relais"))
			_exit(1);
		_exit(guard_take(&g, dir_of(state), false, why, sizeof(why)) == OK ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	store_close(store);
	store = open_with(state, &look);
	check_refused(state, &fresh, FAULT_BUSY, "already open in this process");
	store_close(store);
	store = open_with(state, &fresh);
	store_close(store);
}

static void read_only_reads(void **state)
{
	const struct store_options look = {.map_bytes = 16 << 20, .read_only = true};
	struct store *store = open_with(state, &fresh);

	put_one(store, DB_ROWS, "a", "1");
	store_close(store);
	store = open_with(state, &look);
	check_value(store, DB_ROWS, "a", "1");
	store_close(store);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(foreign_and_missing_directories_are_refused),
		T(another_format_is_refused_in_words),
		T(a_file_that_was_cut_is_damage_and_no_crash),
		T(a_beginning_that_was_cut_is_begun_again),
		T(a_second_open_is_refused),
		T(read_only_reads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
