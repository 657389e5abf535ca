/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fleet/data_dir.h"
#include "fleet/store_inside.h"
#include "fleet/store_lmdb.h"

/*
 * Opening and closing; store_txn.c reads and writes, copy.c looks from outside. Each call of LMDB
 * answers a number; store_fault() (in copy.c) says what it means. Numbers that can only come from a
 * mistake of ours stop the process there.
 */

enum { READERS_MAX = 512, MODE = 0600 };
#define MAP_DEFAULT ((size_t)64 << 30)

static const char *const main_names[DB_COUNT] = {
	[DB_JOURNAL] = "journal",
	[DB_HEAD] = "head",
	[DB_REQUESTS] = "requests",
	[DB_ROWS] = "rows",
	[DB_INDEX] = "index",
	[DB_CLAIMS] = "claims",
	[DB_META] = "meta",
	[DB_PARTS] = "parts",
};

#define FORMAT_OURS STR("relais ")

struct opening {
	const char *dir;
	const struct store_options *options;
	const char *const *names;
	char *why;
	size_t why_size;
};

/* The system or LMDB would not: its words, after ours. */
static enum outcome cannot(const struct opening *o, const char *what, int error)
{
	snprintf(o->why, o->why_size, "%s: %s: %s", o->dir, what, mdb_strerror(error));
	return store_fault(error);
}

/* It would, but what lies there is not what we write. */
static enum outcome foreign(const struct opening *o, const char *what)
{
	snprintf(o->why, o->why_size, "%s %s", o->dir, what);
	return FAULT_CORRUPT;
}

static enum outcome environment_open(struct store *s, const struct opening *o, const char *path)
{
	const struct store_options *options = o->options;
	unsigned flags = MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD;
	size_t map = options->map_bytes ? options->map_bytes : MAP_DEFAULT;
	int error = mdb_env_create(&s->env);

	if (error)
		return cannot(o, "the store cannot be prepared", error);
	flags |= options->read_only ? MDB_RDONLY : 0;
	flags |= options->no_sync ? MDB_NOSYNC : 0;
	ASSERT(mdb_env_set_maxdbs(s->env, DB_COUNT) == 0);
	ASSERT(mdb_env_set_maxreaders(s->env, READERS_MAX) == 0);
	error = mdb_env_set_mapsize(s->env, store_map_bytes(map));
	if (!error && options->create)
		error = data_file_begin(path);
	if (!error)
		error = mdb_env_open(s->env, path, flags, MODE);
	/* What LMDB begins a file with is on disk before the first commit stands on it. */
	if (!error && options->create && !options->no_sync)
		error = mdb_env_sync(s->env, 1);
	if (error == MDB_INVALID || error == MDB_VERSION_MISMATCH)
		return foreign(o, "holds a data file that is damaged or not of relais");
	if (error)
		return cannot(o, "the store cannot be opened", error);
	if (!options->read_only)
		error = store_file_lengthen(s->env);
	return error ? cannot(o, "the data file cannot be measured", error) : OK;
}

/* An environment without a single database: just made, or its making was interrupted. */
static int is_fresh(MDB_txn *txn, bool *fresh)
{
	MDB_dbi root;
	MDB_stat stat;
	int error = mdb_dbi_open(txn, NULL, 0, &root);

	if (!error)
		error = mdb_stat(txn, root, &stat);
	*fresh = !error && stat.ms_entries == 0;
	return error;
}

static enum outcome format_check(struct store *s, const struct opening *o, MDB_txn *txn)
{
	MDB_val key = val_from(STORE_FORMAT_KEY), value;
	int error = mdb_get(txn, s->dbi[DB_META], &key, &value);
	struct str found;

	if (error == MDB_NOTFOUND)
		return foreign(o, "is not a data directory of relais");
	if (error)
		return cannot(o, "the format cannot be read", error);
	found = str_of(value);
	if (str_eq(found, STORE_FORMAT))
		return OK;
	if (found.n < FORMAT_OURS.n || memcmp(found.p, FORMAT_OURS.p, FORMAT_OURS.n) != 0)
		return foreign(o, "is not a data directory of relais");
	return foreign(o, "was written by another version of relais, which this one cannot read");
}

/* Within one transaction: the databases are all made with the format row, or all found with it. */
static enum outcome parts_open(struct store *s, const struct opening *o, MDB_txn *txn)
{
	bool fresh;
	int error = is_fresh(txn, &fresh);
	MDB_val key = val_from(STORE_FORMAT_KEY), value = val_from(STORE_FORMAT);

	if (error)
		return cannot(o, "the store is damaged", error);
	if (fresh && !o->options->create)
		return cannot(o, "there is no data in this directory", ENOENT);
	for (size_t i = 0; i < DB_COUNT; i++) {
		if (!o->names[i])
			continue;
		/* A directory from before there were attachments gets their place when it is
		 * served. */
		bool make = fresh || (i == DB_PARTS && o->options->create);
		error = mdb_dbi_open(txn, o->names[i], make ? MDB_CREATE : 0, &s->dbi[i]);
		if (error == MDB_NOTFOUND && i == DB_PARTS) {
			s->dbi[i] = 0;
			continue;
		}
		if (error == MDB_NOTFOUND || error == MDB_INCOMPATIBLE)
			return foreign(o, "is not a data directory of relais");
		if (error)
			return cannot(o, "the store is damaged", error);
	}
	if (!fresh)
		return format_check(s, o, txn);
	error = mdb_put(txn, s->dbi[DB_META], &key, &value, 0);
	if (!error && o->names == main_names) {
		key = val_from(STORE_PROJECTION_KEY);
		value = val_from(STORE_PROJECTION);
		error = mdb_put(txn, s->dbi[DB_META], &key, &value, 0);
	}
	return error ? cannot(o, "the store cannot be made", error) : OK;
}

