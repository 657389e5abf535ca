/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * kill -9 within an erasure, before each write and sync of it (P8 of reliability). Whoever opens
 * the directory next finds the person wholly there, or, once the entry is in the journal, wholly
 * gone: keys and search words stand in no byte of any file, and what was begun is ended by the
 * opening.
 */

#define _GNU_SOURCE
#include "tests/disk/disk.h"

#include <signal.h>

#include "fleet/erase.h"
#include "fleet/fleet.h"
#include "server/env_uv.h"
#include "tests/lib/traces.h"

enum { K_MAX = 1000, KEYS = 2 };

static struct house house;
static struct disk disk;
static char template[SCRATCH_PATH * 2];
static char visit[64];
static uint8_t keys[KEYS][SEAL_KEY_LEN]; /* the customer's and the visit's own */

/* ---- a person ---- */

static void put_person(void)
{
	struct json v;
	struct str path, id;
	struct response r;
	struct client_header headers[] = {{"Authorization", house.bearer}, {"If-Match", "*"},
		{"Content-Type", "application/json"}, {NULL, NULL}};

	(void)house_must(&house, NULL, "PUT", "/v1/customers/CANARY", NULL,
		STR("{\"segment\":\"vip\",\"language\":\"fr\",\"preferred_channel\":\"phone\","
		    "\"person\":{\"name\":\"Zyxquorne\",\"phone\":\"+33 6 39 98 77 31\"}}"),
		201);
	/* Said before it was known whose visit it is: sealed with a key of the visit's. */
	v = house_must(&house, NULL, "POST", "/v1/visits", "visit",
		STR("{\"site\":\"LYO\",\"drop_off_at\":\"2030-03-16T07:30:00Z\",\"ready_at\":"
		    "\"2030-03-16T16:00:00Z\",\"need\":\"a child seat\"}"),
		201);
	id = json_str_at(v, "visit");
	assert_in_range(id.n, 1, sizeof(visit) - 1);
	memcpy(visit, id.p, id.n);
	path = text_make("/v1/visits/%s", visit);
	struct client *c = client_open(house.port);
	r = client_request(c, "PATCH", path.p, headers, STR("{\"customer\":\"CANARY\"}"));
	assert_int_equal(r.status, 200);
	response_free(&r);
	client_close(c);
	text_free(path);
}

static struct fleet *open_fleet(const char *dir)
{
	struct fleet_options options = {.env = env_uv()};
	struct fleet *f;
	char why[400];

	if (fleet_open(&f, dir, &options, why, sizeof why) != OK)
		fail_msg("%s: %s", dir, why);
	return f;
}

static void learn_keys(void)
{
	struct fleet *f = open_fleet(house.data);

	assert_true(people_key(fleet_people(f), STR("CANARY"), keys[0]));
	assert_true(people_key(fleet_people(f), str_from(visit), keys[1]));
	fleet_close(f);
}

/* ---- every byte ---- */

static int left(void)
{
	int n = traces(house.data, "zyxquorne", 9) + traces(house.data, "639987731", 9);

	for (int i = 0; i < KEYS; i++)
		n += traces(house.data, keys[i], SEAL_KEY_LEN);
	return n;
}

/* Whether the person is gone, which is the case wholly or not at all. */
static bool is_gone(void)
{
	struct fleet *f = open_fleet(house.data);
	struct str hit[2];
	struct arena a;
	struct view v;
	struct txn t;
	struct row row;
	uint8_t key[SEAL_KEY_LEN];
	bool gone;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(f, &v, &t, &a);
	assert_true(row_get(&v, ROW_CUSTOMER, STR("CANARY"), &row));
	gone = customer_is_erased(row.doc);
	assert_str(customer_name(&v, STR("CANARY")), gone ? "" : "Zyxquorne");
	fleet_look_end(&v);
	assert_int_equal(
		people_search(fleet_people(f), &a, STR("zyxquorne"), hit, 2), gone ? 0 : 1);
	assert_true(people_key(fleet_people(f), STR("CANARY"), key) == !gone);
	assert_true(people_key(fleet_people(f), str_from(visit), key) == !gone);
	arena_deinit(&a);
	fleet_close(f);
	if (gone)
		assert_int_equal(left(), 0);
	else
		assert_true(left() > 0);
	return gone;
}

/* ---- the rounds ---- */

static bool erase_killed_at(uint32_t k)
{
	static struct told told;
	char order[32];

	scratch_empty(house.data, 1);
	disk_copy(template, house.data);
	snprintf(order, sizeof order, "%u kill", k);
	disk_count_reset(&disk);
	disk_preload("RELAIS_DISK_LIBRARY", &house);
	setenv(DISK_COUNT, disk.counter, 1);
	setenv(DISK_FAIL, order, 1);
	relais(&told, "erase", "CANARY", "--data", house.data);
	disk_unload();
	if (disk_count(&disk) < k) { /* it has no so many */
		told_code(&told, 0);
		return false;
	}
	told_code(&told, 128 + SIGKILL);
	return true;
}

static void test_wholly_there_or_wholly_gone(void **state)
{
	static struct told told;
	uint32_t there = 0, gone = 0, k = 1;

	(void)state;
	for (; erase_killed_at(k); k++) {
		bool is = is_gone();
		assert_true(k < K_MAX);
		assert_true(is || gone == 0); /* once in the journal there is no way back */
		gone += is;
		there += !is;
	}
	assert_true(is_gone());
	relais(&told, "verify", "--data", house.data);
	told_code(&told, 0);
	print_message("# killed before each of %u operations: %u times wholly there, %u gone\n",
		k - 1, there, gone);
	assert_true(there > 0 && gone > 0);
}

static int set_up(void **state)
{
	(void)state;
	house_make(&house);
	disk_make(&disk);
	house_serve(&house);
	house_token(&house);
	house_fill(&house);
	put_person();
	house_stop(&house);
	learn_keys();
	scratch_path(&disk.scratch, "template", template);
	disk_copy(house.data, template);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	disk_remove(&disk);
	house_remove(&house);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wholly_there_or_wholly_gone),
	};

	disk_in_memory();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
