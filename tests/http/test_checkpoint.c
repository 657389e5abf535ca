/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What a chain alone does not tell: that the tail of an export was cut off, that a data directory
 * was rolled back, that a history was chained anew. A signed checkpoint finds each of them, and a
 * server does not start on a directory that is not what it signed.
 */

#define _GNU_SOURCE /* memmem */
#include "tests/http/journal_file.h"

enum { FAILED_CHECK = 1, BAD_DATA = 65 };

static struct told told;
static struct house house;
static struct lines lines;
static char file[SCRATCH_PATH * 2], note[SCRATCH_PATH * 2], key[SCRATCH_PATH * 2];

static void customer(const char *id)
{
	struct str path = text_make("/v1/customers/%s", id);
	const char *body = "{\"segment\":\"private\",\"language\":\"fr\","
			   "\"preferred_channel\":\"phone\",\"person\":{\"name\":\"A. Essai\"}}";

	(void)house_must(&house, NULL, "PUT", path.p, NULL, str_from(body), 201);
	text_free(path);
}

static void note_fetch(const char *journal, const char *path)
{
	struct str at = text_make("/v1/audit/checkpoint?journal=%s", journal);
	struct response r = house_ask(&house, NULL, "GET", at.p, NULL, STR_NULL);

	assert_int_equal(r.status, 200);
	assert_str(response_header(&r, "content-type"), "text/plain; charset=utf-8");
	file_write(path, r.body);
	response_free(&r);
	text_free(at);
}

static int set_up(void **state)
{
	(void)state;
	house_make(&house);
	house_serve(&house);
	house_token(&house);
	house_fill(&house);
	house_stop(&house); /* a clean stop signs what there is */
	scratch_path(&house.scratch, "export.jsonl", file);
	scratch_path(&house.scratch, "note", note);
	scratch_path(&house.scratch, "key", key);
	relais(&told, "audit", "key", "--data", house.data);
	told_code(&told, 0);
	file_write(key, str_from(told.out));
	house_serve(&house);
	lines_export(&lines, &house, "LYO", 1);
	note_fetch("LYO", note);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lines_free(&lines);
	house_remove(&house);
	return 0;
}

static void verify(const struct str *line, uint32_t len)
{
	FILE *f = fopen(file, "wb");

	assert_non_null(f);
	for (uint32_t i = 0; i < len; i++)
		fprintf(f, "%.*s\n", STR_FMT(line[i]));
	assert_int_equal(fclose(f), 0);
	relais(&told, "audit", "verify", file, "--checkpoint", note, "--key", key);
}

#define said(code, part) said_at((code), (part), __FILE__, __LINE__)
static void said_at(int code, const char *part, const char *source, int at)
{
	told_check(&told, code, source, at);
	if (strstr(told.out, part) || strstr(told.err, part))
		return;
	print_error("%s:%d: not \"%s\" but: %s%s\n", source, at, part, told.out, told.err);
	_fail(source, at);
}

static void test_good_and_cut(void **state)
{
	uint32_t n = lines.len;

	(void)state;
	verify(lines.line, n);
	said(0, "the chain holds");
	for (uint32_t cut = 1; cut < 4; cut++) {
		struct str named = text_make("entry %u is missing", n - cut + 1);
		verify(lines.line, n - cut);
		said(FAILED_CHECK, named.p);
		text_free(named);
	}
	verify(lines.line, 0);
	said(FAILED_CHECK, "entry 1 is missing");
	/* A later part of it is checked all the same. */
	verify(lines.line + 3, n - 3);
	said(0, "the chain holds");
}

static void test_arguments(void **state)
{
	(void)state;
	verify(lines.line, lines.len);
	relais(&told, "audit", "verify", file, "--checkpoint", note);
	said(64, "only together with");
	relais(&told, "audit", "verify", file, "--checkpoint", file, "--key", key);
	told_code(&told, 66); /* it is longer than any checkpoint */
	relais(&told, "audit", "verify", file, "--checkpoint", key, "--key", key);
	said(BAD_DATA, "not a checkpoint");
	relais(&told, "audit", "verify", file, "--checkpoint", note, "--key", note);
	said(BAD_DATA, "not a key");
}

/* The formula is public: whoever alters an entry and chains all that follow anew has an export that
 * holds. Not the one that was signed. */
