/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What is signed, with the convention's own example; which addresses are inside. */

#include <arpa/inet.h>

#include "server/webhooks.h"
#include "tests/lib/check.h"

static void the_conventions_example(void **state)
{
	struct webhook_key key;
	char out[WEBHOOK_SIGNATURE_BYTES];
	(void)state;
	assert_true(webhook_key_read(&key, STR("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
	webhook_sign(out, &key, STR("msg_p5jXN8AQM9LWM0D4loKWxJek"), 1614265330,
		STR("{\"test\": 2432232314}"));
	assert_string_equal(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void secrets_that_are_none(void **state)
{
	static const char *const none[] = {
		"",
		"whsec_",
		"whsec_====",
		"whsec_c2hvcnQ=",
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La*aSw",
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
	};
	struct webhook_key key;
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_false(webhook_key_read(&key, str_from(none[i])));
}

static bool is_public(const char *text)
{
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return webhook_address_is_public((const struct sockaddr *)&four);
	assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return webhook_address_is_public((const struct sockaddr *)&six);
}

static void what_is_inside(void **state)
{
	static const char *const inside[] = {"0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1",
		"127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
		"192.168.1.1", "198.19.0.1", "224.0.0.1", "255.255.255.255", "::", "::1",
		"::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "fc00::1", "fd00::1",
		"fe80::1", "ff02::1", "2001::1", "2001:db8::1", "2002:a00:1::", "3fff::1"};
	static const char *const outside[] = {"1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1",
		"172.15.255.255", "172.32.0.1", "192.167.255.255", "198.20.0.1", "223.255.255.255",
		"2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(inside); i++)
		assert_false(is_public(inside[i]));
	for (size_t i = 0; i < ARRAY_LEN(outside); i++)
		assert_true(is_public(outside[i]));
}

static void addresses_that_are_taken(void **state)
{
	(void)state;
	assert_true(webhook_url_is_good("https://example.org/hook?a=b", false));
	assert_true(webhook_url_is_good("http://127.0.0.1:9/", true));
	assert_false(webhook_url_is_good("http://example.org/", false));
	assert_false(webhook_url_is_good("https://", true));
	assert_false(webhook_url_is_good("https:///etc/passwd", true));
	assert_false(webhook_url_is_good("https://user:word@example.org/", true));
	assert_false(webhook_url_is_good("https://example.org/a\r\nx: y", true));
	assert_false(webhook_url_is_good("file:///etc/passwd", true));
	assert_false(webhook_url_is_good("gopher://example.org/", true));
}

static void ever_more_rarely(void **state)
{
	(void)state;
	assert_int_equal(webhook_wait_s(0), 0);
	for (uint32_t i = 0; i < 6; i++)
		assert_true(webhook_wait_s(i) < webhook_wait_s(i + 1));
	assert_int_equal(webhook_wait_s(UINT32_MAX), 3600);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_conventions_example),
		cmocka_unit_test(secrets_that_are_none),
		cmocka_unit_test(what_is_inside),
		cmocka_unit_test(addresses_that_are_taken),
		cmocka_unit_test(ever_more_rarely),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
