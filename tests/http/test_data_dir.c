/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A data directory that is not ours, is damaged, incomplete, in use or cannot be written: one clear
 * sentence on standard error, exit 74, nothing served, and nothing put into it or taken from it.
 */

#define _GNU_SOURCE /* memmem */
#include "tests/http/files.h"

#include <fcntl.h>
#include <signal.h>

#include "fleet/store.h"

enum { IO = 74, NOBODY = 65534 };

static struct told told;

/* One sentence: a line that says who speaks, names the matter and stands alone. */
#define refused(part) refused_at((part), __FILE__, __LINE__)
static void refused_at(const char *part, const char *file, int line)
{
	const char *end = strchr(told.err, '\n');

	told_check(&told, IO, file, line);
	if (strncmp(told.err, "relais: ", 8) == 0 && strstr(told.err, part) && end && !end[1] &&
		end - told.err > 20 && told.out[0] == '\0')
		return;
	print_error("%s:%d: not one clear sentence with \"%s\":\n%s%s", file, line, part, told.out,
		told.err);
	_fail(file, line);
}

#define serve_refused(dir, part)                                                    \
	do {                                                                        \
		relais(&told, "serve", "--data", (dir), "--listen", "127.0.0.1:0"); \
		refused(part);                                                      \
	} while (0)

static int names_in(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

/* A data directory with something in it, and no server. */
static void make_filled(struct house *h)
{
	house_make(h);
	house_serve(h);
	house_token(h);
	house_fill(h);
	house_stop(h);
}

/* What was refused had nothing taken from it: with the damage undone it serves as before. */
static void serves_as_before(struct house *h)
{
	house_serve(h);
	(void)house_must(h, NULL, "GET", "/v1/customers/K4", NULL, STR_NULL, 200);
	house_stop(h);
}

/* ---- not ours ---- */

static void test_not_a_directory(void **state)
{
	struct house h;
	char path[SCRATCH_PATH * 3];

	(void)state;
	house_make(&h);
	file_write(h.data, STR("a file where a directory is expected\n"));
	serve_refused(h.data, h.data);
	snprintf(path, sizeof(path), "%s/nowhere/deeper", h.scratch.dir);
	serve_refused(path, path);
	relais(&told, "verify", "--data", path);
	refused(path);
	relais(&told, "audit", "verify", "--data", path);
	refused(path);
	relais(&told, "audit", "replay", "--data", path);
	refused(path);
	relais(&told, "token", "create", "--data", path, "--name", "a", "--role", "admin");
	refused(path);
	house_remove(&h);
}

/* Somebody's letters are not an empty data directory: nothing is put among them. */
static void test_foreign_files(void **state)
{
	struct house h;

	(void)state;
	house_make(&h);
	assert_int_equal(mkdir(h.data, 0755), 0);
	file_write(in_data(&h, "letter.txt"), STR("Dear aunt,\n"));
	serve_refused(h.data, h.data);
	relais(&told, "serve", "--demo", "--data", h.data, "--listen", "127.0.0.1:0");
	refused(h.data);
	relais(&told, "token", "create", "--data", h.data, "--name", "a", "--role", "admin");
	refused(h.data);
	assert_int_equal(names_in(h.data), 1);
	house_remove(&h);
}

/* What a file system of its own brings along is nobody's letter. */
static void test_fresh_disk(void **state)
{
	struct house h;

	(void)state;
	house_make(&h);
	assert_int_equal(mkdir(h.data, 0755), 0);
	assert_int_equal(mkdir(in_data(&h, "lost+found"), 0700), 0);
	house_serve(&h);
	house_stop(&h);
	house_remove(&h);
}

/* A file of the name we use, but of another program. */
static void test_foreign_data(void **state)
{
	static const char *const others[] = {"id;name\n1;Jones\n", "SQLite format 3", "{}"};
	char page[8192];
	struct house h;

	(void)state;
	house_make(&h);
	assert_int_equal(mkdir(h.data, 0755), 0);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		struct str still;
		file_write(in_data(&h, "data"), str_from(others[i]));
		serve_refused(h.data, h.data);
		memset(page, ' ', sizeof(page));
		memcpy(page, others[i], strlen(others[i]));
		file_write(in_data(&h, "data"), (struct str){page, sizeof(page)});
		serve_refused(h.data, h.data);
		relais(&told, "verify", "--data", h.data);
		refused(h.data);
		still = file_slurp(in_data(&h, "data"));
		assert_int_equal(still.n, sizeof(page));
		assert_memory_equal(still.p, page, sizeof(page));
		text_free(still);
	}
	house_remove(&h);
}

