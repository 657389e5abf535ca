/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/event.h"

#include "tests/lib/check.h"

#define HEX_KEY "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX_BODY "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

/* One entry as it lies in a journal; the pieces are what the tests below break. */
#define AT "\"at\":\"2026-03-02T08:30:00Z\""
#define BY "\"by\":\"Demo \\\"Desk\\\"\""
#define EFFECTS                                                                               \
	"\"effects\":[{\"doc\":{\"a\":1},\"id\":\"B1\",\"kind\":\"booking\",\"op\":\"put\"}," \
	"{\"id\":\"K1\",\"kind\":\"block\",\"op\":\"delete\"}]"
#define GROUP "\"group\":null"
#define KIND "\"kind\":\"booking\""
#define REQUEST "\"request\":{\"body_sha256\":\"" HEX_BODY "\",\"key_sha256\":\"" HEX_KEY "\"}"
#define SEQ "\"seq\":7"
#define SITE "\"site\":\"LYO\""
#define V "\"v\":1"
#define ENTRY(at, by, effects, group, kind, request, seq, site, v) \
	"{" at "," by "," effects "," group "," kind "," request "," seq "," site "," v "}"
#define GOOD ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, V)

static struct arena a;

static int make(void **state)
{
	(void)state;
	arena_init(&a, ARENA_MAX_DEFAULT);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	arena_deinit(&a);
	return 0;
}

static struct event_head head_of_good(void)
{
	struct event_head head = {
		.at = {1772440200},
		.by = STR("Demo \"Desk\""),
		.kind = STR("booking"),
		.site = STR("LYO"),
		.seq = 7,
		.has_request = true,
	};

	assert_true(hash_parse(&head.key_sha256, STR(HEX_KEY)));
	assert_true(hash_parse(&head.body_sha256, STR(HEX_BODY)));
	return head;
}

static struct str effects_of_good(void)
{
	static const char all[] = EFFECTS;
	size_t skip = sizeof("\"effects\":") - 1;

	return (struct str){all + skip, sizeof(all) - 1 - skip};
}

static void an_entry_goes_out_and_comes_back(void **state)
{
	struct event_head head = head_of_good(), again;
	struct str bytes = event_write(&a, &head, effects_of_good());
	struct json effects;
	struct effect effect;
	const char *why;

	(void)state;
	assert_str(bytes, GOOD);
	assert_int_equal(event_read(&a, bytes, &again, &effects, &why), OK);
	assert_null(why);
	assert_int_equal(again.at.s, head.at.s);
	assert_str(again.by, "Demo \"Desk\"");
	assert_str(again.kind, "booking");
	assert_str(again.site, "LYO");
	assert_int_equal(again.seq, 7);
	assert_true(again.has_request);
	assert_memory_equal(&again.key_sha256, &head.key_sha256, sizeof(struct hash));
	assert_memory_equal(&again.body_sha256, &head.body_sha256, sizeof(struct hash));
	assert_null(again.group.p);
	assert_true(str_eq(json_raw(effects), effects_of_good()));
	assert_true(effect_read(&effect, json_item(effects, 0)));
	assert_int_equal(effect.op, EFFECT_PUT);
	assert_int_equal(effect.kind, ROW_BOOKING);
	assert_str(effect.id, "B1");
	assert_str(json_raw(effect.doc), "{\"a\":1}");
	assert_true(effect_read(&effect, json_item(effects, 1)));
	assert_int_equal(effect.op, EFFECT_DELETE);
	assert_false(json_present(effect.doc));
}

static void an_entry_without_request_in_a_group(void **state)
{
	struct event_head head = {.by = STR(""),
				  .kind = STR("tick"),
				  .site = STR("LYO"),
				  .seq = 1,
				  .group = STR("G1")},
			  again;
	struct str bytes = event_write(&a, &head, STR("[]"));
	struct hash key, body;
	struct json effects;
	const char *why;

	(void)state;
	assert_str(bytes,
		"{\"at\":\"1970-01-01T00:00:00Z\",\"by\":\"\",\"effects\":[],\"group\":\"G1\","
		"\"kind\":\"tick\",\"request\":null,\"seq\":1,\"site\":\"LYO\",\"v\":1}");
	assert_int_equal(event_read(&a, bytes, &again, &effects, &why), OK);
	assert_str(again.group, "G1");
	assert_false(again.has_request);
	assert_int_equal(json_count(effects), 0);
	assert_false(event_request(bytes, &key, &body));
}

