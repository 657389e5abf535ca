/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "fleet/data_dir.h"
#include "fleet/store_inside.h"
#include "fleet/store_lmdb.h"

/* A store looked at from outside: what its errors mean, how full it is, who reads it, and a copy
 * while it is in use. */

const char *store_library(void)
{
	return mdb_version(NULL, NULL, NULL);
}

enum outcome store_fault(int error)
{
	switch (error) {
	case 0: return OK;
	case MDB_MAP_FULL:
	case MDB_TXN_FULL:
	case ENOSPC:
	case EDQUOT: return FAULT_FULL;
	case ENOMEM: return FAULT_MEMORY;
	case MDB_READERS_FULL: return FAULT_BUSY;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
	case MDB_CURSOR_FULL:
	case MDB_PAGE_FULL:
	case MDB_INVALID:
	case MDB_VERSION_MISMATCH:
	case MDB_INCOMPATIBLE: return FAULT_CORRUPT;
	/* An earlier commit failed in its last write: what the disk holds is known after a restart.
	 */
	case MDB_PANIC: return FAULT_UNKNOWN;
	default: break;
	}
	ASSERT(error != MDB_KEYEXIST && error != MDB_NOTFOUND && error != MDB_BAD_VALSIZE);
	ASSERT(error != MDB_BAD_DBI && error != MDB_BAD_TXN);
	return FAULT_DISK;
}

/* LMDB tells a reader as "PID THREAD TXN", TXN "-" when it rests; a title comes first. */
static int reader_line(const char *line, void *context)
{
	uint64_t *oldest = context;
	const char *txn = strrchr(line, ' ');
	uint64_t n = txn && txn[1] >= '0' && txn[1] <= '9' ? strtoull(txn + 1, NULL, 10) : 0;

	if (n > 0 && (*oldest == 0 || n < *oldest))
		*oldest = n;
	return 0;
}

void store_usage(struct store *store, struct store_usage *out)
{
	MDB_envinfo info;
	MDB_stat stat;
	uint64_t oldest = 0;

	store_enter(store);
	ASSERT(mdb_env_info(store->env, &info) == 0 && mdb_env_stat(store->env, &stat) == 0);
	(void)mdb_reader_list(store->env, reader_line, &oldest);
	store_leave(store);
	*out = (struct store_usage){
		.used_bytes = ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize,
		.map_bytes = info.me_mapsize,
		.last_txn = info.me_last_txnid,
		.readers = info.me_numreaders,
		.readers_max = info.me_maxreaders,
		.oldest_txn = oldest,
	};
}

void store_stop(void)
{
	fputs("relais: the store is in doubt after a failed commit: stopping\n", stderr);
	fflush(NULL);
	_exit(EX_IOERR);
}

int store_file(struct store *store)
{
	mdb_filehandle_t fd = -1;

	ASSERT(mdb_env_get_fd(store->env, &fd) == 0);
	return fd;
}

/* A file that was cut short would kill the process with SIGBUS at the first page that is missing.
 * Lengthened with zeros, LMDB finds the damage itself and says so. */
int store_file_lengthen(struct MDB_env *env)
{
	MDB_envinfo info;
	MDB_stat stat;
	struct stat st;
	mdb_filehandle_t fd;
	int error = mdb_env_info(env, &info);

	if (!error)
		error = mdb_env_stat(env, &stat);
	if (!error)
		error = mdb_env_get_fd(env, &fd);
	if (error)
		return error;
	if (fstat(fd, &st) != 0)
		return errno;
	if ((uint64_t)st.st_size >= ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize)
		return 0;
	return ftruncate(fd, (off_t)((info.me_last_pgno + 1) * stat.ms_psize)) ? errno : 0;
}

uint32_t store_check_readers(struct store *store)
{
	int dead = 0;

	/* It helps when it can; when it cannot, the next one will. */
	return mdb_reader_check(store->env, &dead) == 0 ? (uint32_t)dead : 0;
}

/* ---- the map ---- */

void store_enter(struct store *store)
{
	pthread_mutex_lock(&store->mutex);
	store->users++;
	pthread_mutex_unlock(&store->mutex);
}

void store_leave(struct store *store)
{
	pthread_mutex_lock(&store->mutex);
	ASSERT(store->users > 0);
	if (--store->users == 0)
		pthread_cond_broadcast(&store->unused);
	pthread_mutex_unlock(&store->mutex);
}

size_t store_map_bytes(size_t bytes)
{
	enum { GRAIN = 1 << 16 };

	return (bytes + GRAIN - 1) / GRAIN * GRAIN;
}

bool store_adopt_map(struct store *store)
{
	pthread_mutex_lock(&store->mutex);
	bool adopted = store->users == 1 && mdb_env_set_mapsize(store->env, 0) == 0;
	pthread_mutex_unlock(&store->mutex);
	return adopted;
}

/* Address space only: nothing is taken of it. */
static bool is_to_be_had(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p != MAP_FAILED && munmap(p, bytes) == 0;
}

static enum outcome grow_alone(struct store *store, size_t bytes)
{
	MDB_envinfo info;

	ASSERT(mdb_env_info(store->env, &info) == 0);
	if (info.me_mapsize >= bytes)
		return OK;
	if (!is_to_be_had(bytes))
		return FAULT_MEMORY;
	/* It gives the old map up before it has the new one: without either nothing can go on. */
	if (mdb_env_set_mapsize(store->env, bytes) != 0)
		store_stop();
	return OK;
}

enum outcome store_grow(struct store *store, size_t map_bytes)
{
	enum outcome o = FAULT_BUSY;

	pthread_mutex_lock(&store->mutex);
	if (!store->users)
		o = grow_alone(store, store_map_bytes(map_bytes));
	pthread_mutex_unlock(&store->mutex);
	return o;
}

enum outcome store_copy(struct store *store, const char *file)
{
	int fd, error;

	/* Never over something that is there: it may be yesterday's only backup. */
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fault(errno);
	store_enter(store);
	error = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
	store_leave(store);
	if (!error && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && !error)
		error = errno;
	if (!error)
		error = data_dir_sync(file);
	/* Half a backup must not look like a whole one. */
	if (error)
		unlink(file);
	return store_fault(error);
}
