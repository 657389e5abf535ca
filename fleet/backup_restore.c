/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/backup.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/apply.h"
#include "fleet/attachment.h"
#include "fleet/checkpoint.h"
#include "fleet/data_dir.h"
#include "fleet/durable.h"
#include "fleet/erased.h"
#include "fleet/people_carry.h"

/*
 * All is made in DIR/restoring and looked at there; then its parts are moved up, DIR/data last. A
 * death on the way leaves a directory that no start takes for its own (fleet/birth.h).
 */

enum { ENTRIES_PER_TXN = 500, ROWS_PER_TXN = 500, WHY_BYTES = 400 };

struct restoring {
	const char *work; /* DIR/restoring */
	struct store *store;
	struct people *people;
	struct env *env; /* borrowed */
	struct txn txn;
	bool in_txn;
	uint32_t entries;			  /* and pieces, of the transaction */
	struct people_carried rows[ROWS_PER_TXN]; /* not committed yet, in rows_arena */
	size_t rows_len;
	struct arena arena, rows_arena;
	char why[WHY_BYTES]; /* an entry that reads cannot be kept */
};

/* ---- taking ---- */

static enum outcome entries_commit(struct restoring *r)
{
	if (!r->in_txn)
		return OK;
	r->in_txn = false;
	r->entries = 0;
	return txn_commit(&r->txn);
}

static enum outcome take_entry(void *context, const struct pending_entry *entry)
{
	struct restoring *r = context;

	if (!r->in_txn)
		txn_begin(&r->txn, r->store, true);
	r->in_txn = true;
	arena_reset(&r->arena);
	journal_store(&r->txn, entry);
	const char *why;
	enum outcome o = apply_outside(&r->txn, &r->arena, r->env, entry->bytes, &why);
	if (o == FAULT_CORRUPT)
		snprintf(r->why, sizeof r->why, "entry %llu of journal %.*s: %s",
			(unsigned long long)entry->seq, STR_FMT(entry->journal), why);
	if (o == OK && ++r->entries == ENTRIES_PER_TXN)
		o = entries_commit(r);
	return o;
}

static enum outcome take_part(void *context, struct str key, struct str value)
{
	struct restoring *r = context;

	if (!r->in_txn)
		txn_begin(&r->txn, r->store, true);
	r->in_txn = true;
	txn_put(&r->txn, DB_PARTS, key, value);
	if (r->txn.outcome != OK)
		return r->txn.outcome;
	return ++r->entries == ENTRIES_PER_TXN ? entries_commit(r) : OK;
}

static enum outcome take_note(void *context, struct str journal, struct str text)
{
	struct restoring *r = context;

	return checkpoints_put_note(r->work, journal, text);
}

static enum outcome take_key(void *context, struct str text)
{
	struct restoring *r = context;

	return checkpoints_put_key(r->work, text);
}

static enum outcome take_secret(void *context, struct str bytes)
{
	struct restoring *r = context;

	return people_carry_secret(r->people, (const uint8_t *)bytes.p);
}

static enum outcome rows_commit(struct restoring *r)
{
	enum outcome o = r->rows_len ? people_carry_in(r->people, r->rows, r->rows_len) : OK;

	r->rows_len = 0;
	arena_reset(&r->rows_arena);
	return o;
}

static enum outcome take_row(void *context, struct str key, struct str value)
{
	struct restoring *r = context;
	struct people_carried *row = &r->rows[r->rows_len++];

	*row = (struct people_carried){
		arena_copy(&r->rows_arena, key), arena_copy(&r->rows_arena, value)};
	if (r->rows_arena.full)
		return FAULT_MEMORY;
	return r->rows_len == ROWS_PER_TXN ? rows_commit(r) : OK;
}

/* ---- making ---- */

