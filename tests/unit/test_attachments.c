/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Papers and photos of a booking: kept with their entry, read back byte by byte, sealed where they
 * lie, noise without the person's key, in every backup; and whatever damages them is found.
 */

#include "fleet/attachment.h"
#include "fleet/backup.h"
#include "fleet/people_inside.h"
#include "fleet/store_inside.h"
#include "tests/lib/dealership.h"

static struct dealership w;
static struct str booking;
static struct arena read_here; /* the bytes of one attachment */

static int set_up(void **state)
{
	(void)state;
	dealer_open(&w);
	arena_init(&read_here, ARENA_MAX_DEFAULT);
	booking = dealer_book(&w, DEALER_VIN, "C1", "loaner_brand", "grecale",
		"2026-03-16T09:00:00+01:00", "2026-03-18T17:00:00+01:00", OK);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_deinit(&read_here);
	dealer_close(&w);
	return 0;
}

/* A file of that length which begins as its type does; the rest is different in each place. */
static struct str file_of(const char *magic, size_t n)
{
	size_t head = strlen(magic);
	char *bytes = arena_alloc(&w.arena, n);

	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = i < head ? magic[i] : (char)(i * 7 + i / 251);
	return (struct str){bytes, n};
}

static const char jpeg[] = "\xff\xd8\xff\xe0", png[] = "\x89PNG\r\n\x1a\n";

static struct command *attach(struct str bytes, const char *body, const char *key)
{
	struct command *c = command_new(VERB_BOOKING_ATTACH);

	c->journal = STR("LYO");
	c->target = booking;
	c->body = str_from(body);
	c->bytes = bytes;
	c->by = w.by;
	c->key = key ? str_from(key) : STR_NULL;
	assert_int_equal(fleet_do(w.fleet, c), OK);
	return c;
}

#define PHOTO "{\"kind\":\"photo\",\"parts\":[\"x\"]}"

static struct str attach_must(struct str bytes, const char *body)
{
	struct command *c = attach(bytes, body, NULL);
	struct str id;

	assert_int_equal(c->outcome, OK);
	id = dealer_subject(&w, c);
	command_free(c);
	return id;
}

static void attach_refused(struct str bytes, enum outcome expected, const char *says)
{
	struct command *c = attach(bytes, PHOTO, NULL);

	assert_int_equal(c->outcome, expected);
	assert_non_null(c->faults);
	assert_string_equal(c->faults->fault[0].pointer, "/parts");
	assert_non_null(strstr(c->faults->fault[0].detail, says));
	command_free(c);
}

static enum attached open_it(struct str id, struct str *bytes)
{
	struct view v;
	struct txn t;
	struct attachment a;

	arena_reset(&read_here);
	fleet_look(w.fleet, &v, &t, &read_here);
	assert_true(attachment_get(&v, id, &a));
	enum attached how = attachment_open(&v, &a, bytes);
	fleet_look_end(&v);
	return how;
}

static void assert_whole(struct str id, struct str expected)
{
	struct str bytes;

	assert_int_equal(open_it(id, &bytes), ATTACHED_WHOLE);
	assert_true(str_eq(bytes, expected));
}

/* ---- there and back ---- */

static void every_length(void **state)
{
	static const size_t lengths[] = {9, 1000, ATTACHMENT_PART_BYTES - 1, ATTACHMENT_PART_BYTES,
		ATTACHMENT_PART_BYTES + 1, 3 * ATTACHMENT_PART_BYTES, 1 << 20};
	struct str ids[ARRAY_LEN(lengths)], files[ARRAY_LEN(lengths)];
	int64_t together = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		files[i] = file_of(i % 2 ? jpeg : png, lengths[i]);
		ids[i] = attach_must(files[i], PHOTO);
		together += (int64_t)lengths[i];
	}
	dealer_reopen(&w);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++)
		assert_whole(ids[i], files[i]);
	struct json attached = json_get(dealer_row(&w, ROW_BOOKING, booking), "attached");
	assert_int_equal(json_int_at(attached, "count", 0), ARRAY_LEN(lengths));
	assert_int_equal(json_int_at(attached, "bytes", 0), together);
	dealer_check(&w);
}

