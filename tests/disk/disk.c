/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/disk/disk.h"

#include <fcntl.h>
#include <sys/sendfile.h>

#define MEMORY_DIR "/dev/shm"

void disk_in_memory(void)
{
	if (access(MEMORY_DIR, W_OK) == 0)
		setenv("TMPDIR", MEMORY_DIR, 1);
}

void disk_make(struct disk *d)
{
	scratch_make(&d->scratch);
	scratch_path(&d->scratch, "record", d->record);
	scratch_path(&d->scratch, "full", d->full);
	scratch_path(&d->scratch, "counter", d->counter);
	disk_count_reset(d);
}

void disk_remove(struct disk *d)
{
	disk_unload();
	scratch_remove(&d->scratch);
}

void disk_preload(const char *library, const struct house *h)
{
	static const char kind[] = "verify_asan_link_order=0";
	const char *path = getenv(library), *asan = getenv("ASAN_OPTIONS");
	char options[600];

	if (!path || !*path)
		fail_msg("%s must name the library to preload", library);
	/* The sanitizer wants to be the first library, and only says so to be kind. */
	snprintf(options, sizeof(options), "%s:%.500s", kind, asan ? asan : "");
	if (!asan || !strstr(asan, kind))
		setenv("ASAN_OPTIONS", options, 1);
	setenv("LD_PRELOAD", path, 1);
	setenv(DISK_DIR, h->data, 1);
}

void disk_unload(void)
{
	static const char *const all[] = {"LD_PRELOAD", DISK_DIR, DISK_RECORD, DISK_NO_SYNC,
		DISK_FAIL, DISK_COUNT, DISK_FULL, MEMORY_ORDER};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		unsetenv(all[i]);
}

void disk_count_reset(const struct disk *d)
{
	int fd = open(d->counter, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	uint64_t zero = 0;

	assert_true(fd >= 0 && pwrite(fd, &zero, sizeof(zero), 0) == sizeof(zero));
	close(fd);
}

uint64_t disk_count(const struct disk *d)
{
	int fd = open(d->counter, O_RDONLY | O_CLOEXEC);
	uint64_t count = 0;

	assert_true(fd >= 0 && pread(fd, &count, sizeof(count), 0) == sizeof(count));
	close(fd);
	return count;
}

bool disk_serve(struct house *h, const char *config)
{
	const char *const argv[] = {getenv("RELAIS_BIN"), "serve", "--data", h->data, "--listen",
		"127.0.0.1:0", config ? "--config" : NULL, config, NULL};
	const char *colon;

	assert_non_null(argv[0]);
	if (!process_start(&h->server, argv, HOUSE_WAIT_MS))
		return false;
	colon = strrchr(h->server.line, ':');
	h->port = colon ? (int)strtol(colon + 1, NULL, 10) : 0;
	return h->port > 0;
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	struct stat st;

	assert_true(in >= 0 && out >= 0 && fstat(in, &st) == 0);
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = sendfile(out, in, NULL, (size_t)left);
		assert_true(n > 0);
		left -= n;
	}
	close(in);
	close(out);
}

void disk_copy(const char *from, const char *to)
{
	static const char *const files[] = {"data", "people/data"};
	char a[SCRATCH_PATH * 3], b[SCRATCH_PATH * 3];

	snprintf(b, sizeof(b), "%s/people", to);
	assert_true(mkdir(to, 0700) == 0 && mkdir(b, 0700) == 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(a, sizeof(a), "%s/%s", from, files[i]);
		snprintf(b, sizeof(b), "%s/%s", to, files[i]);
		copy_file(a, b);
	}
}

bool disk_is_long(void)
{
	const char *longer = getenv("RELAIS_LONG");

	return longer && *longer == '1';
}
