/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais journal`: databases for journals that servers share, and the way there and back. */

#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

#include "fleet/share.h"
#include "server/cli.h"
#include "server/env_uv.h"
#include "server/form.h"
#include "server/progress.h"
#include "server/shared.h"
#include "sql/journal_copy.h"

enum { WHY_BYTES = 600, CONNECT_MS = 10000, MIGRATE_MS = 600000 };

const struct form form_journal_migrate = {
	.sub = "migrate",
	.words = "URL",
	.about = "Makes the database of URL ready for this version, or says that it is. A server "
		 "does it by itself where its role may.",
};
const struct form form_journal_copy = {
	.sub = "copy",
	.words = "FROM TO",
	.about = "Copies journals and the keys of persons; of FROM and TO one is a data directory "
		 "that no server has open, the other a postgresql:// address. What is there "
		 "already is gone on from, so that it can be interrupted; at the end every head is "
		 "compared by its hash. Users, tokens and attached files stay with their "
		 "directory.",
};

static int code_of(enum outcome o, const char *why)
{
	return cli_fail(o == FAULT_CORRUPT ? EX_DATAERR : EX_IOERR, "%s", why);
}

/* ---- migrate ---- */

static int migrated_code(const struct pg *pg, enum migrated m, uint32_t ran)
{
	switch (m) {
	case MIGRATED:
		printf("%" PRIu32 " of %" PRIu32 " files were run; the database is ready\n", ran,
			migrations_len());
		return EX_OK;
	case MIGRATE_NEEDED:
		return cli_fail(
			EX_NOPERM, "this role may not make the database ready: %s", pg->why);
	case MIGRATE_NEWER:
		return cli_fail(EX_DATAERR,
			"the database was made ready by another version of relais than this one");
	case MIGRATE_AWAY: return cli_fail(EX_IOERR, "PostgreSQL is away: %s", pg->why);
	case MIGRATE_FAILED: break;
	}
	return cli_fail(EX_DATAERR, "the database cannot be made ready: %s", pg->why);
}

static int run_migrate(const char *address)
{
	struct pg pg = {.conn = NULL};
	char why[PG_WHY_BYTES];
	uint32_t ran = 0;

	if (!pg_address_is_good(address, why, sizeof why))
		return cli_fail(EX_USAGE, "URL: %s", why);
	if (pg_connect(&pg, address, pg_clock_ms() + CONNECT_MS) != PG_DONE)
		return cli_fail(EX_IOERR, "PostgreSQL is away: %s", pg.why);
	enum migrated m = migrate(&pg, true, pg_clock_ms() + MIGRATE_MS, &ran);
	int code = migrated_code(&pg, m, ran);
	pg_drop(&pg);
	return code;
}

/* ---- copy ---- */

static void show(void *context, uint64_t done, uint64_t all)
{
	progress_show(context, "copying", done, all);
}

static int copy_out(const char *dir, const char *address)
{
	char why[WHY_BYTES] = "the directory cannot be copied";
	const struct journal_pg_options options = {
		.address = address, .env = env_uv(), .server = "copy", .migrate = true};
	struct progress progress = progress_on(stderr);
	struct journal_copy copy = {.tell = show, .context = &progress};
	struct fleet *fleet = NULL;
	int code = cli_fleet_open(&fleet, dir);
	if (code != EX_OK)
		return code;
	struct journal_pg *j = journal_pg_open(&options);
	ASSERT(j);
	journal_pg_expect(j, NULL, people_secret(fleet_people(fleet)));
	enum outcome o = journal_pg_connect(j, pg_clock_ms() + CONNECT_MS, why, sizeof why);
	if (o == OK)
		o = journal_copy(j, fleet, &copy, why, sizeof why);
	progress_clear(&progress);
	journal_pg_close(j);
	fleet_close(fleet);
	if (o != OK)
		return code_of(o, why);
	printf("%s: %" PRIu64 " entries of %" PRIu64 " journals, keys of %" PRIu64
	       " persons; %" PRIu64 " were copied now, every head has its hash\n",
		address, copy.entries, copy.journals, copy.keys, copy.copied);
	return EX_OK;
}

static int copy_in(const char *address, const char *dir)
{
	char why[WHY_BYTES] = "the journal cannot be copied";
	struct progress progress = progress_on(stderr);
	struct shared_progress told = {.tell = show, .context = &progress};
	struct shared *shared = shared_open(address, dir, env_uv());
	ASSERT(shared);
	struct fleet_options options = {
		.env = env_uv(), .journal = shared_journal(shared), .create = true};
	struct fleet *fleet = NULL;
	enum outcome o = fleet_open(&fleet, dir, &options, why, sizeof why);
	if (o == OK)
		o = shared_copy_in(shared, fleet, &told, why, sizeof why);
	progress_clear(&progress);
	shared_stop(shared);
	fleet_close(fleet);
	shared_close(shared);
	if (o != OK)
		return code_of(o, why);
	printf("%s: %" PRIu64 " entries; every head has its hash, and the directory stands alone\n",
		dir, told.done);
	return EX_OK;
}

static bool is_address(const char *word)
{
	return strncmp(word, "postgres", 8) == 0 && strstr(word, "://");
}

static int run_copy(const char *from, const char *to)
{
	char why[PG_WHY_BYTES];
	const char *address = is_address(from) ? from : to;

	if (is_address(from) == is_address(to))
		return cli_usage("journal copy: one of FROM and TO is a directory, the other a "
				 "postgresql:// address");
	if (!pg_address_is_good(address, why, sizeof why))
		return cli_fail(EX_USAGE, "%s: %s", address == from ? "FROM" : "TO", why);
	return address == to ? copy_out(from, to) : copy_in(from, to);
}

int cli_journal(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct words words = {.min = 2, .max = 3};
	if (!options_read(argc, argv, NULL, 0, &words, why, sizeof why))
		return cli_usage(why);
	if (strcmp(words.value[0], "migrate") == 0 && words.len == 2)
		return run_migrate(words.value[1]);
	if (strcmp(words.value[0], "copy") == 0 && words.len == 3)
		return run_copy(words.value[1], words.value[2]);
	return cli_usage("the commands are: journal migrate URL, journal copy FROM TO");
}
