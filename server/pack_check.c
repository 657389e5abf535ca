/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/pack_check.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/cli.h"

enum { MAGIC_AT = 257, MAGIC_LEN = 5, SUMS_NAME_AT = HASH_TEXT + 1 };

bool check_fault(struct pack_check *c, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(c->why, sizeof c->why, format, args);
	va_end(args);
	return false;
}

struct str check_line(struct str *rest)
{
	const char *end = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	struct str line = STR_NULL;

	if (end) {
		line = (struct str){rest->p, (size_t)(end - rest->p)};
		*rest = (struct str){end + 1, rest->n - line.n - 1};
	}
	return line;
}

uint32_t check_lines(struct str file)
{
	uint32_t n = 0;

	while (check_line(&file).p)
		n++;
	return n;
}

/* ---- the archive ---- */

static bool all_zero(struct str bytes)
{
	for (size_t i = 0; i < bytes.n; i++)
		if (bytes.p[i])
			return false;
	return true;
}

static struct str part_of(struct str bytes, size_t at, size_t n)
{
	return (struct str){bytes.p + at, n};
}

/* The file that should come next. */
static bool read_part(struct pack_check *c, int file, size_t *at)
{
	const char *name = pack_file_names[file];
	char wanted[TAR_NAME_MAX], found[TAR_NAME_MAX];
	uint64_t size;
	size_t left = c->bytes.n - *at, gap;

	snprintf(wanted, sizeof wanted, PACK_FOLDER "%s", name);
	if (left < TAR_BLOCK)
		return check_fault(c, "it is cut off before %s", name);
	if (!tar_head_read((const uint8_t *)c->bytes.p + *at, found, &size))
		return check_fault(
			c, "the head of %s, at byte %zu, is not as relais writes it", name, *at);
	if (strcmp(wanted, found) != 0)
		return check_fault(c, "%s stands where %s should", found, wanted);
	left -= TAR_BLOCK;
	gap = tar_padding(size);
	if (size > left || gap > left - size)
		return check_fault(c, "it is cut off within %s", name);
	c->file[file] = part_of(c->bytes, *at + TAR_BLOCK, (size_t)size);
	if (!all_zero(part_of(c->bytes, *at + TAR_BLOCK + (size_t)size, gap)))
		return check_fault(c, "something stands behind the end of %s", name);
	*at += TAR_BLOCK + (size_t)size + gap;
	return true;
}

static bool read_archive(struct pack_check *c)
{
	size_t at = 0;

	for (int i = 0; i < PACK_FILES_LEN; i++)
		if (!read_part(c, i, &at))
			return false;
	if (c->bytes.n - at < TAR_END)
		return check_fault(c, "it is cut off before its end");
	if (c->bytes.n - at > TAR_END || !all_zero(part_of(c->bytes, at, TAR_END)))
		return check_fault(c, "something stands behind its end");
	return true;
}

/* ---- what was signed ---- */

static bool check_sums(struct pack_check *c)
{
	struct str rest = c->file[PACK_SUMS];

	for (int i = 0; i < PACK_SUMS; i++) {
		struct hash made = hash_of(c->file[i]), said;
		struct str line = check_line(&rest);
		if (line.n < SUMS_NAME_AT || memcmp(line.p + HASH_TEXT - 1, "  ", 2) != 0 ||
			!str_is(part_of(line, SUMS_NAME_AT, line.n - SUMS_NAME_AT),
				pack_file_names[i]) ||
			!hash_parse(&said, part_of(line, 0, HASH_TEXT - 1)))
			return check_fault(c, "SHA256SUMS: line %d is not that of %s", i + 1,
				pack_file_names[i]);
		if (memcmp(made.bytes, said.bytes, HASH_LEN) != 0)
			return check_fault(c, "%s is not what SHA256SUMS says", pack_file_names[i]);
	}
	return !rest.n || check_fault(c, "SHA256SUMS says more than it should");
}

static bool check_signatures(struct pack_check *c, const struct seen *seen)
{
	struct hash sums = hash_of(c->file[PACK_SUMS]);
	const char *why = NULL;
	struct str site, text;

	if (!note_key_read(&c->key, &c->arena, c->file[PACK_KEY]) || c->key.can_sign)
		return check_fault(c, "key: it is no public key");
	if (seen->has_key && memcmp(seen->key.open, c->key.open, sizeof c->key.open) != 0)
		return check_fault(
			c, "key: it is %s, not %s that was given", c->key.name, seen->key.name);
	if (!note_read(&c->note, &c->key, &c->arena, c->file[PACK_CHECKPOINT], &why))
		return check_fault(c, "checkpoint: %s", why);
	site = str_from(c->note.journal);
	text = pack_signed_text(&c->arena, &c->key, site, &sums);
	if (!text.p || !note_signs(&c->key, &c->arena, text, c->file[PACK_SIGNED]))
		return check_fault(
			c, "SHA256SUMS.note: it does not sign this SHA256SUMS with this key");
	return true;
}

