/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * No room left (P17 of reliability): on the disk, because others filled it, or in the map, because
 * the installation reached its limit. New promises are answered 503 storage-full; what is out comes
 * back, what is booked is cancelled, from a reserve; and it goes on by itself when there is room.
 */

#include "tests/disk/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

enum { ORDERS = 30, PROGRAMMES = 240, EATEN_MAX = 400, RETURNS = 12, TMPFS_MIB = 96 };

struct full {
	struct house house;
	struct disk disk;
	struct shift shift;
	uint32_t eaten;
	void (*fill)(struct full *f), (*clear)(struct full *f);
	char filler[SCRATCH_PATH * 2]; /* whatever else lies on the same disk */
};

/* A large rule set, one of many versions and none in force: the quickest way to need room. */
static struct str big_ruleset(uint32_t version)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	fprintf(f,
		"{\"valid_from\":\"2019-01-01\",\"solution_order\":[\"loaner_brand\",\"rental\"],"
		"\"job_types\":[\"warranty_repair\",\"maintenance\"],\"segments\":[\"private\","
		"\"company\",\"vip\"],\"driver_limits\":{},\"documents_by_solution\":{},"
		"\"condition_rules\":[],\"programmes\":[");
	for (int i = 0; i < PROGRAMMES; i++)
		fprintf(f,
			"%s{\"id\":\"P%d\",\"name\":\"Programme %d of version %u, which takes "
			"its room\",\"kind\":\"manufacturer_warranty\",\"payer\":"
			"\"manufacturer\",\"priority\":%d,\"requires_coverage\":true,"
			"\"markets\":[\"EU\"],\"months\":240,\"odometer_limit_km\":null,"
			"\"transferable\":true,\"continues_after_expiry\":true,"
			"\"voided_by_lock\":true,\"needs_open_campaign\":false,"
			"\"needs_claim_ref\":false,\"segments\":null,\"max_uses\":null,"
			"\"job_types\":[\"warranty_repair\"],\"benefits\":{}}",
			i ? "," : "", i, i, version, i + 1);
	fprintf(f, "]}");
	fclose(f);
	return (struct str){text, n};
}

/* Large versions until there is no room for one more; the answer says why. */
static void eat(struct full *f)
{
	for (;; f->eaten++) {
		struct str path = text_make("/v1/rulesets/large-%u", f->eaten);
		struct str body = big_ruleset(f->eaten);
		struct response r = house_ask(&f->house, NULL, "PUT", path.p, NULL, body);
		int status = r.status;
		if (status == 503) {
			assert_str(json_str_at(house_json(&r), "type"), "/problems/storage-full");
			assert_non_null(response_header(&r, "retry-after").p);
		} else if (status != 201) {
			fail_msg("answered %d: %.*s", status, STR_FMT(r.body));
		}
		response_free(&r);
		text_free(path);
		text_free(body);
		if (status == 503)
			return;
		assert_true(f->eaten < EATEN_MAX);
	}
}

/* ---- what can be done, and what cannot ---- */

/* One order about a promise of that status; its answer. */
static int order(struct full *f, enum errand errand, const char *status, const char *body)
{
	struct ledger *l = &f->shift.ledger;
	int32_t promise = ledger_pick(l, &f->shift.chance, status, false);
	struct response r;
	const struct order *o;
	uint32_t at;
	int answer;

	assert_int_not_equal(promise, NO_PROMISE);
	at = ledger_order(l, errand, promise, text_make("%s", body));
	o = &l->orders[at];
	r = house_ask(&f->house, NULL, o->method, o->path, o->key, o->body);
	answer = r.status;
	if (answer == 503) {
		assert_str(json_str_at(house_json(&r), "type"), "/problems/storage-full");
		f->shift.refused_503++;
	} else {
		ledger_answer(l, at, &r);
	}
	response_free(&r);
	return answer;
}

static void check_full(struct full *f)
{
	int back = 0, cancelled = 0;

	/* Promises are refused, and each of them may be asked again later by its key. */
	shift_work_errand(&f->shift, MAKE_BOOKED, ORDERS);
	assert_int_equal(f->shift.refused_503, ORDERS);
	shift_work_errand(&f->shift, NEW_CUSTOMER, 3);
	assert_int_equal(f->shift.refused_503, 3);
	assert_int_equal(order(f, BOOK, "held", "{\"customer\":\"K1\"}"), 503);
	for (int i = 0; i < RETURNS; i++) {
		if (ledger_pick(&f->shift.ledger, &f->shift.chance, "out", false) != NO_PROMISE)
			back += order(f, CHECK_IN, "out",
					"{\"odometer_km\":1300,\"fuel_percent\":50}") == 200;
		if (ledger_pick(&f->shift.ledger, &f->shift.chance, "booked", false) != NO_PROMISE)
			cancelled += order(f, CANCEL, "booked", "{\"reason\":\"No need\"}") == 200;
	}
	print_message("# %u large entries until it was full; then %d came back, %d cancelled\n",
		f->eaten, back, cancelled);
	assert_in_range(back, 1, RETURNS);
	assert_in_range(cancelled, 1, RETURNS);
}

