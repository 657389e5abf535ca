/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * replay_NAME [--mutants N] FILE|FOLDER...: a target without a fuzzer. Each file is handed to it as
 * it is, and N times changed a little, always in the same way. An input that ends the process is
 * written to found/ in the working directory, and the line that plays it again is printed.
 */

#define _GNU_SOURCE /* program_invocation_short_name */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

enum { FILES_MAX = 4096, FILE_BYTES_MAX = 1 << 20, PATH_BYTES = 4096, CHANGES_MAX = 4 };

static struct {
	char *path[FILES_MAX];
	uint32_t len;
} files;
static struct str input; /* the one being tried, for on_end */
static uint64_t inputs;

/* ---- what was found ---- */

static char found_path[PATH_BYTES];

static void found_name(struct str bytes)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	char here[PATH_BYTES / 2];

	for (size_t i = 0; i < bytes.n; i++)
		sum = (sum ^ (uint8_t)bytes.p[i]) * UINT64_C(0x100000001b3);
	ASSERT(getcwd(here, sizeof here));
	snprintf(found_path, sizeof found_path, "%s/found/%s-%016" PRIx64, here,
		program_invocation_short_name, sum);
}

/* ASSERT and the sanitizers end with SIGABRT; nothing else is left to be done in this process. */
static void on_end(int signal_number)
{
	int file;

	(void)signal_number;
	found_name(input);
	mkdir("found", 0777);
	file = open(found_path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
	if (file >= 0 && write(file, input.p, input.n) == (ssize_t)input.n)
		fprintf(stderr, "Found. Again: %s %s\n", program_invocation_name, found_path);
	signal(SIGABRT, SIG_DFL);
	abort();
}

/* In memory of its own, so that the sanitizer sees the first byte that is read beyond it. */
static void try(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	ASSERT(copy);
	if (n)
		memcpy(copy, bytes, n);
	input = (struct str){(const char *)copy, n};
	ASSERT(LLVMFuzzerTestOneInput(copy, n) == 0);
	inputs++;
	input = STR_NULL;
	free(copy);
}

/* ---- small changes ---- */

static uint64_t chance(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t n)
{
	return (size_t)(chance(state) % n);
}

/* One change of `bytes`, which has room for twice its length; the new length. */
static size_t change(uint8_t *bytes, size_t n, uint64_t *state)
{
	static const uint8_t telling[] = "\0\xff\x7f\x80\"\\{}[],:;\n\r\t %=&+-0129/.";
	size_t at = below(state, n), len = 1 + below(state, n - at < 32 ? n - at : 32);

	switch (below(state, 6)) {
	case 0: bytes[at] ^= (uint8_t)(1u << below(state, 8)); return n;
	case 1: bytes[at] = telling[below(state, sizeof telling - 1)]; return n;
	case 2: return at; /* cut short */
	case 3:		   /* without a part */
		memmove(bytes + at, bytes + at + len, n - at - len);
		return n - len;
	case 4: /* a part twice */ memmove(bytes + at + len, bytes + at, n - at); return n + len;
	default: /* a part elsewhere */
		memmove(bytes + below(state, n - len + 1), bytes + at, len);
		return n;
	}
}

static void try_mutants(const uint8_t *bytes, size_t n, uint64_t mutants)
{
	uint8_t *changed = malloc(2 * n + CHANGES_MAX * 64);

	ASSERT(changed);
	for (uint64_t i = 0; n && i < mutants; i++) {
		uint64_t state = i ^ n << 32;
		size_t len = n;
		memcpy(changed, bytes, n);
		for (size_t k = 1 + below(&state, CHANGES_MAX); k && len; k--)
			len = change(changed, len, &state);
		try(changed, len);
	}
	free(changed);
}

/* ---- files ---- */

static void add(const char *path)
{
	struct stat st;
	struct dirent **entry;
	char below_it[PATH_BYTES];

	if (stat(path, &st) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	if (!S_ISDIR(st.st_mode)) {
		ASSERT(files.len < FILES_MAX);
		files.path[files.len] = strdup(path);
		ASSERT(files.path[files.len++]);
		return;
	}
	int n = scandir(path, &entry, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(below_it, sizeof below_it, "%s/%s", path, entry[i]->d_name);
		if (entry[i]->d_name[0] != '.')
			add(below_it);
		free(entry[i]);
	}
	free(n >= 0 ? entry : NULL);
}

static void play(const char *path, uint64_t mutants)
{
	static uint8_t bytes[FILE_BYTES_MAX];
	FILE *file = fopen(path, "rb");

	ASSERT(file);
	size_t n = fread(bytes, 1, sizeof bytes, file);
	ASSERT(!ferror(file) && n < sizeof bytes);
	fclose(file);
	try(bytes, n);
	try_mutants(bytes, n, mutants);
}

int main(int argc, char **argv)
{
	uint64_t mutants = 0;
	int first = 1;

	if (argc > 2 && strcmp(argv[1], "--mutants") == 0) {
		mutants = strtoull(argv[2], NULL, 10);
		first = 3;
	}
	for (int i = first; i < argc; i++)
		add(argv[i]);
	if (!files.len) {
		fprintf(stderr, "usage: %s [--mutants N] FILE|FOLDER...: no file is there\n",
			argv[0]);
		return EXIT_FAILURE;
	}
	signal(SIGABRT, on_end);
	try(NULL, 0);
	for (uint32_t i = 0; i < files.len; i++) {
		play(files.path[i], mutants);
		free(files.path[i]);
	}
	printf("%u files, %" PRIu64 " inputs\n", files.len, inputs);
	return EXIT_SUCCESS;
}
