/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Papers and photos over a real PostgreSQL: taken in at one server, read at the other, there with
 * their entry or not at all, and noise to whoever has no key. */

#include "fleet/attachment.h"
#include "tests/pg/pair.h"

static struct str booking;
static struct arena read_here; /* the bytes of one attachment */

static int make(void **state)
{
	int failed = pair_make(state);
	struct journal_head head;
	struct txn t;

	/* The dealership's own day; clocks are compared when a connection is made, which was. */
	txn_begin(&t, fleet_store(a.fleet), false);
	assert_true(journal_head(&t, STR("LYO"), &head));
	txn_abort(&t);
	w.still.now = head.at;
	w.fleet = a.fleet;
	arena_init(&read_here, ARENA_MAX_DEFAULT);
	booking = dealer_book(&w, DEALER_VIN, "C1", "loaner_brand", "grecale",
		"2026-03-16T09:00:00+01:00", "2026-03-18T17:00:00+01:00", OK);
	return failed;
}

static int drop(void **state)
{
	arena_deinit(&read_here);
	return pair_drop(state);
}

static struct str photo(size_t n)
{
	static const char head[] = "\xff\xd8\xff\xe0 a canary in plain words";
	char *bytes = arena_alloc(&w.arena, n);

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = i < sizeof head ? head[i] : (char)(i * 7 + i / 251);
	return (struct str){bytes, n};
}

/* The id, and what the batch said; STR_NULL where it was not told. */
static struct str attach(struct server *s, struct str bytes, const char *key, enum outcome expected)
{
	struct command *c = command_new(VERB_BOOKING_ATTACH);
	struct str id = STR_NULL;

	assert_non_null(c);
	c->journal = STR("LYO");
	c->target = booking;
	c->body = STR("{\"kind\":\"photo\",\"parts\":[\"x\"]}");
	c->bytes = bytes;
	c->by = w.by;
	c->key = str_from(key);
	assert_int_equal(fleet_do(s->fleet, c), expected);
	w.fleet = s->fleet;
	if (expected == OK && c->outcome == OK)
		id = dealer_subject(&w, c);
	command_free(c);
	return id;
}

static enum attached open_at(struct server *s, struct str id, struct str *bytes)
{
	struct view v;
	struct txn t;
	struct attachment what;
	enum attached how;

	arena_reset(&read_here);
	fleet_look(s->fleet, &v, &t, &read_here);
	assert_true(attachment_get(&v, id, &what));
	how = attachment_open(&v, &what, bytes);
	fleet_look_end(&v);
	return how;
}

static void is_whole_at(struct server *s, struct str id, struct str expected)
{
	struct str bytes;

	assert_int_equal(open_at(s, id, &bytes), ATTACHED_WHOLE);
	assert_true(str_eq(bytes, expected));
}

static void say(void *context, const char *line)
{
	(void)context;
	print_message("# %s\n", line);
}

static int64_t pieces(void)
{
	return postgres_ask(&postgres, database, "SELECT count(*) FROM relais.attachment_part");
}

static void what_one_takes_in_the_other_reads(void **state)
{
	static const size_t lengths[] = {
		40, ATTACHMENT_PART_BYTES, 3 * ATTACHMENT_PART_BYTES + 1, ATTACHMENT_BYTES_MAX};
	const struct report report = {.say = say};
	struct str ids[ARRAY_LEN(lengths)], files[ARRAY_LEN(lengths)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		char key[8];
		snprintf(key, sizeof key, "k%zu", i);
		files[i] = photo(lengths[i]);
		ids[i] = attach(&a, files[i], key, OK);
	}
	while (fleet_follow(b.fleet) != OK)
		;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		is_whole_at(&b, ids[i], files[i]);
	assert_int_equal(attachments_check(b.fleet, &report), 0);
	assert_int_equal(pieces(), 1 + 1 + 4 + ATTACHMENT_PARTS_MAX);
	assert_int_equal(postgres_ask(&postgres, database,
				 "SELECT count(*) FROM relais.attachment_part"
				 " WHERE position('canary'::bytea IN box) > 0"),
		0);
}

