/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Nobody alters an exported journal unseen: in an export of two thousand entries every byte is
 * flipped, every entry dropped, doubled, swapped, spliced from another journal and chained anew,
 * and each time the check names the first entry that is not what was written. The golden export
 * beside it was written once and is read for ever.
 */

#include "fleet/render.h"
#include "server/chain.h"
#include "server/file.h"
#include "tests/lib/dealership.h"

enum {
	ENTRIES = 2000,
	STRIDE = 23, /* of the bytes that are flipped where time is short; prime */
	GOLDEN_ENTRIES = 17,
	TRUNCATED_STEP = 97,
};

static struct dealership w;
static struct arena lines_arena, scratch;
static struct str line[ENTRIES], other[ENTRIES]; /* of two journals, in lines_arena */
static struct chain before[ENTRIES + 1];	 /* the check's state in front of each line */
static uint32_t other_len;

static bool is_long(void)
{
	const char *set = getenv("RELAIS_LONG");
	return set && *set;
}

/* ---- the export ---- */

/* What a byte can be is in it: plain text, UTF-8, an escape with digits that have two cases. */
static void block(int number)
{
	static const char *const reasons[] = {"workshop", "r\u00e9vision", "a\\u001fb\\\"c"};
	struct str body = arena_printf(&w.arena,
		"{\"from\":\"2027-%02d-%02dT09:00:00+01:00\",\"reason\":\"%s\","
		"\"until\":\"2027-%02d-%02dT17:00:00+01:00\"}",
		1 + number % 12, 1 + number / 12 % 28, reasons[number % 3], 1 + number % 12,
		1 + number / 12 % 28);
	struct command *c =
		dealer_do(&w, VERB_BLOCK_ADD, "LYO", "G1", body.p, number % 2 ? NULL : body.p);
	struct str id = c->seq ? dealer_subject(&w, c) : STR_NULL;

	command_free(c);
	if (id.n)
		command_free(dealer_put(&w, VERB_BLOCK_REMOVE, "LYO", id.p, NULL, "*"));
}

static uint32_t export(const char *journal, struct str *out)
{
	struct view v;
	struct txn t;
	uint32_t n = 0;

	fleet_look(w.fleet, &v, &t, &lines_arena);
	for (; n < ENTRIES; n++) {
		out[n] = render_journal_line(&v, str_from(journal), n + 1);
		if (!out[n].n)
			break;
	}
	fleet_look_end(&v);
	return n;
}

static int set_up(void **state)
{
	struct chain chain = {.seq = 0};

	(void)state;
	dealer_open(&w);
	arena_init(&lines_arena, ARENA_MAX_DEFAULT);
	arena_init(&scratch, ARENA_MAX_DEFAULT);
	for (int i = 0; export("LYO", line) < ENTRIES; i += 100) {
		arena_reset(&lines_arena);
		for (int k = i; k < i + 100; k++)
			block(k);
	}
	other_len = export("directory", other);
	assert_in_range(other_len, 3, ENTRIES);
	for (uint32_t i = 0; i < ENTRIES; i++) {
		before[i] = chain;
		arena_reset(&scratch);
		if (!chain_line(&chain, &scratch, line[i]))
			fail_msg("entry %u: %s", i + 1, chain.why);
	}
	before[ENTRIES] = chain;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&lines_arena);
	arena_deinit(&scratch);
	dealer_close(&w);
	return 0;
}

/* Whether the check, having read the first `at` entries, takes this line. */
static bool taken(uint32_t at, struct str text)
{
	struct chain chain = before[at];

	arena_reset(&scratch);
	return chain_line(&chain, &scratch, text);
}

/* ---- every byte ---- */

/* The line as the file would show it with this byte in place: a new line end cuts it, and where the
 * old one was flipped the next line hangs on. */
static bool flip_taken(uint32_t at, char *text, size_t n, size_t byte, char flip)
{
	struct str seen;
	bool good;

	text[byte] = (char)(text[byte] ^ flip);
	seen = (struct str){text, text[byte] == '\n' ? byte : n};
	good = taken(at, seen);
	text[byte] = (char)(text[byte] ^ flip);
	return good;
}

