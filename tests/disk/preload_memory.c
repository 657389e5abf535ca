/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "tests/disk/record.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/*
 * Preloaded under the real program: the k-th time that the program itself (and none of its
 * libraries, which end the process when there is no memory) asks for memory, there is none. The
 * test says k, and when to begin to count, in a file that both have in memory.
 */

enum { EARLY_BYTES = 1 << 16, ALIGN = 16 };

static struct memory_order *order;
static uintptr_t program_from, program_until;

static int find_program(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	(void)context;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		if (p->p_type != PT_LOAD || !(p->p_flags & PF_X))
			continue;
		program_from = info->dlpi_addr + p->p_vaddr;
		program_until = program_from + p->p_memsz;
	}
	return 1; /* the first is the program */
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv(MEMORY_ORDER);
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *shared;

	if (fd < 0)
		return;
	dl_iterate_phdr(find_program, NULL);
	shared = mmap(NULL, sizeof(*order), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (shared != MAP_FAILED)
		order = shared;
}

static bool is_refused(const void *caller)
{
	uintptr_t at = (uintptr_t)caller;
	uint64_t n;

	if (!order || at < program_from || at >= program_until)
		return false;
	n = __atomic_add_fetch(&order->asked, 1, __ATOMIC_SEQ_CST);
	if (order->fails_at == 0 || n < order->fails_at || (n > order->fails_at && !order->ever))
		return false;
	errno = ENOMEM;
	return true;
}

/* What is asked for while the real functions are looked up; never given back. */
static void *early(size_t n)
{
	static _Alignas(ALIGN) char bytes[EARLY_BYTES];
	static size_t used;
	void *p = bytes + used;

	n = (n + ALIGN - 1) / ALIGN * ALIGN;
	if (n > sizeof(bytes) - used)
		abort();
	used += n;
	return p;
}

/* A function pointer comes out of dlsym as another pointer. */
#define REAL(type, name)                             \
	static union {                               \
		void *found;                         \
		type;                                \
	} real;                                      \
	static __thread bool looking;                \
	if (!real.found && !looking) {               \
		looking = true;                      \
		real.found = dlsym(RTLD_NEXT, name); \
		looking = false;                     \
	}

void *malloc(size_t n)
{
	REAL(void *(*call)(size_t), "malloc")
	if (!real.found)
		return early(n);
	return is_refused(__builtin_return_address(0)) ? NULL : real.call(n);
}

void *calloc(size_t count, size_t n)
{
	REAL(void *(*call)(size_t, size_t), "calloc")
	if (!real.found)
		return early(count * n);
	return is_refused(__builtin_return_address(0)) ? NULL : real.call(count, n);
}

void *realloc(void *p, size_t n)
{
	REAL(void *(*call)(void *, size_t), "realloc")
	if (!real.found)
		abort();
	return is_refused(__builtin_return_address(0)) ? NULL : real.call(p, n);
}
