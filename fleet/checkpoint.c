/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/durable.h"
#include "fleet/walk.h"

#define SUFFIX ".note" /* a journal may be called ".." */
enum { LINE_BYTES = 400 };

struct checkpoints {
	char dir[PATH_MAX - 80]; /* DIR/checkpoints */
	struct note_key key;
	bool has_key;
	pthread_mutex_t signing; /* held for one journal at a time */
};

/* ---- places ---- */

/* False: the path is too long. */
static bool path_make(char out[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);

	return n > 0 && n < PATH_MAX;
}

static bool note_path(char out[PATH_MAX], const char *checkpoints, struct str journal)
{
	int n = snprintf(out, PATH_MAX, "%s/%.*s" SUFFIX, checkpoints, STR_FMT(journal));

	return n > 0 && n < PATH_MAX;
}

/* The journal whose note this file is. */
static bool note_name(const char *file, char journal[ID_MAX + 1])
{
	size_t n = strlen(file), tail = sizeof(SUFFIX) - 1;

	if (n <= tail || n - tail > ID_MAX || strcmp(file + n - tail, SUFFIX) != 0)
		return false;
	memcpy(journal, file, n - tail);
	journal[n - tail] = '\0';
	return true;
}

/* ---- opening ---- */

static bool some_note(const struct checkpoints *c)
{
	char journal[ID_MAX + 1];
	const struct dirent *entry;
	DIR *d = opendir(c->dir);
	bool some = false;

	while (d && !some && (entry = readdir(d)) != NULL)
		some = note_name(entry->d_name, journal);
	if (d)
		closedir(d);
	return some;
}

static enum outcome key_ready(struct checkpoints *c, const char *path, struct env *env, bool create)
{
	struct arena a;
	enum outcome o = OK;

	arena_init(&a, ARENA_MAX_DEFAULT);
	struct str text = durable_read(path, &a, NOTE_BYTES_MAX);
	c->has_key = text.p != NULL;
	if (text.p && (!note_key_read(&c->key, &a, text) || !c->key.can_sign))
		o = FAULT_CORRUPT;
	else if (!text.p && (errno != ENOENT || some_note(c)))
		o = FAULT_CORRUPT;
	else if (!text.p && create) {
		note_key_make(&c->key, env);
		o = durable_write(path, note_key_print_private(&c->key, &a));
		c->has_key = o == OK;
	}
	arena_deinit(&a);
	return o;
}

enum outcome checkpoints_open(struct checkpoints **out, const char *dir, struct env *env,
	bool create, char *why, size_t why_size)
{
	struct checkpoints *c = calloc(1, sizeof(*c));
	char path[PATH_MAX];
	enum outcome o = FAULT_DISK;

	*out = NULL;
	if (!c)
		return FAULT_MEMORY;
	ASSERT(pthread_mutex_init(&c->signing, NULL) == 0);
	int n = snprintf(c->dir, sizeof(c->dir), "%s/checkpoints", dir);
	snprintf(why, why_size, "%s: the place for checkpoints cannot be made", dir);
	if (n > 0 && (size_t)n < sizeof(c->dir) && path_make(path, dir, "signing-key") &&
		(!create || mkdir(c->dir, 0700) == 0 || errno == EEXIST)) {
		snprintf(why, why_size,
			"%s is damaged or lost: checkpoints cannot be signed or checked; put it "
			"back or restore a backup",
			path);
		o = key_ready(c, path, env, create);
	}
	if (o != OK) {
		checkpoints_close(c);
		return o;
	}
	*out = c;
	return OK;
}

void checkpoints_close(struct checkpoints *c)
{
	if (!c)
		return;
	explicit_bzero(&c->key, sizeof(c->key));
	pthread_mutex_destroy(&c->signing);
	free(c);
}

const struct note_key *checkpoints_key(const struct checkpoints *c)
{
	return c->has_key ? &c->key : NULL;
}

struct str checkpoint_text(const struct checkpoints *c, struct arena *a, struct str journal)
{
	char path[PATH_MAX];

	return note_path(path, c->dir, journal) ? durable_read(path, a, NOTE_BYTES_MAX) : STR_NULL;
}

/* ---- for a restore ---- */

enum outcome checkpoints_put_key(const char *dir, struct str text)
{
	char path[PATH_MAX];

	return path_make(path, dir, "signing-key") ? durable_write(path, text) : FAULT_DISK;
}

enum outcome checkpoints_put_note(const char *dir, struct str journal, struct str text)
{
	char folder[PATH_MAX], path[PATH_MAX];

	if (!path_make(folder, dir, "checkpoints") || !note_path(path, folder, journal) ||
		(mkdir(folder, 0700) != 0 && errno != EEXIST))
		return FAULT_DISK;
	return durable_write(path, text);
}

void checkpoint_set_aside(struct checkpoints *c, struct str journal, uint64_t size)
{
	char path[PATH_MAX], aside[PATH_MAX + 8];
	struct signed_note note = {.size = 0};
	const char *fault;
	struct arena a;

	if (!note_path(path, c->dir, journal))
		return;
	snprintf(aside, sizeof aside, "%s.lost", path);
	arena_init(&a, ARENA_MAX_DEFAULT);
	ASSERT(pthread_mutex_lock(&c->signing) == 0);
	struct str text = durable_read(path, &a, NOTE_BYTES_MAX);
	/* without it, one of fewer entries is made anew; where that fails the next start says so */
	if (text.p && note_read(&note, &c->key, &a, text, &fault) && note.size > size &&
		durable_write(aside, text) == OK)
		(void)unlink(path);
	ASSERT(pthread_mutex_unlock(&c->signing) == 0);
	arena_deinit(&a);
}

