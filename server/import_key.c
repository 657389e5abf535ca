/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_key.h"

#include "fleet/external.h"
#include "fleet/group.h"
#include "fleet/merge.h"

/* The first effect of an entry; absent for a refusal, and where its import was undone. */
static struct json effect_of(struct view *v, struct str journal, uint64_t seq)
{
	struct journal_entry entry;
	struct event_head head;
	struct json effects;
	struct effect effect;
	const char *why;

	if (!journal_entry(v->txn, journal, seq, &entry) ||
		event_read(v->arena, arena_copy(v->arena, entry.bytes), &head, &effects, &why) !=
			OK ||
		!effect_read(&effect, json_first(effects)) || effect.op == EFFECT_REFUSE ||
		group_is_undone(v, head.group))
		return JSON_ABSENT;
	return json_first(effects);
}

bool import_key_find(
	struct view *v, struct str journal, struct str by, struct str base, struct import_key *out)
{
	*out = (struct import_key){.effect = JSON_ABSENT};
	for (int attempt = 1; attempt <= IMPORT_ATTEMPTS_MAX; attempt++) {
		struct str key =
			attempt == 1 ? base
				     : arena_printf(v->arena, "%.*s/%d", STR_FMT(base), attempt);
		struct hash hash = hash_keyed(people_secret(v->people), by, key), body;
		if (!key.p)
			return false;
		if (!journal_request(v->txn, journal, &hash, &out->seq, &body)) {
			out->text = key;
			return true;
		}
		out->effect = effect_of(v, journal, out->seq);
		if (json_present(out->effect))
			return true;
	}
	return false;
}

struct str import_customer(struct view *v, struct str name)
{
	struct str called;
	struct row row;

	if (customer_get(v, name, &row))
		return json_str_at(row.doc, "customer");
	called = external_customer(v, name);
	return called.n ? called : name;
}
