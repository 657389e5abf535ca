/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"

#include "tests/lib/check.h"

static int order(struct key a, struct key b)
{
	int c = str_cmp(key_str(&a), key_str(&b));

	return (c > 0) - (c < 0);
}

static int order_u64(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static const uint64_t numbers[] = {0, 1, 2, 127, 128, 255, 256, 257, 65535, 65536, 0x7fffffff,
	0x80000000, 0xffffffff, 0x100000000, INT64_MAX, UINT64_MAX};

static void byte_order_is_number_order(void **state)
{
	const struct str j = STR("LYO");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		for (size_t k = 0; k < ARRAY_LEN(numbers); k++) {
			uint64_t a = numbers[i], b = numbers[k];
			uint32_t a32 = (uint32_t)a, b32 = (uint32_t)b;
			int expected = order_u64(a, b), expected32 = order_u64(a32, b32);
			assert_int_equal(order(key_journal(j, a), key_journal(j, b)), expected);
			assert_int_equal(order(key_history(ROW_BOOKING, j, a),
						 key_history(ROW_BOOKING, j, b)),
				expected);
			assert_int_equal(order(key_site_due(j, a32, 7), key_site_due(j, b32, 3)),
				a32 == b32 ? 1 : expected32);
			assert_int_equal(order(key_site_week(j, a32, 0), key_site_week(j, b32, 0)),
				expected32);
			assert_int_equal(order(key_site_serial(j, a32), key_site_serial(j, b32)),
				expected32);
			assert_int_equal(
				order(key_claims(j, 1, a32), key_claims(j, 1, b32)), expected32);
			assert_int_equal(
				order(key_claims(j, (uint16_t)a, 9), key_claims(j, (uint16_t)b, 9)),
				order_u64((uint16_t)a, (uint16_t)b));
			assert_int_equal(order(key_site_task(j, 1, a32, STR("b")),
						 key_site_task(j, 1, b32, STR("b"))),
				expected32);
			assert_int_equal(order(key_site_waiting(j, 1, a32, STR("b")),
						 key_site_waiting(j, 1, b32, STR("b"))),
				expected32);
			assert_int_equal(order(key_site_claim(j, 1, a32, STR("b")),
						 key_site_claim(j, 1, b32, STR("b"))),
				expected32);
			assert_int_equal(order(key_site_risk(j, a32, 0), key_site_risk(j, b32, 0)),
				expected32);
			assert_int_equal(order(key_vehicle_booking(j, a32, STR("b")),
						 key_vehicle_booking(j, b32, STR("b"))),
				expected32);
			assert_int_equal(order(key_customer_booking(j, a32, STR("b")),
						 key_customer_booking(j, b32, STR("b"))),
				expected32);
		}
	}
	assert_int_equal(order(key_ruleset_from((struct day){365}, STR("b")),
				 key_ruleset_from((struct day){20000}, STR("a"))),
		-1);
}

/* A family of keys whose text part is `s`. */
static size_t keys_of(struct str s, struct key out[32])
{
	static const uint8_t hash[32] = {1, 2, 3};
	size_t n = 0;

	out[n++] = key_journal(s, 1);
	out[n++] = key_head(s);
	out[n++] = key_request(s, hash);
	out[n++] = key_row(ROW_SITE, s);
	out[n++] = key_claims(s, 1, 2);
	out[n++] = key_history(ROW_BOOKING, s, 1);
	out[n++] = key_site_resource(s, STR("x"));
	out[n++] = key_site_week(s, 1, 2);
	out[n++] = key_site_serial(s, 1);
	out[n++] = key_site_due(s, 1, 2);
	out[n++] = key_site_task(s, 0, 1, STR("x"));
	out[n++] = key_subject_task(s, 0);
	out[n++] = key_site_escalation(s, 1, STR("x"));
	out[n++] = key_site_contact(s, 1, STR("x"));
	out[n++] = key_customer_contact(s, 1, STR("x"));
	out[n++] = key_site_complaint(s, 0, 1, STR("x"));
	out[n++] = key_site_asked(s, 1, STR("x"));
	out[n++] = key_site_demand(s, (struct day){1}, STR("x"));
	out[n++] = key_site_waiting(s, 0, 1, STR("x"));
	out[n++] = key_site_claim(s, 0, 1, STR("x"));
	out[n++] = key_booking_claim(s, STR("x"));
	out[n++] = key_site_risk(s, 1, 2);
	out[n++] = key_site_desk(s, STR("x"), DESK_WANTED);
	out[n++] = key_vehicle_booking(s, 1, STR("x"));
	out[n++] = key_customer_booking(s, 1, STR("x"));
	out[n++] = key_visit_booking(s, STR("x"));
	out[n++] = key_vehicle_visit(s, STR("x"));
	out[n++] = key_site_appointment(s, 1, APPOINTMENT_IN, STR("x"));
	out[n++] = key_site_work(s, (struct day){1}, STR("x"));
	out[n++] = key_customer_vehicle(s, STR("x"));
	out[n++] = key_lookup(LOOKUP_PLATE, s, STR("x"));
	return n;
}

