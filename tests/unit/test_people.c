/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/people.h"

#include "tests/lib/scratch.h"

/* All names and numbers are invented. */

struct world {
	struct scratch scratch;
	struct still_env env;
	struct people *people;
	struct arena arena;
};

static char why[256];

static void world_open(struct world *w, bool create)
{
	if (people_open(&w->people, w->scratch.dir, &w->env.env, create, why, sizeof(why)) != OK)
		fail_msg("%s", why);
}

static int make(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	scratch_make(&w->scratch);
	w->env = still_env_at(1772440200);
	arena_init(&w->arena, ARENA_MAX_DEFAULT);
	world_open(w, true);
	*state = w;
	return 0;
}

static int drop(void **state)
{
	struct world *w = *state;

	people_close(w->people);
	arena_deinit(&w->arena);
	scratch_remove(&w->scratch);
	free(w);
	return 0;
}

static void reopen(struct world *w)
{
	people_close(w->people);
	w->people = NULL;
	world_open(w, false);
}

static void the_secret_is_made_once(void **state)
{
	static const uint8_t zeros[SEAL_KEY_LEN];
	struct world *w = *state;
	uint8_t secret[SEAL_KEY_LEN];
	struct people *other;
	struct scratch elsewhere;
	struct txn t;

	memcpy(secret, people_secret(w->people), sizeof(secret));
	assert_memory_not_equal(secret, zeros, sizeof(secret));
	reopen(w);
	assert_memory_equal(people_secret(w->people), secret, sizeof(secret));
	people_close(w->people);
	world_open(w, true);
	assert_memory_equal(people_secret(w->people), secret, sizeof(secret));
	/* Not there: not made in silence. */
	scratch_make(&elsewhere);
	assert_int_equal(people_open(&other, elsewhere.dir, &w->env.env, false, why, sizeof(why)),
		FAULT_DISK);
	assert_null(other);
	scratch_remove(&elsewhere);
	/* Lost: said, not replaced. */
	txn_begin(&t, people_store(w->people), true);
	txn_delete(&t, DB_META, STR("secret"));
	assert_int_equal(txn_commit(&t), OK);
	people_close(w->people);
	w->people = NULL;
	assert_int_equal(people_open(&other, w->scratch.dir, &w->env.env, true, why, sizeof(why)),
		FAULT_CORRUPT);
	assert_non_null(strstr(why, "secret"));
}

static void keys_stay(void **state)
{
	struct world *w = *state;
	struct people_new_key keys[] = {
		{.subject = STR("C1"), .key = {1, 2, 3}}, {.subject = STR("C2"), .key = {4, 5, 6}},
		{.subject = STR("C2"), .key = {4, 5, 6}}, /* twice in one batch */
	};
	uint8_t key[SEAL_KEY_LEN];

	assert_false(people_key(w->people, STR("C1"), key));
	assert_int_equal(people_add_keys(w->people, keys, 0), OK);
	assert_int_equal(people_add_keys(w->people, keys, ARRAY_LEN(keys)), OK);
	assert_int_equal(people_add_keys(w->people, keys, 1), OK); /* a batch decided again */
	reopen(w);
	assert_true(people_key(w->people, STR("C1"), key));
	assert_memory_equal(key, keys[0].key, sizeof(key));
	assert_true(people_key(w->people, STR("C2"), key));
	assert_memory_equal(key, keys[1].key, sizeof(key));
	assert_false(people_key(w->people, STR("C"), key));
	assert_false(people_key(w->people, STR_NULL, key));
	assert_false(
		people_key(w->people, STR("an id that is longer than any id may ever be"), key));
}

