/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves that an export of claims takes the same of each look however many loans there are: rows of
 * one lent booking stand in the store many times over, on other days and for other cars.
 * RELAIS_CLAIMS_MANY says how many, and the figures are printed. */

#include "fleet/claims.h"
#include "fleet/event.h"
#include "fleet/index.h"
#include "fleet/store.h"
#include "rules/vin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/lib/rendering.h"

enum {
	MANY = 1500,
	MANY_MAX = 999999,
	DAYS = 3000, /* from the first loan on */
	LOANS_OF_A_CAR = 20,
	BATCH = 1000,	       /* rows of one commit */
	LOOK_BYTES = 4 << 20,  /* of one page and its text */
	SERIAL_FIRST = 100000, /* above the dealership's own */
};

static uint32_t many_of(void)
{
	const char *text = getenv("RELAIS_CLAIMS_MANY");
	unsigned long n = text ? strtoul(text, NULL, 10) : MANY;

	return n && n <= MANY_MAX ? (uint32_t)n : MANY;
}

/* Every place of a text in place of another of the same length. */
static void replace(char *text, size_t n, const char *old, const char *now)
{
	size_t len = strlen(old);

	assert_int_equal(len, strlen(now));
	for (size_t i = 0; i + len <= n; i++)
		if (memcmp(text + i, old, len) == 0)
			memcpy(text + i, now, len);
}

static void move_days(char *text, size_t n, int32_t days)
{
	static const char *const lent[] = {"2026-03-16", "2026-03-17", "2026-03-18"};
	char now[sizeof(lent) / sizeof(*lent)][DAY_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(lent); i++) {
		struct day d;
		assert_true(day_parse(&d, str_from(lent[i])));
		d.n += days;
		(void)day_print(d, now[i]);
		now[i][0] = (char)(now[i][0] + 'A' - '0'); /* not to be moved twice */
	}
	for (size_t i = 0; i < ARRAY_LEN(lent); i++)
		replace(text, n, lent[i], now[i]);
	for (size_t i = 0; i + 10 <= n; i++)
		if (text[i] == 'C' && text[i + 4] == '-' && text[i + 7] == '-')
			text[i] = '2';
}

static void put_row(struct txn *put, struct arena *a, struct str id, struct str text, uint64_t rev)
{
	struct key key = key_row(ROW_BOOKING, id), head = {.n = 0};
	struct index_set none, now;

	key_u64(&head, rev);
	index_of(&none, ROW_BOOKING, id, JSON_ABSENT);
	index_of(&now, ROW_BOOKING, id, arena_json(a, text, NULL));
	index_update(put, &none, &now);
	char *value = arena_alloc(a, head.n + text.n);
	memcpy(value, head.bytes, head.n);
	memcpy(value + head.n, text.p, text.n);
	txn_put(put, DB_ROWS, key_str(&key), (struct str){value, head.n + text.n});
}

static void put_copy(struct txn *put, struct arena *a, struct str id, const struct row *row,
	uint32_t i, uint32_t cars)
{
	struct str text = arena_copy(a, row->text), own = arena_copy(a, id);
	char number[16], vin[VIN_TEXT], *bytes = (char *)(uintptr_t)text.p;
	const char *was = arena_copy(a, json_str_at(row->doc, "number")).p;

	snprintf(number, sizeof number, "%08x", i);
	memcpy((char *)(uintptr_t)own.p + own.n - 8, number, 8);
	replace(bytes, text.n, id.p, own.p);
	snprintf(number, sizeof number, "LYO-%06u", i);
	replace(bytes, text.n, was, number);
	snprintf(vin, sizeof vin, "ZAM%014u", i % cars);
	replace(bytes, text.n, DEALER_VIN, vin);
	move_days(bytes, text.n, (int32_t)(i % DAYS));
	text = doc_merge(a, arena_json(a, text, NULL),
		arena_json(a, arena_printf(a, "{\"serial\":%u}", SERIAL_FIRST + i), NULL));
	put_row(put, a, own, text, row->rev);
}

static void fill(struct str id, uint32_t many)
{
	struct row row;
	struct arena a;

	assert_true(row_get(look(), ROW_BOOKING, id, &row));
	fleet_look_end(&v);
	arena_init(&a, ARENA_MAX_DEFAULT);
	for (uint32_t i = 1; i < many;) {
		struct txn put;
		txn_begin(&put, fleet_store(w.fleet), true);
		for (uint32_t n = 0; n < BATCH && i < many; n++, i++) {
			arena_reset(&a);
			put_copy(&put, &a, id, &row, i, many / LOANS_OF_A_CAR + 1);
		}
		assert_int_equal(txn_commit(&put), OK);
	}
	arena_deinit(&a);
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

static void read_all(enum claim_format format, uint32_t many)
{
	struct claim_filter f = {.site = STR("LYO"), .span = SPAN_ALWAYS};
	struct claims_text text = {.format = format};
	struct claim_place place = {.len = 0};
	uint64_t lines = 0, pages = 0, bytes = 0;
	int64_t longest = 0, begun = now_us();
	size_t most = 0;
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	while (!place.over) {
		struct claim_lines page;
		struct txn short_look;
		struct view own;
		int64_t at = now_us();
		fleet_look(w.fleet, &own, &short_look, &a);
		assert_true(claim_lines_page(&page, &own, &f, &place));
		bytes += claims_text_page(&text, &page, place.over).n;
		fleet_look_end(&own);
		at = now_us() - at;
		longest = at > longest ? at : longest;
		most = a.used > most ? a.used : most;
		lines += page.len;
		pages++;
		arena_reset(&a);
	}
	arena_deinit(&a);
	assert_int_equal(lines, many);
	assert_true(pages >= many / CLAIM_PAGE_LOANS && most < LOOK_BYTES);
	if (getenv("RELAIS_CLAIMS_MANY"))
		printf("%s: %" PRIu64 " lines, %" PRIu64 " bytes, %" PRIu64
		       " looks, the longest %" PRId64 " us, the largest %zu bytes, all %" PRId64
		       " ms\n",
			claim_formats[format], lines, bytes, pages, longest, most,
			(now_us() - begun) / 1000);
}

static void a_look_takes_the_same_of_many(void **state)
{
	uint32_t many = many_of();
	struct str id = grecale(MONDAY_8_30, WEDNESDAY_17);

	(void)state;
	dealer_at(&w, MONDAY_8_30);
	dealer_must(&w, VERB_BOOKING_CHECK_OUT, "LYO", id.p, "{\"odometer_km\":1000}", OK);
	dealer_at(&w, WEDNESDAY_17);
	dealer_must(&w, VERB_BOOKING_CHECK_IN, "LYO", id.p, "{\"odometer_km\":1200}", OK);
	fill(id, many);
	read_all(CLAIMS_JSONL, many);
	read_all(CLAIMS_CSV_FR, many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {CASE(a_look_takes_the_same_of_many)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
