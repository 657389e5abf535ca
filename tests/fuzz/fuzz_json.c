/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * JSON from outside, read by two readers that share no code: the strict library behind
 * json_from_outside and the one of rules/json.h. They accept the same bytes and understand the same
 * by them; what was understood is canonical, and canonical bytes stay as they are.
 */

#include "server/json.h"
#include "tests/fuzz/fuzz.h"

static void same_value(struct json a, struct json b)
{
	ASSERT(json_node(a)->type == json_node(b)->type && json_count(a) == json_count(b));
	switch (json_node(a)->type) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE: break;
	case JSON_INT: ASSERT(json_int(a, 1) == json_int(b, 2)); break;
	case JSON_STRING: ASSERT(str_eq(json_str(a), json_str(b))); break;
	case JSON_ARRAY:
		for (struct json x = json_first(a), y = json_first(b); json_present(x);
			x = json_next(a, x), y = json_next(b, y))
			same_value(x, y);
		break;
	case JSON_OBJECT: /* the members stand in another order */
		for (struct json x = json_first_value(a); json_present(x);
			x = json_next_value(a, x)) {
			struct json y = json_get_str(b, json_key(x));
			ASSERT(json_present(y));
			same_value(x, y);
		}
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str body = fuzz_str(data, size), why, kept = json_from_outside(a, body, &why);
	struct json_doc *doc;
	struct json plain = arena_json(a, body, NULL);

	ASSERT(!kept.p == (why.p != NULL)); /* a refusal says why */
	ASSERT(!kept.p == !json_present(plain));
	if (!kept.p)
		return 0;
	ASSERT(kept.n <= size);
	struct json read = arena_json(a, kept, &doc);
	ASSERT(json_present(read) && doc->canonical);
	same_value(plain, read);
	ASSERT(str_eq(json_from_outside(a, kept, &why), kept));
	return 0;
}
