/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What a server does for its data by itself: backups by the clock that come back, more room while
 * it serves; and what it says when something is amiss. */

#define _GNU_SOURCE /* memmem */

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "server/file.h"
#include "tests/http/house.h"
#include "tests/http/served.h"

static struct served s;
static struct told told;

static int setup(void **state)
{
	(void)state;
	served_make(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	served_remove(&s);
	return 0;
}

/* The path that the log names behind the text; in a buffer of the call. */
static const char *path_behind(const char *heard, const char *text)
{
	static char path[SCRATCH_PATH * 2];
	const char *from = strstr(heard, text);
	assert_non_null(from);
	from += strlen(text);
	snprintf(path, sizeof path, "%.*s", (int)strcspn(from, "\n"), from);
	return path;
}

static void backups_by_the_clock_come_back(void **state)
{
	char folder[SCRATCH_PATH * 2], text[SCRATCH_PATH * 3], again[SCRATCH_PATH * 2];
	(void)state;
	scratch_path(&s.scratch, "backups", folder);
	scratch_path(&s.scratch, "again", again);
	snprintf(text, sizeof text, "backup.directory = %s\nbackup.every_hours = 24\n", folder);
	served_write(&s, "relais.conf", text);
	/* there is no such directory: said before anything is served */
	relais(&told, "serve", "--data", s.data, "--config", s.config);
	told_code(&told, 78);
	assert_non_null(strstr(told.err, "backup.directory: "));
	assert_int_equal(mkdir(folder, 0700), 0);
	served_start(&s);
	const char *file = path_behind(served_hear(&s, "backup made: "), "backup made: ");
	assert_true(served_metric_is(&s, "relais_backup_wanted 1\n"));
	assert_true(served_metric_is(&s, "relais_backups_kept 1\n"));
	assert_true(served_metric_is(&s, "relais_backups_total{outcome=\"made\"} 1\n"));
	assert_false(served_metric_is(&s, "relais_backup_last_timestamp_seconds 0\n"));
	assert_string_equal(served_get(&s, "/readyz", NULL, 200), "ready\n");
	relais(&told, "restore", "--data", again, file);
	told_code(&told, 0);
	relais(&told, "verify", "--data", again);
	told_code(&told, 0);
	/* a restart knows that it was made */
	served_stop(&s);
	served_start(&s);
	served_signal(&s, SIGHUP);
	served_hear(&s, "HUP: the configuration was read again");
	assert_true(served_metric_is(&s, "relais_backups_total{outcome=\"made\"} 0\n"));
	assert_true(served_metric_is(&s, "relais_backups_kept 1\n"));
	served_stop(&s);
}

/* Of the demonstration's data, without its past: that takes its time. */
static void import(const char *kind, const char *file)
{
	char path[SCRATCH_PATH * 3];

	snprintf(path, sizeof path, "%s/deploy/demo/%s", getenv("RELAIS_ROOT"), file);
	relais(&told, "import", "--data", s.data, kind, path);
	told_code(&told, 0);
}

/* The one file there; in a buffer of the call. */
static const char *the_file_in(const char *folder)
{
	static char path[SCRATCH_PATH * 3];
	DIR *dir = opendir(folder);
	int n = 0;

	assert_non_null(dir);
	for (const struct dirent *e; (e = readdir(dir)) != NULL;)
		if (e->d_name[0] != '.') {
			snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
			n++;
		}
	closedir(dir);
	assert_int_equal(n, 1);
	return path;
}

/* Asks until it is so: what is waited for is on its way to the disk. */
static bool metric_becomes(const char *line)
{
	for (int i = 0; i < 5000; i++)
		if (served_metric_is(&s, line))
			return true;
	return false;
}

static void the_workshop_is_told_what_changed(void **state)
{
	char folder[SCRATCH_PATH * 2], text[SCRATCH_PATH * 3], rows[SCRATCH_PATH * 2];
	(void)state;
	scratch_path(&s.scratch, "out", folder);
	scratch_path(&s.scratch, "bookings.csv", rows);
	import("sites", "sites.json");
	import("rulesets", "ruleset.json");
	import("resources", "resources.csv");
	import("customers", "customers.csv");
	served_write(&s, "bookings.csv",
		"ref,site,customer,jobs,drop_off_at,from,until,solution,external\n"
		"R1,LYO,C0416,customer_pay_repair:60,W+20 09:15,W+20 09:15,W+20 16:00,taxi,"
		"dms:4711\n");
	relais(&told, "import", "--data", s.data, "bookings", rows);
	told_code(&told, 0);
	snprintf(text, sizeof text, "drop.out = %s\n", folder);
	served_write(&s, "relais.conf", text);
	relais(&told, "serve", "--data", s.data, "--config", s.config);
	told_code(&told, 78);
	assert_non_null(strstr(told.err, "drop.out: "));
	assert_int_equal(mkdir(folder, 0700), 0);
	served_start(&s);
	assert_true(metric_becomes("relais_drop_out_files_total 1\n"));
	assert_true(served_metric_is(&s, "relais_drop_out_rows_total 2\n"));
	assert_true(served_metric_is(&s, "relais_drop_out_failed_total 0\n"));
	struct str file = file_read(the_file_in(folder), TOLD_BYTES, text, sizeof text);
	assert_non_null(file.p);
	assert_non_null(memmem(file.p, file.n, ",dms:4711,C0416,", 16));
	file_free(file);
	served_stop(&s);
	/* a restart knows how far it was; the folder may be another one */
	served_start(&s);
	assert_true(metric_becomes("relais_drop_out_wanted 1\n"));
	served_stop(&s);
	(void)the_file_in(folder);
}

static void a_store_gets_more_room(void **state)
{
	(void)state;
	served_write(&s, "relais.conf", "store.mib_max = 64\n");
	served_start(&s);
	assert_true(served_metric_is(&s, "relais_store_map_bytes{store=\"data\"} 67108864\n"));
	served_write(&s, "relais.conf", "store.mib_max = 128\n");
	served_signal(&s, SIGHUP);
	served_hear(&s, "the store may hold 128 MiB");
	assert_true(served_metric_is(&s, "relais_store_map_bytes{store=\"data\"} 134217728\n"));
	/* less takes a restart */
	served_write(&s, "relais.conf", "store.mib_max = 64\n");
	served_signal(&s, SIGHUP);
	assert_non_null(
		strstr(served_hear(&s, "HUP: "), "\"store.mib_max\" stays 128 until a restart\n"));
	served_stop(&s);
}

static void a_second_server_is_refused_in_words(void **state)
{
	(void)state;
	served_start(&s);
	relais(&told, "serve", "--data", s.data, "--listen", "127.0.0.1:0");
	told_code(&told, 74);
	assert_non_null(strstr(told.err, "is already in use by another relais"));
	served_stop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(backups_by_the_clock_come_back, setup, teardown),
		cmocka_unit_test_setup_teardown(the_workshop_is_told_what_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_store_gets_more_room, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_second_server_is_refused_in_words, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
