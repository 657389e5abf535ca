/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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

void store_usage(struct store *store, struct store_usage *out)
{
	MDB_envinfo info;
	MDB_stat stat;

	ASSERT(mdb_env_info(store->env, &info) == 0 && mdb_env_stat(store->env, &stat) == 0);
	*out = (struct store_usage){
		.used_bytes = ((uint64_t)info.me_last_pgno + 1) * stat.ms_psize,
		.map_bytes = info.me_mapsize,
		.last_txn = info.me_last_txnid,
		.readers = info.me_numreaders,
		.readers_max = info.me_maxreaders,
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

void store_check_readers(struct store *store)
{
	int dead;

	/* It helps when it can; when it cannot, the next one will. */
	(void)mdb_reader_check(store->env, &dead);
}

enum outcome store_copy(struct store *store, const char *file)
{
	int fd, error;

	/* Never over something that is there: it may be yesterday's only backup. */
	fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return store_fault(errno);
	error = mdb_env_copyfd2(store->env, fd, MDB_CP_COMPACT);
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
