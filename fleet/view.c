/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/view.h"

#include "fleet/event.h"

/* The text is where the store has it. */
static bool row_stored(
	struct view *v, enum row_kind kind, struct str id, uint64_t *rev, struct str *text)
{
	struct key key;
	struct str value;
	size_t at = 0;

	if (id.n == 0 || id.n > ID_MAX)
		return false;
	key = key_row(kind, id);
	if (!txn_get(v->txn, DB_ROWS, key_str(&key), &value) || !key_take_u64(value, &at, rev))
		return false;
	*text = (struct str){value.p + at, value.n - at};
	return true;
}

bool row_get(struct view *v, enum row_kind kind, struct str id, struct row *out)
{
	struct str text;

	if (!row_stored(v, kind, id, &out->rev, &text))
		return false;
	out->text = arena_copy(v->arena, text);
	out->doc = arena_json(v->arena, out->text, NULL);
	return json_present(out->doc);
}

bool row_text(struct view *v, enum row_kind kind, struct str id, struct str *text)
{
	uint64_t rev;

	return row_stored(v, kind, id, &rev, text);
}

uint32_t ids_under(struct view *v, struct key prefix, struct str *out, uint32_t max)
{
	struct cursor c;
	uint32_t n = 0;

	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && n < max; some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct str id;
		ASSERT(key_take_text(c.key, &at, &id));
		out[n++] = arena_copy(v->arena, id);
	}
	cursor_close(&c);
	return n;
}

/* Replays one entry's effects on one object; `text` is what it was before. */
static struct str row_fold(
	struct view *v, struct str text, struct str entry, enum row_kind kind, struct str id)
{
	struct event_head head;
	struct json effects;
	struct effect effect;
	const char *why;

	if (event_read(v->arena, entry, &head, &effects, &why) != OK)
		return text;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		if (!effect_read(&effect, e) || effect.op == EFFECT_REFUSE || effect.kind != kind ||
			!str_eq(effect.id, id))
			continue;
		if (effect.op == EFFECT_PUT)
			text = json_raw(effect.doc);
		else if (effect.op == EFFECT_SET)
			text = doc_merge(v->arena, arena_json(v->arena, text, NULL), effect.doc);
		else
			text = STR_NULL;
	}
	return text;
}

bool row_at(struct view *v, enum row_kind kind, struct str id, struct str journal, uint64_t seq,
	struct row *out)
{
	struct key prefix = key_history_prefix(kind, id);
	struct cursor c;
	struct str text = STR_NULL;
	struct journal_entry entry;

	out->rev = 0;
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		uint64_t touched;
		size_t at = prefix.n;
		if (!key_take_u64(c.key, &at, &touched) || touched > seq)
			break;
		if (!journal_entry(v->txn, journal, touched, &entry))
			continue;
		text = row_fold(v, text, arena_copy(v->arena, entry.bytes), kind, id);
		out->rev = touched;
	}
	cursor_close(&c);
	if (text.n == 0)
		return false;
	out->text = text;
	out->doc = arena_json(v->arena, text, NULL);
	return json_present(out->doc);
}

bool doc_instant(struct json doc, const char *key, struct instant *out)
{
	struct json v = json_get(doc, key);
	struct local l;

	if (!json_is(v, JSON_STRING))
		return false;
	ASSERT(instant_parse(&l, json_str(v)));
	*out = local_instant(l);
	return true;
}

bool doc_day(struct json doc, const char *key, struct day *out)
{
	struct json v = json_get(doc, key);

	if (!json_is(v, JSON_STRING))
		return false;
	ASSERT(day_parse(out, json_str(v)));
	return true;
}

void json_kv_instant(struct json_writer *w, const char *key, struct instant t)
{
	char text[INSTANT_TEXT];

	json_kv_str(w, key, instant_print_utc(t, text));
}

void json_kv_day(struct json_writer *w, const char *key, struct day d)
{
	char text[DAY_TEXT];

	json_kv_str(w, key, day_print(d, text));
}