static enum outcome stores_fill(struct restoring *r, const char *file, struct backup_summary *out,
	char *why, size_t why_size)
{
	const struct backup_taker taker = {.context = r,
		.entry = take_entry,
		.note = take_note,
		.key = take_key,
		.secret = take_secret,
		.part = take_part,
		.row = take_row};
	char said[WHY_BYTES];
	enum outcome o = backup_read(file, &taker, out, said, sizeof(said));

	if (r->in_txn && o != OK) {
		txn_abort(&r->txn);
		r->in_txn = false;
	}
	if (o == OK)
		o = entries_commit(r);
	if (o == OK)
		o = rows_commit(r);
	if (o != OK)
		snprintf(why, why_size, "%s could not be restored: %s", file,
			o != FAULT_CORRUPT ? outcome_title(o)
			: *r->why	   ? r->why
					   : said);
	return o;
}

static enum outcome stores_make(struct restoring *r, const char *file, struct env *env,
	struct backup_summary *out, char *why, size_t why_size)
{
	struct store_options options = {.create = true};
	enum outcome o = store_open(&r->store, r->work, &options, why, why_size);

	if (o == OK)
		o = people_open(&r->people, r->work, env, true, why, why_size);
	if (o == OK)
		o = stores_fill(r, file, out, why, why_size);
	people_close(r->people);
	store_close(r->store);
	return o;
}

struct checking {
	char *why;
	size_t why_size;
};

static void say_why(void *context, const char *line)
{
	struct checking *c = context;

	snprintf(c->why, c->why_size, "what was restored is not good: %s", line);
}

/* Opened as a server would, which makes the search words too, rid of who was erased since, and
 * checked whole. */
static enum outcome made_check(const char *work, const char *erased, struct env *env,
	struct backup_summary *out, char *why, size_t why_size)
{
	struct fleet_options options = {.env = env};
	struct checking checking = {why, why_size};
	struct report report = {&checking, say_why};
	struct fleet *fleet;
	enum outcome o = fleet_open(&fleet, work, &options, why, why_size);

	if (o != OK)
		return o;
	out->erased = 0;
	if (*erased)
		o = erased_apply(fleet, erased, &out->erased, why, why_size);
	if (o == OK &&
		(fleet_audit_verify(fleet, &report) != 0 || attachments_check(fleet, &report) != 0))
		o = FAULT_CORRUPT;
	fleet_close(fleet);
	return o;
}

/* ---- the directory ---- */

static bool path_make(char out[PATH_MAX], const char *dir, const char *name)
{
	int n = snprintf(out, PATH_MAX, "%s/%s", dir, name);

	return n > 0 && n < PATH_MAX;
}

/* Missing, or with nothing in it but what a file system of its own brings along. */
static enum outcome dir_ready(const char *dir, bool *made, char *why, size_t why_size)
{
	const struct dirent *entry;
	enum outcome o = OK;

	*made = mkdir(dir, 0700) == 0;
	if (!*made && errno != EEXIST) {
		snprintf(why, why_size, "%s cannot be made: %s", dir, strerror(errno));
		return FAULT_DISK;
	}
	DIR *d = opendir(dir);
	if (!d) {
		snprintf(why, why_size, "%s cannot be read: %s", dir, strerror(errno));
		return FAULT_DISK;
	}
	while (o == OK && (entry = readdir(d)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
			strcmp(entry->d_name, "lost+found") != 0) {
			snprintf(why, why_size,
				"%s is not empty (%.80s): a backup is restored into a directory of "
				"its own",
				dir, entry->d_name);
			o = FAULT_CORRUPT;
		}
	closedir(d);
	return o;
}

static void files_remove(const char *dir)
{
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *d = opendir(dir);

	while (d && (entry = readdir(d)) != NULL)
		if (path_make(path, dir, entry->d_name))
			unlink(path); /* not what is a directory */
	if (d)
		closedir(d);
	rmdir(dir);
}

/* What was refused leaves nothing behind, so that the next backup finds the place as this one did.
 */
static void work_remove(const char *work)
{
	static const char *const parts[] = {"checkpoints", "people"};
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (path_make(path, work, parts[i]))
			files_remove(path);
	files_remove(work);
}

static bool move_up(const char *work, const char *dir, const char *name)
{
	char from[PATH_MAX], to[PATH_MAX];

	return path_make(from, work, name) && path_make(to, dir, name) &&
	       (rename(from, to) == 0 || errno == ENOENT);
}

static enum outcome record_write(const char *dir, const struct backup_summary *s, struct env *env)
{
	char path[PATH_MAX], at[INSTANT_TEXT], hex[HASH_TEXT], line[300];
	int n = snprintf(line, sizeof(line),
		"{\"at\":\"%.*s\",\"backup_made_at\":\"%s\",\"backup_sha256\":\"%.*s\"}\n",
		STR_FMT(instant_print_utc(env->now(env), at)), s->made_at,
		STR_FMT(hash_print(&s->sha256, hex)));