static void test_chained_anew(void **state)
{
	static struct str changed[LINES_MAX];
	char hash[HEX_BYTES + 1];
	uint32_t from = lines.len / 2;
	struct str prev = line_prev(lines.line[from]);
	struct str kept = text_make("%.*s", STR_FMT(prev));

	(void)state;
	memcpy(changed, lines.line, lines.len * sizeof(*changed));
	for (uint32_t i = from; i < lines.len; i++) {
		struct str event = text_make("%.*s", STR_FMT(line_event(lines.line[i])));
		if (i == from) {
			char *by = memmem(event.p, event.n, "\"by\":\"tester\"", 13);
			assert_non_null(by);
			memcpy(by + 6, "nobody", 6);
		}
		chain_hash(kept, event, hash);
		changed[i] = text_make("{\"event\":%.*s,\"hash\":\"%s\",\"prev\":\"%.*s\"}",
			STR_FMT(event), hash, STR_FMT(kept));
		text_free(event);
		text_free(kept);
		kept = text_make("%s", hash);
	}
	text_free(kept);
	verify(changed, lines.len);
	said(FAILED_CHECK, "not the one that was signed");
	relais(&told, "audit", "verify", file);
	told_code(&told, 0);
	for (uint32_t i = from; i < lines.len; i++)
		text_free(changed[i]);
}

static void test_over_http(void **state)
{
	char other[SCRATCH_PATH * 2];

	(void)state;
	scratch_path(&house.scratch, "directory.note", other);
	note_fetch("directory", other);
	verify(lines.line, lines.len);
	relais(&told, "audit", "verify", file, "--checkpoint", other, "--key", key);
	said(FAILED_CHECK, "is of directory");
	(void)house_must(
		&house, NULL, "GET", "/v1/audit/checkpoint?journal=T9", NULL, STR_NULL, 404);
}

/* Yesterday's data under today's checkpoints. */
static void test_rolled_back(void **state)
{
	char later[SCRATCH_PATH * 2], backup[SCRATCH_PATH * 2], again[SCRATCH_PATH * 2];
	struct str old, now;

	(void)state;
	scratch_path(&house.scratch, "later.note", later);
	scratch_path(&house.scratch, "backup", backup);
	scratch_path(&house.scratch, "again", again);
	house_stop(&house);
	relais(&told, "backup", "--data", house.data, backup);
	told_code(&told, 0);
	old = file_slurp(in_data(&house, "data"));
	house_serve(&house);
	customer("K9");
	house_stop(&house);
	house_serve(&house);
	note_fetch("directory", later);
	house_stop(&house);
	relais(&told, "audit", "verify", "--data", house.data, "--checkpoint", later, "--key", key);
	told_code(&told, 0);
	now = file_slurp(in_data(&house, "data"));
	file_write(in_data(&house, "data"), old);
	relais(&told, "serve", "--data", house.data, "--listen", "127.0.0.1:0");
	said(BAD_DATA, "entries that were signed are gone");
	relais(&told, "audit", "verify", "--data", house.data);
	said(FAILED_CHECK, "journal directory: is shorter");
	file_write(in_data(&house, "data"), now);
	/* The way back to an older state is a restore: it serves, and says what it was made of;
	 * whoever kept the later checkpoint sees what is missing. */
	relais(&told, "restore", backup, "--data", again);
	told_code(&told, 0);
	relais(&told, "audit", "verify", "--data", again);
	told_code(&told, 0);
	relais(&told, "audit", "verify", "--data", again, "--checkpoint", later, "--key", key);
	said(FAILED_CHECK, "journal directory: it is shorter");
	text_free(old);
	text_free(now);
	house_serve(&house);
}

/* A byte of an entry in the store, and the files beside it. */
static void test_broken(void **state)
{
	struct str data, event = line_event(lines.line[lines.len - 2]), kept;

	(void)state;
	house_stop(&house);
	data = file_slurp(in_data(&house, "data"));
	size_t at = bytes_find(data, 0, event);
	assert_true(at != SIZE_MAX);
	for (; at != SIZE_MAX; at = bytes_find(data, at + 1, event))
		file_overwrite(in_data(&house, "data"),
			at + bytes_find(event, 0, STR("\"by\":\"")) + 6, STR("n"));
	relais(&told, "serve", "--data", house.data, "--listen", "127.0.0.1:0");
	said(BAD_DATA, "does not have the hash of its bytes");
	file_write(in_data(&house, "data"), data);
	text_free(data);

	kept = file_slurp(in_data(&house, "checkpoints/LYO.note"));
	file_overwrite(in_data(&house, "checkpoints/LYO.note"), 30, STR("9"));
	relais(&told, "serve", "--data", house.data, "--listen", "127.0.0.1:0");
	said(BAD_DATA, "journal LYO: has a checkpoint that is damaged");
	file_write(in_data(&house, "checkpoints/LYO.note"), kept);
	text_free(kept);

	kept = file_slurp(in_data(&house, "signing-key"));
	assert_int_equal(unlink(in_data(&house, "signing-key")), 0);
	relais(&told, "serve", "--data", house.data, "--listen", "127.0.0.1:0");
	said(74, "signing-key is damaged or lost");
	file_write(in_data(&house, "signing-key"), kept);
	text_free(kept);
	house_serve(&house);
	house_stop(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_and_cut),
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_chained_anew),
		cmocka_unit_test(test_over_http),
		cmocka_unit_test(test_rolled_back),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
