/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* tzset, setenv */

/* When a backup is wanted, what it is called, and what the clock makes of a directory. */

#include <time.h>

#include "fleet/erased.h"
#include "server/backup_clock.h"
#include "tests/lib/dealership.h"
#include "tests/lib/traces.h"

static struct dealership w;
static struct config config;
static char folder[SCRATCH_PATH * 2];

static int64_t at(const char *text)
{
	struct local l;
	assert_true(instant_parse(&l, str_from(text)));
	return local_instant(l).s;
}

static void names(void **state)
{
	static const char *const others[] = {"relais-20270101T031500Z.jsonl.part",
		"relais-20270101T031500Z.json", "relais-20271301T031500Z.jsonl",
		"relais-20270101-031500Z.jsonl", "today.jsonl", "",
		"relais-yyyymmddThhmmssZ.jsonl"};
	char name[BACKUP_NAME_BYTES];
	(void)state;
	backup_name(name, at("2027-01-01T03:15:00Z"));
	assert_string_equal(name, "relais-20270101T031500Z.jsonl");
	assert_int_equal(backup_named_at(name), at("2027-01-01T03:15:00Z"));
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(backup_named_at(others[i]), 0);
}

static void once_a_day_by_the_clock_on_the_wall(void **state)
{
	static const struct {
		const char *now, *wanted;
	} table[] = {
		{"2027-01-10T12:00:00+01:00", "2027-01-10T03:15:00+01:00"},
		{"2027-01-10T03:15:00+01:00", "2027-01-10T03:15:00+01:00"},
		{"2027-01-10T03:14:59+01:00", "2027-01-09T03:15:00+01:00"},
		/* summer time begins on 28 March at 2, ends on 31 October at 3 */
		{"2027-03-28T03:14:00+02:00", "2027-03-27T03:15:00+01:00"},
		{"2027-03-28T12:00:00+02:00", "2027-03-28T03:15:00+02:00"},
		{"2027-10-31T12:00:00+01:00", "2027-10-31T03:15:00+01:00"},
		{"2027-01-01T00:00:00+01:00", "2026-12-31T03:15:00+01:00"},
	};
	(void)state;
	config_default(&config);
	assert_int_equal(setenv("TZ", "Europe/Paris", 1), 0);
	tzset();
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(
			backup_wanted_at(&config, 0, at(table[i].now)), at(table[i].wanted));
}

static void every_so_many_hours(void **state)
{
	enum { HOUR = 3600 };
	(void)state;
	config_default(&config);
	config.backup_every_hours = 6;
	assert_int_equal(backup_wanted_at(&config, 0, 1000000), 1000000); /* never yet: now */
	assert_int_equal(backup_wanted_at(&config, 1000000, 1000000 + 6 * HOUR - 1), 1000000);
	assert_int_equal(
		backup_wanted_at(&config, 1000000, 1000000 + 6 * HOUR), 1000000 + 6 * HOUR);
	/* several were missed: the last of them */
	assert_int_equal(
		backup_wanted_at(&config, 1000000, 1000000 + 20 * HOUR), 1000000 + 18 * HOUR);
	/* a clock that was set back wants nothing until it has caught up */
	assert_int_equal(backup_wanted_at(&config, 1000000, 900000), 1000000);
}

/* ---- a directory ---- */

