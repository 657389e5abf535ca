/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Signed notes: what was signed reads back, and nothing else does. */

#include "fleet/note.h"
#include "tests/lib/scratch.h"

static struct still_env still;
static struct arena a;
static struct note_key key, other;

static struct signed_note a_note(void)
{
	struct signed_note note = {.journal = "LYO", .size = 4711};

	for (size_t i = 0; i < HASH_LEN; i++)
		note.hash.bytes[i] = (uint8_t)(i * 37);
	return note;
}

static int set_up(void **state)
{
	(void)state;
	still = still_env_at(0);
	arena_init(&a, ARENA_MAX_DEFAULT);
	note_key_make(&key, &still.env);
	note_key_make(&other, &still.env);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&a);
	return 0;
}

static void unhex(const char *hex, uint8_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned v = 0;
		assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
		out[i] = (uint8_t)v;
	}
}

/* RFC 8032 section 7.1, test 2. */
static void the_signature_is_that_of_the_rfc(void **state)
{
	uint8_t seed[32], open[32], expected[64], made[64];

	(void)state;
	unhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", seed, 32);
	unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", expected, 32);
	signature_public(seed, open);
	assert_memory_equal(open, expected, 32);
	unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
		expected, 64);
	signature_make(seed, STR("\x72"), made);
	assert_memory_equal(made, expected, 64);
	assert_true(signature_is_good(open, STR("\x72"), made));
	assert_false(signature_is_good(open, STR("\x73"), made));
}

static void a_key_has_two_forms(void **state)
{
	struct note_key read;
	struct str open = note_key_print(&key, &a), secret = note_key_print_private(&key, &a);

	(void)state;
	assert_true(note_key_read(&read, &a, open) && !read.can_sign);
	assert_memory_equal(read.open, key.open, sizeof(key.open));
	assert_true(note_key_read(&read, &a, secret) && read.can_sign);
	assert_memory_equal(read.seed, key.seed, sizeof(key.seed));
	assert_string_equal(read.name, key.name);
	assert_true(note_key_read(&read, &a, (struct str){open.p, open.n - 1}));
	/* Its name and id are made from it: no byte of either form can be another. */
	for (int form = 0; form < 2; form++) {
		struct str text = arena_copy(&a, form ? secret : open);
		char *p = memchr(text.p, text.p[0], 1);
		for (size_t i = 0; i + 1 < text.n; i++)
			for (int bit = 0; bit < 8; bit++) {
				p[i] = (char)(p[i] ^ 1 << bit);
				if (note_key_read(&read, &a, text))
					fail_msg("byte %zu of form %d", i, form);
				p[i] = (char)(p[i] ^ 1 << bit);
			}
		for (size_t n = 0; n + 1 < text.n; n++)
			assert_false(note_key_read(&read, &a, (struct str){text.p, n}));
	}
}

static void a_note_reads_back(void **state)
{
	struct signed_note note = a_note(), read;
	struct str text = note_write(&key, &a, &note);
	const char *why;

	(void)state;
	assert_true(note_read(&read, &key, &a, text, &why));
	assert_string_equal(read.journal, "LYO");
	assert_int_equal(read.size, 4711);
	assert_memory_equal(read.hash.bytes, note.hash.bytes, HASH_LEN);
	/* A witness may sign behind us. */
	struct str with =
		arena_printf(&a, "%.*s\xe2\x80\x94 witness.example AAAA\n", STR_FMT(text));
	assert_true(note_read(&read, &key, &a, with, &why));
	assert_false(note_read(&read, &other, &a, text, &why));
	assert_non_null(strstr(why, "not signed with this key"));
}

/* Every bit of every byte, and every cut. */
static void nothing_else_reads(void **state)
{
	struct signed_note note = a_note(), read;
	struct str text = arena_copy(&a, note_write(&key, &a, &note));
	char *p = memchr(text.p, text.p[0], 1);
	const char *why;

	(void)state;
	for (size_t i = 0; i < text.n; i++)
		for (int bit = 0; bit < 8; bit++) {
			p[i] = (char)(p[i] ^ 1 << bit);
			if (note_read(&read, &key, &a, text, &why))
				fail_msg("byte %zu, bit %d", i, bit);
			p[i] = (char)(p[i] ^ 1 << bit);
		}
	for (size_t n = 0; n < text.n; n++)
		assert_false(note_read(&read, &key, &a, (struct str){text.p, n}, &why));
}

/* Signed with the right key, and still no name: the holder of the key may have been fooled. */
static void a_name_that_no_journal_has_is_refused(void **state)
{
	static const char *const names[] = {"", "LYO/PAR", "L O", "LYO\t", "\xc3\xa9"};
	struct signed_note note = a_note(), read;
	const char *why;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(note.journal, sizeof note.journal, "%s", names[i]);
		assert_false(note_read(&read, &key, &a, note_write(&key, &a, &note), &why));
		assert_string_equal(why, "it is signed and cannot be read");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signature_is_that_of_the_rfc),
		cmocka_unit_test(a_key_has_two_forms),
		cmocka_unit_test(a_note_reads_back),
		cmocka_unit_test(nothing_else_reads),
		cmocka_unit_test(a_name_that_no_journal_has_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