/* However often it is sent, and whoever is told when. */
static void lost_replies_double_nothing(void **state)
{
	struct str file = photo(2 * ATTACHMENT_PART_BYTES), id, again;

	(void)state;
	a.wire = "rn";
	id = attach(&a, file, "one", OK);
	assert_int_equal(pieces(), 2);
	a.wire = "nrnn";
	(void)attach(&a, file, "two", FAULT_BUSY);
	again = attach(&a, file, "two", OK);
	assert_int_equal(pieces(), 4);
	a.wire = "nnnnnnnnn"; /* it is kept, and sent for as long as nobody answers */
	(void)attach(&a, file, "three", FAULT_BUSY);
	assert_int_equal(pieces(), 4);
	assert_int_equal(fleet_follow(a.fleet), FAULT_BUSY);
	a.wire = "";
	assert_int_equal(fleet_follow(a.fleet), OK);
	assert_int_equal(pieces(), 6);
	assert_int_equal(fleet_follow(b.fleet), OK);
	for (int i = 0; i < 2; i++) {
		struct server *s = i ? &b : &a;
		is_whole_at(s, id, file);
		is_whole_at(s, again, file);
		is_whole_at(s, attach(s, file, "three", OK), file);
	}
}

/* Another was first: what was sealed for a place that is taken is nowhere. */
static void what_was_not_appended_leaves_nothing(void **state)
{
	const struct report report = {.say = say};
	struct str file = photo(ATTACHMENT_PART_BYTES), id;
	struct command c;

	(void)state;
	a.wire = "nnnn";
	(void)attach(&a, file, "one", FAULT_BUSY);
	assert_int_equal(block(&b, "other", &c), OK);
	id = attach(&a, file, "one", OK);
	assert_int_equal(pieces(), 1);
	is_whole_at(&a, id, file);
	assert_int_equal(attachments_check(a.fleet, &report), 0);
}

static void who_moves_in_brings_them(void **state)
{
	struct journal_pg_options other;
	struct journal_copy copy = {.tell = NULL};
	char url[POSTGRES_URL_BYTES], why[400] = "";
	struct journal_pg *pg;

	(void)state;
	(void)attach(&a, photo(5 * ATTACHMENT_PART_BYTES), "one", OK);
	postgres_database(&postgres, "other");
	other = (struct journal_pg_options){.address = postgres_url(&postgres, "other", url),
		.env = &w.still.env,
		.server = "mover",
		.migrate = true};
	w.still.now.s = postgres_ask(
		&postgres, database, "SELECT extract(epoch FROM clock_timestamp())::int8");
	pg = journal_pg_open(&other);
	assert_non_null(pg);
	journal_pg_expect(pg, NULL, people_secret(fleet_people(a.fleet)));
	assert_int_equal(
		journal_pg_connect(pg, pg_clock_ms() + POSTGRES_WAIT_MS, why, sizeof why), OK);
	if (journal_copy(pg, a.fleet, &copy, why, sizeof why) != OK)
		fail_msg("%s", why);
	assert_int_equal(
		postgres_ask(&postgres, "other", "SELECT count(*) FROM relais.attachment_part"), 5);
	journal_pg_close(pg);
}

static void servers_only_add(void **state)
{
	static const char *const refused[] = {
		"SET ROLE relais_server; DELETE FROM relais.attachment_part",
		"SET ROLE relais_server; UPDATE relais.attachment_part SET number = 1",
		"SET ROLE relais_report; SELECT * FROM relais.attachment_part",
		"DELETE FROM relais.attachment_part",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++)
		assert_string_equal(postgres_refusal(&postgres, database, refused[i]), "42501");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(what_one_takes_in_the_other_reads),
		T(lost_replies_double_nothing),
		T(what_was_not_appended_leaves_nothing),
		T(who_moves_in_brings_them),
		T(servers_only_add),
	};
	return cmocka_run_group_tests(tests, pair_postgres_open, pair_postgres_close);
}
