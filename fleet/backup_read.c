/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/backup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/attachment.h"
#include "fleet/people_carry.h"

/* Nothing of the file is believed: its versions first, then each line in its order, the chain as it
 * comes, and the sum at the end. */

#define VERSIONS_MARK STR("{\"backup\":")
#define JOURNALS_MAX 100000

struct reading {
	const struct backup_taker *taker; /* borrowed */
	struct backup_summary *out;	  /* borrowed */
	FILE *in;
	char *line; /* owned by getline */
	size_t cap;
	uint64_t number; /* of the line, from 1 */
	struct hash_run sum;
	struct arena arena, header;    /* of a line; of the first line */
	struct json journals, journal; /* the header's; whose entries are read now */
	uint64_t seq;		       /* so many of them were */
	struct hash hash;
	struct instant at;
	bool secret, ended;
	char *why;
	size_t why_size;
};

static enum outcome refuse(struct reading *r, const char *format, ...) PRINTF_LIKE(2, 3);

static enum outcome refuse(struct reading *r, const char *format, ...)
{
	va_list args;
	int n = snprintf(
		r->why, r->why_size, "line %llu of the backup ", (unsigned long long)r->number);

	va_start(args, format);
	if (n > 0 && (size_t)n < r->why_size)
		vsnprintf(r->why + n, r->why_size - (size_t)n, format, args);
	va_end(args);
	return FAULT_CORRUPT;
}

/* What the taker says is its own affair; a sentence stands in `why` already. */
#define TAKE(r, what, ...) \
	((r)->taker && (r)->taker->what ? (r)->taker->what((r)->taker->context, __VA_ARGS__) : OK)

/* ---- the header ---- */

static bool head_is_good(struct json head)
{
	struct hash hash;
	struct str journal = json_str_at(head, "journal");

	return journal.n && journal.n <= ID_MAX && json_int_at(head, "seq", 0) >= 1 &&
	       hash_parse(&hash, json_str_at(head, "hash"));
}

static enum outcome read_header(struct reading *r, struct str line)
{
	struct json doc = JSON_ABSENT, journals;
	struct str made_at, kept = arena_copy(&r->header, line);

	if (line.n > VERSIONS_MARK.n && memcmp(line.p, VERSIONS_MARK.p, VERSIONS_MARK.n) == 0 &&
		kept.p)
		doc = arena_json(&r->header, kept, NULL);
	if (!json_present(doc))
		return refuse(r, "is not that of a backup of relais");
	int64_t version = json_int_at(doc, "backup", 0);
	if (version < BACKUP_VERSION_OLDEST || version > BACKUP_VERSION ||
		!str_eq(json_str_at(doc, "data"), STORE_FORMAT) ||
		json_int_at(doc, "entry", 0) != ENTRY_VERSION)
		return refuse(r, "says that another version of relais wrote it, which this one "
				 "cannot read: restore it with that or a newer one");
	made_at = json_str_at(doc, "made_at");
	journals = json_get(doc, "journals");
	if (!json_is(journals, JSON_ARRAY) || json_count(journals) > JOURNALS_MAX || !made_at.n ||
		made_at.n >= sizeof(r->out->made_at))
		return refuse(r, "is damaged");
	memcpy(r->out->made_at, made_at.p, made_at.n);
	for (struct json j = json_first(journals); json_present(j); j = json_next(journals, j))
		if (!head_is_good(j))
			return refuse(r, "is damaged");
	r->out->journals = json_count(journals);
	r->journals = journals;
	r->journal = json_first(journals);
	return OK;
}

/* ---- entries ---- */

/* The journal is whole: its head must be the one that was promised. The next begins. */
static enum outcome journal_end(struct reading *r)
{
	struct hash said;

	ASSERT(hash_parse(&said, json_str_at(r->journal, "hash")));
	if (memcmp(said.bytes, r->hash.bytes, HASH_LEN) != 0)
		return refuse(r, "is not the last entry that its first line names");
	r->journal = json_next(r->journals, r->journal);
	r->seq = 0;
	r->hash = (struct hash){{0}};
	r->at = (struct instant){0};
	return OK;
}

static enum outcome read_entry(struct reading *r, struct json doc)
{
	struct pending_entry e = {.journal = json_str_at(r->journal, "journal"),
		.seq = r->seq + 1,
		.bytes = json_raw(json_get(doc, "event"))};
	struct event_head event;
	struct json effects;
	const char *fault = NULL;

	if (!e.bytes.n || !hash_parse(&e.prev, json_str_at(doc, "prev")) ||
		!hash_parse(&e.hash, json_str_at(doc, "hash")))
		return refuse(r, "is not the entry that should stand there");
	struct hash made = event_hash(&e.prev, e.bytes);
	if (memcmp(made.bytes, e.hash.bytes, HASH_LEN) != 0 ||
		memcmp(e.prev.bytes, r->hash.bytes, HASH_LEN) != 0)
		return refuse(r, "breaks the chain");
	if (event_read(&r->arena, e.bytes, &event, &effects, &fault) != OK)
		return refuse(r, "cannot be read: %s", fault ? fault : "no memory");
	if (event.seq != e.seq || !str_eq(event.site, e.journal) || event.at.s < r->at.s)
		return refuse(r, "stands at another place than it says");
	e.at = event.at;
	r->seq = e.seq;
	r->hash = e.hash;
	r->at = e.at;
	r->out->entries++;
	enum outcome o = TAKE(r, entry, &e);
	if (o == OK && e.seq == (uint64_t)json_int_at(r->journal, "seq", 0))
		o = journal_end(r);
	return o;
}

