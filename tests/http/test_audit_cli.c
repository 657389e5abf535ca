/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The journal as an auditor gets it: an export whose chain anybody can check, every alteration of
 * which `relais audit verify` finds and names; and the same of the data itself.
 */

#define _GNU_SOURCE /* memmem */
#include "tests/http/journal_file.h"

enum { FAILED_CHECK = 1, FLIPS = 30, BOOKINGS = 12 };

static struct told told;
static struct house house;
static struct lines lines; /* of the site's journal */
static char file[SCRATCH_PATH * 2];

/* ---- what is exported ---- */

static void book(int number)
{
	struct str question =
		text_make("{\"site\":\"LYO\",\"vin\":\"ZAMTESTC1T000000%d\",\"jobs\":[{"
			  "\"type\":\"%s\",\"immobilisation_minutes\":600}],"
			  "\"drop_off_at\":\"2031-03-%02dT08:00:00Z\"}",
			1 + number % 4, number % 3 ? "warranty_repair" : "maintenance", 3 + number);
	struct json answer = house_must(&house, NULL, "POST", "/v1/offers", NULL, question, 200);
	struct str body = text_make("{\"offer\":\"%.*s\",\"solution\":\"%s\","
				    "\"accept_customer_minor\":99999999}",
		STR_FMT(json_str_at(answer, "offer")), number % 4 ? "loaner_brand" : "taxi");
	struct str key = text_make("booking-%d", number);
	struct json booking = house_must(&house, NULL, "POST", "/v1/bookings", key.p, body, 201);
	struct str path =
		text_make("/v1/bookings/%.*s/cancel", STR_FMT(json_str_at(booking, "booking")));

	if (number % 5 == 0)
		(void)house_must(&house, NULL, "POST", path.p, path.p,
			STR("{\"reason\":\"the test wants a second entry\"}"), 200);
	text_free(question);
	text_free(body);
	text_free(key);
	text_free(path);
}

static int set_up(void **state)
{
	(void)state;
	house_make(&house);
	house_serve(&house);
	house_token(&house);
	house_fill(&house);
	for (int i = 0; i < BOOKINGS; i++)
		book(i);
	lines_export(&lines, &house, "LYO", 1);
	scratch_path(&house.scratch, "export.jsonl", file);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	lines_free(&lines);
	house_stop(&house);
	house_remove(&house);
	return 0;
}

/* ---- the chain, without relais ---- */

static void check_chain(const struct lines *l, const char *site)
{
	static const char *const members[] = {
		"v", "at", "by", "kind", "seq", "site", "request", "group", "effects"};
	char zeros[HEX_BYTES + 1], hash[HEX_BYTES + 1];
	struct str prev = {zeros, HEX_BYTES};

	memset(zeros, '0', sizeof(zeros));
	for (uint32_t i = 0; i < l->len; i++) {
		struct response as_body = {.body = line_event(l->line[i])};
		struct json event = house_json(&as_body);
		assert_true(str_eq(line_prev(l->line[i]), prev));
		chain_hash(prev, line_event(l->line[i]), hash);
		assert_str(line_hash(l->line[i]), hash);
		prev = line_hash(l->line[i]);
		assert_int_equal(json_count(event), ARRAY_LEN(members));
		for (size_t k = 0; k < ARRAY_LEN(members); k++)
			assert_true(json_present(json_get(event, members[k])));
		assert_int_equal(json_int_at(event, "seq", 0), i + 1);
		assert_int_equal(json_int_at(event, "v", 0), 1);
		assert_str(json_str_at(event, "site"), site);
	}
}

static void test_chain(void **state)
{
	struct lines directory;

	(void)state;
	assert_true(lines.len > BOOKINGS + HOUSE_SITE_CARS);
	check_chain(&lines, "LYO");
	lines_export(&directory, &house, "directory", 1);
	assert_in_range(directory.len, 9, 100); /* a rule set, four customers, four cars */
	check_chain(&directory, "directory");
	lines_free(&directory);
}

/* ---- the chain, by the command ---- */

static void verify_lines(const struct str *line, uint32_t len)
{
	FILE *f = fopen(file, "wb");

	assert_non_null(f);
	for (uint32_t i = 0; i < len; i++)
		fprintf(f, "%.*s\n", STR_FMT(line[i]));
	assert_int_equal(fclose(f), 0);
	relais(&told, "audit", "verify", file);
}

