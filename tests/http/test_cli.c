/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The command line (contract section 1): exit codes, what goes to stdout, the demonstration. */

#include "tests/http/relais.h"

#include <signal.h>

static struct relais r;
static char out[8192];

static int run(const char *a, const char *b, const char *c, const char *d, const char *e)
{
	const char *args[] = {a, b, c, d, e, NULL};
	return relais_run(&r, args, out, sizeof out);
}

static const char *file_with(const char *text)
{
	static char path[SCRATCH_PATH * 2];
	FILE *f = fopen(scratch_path(&r.scratch, "input", path), "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	return path;
}

static void usage(void **state)
{
	(void)state;
	assert_int_equal(run(NULL, NULL, NULL, NULL, NULL), 64);
	assert_int_equal(run("dance", NULL, NULL, NULL, NULL), 64);
	assert_int_equal(run("serve", NULL, NULL, NULL, NULL), 64);
	assert_int_equal(run("serve", "--data", NULL, NULL, NULL), 64);
	assert_int_equal(run("serve", "--data", "/x", "--listen", "nowhere"), 64);
	assert_int_equal(run("serve", "--data", "/x", "--colour", "red"), 64);
	assert_int_equal(run("serve", "--data", "/x", "--data", "/y"), 64);
	assert_int_equal(run("verify", NULL, NULL, NULL, NULL), 64);
	assert_int_equal(run("audit", "dance", NULL, NULL, NULL), 64);
	assert_int_equal(run("rules", "check", NULL, NULL, NULL), 64);
	assert_int_equal(run("token", "create", "--data", r.scratch.dir, NULL), 64);
	assert_int_equal(run("backup", "--data", r.scratch.dir, NULL, NULL), 64);
	assert_int_equal(run("restore", "file", NULL, NULL, NULL), 64);
	assert_int_equal(run("audit", "key", NULL, NULL, NULL), 64);
	assert_int_equal(run("journal", "copy", "/x", "/y", NULL), 64);
	assert_int_equal(run("journal", "migrate", "nowhere", NULL, NULL), 64);
	/* whoever is on the machine could read it */
	assert_int_equal(
		run("serve", "--data", "/x", "--journal", "postgresql://u:secret@h/d"), 64);
	assert_int_equal(run("user", "add", NULL, NULL, NULL), 64);
	assert_string_equal(out, "");
	assert_int_equal(run("--help", NULL, NULL, NULL, NULL), 0);
	assert_non_null(strstr(out, "relais serve --data DIR"));
	assert_non_null(strstr(out, "user add"));
	assert_int_equal(run("token", "--help", NULL, NULL, NULL), 0);
	assert_non_null(strstr(out, "token create"));
	assert_int_equal(run("--version", NULL, NULL, NULL, NULL), 0);
	assert_true(strncmp(out, "relais ", 7) == 0);
}

static void data_directories(void **state)
{
	char path[SCRATCH_PATH * 2];
	(void)state;
	assert_int_equal(run("verify", "--data", "/no/such/place", NULL, NULL), 74);
	assert_int_equal(run("serve", "--data", "/proc/none", NULL, NULL), 74);
	/* a directory of somebody else's */
	FILE *f = fopen(scratch_path(&r.scratch, "data", path), "we");
	assert_non_null(f);
	fputs("this is not a store", f);
	fclose(f);
	assert_int_equal(run("serve", "--data", r.scratch.dir, "--listen", "127.0.0.1:0"), 74);
	assert_int_equal(run("verify", "--data", r.scratch.dir, NULL, NULL), 74);
	unlink(path);
	assert_string_equal(out, "");
}

static int token(const char *dir, const char *name, const char *role, const char *site)
{
	const char *args[] = {"token", "create", "--data", dir, "--name", name, "--role", role,
		site ? "--site" : NULL, site, NULL};
	return relais_run(&r, args, out, sizeof out);
}

static void tokens(void **state)
{
	(void)state;
	assert_int_equal(token(r.scratch.dir, "a", "king", NULL), 64);
	assert_int_equal(token(r.scratch.dir, "", "admin", NULL), 64);
	assert_int_equal(token(r.scratch.dir, "a\nb", "admin", NULL), 64);
	assert_int_equal(token(r.scratch.dir, "a", "admin", "no/site"), 64);
	assert_int_equal(token("/no/such/place", "a", "admin", NULL), 74);
	assert_string_equal(out, "");
	/* before the first start: the token alone on stdout */
	assert_int_equal(token(r.scratch.dir, "a", "admin", NULL), 0);
	assert_int_equal(strlen(out), 48);
	assert_true(strncmp(out, "rls_", 4) == 0 && out[47] == '\n');
}

static void configuration(void **state)
{
	(void)state;
	assert_int_equal(
		run("check-config", file_with("listen = 127.0.0.1:0\n"), NULL, NULL, NULL), 0);
	assert_int_equal(run("check-config", file_with("lisen = 1\n"), NULL, NULL, NULL), 78);
	assert_int_equal(run("check-config", "/no/such/file", NULL, NULL, NULL), 78);
	assert_int_equal(run("serve", "--config", file_with("lisen = 1\n"), "--data", "/x"), 78);
}

static void rules(void **state)
{
	char path[1024];
	const char *root = getenv("RELAIS_ROOT");
	(void)state;
	snprintf(path, sizeof path, "%s/deploy/demo/ruleset.json", root ? root : ".");
	assert_int_equal(run("rules", "check", path, NULL, NULL), 0);
	assert_int_equal(run("rules", "check", file_with("{\"version\":\"1\"}"), NULL, NULL), 1);
	assert_int_equal(run("rules", "check", file_with("{"), NULL, NULL), 65);
	assert_int_equal(run("rules", "check", "/no/such/file", NULL, NULL), 66);
	const char *shared = getenv("RELAIS_SHARED_RULES");
	if (!shared)
		return;
	char cases[1024];
	snprintf(path, sizeof path, "%s/definitions.json", shared);
	snprintf(cases, sizeof cases, "%s/cases.json", shared);
	assert_int_equal(run("rules", "check", path, NULL, NULL), 0);
	assert_int_equal(run("rules", "test", path, cases, NULL), 0);
	assert_non_null(strstr(out, " passed, 0 failed\n"));
	/* no cases in it: the wrong file proves nothing */
	assert_int_not_equal(run("rules", "test", path, path, NULL), 0);
}

static void exports(void **state)
{
	(void)state;
	assert_int_equal(run("audit", "verify", "/no/such/file", NULL, NULL), 66);
	assert_int_equal(run("audit", "verify", file_with(""), NULL, NULL), 0);
	assert_int_equal(run("audit", "verify", file_with("{}\n"), NULL, NULL), 1);
	assert_non_null(strstr(out, "line 1: "));
}

/* The demonstration fills an empty directory, once, and what it wrote stands every check. */
static void demonstration(void **state)
{
	static const char *const checks[][2] = {
		{"verify", NULL}, {"audit", "verify"}, {"audit", "replay"}};
	(void)state;
	scratch_remove(&r.scratch);
	relais_start(&r, true);
	struct told t = relais_get(&r, "/v1/sites");
	assert_status(&t, 200);
	assert_true(json_count(json_get(t.json, "items")) >= 2);
	t = relais_get(&r, "/v1/bookings?site=LYO&limit=500");
	assert_status(&t, 200);
	assert_true(json_count(json_get(t.json, "items")) > 100);
	char seq[128];
	snprintf(seq, sizeof seq, "%s", t.seq);
	relais_stop(&r);
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const char *second = checks[i][1];
		assert_int_equal(run(checks[i][0], second ? second : "--data",
					 second ? "--data" : r.scratch.dir,
					 second ? r.scratch.dir : NULL, NULL),
			0);
	}
	/* a second time it finds the directory in use and leaves it as it is */
	relais_restart(&r, true);
	t = relais_get(&r, "/v1/bookings?site=LYO&limit=1");
	assert_status(&t, 200);
	assert_string_equal(t.seq, seq);
	relais_stop(&r);
}

