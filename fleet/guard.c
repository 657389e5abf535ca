/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "fleet/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

/* File systems whose locks and memory maps are not those of one machine: LMDB must not live there.
 */
static bool is_remote(int fd)
{
	enum {
		NFS = 0x6969,
		SMB = 0x517b,
		CIFS = 0xff534d42u & INT_MAX,
		SMB2 = 0xfe534d42u & INT_MAX
	};
	struct statfs fs;
	unsigned long type;

	if (fstatfs(fd, &fs) != 0)
		return false;
	type = (unsigned long)fs.f_type & INT_MAX; /* the sign of f_type differs between machines */
	return type == NFS || type == SMB || type == CIFS || type == SMB2;
}

static enum outcome refuse(struct guard *g, enum outcome o)
{
	guard_drop(g);
	return o;
}

enum outcome guard_take(struct guard *g, const char *dir, bool writer, char *why, size_t why_size)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/lock", dir);
	/* One byte per process, owned by the open file and not by the process: a second open here
	 * meets the first, other processes have bytes of their own. */
	struct flock self = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = getpid(), .l_len = 1};

	*g = GUARD_NONE;
	if (n < 0 || (size_t)n >= sizeof(path)) {
		snprintf(why, why_size, "the path of the data directory is too long");
		return FAULT_DISK;
	}
	g->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (g->fd < 0) {
		snprintf(why, why_size, "%s cannot be opened: %s", path, strerror(errno));
		return FAULT_DISK;
	}
	if (is_remote(g->fd)) {
		snprintf(why, why_size, "%s is on a network file system; relais needs a local disk",
			dir);
		return refuse(g, FAULT_DISK);
	}
	if (fcntl(g->fd, F_OFD_SETLK, &self) != 0) {
		snprintf(why, why_size, "%s is already open in this process", dir);
		return refuse(g, FAULT_BUSY);
	}
	if (writer && flock(g->fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK) {
			snprintf(why, why_size, "%s cannot be locked: %s", path, strerror(errno));
			return refuse(g, FAULT_DISK);
		}
		snprintf(why, why_size, "%s is already in use by another relais", dir);
		return refuse(g, FAULT_BUSY);
	}
	return OK;
}

void guard_drop(struct guard *g)
{
	if (g->fd >= 0)
		close(g->fd);
	*g = GUARD_NONE;
}
