/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

/* A journal's entries for others: whole and checkable as a line, or as a sign that something
 * changed. What is only counted is no object that anybody would have to read again. */

enum { LINE_FRAME_BYTES = 256, CHANGE_BYTES = 2 * ID_MAX + 64 };

static void write_changes(struct json_writer *w, struct json effects)
{
	struct effect e;
	enum row_kind kind;

	json_k(w, "changes");
	json_array_begin(w);
	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j)) {
		if (!effect_read(&e, j) || e.op == EFFECT_REFUSE || e.kind == ROW_DEMAND)
			continue;
		/* a desk that is kept is seen with the booking whose id it has */
		kind = e.kind == ROW_DESK ? ROW_BOOKING : e.kind;
		json_object_begin(w);
		json_kv_str(w, "id", e.id);
		json_kv_str(w, "kind", str_from(row_kind_name(kind)));
		json_object_end(w);
	}
	json_array_end(w);
}

/* Ids and kinds only: whoever may see more asks for the object. */
struct str render_event(struct view *v, struct str journal, uint64_t seq)
{
	struct journal_entry entry;
	struct event_head head;
	struct json effects;
	struct json_writer w;
	struct row_look look;
	struct str text = STR_NULL;
	const char *why;

	if (!journal_entry(v->txn, journal, seq, &entry))
		return STR_NULL;
	row_look_open(&look, v);
	if (event_read(&look.arena, entry.bytes, &head, &effects, &why) == OK) {
		arena_writer(v->arena, &w, LINE_FRAME_BYTES + json_count(effects) * CHANGE_BYTES);
		json_object_begin(&w);
		kv_local(&w, "at", head.at, site_zone(v, journal));
		write_changes(&w, effects);
		json_kv_str(&w, "kind", head.kind);
		json_kv_int(&w, "seq", (int64_t)seq);
		json_object_end(&w);
		text = arena_written(v->arena, &w);
	}
	row_look_close(&look);
	return text;
}

struct str render_journal_line(struct view *v, struct str journal, uint64_t seq)
{
	struct journal_entry entry;
	struct json_writer w;
	char hex[HASH_TEXT];

	if (!journal_entry(v->txn, journal, seq, &entry))
		return STR_NULL;
	arena_writer(v->arena, &w, entry.bytes.n + LINE_FRAME_BYTES);
	json_object_begin(&w);
	json_kv_raw(&w, "event", entry.bytes);
	json_kv_str(&w, "hash", hash_print(&entry.hash, hex));
	json_kv_str(&w, "prev", hash_print(&entry.prev, hex));
	json_object_end(&w);
	return arena_written(v->arena, &w);
}
