/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The port over a real PostgreSQL: what tests/unit/test_shared_journal asks of a journal in memory,
 * and what the database itself refuses. */

#include <glob.h>
#include <signal.h>

#include "fleet/checkpoint.h"
#include "sql/journal_pg_inside.h"
#include "tests/pg/pair.h"

#include "tests/lib/shared_cases.h"

/* What was read is acknowledged behind a commit of one's own. */
static void what_was_followed_is_durable(void **state)
{
	what_one_appends_the_other_follows(state);
	assert_true(postgres_ask(&postgres, database,
			    "SELECT sum(n)::int8 FROM relais.barrier WHERE server = 'a'") > 0);
}

static void two_batches_may_begin_alike(void **state)
{
	struct journal *j = journal_pg_port(a.pg);
	struct pending_entry both[2];
	struct journal_entry e;
	struct command c;
	struct txn t;

	(void)state;
	assert_int_equal(block(&a, "one", &c), OK);
	txn_begin(&t, fleet_store(a.fleet), false);
	assert_true(journal_entry(&t, STR("LYO"), c.seq, &e));
	both[0] = (struct pending_entry){.journal = STR("LYO"),
		.seq = e.seq,
		.prev = e.prev,
		.hash = e.hash,
		.bytes = e.bytes};
	both[1] = both[0];
	both[1].seq++;
	both[1].prev = both[0].hash;
	both[1].hash = event_hash(&both[1].prev, both[1].bytes);
	j->begin(j, NULL);
	assert_int_equal(j->append(j, &t, both, 1), APPEND_DONE);
	assert_int_equal(j->append(j, &t, both, 2), APPEND_LOST);
	txn_abort(&t);
	assert_int_equal(head_there(), c.seq);
}

static void say(void *context, const char *line)
{
	(void)context;
	print_message("# %s\n", line);
}

/* As a copy that took over without the last entry of Lyon would have it. */
static void lose_the_last(void)
{
	assert_string_equal(postgres_refusal(&postgres, database,
				    "SET session_replication_role = replica;"
				    "DELETE FROM relais.guard;"
				    "DELETE FROM relais.journal WHERE site = 'LYO' AND seq ="
				    " (SELECT max(seq) FROM relais.journal WHERE site = 'LYO')"),
		"");
}

static uint32_t lines_kept(const char *word)
{
	char pattern[SCRATCH_PATH * 2], line[1 << 16];
	uint32_t n = 0;
	glob_t g;

	snprintf(pattern, sizeof pattern, "%s/lost/*.jsonl", w.scratch.dir);
	if (glob(pattern, 0, NULL, &g) != 0)
		return 0;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		FILE *file = fopen(g.gl_pathv[i], "r");
		assert_non_null(file);
		while (fgets(line, sizeof line, file))
			n += strstr(line, word) != NULL;
		fclose(file);
	}
	globfree(&g);
	return n;
}

/* What was promised and is gone is named and kept; then the server that had more is made anew from
 * what all have, and goes on. */
static void a_journal_that_lost_entries_is_followed_from_there(void **state)
{
	const struct report report = {.say = say};
	struct checkpoints *notes = fleet_checkpoints(a.fleet);
	char scratch[SCRATCH_PATH * 2];
	struct command c;
	uint64_t before;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	before = head_there();
	w.fleet = a.fleet;
	(void)dealer_book(&w, DEALER_VIN_BARE, "C2", "loaner_brand", "grecale",
		"2036-03-11T09:00:00+01:00", "2036-03-12T09:00:00+01:00", OK);
	assert_int_equal(checkpoints_sign(notes, fleet_store(a.fleet), &report), 0);
	lose_the_last();
	assert_int_equal(block(&a, "two", &c), OK);
	assert_int_equal(c.outcome, OK); /* the day is free: that promise is no more */
	assert_int_equal(c.seq, before + 1);
	assert_non_null(strstr(pair_heard, "lost what was acknowledged here: LYO, entries"));
	assert_non_null(strstr(pair_heard, "bookings: LYO-000001"));
	assert_int_equal(lines_kept("LYO-000001"), 1);
	/* what it has is whole, and what was signed of the lost stands beside */
	assert_int_equal(
		fleet_verify(a.fleet, scratch_path(&w.scratch, "anew", scratch), &report), 0);
	assert_int_equal(checkpoints_check(notes, fleet_store(a.fleet), 1000, &report), 0);
	assert_int_equal(checkpoints_sign(notes, fleet_store(a.fleet), &report), 0);
	assert_int_equal(block(&b, "three", &c), OK);
	assert_int_equal(c.outcome, REFUSED_PROMISES_BROKEN);
	assert_int_equal(fleet_follow(a.fleet), OK);
	assert_int_equal(head_of(&a), head_of(&b));
}