/* ---- checking ---- */

bool checkpoint_holds(struct store *store, const struct signed_note *note, const char **why)
{
	struct walk walk = {.journal = str_from(note->journal)};

	*why = "is shorter than its checkpoint: entries that were signed are gone";
	if (!walk_set(&walk, store, note->size))
		return false;
	*why = "has another history than the one that was signed";
	return memcmp(walk.hash.bytes, note->hash.bytes, HASH_LEN) == 0;
}

static void tell(const struct report *r, uint64_t *findings, struct str journal, const char *what)
{
	char line[LINE_BYTES + ID_MAX + 16];

	++*findings;
	snprintf(line, sizeof(line), "journal %.*s: %s", STR_FMT(journal), what);
	r->say(r->context, line);
}

/* Its last note: false with *why, where it does not read or the journal is another. No note is
 * one of nothing. */
static bool note_check(struct checkpoints *c, struct store *store, struct arena *a,
	struct str journal, struct signed_note *note, const char **why)
{
	struct str text = checkpoint_text(c, a, journal);

	*note = (struct signed_note){.size = 0};
	memcpy(note->journal, journal.p, journal.n);
	*why = "has a checkpoint that cannot be checked: there is no key";
	if (!text.p)
		return true;
	if (!c->has_key)
		return false;
	*why = "has a checkpoint that is damaged or not of this installation";
	const char *fault;
	if (!note_read(note, &c->key, a, text, &fault) || !str_is(journal, note->journal))
		return false;
	return checkpoint_holds(store, note, why);
}

static uint64_t notes_check(struct checkpoints *c, struct store *store, const struct report *report)
{
	char journal[ID_MAX + 1];
	const struct dirent *entry;
	struct arena a;
	uint64_t findings = 0;
	DIR *d = opendir(c->dir);

	arena_init(&a, ARENA_MAX_DEFAULT);
	while (d && (entry = readdir(d)) != NULL) {
		struct signed_note note;
		const char *why;
		arena_reset(&a);
		if (note_name(entry->d_name, journal) &&
			!note_check(c, store, &a, str_from(journal), &note, &why))
			tell(report, &findings, str_from(journal), why);
	}
	arena_deinit(&a);
	if (d)
		closedir(d);
	return findings;
}

uint64_t checkpoints_check(
	struct checkpoints *c, struct store *store, uint64_t recent, const struct report *report)
{
	struct walk_place place = {.journal = ""};
	uint64_t findings = notes_check(c, store, report);

	while (walk_next(&place, store)) {
		struct walk walk = {.journal = str_from(place.journal)};
		char what[LINE_BYTES];
		uint64_t n = place.head.seq;
		if (!walk_set(&walk, store, n > recent ? n - recent : 0))
			walk.why = "is missing";
		else if (walk_to(&walk, store, n) &&
			 memcmp(walk.hash.bytes, place.head.hash.bytes, HASH_LEN) != 0)
			walk.why = "is not the one that the head was made of";
		if (!walk.why)
			continue;
		snprintf(what, sizeof(what), "entry %llu %s", (unsigned long long)walk.seq + 1,
			walk.why);
		tell(report, &findings, walk.journal, what);
	}
	return findings;
}

/* ---- signing ---- */

/* NULL, or why nothing was signed. */
static const char *journal_sign(
	struct checkpoints *c, struct store *store, struct arena *a, const struct walk_place *place)
{
	struct walk walk = {.journal = str_from(place->journal)};
	char path[PATH_MAX];
	struct signed_note note;
	const char *why;

	if (!note_check(c, store, a, walk.journal, &note, &why))
		return why;
	if (note.size >= place->head.seq)
		return NULL;
	walk.seq = note.size;
	walk.hash = note.hash;
	if (!walk_to(&walk, store, place->head.seq))
		return "has an entry that is not good: it is not signed";
	note.size = walk.seq;
	note.hash = walk.hash;
	if (!note_path(path, c->dir, walk.journal) ||
		durable_write(path, note_write(&c->key, a, &note)) != OK)
		return "could not be signed: its checkpoint cannot be written";
	return NULL;
}

uint64_t checkpoints_sign(struct checkpoints *c, struct store *store, const struct report *report)
{
	struct walk_place place = {.journal = ""};
	struct arena a;
	uint64_t findings = 0;

	ASSERT(c->has_key);
	arena_init(&a, ARENA_MAX_DEFAULT);
	while (walk_next(&place, store)) {
		arena_reset(&a);
		ASSERT(pthread_mutex_lock(&c->signing) == 0);
		const char *why = journal_sign(c, store, &a, &place);
		ASSERT(pthread_mutex_unlock(&c->signing) == 0);
		if (why)
			tell(report, &findings, str_from(place.journal), why);
	}
	arena_deinit(&a);
	return findings;
}

enum outcome checkpoint_first(
	struct checkpoints *c, struct store *store, struct arena *a, struct str journal)
{
	struct walk_place place = {.journal = ""};
	struct txn t;
	enum outcome o;

	ASSERT(c->has_key && journal.n <= ID_MAX);
	memcpy(place.journal, journal.p, journal.n);
	txn_begin(&t, store, false);
	bool found = journal_head(&t, journal, &place.head);
	txn_abort(&t);
	if (!found)
		return REFUSED_NOT_FOUND;
	ASSERT(pthread_mutex_lock(&c->signing) == 0);
	o = journal_sign(c, store, a, &place) ? FAULT_CORRUPT : OK;
	ASSERT(pthread_mutex_unlock(&c->signing) == 0);
	return o;
}
