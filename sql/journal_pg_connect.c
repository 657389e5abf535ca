/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Coming to a PostgreSQL, and what has to hold there before anything is promised by it. */

#include <stdio.h>

#include "sql/journal_pg_inside.h"

/* lock_timeout: a try that stands behind an earlier one, whose commit waits for its copy, gives up
 * instead of filling the server's connections; it did nothing then. */
static const char settings_sql[] =
	"SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
	" WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),"
	" set_config('lock_timeout', '1s', false), set_config('statement_timeout', '0', false),"
	" set_config('default_transaction_isolation', 'read committed', false),"
	" set_config('search_path', 'pg_catalog', false),"
	" extract(epoch FROM clock_timestamp())::int8,"
	" (current_setting('fsync') <> 'on')::int4,"
	" (current_setting('full_page_writes') <> 'on')::int4,"
	" (current_setting('synchronous_standby_names') = '')::int4,"
	" (current_setting('server_encoding') <> 'UTF8')::int4,"
	" current_setting('server_version_num')::int4";
enum { AT_CLOCK = 5, AT_NO_FSYNC, AT_NO_FULL_PAGES, AT_NO_STANDBY, AT_NO_UTF8, AT_VERSION };
enum { VERSION_MIN = 130000, MEASURE_MS = 60000 };

static enum outcome settings(struct journal_pg *j, int64_t until_ms, char *why, size_t why_size)
{
	const struct pg_query q = {.sql = settings_sql};
	struct pg_rows rows;
	enum outcome o = OK;

	if (pg_ask(&j->pg, &q, until_ms, &rows) != PG_DONE) {
		snprintf(why, why_size, "PostgreSQL is away: %s", j->pg.why);
		return FAULT_BUSY;
	}
	j->skew_s = pg_number(&rows, 0, AT_CLOCK) - j->env->now(j->env).s;
	j->no_fsync = pg_number(&rows, 0, AT_NO_FSYNC);
	j->no_full_pages = pg_number(&rows, 0, AT_NO_FULL_PAGES);
	j->no_standby = pg_number(&rows, 0, AT_NO_STANDBY);
	if (pg_number(&rows, 0, AT_NO_UTF8) || pg_number(&rows, 0, AT_VERSION) < VERSION_MIN) {
		snprintf(why, why_size,
			"the database must be of PostgreSQL 13 or later and have the encoding "
			"UTF8");
		o = FAULT_CORRUPT;
	}
	pg_rows_free(&rows);
	return o;
}

/* What holds of the journal's connection, and whose database it is. */
static const char session_sql[] =
	"SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
	" WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false),"
	" set_config('lock_timeout', '1s', false), set_config('statement_timeout', '0', false),"
	" set_config('default_transaction_isolation', 'read committed', false),"
	" set_config('search_path', 'pg_catalog', false),"
	" (SELECT count(*) FROM relais.identity WHERE id = $1)";
enum { AT_SAME = 5 };

bool journal_session(struct pg *pg, const char *address, const char *id, int64_t until_ms)
{
	struct pg_query q = {.sql = session_sql, .len = 1, .value = {str_from(id)}};
	struct pg_rows rows;
	bool same;

	if (pg_connect(pg, address, until_ms) != PG_DONE ||
		pg_ask(pg, &q, until_ms, &rows) != PG_DONE)
		return false;
	same = pg_number(&rows, 0, AT_SAME) == 1;
	pg_rows_free(&rows);
	if (same)
		return true;
	pg_drop(pg);
	snprintf(pg->why, sizeof pg->why, "the database holds another journal");
	return false;
}

static enum outcome tables(struct journal_pg *j, int64_t until_ms, char *why, size_t why_size)
{
	int64_t later_ms = pg_clock_ms() + JOURNAL_MIGRATE_MS;
	uint32_t ran = 0;
	enum migrated m = migrate(&j->pg, false, until_ms, &ran);

	/* Tables are made once in the life of a journal: that may take its time. */
	if (m == MIGRATE_NEEDED && j->migrate && pg_is_connected(&j->pg))
		m = migrate(&j->pg, true, later_ms, &ran);
	switch (m) {
	case MIGRATED: return OK;
	case MIGRATE_NEEDED:
		snprintf(why, why_size,
			"the database has not all that this version needs, and this role may not "
			"make it: run relais journal migrate URL with a role that may%s%s",
			j->pg.why[0] ? "; " : "", j->pg.why);
		return FAULT_CORRUPT;
	case MIGRATE_NEWER:
		snprintf(why, why_size,
			"the database was made ready by another version of relais than this one");
		return FAULT_CORRUPT;
	case MIGRATE_FAILED:
		snprintf(why, why_size, "the database cannot be made ready: %s", j->pg.why);
		return FAULT_CORRUPT;
	case MIGRATE_AWAY: break;
	}
	snprintf(why, why_size, "PostgreSQL is away: %s", j->pg.why);
	return FAULT_BUSY;
}