static void every_byte(void **state)
{
	static char text[1 << 16];
	size_t step = is_long() ? 1 : STRIDE, flips = 0, place = 0, bytes = 0;

	(void)state;
	for (uint32_t i = 0; i < ENTRIES; i++) {
		size_t n = line[i].n;
		assert_true(n + 1 < sizeof(text));
		memcpy(text, line[i].p, n);
		for (; place < n; place += step, flips++) {
			/* One bit, another one from byte to byte: all eight come up. */
			char flip = (char)(1 << (flips % 8));
			if (!flip_taken(i, text, n, place, flip))
				continue;
			fail_msg("entry %u, byte %zu: %02x for %02x was not seen", i + 1, place,
				(unsigned char)(text[place] ^ flip), (unsigned char)text[place]);
		}
		place -= n;
		bytes += n;
	}
	assert_true(flips >= bytes / step);
	print_message("# %zu of %zu bytes flipped\n", flips, bytes);
}

/* A case is a bit too, and the one that means least: each letter of each line has its own. */
static void every_case(void **state)
{
	static char text[1 << 16];
	uint32_t step = is_long() ? 1 : 50;

	(void)state;
	for (uint32_t i = 0; i < ENTRIES; i += step) {
		memcpy(text, line[i].p, line[i].n);
		for (size_t k = 0; k < line[i].n; k++) {
			bool letter = (text[k] >= 'a' && text[k] <= 'z') ||
				      (text[k] >= 'A' && text[k] <= 'Z');
			if (letter && flip_taken(i, text, line[i].n, k, ' '))
				fail_msg("entry %u, byte %zu: its case was not seen", i + 1, k);
		}
	}
}

static void every_line_end(void **state)
{
	static char text[1 << 17];

	(void)state;
	for (uint32_t i = 0; i + 1 < ENTRIES; i++)
		for (int bit = 0; bit < 8; bit++) {
			size_t n = line[i].n;
			memcpy(text, line[i].p, n);
			text[n] = (char)('\n' ^ 1 << bit);
			memcpy(text + n + 1, line[i + 1].p, line[i + 1].n);
			assert_false(taken(i, (struct str){text, n + 1 + line[i + 1].n}));
		}
}

/* ---- every entry ---- */

static void every_entry_moved(void **state)
{
	(void)state;
	for (uint32_t i = 1; i < ENTRIES; i++) {
		/* Dropped: the next one comes, and is not the one that should stand there. */
		if (i + 1 < ENTRIES)
			assert_false(taken(i, line[i + 1]));
		/* Doubled. */
		assert_false(taken(i, line[i - 1]));
		/* Swapped with its neighbour: the later one comes first. */
		assert_false(taken(i - 1, line[i]) && i > 1);
		/* Another journal's, at its own number or not. */
		assert_false(taken(i, other[i % other_len]));
	}
	/* Of the first line nobody can say which entry should stand there, but the second fits only
	 * behind the right one. */
	assert_false(taken(1, line[2]));
	assert_false(taken(1, line[0]));
}

static void every_entry_cut(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < ENTRIES; i++)
		for (size_t n = i % TRUNCATED_STEP; n < line[i].n; n += TRUNCATED_STEP)
			assert_false(taken(i, (struct str){line[i].p, n}));
}

/* Somebody who knows the formula alters an entry and gives it the hash that fits: the next entry
 * does not stand on it. Who chains all that follow anew too is found by a checkpoint alone. */
static struct str chained(const struct hash *prev, struct str event, struct hash *hash)
{
	char hex[2][HASH_TEXT];

	*hash = event_hash(prev, event);
	return arena_printf(&scratch, "{\"event\":%.*s,\"hash\":\"%.*s\",\"prev\":\"%.*s\"}",
		STR_FMT(event), STR_FMT(hash_print(hash, hex[0])),
		STR_FMT(hash_print(prev, hex[1])));
}

static void every_entry_chained_anew(void **state)
{
	(void)state;
	for (uint32_t i = 0; i + 1 < ENTRIES; i++) {
		struct chain chain = before[i];
		struct hash hash;
		struct json entry, event;
		char *forged;
		arena_reset(&scratch);
		entry = arena_json(&scratch, line[i], NULL);
		event = json_get(entry, "event");
		struct str copy = arena_copy(&scratch, json_raw(event));
		forged = strstr(copy.p, "\"at\":\"2");
		assert_non_null(forged);
		forged[6] = '1';
		struct str anew = chained(&before[i].head, copy, &hash);
		assert_true(chain_line(&chain, &scratch, anew));
		assert_int_equal(chain.seq, i + 1);
		assert_memory_equal(chain.head.bytes, hash.bytes, HASH_LEN);
		assert_false(chain_line(&chain, &scratch, line[i + 1]));
	}
}