static enum outcome contents_open(struct store *s, const struct opening *o, const char *path)
{
	MDB_txn *txn;
	int error = mdb_txn_begin(s->env, NULL, o->options->create ? 0 : MDB_RDONLY, &txn);
	enum outcome outcome;

	if (error)
		return cannot(o, "the store cannot be read", error);
	outcome = parts_open(s, o, txn);
	if (outcome) {
		mdb_txn_abort(txn);
		return outcome;
	}
	error = mdb_txn_commit(txn);
	/* The data is durable only under names that are: DIR/data in DIR, and DIR in its own
	 * parent. */
	if (!error && o->options->create && !o->options->no_sync)
		error = data_dir_sync(path);
	if (!error && o->options->create && !o->options->no_sync)
		error = data_dir_sync(o->dir);
	return error ? cannot(o, "the store cannot be made", error) : OK;
}

enum outcome store_open(struct store **out, const char *dir, const struct store_options *options,
	char *why, size_t why_size)
{
	struct store *s = calloc(1, sizeof(*s));
	struct opening o = {
		dir, options, options->names ? options->names : main_names, why, why_size};
	char path[PATH_MAX];
	enum outcome outcome;

	ASSERT(!options->names || options->names_len == DB_COUNT);
	ASSERT(o.names[DB_META] && !(options->create && options->read_only));
	*out = NULL;
	if (!s)
		return cannot(&o, "the store cannot be opened", ENOMEM);
	s->guard = GUARD_NONE;
	ASSERT(pthread_mutex_init(&s->mutex, NULL) == 0);
	ASSERT(pthread_cond_init(&s->unused, NULL) == 0);
	s->read_only = options->read_only;
	s->no_sync = options->no_sync;
	s->names = o.names;
	outcome = data_dir_ready(dir, options->create, path, why, why_size);
	if (!outcome && !options->no_lock)
		outcome = guard_take(&s->guard, dir, !options->read_only, why, why_size);
	if (!outcome)
		outcome = environment_open(s, &o, path);
	if (!outcome)
		outcome = contents_open(s, &o, path);
	if (outcome) {
		store_close(s);
		return outcome;
	}
	store_check_readers(s);
	*out = s;
	return OK;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	if (store->env)
		mdb_env_close(store->env);
	/* Last: who finds the guard free must find the files closed. */
	guard_drop(&store->guard);
	pthread_mutex_destroy(&store->mutex);
	pthread_cond_destroy(&store->unused);
	free(store);
}

/* ---- a file without what was deleted ---- */

/* LMDB leaves deleted bytes in pages that are free. */
static int copy_into(struct store *s, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE), error;

	if (fd < 0)
		return errno;
	error = mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT);
	if (!error && !s->no_sync && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && !error)
		error = errno;
	return error;
}

/* As far as the file system writes in place: nothing else can be done, so nothing is said. */
static void overwrite(int fd)
{
	static const char nothing[4096];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return;
	for (off_t at = 0; at < st.st_size; at += (off_t)sizeof(nothing)) {
		off_t left = st.st_size - at;
		size_t n = left < (off_t)sizeof(nothing) ? (size_t)left : sizeof(nothing);
		if (pwrite(fd, nothing, n, at) != (ssize_t)n)
			return;
	}
	(void)fsync(fd);
}

/* From here on there is no way back to the file that was open: it goes on, or the process ends. */
static void open_again(struct store *s, const char *dir, const char *path, size_t map)
{
	const struct store_options options = {.map_bytes = map, .no_sync = s->no_sync};
	char why[PATH_MAX + 200] = "";
	struct opening o = {dir, &options, s->names, why, sizeof(why)};

	memset(s->dbi, 0, sizeof(s->dbi));
	if (environment_open(s, &o, path) == OK && contents_open(s, &o, path) == OK)
		return;
	fprintf(stderr, "relais: %s\n", why);
	store_stop();
}

static enum outcome renew_alone(struct store *s, const char *dir)
{
	char path[PATH_MAX], fresh[PATH_MAX + 8], why[PATH_MAX + 200];
	MDB_envinfo info;
	int error, old;

	if (data_dir_ready(dir, false, path, why, sizeof(why)) != OK)
		return FAULT_DISK;
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	ASSERT(mdb_env_info(s->env, &info) == 0);
	error = copy_into(s, fresh);
	if (error) {
		unlink(fresh);
		return store_fault(error);
	}
	old = open(path, O_RDWR | O_CLOEXEC);
	mdb_env_close(s->env);
	if (rename(fresh, path) != 0 || (!s->no_sync && data_dir_sync(path) != 0))
		store_stop();
	open_again(s, dir, path, info.me_mapsize);
	overwrite(old);
	if (old >= 0)
		close(old);
	return OK;
}

enum outcome store_renew(struct store *store, const char *dir)
{
	enum outcome o;

	ASSERT(!store->read_only);
	pthread_mutex_lock(&store->mutex);
	while (store->users)
		pthread_cond_wait(&store->unused, &store->mutex);
	o = renew_alone(store, dir);
	pthread_mutex_unlock(&store->mutex);
	return o;
}

bool store_has(const struct store *store, enum db db)
{
	return store->dbi[db] != 0;
}
