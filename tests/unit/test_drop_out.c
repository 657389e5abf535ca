/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that the workshop's system is told of each visit and booking that changed: once more after
 * a crash, never not; whole files only; nothing sealed; and no more of them than may wait. */

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/drop_file.h"
#include "server/file.h"
#include "tests/lib/rendering.h"

static struct scratch out;
static struct drop_file to;
static struct drop_result result;
static char why[DROP_WHY_BYTES];

static int open_folder(void **state)
{
	scratch_make(&out);
	open_dealer(state);
	to = (struct drop_file){.folder = out.dir, .data = w.scratch.dir, .waiting_max = 1000};
	return 0;
}

static int close_folder(void **state)
{
	close_dealer(state);
	scratch_remove(&out);
	return 0;
}

static enum outcome drop(void)
{
	return drop_file_write(w.fleet, &to, STR("LYO"), &result, why, sizeof why);
}

/* Files whose name ends so; the last of them by name, read, in `text`. */
static int files(const char *end, char *text, size_t size)
{
	DIR *dir = opendir(out.dir);
	char last[256] = "", path[SCRATCH_PATH * 3], said[DROP_WHY_BYTES];
	int n = 0;

	assert_non_null(dir);
	for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
		size_t len = strlen(e->d_name), tail = strlen(end);
		if (e->d_name[0] == '.' || len < tail || strcmp(e->d_name + len - tail, end) != 0)
			continue;
		n++;
		if (strcmp(e->d_name, last) > 0)
			snprintf(last, sizeof last, "%s", e->d_name);
	}
	closedir(dir);
	if (text && n) {
		snprintf(path, sizeof path, "%s/%s", out.dir, last);
		struct str all = file_read(path, size - 1, said, sizeof said);
		assert_non_null(all.p);
		snprintf(text, size, "%.*s", STR_FMT(all));
		file_free(all);
	}
	return n;
}

static void what_changed_is_written_once(void **state)
{
	static char text[64 << 10];
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);

	(void)state;
	assert_int_equal(drop(), OK);
	assert_int_equal(result.first, 1);
	assert_int_equal(result.rows, 2); /* the booking, and the visit it made */
	assert_int_equal(files(".csv", text, sizeof text), 1);
	assert_non_null(strstr(text, "kind,site,for_site,visit,booking,number,"));
	assert_non_null(strstr(text, ",AlternateTransportation,"));
	assert_non_null(strstr(text, "\r\nvisit,LYO,"));
	assert_non_null(strstr(text, ",booked,Loaner,loaner_brand,grecale,G"));
	assert_non_null(strstr(text, ",2026-03-16T07:30:00Z,2026-03-18T16:00:00Z,"));
	assert_null(strstr(text, "Canari"));
	assert_null(strstr(text, "99000123"));
	assert_int_equal(drop(), OK); /* nothing new */
	assert_int_equal(result.last, 0);
	assert_int_equal(files("", NULL, 0), 1);
	(void)dealer_must(&w, VERB_BOOKING_CANCEL, "LYO", id.p, "{\"reason\":\"private\"}", OK);
	assert_int_equal(drop(), OK);
	assert_int_equal(files(".csv", text, sizeof text), 2);
	assert_non_null(strstr(text, ",cancelled,Loaner,"));
	assert_null(strstr(text, "private"));
}

static void names_only_where_they_are_asked_for(void **state)
{
	static char text[64 << 10];

	(void)state;
	(void)grecale(MONDAY_8_30, WEDNESDAY_17);
	to.json = to.names = true;
	assert_int_equal(drop(), OK);
	assert_int_equal(files(".jsonl", text, sizeof text), 1);
	for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		struct json doc =
			arena_json(&w.arena, (struct str){line, (size_t)(end - line)}, NULL);
		assert_true(json_present(doc));
		assert_str(json_str_at(doc, "customer"), "C1");
		assert_str(json_str_at(doc, "name"), "Madame " NAME);
		assert_str(json_str_at(doc, "vin"), DEALER_VIN);
	}
}

