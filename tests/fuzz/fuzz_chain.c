/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The lines of an export, as `relais audit verify` reads them: as they come, and with hashes that a
 * forger made right. A good line moves the chain on by one entry and is good at no other place; a
 * byte of it that is another one is noticed; a bad line leaves the chain where it stood.
 */

#include "server/chain.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mend.h"

enum { LINES_MAX = 64 };

static struct arena scratch;

static bool read_line(struct chain *chain, struct str line)
{
	if (!scratch.max)
		arena_init(&scratch, ARENA_MAX_DEFAULT);
	arena_reset(&scratch);
	return chain_line(chain, &scratch, line);
}

/* The byte is chosen by the hash, so by all of the line. */
static void check_altered(const struct chain *before, const struct chain *after, struct str line)
{
	struct chain chain = *before;
	char *altered;

	arena_reset(&scratch);
	altered = arena_alloc(&scratch, line.n);
	ASSERT(altered);
	memcpy(altered, line.p, line.n);
	altered[(after->head.bytes[0] | (size_t)after->head.bytes[1] << 8) % line.n] ^= 1;
	ASSERT(!chain_line(&chain, &scratch, (struct str){altered, line.n}));
}

static void check_line(struct chain *chain, struct str line)
{
	struct chain before = *chain, again;

	if (!read_line(chain, line)) {
		ASSERT(chain->why[0]);
		memcpy(before.why, chain->why, sizeof before.why);
		ASSERT(memcmp(&before, chain, sizeof before) == 0);
		return;
	}
	ASSERT(!before.seq || chain->seq == before.seq + 1);
	ASSERT(chain->first_seq >= 1 && chain->first_seq <= chain->seq);
	again = *chain;
	ASSERT(!read_line(&again, line));
	check_altered(&before, chain, line);
}

static void check_lines(struct str text)
{
	struct chain chain = {.seq = 0};
	uint32_t lines = 0;

	for (size_t at = 0, n; at < text.n && lines < LINES_MAX; at += n + 1, lines++) {
		const char *end = memchr(text.p + at, '\n', text.n - at);
		n = end ? (size_t)(end - text.p) - at : text.n - at;
		check_line(&chain, (struct str){text.p + at, n});
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = fuzz_str(data, size);

	check_lines(text);
	check_lines(mend_export(fuzz_arena(), text));
	return 0;
}