	ASSERT(n > 0 && (size_t)n < sizeof(line));
	if (!path_make(path, dir, "restored"))
		return FAULT_DISK;
	return durable_write(path, (struct str){line, (size_t)n});
}

static enum outcome all_move_up(const char *work, const char *dir, const struct backup_summary *s,
	struct env *env, char *why, size_t why_size)
{
	static const char *const left[] = {"data-lock", "lock"};
	char path[PATH_MAX];
	bool good = record_write(dir, s, env) == OK && move_up(work, dir, "people") &&
		    move_up(work, dir, "signing-key") && move_up(work, dir, "checkpoints") &&
		    data_dir_sync(work) == 0 && move_up(work, dir, "data") &&
		    data_dir_sync(work) == 0;

	if (!good) {
		snprintf(why, why_size, "%s cannot be filled: %s", dir, strerror(errno));
		return FAULT_DISK;
	}
	/* What is left are locks of a store that has moved away. */
	for (size_t i = 0; i < ARRAY_LEN(left); i++)
		if (path_make(path, work, left[i]))
			unlink(path);
	rmdir(work);
	return OK;
}

/* Which list, "" when there is none. False: too long a path. */
static bool list_find(char out[PATH_MAX], const char *file, const char *given)
{
	const char *slash = strrchr(file, '/');
	int n;

	if (given)
		n = snprintf(out, PATH_MAX, "%s", given);
	else
		n = snprintf(out, PATH_MAX, "%.*s" ERASED_FILE, slash ? (int)(slash + 1 - file) : 0,
			file);
	if (n < 0 || n >= PATH_MAX)
		return false;
	if (!given && access(out, F_OK) != 0)
		out[0] = '\0';
	return true;
}

enum outcome backup_restore(const char *file, const char *erased, const char *dir, struct env *env,
	struct backup_summary *out, char *why, size_t why_size)
{
	struct restoring r = {.env = env, .in_txn = false};
	char work[PATH_MAX], list[PATH_MAX];
	bool made;
	enum outcome o = backup_read(file, NULL, out, why, why_size);

	if (o == OK)
		o = dir_ready(dir, &made, why, why_size);
	if (o != OK)
		return o;
	if (!path_make(work, dir, "restoring") || !list_find(list, file, erased)) {
		snprintf(why, why_size, "a path is too long");
		return FAULT_DISK;
	}
	r.work = work;
	arena_init(&r.arena, ARENA_MAX_DEFAULT);
	arena_init(&r.rows_arena, ARENA_MAX_DEFAULT);
	o = stores_make(&r, file, env, out, why, why_size);
	arena_deinit(&r.arena);
	arena_deinit(&r.rows_arena);
	if (o == OK)
		o = made_check(work, list, env, out, why, why_size);
	if (o == OK)
		return all_move_up(work, dir, out, env, why, why_size);
	work_remove(work);
	if (made)
		rmdir(dir);
	return o;
}
