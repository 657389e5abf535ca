/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The port over a real PostgreSQL: what tests/unit/test_shared_journal asks of a journal in memory,
 * and what the database itself refuses. */

#include <signal.h>

#include "sql/journal_pg.h"
#include "tests/lib/dealership.h"
#include "tests/pg/postgres.h"

/* What the wire does with the next appends, one letter each; at its end all is well. */
enum { REPLY_LOST = 'r', NEVER_ARRIVES = 'n', AWAY = 'a' };

struct server {
	struct journal link; /* first: its functions find the rest by it */
	struct scratch scratch;
	struct journal_pg *pg;
	struct fleet *fleet;
	const char *wire;
};

static struct postgres postgres;
static char database[20], url[POSTGRES_URL_BYTES];
static struct dealership w; /* its store is the first server's */
static struct server a, b;

static struct journal *port(struct journal *self)
{
	return journal_pg_port(((struct server *)(void *)self)->pg);
}

static enum append append(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t count)
{
	struct server *s = (struct server *)(void *)self;
	char fate = *s->wire ? *s->wire++ : '\0';
	enum append done;

	if (fate == AWAY)
		return APPEND_AWAY;
	if (fate == NEVER_ARRIVES)
		return APPEND_UNKNOWN;
	done = port(self)->append(port(self), t, entries, count);
	return fate == REPLY_LOST ? APPEND_UNKNOWN : done;
}

static enum journal_read read_next(
	struct journal *self, struct txn *t, struct arena *arena, struct pending_entry *out)
{
	return port(self)->read(port(self), t, arena, out);
}

static void begin(struct journal *self)
{
	port(self)->begin(port(self));
}

