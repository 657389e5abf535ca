/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais import`: the file is read and checked whole, then written. */

#include "server/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/cli.h"
#include "server/env_uv.h"
#include "server/file.h"
#include "server/form.h"
#include "server/import_mapping.h"
#include "server/import_record.h"
#include "server/import_reject.h"
#include "server/progress.h"

enum { WHY_BYTES = 400 };
enum { OPT_DATA, OPT_DRY_RUN, OPT_MAPPING, OPT_REJECTED, OPT_LEN };

static void tell(void *context, const char *sentence)
{
	progress_clear(context);
	fprintf(stderr, "%s\n", sentence);
}

static void show(void *context, const char *what, uint64_t done, uint64_t all)
{
	progress_show(context, what, done, all);
}

static const char *separator_name(char separator)
{
	switch (separator) {
	case ',': return ", cells between commas";
	case ';': return ", cells between semicolons";
	case '\t': return ", cells between tabs";
	default: return ", JSON";
	}
}

static int write_rows(
	struct import *im, enum import_kind kind, struct str text, const struct import_rows *rows)
{
	enum outcome o = OK, end;

	fleet_gather(im->fleet, IMPORT_COMMIT_ENTRIES);
	if (kind == IMPORT_COVERAGES)
		o = import_play(im, rows, NULL);
	else if (kind == IMPORT_BOOKINGS)
		o = import_play(im, NULL, rows);
	else
		o = import_put_file(im, kind, text, rows);
	if (o == OK)
		o = import_record_end(im, "done");
	end = fleet_gather_end(im->fleet, o == OK);
	progress_clear(im->context);
	o = o != OK ? o : end;
	if (o != OK)
		return cli_fail(EX_IOERR,
			"%s: %s. What was written stays; import the file again to go on", im->file,
			outcome_title(o));
	printf("%u new, %u changed, %u as before, %u refused", im->counts.created,
		im->counts.changed, im->counts.same, im->counts.refused);
	if (im->counts.kept)
		printf(", %u younger values stay", im->counts.kept);
	if (im->counts.over)
		printf(", %u over already", im->counts.over);
	if (im->counts.not_yet)
		printf(", %u not made yet", im->counts.not_yet);
	putchar('\n');
	return im->faults ? EX_DATAERR : EX_OK;
}

/* The file of rejected rows: made before anything is written, for persons stand in it 0600 and
 * never over another file, which may be half corrected. NULL: told in *code. */
static FILE *rejected_create(const char *path, int *code)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;

	if (!out)
		*code = cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	if (!out && fd >= 0)
		close(fd);
	return out;
}

/* Gives what the import ends with. */
static int rejected_write(struct import *im, const char *path, FILE *out, struct str text)
{
	bool good;

	import_rejects_sort(im->rejects);
	good = import_rejects_write(im->rejects, out, text);
	if (!good)
		return cli_fail(EX_IOERR, "%s: the rejected rows could not be written", path);
	printf("%u rejected rows stand in %s\n", im->rejects->len, path);
	return EX_DATAERR;
}

static int import_text(struct import *im, enum import_kind kind, struct str text)
{
	struct import_record record = {.asked_by = im->by};
	struct hash sha256 = hash_of(text);
	struct import_rows rows;
	bool read;
	int code = EX_OK;

	import_record_init(&record, fleet_env(im->fleet), kind, &sha256);
	im->record = &record;
	import_rows_init(&rows);
	rows.names = import_kind_facts(kind)->verb != VERBS_LEN;
	read = import_read(im, kind, text, &rows);
	progress_clear(im->context);
	if (!read) {
		if (im->faults > IMPORT_FAULTS_TOLD_MAX)
			fprintf(stderr, "... and %u more\n", im->faults - IMPORT_FAULTS_TOLD_MAX);
		im->unreadable = true;
		code = cli_fail(
			EX_DATAERR, "%s: %u faults, nothing was written", im->file, im->faults);
	} else if (im->dry_run) {
		printf("%u rows are good; nothing was written (%s%s)\n", rows.len,
			im->understood.encoding, separator_name(im->understood.separator));
	} else {
		code = write_rows(im, kind, text, &rows);
	}
	import_rows_deinit(&rows);
	im->record = NULL;
	return code;
}

static int import_file(struct import *im, enum import_kind kind, const char *rejected)
{
	char why[WHY_BYTES];
	struct str text = file_read(im->file, IMPORT_FILE_BYTES_MAX, why, sizeof why);
	struct import_rejects rejects;
	FILE *out = NULL;
	int code = EX_OK;

	if (!text.p)
		return cli_fail(EX_NOINPUT, "%s", why);
	import_rejects_init(&rejects);
	if (rejected && (out = rejected_create(rejected, &code)))
		im->rejects = &rejects;
	if (code == EX_OK)
		code = import_text(im, kind, text);
	if (out && rejects.len > 0 && !im->unreadable && code != EX_IOERR)
		code = rejected_write(im, rejected, out, text);
	else if (out)
		unlink(rejected);
	if (out && fclose(out) != 0)
		code = cli_fail(EX_IOERR, "%s: %s", rejected, strerror(errno));
	import_rejects_deinit(&rejects);
	file_free(text);
	return code;
}

/* With the names of another system, where there is a mapping. */
static int import_mapped(
	struct import *im, enum import_kind kind, const char *mapping, const char *rejected)
{
	char why[WHY_BYTES];
	struct str text;
	struct import_mapping *m;
	int code;

	if (!mapping)
		return import_file(im, kind, rejected);
	text = file_read(mapping, IMPORT_FILE_BYTES_MAX, why, sizeof why);
	if (!text.p)
		return cli_fail(EX_NOINPUT, "%s", why);
	m = malloc(sizeof *m);
	if (!m) {
		file_free(text);
		return cli_fail(EX_OSERR, "there is not enough memory");
	}
	import_mapping_init(m, mapping);
	im->mapping = m;
	if (import_mapping_read(im, m, kind, text))
		code = import_file(im, kind, rejected);
	else
		code = cli_fail(
			EX_DATAERR, "%s: %u faults, nothing was written", mapping, im->faults);
	import_mapping_deinit(m);
	free(m);
	file_free(text);
	return code;
}

static int open_and_import(struct import *im, enum import_kind kind, const struct option *given)
{
	const char *dir = option_value(&given[OPT_DATA]);
	char why[WHY_BYTES] = "it cannot be opened";
	struct fleet_options options = {.env = env_uv(), .create = true};
	struct stat file;
	enum outcome o = fleet_open(&im->fleet, dir, &options, why, sizeof why);
	int code;

	if (o == FAULT_BUSY)
		return cli_fail(EX_IOERR,
			"%s is in use by a running relais: an import needs it alone, stop the "
			"server first",
			dir);
	if (o != OK)
		return cli_fail(EX_IOERR, "%s: %s", dir, why);
	im->now = options.env->now(options.env);
	/* A file that is not there is told when it is read; one from the future is of now. */
	im->as_of = im->now;
	if (stat(im->file, &file) == 0 && file.st_mtim.tv_sec < im->now.s)
		im->as_of.s = file.st_mtim.tv_sec;
	code = import_mapped(
		im, kind, option_value(&given[OPT_MAPPING]), option_value(&given[OPT_REJECTED]));
	fleet_close(im->fleet);
	return code;
}

static const struct option options[OPT_LEN] = {
	[OPT_DATA] = OPTION_DATA,
	[OPT_DRY_RUN] = {.name = "dry-run",
		.flag = true,
		.about = "read and check all of it, write nothing"},
	[OPT_MAPPING] = {.name = "mapping",
		.takes = "FILE",
		.about = "what another system calls its columns and values, for CSV"},
	[OPT_REJECTED] = {.name = "rejected",
		.takes = "FILE",
		.about = "takes the good rows of a CSV and writes the others to a new FILE"},
};

const struct form form_import = {
	.words = "KIND FILE",
	.options = options,
	.options_len = OPT_LEN,
	.about = "KIND is sites, resources, customers, vehicles, coverages, rulesets, bookings or "
		 "repair-orders; FILE is CSV or JSON. Every fault is told with its line, and then "
		 "nothing is written, unless --rejected takes the rows without. The same file "
		 "again changes nothing. Needs DIR alone: stop the server.",
};

int cli_import(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN];
	struct words words = {.min = 2, .max = 2};
	enum import_kind kind;
	struct progress progress;

	memcpy(o, options, sizeof o);

	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	if (!import_kind_from(&kind, str_from(words.value[0])))
		return cli_usage(
			"KIND must be sites, rulesets, resources, customers, vehicles, coverages, "
			"bookings or repair-orders");
	if (o[OPT_REJECTED].len && kind == IMPORT_COVERAGES)
		return cli_usage("a look-up of cover is several rows: coverages are taken whole or "
				 "not at all; leave --rejected out");
	progress = progress_on(stderr);
	struct import im = {
		.by = STR("import"),
		.dry_run = o[OPT_DRY_RUN].len > 0,
		.file = words.value[1],
		.tell = tell,
		.progress = show,
		.context = &progress,
	};
	return open_and_import(&im, kind, o);
}
