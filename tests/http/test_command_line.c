/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Command lines and configuration files that are wrong: 64 and 78, and every fault said at once. */

#include "tests/http/house.h"

enum { USAGE = 64, NO_INPUT = 66, CONFIG = 78 };

/* Nothing of this name is there before, and nothing may be there afterwards. */
#define DIR_NAME "a-directory-that-no-test-makes"

static struct told told;

/* One sentence on standard error, nothing on standard output: a script never takes it for data. */
static void one_sentence(const char *const words[], const char *part)
{
	const char *end = strchr(told.err, '\n');

	if (strncmp(told.err, "relais: ", 8) == 0 && strstr(told.err, part) && end && !end[1] &&
		told.out[0] == '\0')
		return;
	for (size_t i = 0; words[i]; i++)
		print_error("%s ", words[i]);
	print_error(
		"said \"%s\" and \"%s\", not one sentence with \"%s\"\n", told.out, told.err, part);
	fail();
}

static void test_usage(void **state)
{
	static const struct {
		const char *words[12];
		const char *part; /* what the sentence must name */
	} table[] = {
		{{NULL}, "command"},
		{{"srve"}, "srve"},
		{{"serve"}, "--data"},
		{{"serve", "--data"}, "--data"},
		{{"serve", "--data", DIR_NAME, "--data", "e"}, "--data"},
		{{"serve", "--data", DIR_NAME, "more"}, "more"},
		{{"serve", "--data", DIR_NAME, "--dmeo"}, "--dmeo"},
		{{"serve", "--data", DIR_NAME, "--demo=yes"}, "--demo"},
		{{"serve", "--data", DIR_NAME, "--listen", "8080"}, "--listen"},
		{{"serve", "--data", DIR_NAME, "--listen", "127.0.0.1:99999"}, "--listen"},
		{{"serve", "--data", DIR_NAME, "--listen", "127.0.0.1:"}, "--listen"},
		{{"serve", "--data", DIR_NAME, "--listen", "::1:8080"}, "--listen"},
		{{"token", "create", "--data", DIR_NAME, "--name", "n"}, "--role"},
		{{"token", "create", "--data", DIR_NAME, "--role", "admin"}, "--name"},
		{{"token", "create", "--name", "n", "--role", "admin"}, "--data"},
		{{"token", "create", "--data", DIR_NAME, "--name", "n", "--role", "king"},
			"--role"},
		{{"token", "create", "--data", DIR_NAME, "--name", "", "--role", "admin"},
			"--name"},
		{{"token", "create", "--data", DIR_NAME, "--name", "n", "--role", "admin", "--site",
			 "L Y"},
			"--site"},
		{{"token", "show", "--data", DIR_NAME, "--name", "n", "--role", "admin"}, "create"},
		{{"token"}, ""},
		{{"import", "--data", DIR_NAME, "sites"}, ""},
		{{"import", "--data", DIR_NAME, "cakes", "f.csv"}, "KIND"},
		{{"import", "sites", "f.csv"}, "--data"},
		{{"rules"}, ""},
		{{"rules", "check"}, ""},
		{{"rules", "chekc", "f"}, "rules"},
		{{"rules", "test", "f"}, "rules"},
		{{"audit"}, ""},
		{{"audit", "verify"}, "audit"},
		{{"audit", "verify", "f", "g"}, "g"},
		{{"audit", "verify", "f", "--data", DIR_NAME}, "audit"},
		{{"audit", "replay"}, "audit"},
		{{"audit", "replay", "f"}, "audit"},
		{{"verify"}, "--data"},
		{{"verify", "somewhere"}, "somewhere"},
		{{"check-config"}, ""},
		{{"check-config", "f", "g"}, "g"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		relais_run(&told, false, table[i].words);
		if (told.code != USAGE)
			print_error("row %zu (%s)\n", i, table[i].words[0]);
		told_code(&told, USAGE);
		one_sentence(table[i].words, table[i].part);
	}
	/* Not a single one of them made the directory it was told. */
	assert_int_not_equal(access(DIR_NAME, F_OK), 0);
}

static void test_missing_files(void **state)
{
	static const char *const lines[][5] = {
		{"audit", "verify", "/nowhere/export.jsonl", NULL},
		{"rules", "check", "/nowhere/rules.json", NULL},
		{"rules", "test", "/nowhere/rules.json", "/nowhere/cases.json", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		relais_run(&told, false, lines[i]);
		told_code(&told, NO_INPUT);
		one_sentence(lines[i], "/nowhere/");
	}
}

/* ---- configuration ---- */

static const struct fault {
	const char *line;
	const char *part; /* NULL: the line is good */
} lines[] = {
	{"# a comment, and an empty line", NULL},
	{"", NULL},
	{"listen = 127.0.0.1:0", NULL},
	{"lisen = 127.0.0.1:8080", "did you mean \"listen\""},
	{"colour = green", "colour"},
	{"http.body_bytes_max", "key = value"},
	{"http.connections_max = many", "http.connections_max"},
	{"http.streams_max = -1", "http.streams_max"},
	{"http.request_ms_max = 0", "http.request_ms_max"},
	{"http.in_flight_max = 4294967297", "http.in_flight_max"},
	{"http.aborts_max = 7", NULL},
	{"http.aborts_max = 8", "before"},
	{"data =", "data"},
	{"  listen = somewhere", "listen"},
};

static void write_config(const char *path, bool good_only)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		if (!good_only || !lines[i].part)
			fprintf(f, "%s\n", lines[i].line);
	assert_int_equal(fclose(f), 0);
}

/* Each bad line by its number and what is wrong with it; no good line. */
static void every_fault(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char at[SCRATCH_PATH * 3], said[SCRATCH_PATH * 4];
		const char *found, *end;
		snprintf(at, sizeof(at), "%s:%zu: ", path, i + 1);
		found = strstr(told.err, at);
		if (!lines[i].part) {
			assert_null(found);
			continue;
		}
		if (!found)
			fail_msg("line %zu (%s) is not named in:\n%s", i + 1, lines[i].line,
				told.err);
		end = strchr(found, '\n');
		assert_non_null(end);
		snprintf(said, sizeof(said), "%.*s", (int)(end - found), found);
		assert_non_null(strstr(said, lines[i].part));
	}
}