/* The same storage engine in another program's hands. */
static void test_foreign_store(void **state)
{
	static const char *const names[DB_COUNT] = {[DB_META] = "settings", [DB_ROWS] = "pigeons"};
	struct store_options options = {.create = true, .names = names, .names_len = DB_COUNT};
	struct store *store;
	char why[400];
	struct house h;

	(void)state;
	house_make(&h);
	if (store_open(&store, h.data, &options, why, sizeof(why)) != OK)
		fail_msg("%s", why);
	store_close(store);
	serve_refused(h.data, h.data);
	relais(&told, "verify", "--data", h.data);
	refused(h.data);
	house_remove(&h);
}

/* ---- ours, and changed ---- */

/* Each copy of the row that names the format, as a later version would write it. */
static void test_newer_format(void **state)
{
	struct str data, bad;
	struct house h;
	char *p;

	(void)state;
	make_filled(&h);
	data = file_slurp(in_data(&h, "data"));
	bad = file_slurp(in_data(&h, "data"));
	p = memmem(bad.p, bad.n, "relais 1", 8);
	assert_non_null(p);
	for (; p; p = memmem(p, bad.n - (size_t)(p - bad.p), "relais 1", 8))
		p[7] = '2';
	file_write(in_data(&h, "data"), bad);
	serve_refused(h.data, "version");
	relais(&told, "verify", "--data", h.data);
	refused("version");
	relais(&told, "audit", "verify", "--data", h.data);
	refused("version");
	file_write(in_data(&h, "data"), data);
	serves_as_before(&h);
	text_free(data);
	text_free(bad);
	house_remove(&h);
}

/* The head of one of the two files: noise, zeros, or another file's. */
static void damage_head(struct house *h, const char *name)
{
	struct str whole = file_slurp(in_data(h, name));
	struct chance chance = chance_make("damaged heads");
	char noise[8192];

	assert_true(whole.n >= sizeof(noise));
	for (int i = 0; i < 3; i++) {
		for (size_t k = 0; k < sizeof(noise); k++)
			noise[k] = i == 0 ? 0 : (char)chance_below(&chance, 256);
		file_overwrite(in_data(h, name), 0, (struct str){noise, sizeof(noise)});
		serve_refused(h->data, h->data);
		relais(&told, "verify", "--data", h->data);
		refused(h->data);
		file_write(in_data(h, name), whole);
	}
	text_free(whole);
}

static void test_damaged_head(void **state)
{
	struct house h;

	(void)state;
	make_filled(&h);
	damage_head(&h, "data");
	damage_head(&h, "people/data");
	serves_as_before(&h);
	house_remove(&h);
}

/* A file cut short, to nothing at the last: never served as if it had always been so. */
static void test_cut_short(void **state)
{
	static const char *const files[] = {"data", "people/data"};
	struct house h;

	(void)state;
	make_filled(&h);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct str whole = file_slurp(in_data(&h, files[i]));
		const size_t lengths[] = {whole.n / 2, 16384, 8192, 4096, 100, 1, 0};
		for (size_t k = 0; k < ARRAY_LEN(lengths); k++) {
			print_message(
				"# %s of %zu bytes cut to %zu\n", files[i], whole.n, lengths[k]);
			file_write(in_data(&h, files[i]), (struct str){whole.p, lengths[k]});
			serve_refused(h.data, h.data);
		}
		file_write(in_data(&h, files[i]), whole);
		text_free(whole);
	}
	serves_as_before(&h);
	house_remove(&h);
}