static void check_stored(struct full *f)
{
	static struct told told;

	relais(&told, "verify", "--data", f->house.data);
	told_code(&told, 0);
}

static void begin(struct full *f)
{
	house_token(&f->house);
	house_fill(&f->house);
	shift_begin(&f->shift, &f->house, "full");
	shift_work(&f->shift, ORDERS);
	for (int i = 0; i < 2; i++) {
		shift_work_errand(&f->shift, MAKE_OUT, 6);
		shift_work_errand(&f->shift, MAKE_HELD, 6);
		shift_work_errand(&f->shift, MAKE_BOOKED, 6);
	}
	assert_int_equal(f->shift.refused_503 + f->shift.silent, 0);
}

static void end(struct full *f)
{
	shift_look_back(&f->shift);
	house_stop(&f->house);
	check_stored(f);
	shift_end(&f->shift);
	disk_remove(&f->disk);
	house_remove(&f->house);
}

/* Full, room again, full again; all by itself and with one process. */
static void story(struct full *f)
{
	house_serve(&f->house);
	begin(f);
	for (int i = 0; i < 2; i++) {
		f->fill(f);
		eat(f);
		check_full(f);
		f->clear(f);
		shift_work_errand(&f->shift, MAKE_BOOKED, 6);
		assert_int_equal(f->shift.refused_503 + f->shift.silent, 0);
		shift_look_back(&f->shift);
		shift_work_errand(&f->shift, MAKE_OUT, 6);
		shift_work_errand(&f->shift, MAKE_HELD, 6);
	}
	/* A start on a full disk is a start. */
	f->fill(f);
	house_stop(&f->house);
	house_serve(&f->house);
	(void)house_must(&f->house, NULL, "GET", "/v1/sites", NULL, STR_NULL, 200);
	f->clear(f);
	end(f);
}

/* ---- full by order ---- */

static void order_full(struct full *f)
{
	int fd = open(f->disk.full, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	close(fd);
}

static void order_room(struct full *f)
{
	assert_int_equal(unlink(f->disk.full), 0);
}

static void test_no_new_blocks(void **state)
{
	static struct full f;

	(void)state;
	f = (struct full){.fill = order_full, .clear = order_room};
	house_make(&f.house);
	disk_make(&f.disk);
	disk_preload("RELAIS_DISK_LIBRARY", &f.house);
	setenv(DISK_FULL, f.disk.full, 1);
	story(&f);
}

/* ---- a disk of its own that others fill ---- */

static void others_fill(struct full *f)
{
	static const char bytes[1 << 16];
	int fd = open(f->filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	while (write(fd, bytes, sizeof(bytes)) > 0)
		continue;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static void others_clear(struct full *f)
{
	assert_int_equal(unlink(f->filler), 0);
}

static void test_small_disk(void **state)
{
	static struct full f;
	struct scratch mounted;
	char size[32];

	(void)state;
	scratch_make(&mounted);
	snprintf(size, sizeof(size), "size=%dm", TMPFS_MIB);
	if (mount("tmpfs", mounted.dir, "tmpfs", MS_NOSUID | MS_NODEV, size) != 0) {
		print_message("# no right to mount a small disk here (%s)\n", strerror(errno));
		scratch_remove(&mounted);
		skip();
	}
	f = (struct full){.fill = others_fill, .clear = others_clear};
	house_make(&f.house);
	disk_make(&f.disk);
	snprintf(f.house.data, sizeof(f.house.data), "%s/data", mounted.dir);
	scratch_path(&mounted, "filler", f.filler);
	story(&f);
	assert_int_equal(umount2(mounted.dir, MNT_DETACH), 0);
	scratch_remove(&mounted);
}

/* ---- the installation's own limit ---- */

static void serve_limited(struct full *f, const char *mib)
{
	char config[SCRATCH_PATH * 2], text[64];
	FILE *file;

	scratch_path(&f->disk.scratch, "relais.conf", config);
	snprintf(text, sizeof(text), "store.mib_max = %s\n", mib);
	file = fopen(config, "we");
	assert_true(file && fputs(text, file) >= 0 && fclose(file) == 0);
	assert_true(disk_serve(&f->house, config));
}

static void test_full_map(void **state)
{
	static struct full f;

	(void)state;
	f = (struct full){.eaten = 0};
	house_make(&f.house);
	disk_make(&f.disk);
	serve_limited(&f, "64");
	begin(&f);
	eat(&f);
	check_full(&f);
	/* The limit is the operator's: with a higher one it goes on. */
	house_stop(&f.house);
	serve_limited(&f, "128");
	shift_work_errand(&f.shift, MAKE_BOOKED, 6);
	assert_int_equal(f.shift.refused_503 + f.shift.silent, 0);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_new_blocks),
		cmocka_unit_test(test_small_disk),
		cmocka_unit_test(test_full_map),
	};

	disk_in_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
