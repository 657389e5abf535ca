/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What a server does for its data by itself: backups by the clock that come back, more room while
 * it serves; and what it says when something is amiss. */

#include <signal.h>

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
		cmocka_unit_test_setup_teardown(a_store_gets_more_room, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_second_server_is_refused_in_words, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
