/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/gzip.h"

#include <stdlib.h>
#define ZLIB_CONST /* the input is only read */
#include <zlib.h>

#include "server/claims_xlsx.h"
#include "tests/lib/check.h"

static void who_takes_it(void **state)
{
	static const struct {
		const char *header;
		bool taken;
	} table[] = {
		{"gzip", true},
		{"GZip", true},
		{"x-gzip", true},
		{"br, gzip;q=0.5", true},
		{"deflate , gzip ; q=0.001", true},
		{"*", true},
		{"br;q=1.0, *;q=0.1", true},
		{"", false},
		{",,;", false},
		{"identity", false},
		{"gzipped", false},
		{"gzip;q=0", false},
		{"gzip;q=0.000, br", false},
		{"gzip; q=0.0, *", false},
		{"*;q=0", false},
		{"identity;q=0, gzip", true},
		{"identity;q=0.5, gzip;q=1.0", true},
		{"identity;q=0.5, gzip;q=0.5", true},
		{"identity;q=1, gzip;q=0.999", false},
		{"identity, *;q=0.1", false},
		{"identity;q=0", false},
		{"identity;q=0, *;q=0.001", true},
		/* no weights: nothing is wanted by mistake */
		{"gzip;q=1.001", false},
		{"gzip;q=2", false},
		{"gzip;q=", false},
		{"gzip;q=0.1234", false},
		{"gzip;q=-1", false},
		{"gzip;level=9", false},
		{"br", false},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (gzip_is_taken(str_from(table[i].header)) != table[i].taken)
			fail_msg("\"%s\"", table[i].header);
}

static void what_is_packed_in_itself(void **state)
{
	(void)state;
	assert_true(gzip_suits(STR("application/json")));
	assert_true(gzip_suits(STR("application/problem+json")));
	assert_true(gzip_suits(STR("text/csv; charset=utf-8")));
	assert_false(gzip_suits(STR("image/jpeg")));
	assert_false(gzip_suits(XLSX_TYPE));
}

/* Text that packs, or noise that does not. */
static struct str made(size_t n, bool noise)
{
	static char p[GZIP_BYTES_MAX + 2];
	uint32_t x = 1;

	assert_true(n <= sizeof p);
	for (size_t i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		p[i] = noise ? (char)(x >> 24) : "{\"car\":\"grecale\"}"[(x >> 24) % 17];
	}
	return (struct str){p, n};
}

static void assert_unpacks(struct str packed, struct str body)
{
	z_stream z = {.next_in = (const unsigned char *)packed.p, .avail_in = (unsigned)packed.n};
	unsigned char *out = malloc(body.n);

	assert_non_null(out);
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	z.next_out = out;
	z.avail_out = (unsigned)body.n;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(z.total_out, body.n);
	assert_memory_equal(out, body.p, body.n);
	assert_int_equal(inflateEnd(&z), Z_OK);
	free(out);
}

static void what_pays_is_packed(void **state)
{
	static const size_t sizes[] = {
		GZIP_BYTES_MIN, 50000, GZIP_BYTES_MIN + 1, GZIP_BYTES_MAX, 4000};
	struct gzip g = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct str body = made(sizes[i], false), packed = gzip_pack(&g, body);
		assert_non_null(packed.p);
		assert_true(packed.n <= body.n - body.n / 4);
		assert_unpacks(packed, body);
	}
	assert_int_equal(g.answers, ARRAY_LEN(sizes));
	gzip_deinit(&g);
}

static void what_does_not_goes_as_it_is(void **state)
{
	static const struct {
		size_t n;
		bool noise;
	} table[] = {{0, false}, {GZIP_BYTES_MIN - 1, false}, {GZIP_BYTES_MAX + 1, false},
		{100000, true}};
	struct gzip g = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct str body = made(table[i].n + 1, table[i].noise);
		assert_null(gzip_pack(&g, (struct str){body.p, table[i].n}).p);
	}
	assert_int_equal(g.answers, 0);
	gzip_deinit(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_takes_it),
		cmocka_unit_test(what_is_packed_in_itself),
		cmocka_unit_test(what_pays_is_packed),
		cmocka_unit_test(what_does_not_goes_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