static void tell_skew(struct journal_pg *j)
{
	char line[200];

	j->measured_ms = pg_clock_ms();
	if (j->was_skewed == journal_pg_is_skewed(j))
		return;
	j->was_skewed = !j->was_skewed;
	snprintf(line, sizeof line,
		"the clock of PostgreSQL is %lld s away from ours: nothing is written until they "
		"agree",
		(long long)j->skew_s);
	j->env->log(j->env, j->was_skewed ? line : "the clock of PostgreSQL and ours agree again");
}

void journal_pg_measure(struct journal_pg *j)
{
	const struct pg_query q = {.sql = "SELECT extract(epoch FROM clock_timestamp())::int8"};
	struct pg_rows rows;

	if (!journal_pg_is_skewed(j) && pg_clock_ms() - j->measured_ms < MEASURE_MS)
		return;
	/* what is wrong with the connection the next question finds as well */
	if (pg_ask(&j->pg, &q, j->until_ms, &rows) != PG_DONE)
		return;
	j->skew_s = pg_number(&rows, 0, 0) - j->env->now(j->env).s;
	pg_rows_free(&rows);
	tell_skew(j);
}

enum outcome journal_pg_connect(struct journal_pg *j, int64_t until_ms, char *why, size_t why_size)
{
	enum outcome o;

	if (pg_is_connected(&j->pg))
		return OK;
	journal_pg_forget_news(j);
	j->heads_checked = false;
	if (pg_connect(&j->pg, j->address, until_ms) != PG_DONE) {
		snprintf(why, why_size, "PostgreSQL is away: %s", j->pg.why);
		return FAULT_BUSY;
	}
	o = settings(j, until_ms, why, why_size);
	if (o == OK)
		o = tables(j, until_ms, why, why_size);
	if (o == OK)
		o = journal_pg_identity(j, until_ms, why, why_size);
	if (o == OK)
		tell_skew(j);
	else
		pg_drop(&j->pg);
	return o;
}

bool journal_pg_ready(struct journal_pg *j)
{
	char why[PG_WHY_BYTES + 200] = "";

	if (pg_is_connected(&j->pg))
		return true;
	if (pg_clock_ms() < j->not_before_ms)
		return false;
	if (journal_pg_connect(j, j->until_ms, why, sizeof why) != OK) {
		j->not_before_ms = pg_clock_ms() + JOURNAL_PAUSE_MS;
		if (!j->was_away)
			j->env->log(j->env, why);
		j->was_away = true;
		return false;
	}
	if (j->was_away)
		j->env->log(j->env, "PostgreSQL is back");
	j->was_away = false;
	return true;
}

void journal_pg_lost(struct journal_pg *j)
{
	char line[PG_WHY_BYTES + 100];

	if (pg_is_connected(&j->pg) && !j->pg.why[0])
		return; /* the round was over before it was asked */
	pg_drop(&j->pg);
	journal_pg_lanes_drop(j);
	journal_pg_forget_news(j);
	/* Silence took all the time that those who wait have: the next are told at once. */
	if (pg_clock_ms() >= j->until_ms)
		j->not_before_ms = pg_clock_ms() + JOURNAL_PAUSE_MS;
	if (!j->was_away) {
		snprintf(line, sizeof line, "PostgreSQL is away: %s",
			j->pg.why[0] ? j->pg.why : "it does not answer in time");
		j->env->log(j->env, line);
	}
	j->was_away = true;
}

void journal_pg_warnings(
	const struct journal_pg *j, void (*say)(void *context, const char *line), void *context)
{
	if (j->no_fsync)
		say(context, "PostgreSQL runs with fsync = off: a crash of its machine loses what "
			     "was acknowledged and may damage the rest");
	if (j->no_full_pages)
		say(context, "PostgreSQL runs with full_page_writes = off: a crash of its machine "
			     "may damage the journal");
	if (j->no_standby)
		say(context,
			"PostgreSQL has no synchronous standby (synchronous_standby_names is "
			"empty): what was acknowledged is on one machine, and is lost with it");
}
