/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* An export or a data directory against what somebody has seen of it before: a signed checkpoint
 * kept elsewhere, and the key that tells whose it is. */

#include "server/cli_seen.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "fleet/checkpoint.h"
#include "server/cli.h"
#include "server/file.h"

enum { WHY_BYTES = 400, LINE_BYTES_MAX = 4 << 20 };

/* ---- the checkpoint ---- */

static int key_read(struct note_key *key, struct arena *a, const char *path)
{
	char why[WHY_BYTES];
	struct str text = file_read(path, NOTE_BYTES_MAX, why, sizeof why);
	if (!text.p)
		return cli_fail(EX_NOINPUT, "%s", why);
	bool good = note_key_read(key, a, text);
	file_free(text);
	return good ? EX_OK
		    : cli_fail(EX_DATAERR, "%s is not a key as relais audit key prints it", path);
}

int seen_read(struct seen *seen, const char *checkpoint, const char *key)
{
	char why[WHY_BYTES];
	struct arena a;
	const char *fault = NULL;
	if (!key)
		return EX_OK;
	arena_init(&a, ARENA_MAX_DEFAULT);
	int code = key_read(&seen->key, &a, key);
	seen->has_key = code == EX_OK;
	struct str text = code == EX_OK && checkpoint
				  ? file_read(checkpoint, NOTE_BYTES_MAX, why, sizeof why)
				  : STR_NULL;
	if (code == EX_OK && checkpoint && !text.p)
		code = cli_fail(EX_NOINPUT, "%s", why);
	else if (text.p && !note_read(&seen->note, &seen->key, &a, text, &fault))
		code = cli_fail(EX_DATAERR, "%s: %s", checkpoint, fault);
	if (text.p)
		file_free(text);
	arena_deinit(&a);
	seen->given = checkpoint && code == EX_OK;
	return code;
}

/* ---- an export ---- */

/* The entry that was signed is the one that was signed. */
static bool seen_fits(const struct seen *seen, struct chain *chain)
{
	if (!seen->given || chain->seq != seen->note.size ||
		strcmp(chain->journal, seen->note.journal) != 0 ||
		memcmp(chain->head.bytes, seen->note.hash.bytes, HASH_LEN) == 0)
		return true;
	snprintf(chain->why, sizeof chain->why,
		"it is not the one that was signed: the history up to it was written anew");
	chain->seq--; /* it does not count as good */
	return false;
}

/* Read to its end and good: is what was signed in it. False: told. */
static bool seen_whole(const struct seen *seen, const struct chain *chain, const char *path)
{
	uint64_t size = seen->note.size;
	if (chain->seq && strcmp(chain->journal, seen->note.journal) != 0)
		printf("%s: the checkpoint is of %s, the entries are of %s\n", path,
			seen->note.journal, chain->journal);
	else if (chain->seq < size)
		printf("%s: entry %" PRIu64 " is missing: %" PRIu64
		       " entries were signed, the tail was cut off\n",
			path, chain->seq + 1, size);
	else if (chain->first_seq > size)
		printf("%s: it begins with entry %" PRIu64 ", behind the %" PRIu64
		       " that were signed: export it from an earlier one\n",
			path, chain->first_seq, size);
	else
		return true;
	return false;
}

static int chain_tell(const struct chain *chain, const char *path, uint64_t lines)
{
	printf("%s: line %" PRIu64 ": ", path, lines);
	if (chain->seq) /* else nobody knows which entry should stand there */
		printf("entry %" PRIu64 " is not good: ", chain->seq + 1);
	printf("%s\n", chain->why);
	return EX_FAILED_CHECK;
}

/* Lines up to the bound. False at the end; *too_long where there is no end to a line. */
static bool line_read(FILE *f, char **buf, size_t *cap, struct str *line, bool *too_long)
{
	ssize_t n = getline(buf, cap, f);
	*too_long = n > LINE_BYTES_MAX;
	if (n < 0 || *too_long)
		return false;
	if (n && (*buf)[n - 1] == '\n')
		n--;
	*line = (struct str){*buf, (size_t)n};
	return true;
}

static int file_verify(FILE *f, const char *path, const struct seen *seen)
{
	struct chain chain = {.seq = 0};
	struct arena a;
	struct str line;
	char *buf = NULL;
	size_t cap = 0;
	uint64_t lines = 0;
	bool too_long = false;
	bool good = true;
	arena_init(&a, ARENA_MAX_DEFAULT);
	while (good && line_read(f, &buf, &cap, &line, &too_long)) {
		lines++;
		good = chain_line(&chain, &a, line) && seen_fits(seen, &chain);
		arena_reset(&a);
	}
	arena_deinit(&a);
	free(buf);
	if (ferror(f))
		return cli_fail(EX_IOERR, "%s cannot be read", path);
	if (too_long)
		return cli_fail(EX_DATAERR, "%s: line %" PRIu64 " is longer than any entry", path,
			lines + 1);
	if (!good)
		return chain_tell(&chain, path, lines);
	if (seen->given && !seen_whole(seen, &chain, path))
		return EX_FAILED_CHECK;
	char head[HASH_TEXT];
	if (!lines)
		printf("%s: no entries\n", path);
	else
		printf("%s: %" PRIu64 " entries of %s, %" PRIu64 " to %" PRIu64
		       ": the chain holds; head %.*s\n",
			path, lines, chain.journal, chain.first_seq, chain.seq,
			STR_FMT(hash_print(&chain.head, head)));
	return EX_OK;
}

int export_verify(const char *path, const struct seen *seen)
{
	FILE *f = fopen(path, "re");
	if (!f)
		return cli_fail(EX_NOINPUT, "%s cannot be read: %s", path, strerror(errno));
	int code = file_verify(f, path, seen);
	fclose(f);
	return code;
}

/* ---- a data directory ---- */

int seen_in_data(const struct seen *seen, const char *dir)
{
	struct fleet *fleet = NULL;
	const char *why = NULL;
	int code = seen->given ? cli_fleet_open(&fleet, dir) : EX_OK;
	if (code != EX_OK || !seen->given)
		return code;
	if (!checkpoint_holds(fleet_store(fleet), &seen->note, &why)) {
		printf("journal %s: it %s\n", seen->note.journal, why);
		code = EX_FAILED_CHECK;
	}
	fleet_close(fleet);
	return code;
}
