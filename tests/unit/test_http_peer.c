/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/http_peer.h"

#include <arpa/inet.h>

#include "tests/lib/check.h"

static uint64_t key_of(const char *text)
{
	struct sockaddr_storage a = {0};
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
		memcpy(&a, &v4, sizeof(v4));
	else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
		memcpy(&a, &v6, sizeof(v6));
	else
		fail_msg("%s is not an address", text);
	return peer_key(&a);
}

static void test_keys(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool same;
	} table[] = {{"192.0.2.1", "192.0.2.1", true}, {"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true}, {"2001:db8::1", "2001:db8::2", true},
		{"2001:db8::1", "2001:db8:0:1::1", false}, {"::1", "127.0.0.1", false},
		{"::1", "2001:db8::1", false}, {"0.0.0.1", "::1", false}};
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(key_of(table[i].a) == key_of(table[i].b), table[i].same);
}

static void test_loopback(void **state)
{
	(void)state;
	static const struct {
		const char *address;
		bool loopback;
	} table[] = {{"127.0.0.1", true}, {"127.255.0.3", true}, {"::1", true},
		{"::ffff:127.0.0.1", true}, {"126.255.255.255", false}, {"128.0.0.0", false},
		{"10.0.0.127", false}, {"::2", false}, {"fe80::1", false}, {"7f00::1", false}};
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		assert_int_equal(peer_key_is_loopback(key_of(table[i].address)), table[i].loopback);
}

static void test_connections(void **state)
{
	(void)state;
	struct peers t = {.count_max = 10};
	struct peer *a = peer_enter(&t, 7), *b = peer_enter(&t, 8);
	assert_ptr_not_equal(a, b);
	assert_ptr_equal(peer_enter(&t, 7), a);
	assert_int_equal(a->connections, 2);
	peer_leave(&t, a, 0);
	assert_int_equal(t.count, 2);
	peer_leave(&t, a, 0);
	assert_int_equal(t.count, 1);
	peer_leave(&t, b, 0);
	assert_int_equal(t.count, 0);
	peers_deinit(&t);
}

/* Abandoned requests are remembered for a minute from the first one, then all at once forgotten. */
static void test_aborts(void **state)
{
	(void)state;
	struct peers t = {.count_max = 10};
	struct peer *p = peer_enter(&t, 7);
	peer_abort(p, 1000);
	peer_abort(p, 1000 + PEER_ABORTS_MS - 1);
	assert_int_equal(peer_aborts(p, 1000 + PEER_ABORTS_MS - 1), 2);
	assert_int_equal(peer_aborts(p, 1000 + PEER_ABORTS_MS), 0);
	peer_abort(p, 1000 + PEER_ABORTS_MS);
	assert_int_equal(peer_aborts(p, 1000 + PEER_ABORTS_MS), 1);
	/* Leaving does not wash them off. */
	peer_leave(&t, p, 2000 + PEER_ABORTS_MS);
	assert_ptr_equal(peer_enter(&t, 7), p);
	assert_int_equal(peer_aborts(p, 2000 + PEER_ABORTS_MS), 1);
	peer_leave(&t, p, 2000 + PEER_ABORTS_MS);
	peers_sweep(&t, 999 + 2 * PEER_ABORTS_MS);
	assert_int_equal(t.count, 1);
	peers_sweep(&t, 1000 + 2 * PEER_ABORTS_MS);
	assert_int_equal(t.count, 0);
	peers_deinit(&t);
}

/* However many addresses abandon something, what is remembered is bounded. */
static void test_bounded(void **state)
{
	(void)state;
	struct peers t = {.count_max = 100};
	for (uint64_t key = 0; key < 5000; key++) {
		struct peer *p = peer_enter(&t, key << 32);
		peer_abort(p, 1);
		peer_leave(&t, p, 1);
		assert_true(t.count <= t.count_max);
	}
	assert_int_equal(t.count, 100);
	peers_deinit(&t);
}

static uint64_t forwarded(const char *header)
{
	return peer_key_forwarded(str_from(header));
}

/* A client may send the header too: what its proxy added stands last. */
static void whom_a_proxy_speaks_for(void **state)
{
	(void)state;
	assert_true(forwarded("203.0.113.7") != 0);
	assert_true(forwarded("10.0.0.1, 203.0.113.7") == forwarded("203.0.113.7"));
	assert_true(forwarded("127.0.0.1,203.0.113.7") == forwarded("203.0.113.7"));
	assert_true(forwarded("2001:db8::7") == forwarded("2001:db8::8")); /* of one network */
	assert_true(forwarded("2001:db8:1::7") != forwarded("2001:db8::7"));
	assert_true(peer_keys_are_good(STR("10.0.0.9, 2001:db8::7")));
	assert_true(peer_keys_name(STR("10.0.0.9 , 2001:db8::7"), forwarded("2001:db8::9")));
	assert_false(peer_keys_name(STR("10.0.0.9, 2001:db8::7"), forwarded("10.0.0.8")));
	assert_false(peer_keys_are_good(STR("10.0.0.9,,10.0.0.8")));
	assert_false(peer_keys_are_good(STR("10.0.0.0/8")));
	assert_true(forwarded("::ffff:203.0.113.7") == forwarded("203.0.113.7"));
	static const char *const none[] = {"", ",", "unknown", "203.0.113.7:80", "203.0.113.7,",
		"1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20"};
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_true(forwarded(none[i]) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_loopback),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_aborts),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(whom_a_proxy_speaks_for),
	};
	return cmocka_run_group_tests_name("http peer", tests, NULL, NULL);
}