static bool begins(struct str whole, struct str start)
{
	return whole.n >= start.n && memcmp(whole.p, start.p, start.n) == 0;
}

static void no_name_is_a_prefix_of_another(void **state)
{
	const struct str names[] = {
		STR(""), STR("A"), STR("AB"), STR("A B"), STR("ABC"), STR("B"), STR("\xc3\xa9")};
	struct key a[32], b[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		for (size_t k = 0; k < ARRAY_LEN(names); k++) {
			size_t n = keys_of(names[i], a);
			assert_int_equal(keys_of(names[k], b), n);
			for (size_t f = 0; f < n && i != k; f++)
				assert_false(begins(key_str(&a[f]), key_str(&b[f])));
		}
	}
	/* Indexes do not run into each other either: each has a tag of its own. */
	for (size_t f = 5; f < keys_of(names[1], a); f++)
		for (size_t g = 5; g < f; g++)
			assert_int_not_equal(a[f].bytes[0], a[g].bytes[0]);
}

static void a_prefix_begins_its_keys_and_no_others(void **state)
{
	const struct {
		struct key prefix, inside, outside;
	} rows[] = {
		{key_journal_prefix(STR("A")), key_journal(STR("A"), 5), key_journal(STR("AB"), 5)},
		{key_row_prefix(ROW_VISIT), key_row(ROW_VISIT, STR("x")),
			key_row(ROW_BOOKING, STR("x"))},
		{key_history_prefix(ROW_SITE, STR("A")), key_history(ROW_SITE, STR("A"), 1),
			key_history(ROW_VISIT, STR("A"), 1)},
		{key_site_resource_prefix(STR("A")), key_site_resource(STR("A"), STR("r")),
			key_site_resource(STR("AB"), STR("r"))},
		{key_site_week_prefix(STR("A"), 3), key_site_week(STR("A"), 3, 9),
			key_site_week(STR("A"), 4, 9)},
		{key_site_due_prefix(STR("A")), key_site_due(STR("A"), 3, 9),
			key_site_due(STR("B"), 3, 9)},
		{key_site_task_prefix(STR("A")), key_site_task(STR("A"), 0, 3, STR("t")),
			key_site_task(STR("AB"), 0, 3, STR("t"))},
		{key_site_escalation_prefix(STR("A")), key_site_escalation(STR("A"), 3, STR("t")),
			key_site_escalation(STR("AB"), 3, STR("t"))},
		{key_site_contact_prefix(STR("A")), key_site_contact(STR("A"), 3, STR("t")),
			key_site_contact(STR("AB"), 3, STR("t"))},
		{key_customer_contact_prefix(STR("A")), key_customer_contact(STR("A"), 3, STR("t")),
			key_customer_contact(STR("AB"), 3, STR("t"))},
		{key_site_complaint_prefix(STR("A")), key_site_complaint(STR("A"), 0, 3, STR("t")),
			key_site_complaint(STR("AB"), 0, 3, STR("t"))},
		{key_site_asked_prefix(STR("A")), key_site_asked(STR("A"), 3, STR("t")),
			key_site_asked(STR("AB"), 3, STR("t"))},
		{key_site_appointment_prefix(STR("A")),
			key_site_appointment(STR("A"), 3, APPOINTMENT_OUT, STR("w")),
			key_site_appointment(STR("AB"), 3, APPOINTMENT_OUT, STR("w"))},
		{key_site_work_prefix(STR("A"), (struct day){3}),
			key_site_work(STR("A"), (struct day){3}, STR("w")),
			key_site_work(STR("A"), (struct day){4}, STR("w"))},
		{key_site_demand_prefix(STR("A"), (struct day){3}),
			key_site_demand(STR("A"), (struct day){3}, STR("d")),
			key_site_demand(STR("A"), (struct day){4}, STR("d"))},
		{key_site_waiting_prefix(STR("A")), key_site_waiting(STR("A"), 0, 3, STR("w")),
			key_site_waiting(STR("AB"), 0, 3, STR("w"))},
		{key_site_claim_prefix(STR("A")), key_site_claim(STR("A"), 0, 3, STR("c")),
			key_site_claim(STR("AB"), 0, 3, STR("c"))},
		{key_booking_claim_prefix(STR("B")), key_booking_claim(STR("B"), STR("c")),
			key_booking_claim(STR("B2"), STR("c"))},
		{key_site_risk_prefix(STR("A")), key_site_risk(STR("A"), 3, 9),
			key_site_risk(STR("AB"), 3, 9)},
		{key_site_desk_prefix(STR("A")), key_site_desk(STR("A"), STR("b"), DESK_KEPT),
			key_site_desk(STR("AB"), STR("b"), DESK_KEPT)},
		{key_vehicle_booking_prefix(STR("V")), key_vehicle_booking(STR("V"), 1, STR("b")),
			key_vehicle_booking(STR("V2"), 1, STR("b"))},
		{key_customer_booking_prefix(STR("C")), key_customer_booking(STR("C"), 1, STR("b")),
			key_vehicle_booking(STR("C"), 1, STR("b"))},
		{key_visit_booking_prefix(STR("W")), key_visit_booking(STR("W"), STR("b")),
			key_visit_booking(STR("W2"), STR("b"))},
		{key_vehicle_visit_prefix(STR("V")), key_vehicle_visit(STR("V"), STR("w")),
			key_vehicle_visit(STR("VV"), STR("w"))},
		{key_customer_vehicle_prefix(STR("C")), key_customer_vehicle(STR("C"), STR("v")),
			key_customer_vehicle(STR("CC"), STR("v"))},
		{key_lookup_prefix(LOOKUP_PLATE, STR("ab1")),
			key_lookup(LOOKUP_PLATE, STR("ab123cd"), STR("x")),
			key_lookup(LOOKUP_FLEET_PLATE, STR("ab123cd"), STR("x"))},
		{key_ruleset_prefix(), key_ruleset_from((struct day){1}, STR("v")),
			key_lookup('p', STR("a"), STR("x"))},
		{key_claims_prefix(STR("R"), 1), key_claims(STR("R"), 1, 7),
			key_claims(STR("R"), 2, 7)},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(begins(key_str(&rows[i].inside), key_str(&rows[i].prefix)));
		assert_false(begins(key_str(&rows[i].outside), key_str(&rows[i].prefix)));
	}
}

