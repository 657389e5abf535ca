/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais audit verify`, `relais audit replay` and `relais verify`: is what is stored what was
 * written, and would the same rules decide the same again. */

#define _GNU_SOURCE /* nftw */

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/chain.h"
#include "server/cli.h"
#include "server/options.h"

enum { WHY_BYTES = 400, PATH_BYTES = 4096, LINE_BYTES_MAX = 4 << 20, OPEN_DIRS_MAX = 8 };

static void tell_line(void *context, const char *line)
{
	(void)context;
	puts(line);
}

/* ---- an export ---- */

/* Lines up to the bound. False at the end; *too_long where there is no end to a line. */
static bool line_read(FILE *f, char **buf, size_t *cap, struct str *line, bool *too_long)
{
	ssize_t n = getline(buf, cap, f);
	*too_long = n > LINE_BYTES_MAX;
	if (n < 0 || *too_long)
		return false;
	if (n && (*buf)[n - 1] == '\n')
		n--;
	*line = (struct str){*buf, (size_t)n};
	return true;
}

static int file_verify(FILE *f, const char *path)
{
	struct chain chain = {.seq = 0};
	struct arena a;
	struct str line;
	char *buf = NULL;
	size_t cap = 0;
	uint64_t lines = 0;
	bool too_long = false;
	bool good = true;
	arena_init(&a, ARENA_MAX_DEFAULT);
	while (good && line_read(f, &buf, &cap, &line, &too_long)) {
		lines++;
		good = chain_line(&chain, &a, line);
		arena_reset(&a);
	}
	arena_deinit(&a);
	free(buf);
	if (ferror(f))
		return cli_fail(EX_IOERR, "%s cannot be read", path);
	if (too_long)
		return cli_fail(EX_DATAERR, "%s: line %" PRIu64 " is longer than any entry", path,
			lines + 1);
	if (!good) {
		printf("%s: line %" PRIu64 ": ", path, lines);
		if (chain.seq) /* else nobody knows which entry should stand there */
			printf("entry %" PRIu64 " is not good: ", chain.seq + 1);
		printf("%s\n", chain.why);
		return EX_FAILED_CHECK;
	}
	char head[HASH_TEXT];
	if (!lines)
		printf("%s: no entries\n", path);
	else
		printf("%s: %" PRIu64 " entries of %s, %" PRIu64 " to %" PRIu64
		       ": the chain holds; head %.*s\n",
			path, lines, chain.journal, chain.first_seq, chain.seq,
			STR_FMT(hash_print(&chain.head, head)));
	return EX_OK;
}

static int export_verify(const char *path)
{
	FILE *f = fopen(path, "re");
	if (!f)
		return cli_fail(EX_NOINPUT, "%s cannot be read: %s", path, strerror(errno));
	int code = file_verify(f, path);
	fclose(f);
	return code;
}

/* ---- a data directory ---- */

static int data_check(const char *dir,
	uint64_t (*run)(struct fleet *f, const struct report *report), const char *what)
{
	struct fleet *fleet = NULL;
	int code = cli_fleet_open(&fleet, dir);
	if (code != EX_OK)
		return code;
	struct report report = {.say = tell_line};
	uint64_t found = run(fleet, &report);
	fleet_close(fleet);
	printf("%" PRIu64 " %s\n", found, what);
	return found ? EX_FAILED_CHECK : EX_OK;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

/* A scratch directory beside nothing of ours, gone afterwards. */
static uint64_t verify_in_scratch(struct fleet *f, const struct report *report)
{
	char dir[PATH_BYTES];
	const char *base = getenv("TMPDIR");
	int n = snprintf(dir, sizeof dir, "%s/relais-verify-XXXXXX", base && *base ? base : "/tmp");
	if (n < 0 || (size_t)n >= sizeof dir || !mkdtemp(dir)) {
		report->say(report->context, "no scratch directory can be made; set TMPDIR");
		return 1;
	}
	uint64_t found = fleet_verify(f, dir, report);
	nftw(dir, remove_one, OPEN_DIRS_MAX, FTW_DEPTH | FTW_PHYS);
	return found;
}

int cli_verify(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option data = {.name = "data", .required = true};
	struct words words = {.max = 0};
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	return data_check(option_value(&data), verify_in_scratch, "differences from the journals");
}

int cli_audit(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option data = {.name = "data"};
	struct words words = {.min = 1, .max = 2};
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	const char *dir = option_value(&data);
	bool verify = strcmp(words.value[0], "verify") == 0;
	if (verify && words.len == 2 && !dir)
		return export_verify(words.value[1]);
	if (verify && words.len == 1 && dir)
		return data_check(dir, fleet_audit_verify, "broken entries");
	if (strcmp(words.value[0], "replay") == 0 && words.len == 1 && dir)
		return data_check(dir, fleet_audit_replay, "decisions that differ");
	return cli_usage("the commands are: audit verify FILE, audit verify --data DIR, "
			 "audit replay --data DIR");
}
