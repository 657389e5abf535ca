/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The k-th time that the program asks for memory there is none, for every k of each kind of
 * request, alone and from then on: the answer is the true one or 503, or the process ends at an
 * assertion. What was acknowledged is there after the next start, and what was not is asked again.
 */

#include "tests/disk/disk.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sysexits.h>

enum { K_MAX = 400 };

struct lean {
	struct house house;
	struct disk disk;
	struct shift shift;
	struct memory_order *order; /* shared with the program */
	uint32_t asked, refused, ended;
};

/* What is only read, or asked without being kept. */
static const char *const questions[] = {
	"/v1/sites",
	"/v1/sites/LYO",
	"/v1/resources?site=LYO",
	"/v1/resources/CAR-1",
	"/v1/customers/K1",
	"/v1/vehicles/ZAMTESTC1T0000001",
	"/v1/rulesets",
	"/v1/rulesets/house-1",
	"/v1/search?q=keeper",
	"/v1/bookings?site=LYO",
	"/v1/alarms?site=LYO",
	"/v1/tasks?site=LYO",
	"/v1/waiting?site=LYO",
	"/v1/nowhere",
	"/readyz",
	"/metrics",
};

static const enum errand errands[] = {
	MAKE_BOOKED, MAKE_HELD, MAKE_OUT, BOOK, CANCEL, CHECK_IN, NEW_CUSTOMER};

static void serve(struct lean *l)
{
	l->order->fails_at = 0;
	if (!disk_serve(&l->house, NULL))
		fail_msg("it does not start");
}

static void begin(struct lean *l)
{
	int fd;
	void *shared;

	house_make(&l->house);
	disk_make(&l->disk);
	fd = open(l->disk.counter, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0 && ftruncate(fd, sizeof(*l->order)) == 0);
	shared = mmap(NULL, sizeof(*l->order), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	assert_true(shared != MAP_FAILED);
	close(fd);
	l->order = shared;
	disk_preload("RELAIS_MEMORY_LIBRARY", &l->house);
	setenv(MEMORY_ORDER, l->disk.counter, 1);
	serve(l);
	house_token(&l->house);
	house_fill(&l->house);
	shift_begin(&l->shift, &l->house, "no memory");
}

static void order_none(struct lean *l, uint64_t k, bool ever)
{
	l->order->asked = 0;
	l->order->ever = ever;
	l->order->fails_at = k;
}

/* No answer: the process ended, at an assertion or as it does when a commit's outcome is not known;
 * or the connection alone could not be had. */
static void see_why_silent(struct lean *l)
{
	struct response r = house_ask(&l->house, NULL, "GET", "/livez", NULL, STR_NULL);
	int code;

	response_free(&r);
	if (r.status == 200)
		return;
	code = process_wait(&l->house.server, HOUSE_WAIT_MS);
	if (code != 128 + SIGABRT && code != EX_IOERR)
		fail_msg("it ended with %d", code);
	l->ended++;
	serve(l);
}

/* True when there was a k-th time at all. */
static bool ask(struct lean *l, size_t question, uint64_t k, bool ever)
{
	const char *path = questions[question];
	int expected = strcmp(path, "/v1/nowhere") == 0 ? 404 : 200;
	struct response r;
	bool reached;

	order_none(l, k, ever);
	r = house_ask(&l->house, NULL, "GET", path, NULL, STR_NULL);
	reached = l->order->asked >= k;
	l->order->fails_at = 0;
	if (r.status != expected && r.status != 503 && r.status != 0)
		fail_msg("%s without the memory it asked for as number %llu: %d %.*s", path,
			(unsigned long long)k, r.status, STR_FMT(r.body));
	l->asked++;
	l->refused += r.status == 503;
	if (r.status == 0)
		see_why_silent(l);
	response_free(&r);
	return reached;
}

static bool work(struct lean *l, enum errand errand, uint64_t k, bool ever)
{
	bool reached;

	order_none(l, k, ever);
	shift_work_errand(&l->shift, errand, 1);
	reached = l->order->asked >= k;
	l->order->fails_at = 0;
	l->asked += SHIFT_DESKS;
	l->refused += l->shift.refused_503;
	if (l->shift.silent)
		see_why_silent(l);
	ledger_resolve(&l->shift.ledger, &l->house);
	return reached;
}

/* Promises of each status, so that there is something to cancel and to bring back. */
static void stock_up(struct lean *l)
{
	shift_work_errand(&l->shift, MAKE_HELD, 6);
	shift_work_errand(&l->shift, MAKE_OUT, 6);
	shift_work_errand(&l->shift, MAKE_BOOKED, 6);
	assert_int_equal(l->shift.refused_503 + l->shift.silent, 0);
}

static void test_every_question(void **state)
{
	struct lean *l = *state;

	stock_up(l);
	for (size_t q = 0; q < ARRAY_LEN(questions); q++)
		for (int ever = 0; ever < 2; ever++)
			for (uint64_t k = 1; ask(l, q, k, ever); k++)
				assert_true(k < K_MAX);
	print_message("# %zu questions, asked %u times without memory: %u answers were 503, and it "
		      "ended %u times\n",
		ARRAY_LEN(questions), l->asked, l->refused, l->ended);
	assert_in_range(l->refused + l->ended, ARRAY_LEN(questions), l->asked);
}

static void test_every_errand(void **state)
{
	struct lean *l = *state;

	l->asked = l->refused = l->ended = 0;
	for (size_t e = 0; e < ARRAY_LEN(errands); e++)
		for (int ever = 0; ever < 2; ever++) {
			stock_up(l);
			for (uint64_t k = 1; work(l, errands[e], k, ever); k++)
				assert_true(k < K_MAX);
			shift_look_back(&l->shift);
		}
	print_message("# %zu errands, given %u times without memory: %u answers were 503, and it "
		      "ended %u times; of %u answers lost %u were to what was committed\n",
		ARRAY_LEN(errands), l->asked, l->refused, l->ended, l->shift.ledger.unknown,
		l->shift.ledger.unheard);
	assert_in_range(l->shift.ledger.unknown, ARRAY_LEN(errands), l->asked);
}

static int begin_all(void **state)
{
	static struct lean l;

	begin(&l);
	*state = &l;
	return 0;
}

static int end_all(void **state)
{
	static struct told told;
	struct lean *l = *state;

	house_stop(&l->house);
	disk_unload();
	relais(&told, "verify", "--data", l->house.data);
	told_code(&told, 0);
	shift_end(&l->shift);
	munmap(l->order, sizeof(*l->order));
	disk_remove(&l->disk);
	house_remove(&l->house);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_question),
		cmocka_unit_test(test_every_errand),
	};

	disk_in_memory();
	return cmocka_run_group_tests(tests, begin_all, end_all);
}
