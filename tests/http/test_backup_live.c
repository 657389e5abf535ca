/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Backups of a server that is writing: each comes back as an exact prefix of what was written, and
 * passes every check that there is.
 */

#define _GNU_SOURCE /* memmem */
#include <sys/wait.h>

#include "tests/http/journal_file.h"

enum { BACKUPS = 8, BACKUPS_LONG = 50, BACKUP_WAIT_MS = 60000 };

static struct told told;
static struct house house;
static struct lines site, directory; /* at the end */
static int backups;
static uint32_t written;

static const char *path_of(const char *what, int number)
{
	static char path[SCRATCH_PATH * 2 + 40];

	snprintf(path, sizeof(path), "%s/%s-%d", house.scratch.dir, what, number);
	return path;
}

static int set_up(void **state)
{
	const char *set = getenv("RELAIS_LONG");

	(void)state;
	backups = set && *set ? BACKUPS_LONG : BACKUPS;
	house_make(&house);
	house_serve(&house);
	house_token(&house);
	house_fill(&house);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lines_free(&site);
	lines_free(&directory);
	house_remove(&house);
	return 0;
}

static void put(const char *what, const char *body)
{
	struct str path = text_make("/v1/%s%u", what, written);

	(void)house_must(&house, NULL, "PUT", path.p, NULL, str_from(body), 201);
	text_free(path);
}

/* A customer, and a desk at the site: both journals grow. */
static void write_some(void)
{
	written++;
	put("customers/L", "{\"segment\":\"private\",\"language\":\"fr\","
			   "\"preferred_channel\":\"phone\",\"person\":{\"name\":\"A. Essai\"}}");
	put("resources/L",
		"{\"site\":\"LYO\",\"kind\":\"desk\",\"solutions\":[],\"class\":\"desk\","
		"\"label\":\"L\",\"seats\":1,\"turnaround_minutes\":0,\"status\":\"active\"}");
}

static int ended(pid_t pid)
{
	int status = 0;
	pid_t got = waitpid(pid, &status, WNOHANG);

	assert_true(got == 0 || got == pid);
	return got == 0 ? -1 : WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* Written to as long as the backup runs, and once at least. */
static uint32_t backup_under_load(int number)
{
	const char *binary = getenv("RELAIS_BIN");
	const char *argv[] = {
		binary, "backup", "--data", house.data, path_of("backup", number), NULL};
	uint32_t before = written;
	int code;

	write_some(); /* so that it has more than the one before, whenever it takes its look */
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		/* What it prints is of no use here. */
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execv(binary, (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	do
		write_some();
	while ((code = ended(pid)) < 0);
	assert_int_equal(code, 0);
	return written - before;
}

/* The entries of one journal in a backup, which are lines as an export has them. */
static uint32_t prefix_check(struct str backup, const struct lines *l, const char *journal)
{
	struct str mark = text_make("\"site\":\"%s\",\"v\":1}", journal);
	uint32_t n = 0;

	for (size_t at = 0; at < backup.n;) {
		size_t end = bytes_find(backup, at, STR("\n"));
		assert_true(end != SIZE_MAX);
		struct str line = {backup.p + at, end - at};
		at = end + 1;
		if (line.n < 9 || memcmp(line.p, "{\"event\":", 9) != 0 ||
			bytes_find(line, 0, mark) == SIZE_MAX)
			continue;
		assert_true(n < l->len);
		assert_true(str_eq(line, l->line[n]));
		n++;
	}
	text_free(mark);
	return n;
}

static void every_backup_is_a_prefix(void **state)
{
	uint32_t beside = 0, last = 0;

	(void)state;
	for (int i = 0; i < backups; i++)
		beside += backup_under_load(i);
	lines_export(&site, &house, "LYO", 1);
	lines_export(&directory, &house, "directory", 1);
	house_stop(&house);
	for (int i = 0; i < backups; i++) {
		struct str backup = file_slurp(path_of("backup", i));
		assert_true(prefix_check(backup, &site, "LYO") > 10);
		uint32_t n = prefix_check(backup, &directory, "directory");
		/* Each is later than the one before it, and none is of the end. */
		assert_true(n > last && n <= directory.len);
		last = n;
		text_free(backup);
	}
	print_message("# %d backups beside %u writes\n", backups, beside);
}

static void every_backup_comes_back(void **state)
{
	char backup[SCRATCH_PATH * 2 + 40], dir[SCRATCH_PATH * 2 + 40];

	(void)state;
	for (int i = 0; i < backups; i++) {
		snprintf(backup, sizeof(backup), "%s", path_of("backup", i));
		snprintf(dir, sizeof(dir), "%s", path_of("restored", i));
		relais(&told, "restore", backup, "--data", dir);
		told_code(&told, 0);
		relais(&told, "verify", "--data", dir);
		told_code(&told, 0);
		relais(&told, "audit", "verify", "--data", dir);
		told_code(&told, 0);
	}
	relais(&told, "restore", backup, "--data", dir);
	told_code(&told, 65);
	assert_non_null(strstr(told.err, "is not empty"));
}

static void data_is(const char *name, int n)
{
	const char *path = path_of(name, n);

	assert_true(strlen(path) < sizeof(house.data));
	memcpy(house.data, path, strlen(path) + 1);
}

/* What was restored serves: the same tokens, names that can be read and found, and new promises. */
static void it_serves(void **state)
{
	(void)state;
	data_is("restored", backups - 1);
	house_serve(&house);
	struct json k = house_must(&house, NULL, "GET", "/v1/customers/L1", NULL, STR_NULL, 200);
	assert_str(json_str_at(json_get(k, "person"), "name"), "A. Essai");
	struct json found =
		house_must(&house, NULL, "GET", "/v1/search?q=essai", NULL, STR_NULL, 200);
	assert_true(json_count(json_get(found, "items")) > 0);
	write_some();
	house_stop(&house);
	relais(&told, "verify", "--data", house.data);
	told_code(&told, 0);
}

/* Where a restore died, or was not begun yet, nothing takes the directory for its own. */
static void half_a_restore_is_not_served(void **state)
{
	(void)state;
	data_is("half", 1);
	assert_int_equal(mkdir(house.data, 0700), 0);
	assert_int_equal(mkdir(in_data(&house, "restoring"), 0700), 0);
	relais(&told, "serve", "--data", house.data, "--listen", "127.0.0.1:0");
	told_code(&told, 74);
	assert_non_null(strstr(told.err, "restoring"));
	relais(&told, "restore", path_of("backup", 0), "--data", house.data);
	told_code(&told, 65);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_backup_is_a_prefix),
		cmocka_unit_test(every_backup_comes_back),
		cmocka_unit_test(it_serves),
		cmocka_unit_test(half_a_restore_is_not_served),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
