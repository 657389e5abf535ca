/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup comes back as what it was taken of, and one that is damaged anywhere is refused before a
 * directory is made of it. The files under tests/data were written by released versions: each is
 * read by every later one.
 */

#include "fleet/backup.h"
#include "fleet/checkpoint.h"
#include "server/file.h"
#include "tests/fuzz/mend.h"
#include "tests/lib/dealership.h"

enum { FLIPS = 400, CUTS = 200 };

static struct dealership w;
static char file[SCRATCH_PATH * 2], bad[SCRATCH_PATH * 2], dir[SCRATCH_PATH * 2];
static struct str whole; /* the backup's bytes */
static struct backup_summary summary;
static char why[600];
static uint32_t pauses;

static struct str slurp(const char *path)
{
	struct str bytes = file_read(path, FILE_BYTES_MAX, why, sizeof(why));

	if (!bytes.p)
		fail_msg("%s", why);
	return bytes;
}

static void spit(const char *path, struct str a, struct str b)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(a.p, 1, a.n, f), a.n);
	assert_int_equal(b.n ? fwrite(b.p, 1, b.n, f) : 0, b.n);
	assert_int_equal(fclose(f), 0);
}

static void no_line(void *context, const char *line)
{
	(void)context;
	fail_msg("%s", line);
}

static bool count_pause(void *context)
{
	++*(uint32_t *)context;
	return true;
}

static int set_up(void **state)
{
	const struct report report = {.say = no_line};
	const struct backup_pace pace = {1000, count_pause, &pauses};

	(void)state;
	dealer_open(&w);
	(void)dealer_book(&w, DEALER_VIN, NULL, "loaner_brand", "grecale",
		"2026-03-16T09:00:00+01:00", "2026-03-18T17:00:00+01:00", OK);
	assert_int_equal(
		checkpoints_sign(fleet_checkpoints(w.fleet), fleet_store(w.fleet), &report), 0);
	scratch_path(&w.scratch, "backup", file);
	scratch_path(&w.scratch, "bad", bad);
	scratch_path(&w.scratch, "again", dir);
	if (backup_write(w.fleet, file, &pace, &summary, why, sizeof(why)) != OK)
		fail_msg("%s", why);
	whole = slurp(file);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	file_free(whole);
	dealer_close(&w);
	return 0;
}

/* Everything between the first line (when it was made) and the last (its sum). */
static struct str inner(struct str all)
{
	const char *from = memchr(all.p, '\n', all.n);

	assert_non_null(from);
	size_t end = all.n - 1;
	while (all.p[end - 1] != '\n')
		end--;
	return (struct str){from, end - (size_t)(from - all.p)};
}

/* ---- there and back ---- */

static void it_comes_back(void **state)
{
	struct fleet_options options = {.env = &w.still.env};
	const struct report report = {.say = no_line};
	struct backup_summary again;
	char second[SCRATCH_PATH * 2], scratch[SCRATCH_PATH * 2];
	struct fleet *fleet;

	(void)state;
	assert_true(summary.entries > 10 && summary.persons >= 2);
	assert_in_range(pauses, whole.n / 8000, whole.n / 1000);
	assert_int_equal(summary.journals, 2);
	if (backup_restore(file, NULL, dir, &w.still.env, &again, why, sizeof(why)) != OK)
		fail_msg("%s", why);
	assert_memory_equal(&again.sha256, &summary.sha256, sizeof(again.sha256));
	if (fleet_open(&fleet, dir, &options, why, sizeof(why)) != OK)
		fail_msg("%s", why);
	assert_int_equal(
		fleet_verify(fleet, scratch_path(&w.scratch, "rebuilt", scratch), &report), 0);
	assert_int_equal(fleet_audit_replay(fleet, &report), 0);
	/* What is taken of it is the same again, keys, tokens, notes and all. */
	scratch_path(&w.scratch, "second", second);
	assert_int_equal(backup_write(fleet, second, NULL, &again, why, sizeof(why)), OK);
	fleet_close(fleet);
	struct str both[2] = {inner(whole), slurp(second)};
	assert_true(str_eq(both[0], inner(both[1])));
	file_free(both[1]);
}