static void a_crash_tells_again(void **state)
{
	char path[SCRATCH_PATH * 3];

	(void)state;
	(void)grecale(MONDAY_8_30, WEDNESDAY_17);
	assert_int_equal(drop(), OK);
	uint64_t last = result.last;
	/* the file has its name, and the place was not kept yet */
	snprintf(path, sizeof path, "%s/drop-LYO", w.scratch.dir);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(drop(), OK);
	assert_int_equal(result.last, last);
	assert_int_equal(result.rows, 2);
	assert_int_equal(files("", NULL, 0), 1); /* under the same name */
	/* a place that no entry of this journal has: of another one, before a restore */
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs("99999\n", f);
	fclose(f);
	assert_int_equal(drop(), OK);
	assert_int_equal(result.first, 1);
	/* what was half written has no name, and goes */
	snprintf(path, sizeof path, "%s/relais-LYO-000000000001-000000000002.csv.part", out.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	drop_file_tidy(&to);
	assert_int_equal(files(".part", NULL, 0), 0);
}

static void files_that_nobody_takes_come_to_an_end(void **state)
{
	char command[SCRATCH_PATH * 3];
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);

	(void)state;
	to.waiting_max = 1;
	assert_int_equal(drop(), OK);
	(void)dealer_must(&w, VERB_BOOKING_PIN, "LYO", id.p, "{}", OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(drop(), OK);
		assert_true(result.full);
		assert_int_equal(result.rows, 0);
	}
	assert_int_equal(files("", NULL, 0), 1);
	/* somebody takes it: it goes on where it was */
	snprintf(command, sizeof command, "%s/relais-LYO-%012llu-%012llu.csv", out.dir, 1ull,
		(unsigned long long)result.first - 1);
	assert_int_equal(unlink(command), 0);
	assert_int_equal(drop(), OK);
	assert_false(result.full);
	assert_int_equal(result.rows, 1);
}

/* A disk that takes no more is stood for by a limit of the process: the write fails half way. */
static void a_full_disk_leaves_no_half_file(void **state)
{
	const struct rlimit little = {.rlim_cur = 200, .rlim_max = RLIM_INFINITY};
	const struct rlimit enough = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};

	(void)state;
	(void)grecale(MONDAY_8_30, WEDNESDAY_17);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
	enum outcome o = drop();
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &enough), 0);
	assert_int_not_equal(o, OK);
	assert_int_equal(files("", NULL, 0), 0);
	assert_int_equal(drop(), OK);
	assert_int_equal(result.first, 1);
	assert_int_equal(result.rows, 2);
	to.folder = "/nowhere/at/all";
	(void)grecale("2026-03-23T08:30:00+01:00", "2026-03-25T17:00:00+01:00");
	assert_int_equal(drop(), FAULT_DISK);
	assert_non_null(strstr(why, "/nowhere/at/all"));
}

static void a_link_in_the_folder_leads_nowhere(void **state)
{
	char path[SCRATCH_PATH * 3], aim[SCRATCH_PATH * 2];
	struct stat st;

	(void)state;
	(void)grecale(MONDAY_8_30, WEDNESDAY_17);
	assert_int_equal(drop(), OK);
	snprintf(path, sizeof path, "%s/relais-LYO-%012llu-%012llu.csv", out.dir, 1ull,
		(unsigned long long)result.last);
	assert_int_equal(unlink(path), 0);
	snprintf(path + strlen(path), sizeof path - strlen(path), ".part");
	snprintf(aim, sizeof aim, "%s/victim", w.scratch.dir);
	assert_int_equal(symlink(aim, path), 0);
	snprintf(aim, sizeof aim, "%s/drop-LYO", w.scratch.dir);
	assert_int_equal(unlink(aim), 0);
	assert_int_equal(drop(), OK);
	snprintf(aim, sizeof aim, "%s/victim", w.scratch.dir);
	assert_int_not_equal(stat(aim, &st), 0);
	assert_int_equal(files(".csv", NULL, 0), 1);
}

static void the_words_that_workshop_systems_have(void **state)
{
	(void)state;
	assert_str(drop_transportation(STR("loaner_other")), "Loaner");
	assert_str(drop_transportation(STR("wait_on_site")), "WAIT_AT_DEALER");
	assert_str(drop_transportation(STR("pickup_delivery")), "Valet Pick-up");
	assert_false(drop_transportation(STR("taxi")).n);
}

#define FOLDER(f) cmocka_unit_test_setup_teardown(f, open_folder, close_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER(what_changed_is_written_once),
		FOLDER(names_only_where_they_are_asked_for),
		FOLDER(a_crash_tells_again),
		FOLDER(files_that_nobody_takes_come_to_an_end),
		FOLDER(a_full_disk_leaves_no_half_file),
		FOLDER(a_link_in_the_folder_leads_nowhere),
		FOLDER(the_words_that_workshop_systems_have),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
