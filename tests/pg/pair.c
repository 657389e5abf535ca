/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/pg/pair.h"

#include "fleet/share.h"

char pair_heard[4096];
struct postgres postgres;
char database[20];
struct dealership w;
struct server a, b;

static char url[POSTGRES_URL_BYTES];

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

static void append_each(struct journal *self, struct txn *t, const struct pending_entry *entries,
	struct pending_group *groups, size_t len)
{
	struct server *s = (struct server *)(void *)self;
	char fate = *s->wire ? *s->wire++ : '\0';
	void (*before)(void) = s->before_append;

	s->before_append = NULL;
	if (before)
		before();
	if (fate != AWAY && fate != NEVER_ARRIVES)
		port(self)->append_each(port(self), t, entries, groups, len);
	for (size_t i = 0; i < len && fate; i++)
		groups[i].appended = fate == AWAY ? APPEND_AWAY : APPEND_UNKNOWN;
}

static enum journal_read read_next(
	struct journal *self, struct txn *t, struct arena *arena, struct pending_entry *out)
{
	return port(self)->read(port(self), t, arena, out);
}

static void begin(struct journal *self, const struct journal_round *round)
{
	port(self)->begin(port(self), round);
}

static enum append keys_add(struct journal *self, struct people_new_key *keys, size_t n)
{
	struct server *s = (struct server *)(void *)self;
	void (*before)(void) = s->before_keys;

	s->before_keys = NULL;
	if (before)
		before();
	return port(self)->keys_add(port(self), keys, n);
}

static enum journal_read keys_find(
	struct journal *self, struct people_new_key *keys, size_t n, bool *found)
{
	return port(self)->keys_find(port(self), keys, n, found);
}

static enum append keys_drop(struct journal *self, const struct str *subjects, size_t n)
{
	return port(self)->keys_drop(port(self), subjects, n);
}

static enum journal_read parts_find(struct journal *self, struct str journal, struct str attachment,
	void *context, void (*take)(void *context, uint16_t number, struct str box))
{
	return port(self)->parts_find(port(self), journal, attachment, context, take);
}

static bool common(struct journal *self, struct txn *t, struct str journal, uint64_t *seq)
{
	return port(self)->common(port(self), t, journal, seq);
}

void open_server(struct server *s, const char *dir, const char *name, bool create)
{
	struct fleet_options options = {.env = &w.still.env,
		.journal = &s->link,
		.create = create,
		.no_sync = true,
		.map_bytes = 64 << 20};
	const struct journal_pg_options at = {
		.address = url, .env = &w.still.env, .server = name, .migrate = true};
	char why[400] = "";

	s->wire = "";
	s->link = (struct journal){.append = append,
		.append_each = append_each,
		.read = read_next,
		.begin = begin,
		.common = common,
		.keys_add = keys_add,
		.keys_find = keys_find,
		.keys_drop = keys_drop,
		.parts_find = parts_find};
	if (fleet_open(&s->fleet, dir, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
	s->pg = journal_pg_open(&at);
	assert_non_null(s->pg);
	journal_pg_expect(s->pg, NULL, people_secret(fleet_people(s->fleet)));
	if (journal_pg_connect(s->pg, pg_clock_ms() + POSTGRES_WAIT_MS, why, sizeof why) != OK ||
		fleet_join(s->fleet, journal_pg_id(s->pg), journal_pg_secret(s->pg), why,
			sizeof why) != OK)
		fail_msg("%s", why);
}

void close_server(struct server *s)
{
	fleet_close(s->fleet);
	journal_pg_close(s->pg);
}

/* What the dealership has already becomes the journal. */
static void move_in(void)
{
	struct journal_copy copy = {.tell = NULL};
	char why[400] = "";

	if (journal_copy(a.pg, a.fleet, &copy, why, sizeof why) != OK)
		fail_msg("%s", why);
	assert_int_equal(copy.copied, copy.entries);
	assert_true(copy.keys >= 2);
	/* again it finds all there */
	copy = (struct journal_copy){.tell = NULL};
	assert_int_equal(journal_copy(a.pg, a.fleet, &copy, why, sizeof why), OK);
	assert_int_equal(copy.copied, 0);
	assert_int_equal(copy.entries,
		postgres_ask(&postgres, database, "SELECT count(*) FROM relais.journal"));
}

static void hear(struct env *env, const char *line)
{
	(void)env;
	print_message("# %s\n", line);
	size_t n = strlen(pair_heard);
	snprintf(pair_heard + n, sizeof pair_heard - n, "%s\n", line);
}

void pair_as(const char *user)
{
	postgres_url_of(&postgres, user, database, url);
}

/* One database for all tests: a fresh one each takes longer than most of them. */
static void database_empty(void)
{
	if (!database[0]) {
		snprintf(database, sizeof database, "pair");
		postgres_database(&postgres, database);
	} else {
		assert_string_equal(postgres_refusal(&postgres, database,
					    "SET session_replication_role = replica; TRUNCATE"
					    " relais.journal, relais.guard, relais.identity,"
					    " relais.person_key, relais.barrier,"
					    " relais.account, relais.account_step,"
					    " relais.attachment_part"),
			"");
	}
	postgres_url(&postgres, database, url);
}

int pair_make(void **state)
{
	(void)state;
	database_empty();
	pair_heard[0] = '\0';
	dealer_open(&w);
	w.still.env.log = hear;
	w.still.now.s = postgres_ask(/* clocks have to agree */
		&postgres, database, "SELECT extract(epoch FROM clock_timestamp())::int8");
	fleet_close(w.fleet);
	open_server(&a, w.scratch.dir, "a", false);
	move_in();
	scratch_make(&b.scratch);
	open_server(&b, b.scratch.dir, "b", true);
	return 0;
}

int pair_drop(void **state)
{
	(void)state;
	close_server(&b);
	scratch_remove(&b.scratch);
	journal_pg_close(a.pg);
	w.fleet = a.fleet;
	dealer_close(&w);
	return 0;
}

uint64_t head_of(const struct server *s)
{
	return fleet_head(s->fleet);
}

uint64_t head_there(void)
{
	return (uint64_t)postgres_ask(
		&postgres, database, "SELECT max(seq) FROM relais.journal WHERE site = 'LYO'");
}

enum outcome block(struct server *s, const char *key, struct command *answer)
{
	return fleet_block(s->fleet, key,
		"{\"from\":\"2036-03-10T08:00:00Z\",\"reason\":\"workshop\",\"until\":"
		"\"2036-03-11T08:00:00Z\"}",
		answer);
}

int pair_postgres_open(void **state)
{
	(void)state;
	postgres_open(&postgres);
	return 0;
}

int pair_postgres_close(void **state)
{
	(void)state;
	postgres_close(&postgres);
	return 0;
}
