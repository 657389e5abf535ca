/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "tests/disk/preload.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PARTS_MAX = 1024 };

/* -1: nobody wants a record. */
static int record_fd(void)
{
	static int fd = -2;

	if (fd == -2) {
		const char *path = getenv(DISK_RECORD);
		fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path,
				    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)
			  : -1;
		if (fd >= 0)
			record_op((struct op_head){.kind = OP_START}, "", NULL, 0);
	}
	return fd;
}

void record_op(struct op_head head, const char *name, const struct iovec *parts, int parts_len)
{
	int fd = record_fd();
	struct iovec all[PARTS_MAX + 2];

	if (fd < 0)
		return;
	if (parts_len > PARTS_MAX)
		abort();
	head.name_bytes = (uint32_t)strlen(name);
	head.bytes = 0;
	for (int i = 0; i < parts_len; i++) {
		head.bytes += (uint32_t)parts[i].iov_len;
		all[i + 2] = parts[i];
	}
	all[0] = (struct iovec){&head, sizeof(head)};
	all[1] = (struct iovec){(void *)(uintptr_t)name, head.name_bytes};
	/* A record with a hole would prove anything. */
	if (syscall(SYS_writev, fd, all, parts_len + 2) !=
		(long)(sizeof(head) + head.name_bytes + head.bytes))
		abort();
}