/* One of the two without the other is a loss, not a beginning. */
static void test_one_missing(void **state)
{
	static const char *const files[] = {"people", "people/data", "data"};
	char aside[SCRATCH_PATH * 2];
	struct house h;

	(void)state;
	make_filled(&h);
	scratch_path(&h.scratch, "aside", aside);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		assert_int_equal(rename(in_data(&h, files[i]), aside), 0);
		serve_refused(h.data, h.data);
		relais(&told, "verify", "--data", h.data);
		refused(h.data);
		relais(&told, "serve", "--demo", "--data", h.data, "--listen", "127.0.0.1:0");
		refused(h.data);
		assert_int_not_equal(access(in_data(&h, files[i]), F_OK), 0);
		assert_int_equal(rename(aside, in_data(&h, files[i])), 0);
	}
	serves_as_before(&h);
	house_remove(&h);
}

/* ---- in use, or not to be written ---- */

static void test_second_server(void **state)
{
	char address[64];
	struct house h;

	(void)state;
	house_make(&h);
	house_serve(&h);
	house_token(&h); /* beside a running server */
	house_fill(&h);
	for (int i = 0; i < 3; i++)
		serve_refused(h.data, "in use");
	/* The checks and tokens do not need the directory for themselves. */
	relais(&told, "verify", "--data", h.data);
	told_code(&told, 0);
	relais(&told, "audit", "verify", "--data", h.data);
	told_code(&told, 0);
	(void)house_must(&h, NULL, "GET", "/v1/customers/K4", NULL, STR_NULL, 200);
	/* Another directory, but a door that is taken. */
	snprintf(address, sizeof(address), "127.0.0.1:%d", h.port);
	scratch_path(&h.scratch, "other", h.data);
	relais(&told, "serve", "--data", h.data, "--listen", address);
	refused(address);
	house_kill(&h);
	scratch_path(&h.scratch, "data", h.data);
	serves_as_before(&h); /* a lock does not outlive who held it */
	house_remove(&h);
}

static void own(const struct house *h, uid_t user, mode_t files, mode_t dir)
{
	static const char *const names[] = {
		"data", "data-lock", "lock", "people/data", "people/data-lock", "people"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (access(in_data(h, names[i]), F_OK) != 0)
			continue;
		assert_int_equal(chown(in_data(h, names[i]), user, (gid_t)-1), 0);
		assert_int_equal(
			chmod(in_data(h, names[i]), i + 1 < ARRAY_LEN(names) ? files : dir), 0);
	}
	assert_int_equal(chown(h->data, user, (gid_t)-1), 0);
	assert_int_equal(chmod(h->data, dir), 0);
}

/* For root nothing is read-only: there the program runs as a user without rights. */
static void test_read_only(void **state)
{
	uid_t user = geteuid() == 0 ? NOBODY : geteuid();
	struct house h;

	(void)state;
	make_filled(&h);
	assert_int_equal(chmod(h.scratch.dir, 0755), 0);
	relais_as_nobody(&told, "--version");
	if (told.code != 0) {
		print_message("# skipped: another user may not run the program where it lies\n");
		house_remove(&h);
		skip();
	}
	own(&h, user, 0400, 0500);
	relais_as_nobody(&told, "serve", "--data", h.data, "--listen", "127.0.0.1:0");
	refused(h.data);
	own(&h, geteuid(), 0600, 0700);
	serves_as_before(&h);
	/* And one with nothing in it yet. */
	scratch_path(&h.scratch, "empty", h.data);
	assert_int_equal(mkdir(h.data, 0500), 0);
	own(&h, user, 0400, 0500);
	relais_as_nobody(&told, "serve", "--data", h.data, "--listen", "127.0.0.1:0");
	refused(h.data);
	assert_int_equal(names_in(h.data), 0);
	own(&h, geteuid(), 0600, 0700);
	house_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_a_directory),
		cmocka_unit_test(test_foreign_files),
		cmocka_unit_test(test_fresh_disk),
		cmocka_unit_test(test_foreign_data),
		cmocka_unit_test(test_foreign_store),
		cmocka_unit_test(test_newer_format),
		cmocka_unit_test(test_damaged_head),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_one_missing),
		cmocka_unit_test(test_second_server),
		cmocka_unit_test(test_read_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
