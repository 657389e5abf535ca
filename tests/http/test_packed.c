/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Answers for who takes gzip: the same bytes when unpacked, and only where it pays and is safe. */

#define ZLIB_CONST /* the input is only read */
#include <zlib.h>

#include "tests/http/relais.h"

static struct relais r;

static struct response get(const char *path, const char *accept)
{
	char bearer[TOKEN_TEXT + 16];
	struct client_header headers[] = {{"Authorization", bearer},
		{accept ? "Accept-Encoding" : NULL, accept}, {NULL, NULL}};

	snprintf(bearer, sizeof bearer, "Bearer %s", r.admin);
	return client_once(r.port, "GET", path, headers, STR_NULL);
}

static struct str unpacked(struct str packed, size_t n)
{
	z_stream z = {.next_in = (const unsigned char *)packed.p, .avail_in = (unsigned)packed.n};
	char *out = arena_alloc(&r.arena, n + 1);

	assert_non_null(out);
	assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)n + 1;
	assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(inflateEnd(&z), Z_OK);
	return (struct str){out, z.total_out};
}

static void assert_packs(const char *path)
{
	struct response plain = get(path, NULL), packed = get(path, "br, gzip;q=0.8");

	assert_int_equal(plain.status, 200);
	assert_int_equal(packed.status, 200);
	assert_null(response_header(&plain, "content-encoding").p);
	assert_str(response_header(&plain, "vary"), "Accept-Encoding");
	assert_str(response_header(&packed, "content-encoding"), "gzip");
	assert_str(response_header(&packed, "vary"), "Accept-Encoding");
	assert_str(response_header(&packed, "content-type"), "application/json");
	assert_true(packed.body.n < plain.body.n / 2);
	assert_true(str_eq(unpacked(packed.body, plain.body.n), plain.body));
	response_free(&plain);
	response_free(&packed);
}

static void a_long_answer_is_packed(void **state)
{
	static const char *const paths[] = {"/v1/rulesets", "/openapi.json"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		assert_packs(paths[i]);
}

/* The tag of a list is that of what it says, packed or not: who has it is sent nothing. */
static void who_has_it_is_sent_nothing(void **state)
{
	char bearer[TOKEN_TEXT + 16], tag[80];
	struct client_header headers[] = {{"Authorization", bearer}, {"Accept-Encoding", "gzip"},
		{"If-None-Match", tag}, {NULL, NULL}};
	struct response plain = get("/v1/rulesets", NULL), same;
	(void)state;
	snprintf(bearer, sizeof bearer, "Bearer %s", r.admin);
	snprintf(tag, sizeof tag, "%.*s", STR_FMT(response_header(&plain, "etag")));
	same = client_once(r.port, "GET", "/v1/rulesets", headers, STR_NULL);
	assert_int_equal(same.status, 304);
	assert_int_equal(same.body.n, 0);
	assert_str(response_header(&same, "etag"), tag);
	assert_str(response_header(&same, "vary"), "Accept-Encoding");
	assert_true(str_eq(
		response_header(&same, "relais-seq"), response_header(&plain, "relais-seq")));
	assert_null(response_header(&same, "content-encoding").p);
	response_free(&plain);
	response_free(&same);
}

/* With a strong tag, about sign-ins, short, or not wanted. */
static void others_go_as_they_are(void **state)
{
	static const struct {
		const char *path, *accept;
	} table[] = {
		{"/v1/sites/" OWN_SITE, "gzip"},
		{"/v1/users", "gzip"},
		{"/v1/tasks?site=" OWN_SITE, "gzip"},
		{"/openapi.json", "gzip;q=0"},
		{"/openapi.json", "gzip;q=0.5, identity"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct response answer = get(table[i].path, table[i].accept);
		assert_int_equal(answer.status, 200);
		assert_null(response_header(&answer, "content-encoding").p);
		response_free(&answer);
	}
}

static int set_up(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	relais_stop(&r);
	relais_remove(&r);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_answer_is_packed),
		cmocka_unit_test(others_go_as_they_are),
		cmocka_unit_test(who_has_it_is_sent_nothing),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