/* Another went on meanwhile: the same place has another entry. */
static void of_two_histories_the_journals_counts(void **state)
{
	const struct report report = {.say = say};
	char scratch[SCRATCH_PATH * 2];
	struct command c;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	assert_int_equal(block(&a, "one", &c), OK);
	lose_the_last();
	assert_int_equal(block(&b, "other", &c), OK);
	assert_int_equal(c.outcome, OK);
	(void)postgres_ask(&postgres, database, /* as after any failover */
		"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
		" WHERE pid <> pg_backend_pid() AND application_name = 'relais'");
	while (fleet_follow(a.fleet) != OK)
		;
	assert_int_equal(head_of(&a), head_there());
	assert_int_equal(lines_kept("\"kind\":\"block"), 1);
	/* the key of the lost is free again, and what it asks for is decided at what there is */
	assert_int_equal(block(&a, "one", &c), OK);
	assert_false(c.replayed);
	assert_int_equal(c.outcome, REFUSED_PROMISES_BROKEN);
	assert_int_equal(
		fleet_verify(a.fleet, scratch_path(&w.scratch, "anew", scratch), &report), 0);
}

/* ---- what the database refuses by itself ---- */

static void the_journal_only_grows(void **state)
{
	static const char *const refused[][2] = {
		{"UPDATE relais.journal SET at = now()", "42501"},
		{"DELETE FROM relais.journal", "42501"},
		{"TRUNCATE relais.journal CASCADE", "42501"},
		{"UPDATE relais.identity SET id = id", "42501"},
		/* a hole, a place that is taken, a fork, a hash that is another's */
		{"INSERT INTO relais.journal SELECT site, seq + 2, prev_seq + 2, prev, hash, NULL,"
		 " at, bytes FROM relais.journal WHERE seq > 1 ORDER BY site, seq DESC LIMIT 1",
			"23503"},
		{"INSERT INTO relais.journal SELECT * FROM relais.journal LIMIT 1", "23505"},
		{"INSERT INTO relais.journal SELECT 'X', 1, NULL, prev, hash, NULL, at, bytes"
		 " FROM relais.journal WHERE seq = 2 LIMIT 1",
			"23514"},
		{"INSERT INTO relais.journal SELECT 'X', 1, NULL, prev, sha256(hash), NULL, at,"
		 " bytes FROM relais.journal WHERE seq = 1 LIMIT 1",
			"23514"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_string_equal(
			postgres_refusal(&postgres, database, refused[i][0]), refused[i][1]);
}

/* Who appends needs no more than relais_server has. */
static void a_server_has_few_rights(void **state)
{
	static const char *const refused[] = {
		"UPDATE relais.journal SET at = now()",
		"DELETE FROM relais.journal",
		"TRUNCATE relais.guard",
		"DELETE FROM relais.guard",
		"INSERT INTO relais.guard SELECT * FROM relais.guard",
		"UPDATE relais.person_key SET key = key",
		"DELETE FROM relais.barrier",
		"CREATE TABLE relais.mine (n int)",
		"ALTER TABLE relais.journal DISABLE TRIGGER ALL",
		"SELECT relais.guard_entry('LYO', '{}')",
	};
	struct command c;
	char sql[200];

	(void)state;
	(void)postgres_ask(
		&postgres, database, "CREATE ROLE few_rights LOGIN IN ROLE relais_server");
	close_server(&b);
	pair_as("few_rights");
	open_server(&b, b.scratch.dir, "b", false);
	assert_int_equal(block(&b, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		snprintf(sql, sizeof sql, "SET ROLE few_rights; %s", refused[i]);
		assert_string_equal(postgres_refusal(&postgres, database, sql), "42501");
	}
}

/* An entry of LYO that is no decision of ours: these effects, behind the head there. */
static enum append append_effects(const char *effects)
{
	struct journal *j = journal_pg_port(b.pg);
	struct event_head head = {
		.at = w.still.now, .by = STR("nobody"), .kind = STR("test"), .site = STR("LYO")};
	struct journal_head there;
	struct pending_entry e = {.journal = head.site, .at = head.at};
	enum append done;
	struct txn t;

	assert_int_equal(fleet_follow(b.fleet), OK);
	txn_begin(&t, fleet_store(b.fleet), false);
	assert_true(journal_head(&t, head.site, &there));
	e.seq = head.seq = there.seq + 1;
	e.prev = there.hash;
	e.bytes = event_write(&w.arena, &head, str_from(effects));
	e.hash = event_hash(&e.prev, e.bytes);
	j->begin(j, NULL);
	done = j->append(j, &t, &e, 1);
	txn_abort(&t);
	return done;
}

#define CLAIM(hour, until)                                              \
	"{\"from\":\"2036-05-05T" hour                                  \
	":00:00Z\",\"resource\":\"G1\",\"seat\":0,\"until\":\"2036-05-" \
	"05T" until ":00:00Z\",\"what\":1}"
#define PUT(id, claims)                                                              \
	"{\"doc\":{\"claims\":[" claims "]},\"id\":\"" id "\",\"kind\":\"booking\"," \
	"\"op\":\"put\"}"

/* Whatever a server believes: the database reads the claims by itself. */
static void nobody_promises_a_seat_twice(void **state)
{
	struct command c;
	int64_t before = postgres_ask(&postgres, database, "SELECT count(*) FROM relais.guard");

	(void)state;
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(
		postgres_ask(&postgres, database, "SELECT count(*) FROM relais.guard"), ++before);
	assert_int_equal(append_effects("[" PUT("x1", CLAIM("08", "10")) "," PUT(
				 "x2", CLAIM("09", "11")) "]"),
		APPEND_AWAY);
	assert_int_equal(
		append_effects("[" PUT("x1", CLAIM("09", "11")) ",{\"doc\":{\"claims\":[" CLAIM(
			"08", "10") "]},\"id\":\"x1\",\"kind\":\"booking\","
				    "\"op\":\"set\"}," PUT("x2", CLAIM("10", "11")) "]"),
		APPEND_DONE);
	assert_int_equal(
		postgres_ask(&postgres, database, "SELECT count(*) FROM relais.guard"), before + 2);
	assert_string_equal(
		postgres_refusal(&postgres, database,
			"INSERT INTO relais.guard SELECT"
			" site, kind, 'other', resource, seat, during FROM relais.guard LIMIT 1"),
		"23P01");
}

/* A batch asks for news of what it goes to; of all else the look of each second hears. */
static void a_batch_follows_its_own_journals(void **state)
{
	struct journal_head head;
	struct command c;
	struct str body;
	struct txn t;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	w.fleet = b.fleet;
	body = doc_merge(&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")),
		arena_json(&w.arena, STR("{}"), NULL));
	dealer_must(&w, VERB_SITE_PUT, "PAR", "PAR",
		arena_printf(&w.arena, "%.*s", STR_FMT(body)).p, OK);
	for (int followed = 0; followed < 2; followed++) {
		assert_int_equal(block(&a, "one", &c), OK);
		txn_begin(&t, fleet_store(a.fleet), false);
		assert_int_equal(journal_head(&t, STR("PAR"), &head), followed);
		txn_abort(&t);
		assert_int_equal(fleet_follow(a.fleet), OK);
	}
}

/* ---- while it is away ---- */

/* Who waited long already is not kept waiting for another whole round. */
static void a_round_ends_by_when_it_was_waited_for(void **state)
{
	struct journal *port = journal_pg_port(a.pg);
	const struct journal_round late = {.waited_ms = JOURNAL_ROUND_MS - JOURNAL_LEAST_MS};
	int64_t from_ms = pg_clock_ms(), fresh_ms;

	(void)state;
	port->begin(port, NULL);
	fresh_ms = a.pg->until_ms;
	port->begin(port, &late);
	assert_true(a.pg->until_ms < fresh_ms && a.pg->until_ms >= from_ms + JOURNAL_LEAST_MS);
}

static void away_is_said_in_time(void **state)
{
	struct command c;
	int64_t from_ms;

	(void)state;
	postgres_freeze(&postgres, true);
	from_ms = pg_clock_ms();
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(block(&a, "two", &c), FAULT_BUSY);
	/* far more than it takes, far less than for ever: one round, and nobody tries again yet */
	assert_true(pg_clock_ms() - from_ms < 20 * JOURNAL_ROUND_MS);
	postgres_freeze(&postgres, false);
	do
		(void)block(&a, "one", &c);
	while (c.outcome != OK && pg_clock_ms() - from_ms < POSTGRES_WAIT_MS);
	assert_int_equal(c.outcome, OK);
	assert_int_equal(head_of(&a), head_there());
}

/* A clock that is far off writes nothing, and goes on when it is right again. */
static void clocks_have_to_agree(void **state)
{
	int64_t there = w.still.now.s;
	struct command c;

	(void)state;
	w.still.now.s += 100;
	/* they are compared with each connection */
	(void)postgres_ask(&postgres, database,
		"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
		" WHERE pid <> pg_backend_pid() AND application_name = 'relais'");
	/* what others write is followed all the same */
	while (fleet_follow(a.fleet) != OK)
		;
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	w.still.now.s = there;
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
}

static void killed_it_comes_back(void **state)
{
	int64_t from_ms = pg_clock_ms();
	struct command c;

	(void)state;
	assert_int_equal(block(&a, "one", &c), OK);
	postgres_end(&postgres, SIGKILL);
	assert_int_equal(block(&a, "two", &c), FAULT_BUSY);
	postgres_start(&postgres);
	do
		(void)block(&a, "one", &c);
	while (c.outcome != OK && pg_clock_ms() - from_ms < POSTGRES_WAIT_MS);
	assert_int_equal(c.outcome, OK);
	assert_true(c.replayed);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, pair_make, pair_drop)
	const struct CMUnitTest tests[] = {
		T(what_was_followed_is_durable),
		T(a_lost_reply_is_asked_for_again),
		T(what_is_unknown_is_settled_first),
		T(a_place_that_is_taken_is_a_no),
		T(away_settles_nothing),
		T(two_batches_may_begin_alike),
		T(a_journal_that_lost_entries_is_followed_from_there),
		T(of_two_histories_the_journals_counts),
		T(the_journal_only_grows),
		T(a_server_has_few_rights),
		T(nobody_promises_a_seat_twice),
		T(a_batch_follows_its_own_journals),
		T(a_round_ends_by_when_it_was_waited_for),
		T(away_is_said_in_time),
		T(clocks_have_to_agree),
		T(killed_it_comes_back),
	};
	return cmocka_run_group_tests(tests, pair_postgres_open, pair_postgres_close);
}