static void nothing_is_written_over(void **state)
{
	struct backup_summary s;

	(void)state;
	assert_int_equal(backup_write(w.fleet, file, NULL, &s, why, sizeof(why)), FAULT_DISK);
	assert_non_null(strstr(why, "is there already"));
	assert_int_equal(
		backup_restore(file, NULL, w.scratch.dir, &w.still.env, &s, why, sizeof(why)),
		FAULT_CORRUPT);
	assert_non_null(strstr(why, "is not empty"));
	assert_int_equal(
		backup_write(w.fleet, "/nowhere/file", NULL, &s, why, sizeof(why)), FAULT_DISK);
	assert_non_null(strstr(why, "/nowhere/file"));
}

/* ---- damage ---- */

static void refused(const char *part)
{
	struct backup_summary s;
	char none[SCRATCH_PATH * 2];

	scratch_path(&w.scratch, "none", none);
	why[0] = '\0';
	assert_int_not_equal(
		backup_restore(bad, NULL, none, &w.still.env, &s, why, sizeof(why)), OK);
	if (!strstr(why, part) || strlen(why) < 20)
		fail_msg("not \"%s\" but: %s", part, why);
	assert_int_not_equal(access(none, F_OK), 0);
}

static void a_flipped_byte_is_refused(void **state)
{
	const char *set = getenv("RELAIS_LONG");
	size_t step = set && *set ? 1 : whole.n / FLIPS + 1, flips = 0;
	char *p = malloc(whole.n);

	(void)state;
	assert_non_null(p);
	memcpy(p, whole.p, whole.n);
	for (size_t at = 0; at < whole.n; at += step, flips++) {
		p[at] = (char)(p[at] ^ 1 << (flips % 8));
		spit(bad, (struct str){p, whole.n}, STR_NULL);
		refused("of the backup");
		p[at] = whole.p[at];
	}
	free(p);
	print_message("# %zu of %zu bytes flipped\n", flips, whole.n);
}

static void a_cut_is_refused(void **state)
{
	const char *set = getenv("RELAIS_LONG");
	size_t step = set && *set ? 1 : whole.n / CUTS + 1;

	(void)state;
	for (size_t n = 0; n < whole.n; n += step) {
		spit(bad, (struct str){whole.p, n}, STR_NULL);
		refused("of the backup");
	}
	spit(bad, (struct str){whole.p, whole.n - 1}, STR_NULL);
	refused("not whole");
	spit(bad, whole, STR("{}\n"));
	refused("stands behind the end");
}

/* A line left out, put twice, or swapped: the sum alone would tell; the words tell where. */
static void a_moved_line_is_refused(void **state)
{
	(void)state;
	for (size_t at = 0; at < whole.n;) {
		const char *end = memchr(whole.p + at, '\n', whole.n - at);
		size_t next = (size_t)(end - whole.p) + 1;
		spit(bad, (struct str){whole.p, at}, (struct str){whole.p + next, whole.n - next});
		refused("of the backup");
		spit(bad, (struct str){whole.p, next}, (struct str){whole.p + at, whole.n - at});
		refused("of the backup");
		at = next;
	}
}

/* ---- forgery ---- */

/* One text in the place of another of the same length, hashes and sum made right again: the chain
 * holds, but what stands in it cannot be kept. */