static void what_the_writer_would_not_write_is_refused(void **state)
{
	const char *const rows[] = {
		"",
		"null",
		"[]",
		GOOD " ",
		" " GOOD,
		GOOD GOOD,
		/* not canonical: order, blanks, escapes, numbers */
		ENTRY(BY, AT, EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, "\"seq\": 7", SITE, V),
		ENTRY(AT, "\"by\":\"\\u0041\"", EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, "\"by\":\"\\/\"", EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY,
			"\"effects\":[{\"doc\":{\"b\":1,\"a\":2},\"id\":\"B1\",\"kind\":"
			"\"booking\",\"op\":\"put\"}]",
			GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, "\"seq\":7.0", SITE, V),
		/* a key that the writer does not write */
		ENTRY(AT, BY,
			"\"effects\":[{\"doc\":{\"a "
			"b\":1},\"id\":\"B1\",\"kind\":\"booking\",\"op\":\"put\"}]",
			GROUP, KIND, REQUEST, SEQ, SITE, V),
		/* members that lack, or that nobody asked for */
		"{" AT "," BY "," EFFECTS "," GROUP "," KIND "," REQUEST "," SEQ "," SITE "}",
		"{" AT "," BY "," EFFECTS "," GROUP "," KIND "," REQUEST "," SEQ "," SITE "," V
		",\"w\":1}",
		/* values */
		ENTRY("\"at\":\"2026-03-02T08:30:00+00:00\"", BY, EFFECTS, GROUP, KIND, REQUEST,
			SEQ, SITE, V),
		ENTRY("\"at\":\"2026-03-02T08:30:00.5Z\"", BY, EFFECTS, GROUP, KIND, REQUEST, SEQ,
			SITE, V),
		ENTRY("\"at\":\"2026-02-30T08:30:00Z\"", BY, EFFECTS, GROUP, KIND, REQUEST, SEQ,
			SITE, V),
		ENTRY("\"at\":1772440200", BY, EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, "\"by\":null", EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, "\"effects\":{}", GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, "\"effects\":[1]", GROUP, KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, "\"group\":\"\"", KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, "\"group\":1", KIND, REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, "\"kind\":\"\"", REQUEST, SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, "\"request\":{}", SEQ, SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND,
			"\"request\":{\"body_sha256\":\"" HEX_BODY "\",\"key_sha256\":\"00\"}", SEQ,
			SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, "\"seq\":0", SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, "\"seq\":-1", SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, "\"seq\":\"7\"", SITE, V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, SEQ, "\"site\":\"\"", V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, SEQ,
			"\"site\":\"a name of forty-one characters, one too many!\"", V),
		ENTRY(AT, BY, EFFECTS, GROUP, KIND, REQUEST, SEQ, SITE, "\"v\":2"),
	};
	struct event_head head;
	struct json effects;
	const char *why;

	(void)state;
	assert_int_equal(event_read(&a, STR(GOOD), &head, &effects, &why), OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (event_read(&a, str_from(rows[i]), &head, &effects, &why) != FAULT_CORRUPT)
			fail_msg("accepted: %s", rows[i]);
		assert_non_null(why);
	}
	/* Cut anywhere, it is none. */
	for (size_t n = 0; n < sizeof(GOOD) - 1; n++)
		assert_int_equal(event_read(&a, (struct str){GOOD, n}, &head, &effects, &why),
			FAULT_CORRUPT);
}

static void a_long_entry_is_not_written(void **state)
{
	struct event_head head = head_of_good();
	char *effects = malloc(ENTRY_BYTES_MAX);
	struct str none;

	(void)state;
	assert_non_null(effects);
	memset(effects, ' ', ENTRY_BYTES_MAX);
	effects[0] = '[';
	effects[ENTRY_BYTES_MAX - 1] = ']';
	none = event_write(&a, &head, (struct str){effects, ENTRY_BYTES_MAX});
	assert_null(none.p);
	free(effects);
}

