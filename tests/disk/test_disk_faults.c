/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The k-th write or sync fails (P3, P5 of reliability), for every k of a start and a shift of some
 * twenty commits (forty with RELAIS_LONG=1): with EIO or ENOSPC, alone or with all that come after
 * it, and nothing, half or all of it reached the disk nevertheless. The program ends or answers
 * 503; whoever starts it again finds all that was acknowledged, and asks the rest again by key. Now
 * and then the next start fails in the same way.
 */

#include "tests/disk/disk.h"

#include <errno.h>
#include <signal.h>
#include <sysexits.h>

enum {
	ORDERS = 24,
	ORDERS_LONG = 42,
	K_MAX = 2000,
	VERIFY_EVERY = 10,
	AGAIN_EVERY = 4,
	AGAIN_K = 6,
	CHANGES = 2
};

struct faults_run {
	struct house house;
	struct disk disk;
	struct shift shift;
	char template[SCRATCH_PATH * 2];
	uint32_t runs, ended, refused, unheard, at_start;
};

static const char *const parts[] = {"nothing", "half", "all"};
static const int errors[] = {EIO, ENOSPC};
static const char *const times[] = {"once", "ever"};
enum { VARIANTS = ARRAY_LEN(parts) * ARRAY_LEN(errors) * ARRAY_LEN(times) };

static void order_fault(const struct faults_run *r, uint32_t k, uint32_t variant)
{
	char text[64];

	snprintf(text, sizeof(text), "%u %d %s %s", k, errors[variant / 2 % ARRAY_LEN(errors)],
		times[variant % 2], parts[variant / 4 % ARRAY_LEN(parts)]);
	disk_count_reset(&r->disk);
	disk_preload("RELAIS_DISK_LIBRARY", &r->house);
	setenv(DISK_COUNT, r->disk.counter, 1);
	setenv(DISK_FAIL, text, 1);
}

static void copy_template(struct faults_run *r)
{
	scratch_empty(r->house.data, 1);
	disk_copy(r->template, r->house.data);
}

/* It ended by itself, with the code that says so, or it is asked to. */
static void end_server(struct faults_run *r)
{
	int code;

	if (r->shift.silent) {
		code = process_wait(&r->house.server, HOUSE_WAIT_MS);
		if (code != EX_IOERR)
			fail_msg("it ended with %d", code);
		r->ended++;
		return;
	}
	code = process_stop(&r->house.server, SIGTERM, HOUSE_WAIT_MS);
	if (code != EX_OK && code != EX_IOERR)
		fail_msg("told to end, it ended with %d", code);
}

/* Killed soon after its start, unless the fault made it end by itself before. */
static void kill_server(struct faults_run *r)
{
	int code = process_stop(&r->house.server, SIGKILL, HOUSE_WAIT_MS);

	if (code != 128 + SIGKILL && code != EX_IOERR)
		fail_msg("killed, it ended with %d", code);
}

/* One run; false: k lies behind the last operation, so nothing failed. */
static bool run(struct faults_run *r, uint32_t k, uint32_t variant)
{
	static struct told told;
	bool reached;

	copy_template(r);
	order_fault(r, k, variant);
	if (disk_serve(&r->house, NULL)) {
		shift_work(&r->shift, disk_is_long() ? ORDERS_LONG : ORDERS);
		r->refused += r->shift.refused_503;
		end_server(r);
	} else {
		r->at_start++;
	}
	reached = disk_count(&r->disk) >= k;
	if (reached && r->runs++ % AGAIN_EVERY == 0) {
		order_fault(r, 1 + k % AGAIN_K, variant + 1);
		if (disk_serve(&r->house, NULL))
			kill_server(r);
	}
	disk_unload();
	if (!disk_serve(&r->house, NULL))
		fail_msg("it does not start any more");
	shift_look_back(&r->shift);
	house_stop(&r->house);
	if (r->runs % VERIFY_EVERY == 0) {
		relais(&told, "verify", "--data", r->house.data);
		told_code(&told, 0);
	}
	shift_forget(&r->shift);
	return reached;
}

static void test_every_fault(void **state)
{
	static struct faults_run r;
	uint32_t k = 1, all = disk_is_long() ? VARIANTS : 1;

	(void)state;
	house_make(&r.house);
	disk_make(&r.disk);
	house_serve(&r.house);
	house_token(&r.house);
	house_fill(&r.house);
	shift_begin(&r.shift, &r.house, "faults");
	house_stop(&r.house);
	scratch_path(&r.disk.scratch, "template", r.template);
	disk_copy(r.house.data, r.template);
	for (bool reached = true; reached; k++) {
		reached = false;
		/* Each k in one way, and in the next way the next; all ways of all k take longer.
		 */
		for (uint32_t v = 0; v < all; v++)
			reached = run(&r, k, k * 5 + v) || reached;
		assert_true(k < K_MAX);
	}
	print_message("# %u operations, %u runs: it ended %u times, would not start %u times, "
		      "refused %u orders; of %u answers lost %u were to what was committed\n",
		k - 2, r.runs, r.ended, r.at_start, r.refused, r.shift.ledger.unknown,
		r.shift.ledger.unheard);
	assert_in_range(r.ended, ORDERS, r.runs);
	assert_in_range(r.shift.ledger.unheard, 1, r.shift.ledger.unknown - 1);
	shift_end(&r.shift);
	disk_remove(&r.disk);
	house_remove(&r.house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_fault),
	};

	disk_in_memory();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