static void parts_are_read_back(void **state)
{
	struct key k = {.n = 0};
	struct str s, key;
	size_t at = 0;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	(void)state;
	key_u8(&k, 0xfe);
	key_u16(&k, 0x1234);
	key_text(&k, STR("LYO"));
	key_u32(&k, 0xdeadbeef);
	key_u64(&k, UINT64_MAX - 1);
	key_text(&k, STR(""));
	key = key_str(&k);
	assert_true(key_take_u8(key, &at, &u8) && u8 == 0xfe);
	assert_true(key_take_u16(key, &at, &u16) && u16 == 0x1234);
	assert_true(key_take_text(key, &at, &s));
	assert_str(s, "LYO");
	assert_true(key_take_u32(key, &at, &u32) && u32 == 0xdeadbeef);
	assert_true(key_take_u64(key, &at, &u64) && u64 == UINT64_MAX - 1);
	assert_true(key_take_text(key, &at, &s));
	assert_int_equal(s.n, 0);
	assert_int_equal(at, key.n);
	assert_false(key_take_u8(key, &at, &u8));
	assert_false(key_take_text(key, &at, &s));
	at = 2;
	assert_false(key_take_u64((struct str){"123456789", 9}, &at, &u64));
	at = 0;
	assert_false(key_take_text(STR("no end"), &at, &s));
	at = 100; /* a position from another key */
	assert_false(key_take_u16(STR("abc"), &at, &u16));
}

static void long_and_odd_text_cannot_break_a_key(void **state)
{
	char longest[300];
	struct key a, b;
	struct str s;
	size_t at = 0;

	(void)state;
	memset(longest, 'x', sizeof(longest));
	a = key_lookup('p', (struct str){longest, 300}, (struct str){longest, 300});
	b = key_lookup('p', (struct str){longest, ID_MAX}, (struct str){longest, ID_MAX});
	assert_true(str_eq(key_str(&a), key_str(&b)));
	assert_true(a.n < KEY_MAX);
	a = key_head((struct str){"ab\0cd", 5});
	assert_true(key_take_text(key_str(&a), &at, &s));
	assert_str(s, "ab");
	assert_int_equal(at, a.n);
}

static void minutes(void **state)
{
	(void)state;
	assert_int_equal(minute_down((struct instant){119}), 1);
	assert_int_equal(minute_up((struct instant){119}), 2);
	assert_int_equal(minute_up((struct instant){120}), 2);
	assert_int_equal(minute_instant(2).s, 120);
	assert_int_equal(minute_week(7 * 1440 - 1), 0);
	assert_int_equal(minute_week(7 * 1440), 1);
}

