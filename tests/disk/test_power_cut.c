/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The power goes (P3 of reliability: acknowledged is durable). The real program works a day, from
 * the making of its directory on, killed and started again in the midst of it, and all it does to
 * its files is recorded, with the answers it sends. Then thousands of disks are made from the
 * record, as a cut at any operation may leave them, and each is opened, judged and written to
 * again. The same judges find a store that does not sync, and one that answers before it commits.
 */

#include "tests/disk/disk.h"

enum {
	IMAGES = 5000,
	IMAGES_LONG = 40000,
	JUDGES = 2,
	ORDERS = 45,
	AGREEMENTS = 4,
	TEETH_IMAGES = 300,
	JUDGE_MS_MAX = 3600 * 1000,
	/* Later than any booking of the day. */
	FREE_DAY_S = 400 * 86400,
};

struct cut {
	struct house house;
	struct disk disk;
	struct shift shift;
	uint32_t promised;
};

/* Work that is recorded: the birth, a full house, half a day; death; the other half. */
static void record(struct cut *c, bool no_sync)
{
	house_make(&c->house);
	disk_make(&c->disk);
	disk_preload("RELAIS_DISK_LIBRARY", &c->house);
	setenv(DISK_RECORD, c->disk.record, 1);
	if (no_sync)
		setenv(DISK_NO_SYNC, "1", 1);
	house_serve(&c->house);
	house_token(&c->house);
	house_fill(&c->house);
	shift_begin(&c->shift, &c->house, "power cut");
	shift_work(&c->shift, ORDERS);
	shift_sign(&c->shift, AGREEMENTS);
	house_kill(&c->house);
	house_serve(&c->house);
	shift_look_back(&c->shift);
	shift_work(&c->shift, ORDERS / 2);
	shift_sign(&c->shift, AGREEMENTS);
	shift_work(&c->shift, ORDERS - ORDERS / 2);
	house_stop(&c->house);
	assert_int_equal(c->shift.silent + c->shift.refused_503, 0);
	c->promised = c->shift.ledger.promises_len;
	disk_unload();
}

static void record_end(struct cut *c)
{
	shift_end(&c->shift);
	disk_remove(&c->disk);
	house_remove(&c->house);
}

/* The judges' word: "lost 0 of N", or "lost: image I of N: what". */
static void judge(
	struct process *p, const struct cut *c, uint32_t images, uint32_t first, bool early)
{
	char day[24], all[24], from[24], jobs[24];
	const char *const argv[] = {getenv("RELAIS_JUDGE_IMAGES"), c->disk.record, c->house.data,
		c->house.bearer, c->shift.offer.p, day, all, from, jobs, early ? "early" : NULL,
		NULL};

	assert_non_null(argv[0]);
	snprintf(day, sizeof(day), "%lld", (long long)(c->shift.now.s / 3600 * 3600 + FREE_DAY_S));
	snprintf(all, sizeof(all), "%u", images);
	snprintf(from, sizeof(from), "%u", first);
	snprintf(jobs, sizeof(jobs), "%d", JUDGES);
	assert_true(process_start(p, argv, JUDGE_MS_MAX));
	(void)process_wait(p, HOUSE_WAIT_MS);
}

static void test_power_cut(void **state)
{
	uint32_t images = disk_is_long() ? IMAGES_LONG : IMAGES, judged;
	static struct cut c;
	struct process p;

	(void)state;
	record(&c, false);
	judge(&p, &c, images, 0, false);
	print_message("# %u promises; %s\n", c.promised, p.line);
	assert_int_equal(sscanf(p.line, "lost 0 of %u", &judged), 1);
	assert_int_equal(judged, images);
	record_end(&c);
}

/* Of TEETH_IMAGES, how many the judges throw out: they stop at the first, and go on behind it. */
static uint32_t thrown_out(const struct cut *c, bool early)
{
	uint32_t lost = 0, image;
	struct process p;

	for (uint32_t first = 0; first < TEETH_IMAGES; first = image + 1) {
		judge(&p, c, TEETH_IMAGES, first, early);
		if (sscanf(p.line, "lost: image %u", &image) != 1)
			break;
		if (lost++ == 0)
			print_message("# %s\n", p.line);
	}
	print_message("# %u of %d images thrown out\n", lost, TEETH_IMAGES);
	return lost;
}

/* A store whose syncs do nothing, as with MDB_NOSYNC. */
static void test_no_sync_is_caught(void **state)
{
	static struct cut c;

	(void)state;
	record(&c, true);
	assert_in_range(thrown_out(&c, false), TEETH_IMAGES / 10, TEETH_IMAGES);
	record_end(&c);
}

/* The same work, had each answer gone out before the commit. */
static void test_early_answer_is_caught(void **state)
{
	static struct cut c;

	(void)state;
	record(&c, false);
	assert_in_range(thrown_out(&c, true), TEETH_IMAGES / 100, TEETH_IMAGES);
	record_end(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_power_cut),
		cmocka_unit_test(test_no_sync_is_caught),
		cmocka_unit_test(test_early_answer_is_caught),
	};

	disk_in_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
