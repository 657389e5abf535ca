/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais backup` and `relais restore`: everything that DIR holds as one file, taken beside a
 * running server, and a directory made of such a file. */

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "fleet/backup.h"
#include "server/cli.h"
#include "server/env_uv.h"
#include "server/form.h"

enum { WHY_BYTES = 600, PAUSE_BYTES = 1 << 20, PAUSE_NS = 30000000 }; /* some 32 MiB a second */

static bool pause_briefly(void *context)
{
	const struct timespec t = {.tv_nsec = PAUSE_NS};
	(void)context;
	nanosleep(&t, NULL);
	return true;
}

static int backup_code(enum outcome o, const char *why)
{
	return cli_fail(o == FAULT_CORRUPT ? EX_DATAERR : EX_IOERR, "%s", why);
}

static void tell(const char *what, const struct backup_summary *s)
{
	char hex[HASH_TEXT];
	printf("%s: %" PRIu64 " entries in %" PRIu64 " journals, keys of %" PRIu64
	       " persons; made at %s, SHA-256 %.*s\n",
		what, s->entries, s->journals, s->persons, s->made_at,
		STR_FMT(hash_print(&s->sha256, hex)));
}

static const struct option data_option = OPTION_DATA;

const struct form form_backup = {
	.words = "FILE",
	.options = &data_option,
	.options_len = 1,
	.about = "All that DIR holds as one new file, read again before it gets its name; beside a "
		 "running server. The keys of persons and the signing key are in it: it is to be "
		 "kept as DIR is.",
};
const struct form form_restore = {
	.words = "FILE",
	.options = &data_option,
	.options_len = 1,
	.about = "Makes DIR, which must be missing or empty, from a backup.",
};

/* FILE and --data DIR, as both commands have them. */
static int words_read(int argc, char **argv, const char **dir, const char **file)
{
	char why[WHY_BYTES];
	struct option data = data_option;
	struct words words = {.min = 1, .max = 1};
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	*dir = option_value(&data);
	*file = words.value[0];
	return EX_OK;
}

int cli_backup(int argc, char **argv)
{
	char why[WHY_BYTES] = "the backup cannot be written";
	const char *dir = NULL;
	const char *file = NULL;
	struct fleet *fleet = NULL;
	struct backup_summary summary;
	const struct backup_pace pace = {.bytes = PAUSE_BYTES, .pause = pause_briefly};
	int code = words_read(argc, argv, &dir, &file);
	if (code == EX_OK)
		code = cli_fleet_open(&fleet, dir);
	if (code != EX_OK)
		return code;
	enum outcome o = backup_write(fleet, file, &pace, &summary, why, sizeof why);
	fleet_close(fleet);
	if (o != OK)
		return backup_code(o, why);
	tell(file, &summary);
	return EX_OK;
}

int cli_restore(int argc, char **argv)
{
	char why[WHY_BYTES] = "the backup cannot be restored";
	const char *dir = NULL;
	const char *file = NULL;
	struct backup_summary summary;
	int code = words_read(argc, argv, &dir, &file);
	if (code != EX_OK)
		return code;
	enum outcome o = backup_restore(file, dir, env_uv(), &summary, why, sizeof why);
	if (o != OK)
		return backup_code(o, why);
	tell(dir, &summary);
	return EX_OK;
}