/* Found at that entry: the line in the file, and the entry that stood or should stand there (which
 * nobody can know of the first line). */
#define found(entry) found_at((entry), 1, __FILE__, __LINE__)
static void found_at(uint32_t entry, uint32_t first, const char *source, int line)
{
	struct str at = entry == first ? text_make("line 1:")
				       : text_make("line %u: entry %u", entry - first + 1, entry);
	const char *said;

	told_check(&told, FAILED_CHECK, source, line);
	said = strstr(told.out, at.p);
	if (!said || (said[at.n] >= '0' && said[at.n] <= '9')) {
		print_error(
			"%s:%d: not \"%s\" but: %s%s\n", source, line, at.p, told.out, told.err);
		_fail(source, line);
	}
	text_free(at);
}

static void test_good(void **state)
{
	struct str head = line_hash(lines.line[lines.len - 1]);
	struct lines later;

	(void)state;
	file_write(file, lines.all);
	relais(&told, "audit", "verify", file);
	told_code(&told, 0);
	assert_non_null(memmem(told.out, strlen(told.out), head.p, head.n));
	/* An export that begins later stands on what it says it stands on. */
	lines_export(&later, &house, "LYO", 7);
	assert_int_equal(later.len, lines.len - 6);
	file_write(file, later.all);
	relais(&told, "audit", "verify", file);
	told_code(&told, 0);
	lines_free(&later);
	relais(&told, "audit", "verify", "--data", house.data);
	told_code(&told, 0);
	relais(&told, "audit", "replay", "--data", house.data);
	told_code(&told, 0);
}

static void test_flipped(void **state)
{
	struct chance chance = chance_make("flipped bytes");
	struct str bytes = text_make("%.*s", STR_FMT(lines.all));
	char *p = memchr(bytes.p, '{', 1); /* ours to write */

	(void)state;
	assert_non_null(p);
	for (int i = 0; i < FLIPS; i++) {
		/* All but the last line end, which says nothing. */
		size_t at = chance_below(&chance, (uint32_t)bytes.n - 1);
		char was = p[at];
		uint32_t entry = 1;
		for (size_t k = 0; k < at; k++)
			entry += p[k] == '\n';
		p[at] = (char)(was ^ (char)(1 + chance_below(&chance, 255)));
		file_write(file, bytes);
		relais(&told, "audit", "verify", file);
		if (told.code != FAILED_CHECK)
			print_error("byte %zu of entry %u: %d for %d\n", at, entry, p[at], was);
		found(entry);
		p[at] = was;
	}
	text_free(bytes);
}

static void test_dropped_swapped_doubled(void **state)
{
	static struct str changed[LINES_MAX];
	struct chance chance = chance_make("moved lines");
	uint32_t n = lines.len;
	struct str head;

	(void)state;
	for (int i = 0; i < 8; i++) {
		uint32_t at = 1 + chance_below(&chance, n - 2); /* neither first nor last */
		memcpy(changed, lines.line, at * sizeof(*changed));
		memcpy(changed + at, lines.line + at + 1, (n - at - 1) * sizeof(*changed));
		verify_lines(changed, n - 1);
		found(at + 1);
		memcpy(changed, lines.line, n * sizeof(*changed));
		changed[at] = lines.line[at + 1];
		changed[at + 1] = lines.line[at];
		verify_lines(changed, n);
		found(at + 1);
		memcpy(changed + at + 1, lines.line + at, (n - at) * sizeof(*changed));
		changed[at] = lines.line[at];
		verify_lines(changed, n + 1);
		found(at + 2);
	}
	/* A tail cut off leaves a whole chain: its head tells. */
	verify_lines(lines.line, n - 1);
	told_code(&told, 0);
	head = line_hash(lines.line[n - 1]);
	assert_null(memmem(told.out, strlen(told.out), head.p, head.n));
}