/* Killed in the midst of it, whenever that is, the next start fills the directory whole. */
static void demonstration_killed(void **state)
{
	static const int moments_ms[] = {20, 200, 1000};
	struct told t;
	(void)state;
	scratch_remove(&r.scratch);
	scratch_make(&r.scratch);
	const char *argv[] = {r.binary, "serve", "--demo", "--data", r.scratch.dir, "--listen",
		"127.0.0.1:0", NULL};
	for (size_t i = 0; i < ARRAY_LEN(moments_ms); i++)
		if (process_start(&r.process, argv, moments_ms[i])) /* too quick to be killed */
			process_stop(&r.process, SIGKILL, STOP_WAIT_MS);
	relais_restart(&r, true);
	relais_token(&r, r.admin, "admin", "admin", NULL);
	t = relais_get(&r, "/v1/bookings?site=LYO&limit=500");
	assert_status(&t, 200);
	assert_true(json_count(json_get(t.json, "items")) > 100);
	relais_stop(&r);
	assert_int_equal(run("verify", "--data", r.scratch.dir, NULL, NULL), 0);
}

static int setup(void **state)
{
	(void)state;
	scratch_make(&r.scratch);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	relais_remove(&r);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usage),
		cmocka_unit_test(data_directories),
		cmocka_unit_test(tokens),
		cmocka_unit_test(configuration),
		cmocka_unit_test(rules),
		cmocka_unit_test(exports),
		cmocka_unit_test(demonstration),
		cmocka_unit_test(demonstration_killed),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