static void folding(void **state)
{
	const struct {
		const char *text, *folded;
	} rows[] = {
		{"", ""}, {"AB-123-CD", "ab123cd"}, {"ab 123 cd", "ab123cd"},
		{"ab\xe2\x80\x91"
		 "123\xc2\xa0"
		 "cd",
			"ab123cd"},			  /* U+2011, no-break space */
		{"\xc3\x89l\xc3\xa9onore", "eleonore"},	  /* composed */
		{"E\xcc\x81le\xcc\x81onore", "eleonore"}, /* combining accents */
		{"D'Angelo", "dangelo"},
		{"D\xe2\x80\x99"
		 "Angelo",
			"dangelo"}, /* U+2019 */
		{"Stra\xc3\x9f"
		 "e",
			"strasse"},
		{"STRA\xe1\xba\x9e"
		 "E",
			"strasse"},
		{"\xc5\x92uvre \xc3\x86sir", "oeuvreaesir"},
		{"\xc3\x98stergaard \xc3\x85se", "ostergaardase"},
		{"\xc5\x81ukasz \xc5\xbb\xc3\xb3\xc5\x82w", "lukaszzolw"},
		{"\xc4\xb0stanbul \xc4\xb1", "istanbuli"}, {"Nguy\xe1\xbb\x85n", "nguyen"},
		{"Dvo\xc5\x99\xc3\xa1k, \xc4\x8c", "dvorak,c"},
		{"\xc3\xb7\xc3\x97", "\xc3\xb7\xc3\x97"}, /* signs, not letters */
		{"\xce\x91\xce\xb1 \xd0\x96\xd0\xb6", "\xce\xb1\xce\xb1\xd0\xb6\xd0\xb6"},
		{"\xd0\x81", "\xd1\x91"}, {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
		{"\xf0\x9f\x9a\x97", "\xf0\x9f\x9a\x97"},
		{"a\xff\xc3", "a\xff\xc3"}, /* not UTF-8: as it is */
	};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str folded = key_fold(buf, sizeof(buf), str_from(rows[i].text));
		char again[64];
		assert_str(folded, rows[i].folded);
		/* Folding twice changes nothing more. */
		assert_str(key_fold(again, sizeof(again), folded), rows[i].folded);
	}
	/* Cut between characters, never inside one. */
	assert_str(key_fold(buf, 3, STR("ab\xe6\x97\xa5")), "ab");
	assert_str(key_fold(buf, 1, STR("\xc3\x9f")), "");
	assert_int_equal(key_fold(buf, 0, STR("a")).n, 0);
}

static void every_code_point_folds_to_something_stable(void **state)
{
	(void)state;
	for (uint32_t code = 0x80; code < 0x3000; code++) {
		char utf8[4], once[8], twice[8];
		size_t n = code < 0x800 ? 2 : 3;
		struct str a, b;
		utf8[0] = (char)(n == 2 ? 0xc0 | code >> 6 : 0xe0 | code >> 12);
		utf8[n - 2] = (char)(n == 2 ? utf8[0] : (char)(0x80 | (code >> 6 & 0x3f)));
		utf8[n - 1] = (char)(0x80 | (code & 0x3f));
		a = key_fold(once, sizeof(once), (struct str){utf8, n});
		b = key_fold(twice, sizeof(twice), a);
		assert_true(a.n <= 4 && str_eq(a, b));
	}
}

static void gaps(void **state)
{
	(void)state;
	assert_int_equal(key_fold_gap("", 0), 0);
	assert_int_equal(key_fold_gap(" ", 1), 1);
	assert_int_equal(key_fold_gap("-", 1), 1);
	assert_int_equal(key_fold_gap("'", 1), 1);
	assert_int_equal(key_fold_gap("\xe2\x80\x99x", 4), 3);
	assert_int_equal(key_fold_gap("\xc2\xa0", 2), 2);
	assert_int_equal(key_fold_gap("\xc2\xa0", 1), 0);
	assert_int_equal(key_fold_gap("a", 1), 0);
	assert_int_equal(key_fold_gap(".", 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(byte_order_is_number_order),
		cmocka_unit_test(no_name_is_a_prefix_of_another),
		cmocka_unit_test(a_prefix_begins_its_keys_and_no_others),
		cmocka_unit_test(parts_are_read_back),
		cmocka_unit_test(long_and_odd_text_cannot_break_a_key),
		cmocka_unit_test(minutes),
		cmocka_unit_test(folding),
		cmocka_unit_test(every_code_point_folds_to_something_stable),
		cmocka_unit_test(gaps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
