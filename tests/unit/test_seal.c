/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/seal.h"

#include "tests/lib/scratch.h"

static void check_hash(struct hash h, const char *hex)
{
	char buf[HASH_TEXT];
	struct hash again;

	assert_str(hash_print(&h, buf), hex);
	assert_true(hash_parse(&again, str_from(hex)));
	assert_memory_equal(again.bytes, h.bytes, HASH_LEN);
}

static void hashes_are_the_published_ones(void **state)
{
	(void)state;
	/* FIPS 180-4 examples. */
	check_hash(hash_of(STR_NULL),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	check_hash(hash_of(STR("abc")),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_hash(hash_of2(STR("a"), STR("bc")),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	check_hash(hash_of2(STR_NULL, STR("abc")),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void keyed_hashes(void **state)
{
	uint8_t key[SEAL_KEY_LEN];
	struct hash h;

	(void)state;
	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = (uint8_t)i;
	h = hash_keyed(key, STR("ab"), STR("c"));
	/* HMAC-SHA-256 (RFC 2104) of "ab" NUL "c", worked out by another implementation. */
	check_hash(h, "6382fdbdc3b88f1739bd03a08868002d6357bd9781396952d40e6b7900c026ec");
	assert_memory_not_equal(hash_keyed(key, STR("a"), STR("bc")).bytes, h.bytes, HASH_LEN);
	key[31] ^= 1;
	assert_memory_not_equal(hash_keyed(key, STR("ab"), STR("c")).bytes, h.bytes, HASH_LEN);
}

static void a_hash_has_one_spelling(void **state)
{
	char hex[HASH_TEXT];
	struct hash h = hash_of(STR("abc"));
	struct str text = hash_print(&h, hex);

	(void)state;
	assert_false(hash_parse(&h, (struct str){text.p, 63}));
	assert_false(hash_parse(&h, STR_NULL));
	for (size_t i = 0; i < text.n; i++) {
		const char *const wrong = "gG/:`@A \xff";
		char was = hex[i];
		for (size_t k = 0; wrong[k]; k++) {
			hex[i] = wrong[k];
			assert_false(hash_parse(&h, text));
		}
		hex[i] = was;
	}
	assert_true(hash_parse(&h, text));
}

static void base64url(void **state)
{
	/* RFC 4648 section 10, without padding, and the two digits that differ from base64. */
	const struct {
		struct str bytes;
		const char *text;
	} rows[] = {
		{STR(""), ""},
		{STR("f"), "Zg"},
		{STR("fo"), "Zm8"},
		{STR("foo"), "Zm9v"},
		{STR("foob"), "Zm9vYg"},
		{STR("fooba"), "Zm9vYmE"},
		{STR("foobar"), "Zm9vYmFy"},
		{STR("\xfb\xff\xbf\x00"), "-_-_AA"},
	};
	const char *const wrong[] = {
		"Z", "Zg=", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm 9", "Zm9vY", "Zm9v\n"};
	struct arena a;
	struct str back;

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_str(base64url_encode(&a, rows[i].bytes), rows[i].text);
		assert_true(base64url_decode(&a, str_from(rows[i].text), &back));
		assert_true(str_eq(back, rows[i].bytes));
	}
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		if (base64url_decode(&a, str_from(wrong[i]), &back))
			fail_msg("accepted: %s", wrong[i]);
	assert_false(base64url_decode(&a, (struct str){"Zm\0v", 4}, &back));
	for (int c = 0; c < 256; c++) {
		const char *digits =
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		char text[4] = {'A', 'A', 'A', (char)c};
		bool digit = c && strchr(digits, c);
		assert_int_equal(base64url_decode(&a, (struct str){text, 4}, &back), digit);
		if (digit)
			assert_int_equal(back.p[2], strchr(digits, c) - digits);
	}
	arena_deinit(&a);
}

static void random_zero(struct env *env, void *out, size_t n)
{
	(void)env;
	memset(out, 0, n);
}

static void sealing_is_aes_256_gcm(void **state)
{
	static const uint8_t key[SEAL_KEY_LEN];
	static const char zeros[16];
	/* The all-zero cases of the GCM specification (test cases 13 and 14), behind a zero nonce.
	 */
	static const uint8_t box13[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53, 0x0f, 0x8a, 0xfb,
		0xc7, 0x45, 0x36, 0xb9, 0xa9, 0x63, 0xb4, 0xf1, 0xc4, 0xcb, 0x73, 0x8b};
	static const uint8_t box14[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xce, 0xa7, 0x40, 0x3d,
		0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5, 0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1,
		0xc8, 0xa7, 0x99, 0x99, 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19};
	struct env env = {.random = random_zero};
	struct arena a;
	struct str box;

	(void)state;
	arena_init(&a, 1 << 16);
	assert_true(base64url_decode(&a, seal(&a, &env, key, STR_NULL, STR_NULL), &box));
	assert_int_equal(box.n, sizeof(box13));
	assert_memory_equal(box.p, box13, sizeof(box13));
	assert_true(
		base64url_decode(&a, seal(&a, &env, key, STR_NULL, (struct str){zeros, 16}), &box));
	assert_int_equal(box.n, sizeof(box14));
	assert_memory_equal(box.p, box14, sizeof(box14));
	arena_deinit(&a);
}

static void what_was_sealed_opens(void **state)
{
	const struct str texts[] = {STR(""), STR("x"), STR("Camille Exemple"), STR("\x00\xff\x00")};
	struct still_env env = still_env_at(0);
	uint8_t key[SEAL_KEY_LEN];
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	env.env.random(&env.env, key, sizeof(key));
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct str one = seal(&a, &env.env, key, STR("C1"), texts[i]), opened;
		struct str two = seal(&a, &env.env, key, STR("C1"), texts[i]);
		assert_true(unseal(&a, key, STR("C1"), one, &opened));
		assert_true(str_eq(opened, texts[i]));
		assert_false(str_eq(one, two)); /* the same text twice does not show */
		assert_false(unseal(&a, key, STR("C2"), one, &opened));
		assert_null(opened.p);
		assert_false(unseal(&a, key, STR_NULL, one, &opened));
		key[0] ^= 1;
		assert_false(unseal(&a, key, STR("C1"), one, &opened));
		key[0] ^= 1;
	}
	arena_deinit(&a);
}

static void any_altered_byte_is_seen(void **state)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=. ";
	struct still_env env = still_env_at(0);
	uint8_t key[SEAL_KEY_LEN] = {7};
	struct str text, opened;
	char altered[200];
	struct arena a;

	(void)state;
	arena_init(&a, 64 << 20);
	text = seal(&a, &env.env, key, STR("C1"), STR("Camille Exemple, 1 rue Inventee"));
	assert_true(text.n < sizeof(altered));
	for (size_t i = 0; i < text.n; i++) {
		for (size_t k = 0; digits[k]; k++) {
			memcpy(altered, text.p, text.n);
			if (altered[i] == digits[k])
				continue;
			altered[i] = digits[k];
			assert_false(
				unseal(&a, key, STR("C1"), (struct str){altered, text.n}, &opened));
		}
		assert_false(unseal(&a, key, STR("C1"), (struct str){text.p, i}, &opened));
	}
	memcpy(altered, text.p, text.n);
	memset(altered + text.n, 'A', 4);
	assert_false(unseal(&a, key, STR("C1"), (struct str){altered, text.n + 4}, &opened));
	assert_true(unseal(&a, key, STR("C1"), text, &opened));
	assert_false(a.full);
	arena_deinit(&a);
}

static void a_full_arena_is_no_crash(void **state)
{
	struct still_env env = still_env_at(0);
	uint8_t key[SEAL_KEY_LEN] = {7};
	struct arena a;
	struct str opened;

	(void)state;
	for (size_t max = 16; max < 400; max += 16) {
		struct str text;
		arena_init(&a, max);
		text = seal(&a, &env.env, key, STR("C1"), STR("Camille Exemple"));
		assert_int_equal(text.p == NULL, a.full);
		if (text.p) {
			bool good = unseal(&a, key, STR("C1"), text, &opened);
			assert_int_equal(good, !a.full);
		} else {
			assert_null(id_new(&a, &env.env, (struct instant){1}).p);
		}
		arena_deinit(&a);
	}
}

static void ids_ascend_with_time(void **state)
{
	struct still_env env = still_env_at(0);
	struct str last = STR(""), id, same;
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (int64_t s = 0; s < 253402300800; s = s * 3 + 1) {
		id = id_new(&a, &env.env, (struct instant){s});
		same = id_new(&a, &env.env, (struct instant){s});
		assert_int_equal(id.n, ULID_LEN);
		assert_true(str_cmp(last, id) < 0 && str_cmp(last, same) < 0);
		assert_false(str_eq(id, same));
		assert_memory_equal(id.p, same.p, 10);
		for (size_t i = 0; i < id.n; i++)
			assert_non_null(strchr("0123456789abcdefghjkmnpqrstvwxyz", id.p[i]));
		last = str_cmp(id, same) > 0 ? id : same;
	}
	/* The instant of the ULID specification's example, 2016-07-30T23:54:10Z, without its 259
	 * ms. */
	id = id_new(&a, &env.env, (struct instant){1469922850});
	assert_memory_equal(id.p, "01arz3nd6g", 10);
	arena_deinit(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hashes_are_the_published_ones),
		cmocka_unit_test(keyed_hashes),
		cmocka_unit_test(a_hash_has_one_spelling),
		cmocka_unit_test(base64url),
		cmocka_unit_test(sealing_is_aes_256_gcm),
		cmocka_unit_test(what_was_sealed_opens),
		cmocka_unit_test(any_altered_byte_is_seen),
		cmocka_unit_test(a_full_arena_is_no_crash),
		cmocka_unit_test(ids_ascend_with_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