static void open_server(struct server *s, const char *dir, const char *name, bool create)
{
	struct fleet_options options = {.env = &w.still.env,
		.journal = &s->link,
		.create = create,
		.no_sync = true,
		.map_bytes = 64 << 20};
	const struct journal_pg_options at = {
		.address = url, .env = &w.still.env, .server = name, .migrate = true};
	char why[400] = "";

	s->link = (struct journal){.append = append, .read = read_next, .begin = begin};
	s->wire = "";
	s->pg = journal_pg_open(&at);
	assert_non_null(s->pg);
	if (journal_pg_connect(s->pg, pg_clock_ms() + POSTGRES_WAIT_MS, why, sizeof why) != OK)
		fail_msg("%s", why);
	if (fleet_open(&s->fleet, dir, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
}

static void close_server(struct server *s)
{
	fleet_close(s->fleet);
	journal_pg_close(s->pg);
}

/* What the dealership has already becomes the journal. */
static void move_in(void)
{
	struct journal *j = journal_pg_port(a.pg);
	struct str name = STR_NULL;
	struct txn t;

	txn_begin(&t, fleet_store(a.fleet), false);
	while (journal_next_name(&t, &name)) {
		struct journal_entry e;
		for (uint64_t seq = 1; journal_entry(&t, name, seq, &e); seq++) {
			const struct pending_entry entry = {.journal = name,
				.seq = seq,
				.prev = e.prev,
				.hash = e.hash,
				.bytes = e.bytes};
			j->begin(j);
			assert_int_equal(j->append(j, &t, &entry, 1), APPEND_DONE);
		}
	}
	txn_abort(&t);
}

static int make(void **state)
{
	static int n;

	(void)state;
	snprintf(database, sizeof database, "t%d", n++);
	postgres_database(&postgres, database);
	postgres_url(&postgres, database, url);
	dealer_open(&w);
	w.still.now.s = postgres_ask(/* clocks have to agree */
		&postgres, database, "SELECT extract(epoch FROM clock_timestamp())::int8");
	fleet_close(w.fleet);
	open_server(&a, w.scratch.dir, "a", false);
	move_in();
	scratch_make(&b.scratch);
	open_server(&b, b.scratch.dir, "b", true);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	close_server(&b);
	scratch_remove(&b.scratch);
	journal_pg_close(a.pg);
	w.fleet = a.fleet;
	dealer_close(&w);
	return 0;
}

static uint64_t head_of(const struct server *s)
{
	struct journal_head head = {.seq = 0};
	struct txn t;

	txn_begin(&t, fleet_store(s->fleet), false);
	(void)journal_head(&t, STR("LYO"), &head);
	txn_abort(&t);
	return head.seq;
}

static uint64_t head_there(void)
{
	return (uint64_t)postgres_ask(
		&postgres, database, "SELECT max(seq) FROM relais.journal WHERE site = 'LYO'");
}

/* A block of G1 for a day; the command's answer, and the batch's. */
static enum outcome block(struct server *s, const char *key, struct command *answer)
{
	struct command *c = command_new(VERB_BLOCK_ADD);
	enum outcome o;

	assert_non_null(c);
	c->journal = STR("LYO");
	c->target = STR("G1");
	c->by = STR("tester");
	c->key = str_from(key);
	c->body = STR("{\"from\":\"2036-03-10T08:00:00Z\",\"reason\":\"workshop\",\"until\":"
		      "\"2036-03-11T08:00:00Z\"}");
	o = fleet_do(s->fleet, c);
	*answer = *c;
	command_free(c);
	return o;
}

static void what_one_appends_the_other_follows(void **state)
{
	struct command c;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	assert_int_equal(head_of(&b), head_there());
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
	assert_int_equal(head_of(&a), head_of(&b) + 1);
	/* decided at the head, whoever is asked: the day is blocked by now */
	assert_int_equal(block(&b, "two", &c), OK);
	assert_int_equal(c.outcome, REFUSED_PROMISES_BROKEN);
	assert_int_equal(fleet_follow(a.fleet), OK);
	assert_int_equal(head_of(&a), head_of(&b));
	/* what was read is acknowledged behind a commit of one's own */
	assert_true(postgres_ask(&postgres, database,
			    "SELECT sum(n)::int8 FROM relais.barrier WHERE server = 'a'") > 0);
}

static void a_lost_reply_is_asked_for_again(void **state)
{
	uint64_t before = head_there();
	struct command c;

	(void)state;
	a.wire = "rnr";
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
	assert_int_equal(c.seq, before + 1);
	assert_int_equal(head_there(), before + 1);
}

static void what_is_unknown_is_settled_first(void **state)
{
	struct command c;
	uint64_t seq;

	(void)state;
	a.wire = "nrnnnn";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY); /* the process goes on */
	assert_int_equal(c.outcome, FAULT_UNKNOWN);
	assert_int_equal(block(&a, "two", &c), FAULT_BUSY); /* and does nothing else meanwhile */
	assert_int_equal(c.outcome, FAULT_BUSY);
	seq = head_there();
	assert_int_equal(fleet_follow(a.fleet), FAULT_BUSY);
	assert_int_equal(block(&a, "one", &c), OK);
	assert_true(c.replayed);
	assert_int_equal(c.seq, seq);
}

static void a_place_that_is_taken_is_a_no(void **state)
{
	struct command c;
	uint64_t seq;

	(void)state;
	a.wire = "nnnn";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(block(&b, "other", &c), OK);
	assert_int_equal(c.outcome, OK);
	seq = c.seq;
	assert_int_equal(block(&a, "one", &c), OK);
	assert_false(c.replayed);
	assert_int_equal(c.outcome, REFUSED_PROMISES_BROKEN);
	assert_int_equal(c.seq, seq + 1);
}

/* That the second try did nothing does not say that the first will not arrive. */
static void away_settles_nothing(void **state)
{
	struct command c;

	(void)state;
	a.wire = "a";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(c.outcome, FAULT_BUSY);
	a.wire = "naaa";
	assert_int_equal(block(&a, "one", &c), FAULT_BUSY);
	assert_int_equal(c.outcome, FAULT_UNKNOWN);
	assert_int_equal(block(&a, "one", &c), OK);
	assert_int_equal(c.outcome, OK);
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
	j->begin(j);
	assert_int_equal(j->append(j, &t, both, 1), APPEND_DONE);
	assert_int_equal(j->append(j, &t, both, 2), APPEND_LOST);
	txn_abort(&t);
	assert_int_equal(head_there(), c.seq);
}

static void a_journal_that_lost_entries_is_noticed(void **state)
{
	struct command c;

	(void)state;
	assert_int_equal(fleet_follow(b.fleet), OK);
	assert_int_equal(block(&a, "one", &c), OK);
	/* as a copy that took over without them would have it */
	(void)postgres_ask(&postgres, database,
		"ALTER TABLE relais.journal DISABLE TRIGGER journal_only_grows");
	(void)postgres_ask(&postgres, database,
		"DELETE FROM relais.journal WHERE site = 'LYO' AND seq ="
		" (SELECT max(seq) FROM relais.journal WHERE site = 'LYO')");
	assert_int_equal(block(&a, "two", &c), FAULT_CORRUPT);
	assert_int_equal(c.outcome, FAULT_CORRUPT);
	assert_int_equal(block(&b, "three", &c), OK);
	assert_int_equal(block(&a, "two", &c), FAULT_CORRUPT);
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

/* ---- while it is away ---- */

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

static int open_postgres(void **state)
{
	(void)state;
	postgres_open(&postgres);
	return 0;
}

static int close_postgres(void **state)
{
	(void)state;
	postgres_close(&postgres);
	return 0;
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(what_one_appends_the_other_follows),
		T(a_lost_reply_is_asked_for_again),
		T(what_is_unknown_is_settled_first),
		T(a_place_that_is_taken_is_a_no),
		T(away_settles_nothing),
		T(two_batches_may_begin_alike),
		T(a_journal_that_lost_entries_is_noticed),
		T(the_journal_only_grows),
		T(away_is_said_in_time),
		T(killed_it_comes_back),
	};
	return cmocka_run_group_tests(tests, open_postgres, close_postgres);
}