static void the_entry_says_what_and_not_the_bytes(void **state)
{
	struct str file = file_of("%PDF-1.7 canary-in-the-paper", 300);
	struct str id = attach_must(file, "{\"kind\":\"scan\",\"parts\":[\"x\"]}");
	struct hash hash = hash_of(file);
	char hex[HASH_TEXT];
	struct json doc = dealer_row(&w, ROW_ATTACHMENT, id);

	(void)state;
	assert_str(json_str_at(doc, "kind"), "scan");
	assert_str(json_str_at(doc, "type"), "application/pdf");
	assert_str(json_str_at(doc, "of"), "C1");
	assert_true(str_eq(json_str_at(doc, "sha256"), hash_print(&hash, hex)));
	assert_int_equal(json_int_at(doc, "size", 0), 300);
	assert_false(json_present(json_get(doc, "parts")));
	id = attach_must(file_of(jpeg, 90), "{\"kind\":\"damage_photo\",\"moment\":\"check_in\","
					    "\"parts\":[\"x\"],\"zone\":\"roof\"}");
	doc = dealer_row(&w, ROW_ATTACHMENT, id);
	assert_str(json_str_at(doc, "moment"), "check_in");
	assert_str(json_str_at(doc, "zone"), "roof");
}

/* ---- what is not taken ---- */

static void other_files(void **state)
{
	static const char *const others[] = {"<html>", "<svg xmlns=", "GIF89a", "\x89PNG\r\n\x1a\n",
		"%PDF-", "\xff\xd8\xff", " %PDF-1.4", "MZ"};

	(void)state;
	attach_refused(STR_NULL, REFUSED_INVALID, "send it");
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		attach_refused(str_from(others[i]), REFUSED_INVALID, "neither PDF nor JPEG");
}

static void too_large_or_too_many(void **state)
{
	struct str largest = file_of(png, ATTACHMENT_BYTES_MAX);

	(void)state;
	attach_refused(file_of(png, ATTACHMENT_BYTES_MAX + 1), REFUSED_INVALID, "at most 10485760");
	for (int i = 0; i < ATTACHED_BYTES_MAX / ATTACHMENT_BYTES_MAX; i++)
		assert_whole(attach_must(largest, PHOTO), largest);
	attach_refused(largest, REFUSED_INVALID, "bytes together");
	dealer_check(&w);
}

static void sixty_and_no_more(void **state)
{
	(void)state;
	for (int i = 0; i < ATTACHMENTS_MAX; i++)
		attach_must(file_of(jpeg, 30), PHOTO);
	attach_refused(file_of(jpeg, 30), REFUSED_INVALID, "at most 60");
}

/* The key answers for ever, with or without the bytes; what was refused for want of them was not.
 */
static void a_key_answers_again(void **state)
{
	struct str file = file_of(jpeg, 400);
	struct command *first, *again;

	(void)state;
	first = attach(STR_NULL, PHOTO, "k");
	assert_int_equal(first->outcome, REFUSED_INVALID);
	command_free(first);
	first = attach(file, PHOTO, "k");
	again = attach(STR_NULL, PHOTO, "k");
	assert_int_equal(first->outcome, OK);
	assert_int_equal(again->outcome, OK);
	assert_true(again->replayed && again->seq == first->seq);
	command_free(first);
	command_free(again);
	assert_int_equal(
		json_int_at(json_get(dealer_row(&w, ROW_BOOKING, booking), "attached"), "count", 0),
		1);
}

/* ---- sealed, and forgotten ---- */

static struct str part_bytes(struct str id)
{
	struct key key = key_part(id, 0);
	struct txn t;
	struct str box;

	txn_begin(&t, fleet_store(w.fleet), false);
	assert_true(txn_get(&t, DB_PARTS, key_str(&key), &box));
	box = arena_copy(&w.arena, box);
	txn_abort(&t);
	return box;
}

static void forget(struct str subject)
{
	struct key row = people_row(PEOPLE_KEY, subject);
	struct txn t;

	txn_begin(&t, people_store(fleet_people(w.fleet)), true);
	txn_delete(&t, DB_ROWS, key_str(&row));
	assert_int_equal(txn_commit(&t), OK);
}

static void without_the_key_it_is_noise(void **state)
{
	struct str file = file_of("%PDF-1.7 canary-in-the-paper", 3000), bytes;
	struct str id = attach_must(file, PHOTO), box = part_bytes(id);

	(void)state;
	for (size_t i = 0; i + 12 <= box.n; i++)
		assert_memory_not_equal(box.p + i, "canary-in-th", 12);
	forget(STR("C1"));
	assert_int_equal(open_it(id, &bytes), ATTACHED_ERASED);
	dealer_check(&w); /* the entry stays, and nothing is wrong */
}

