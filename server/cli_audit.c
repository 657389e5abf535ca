/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais audit verify`, `relais audit replay`, `relais verify` and `relais rebuild`: is what is
 * stored what was written, would the same rules decide the same again, and the way back. */

#define _GNU_SOURCE /* nftw */

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "fleet/checkpoint.h"
#include "server/cli.h"
#include "server/cli_seen.h"
#include "server/env_uv.h"
#include "server/form.h"
#include "server/pack_check.h"

enum { WHY_BYTES = 400, PATH_BYTES = 4096, OPEN_DIRS_MAX = 8 };

static void tell_line(void *context, const char *line)
{
	(void)context;
	puts(line);
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

static const struct option data_option = OPTION_DATA;

const struct form form_verify = {
	.options = &data_option,
	.options_len = 1,
	.about = "Makes all rows anew from the journals, in a scratch directory, and compares them "
		 "one "
		 "by one with those of DIR.",
};
const struct form form_rebuild = {
	.options = &data_option,
	.options_len = 1,
	.about = "Makes the rows of DIR anew from its journals, where verify found that they "
		 "differ. "
		 "Needs DIR alone.",
};

int cli_verify(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option data = data_option;
	struct words words = {.max = 0};
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	return data_check(option_value(&data), verify_in_scratch, "differences from the journals");
}

/* Of a chain that is broken nothing is made: what was there may be all that is left. */
static int rebuild(struct fleet *fleet)
{
	struct report report = {.say = tell_line};
	if (fleet_audit_verify(fleet, &report) != 0)
		return cli_fail(EX_DATAERR, "nothing was changed: restore a backup instead");
	enum outcome o = fleet_rebuild(fleet);
	if (o != OK)
		return cli_fail(EX_IOERR, "nothing was changed: %s", outcome_title(o));
	puts("made anew from the journals");
	return EX_OK;
}

int cli_rebuild(int argc, char **argv)
{
	char why[WHY_BYTES] = "the data directory cannot be opened";
	struct option data = data_option;
	struct words words = {.max = 0};
	if (!options_read(argc, argv, &data, 1, &words, why, sizeof why))
		return cli_usage(why);
	struct fleet *fleet = NULL;
	struct fleet_options options = {.env = env_uv()};
	if (fleet_open(&fleet, option_value(&data), &options, why, sizeof why) != OK)
		return cli_fail(EX_IOERR, "%s", why);
	int code = rebuild(fleet);
	fleet_close(fleet);
	return code;
}

/* The public half of the signing key: who has it can check checkpoints, and sign none. */
static int key_print(const char *dir)
{
	struct fleet *fleet = NULL;
	int code = cli_fleet_open(&fleet, dir);
	if (code != EX_OK)
		return code;
	const struct note_key *key = checkpoints_key(fleet_checkpoints(fleet));
	struct arena a;
	arena_init(&a, ARENA_MAX_DEFAULT);
	if (key)
		printf("%.*s", STR_FMT(note_key_print(key, &a)));
	else
		code = cli_fail(EX_NOINPUT, "%s has no signing key yet: the server makes it", dir);
	arena_deinit(&a);
	fleet_close(fleet);
	return code;
}

enum { OPT_DATA, OPT_CHECKPOINT, OPT_KEY, OPT_LEN };

static const struct option audit_options[OPT_LEN] = {
	[OPT_DATA] = {.name = "data", .takes = "DIR", .about = "the data directory"},
	[OPT_CHECKPOINT] = {.name = "checkpoint",
		.takes = "FILE",
		.about = "a signed note that was kept elsewhere"},
	[OPT_KEY] = {.name = "key",
		.takes = "FILE",
		.about = "the key it is checked with: what audit key printed"},
};

const struct form form_audit_verify = {
	.sub = "verify",
	.words = "[FILE]",
	.options = audit_options,
	.options_len = OPT_LEN,
	.about = "Checks the hash chain of an export, or of all journals of DIR, and that they go "
		 "on from a checkpoint that was kept. Names the first bad entry. FILE may be an "
		 "audit pack: then all in it is held against its entries and every decision is "
		 "made again.",
};
const struct form form_audit_replay = {
	.sub = "replay",
	.options = &data_option,
	.options_len = 1,
	.about = "Decides every stored decision again, from its stored inputs and rule set.",
};
const struct form form_audit_key = {
	.sub = "key",
	.options = &data_option,
	.options_len = 1,
	.about = "Prints the public key that checkpoints are checked with.",
};

static int verify(const struct option *o, const struct words *words)
{
	const char *dir = option_value(&o[OPT_DATA]);
	const char *file = words->len == 2 ? words->value[1] : NULL;
	struct seen seen = {.given = false};
	bool pack = file && is_pack(file);
	if (!dir == !file || (o[OPT_CHECKPOINT].len && !o[OPT_KEY].len) ||
		(!o[OPT_CHECKPOINT].len && o[OPT_KEY].len && !pack))
		return cli_usage("audit verify takes FILE or --data DIR, and --checkpoint FILE "
				 "only together with --key FILE; a pack takes --key alone too");
	int code = seen_read(&seen, option_value(&o[OPT_CHECKPOINT]), option_value(&o[OPT_KEY]));
	if (code != EX_OK)
		return code;
	if (pack)
		return pack_verify(file, &seen);
	if (file)
		return export_verify(file, &seen);
	code = data_check(dir, fleet_audit_verify, "broken entries");
	return code == EX_OK ? seen_in_data(&seen, dir) : code;
}

int cli_audit(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN];
	struct words words = {.min = 1, .max = 2};
	if (argc > 0 && strcmp(argv[0], "export") == 0)
		return cli_audit_export(argc, argv);
	if (argc > 0 && strcmp(argv[0], "pack") == 0)
		return cli_audit_pack(argc, argv);
	memcpy(o, audit_options, sizeof o);
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	const char *dir = option_value(&o[OPT_DATA]);
	bool alone = words.len == 1 && dir && !o[OPT_CHECKPOINT].len && !o[OPT_KEY].len;
	if (strcmp(words.value[0], "verify") == 0)
		return verify(o, &words);
	if (strcmp(words.value[0], "replay") == 0 && alone)
		return data_check(dir, fleet_audit_replay, "decisions that differ");
	if (strcmp(words.value[0], "key") == 0 && alone)
		return key_print(dir);
	return cli_usage("the commands are: audit verify FILE, audit verify --data DIR, "
			 "audit replay --data DIR, audit key --data DIR, "
			 "audit export --data DIR --site SITE, "
			 "audit pack --data DIR --site SITE FILE");
}