/* Somebody who knows the formula alters an entry and writes the hash that fits it. */
static void test_hash_made_new(void **state)
{
	static struct str changed[LINES_MAX];
	char hash[HEX_BYTES + 1];
	uint32_t at = lines.len / 2;
	struct str event = line_event(lines.line[at]), forged, line;
	char *by;

	(void)state;
	forged = text_make("%.*s", STR_FMT(event));
	by = memmem(forged.p, forged.n, "\"by\":\"tester\"", 13);
	assert_non_null(by);
	memcpy(by + 6, "nobody", 6);
	chain_hash(line_prev(lines.line[at]), forged, hash);
	line = text_make("{\"event\":%.*s,\"hash\":\"%s\",\"prev\":\"%.*s\"}", STR_FMT(forged),
		hash, STR_FMT(line_prev(lines.line[at])));
	memcpy(changed, lines.line, lines.len * sizeof(*changed));
	changed[at] = line;
	verify_lines(changed, lines.len);
	found(at + 2);
	text_free(forged);
	text_free(line);
}

static void test_not_an_entry(void **state)
{
	static struct str changed[LINES_MAX];
	static const char *const others[] = {"", "{}", "null", "[]", "hello", "{\"event\":{}}",
		"{\"error\":\"the next entry cannot be read\"}"};
	struct lines directory, later;

	(void)state;
	memcpy(changed, lines.line, lines.len * sizeof(*changed));
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		changed[4] = str_from(others[i]);
		verify_lines(changed, lines.len);
		found(5);
	}
	/* A line of another journal, at its own number. */
	lines_export(&directory, &house, "directory", 1);
	changed[4] = directory.line[4];
	verify_lines(changed, lines.len);
	found(5);
	lines_free(&directory);
	/* In an export that begins later the entry is named, not only the line. */
	lines_export(&later, &house, "LYO", 9);
	memcpy(changed, later.line, later.len * sizeof(*changed));
	changed[3] = STR("{}");
	verify_lines(changed, later.len);
	found_at(12, 9, __FILE__, __LINE__);
	lines_free(&later);
}

/* Hex has one form here; a hash that only differs in its case was touched. */
static void test_upper_case(void **state)
{
	struct str bytes = text_make("%.*s", STR_FMT(lines.all));
	char *p = memchr(bytes.p, '{', 1);
	size_t at = bytes_find(bytes, 0, line_hash(lines.line[2]));

	(void)state;
	assert_true(p && at != SIZE_MAX);
	while (p[at] < 'a')
		at++;
	p[at] = (char)(p[at] - 'a' + 'A');
	file_write(file, bytes);
	relais(&told, "audit", "verify", file);
	found(3);
	text_free(bytes);
}

/* ---- the data itself ---- */

/* Every copy of `entry` in the file of the store gets this byte; the server is down. */
static void data_alter(struct str data, struct str entry, size_t at, char c)
{
	uint32_t copies = 0;

	for (size_t k = bytes_find(data, 0, entry); k != SIZE_MAX;
		k = bytes_find(data, k + 1, entry), copies++)
		file_overwrite(in_data(&house, "data"), k + at, (struct str){&c, 1});
	assert_int_not_equal(copies, 0);
}

static void test_data_altered(void **state)
{
	struct str data, event, amount = STR("\"gross_minor\":");
	struct str named;
	uint32_t at = lines.len;
	size_t digit;

	(void)state;
	/* The last entry that decided something, and a figure in it. */
	do
		assert_true(at-- > 0);
	while (bytes_find(line_event(lines.line[at]), 0, amount) == SIZE_MAX);
	event = line_event(lines.line[at]);
	digit = bytes_find(event, 0, amount) + amount.n;
	named = text_make("entry %u", at + 1);
	house_stop(&house);
	data = file_slurp(in_data(&house, "data"));
	data_alter(data, event, digit, event.p[digit] == '9' ? '8' : '9');
	relais(&told, "audit", "verify", "--data", house.data);
	told_code(&told, FAILED_CHECK);
	assert_non_null(strstr(told.out, named.p));
	relais(&told, "verify", "--data", house.data);
	told_code(&told, FAILED_CHECK);
	assert_non_null(strstr(told.out, named.p));
	/* And a decision that its own inputs do not give. */
	relais(&told, "audit", "replay", "--data", house.data);
	told_code(&told, FAILED_CHECK);
	assert_non_null(strstr(told.out, named.p));
	file_write(in_data(&house, "data"), data);
	relais(&told, "verify", "--data", house.data);
	told_code(&told, 0);
	text_free(data);
	text_free(named);
	house_serve(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_flipped),
		cmocka_unit_test(test_dropped_swapped_doubled),
		cmocka_unit_test(test_hash_made_new),
		cmocka_unit_test(test_not_an_entry),
		cmocka_unit_test(test_upper_case),
		cmocka_unit_test(test_data_altered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