/* ---- damage is found ---- */

struct heard {
	uint64_t lines;
	char last[300];
};

static void hear(void *context, const char *line)
{
	struct heard *h = context;

	h->lines++;
	snprintf(h->last, sizeof h->last, "%s", line);
}

static void check_says(const char *what)
{
	struct heard h = {0};
	const struct report report = {&h, hear};

	assert_int_equal(attachments_check(w.fleet, &report), 1);
	assert_int_equal(h.lines, 1);
	assert_non_null(strstr(h.last, what));
}

static void put_part(struct str id, uint16_t number, struct str box)
{
	struct key key = key_part(id, number);
	struct txn t;

	txn_begin(&t, fleet_store(w.fleet), true);
	if (box.n)
		txn_put(&t, DB_PARTS, key_str(&key), box);
	else
		txn_delete(&t, DB_PARTS, key_str(&key));
	assert_int_equal(txn_commit(&t), OK);
}

static void damage_is_found(void **state)
{
	struct str id = attach_must(file_of(png, ATTACHMENT_PART_BYTES + 5), PHOTO);
	struct str other = attach_must(file_of(png, ATTACHMENT_PART_BYTES + 5), PHOTO);
	struct str good = part_bytes(id), bytes;
	char *bad = arena_alloc(&w.arena, good.n);

	(void)state;
	memcpy(bad, good.p, good.n);
	bad[good.n / 2] ^= 1;
	put_part(id, 0, (struct str){bad, good.n});
	assert_int_equal(open_it(id, &bytes), ATTACHED_DAMAGED);
	check_says("is damaged");
	put_part(id, 0, part_bytes(other)); /* sealed for another place */
	check_says("is damaged");
	put_part(id, 0, STR_NULL);
	check_says("bytes of it are missing");
	put_part(id, 0, good);
	put_part(STR("nobody"), 0, good);
	check_says("no entry");
	put_part(STR("nobody"), 0, STR_NULL);
	dealer_check(&w);
}

/* ---- backups ---- */

static void no_line(void *context, const char *line)
{
	(void)context;
	fail_msg("%s", line);
}

static void a_backup_holds_them(void **state)
{
	struct fleet_options options = {.env = &w.still.env};
	const struct report report = {.say = no_line};
	struct str file = file_of(jpeg, 5 * ATTACHMENT_PART_BYTES + 1);
	struct str id = attach_must(file, PHOTO), small = attach_must(file_of(png, 40), PHOTO);
	struct backup_summary made, restored;
	char path[SCRATCH_PATH * 2], dir[SCRATCH_PATH * 2], scratch[SCRATCH_PATH * 2], why[600];
	struct fleet *fleet, *mine = w.fleet;

	(void)state;
	scratch_path(&w.scratch, "backup", path);
	scratch_path(&w.scratch, "again", dir);
	assert_int_equal(backup_write(w.fleet, path, NULL, &made, why, sizeof why), OK);
	assert_int_equal(made.parts, 7);
	if (backup_restore(path, NULL, dir, &w.still.env, &restored, why, sizeof why) != OK)
		fail_msg("%s", why);
	assert_int_equal(fleet_open(&fleet, dir, &options, why, sizeof why), OK);
	assert_int_equal(
		fleet_verify(fleet, scratch_path(&w.scratch, "rebuilt", scratch), &report), 0);
	w.fleet = fleet;
	assert_whole(id, file);
	assert_whole(small, file_of(png, 40));
	w.fleet = mine;
	fleet_close(fleet);
	/* one that lacks a piece is not restored: what it made is looked at first */
	put_part(id, 3, STR_NULL);
	scratch_path(&w.scratch, "lacking", path);
	scratch_path(&w.scratch, "never", dir);
	assert_int_equal(backup_write(w.fleet, path, NULL, &made, why, sizeof why), OK);
	assert_int_equal(made.parts, 6);
	assert_int_equal(backup_restore(path, NULL, dir, &w.still.env, &restored, why, sizeof why),
		FAULT_CORRUPT);
	assert_non_null(strstr(why, "bytes of it are missing"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_entry_says_what_and_not_the_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_large_or_too_many, set_up, tear_down),
		cmocka_unit_test_setup_teardown(sixty_and_no_more, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_key_answers_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(without_the_key_it_is_noise, set_up, tear_down),
		cmocka_unit_test_setup_teardown(damage_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_backup_holds_them, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