static void tokens_open_for_their_actor(void **state)
{
	struct world *w = *state;
	struct actor one = {.name = "desk \"one\"", .role = ROLE_ADVISOR},
		     two = {.name = "b", .role = ROLE_ADMIN};
	struct actor found;
	struct str token, other;
	char altered[64];

	one.sites_len = TOKEN_SITES_MAX;
	for (uint32_t i = 0; i < one.sites_len; i++)
		snprintf(one.sites[i], sizeof(one.sites[i]),
			"a site whose id has forty bytes, nr. %03u", i % 1000);
	assert_int_equal(people_token_create(w->people, &w->arena, &one, &token), OK);
	assert_int_equal(people_token_create(w->people, &w->arena, &two, &other), OK);
	assert_int_equal(token.n, 47);
	assert_memory_equal(token.p, "rls_", 4);
	assert_false(str_eq(token, other));
	reopen(w);
	assert_true(people_token_actor(w->people, token, &found));
	assert_string_equal(found.name, one.name);
	assert_int_equal(found.role, ROLE_ADVISOR);
	assert_int_equal(found.sites_len, TOKEN_SITES_MAX);
	assert_string_equal(found.sites[31], one.sites[31]);
	assert_true(actor_has_site(&found, str_from(one.sites[31])));
	assert_false(actor_has_site(&found, STR("LYO")));
	assert_true(people_token_actor(w->people, other, &found));
	assert_int_equal(found.role, ROLE_ADMIN);
	assert_true(actor_has_site(&found, STR("LYO")));
	for (size_t i = 0; i < token.n; i++) {
		memcpy(altered, token.p, token.n);
		altered[i] = altered[i] == 'A' ? 'B' : 'A';
		assert_false(people_token_actor(w->people, (struct str){altered, token.n}, &found));
		assert_false(people_token_actor(w->people, (struct str){token.p, i}, &found));
	}
}

/* Nobody who reads the disk can use a token he finds there. */
static void a_token_is_not_stored_as_it_is(void **state)
{
	struct world *w = *state;
	struct actor actor = {.name = "a", .role = ROLE_AUDITOR};
	char path[SCRATCH_PATH * 2], *bytes;
	struct str token;
	struct stat st;
	FILE *f;

	assert_int_equal(people_token_create(w->people, &w->arena, &actor, &token), OK);
	f = fopen(scratch_path(&w->scratch, "people/data", path), "rb");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	bytes = malloc((size_t)st.st_size);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, (size_t)st.st_size, f), st.st_size);
	fclose(f);
	for (off_t i = 0; i + 20 <= st.st_size; i++)
		assert_memory_not_equal(bytes + i, token.p + 4, 20);
	free(bytes);
}

static void roles_have_names(void **state)
{
	enum role role;

	(void)state;
	for (int i = 0; i < ROLE_COUNT; i++) {
		assert_true(role_from(&role, str_from(role_name((enum role)i))));
		assert_int_equal(role, i);
	}
	assert_false(role_from(&role, STR("Admin")));
	assert_false(role_from(&role, STR_NULL));
}

static void check_found(struct world *w, const char *query, const char *expected)
{
	struct str customers[8];
	size_t n = people_search(
		w->people, &w->arena, str_from(query), customers, ARRAY_LEN(customers));
	char got[200] = "";

	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(got);
		snprintf(got + len, sizeof(got) - len, "%s%.*s", i ? " " : "",
			STR_FMT(customers[i]));
	}
	if (strcmp(got, expected) != 0)
		fail_msg("\"%s\" finds \"%s\", not \"%s\"", query, got, expected);
}

static void names_are_found_as_people_say_them(void **state)
{
	const struct {
		const char *customer, *name, *phone;
	} customers[] = {
		{"C1", "Jean Dupont-Martin", "+33 6 12 34 56 78"},
		{"C2",
			"\xc3\x89lodie D\xe2\x80\x99"
			"Angelo",
			"06 98 76 54 32"},
		{"C3", "Le Grand, Marc", "0041 44 123 45 67"},
		{"C4", "Jeanne Dupond", ""},
		{"C5", "Wei\xc3\x9f", "+39 333 765 4321"},
		{"C6", "O'Neil", "12"},
	};
	const struct {
		const char *query, *found;
	} rows[] = {
		{"dupont", "C1"},
		{"DUPONT", "C1"},
		{"dupont-martin", "C1"},
		{"dupontmartin", "C1"},
		{"dupont martin", "C1"},
		{"martin", "C1"},
		{"martin jean", "C1"},
		{"jean", "C1 C4"},
		{"jean dupon", "C4 C1"},
		{"jeanne d", "C4"},
		{"d jeanne", "C4"},
		{"elodie", "C2"},
		{"\xc3\xa9lodie d'angelo", "C2"},
		{"dangelo", "C2"},
		{"angelo", "C2"},
		{"legrand", "C3"},
		{"le grand", "C3"},
		{"weiss", "C5"},
		{"WEI\xc3\x9f", "C5"},
		{"oneil", "C6"},
		{"o neil", "C6"},
		{"martin paul", ""},
		{"upont", ""},
		{"", ""},
		{" - ' ", ""},
		/* telephones: as dictated, from their first digits on */
		{"0612345678", "C1"},
		{"06 12 34 56 78", "C1"},
		{"+33 6 12 34", "C1"},
		{"0033612345678", "C1"},
		{"33612", "C1"},
		{"06 12", "C1"},
		{"(0)6.98", "C2"},
		{"0041 44", "C3"},
		{"44 123", "C3"},
		{"4412345678", ""},
		{"333 765", "C5"},
		{"3337654321", "C5"},
		{"61234567899", ""},
		{"12", ""}, /* too short to be a number, and no name */
		{"000", ""},
	};
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(customers); i++)
		assert_int_equal(people_index(w->people, str_from(customers[i].customer),
					 str_from(customers[i].name), str_from(customers[i].phone)),
			OK);
	reopen(w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_found(w, rows[i].query, rows[i].found);
}