static void no_room_is_not_damage(void **state)
{
	struct event_head head;
	struct json effects;
	const char *why;
	struct arena small;

	(void)state;
	arena_init(&small, 200);
	assert_int_equal(event_read(&small, STR(GOOD), &head, &effects, &why), FAULT_MEMORY);
	assert_non_null(why);
	arena_deinit(&small);
}

static void effects_are_read_strictly(void **state)
{
	const struct {
		const char *text;
		bool good;
	} rows[] = {
		{"{\"doc\":{},\"id\":\"x\",\"kind\":\"site\",\"op\":\"put\"}", true},
		{"{\"doc\":{\"a\":null},\"id\":\"x\",\"kind\":\"visit\",\"op\":\"set\"}", true},
		{"{\"id\":\"x\",\"kind\":\"block\",\"op\":\"delete\"}", true},
		{"{\"detail\":{},\"op\":\"refuse\",\"slug\":\"no-seat\"}", true},
		{"{\"doc\":[],\"id\":\"x\",\"kind\":\"site\",\"op\":\"put\"}", false},
		{"{\"id\":\"x\",\"kind\":\"site\",\"op\":\"put\"}", false},
		{"{\"doc\":{},\"id\":\"x\",\"kind\":\"site\",\"op\":\"delete\"}", false},
		{"{\"doc\":{},\"id\":\"\",\"kind\":\"site\",\"op\":\"put\"}", false},
		{"{\"doc\":{},\"id\":7,\"kind\":\"site\",\"op\":\"put\"}", false},
		{"{\"doc\":{},\"id\":\"an id of forty-one characters, one too "
		 "many.\",\"kind\":\"site\",\"op\":\"put\"}",
			false},
		{"{\"doc\":{},\"id\":\"x\",\"kind\":\"journal\",\"op\":\"put\"}", false},
		{"{\"doc\":{},\"id\":\"x\",\"kind\":\"site\",\"op\":\"merge\"}", false},
		{"{\"doc\":{},\"id\":\"x\",\"kind\":\"site\",\"more\":1,\"op\":\"put\"}", false},
		{"{\"detail\":null,\"op\":\"refuse\",\"slug\":\"no-seat\"}", false},
		{"{\"detail\":{},\"op\":\"refuse\",\"slug\":\"\"}", false},
		{"{\"detail\":{},\"id\":\"x\",\"op\":\"refuse\",\"slug\":\"no-seat\"}", false},
		{"{}", false},
		{"\"put\"", false},
	};
	struct effect effect;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json v = arena_json(&a, str_from(rows[i].text), NULL);
		assert_true(json_present(v));
		if (effect_read(&effect, v) != rows[i].good)
			fail_msg("%s: %s", rows[i].good ? "refused" : "accepted", rows[i].text);
	}
}

static void every_kind_has_one_name(void **state)
{
	const enum row_kind kinds[] = {ROW_SITE, ROW_RESOURCE, ROW_BLOCK, ROW_CUSTOMER, ROW_VEHICLE,
		ROW_RULESET, ROW_VISIT, ROW_BOOKING, ROW_TASK, ROW_DEMAND, ROW_WAITING, ROW_DESK,
		ROW_ATTACHMENT, ROW_REPAIR_ORDER, ROW_IMPORT};
	enum row_kind found;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		assert_true(row_kind_from(&found, str_from(row_kind_name(kinds[i]))));
		assert_int_equal(found, kinds[i]);
	}
	assert_false(row_kind_from(&found, STR("Site")));
	assert_false(row_kind_from(&found, STR_NULL));
}