/* What a copyist may do: blanks, another order of members. It is the same journal. */
static void laid_out_anew(void **state)
{
	struct chain chain = before[9];
	struct json entry;

	(void)state;
	arena_reset(&scratch);
	entry = arena_json(&scratch, line[9], NULL);
	struct str anew = arena_printf(&scratch,
		"{ \"prev\": \"%.*s\", \"hash\": \"%.*s\",\t\"event\": %.*s }",
		STR_FMT(json_str_at(entry, "prev")), STR_FMT(json_str_at(entry, "hash")),
		STR_FMT(json_raw(json_get(entry, "event"))));
	assert_true(chain_line(&chain, &scratch, anew));
	assert_memory_equal(chain.head.bytes, before[10].head.bytes, HASH_LEN);
}

/* No hash covers what stands beside the three members: whoever reads a line may not meet there what
 * nobody signed. */
static void a_member_beside(void **state)
{
	struct chain chain = before[9];
	struct str more;

	(void)state;
	arena_reset(&scratch);
	more = arena_printf(
		&scratch, "{\"also\": {\"v\": 1}, %.*s", (int)line[9].n - 1, line[9].p + 1);
	assert_false(chain_line(&chain, &scratch, more));
	assert_string_equal(chain.why, "it has members beside event, hash and prev");
}

/* An entry that a later version wrote holds together and says more than this one can read. */
static void a_newer_version(void **state)
{
	struct chain chain = before[9];
	struct hash hash;

	(void)state;
	arena_reset(&scratch);
	struct json event = json_get(arena_json(&scratch, line[9], NULL), "event");
	struct str newer = arena_copy(&scratch, json_raw(event));
	char *version = strstr(newer.p, "\"v\":1}");
	assert_non_null(version);
	version[4] = '2';
	struct str anew = chained(&before[9].head, newer, &hash);
	assert_false(chain_line(&chain, &scratch, anew));
	assert_non_null(strstr(chain.why, "newer version of relais"));
}

/* What is wrong with a first line leaves nothing behind, not even the name it had. */
static void a_bad_first_line(void **state)
{
	struct chain chain = before[0];

	(void)state;
	arena_reset(&scratch);
	struct str bad = arena_copy(&scratch, line[0]);
	char *site = strstr(bad.p, "\"seq\":1,\"site\":\"");
	assert_non_null(site);
	site[16] ^= 1;
	assert_false(chain_line(&chain, &scratch, bad));
	assert_memory_equal(chain.journal, before[0].journal, sizeof chain.journal);
	assert_int_equal(chain.first_seq, 0);
}

/* ---- the golden export ---- */

static void golden(void **state)
{
	struct chain chain = {.seq = 0};
	char path[1024], why[200], hex[HASH_TEXT];
	struct str all;
	uint32_t lines = 0;

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/data/chain.jsonl", getenv("RELAIS_ROOT"));
	all = file_read(path, FILE_BYTES_MAX, why, sizeof(why));
	if (!all.p)
		fail_msg("%s", why);
	for (size_t at = 0; at < all.n; lines++) {
		const char *end = memchr(all.p + at, '\n', all.n - at);
		assert_non_null(end);
		size_t n = (size_t)(end - all.p) - at;
		arena_reset(&scratch);
		if (!chain_line(&chain, &scratch, (struct str){all.p + at, n}))
			fail_msg("line %u: %s", lines + 1, chain.why);
		at += n + 1;
	}
	file_free(all);
	assert_int_equal(lines, GOLDEN_ENTRIES);
	assert_string_equal(chain.journal, "LYO");
	assert_str(hash_print(&chain.head, hex),
		"743a09816230b6ef46dbce9eb02dbd7802a8cd789e6b09e5214f2b13dd5fa8b1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden),
		cmocka_unit_test(every_byte),
		cmocka_unit_test(every_case),
		cmocka_unit_test(every_line_end),
		cmocka_unit_test(every_entry_moved),
		cmocka_unit_test(every_entry_cut),
		cmocka_unit_test(every_entry_chained_anew),
		cmocka_unit_test(laid_out_anew),
		cmocka_unit_test(a_member_beside),
		cmocka_unit_test(a_newer_version),
		cmocka_unit_test(a_bad_first_line),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