/* What somebody kept elsewhere, where it is of an entry that the pack has. */
static bool check_seen(struct pack_check *c, const struct seen *seen)
{
	const struct signed_note *n = &seen->note;
	struct hash hash;

	if (!seen->given)
		return true;
	if (strcmp(n->journal, c->note.journal) != 0)
		return check_fault(c, "the checkpoint kept is of %s, the pack of %s", n->journal,
			c->note.journal);
	if (n->size < c->first || n->size > c->note.size)
		return check_fault(c,
			"the checkpoint kept is of entry %" PRIu64 ", the pack has %" PRIu64
			" to %" PRIu64 ": they cannot be compared",
			n->size, c->first, c->note.size);
	struct json entry = arena_json(&c->scratch, c->entry[n->size - c->first], NULL);
	if (!hash_parse(&hash, json_str_at(entry, "hash")) ||
		memcmp(hash.bytes, n->hash.bytes, HASH_LEN) != 0)
		return check_fault(c,
			"journal.jsonl: entry %" PRIu64
			" is not the one that was signed: history was written anew",
			n->size);
	return true;
}

/* ---- the chain ---- */

static bool check_chain(struct pack_check *c)
{
	struct str rest = c->file[PACK_JOURNAL];
	struct chain chain = {.seq = 0};
	uint32_t n = check_lines(rest);

	c->entry = calloc(n + 1, sizeof *c->entry);
	if (!c->entry)
		return check_fault(c, "there is no memory to check it");
	for (uint32_t i = 0; i < n; i++) {
		arena_reset(&c->scratch);
		c->entry[i] = check_line(&rest);
		if (!chain_line(&chain, &c->scratch, c->entry[i]))
			return check_fault(
				c, "journal.jsonl: line %" PRIu32 ": %s", i + 1, chain.why);
		if (!arena_json(&c->scratch, c->entry[i], NULL).doc)
			return check_fault(c,
				"journal.jsonl: line %" PRIu32 " is not as relais writes it",
				i + 1);
	}
	c->entries = n;
	c->first = chain.first_seq;
	if (!n || rest.n || strcmp(chain.journal, c->note.journal) != 0 ||
		chain.seq != c->note.size ||
		memcmp(chain.head.bytes, c->note.hash.bytes, HASH_LEN) != 0)
		return check_fault(c, "journal.jsonl: it does not end with the entry that the "
				      "checkpoint signs");
	return true;
}

/* ---- all of it ---- */

static bool check_all(struct pack_check *c, const struct seen *seen)
{
	return read_archive(c) && check_sums(c) && check_signatures(c, seen) && check_chain(c) &&
	       check_seen(c, seen) && check_facts(c);
}

void pack_check_free(struct pack_check *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; i < c->rulesets; i++)
		free(c->ruleset[i]);
	free(c->entry);
	free(c->object);
	free(c->in_file);
	free(c->touch);
	free(c->decision);
	free(c->decision_met);
	arena_deinit(&c->arena);
	arena_deinit(&c->scratch);
	free(c);
}

struct pack_check *pack_check_bytes(struct str bytes, const struct seen *seen)
{
	struct pack_check *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->bytes = bytes;
	arena_init(&c->arena, ARENA_MAX_DEFAULT);
	arena_init(&c->scratch, ARENA_MAX_DEFAULT);
	c->good = check_all(c, seen);
	return c;
}

static int tell(const char *path, struct pack_check *c, const struct seen *seen)
{
	int code = EX_OK;

	if (!c)
		return cli_fail(EX_OSERR, "there is no memory to check %s", path);
	if (c->good) {
		printf("%s: good: %" PRIu32 " loans, %" PRIu32 " covered lines, %" PRIu32
		       " decisions made again; entries %" PRIu64 " to %" PRIu64
		       " of %s, signed by %s (%.*s)%s\n",
			path, c->bookings, c->lines, c->decisions, c->first, c->note.size,
			c->note.journal, c->key.name,
			STR_FMT(note_key_fingerprint(&c->key, &c->arena)),
			seen->has_key ? ""
				      : ", whose key the pack itself brings: compare it with "
					"what the dealership shows");
	} else {
		printf("%s: %s\n", path, c->why);
		code = EX_FAILED_CHECK;
	}
	pack_check_free(c);
	return code;
}

int pack_verify(const char *path, const struct seen *seen)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), code;
	struct stat st;
	void *bytes = MAP_FAILED;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (fd >= 0)
		close(fd);
	if (bytes == MAP_FAILED)
		return cli_fail(EX_NOINPUT, "%s cannot be read", path);
	code = tell(path, pack_check_bytes((struct str){bytes, (size_t)st.st_size}, seen), seen);
	munmap(bytes, (size_t)st.st_size);
	return code;
}

bool is_pack(const char *path)
{
	char magic[MAGIC_LEN];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool is = fd >= 0 && pread(fd, magic, MAGIC_LEN, MAGIC_AT) == MAGIC_LEN &&
		  memcmp(magic, "ustar", MAGIC_LEN) == 0;

	if (fd >= 0)
		close(fd);
	return is;
}
