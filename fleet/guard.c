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

/* statfs(2), and the headers of the kernel's file systems. */
static const struct {
	unsigned long type;
	const char *name;
} remote[] = {
	{0x6969, "NFS"},
	{0x517b, "SMB"},
	{0xff534d42, "CIFS"},
	{0xfe534d42, "SMB2"},
	{0x01021997, "9P"},
	{0x5346414f, "AFS"},
	{0x6b414653, "AFS"},
	{0x73757245, "Coda"},
	{0x564c, "NCP"},
	{0x00c36400, "Ceph"},
	{0x0bd00bd0, "Lustre"},
	{0x47504653, "GPFS"},
	{0x01161970, "GFS2"},
	{0x7461636f, "OCFS2"},
	{0x786f4256, "vboxsf"},
	{0xbacbacbc, "vmhgfs"},
};

const char *guard_remote_name(unsigned long f_type)
{
	/* The sign of f_type, and so what stands above 32 bits, differs between machines. */
	for (size_t i = 0; i < ARRAY_LEN(remote); i++)
		if (remote[i].type == (f_type & 0xffffffff))
			return remote[i].name;
	return NULL;
}

static const char *remote_name(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 ? guard_remote_name((unsigned long)fs.f_type) : NULL;
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
	const char *remotely = remote_name(g->fd);
	if (remotely) {
		snprintf(why, why_size,
			"%s is on a network file system (%s), where neither locks nor memory maps "
			"can be trusted: relais needs a local disk",
			dir, remotely);
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
