/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais backup` and `relais restore`: everything that DIR holds as one file, taken beside a
 * running server, and a directory made of such a file. */

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>
#include <time.h>

#include "fleet/backup.h"
#include "fleet/erased.h"
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
enum { OPT_DATA, OPT_ERASED, OPT_LEN };
static const struct option restore_options[OPT_LEN] = {
	[OPT_DATA] = OPTION_DATA,
	[OPT_ERASED] = {.name = "erased",
		.takes = "LIST",
		.about = "who was erased since: what relais erased prints"},
};
const struct form form_restore = {
	.words = "FILE",
	.options = restore_options,
	.options_len = OPT_LEN,
	.about =
		"Makes DIR, which must be missing or empty, from a backup. Who was erased after it "
		"was made is erased again: by LIST, else by " ERASED_FILE " beside FILE.",
};
const struct form form_erased = {
	.options = &data_option,
	.options_len = 1,
	.about = "The ids of all who were erased, with those of their bookings and visits, one a "
		 "line: for relais restore --erased. Beside a running server.",
};

/* FILE and --data DIR, as both commands have them. */
static int words_read(int argc, char **argv, struct option *o, size_t o_len, const char **file)
{
	char why[WHY_BYTES];
	struct words words = {.min = 1, .max = 1};
	if (!options_read(argc, argv, o, o_len, &words, why, sizeof why))
		return cli_usage(why);
	*file = words.value[0];
	return EX_OK;
}

int cli_backup(int argc, char **argv)
{
	char why[WHY_BYTES] = "the backup cannot be written";
	struct option data = data_option;
	const char *file = NULL;
	struct fleet *fleet = NULL;
	struct backup_summary summary;
	const struct backup_pace pace = {.bytes = PAUSE_BYTES, .pause = pause_briefly};
	int code = words_read(argc, argv, &data, 1, &file);
	if (code == EX_OK)
		code = cli_fleet_open(&fleet, option_value(&data));
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
	struct option o[OPT_LEN];
	const char *file = NULL;
	struct backup_summary summary;
	memcpy(o, restore_options, sizeof o);
	int code = words_read(argc, argv, o, OPT_LEN, &file);
	if (code != EX_OK)
		return code;
	const char *dir = option_value(&o[OPT_DATA]);
	enum outcome outcome = backup_restore(
		file, option_value(&o[OPT_ERASED]), dir, env_uv(), &summary, why, sizeof why);
	if (outcome != OK)
		return backup_code(outcome, why);
	tell(dir, &summary);
	if (summary.erased)
		printf("erased again: %" PRIu64 " persons\n", summary.erased);
	return EX_OK;
}

static bool put_id(void *context, struct str id)
{
	(void)context;
	return printf("%.*s\n", STR_FMT(id)) > 0;
}

int cli_erased(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option data = data_option;
	struct words words = {.max = 0};
	struct fleet *fleet = NULL;
	uint64_t persons;
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	int code = cli_fleet_open(&fleet, option_value(&data));
	if (code != EX_OK)
		return code;
	enum outcome o = erased_list(fleet, &persons, NULL, put_id);
	fleet_close(fleet);
	return o == OK && fflush(stdout) == 0 ? EX_OK : cli_fail(EX_IOERR, "%s", outcome_title(o));
}
