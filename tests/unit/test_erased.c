/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Proves that who was erased stays erased: no backup made later holds the person, and an older one
 * is restored without, by the list of who was erased since. Keys and words are looked for in every
 * byte of the directory that was made.
 */

#define _GNU_SOURCE /* memmem */
#include "fleet/erased.h"

#include "fleet/backup.h"
#include "fleet/erase.h"
#include "tests/lib/rendering.h"
#include "tests/lib/traces.h"

enum { KEYS = 3, WHY_BYTES = 600 };

static char before[SCRATCH_PATH * 2], list[SCRATCH_PATH * 2], into[SCRATCH_PATH * 2];
static char why[WHY_BYTES];
static uint8_t keys[KEYS][SEAL_KEY_LEN]; /* C1's, C2's, and of a visit that became C2's later */
static struct str booking, visit;

/* ---- a backup, and what came after it ---- */

static void backup(const char *path)
{
	struct backup_summary s;

	if (backup_write(w.fleet, path, NULL, &s, why, sizeof why) != OK)
		fail_msg("%s", why);
}

static void key_of(int i, struct str subject)
{
	assert_true(people_key(fleet_people(w.fleet), subject, keys[i]));
}

/* C1's car is promised, and what is said of a visit is nobody's yet. */
static void state_of_the_backup(void)
{
	struct command *c;

	booking = grecale(MONDAY_8_30, WEDNESDAY_17);
	c = dealer_do(&w, VERB_VISIT_OPEN, "LYO", NULL,
		"{\"drop_off_at\":\"2026-03-16T07:30:00Z\",\"need\":\"a child seat\","
		"\"ready_at\":\"2026-03-16T16:00:00Z\",\"site\":\"LYO\"}",
		NULL);
	visit = dealer_subject(&w, c);
	command_free(c);
	key_of(0, STR("C1"));
	key_of(1, STR("C2"));
	key_of(2, visit);
	backup(before);
}

static void erase(const char *customer)
{
	dealer_must(&w, VERB_CUSTOMER_ERASE, "directory", customer, "{}", OK);
}

static void erased_since(void)
{
	struct command *c =
		dealer_put(&w, VERB_VISIT_CHANGE, "LYO", visit.p, "{\"customer\":\"C2\"}", "*");
	uint64_t persons;

	assert_int_equal(c->outcome, OK);
	command_free(c);
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", booking.p, "{}", OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", booking.p, "{}", OK);
	erase("C1");
	erase("C2");
	assert_int_equal(erased_write(w.fleet, list, &persons), OK);
	assert_int_equal(persons, 2);
}

static int make(void **state)
{
	(void)open_dealer(state);
	scratch_path(&w.scratch, "before.jsonl", before);
	scratch_path(&w.scratch, "list", list);
	scratch_path(&w.scratch, "restored", into);
	state_of_the_backup();
	erased_since();
	return 0;
}

/* ---- what was restored ---- */

static int keys_in(const char *path)
{
	int n = 0;

	for (int i = 0; i < KEYS; i++)
		n += traces(path, keys[i], SEAL_KEY_LEN);
	return n;
}

static enum outcome restore(const char *given, struct backup_summary *s)
{
	return backup_restore(before, given, into, &w.still.env, s, why, sizeof why);
}

static void nobody_is_back(void)
{
	struct fleet_options options = {.env = &w.still.env};
	struct str hit[2];
	struct fleet *f;
	struct row row;

	assert_int_equal(keys_in(into), 0);
	assert_int_equal(traces(into, "lefevre", 7), 0);
	if (fleet_open(&f, into, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
	fleet_look(f, &v, &t, &w.arena);
	assert_true(row_get(&v, ROW_CUSTOMER, STR("C1"), &row) && customer_is_erased(row.doc));
	assert_true(row_get(&v, ROW_CUSTOMER, STR("C2"), &row) && customer_is_erased(row.doc));
	/* The promise of that day is there, and names nobody. */
	assert_true(row_get(&v, ROW_BOOKING, booking, &row));
	assert_str(json_str_at(row.doc, "status"), "booked");
	assert_str(customer_name(&v, STR("C1")), "");
	fleet_look_end(&v);
	assert_int_equal(people_search(fleet_people(f), &w.arena, STR("lefevre"), hit, 2), 0);
	fleet_close(f);
}

static void an_older_backup_comes_back_without_them(void **state)
{
	struct backup_summary s;

	(void)state;
	if (restore(list, &s) != OK)
		fail_msg("%s", why);
	assert_int_equal(s.erased, 2);
	nobody_is_back();
}

static void the_list_beside_a_backup_is_found(void **state)
{
	struct backup_summary s;
	char beside[SCRATCH_PATH * 2];
	uint64_t persons;

	(void)state;
	assert_int_equal(
		erased_write(w.fleet, scratch_path(&w.scratch, ERASED_FILE, beside), &persons), OK);
	if (restore(NULL, &s) != OK)
		fail_msg("%s", why);
	assert_int_equal(s.erased, 2);
	nobody_is_back();
}

/* Without a list it is what it was: a backup holds all that the directory held. */
static void without_a_list_they_are_back(void **state)
{
	struct backup_summary s;

	(void)state;
	if (restore(NULL, &s) != OK)
		fail_msg("%s", why);
	assert_int_equal(s.erased, 0);
	assert_int_equal(keys_in(into), KEYS);
}

static void what_is_no_list_is_refused(void **state)
{
	struct backup_summary s;
	FILE *f = fopen(list, "a");

	(void)state;
	assert_non_null(f);
	fputs("two words\n", f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(restore(list, &s), FAULT_CORRUPT);
	assert_non_null(strstr(why, "this is no id"));
	assert_int_not_equal(access(into, F_OK), 0);
	assert_int_equal(restore("/nowhere/list", &s), FAULT_DISK);
	assert_non_null(strstr(why, "/nowhere/list"));
}

static void a_later_backup_does_not_hold_them(void **state)
{
	char after[SCRATCH_PATH * 2];

	(void)state;
	backup(scratch_path(&w.scratch, "after.jsonl", after));
	for (int i = 0; i < KEYS; i++) {
		struct str text = base64url_encode(
			&w.arena, (struct str){(const char *)keys[i], SEAL_KEY_LEN});
		assert_int_equal(traces(before, text.p, text.n), 1);
		assert_int_equal(traces(after, text.p, text.n), 0);
	}
}

int main(void)
{
#define OWN(name) cmocka_unit_test_setup_teardown(name, make, close_dealer)
	const struct CMUnitTest tests[] = {
		OWN(an_older_backup_comes_back_without_them),
		OWN(the_list_beside_a_backup_is_found),
		OWN(without_a_list_they_are_back),
		OWN(what_is_no_list_is_refused),
		OWN(a_later_backup_does_not_hold_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