/* ---- what stands behind the entries ---- */

static enum outcome read_row(struct reading *r, struct json doc)
{
	struct str key, value;

	if (!base64url_decode(&r->arena, json_str_at(doc, "row"), &key) ||
		!base64url_decode(&r->arena, json_str_at(doc, "value"), &value) ||
		!people_carried_is_good(key, value))
		return refuse(r, "is not a key or a token");
	r->out->persons += key.p[0] == 'k';
	return TAKE(r, row, key, value);
}

static enum outcome read_part(struct reading *r, struct json doc)
{
	struct str key, value;

	if (!base64url_decode(&r->arena, json_str_at(doc, "part"), &key) ||
		!base64url_decode(&r->arena, json_str_at(doc, "value"), &value) ||
		!part_is_good(key, value))
		return refuse(r, "is not a piece of an attachment");
	r->out->parts++;
	return TAKE(r, part, key, value);
}

static enum outcome read_secret(struct reading *r, struct json doc)
{
	struct str secret;

	if (!base64url_decode(&r->arena, json_str_at(doc, "secret"), &secret) ||
		secret.n != SEAL_KEY_LEN || r->secret)
		return refuse(r, "is not the secret of an installation");
	r->secret = true;
	return TAKE(r, secret, secret);
}

static enum outcome read_end(struct reading *r, struct json doc)
{
	struct hash said;

	r->out->sha256 = hash_end(&r->sum);
	if (!hash_parse(&said, json_str_at(doc, "end")) ||
		memcmp(said.bytes, r->out->sha256.bytes, HASH_LEN) != 0)
		return refuse(r, "says another sum than the bytes before it have: it is damaged");
	if (!r->secret)
		return refuse(r, "ends a backup that has no secret");
	r->ended = true;
	return OK;
}

static enum outcome read_other(struct reading *r, struct json doc)
{
	struct str journal = json_str_at(doc, "journal"), note = json_str_at(doc, "note");
	struct str key = json_str_at(doc, "signing_key");

	if (json_present(json_get(doc, "end")))
		return read_end(r, doc);
	if (json_present(json_get(doc, "secret")))
		return read_secret(r, doc);
	if (json_present(json_get(doc, "part")))
		return read_part(r, doc);
	if (json_present(json_get(doc, "row")))
		return read_row(r, doc);
	if (key.n)
		return TAKE(r, key, key);
	if (journal.n && journal.n <= ID_MAX && note.n)
		return TAKE(r, note, journal, note);
	return refuse(r, "is nothing that a backup holds");
}

static enum outcome read_line(struct reading *r, struct str line)
{
	if (r->number == 1)
		return read_header(r, line);
	struct json doc = arena_json(&r->arena, line, NULL);
	if (!json_is(doc, JSON_OBJECT))
		return refuse(r, "is damaged");
	return json_present(r->journal) ? read_entry(r, doc) : read_other(r, doc);
}

/* ---- the file ---- */

static enum outcome read_all(struct reading *r)
{
	enum outcome o = OK;
	ssize_t n;

	while (o == OK && (n = getline(&r->line, &r->cap, r->in)) > 0) {
		struct str line = {r->line, (size_t)n - 1};
		r->number++;
		if (r->ended)
			return refuse(r, "stands behind the end");
		if (r->line[n - 1] != '\n' || n > BACKUP_LINE_MAX)
			return refuse(r, "is cut short or has no end: the backup is not whole");
		arena_reset(&r->arena);
		o = read_line(r, line);
		if (o == OK && !r->ended)
			hash_add(&r->sum, (struct str){r->line, (size_t)n});
	}
	if (o != OK || r->ended)
		return o;
	r->number++;
	return ferror(r->in) ? FAULT_DISK : refuse(r, "is missing: the backup was cut short");
}

enum outcome backup_read(const char *file, const struct backup_taker *taker,
	struct backup_summary *out, char *why, size_t why_size)
{
	struct reading r = {.taker = taker,
		.out = out,
		.in = fopen(file, "re"),
		.journals = JSON_ABSENT,
		.journal = JSON_ABSENT,
		.why = why,
		.why_size = why_size};

	*out = (struct backup_summary){.entries = 0};
	snprintf(why, why_size, "%s cannot be read: %s", file, strerror(errno));
	if (!r.in)
		return FAULT_DISK;
	hash_begin(&r.sum);
	arena_init(&r.arena, ARENA_MAX_DEFAULT);
	arena_init(&r.header, ARENA_MAX_DEFAULT);
	enum outcome o = read_all(&r);
	if (r.sum.md)
		(void)hash_end(&r.sum);
	arena_deinit(&r.arena);
	arena_deinit(&r.header);
	free(r.line);
	fclose(r.in);
	return o;
}