static void merging(void **state)
{
	const struct {
		const char *old, *set, *merged;
	} rows[] = {
		{"{}", "{}", "{}"},
		{"{\"a\":1}", "{}", "{\"a\":1}"},
		{"{}", "{\"a\":1}", "{\"a\":1}"},
		{"{\"a\":1,\"c\":3}", "{\"b\":2,\"c\":4,\"d\":5}",
			"{\"a\":1,\"b\":2,\"c\":4,\"d\":5}"},
		{"{\"a\":1,\"b\":2}", "{\"a\":null}", "{\"b\":2}"},
		{"{\"a\":1}", "{\"a\":null,\"z\":null}", "{}"},
		{"{\"a\":null,\"b\":1}", "{\"b\":2}", "{\"a\":null,\"b\":2}"},
		/* Members are replaced whole: what lies deeper is not merged, nor are its nulls
		   removed. */
		{"{\"a\":{\"x\":1}}", "{\"a\":{\"y\":null}}", "{\"a\":{\"y\":null}}"},
		{"{\"a\":1,\"ab\":2}", "{\"aa\":3}", "{\"a\":1,\"aa\":3,\"ab\":2}"},
	};
	struct arena small;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct json old = arena_json(&a, str_from(rows[i].old), NULL);
		struct json set = arena_json(&a, str_from(rows[i].set), NULL);
		struct str merged = doc_merge(&a, old, set);
		assert_str(merged, rows[i].merged);
		/* Saying it twice says nothing more. */
		assert_str(doc_merge(&a, arena_json(&a, merged, NULL), set), rows[i].merged);
	}
	assert_str(doc_merge(&a, JSON_ABSENT, arena_json(&a, STR("{\"a\":1,\"b\":null}"), NULL)),
		"{\"a\":1}");
	arena_init(&small, 16);
	small.full = true;
	assert_null(doc_merge(&small, JSON_ABSENT, arena_json(&a, STR("{\"a\":1}"), NULL)).p);
	arena_deinit(&small);
}

static void the_request_is_found_at_the_end(void **state)
{
	/* The same words inside a document and inside a string come first, and do not count. */
	static const char effects[] = "[{\"doc\":{\"a\":1,\"request\":{\"body_sha256\":\"" HEX_KEY
				      "\",\"key_sha256\":\"" HEX_KEY
				      "\"}},\"id\":\"B1\",\"kind\":\"booking\",\"op\":\"put\"}]";
	struct event_head head = head_of_good();
	struct hash key, body;
	struct str bytes;

	(void)state;
	assert_true(event_request(STR(GOOD), &key, &body));
	assert_memory_equal(&key, &head.key_sha256, sizeof(key));
	assert_memory_equal(&body, &head.body_sha256, sizeof(body));
	head.kind = STR("x\",\"request\":null,\"");
	bytes = event_write(&a, &head, STR(effects));
	assert_true(event_request(bytes, &key, &body));
	assert_memory_equal(&body, &head.body_sha256, sizeof(body));
	head.has_request = false;
	assert_false(event_request(event_write(&a, &head, STR(effects)), &key, &body));
	assert_false(event_request(STR(""), &key, &body));
	assert_false(event_request(STR(",\"request\":{\"body_sha256\":\""), &key, &body));
}

static void the_hash_is_that_of_the_contract(void **state)
{
	struct hash prev, h;
	char hex[HASH_TEXT];

	(void)state;
	/* SHA-256 of 32 zero bytes, and of 32 zero bytes followed by "{}": section 6, worked out by
	 * another implementation. */
	memset(&prev, 0, sizeof(prev));
	h = event_hash(&prev, STR_NULL);
	assert_str(hash_print(&h, hex),
		"66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925");
	h = event_hash(&prev, STR("{}"));
	assert_str(hash_print(&h, hex),
		"fb1634c4e6cd4b1f1afe3ce2d6ef080f7ac5d1f357d723ad4dfca782733b62db");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(an_entry_goes_out_and_comes_back),
		T(an_entry_without_request_in_a_group),
		T(what_the_writer_would_not_write_is_refused),
		T(a_long_entry_is_not_written),
		T(no_room_is_not_damage),
		T(effects_are_read_strictly),
		T(every_kind_has_one_name),
		T(merging),
		T(the_request_is_found_at_the_end),
		T(the_hash_is_that_of_the_contract),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
