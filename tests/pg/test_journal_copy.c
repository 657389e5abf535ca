/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais journal`: a house moves into PostgreSQL and back, and is the same house. */

#include "tests/http/house.h"
#include "tests/pg/postgres.h"

static struct postgres postgres;
static struct house before, after;
static struct told told;
static char url[POSTGRES_URL_BYTES];

/* Heads and rows are the same: what was said of one journal is said of the other. */
static uint64_t entries_of(const char *dir)
{
	unsigned long long entries;

	relais(&told, "audit", "verify", "--data", dir);
	told_code(&told, 0);
	relais(&told, "verify", "--data", dir);
	told_code(&told, 0);
	relais(&told, "journal", "copy", dir, url);
	told_code(&told, 0);
	assert_non_null(strstr(told.out, "0 were copied now, every head has its hash"));
	assert_int_equal(
		sscanf(strchr(strstr(told.out, "host="), ' '), " %llu entries", &entries), 1);
	return entries;
}

static void a_house_moves(void **state)
{
	(void)state;
	house_make(&before);
	house_serve(&before);
	house_token(&before);
	house_fill(&before);
	house_stop(&before);
	postgres_url(&postgres, "moving", url);
	relais(&told, "journal", "migrate", url);
	told_code(&told, 0);
	assert_non_null(strstr(told.out, "the database is ready"));
	assert_memory_not_equal(told.out, "0 of ", 5);
	relais(&told, "journal", "migrate", url);
	told_code(&told, 0);
	assert_memory_equal(told.out, "0 of ", 5);
	relais(&told, "journal", "copy", before.data, url);
	told_code(&told, 0);
	/* and what came since, as after an interruption */
	house_serve(&before);
	(void)house_must(&before, NULL, "PUT", "/v1/customers/K7", NULL,
		STR("{\"segment\":\"private\",\"language\":\"en\",\"preferred_channel\":\"none\","
		    "\"person\":{\"name\":\"Late Seventh\"}}"),
		201);
	house_stop(&before);
	relais(&told, "journal", "copy", before.data, url);
	told_code(&told, 0);
	assert_non_null(strstr(told.out, "; 1 were copied now"));
	assert_int_equal(entries_of(before.data),
		postgres_ask(&postgres, "moving", "SELECT count(*) FROM relais.journal"));
}

/* It goes on where it was: with the same token, and names can be read. */
static void it_serves_from_there(void **state)
{
	struct json customer;

	(void)state;
	before.journal = url;
	house_serve(&before);
	customer = house_must(&before, NULL, "GET", "/v1/customers/K2", NULL, STR_NULL, 200);
	assert_str(json_str_at(json_get(customer, "person"), "name"), "Keeper Number2");
	(void)house_must(&before, NULL, "PUT", "/v1/customers/K9", NULL,
		STR("{\"segment\":\"private\",\"language\":\"en\",\"preferred_channel\":\"none\","
		    "\"person\":{\"name\":\"Later Ninth\"}}"),
		201);
	house_stop(&before);
}

static void and_back(void **state)
{
	struct json customer;

	(void)state;
	house_make(&after);
	relais(&told, "journal", "copy", url, after.data);
	told_code(&told, 0);
	assert_non_null(strstr(told.out, "the directory stands alone"));
	assert_int_equal(entries_of(after.data), entries_of(before.data));
	/* again it finds all there */
	relais(&told, "journal", "copy", url, after.data);
	told_code(&told, 0);
	house_serve(&after);
	house_token(&after);
	customer = house_must(&after, NULL, "GET", "/v1/customers/K9", NULL, STR_NULL, 200);
	assert_str(json_str_at(json_get(customer, "person"), "name"), "Later Ninth");
	house_stop(&after);
}

/* What went on by itself, or is somebody else's, is not mixed with it. */
static void what_is_another_stays_out(void **state)
{
	struct house other;

	(void)state;
	house_serve(&after);
	(void)house_must(&after, NULL, "PUT", "/v1/customers/K8", NULL,
		STR("{\"segment\":\"private\",\"language\":\"en\",\"preferred_channel\":\"none\","
		    "\"person\":{\"name\":\"Alone Eighth\"}}"),
		201);
	house_stop(&after);
	before.journal = url;
	house_serve(&before);
	(void)house_must(&before, NULL, "PUT", "/v1/customers/K8", NULL,
		STR("{\"segment\":\"company\",\"language\":\"en\",\"preferred_channel\":\"none\","
		    "\"person\":{\"name\":\"Shared Eighth\"}}"),
		201);
	house_stop(&before);
	relais(&told, "journal", "copy", after.data, url);
	told_code(&told, 65);
	relais(&told, "serve", "--data", after.data, "--listen", "127.0.0.1:0", "--journal", url);
	told_code(&told, 65);
	house_make(&other);
	house_serve(&other);
	house_token(&other);
	house_fill(&other);
	house_stop(&other);
	relais(&told, "journal", "copy", other.data, url);
	told_code(&told, 65);
	assert_non_null(strstr(told.err, "another installation's journal"));
	relais(&told, "serve", "--data", other.data, "--listen", "127.0.0.1:0", "--journal", url);
	told_code(&told, 65);
	house_remove(&other);
}

static void what_cannot_be_is_said(void **state)
{
	char nowhere[POSTGRES_URL_BYTES];

	(void)state;
	(void)postgres_ask(&postgres, "postgres", "CREATE ROLE guest LOGIN");
	(void)postgres_ask(&postgres, "postgres", "REVOKE CREATE ON DATABASE empty FROM PUBLIC");
	relais(&told, "journal", "migrate", postgres_url_of(&postgres, "guest", "empty", nowhere));
	told_code(&told, 77);
	relais(&told, "serve", "--data", before.data, "--listen", "127.0.0.1:0", "--journal",
		nowhere);
	told_code(&told, 65);
	assert_non_null(strstr(told.err, "relais journal migrate"));
	relais(&told, "journal", "migrate", "postgresql://u@/none?host=/no/such/place");
	told_code(&told, 74);
	/* made by a later version */
	(void)postgres_ask(&postgres, "moving",
		"INSERT INTO relais.migration SELECT 999, 'later', sha256('')");
	relais(&told, "journal", "migrate", url);
	told_code(&told, 65);
	relais(&told, "serve", "--data", before.data, "--listen", "127.0.0.1:0", "--journal", url);
	told_code(&told, 65);
}

static int open_all(void **state)
{
	(void)state;
	postgres_open(&postgres);
	postgres_database(&postgres, "moving");
	postgres_database(&postgres, "empty");
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	house_remove(&before);
	house_remove(&after);
	postgres_close(&postgres);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_house_moves),
		cmocka_unit_test(it_serves_from_there),
		cmocka_unit_test(and_back),
		cmocka_unit_test(what_is_another_stays_out),
		cmocka_unit_test(what_cannot_be_is_said),
	};
	return cmocka_run_group_tests(tests, open_all, close_all);
}
