/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "fleet/attachment.h"
#include "fleet/fleet_inside.h"

/* Where servers share a journal, what is attached comes and goes with the entry that says so: who
 * appends gives the pieces along, who follows has them before the entry. */

/* What an entry attaches, in turn; the bytes are canonical, so most are passed over unread. */
static bool attaches(struct str bytes)
{
	static const char mark[] = "\"kind\":\"attachment\"";

	return memmem(bytes.p, bytes.n, mark, sizeof mark - 1) != NULL;
}

static size_t ids_of(struct arena *a, struct str bytes, struct str out[ATTACHED_OF_ENTRY_MAX])
{
	struct event_head head;
	struct json effects;
	const char *why;
	size_t n = 0;

	if (!attaches(bytes) || event_read(a, bytes, &head, &effects, &why) != OK)
		return 0;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		if (n < ATTACHED_OF_ENTRY_MAX && effect_read(&effect, e) &&
			effect.op == EFFECT_PUT && effect.kind == ROW_ATTACHMENT &&
			effect.id.n > 0 && effect.id.n <= ID_MAX)
			out[n++] = effect.id;
	}
	return n;
}

/* ---- giving ---- */

static void part_give(
	struct fleet *f, struct txn *t, struct str id, uint16_t number, struct pending_entry *e)
{
	struct key key = key_part(id, number);
	struct str box;

	/* the boxes lie in the transaction, which writes nothing more before they are sent */
	if (txn_get(t, DB_PARTS, key_str(&key), &box))
		e->parts[e->parts_len++] =
			(struct pending_part){arena_copy(&f->scratch, id), number, box};
}

enum outcome share_parts(
	struct fleet *f, struct txn *t, struct pending_entry *entries, size_t count)
{
	arena_reset(&f->scratch);
	for (size_t i = 0; i < count; i++) {
		struct str ids[ATTACHED_OF_ENTRY_MAX];
		size_t n = ids_of(&f->scratch, entries[i].bytes, ids);
		entries[i].parts_len = 0;
		entries[i].parts = NULL;
		if (n == 0)
			continue;
		entries[i].parts = arena_take(
			&f->scratch, n * ATTACHMENT_PARTS_MAX * sizeof *entries[i].parts);
		if (!entries[i].parts)
			return FAULT_MEMORY;
		for (size_t k = 0; k < n; k++)
			for (uint16_t p = 0; p < ATTACHMENT_PARTS_MAX; p++)
				part_give(f, t, ids[k], p, &entries[i]);
	}
	return f->scratch.full ? FAULT_MEMORY : t->outcome;
}

/* ---- taking ---- */

struct taking {
	struct txn *txn;
	struct str id;
	size_t bytes;
};

static void part_take(void *context, uint16_t number, struct str box)
{
	struct taking *y = context;
	struct key key = key_part(y->id, number);

	if (!part_is_good(key_str(&key), box))
		return; /* it will not open either */
	txn_put(y->txn, DB_PARTS, key_str(&key), box);
	y->bytes += box.n;
}

enum outcome share_parts_fetch(
	struct fleet *f, struct txn *t, const struct pending_entry *entry, size_t *bytes)
{
	struct str ids[ATTACHED_OF_ENTRY_MAX];
	size_t n = ids_of(&f->scratch, entry->bytes, ids);

	for (size_t i = 0; i < n; i++) {
		struct taking y = {.txn = t, .id = ids[i]};
		if (f->journal->parts_find(f->journal, entry->journal, ids[i], &y, part_take) !=
			READ_END)
			return FAULT_BUSY;
		*bytes += y.bytes;
	}
	return t->outcome;
}

void share_parts_drop(struct txn *t, struct arena *a, struct str bytes)
{
	struct str ids[ATTACHED_OF_ENTRY_MAX];
	size_t n = ids_of(a, bytes, ids);

	for (size_t i = 0; i < n; i++)
		for (uint16_t p = 0; p < ATTACHMENT_PARTS_MAX; p++) {
			struct key key = key_part(ids[i], p);
			struct str ignored;
			if (txn_get(t, DB_PARTS, key_str(&key), &ignored))
				txn_delete(t, DB_PARTS, key_str(&key));
		}
}