static void words_are_replaced_and_forgotten(void **state)
{
	struct world *w = *state;
	struct store_usage before, after;
	struct cursor c;
	struct txn t;

	assert_int_equal(
		people_index(w->people, STR("C1"), STR("Ana Premier"), STR("0611111111")), OK);
	assert_int_equal(
		people_index(w->people, STR("C2"), STR("Ana Autre"), STR("0611111112")), OK);
	assert_int_equal(
		people_index(w->people, STR("C1"), STR("Ana Second"), STR("0622222222")), OK);
	check_found(w, "premier", "");
	check_found(w, "0611111111", "");
	check_found(w, "second", "C1");
	check_found(w, "ana", "C2 C1");
	/* The same again changes nothing: no commit. */
	store_usage(people_store(w->people), &before);
	assert_int_equal(
		people_index(w->people, STR("C1"), STR("Ana Second"), STR("0622222222")), OK);
	store_usage(people_store(w->people), &after);
	assert_int_equal(before.last_txn, after.last_txn);
	assert_int_equal(people_index(w->people, STR("C1"), STR_NULL, STR_NULL), OK);
	assert_int_equal(people_index(w->people, STR("C2"), STR(""), STR("")), OK);
	check_found(w, "ana", "");
	txn_begin(&t, people_store(w->people), false);
	cursor_open(&c, &t, DB_INDEX);
	assert_false(cursor_seek(&c, STR_NULL));
	cursor_close(&c);
	txn_abort(&t);
}

static void long_names_and_many_namesakes(void **state)
{
	struct world *w = *state;
	struct str customers[4];
	char name[NAME_MAX_BYTES + 1], id[8];

	for (size_t i = 0; i < NAME_MAX_BYTES; i++)
		name[i] = i % 2 ? ' ' : (char)('a' + i / 2 % 26);
	name[NAME_MAX_BYTES] = '\0';
	assert_int_equal(
		people_index(w->people, STR("long"), str_from(name), STR("+33 6 12 34 56 78")), OK);
	check_found(w, "abcdefgh", "long");
	check_found(w, "0612345678", "long"); /* however many words there are */
	assert_int_equal(people_index(w->people, STR("long"), STR("short"), STR("")), OK);
	check_found(w, "abcdefgh", "");
	for (int i = 0; i < 20; i++) {
		snprintf(id, sizeof(id), "N%02d", i);
		assert_int_equal(
			people_index(w->people, str_from(id), STR("Same Name"), STR("")), OK);
	}
	assert_int_equal(people_search(w->people, &w->arena, STR("same"), customers, 4), 4);
	assert_str(customers[3], "N03");
	assert_int_equal(people_search(w->people, &w->arena, STR("same"), customers, 0), 0);
}

static void a_batch_brings_its_cursor(void **state)
{
	const struct people_entry entries[] = {
		{STR("C1"), STR("Ana Premier"), STR("")},
		{STR("C2"), STR("Ana Autre"), STR("0611111112")},
	};
	struct world *w = *state;

	assert_int_equal(people_cursor(w->people), 0);
	assert_int_equal(people_index_batch(w->people, entries, ARRAY_LEN(entries), 7), OK);
	assert_int_equal(people_cursor(w->people), 7);
	check_found(w, "ana", "C2 C1");
	assert_int_equal(people_set_cursor(w->people, UINT64_MAX), OK);
	reopen(w);
	assert_true(people_cursor(w->people) == UINT64_MAX);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(the_secret_is_made_once),
		T(keys_stay),
		T(tokens_open_for_their_actor),
		T(a_token_is_not_stored_as_it_is),
		T(roles_have_names),
		T(names_are_found_as_people_say_them),
		T(words_are_replaced_and_forgotten),
		T(long_names_and_many_namesakes),
		T(a_batch_brings_its_cursor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