static void a_forged_one_is_refused(void **state)
{
	static const struct {
		const char *was, *is, *why;
	} rows[] = {
		{"\"status\":\"booked\"", "\"status\":\"brewed\"", "status is not a word"},
		{"\"status\":\"active\"", "\"status\":\"actual\"", "status is not a word"},
		{"\"kind\":\"car\"", "\"kind\":\"cow\"", "kind is not a word"},
		{"\"Europe/Paris\"", "\"Europe/Parma\"", "is not a time zone"},
		{"\"seat\":0", "\"seat\":7", "no seat"},
		{"\"what\":1", "\"what\":9", "claims/"},
		{"\"class\":\"grecale\"", "\"glass\":\"grecale\"", "class is missing"},
		{"\"until\":\"18:30\"", "\"until\":\"18:70\"", "is not a time of day"},
		{"\"kind\":\"booking\",\"request\"", "\"kind\":\"brewing\",\"request\"",
			"kind is not known"},
		{"\"customer\":\"C2\"", "\"customer\":\"C3\"", "is not its id"},
		{"\"op\":\"put\"", "\"op\":\"set\"", "it is not there"},
		{"\"serial\":1", "\"serial\":0", "serial is not a number"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *p = malloc(whole.n + 1);
		assert_non_null(p);
		memcpy(p, whole.p, whole.n);
		p[whole.n] = '\0';
		char *at = strstr(p, rows[i].was);
		if (!at)
			fail_msg("no %s in the backup", rows[i].was);
		memcpy(at, rows[i].is, strlen(rows[i].is));
		spit(bad, mend_backup(&w.arena, (struct str){p, whole.n}), STR_NULL);
		refused(rows[i].why);
		assert_non_null(strstr(why, "of journal"));
		free(p);
	}
}

/* One line is another, its hash and the sum made right, the lines behind it left as they were. */
static void a_line_of_another_history_is_refused(void **state)
{
	char *p = malloc(whole.n + 1), *at, *line, hex[HASH_TEXT];
	struct str again;
	struct hash sum;
	size_t end = whole.n - 1;

	(void)state;
	assert_non_null(p);
	memcpy(p, whole.p, whole.n);
	p[whole.n] = '\0';
	at = strstr(p, "\"label\":\"G1\"");
	assert_non_null(at);
	at[strlen("\"label\":\"G")] = '7';
	again = mend_backup(&w.arena, (struct str){p, whole.n});
	for (line = at; line[-1] != '\n'; line--)
		;
	memcpy(line, again.p + (line - p), (size_t)(strchr(line, '\n') - line));
	while (p[end - 1] != '\n')
		end--;
	sum = hash_of((struct str){p, end});
	memcpy(p + end + strlen("{\"end\":\""), hash_print(&sum, hex).p, HASH_TEXT - 1);
	spit(bad, (struct str){p, whole.n}, STR_NULL);
	refused("breaks the chain");
	free(p);
}

/* ---- versions ---- */

static void a_newer_one_is_refused(void **state)
{
	static const struct {
		const char *is, *was;
	} rows[] = {
		{"{\"backup\":3,", "{\"backup\":2,"},
		{"\"data\":\"relais 2\"", "\"data\":\"relais 1\""},
		{"\"entry\":2,", "\"entry\":1,"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char *p = malloc(whole.n + 1);
		assert_non_null(p);
		memcpy(p, whole.p, whole.n);
		p[whole.n] = '\0';
		char *at = strstr(p, rows[i].was);
		assert_non_null(at);
		memcpy(at, rows[i].is, strlen(rows[i].is));
		spit(bad, (struct str){p, whole.n}, STR_NULL);
		refused("another version of relais wrote it");
		free(p);
	}
}

/* What a version released wrote down is what every later one reads. */
static void what_earlier_versions_wrote(void **state)
{
	static const char *const released[] = {"backup-1.jsonl", "backup-2.jsonl"};
	struct fleet_options options = {.env = &w.still.env};
	const struct report report = {.say = no_line};
	char path[1024], into[SCRATCH_PATH * 2], scratch[SCRATCH_PATH * 2];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(released); i++) {
		struct backup_summary s;
		struct fleet *fleet;
		snprintf(
			path, sizeof(path), "%s/tests/data/%s", getenv("RELAIS_ROOT"), released[i]);
		scratch_path(&w.scratch, released[i], into);
		if (backup_restore(path, NULL, into, &w.still.env, &s, why, sizeof(why)) != OK)
			fail_msg("%s: %s", released[i], why);
		assert_true(s.entries > 10);
		if (fleet_open(&fleet, into, &options, why, sizeof(why)) != OK)
			fail_msg("%s: %s", released[i], why);
		const char *rebuilt = arena_printf(&w.arena, "rebuilt-%zu", i).p;
		scratch_path(&w.scratch, rebuilt, scratch);
		assert_int_equal(fleet_verify(fleet, scratch, &report), 0);
		assert_int_equal(fleet_audit_replay(fleet, &report), 0);
		fleet_close(fleet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_comes_back),
		cmocka_unit_test(nothing_is_written_over),
		cmocka_unit_test(a_flipped_byte_is_refused),
		cmocka_unit_test(a_cut_is_refused),
		cmocka_unit_test(a_moved_line_is_refused),
		cmocka_unit_test(a_forged_one_is_refused),
		cmocka_unit_test(a_line_of_another_history_is_refused),
		cmocka_unit_test(a_newer_one_is_refused),
		cmocka_unit_test(what_earlier_versions_wrote),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
