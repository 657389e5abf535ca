/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The bytes of one entry of a journal. What is read is exactly what the writer writes, so that its
 * hash is the same for ever; the short way to its request says the same as the long one; what its
 * effects put and set can be merged, and is canonical then too.
 */

#include "fleet/event.h"
#include "tests/fuzz/fuzz.h"

static void check_request(struct str bytes, const struct event_head *head)
{
	struct hash key, body;

	ASSERT(event_request(bytes, &key, &body) == head->has_request);
	if (!head->has_request)
		return;
	ASSERT(memcmp(key.bytes, head->key_sha256.bytes, HASH_LEN) == 0);
	ASSERT(memcmp(body.bytes, head->body_sha256.bytes, HASH_LEN) == 0);
}

static void check_merged(struct arena *a, struct json old, struct json set)
{
	struct str merged = doc_merge(a, old, set);
	struct json_doc *doc;
	struct json result = arena_json(a, merged, &doc);

	ASSERT(merged.p && doc->canonical);
	/* Setting it once more changes nothing. */
	ASSERT(str_eq(doc_merge(a, result, set), merged));
	for (struct json m = json_first_value(set); json_present(m); m = json_next_value(set, m)) {
		struct json now = json_get_str(result, json_key(m));
		ASSERT(json_is_null(m) ? !json_present(now) : str_eq(json_raw(now), json_raw(m)));
	}
}

static void check_effects(struct arena *a, struct json effects)
{
	struct json old = JSON_ABSENT;
	struct effect effect;
	enum row_kind kind;

	ASSERT(json_count(effects) <= EFFECTS_MAX);
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		ASSERT(effect_read(&effect, e));
		if (effect.op == EFFECT_REFUSE)
			continue;
		ASSERT(effect.id.n > 0 && effect.id.n <= ID_MAX);
		ASSERT(row_kind_from(&kind, str_from(row_kind_name(effect.kind))));
		ASSERT(kind == effect.kind);
		if (effect.op == EFFECT_DELETE)
			continue;
		check_merged(a, old, effect.doc);
		old = effect.doc;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str bytes = fuzz_str(data, size), again;
	struct event_head head;
	struct json effects;
	const char *why;
	enum outcome o = event_read(a, bytes, &head, &effects, &why);

	ASSERT((o == OK) == !why);
	if (o != OK)
		return 0;
	again = event_write(a, &head, json_raw(effects));
	ASSERT(str_eq(again, bytes));
	struct hash none = {{0}}, one = event_hash(&none, bytes), two = event_hash(&none, again);
	ASSERT(memcmp(one.bytes, two.bytes, HASH_LEN) == 0);
	check_request(bytes, &head);
	check_effects(a, effects);
	return 0;
}
