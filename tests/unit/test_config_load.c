/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Where a configuration comes from: each place goes before the one that is named before it. */

#include "server/config_load.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

static struct scratch scratch;
static char file[SCRATCH_PATH * 2];
static char said[4096];

static void say(void *context, const char *sentence)
{
	(void)context;
	size_t n = strlen(said);
	snprintf(said + n, sizeof said - n, "%s\n", sentence);
}

static void write_file(const char *name, const char *text)
{
	char path[SCRATCH_PATH * 2];
	FILE *f = fopen(scratch_path(&scratch, name, path), "we");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static bool load(struct config *c, const char *const environment[], const char *listen)
{
	const struct config_sources from = {
		.file = file, .environment = environment, .listen = listen};
	struct config_faults faults = {.say = say};
	said[0] = '\0';
	return config_load(c, &from, &faults);
}

static int setup(void **state)
{
	char path[SCRATCH_PATH * 2];
	(void)state;
	scratch_make(&scratch);
	scratch_path(&scratch, "relais.conf", file);
	write_file("relais.conf", "");
	assert_int_equal(mkdir(scratch_path(&scratch, "relais.conf.d", path), 0700), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scratch_remove(&scratch);
	return 0;
}

static const char *from_of(const struct config *c, const char *key)
{
	for (uint32_t i = 0; i < config_keys_len; i++)
		if (strcmp(config_keys[i].name, key) == 0)
			return c->from[i];
	fail_msg("%s is not a key", key);
	return NULL;
}

static void ends_with(const char *text, const char *end)
{
	assert_true(strlen(text) >= strlen(end));
	assert_string_equal(text + strlen(text) - strlen(end), end);
}

static void each_goes_before_the_last(void **state)
{
	const char *environment[] = {"RELAIS_HTTP_STREAMS_MAX=4", "RELAIS_LISTEN=127.0.0.1:4",
		"PATH=/bin", "RELAIS_BIN=/usr/bin/relais", NULL};
	struct config c;
	(void)state;
	write_file("relais.conf", "listen = 127.0.0.1:1\nhttp.streams_max = 1\n"
				  "http.aborts_max = 1\nhttp.in_flight_max = 1\n");
	write_file("relais.conf.d/20.conf", "\nhttp.aborts_max = 3\n");
	write_file("relais.conf.d/10.conf", "http.aborts_max = 2\nhttp.in_flight_max = 2\n");
	write_file("relais.conf.d/30.conf.old", "rubbish");
	write_file("relais.conf.d/.40.conf", "rubbish");
	assert_true(load(&c, environment, "127.0.0.1:5"));
	assert_string_equal(said, "");
	assert_string_equal(c.listen, "127.0.0.1:5");
	assert_int_equal(c.limits.streams_max, 4);
	assert_int_equal(c.limits.aborts_max, 3);
	assert_int_equal(c.limits.in_flight_max, 2);
	assert_int_equal(c.data_mib_max, 65536);
	assert_string_equal(from_of(&c, "listen"), "--listen");
	assert_string_equal(from_of(&c, "http.streams_max"), "RELAIS_HTTP_STREAMS_MAX");
	ends_with(from_of(&c, "http.aborts_max"), "/relais.conf.d/20.conf:2");
	ends_with(from_of(&c, "http.in_flight_max"), "/relais.conf.d/10.conf:2");
	assert_string_equal(from_of(&c, "store.mib_max"), "");
}

static void every_fault_of_every_place(void **state)
{
	const char *environment[] = {"RELAIS_HTTP_STREAM_MAX=4", "RELAIS_TLS_COLOUR=red",
		"RELAIS_STORE_MIB_MAX=0", "RELAIS_SEED=7", NULL};
	struct config c;
	(void)state;
	write_file("relais.conf", "lisen = 1\n");
	write_file("relais.conf.d/10.conf", "\ntls.key = /k\n");
	assert_false(load(&c, environment, NULL));
	assert_non_null(strstr(said, "/relais.conf:1: \"lisen\" is not a key: did you mean"));
	assert_non_null(strstr(said, "RELAIS_HTTP_STREAM_MAX: this is not a key: did you mean "
				     "RELAIS_HTTP_STREAMS_MAX?\n"));
	assert_non_null(strstr(said, "RELAIS_TLS_COLOUR: this is not a key\n"));
	assert_non_null(strstr(said, "RELAIS_STORE_MIB_MAX: \"store.mib_max\" must be a whole"));
	assert_null(strstr(said, "SEED"));
	/* what only the whole tells is said where its half stands */
	assert_non_null(strstr(said, "/relais.conf.d/10.conf:2: \"tls.certificate\" and"));
}

/* An address that others can read holds no password, and a refusal does not repeat it. */
static void where_journals_are(void **state)
{
	static const char *const bad[] = {"postgresql://u:hunter2@db/relais",
		"postgresql://u@db/relais?password=hunter2", "mysql://db/relais", "/var/lib",
		"postgresql://u@db/relais?colour=red"};
	struct config c;
	char line[200];
	(void)state;
	write_file("relais.conf.d/10.conf", "");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(line, sizeof line, "journal.url = %s\n", bad[i]);
		write_file("relais.conf", line);
		assert_false(load(&c, NULL, NULL));
		assert_non_null(strstr(said, "\"journal.url\" must be postgresql://"));
		assert_null(strstr(said, "hunter2"));
	}
	write_file("relais.conf", "journal.url = postgresql://u@db/relais?passfile=/etc/pgpass\n");
	assert_true(load(&c, NULL, NULL));
	assert_string_equal(c.journal, "postgresql://u@db/relais?passfile=/etc/pgpass");
	write_file("relais.conf", "");
}

static void what_cannot_be_read(void **state)
{
	struct config c;
	char name[32];
	(void)state;
	snprintf(file + strlen(file), 8, ".none");
	assert_false(load(&c, NULL, NULL));
	assert_non_null(strstr(said, "relais.conf.none cannot be read"));
	scratch_path(&scratch, "relais.conf", file);
	for (int i = 0; i <= CONFIG_PARTS_MAX; i++) {
		snprintf(name, sizeof name, "relais.conf.d/%d.conf", i);
		write_file(name, "");
	}
	assert_false(load(&c, NULL, NULL));
	assert_non_null(strstr(said, "relais.conf.d: there are more than 64 files in it"));
}

static void secrets(void **state)
{
	char why[400], out[17], path[SCRATCH_PATH * 2];
	(void)state;
	scratch_path(&scratch, "secret", path);
	static const struct {
		const char *text;
		bool good;
	} table[] = {
		{"0123456789abcdef\r\n", true},
		{"x", true},
		{"", false},
		{"\n", false},
		{"0123456789abcdefg", false},
		{"two lines\nof it", false},
		{"tab\there", false},
	};
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		write_file("secret", table[i].text);
		assert_int_equal(chmod(path, 0640), 0);
		assert_int_equal(
			config_secret(out, sizeof out, path, why, sizeof why), table[i].good);
	}
	write_file("secret", "0123456789abcdef\n");
	assert_true(config_secret(out, sizeof out, path, why, sizeof why));
	assert_string_equal(out, "0123456789abcdef");
	assert_int_equal(chmod(path, 0604), 0);
	assert_false(config_secret(out, sizeof out, path, why, sizeof why));
	assert_non_null(strstr(why, "may be read by everybody: chmod o-r"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_goes_before_the_last, setup, teardown),
		cmocka_unit_test_setup_teardown(every_fault_of_every_place, setup, teardown),
		cmocka_unit_test_setup_teardown(where_journals_are, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read, setup, teardown),
		cmocka_unit_test_setup_teardown(secrets, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
