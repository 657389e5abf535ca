/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/http_head.h"

#include "tests/lib/check.h"

#define LINE "GET /a?b HTTP/1.1\r\n"
#define HOST "Host: h\r\n"

static const struct {
	const char *bytes;
	enum head_verdict verdict;
} verdicts[] = {
	{LINE HOST "\r\n", HEAD_WHOLE},
	{LINE HOST "\r\nand a body\n", HEAD_WHOLE},
	{"\r\n" LINE HOST "\r\n", HEAD_WHOLE},
	{"GET / HTTP/1.0\r\n\r\n", HEAD_WHOLE},
	{"GET / HTTP/1.9\r\nhOsT:\r\n\r\n", HEAD_WHOLE},
	{LINE HOST "Content-Length: 5\r\n\r\n", HEAD_WHOLE},
	{LINE HOST "Content-Length:\t5 \t\r\n\r\n", HEAD_WHOLE},
	{LINE HOST "Transfer-Encoding: chunked\r\n\r\n", HEAD_WHOLE},
	{LINE HOST "Content-Lengths: 5\r\nContent-Length: 5\r\n\r\n", HEAD_WHOLE},
	{LINE HOST "X:\r\n\r\n", HEAD_WHOLE},
	{"", HEAD_PARTIAL},
	{"\r", HEAD_PARTIAL},
	{"\r\n", HEAD_PARTIAL},
	{"GET", HEAD_PARTIAL},
	{LINE, HEAD_PARTIAL},
	{LINE HOST, HEAD_PARTIAL},
	{LINE HOST "\r", HEAD_PARTIAL},
	{LINE "Host: h", HEAD_PARTIAL},
	{"\n" LINE HOST "\r\n", HEAD_AMBIGUOUS},
	{"\r\n\r\n" LINE HOST "\r\n", HEAD_AMBIGUOUS},
	{"\r" LINE HOST "\r\n", HEAD_AMBIGUOUS},
	{LINE "\r\n", HEAD_AMBIGUOUS},
	{LINE HOST HOST "\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "X: a\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "X: a\n", HEAD_AMBIGUOUS},
	{LINE HOST "X: a\rb\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "X: a\r\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE " " HOST "\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "\tfolded\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST " folded: so\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST ": no name\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "X : a\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "X\t: a\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "X\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: 5\r\nCONTENT-LENGTH: 5\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Transfer-Encoding: a\r\nTransfer-Encoding: b\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: \r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: -1\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: 0x5\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: 5 5\r\n\r\n", HEAD_AMBIGUOUS},
	{LINE HOST "Content-Length: 1000000000000000000\r\n\r\n", HEAD_AMBIGUOUS},
	{"GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HEAD_AMBIGUOUS},
	{"GET / HTTP/1.0\r\n" HOST HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET / HTTP/2.0\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET / HTTP/1.11\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET / HTTP/1.x\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET / http/1.1\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET /\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{" GET / HTTP/1.1\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET  / HTTP/1.1\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET / b HTTP/1.1\r\n" HOST "\r\n", HEAD_AMBIGUOUS},
	{"GET / HTTP/1.1 \r\n" HOST "\r\n", HEAD_AMBIGUOUS},
};

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		struct head h;
		/* A copy of its exact size: the sanitizer sees a byte read too far. */
		size_t n = strlen(verdicts[i].bytes);
		char *copy = malloc(n ? n : 1);
		assert_non_null(copy);
		memcpy(copy, verdicts[i].bytes, n);
		enum head_verdict v = head_read((struct str){copy, n}, &h);
		if (v != verdicts[i].verdict)
			print_error("verdict %d on %s\n", (int)v, verdicts[i].bytes);
		assert_int_equal(v, verdicts[i].verdict);
		free(copy);
	}
}

/* Whatever part of a good head has come, it is never taken for a bad one, nor for the whole. */
static void test_every_part(void **state)
{
	(void)state;
	static const char whole[] = "\r\n" LINE HOST "X: y\r\nContent-Length: 12\r\n\r\n";
	struct head h;
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		assert_int_equal(head_read((struct str){whole, n}, &h), HEAD_PARTIAL);
	assert_int_equal(head_read((struct str){whole, sizeof(whole) - 1}, &h), HEAD_WHOLE);
}

static void test_nul(void **state)
{
	(void)state;
	struct head h;
	assert_int_equal(head_read(STR(LINE HOST "X: a\0b\r\n\r\n"), &h), HEAD_AMBIGUOUS);
	assert_int_equal(head_read(STR(LINE HOST "X\0: a\r\n\r\n"), &h), HEAD_AMBIGUOUS);
}

static void test_parts(void **state)
{
	(void)state;
	struct head h;
	assert_int_equal(
		head_read(STR("\r\nPUT /a?b HTTP/1.1\r\nHost: h\r\nX-One:  a b\t\r\nx-one: c\r\n"
			      "Empty:\r\n\r\nbody"),
			&h),
		HEAD_WHOLE);
	assert_str(h.method, "PUT");
	assert_str(h.target, "/a?b");
	assert_true(h.minor_1);
	assert_str(h.text,
		"PUT /a?b HTTP/1.1\r\nHost: h\r\nX-One:  a b\t\r\nx-one: c\r\nEmpty:\r\n\r\n");
	assert_str(h.fields, "Host: h\r\nX-One:  a b\t\r\nx-one: c\r\nEmpty:\r\n");
	assert_str(head_field(h.fields, "x-one"), "a b");
	assert_str(head_field(h.fields, "host"), "h");
	assert_non_null(head_field(h.fields, "empty").p);
	assert_int_equal(head_field(h.fields, "empty").n, 0);
	assert_null(head_field(h.fields, "x-on").p);
	assert_null(head_field(h.fields, "x-one-more").p);
	assert_int_equal(head_read(STR("GET / HTTP/1.0\r\n\r\n"), &h), HEAD_WHOLE);
	assert_false(h.minor_1);
	assert_int_equal(h.fields.n, 0);
	assert_null(head_field(h.fields, "host").p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_every_part),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_parts),
	};
	return cmocka_run_group_tests_name("http head", tests, NULL, NULL);
}
