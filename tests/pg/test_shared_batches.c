/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A batch of several sites over a real PostgreSQL: each site's entries for themselves, several
 * under way at once; one that comes to another end than the others costs nobody else his answer. */

#include "tests/pg/pair.h"

enum { SITES = 10 }; /* more than there are lanes */

static char site_id[SITES][8];

static int make(void **state)
{
	int failed = pair_make(state);
	struct str body;

	w.fleet = a.fleet;
	body = doc_merge(&w.arena, dealer_row(&w, ROW_SITE, STR("LYO")),
		arena_json(&w.arena, STR("{}"), NULL));
	for (int i = 0; i < SITES; i++) {
		snprintf(site_id[i], sizeof site_id[i], "S%d", i);
		dealer_must(&w, VERB_SITE_PUT, site_id[i], site_id[i],
			arena_printf(&w.arena, "%.*s", STR_FMT(body)).p, OK);
	}
	assert_int_equal(fleet_follow(b.fleet), OK);
	return failed;
}

/* Another name for each of these sites, in one batch; what the batch said. */
static enum outcome rename_at(struct server *s, int first, int n, const char *name, const char *key,
	struct command *out[SITES])
{
	w.fleet = s->fleet;
	for (int i = 0; i < n; i++) {
		const char *id = site_id[first + i];
		struct command *c = out[i] = command_new(VERB_SITE_PUT);
		struct json site = dealer_row(&w, ROW_SITE, str_from(id));
		assert_non_null(c);
		c->journal = c->target = str_from(id);
		c->by = STR("tester");
		c->if_match = STR("*");
		c->key = str_from(key);
		c->body = doc_merge(&w.arena, site,
			arena_json(
				&w.arena, arena_printf(&w.arena, "{\"name\":\"%s\"}", name), NULL));
	}
	return fleet_run(s->fleet, out, (size_t)n);
}

static void drop_all(struct command *c[SITES], int n)
{
	for (int i = 0; i < n; i++)
		command_free(c[i]);
}

static int64_t entries_there(void)
{
	return postgres_ask(&postgres, database, "SELECT count(*) FROM relais.journal");
}

static void names_are(struct server *s, int first, int n, const char *name)
{
	assert_int_equal(fleet_follow(s->fleet), OK);
	w.fleet = s->fleet;
	for (int i = first; i < first + n; i++)
		assert_str(
			json_str_at(dealer_row(&w, ROW_SITE, str_from(site_id[i])), "name"), name);
}

static void many_sites_in_one_batch(void **state)
{
	int64_t before = entries_there();
	struct command *c[SITES];

	(void)state;
	assert_int_equal(rename_at(&a, 0, SITES, "New", "one", c), OK);
	for (int i = 0; i < SITES; i++)
		assert_int_equal(c[i]->outcome, OK);
	drop_all(c, SITES);
	assert_int_equal(entries_there(), before + SITES);
	names_are(&a, 0, SITES, "New");
	names_are(&b, 0, SITES, "New");
}

static void b_is_first_at_one(void)
{
	struct command *c[SITES];

	assert_int_equal(rename_at(&b, 3, 1, "Quick", "quick", c), OK);
	assert_int_equal(c[0]->outcome, OK);
	drop_all(c, 1);
	w.fleet = a.fleet;
}

/* The others were appended once, at the first try; it was decided again. */
static void who_was_not_first_is_decided_again_alone(void **state)
{
	int64_t before = entries_there();
	struct command *c[SITES];

	(void)state;
	a.before_append = b_is_first_at_one;
	assert_int_equal(rename_at(&a, 0, SITES, "New", "one", c), OK);
	for (int i = 0; i < SITES; i++)
		assert_int_equal(c[i]->outcome, OK);
	assert_int_equal(c[3]->seq, c[2]->seq + 1);
	drop_all(c, SITES);
	assert_int_equal(entries_there(), before + SITES + 1);
	names_are(&a, 0, SITES, "New");
	names_are(&b, 0, SITES, "New");
}

static void lost_replies_double_nothing(void **state)
{
	int64_t before = entries_there();
	struct command *c[SITES];

	(void)state;
	a.wire = "r"; /* of all; each is sent again for itself */
	assert_int_equal(rename_at(&a, 0, SITES, "New", "one", c), OK);
	drop_all(c, SITES);
	assert_int_equal(entries_there(), before + SITES);
	/* the first never arrives, however often; the second does with its last try */
	a.wire = "nnnnnn";
	assert_int_equal(rename_at(&a, 0, 2, "Newer", "two", c), OK);
	assert_int_equal(c[0]->outcome, FAULT_UNKNOWN);
	assert_int_equal(c[1]->outcome, OK);
	drop_all(c, 2);
	a.wire = "";
	assert_int_equal(rename_at(&a, 0, 2, "Newer", "two", c), OK);
	assert_true(c[0]->replayed && c[1]->replayed); /* it was sent until it was known */
	drop_all(c, 2);
	assert_int_equal(entries_there(), before + SITES + 2);
	names_are(&b, 0, 2, "Newer");
}

/* The directory of a batch is there before what may hang on it. */
static void the_directory_goes_first(void **state)
{
	struct command *c[2];

	(void)state;
	c[0] = command_new(VERB_SITE_PUT);
	c[1] = command_new(VERB_CUSTOMER_PUT);
	assert_true(c[0] && c[1]);
	w.fleet = a.fleet;
	c[0]->journal = c[0]->target = str_from(site_id[0]);
	c[0]->by = c[1]->by = STR("tester");
	c[0]->if_match = c[1]->if_match = STR("*");
	c[0]->body = doc_merge(&w.arena, dealer_row(&w, ROW_SITE, str_from(site_id[0])),
		arena_json(&w.arena, STR("{\"name\":\"Last\"}"), NULL));
	c[1]->journal = JOURNAL_DIRECTORY;
	c[1]->target = STR("C77");
	c[1]->body =
		STR("{\"customer\":\"C77\",\"language\":\"fr\",\"person\":{\"name\":\"First\"},"
		    "\"preferred_channel\":\"none\",\"segment\":\"private\"}");
	a.wire = "a"; /* the directory's append did nothing: the site's is its own */
	assert_int_equal(fleet_run(a.fleet, c, 2), FAULT_BUSY);
	assert_int_equal(c[1]->outcome, FAULT_BUSY);
	assert_int_equal(c[0]->outcome, OK);
	command_free(c[0]);
	command_free(c[1]);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, pair_drop)
	const struct CMUnitTest tests[] = {
		T(many_sites_in_one_batch),
		T(who_was_not_first_is_decided_again_alone),
		T(lost_replies_double_nothing),
		T(the_directory_goes_first),
	};
	return cmocka_run_group_tests(tests, pair_postgres_open, pair_postgres_close);
}