static void test_config(void **state)
{
	char path[SCRATCH_PATH * 2];
	struct house h;

	(void)state;
	house_make(&h);
	scratch_path(&h.scratch, "relais.conf", path);
	write_config(path, false);
	relais(&told, "check-config", path);
	told_code(&told, CONFIG);
	every_fault(path);
	relais(&told, "serve", "--data", h.data, "--config", path);
	told_code(&told, CONFIG);
	every_fault(path);
	assert_int_not_equal(access(h.data, F_OK), 0); /* nothing was begun */
	write_config(path, true);
	relais(&told, "check-config", path);
	told_code(&told, 0);
	assert_string_equal(told.err, "");
	assert_int_equal(unlink(path), 0);
	relais(&told, "check-config", path);
	told_code(&told, CONFIG);
	assert_non_null(strstr(told.err, path));
	relais(&told, "serve", "--data", h.data, "--config", path);
	told_code(&told, CONFIG);
	assert_non_null(strstr(told.err, path));
	house_remove(&h);
}

static void test_help(void **state)
{
	static const char *const commands[] = {
		"serve", "token", "import", "rules", "audit", "verify", "check-config"};

	(void)state;
	relais(&told, "--help");
	told_code(&told, 0);
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		assert_non_null(strstr(told.out, commands[i]));
	assert_string_equal(told.err, "");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		relais(&told, commands[i], "--help");
		told_code(&told, 0);
		assert_non_null(strstr(told.out, commands[i]));
	}
	relais(&told, "--version");
	told_code(&told, 0);
	assert_memory_equal(told.out, "relais ", 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),
		cmocka_unit_test(test_missing_files),
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