static const char *in_folder(const char *name)
{
	static char path[SCRATCH_PATH * 3];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void touch(const char *name)
{
	FILE *f = fopen(in_folder(name), "we");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
}

static bool is_there(const char *name)
{
	return access(in_folder(name), F_OK) == 0;
}

/* Runs the loop until a backup was made or was not, and closes. */
static void one_round(struct backup_counts *counts)
{
	uv_loop_t loop;
	assert_int_equal(uv_loop_init(&loop), 0);
	struct backup_clock *c = backup_clock_open(&loop, w.fleet, &config);
	assert_non_null(c);
	do {
		uv_run(&loop, UV_RUN_ONCE);
		backup_clock_counts(c, counts);
	} while (!counts->made && !counts->failed);
	backup_clock_close(c);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static int set_up(void **state)
{
	(void)state;
	dealer_open(&w);
	config_default(&config);
	config.backup_every_hours = 1;
	config.backup_keep = 2;
	scratch_path(&w.scratch, "backups", folder);
	assert_true(strlen(folder) < sizeof config.backup_directory);
	memcpy(config.backup_directory, folder, strlen(folder) + 1);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dealer_close(&w);
	return 0;
}

static void the_oldest_go_and_nothing_else(void **state)
{
	struct backup_counts counts;
	(void)state;
	assert_int_equal(mkdir(folder, 0700), 0);
	touch("relais-20200101T000000Z.jsonl");
	touch("relais-20200102T000000Z.jsonl");
	touch("relais-20200103T000000Z.jsonl");
	touch("relais-20200104T000000Z.jsonl.part"); /* somebody died over it */
	touch("accounts.jsonl");
	touch("accounts.part");
	one_round(&counts);
	assert_int_equal(counts.made, 1);
	assert_int_equal(counts.kept, 2);
	assert_true(counts.bytes > 1000 && !counts.late && !counts.last_failed);
	assert_false(is_there("relais-20200101T000000Z.jsonl"));
	assert_false(is_there("relais-20200102T000000Z.jsonl"));
	assert_true(is_there("relais-20200103T000000Z.jsonl"));
	assert_false(is_there("relais-20200104T000000Z.jsonl.part"));
	assert_true(is_there("accounts.jsonl") && is_there("accounts.part"));
	struct backup_summary summary;
	char name[BACKUP_NAME_BYTES], why[600];
	backup_name(name, counts.last_at_s);
	assert_int_equal(backup_read(in_folder(name), NULL, &summary, why, sizeof why), OK);
	assert_true(summary.entries > 5);
}

/* The list is written where no backup is due, too: those that are there hold who was erased. */
static void who_is_erased_is_listed(void **state)
{
	struct backup_counts counts;
	struct stat st;
	uv_loop_t loop;
	(void)state;
	assert_int_equal(mkdir(folder, 0700), 0);
	one_round(&counts);
	assert_int_equal(stat(in_folder(ERASED_FILE), &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(uv_loop_init(&loop), 0);
	struct backup_clock *c = backup_clock_open(&loop, w.fleet, &config);
	assert_non_null(c);
	dealer_must(&w, VERB_CUSTOMER_ERASE, "directory", "C2", "{}", OK);
	while (traces(in_folder(ERASED_FILE), "C2\n", 3) == 0)
		uv_run(&loop, UV_RUN_ONCE);
	backup_clock_counts(c, &counts);
	assert_int_equal(counts.made + counts.failed, 0);
	backup_clock_close(c);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void a_failure_is_told(void **state)
{
	struct backup_counts counts;
	(void)state;
	one_round(&counts); /* there is no such directory */
	assert_int_equal(counts.failed, 1);
	assert_true(counts.last_failed && counts.wanted);
	assert_non_null(strstr(counts.why, "No such file or directory"));
}

/* A server that stops does not wait for it, and leaves no half of it. */
static void one_under_way_is_given_up(void **state)
{
	struct backup_counts counts;
	uv_loop_t loop;
	(void)state;
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(uv_loop_init(&loop), 0);
	struct backup_clock *c = backup_clock_open(&loop, w.fleet, &config);
	assert_non_null(c);
	do {
		uv_run(&loop, UV_RUN_ONCE);
		backup_clock_counts(c, &counts);
	} while (!counts.running && !counts.made);
	backup_clock_close(c);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	DIR *dir = opendir(folder);
	assert_non_null(dir);
	for (const struct dirent *e; (e = readdir(dir)) != NULL;)
		assert_null(strstr(e->d_name, ".part"));
	closedir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(once_a_day_by_the_clock_on_the_wall),
		cmocka_unit_test(every_so_many_hours),
		cmocka_unit_test_setup_teardown(the_oldest_go_and_nothing_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(who_is_erased_is_listed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_failure_is_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_under_way_is_given_up, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
