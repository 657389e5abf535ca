/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_younger.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/journal.h"

#define PERSON "person"

enum { PLACES_MAX = 64 };

/* A member that differs, and how it came to be what it is. An absent value is an empty text. */
struct place {
	bool of_person;
	struct str name;
	struct str file, here; /* canonical JSON */
	struct hash now, told; /* what it was after the last entry; what the last import told */
	struct str by;	       /* who made it so; STR_NULL: it never was anything else */
	struct instant at;
};
struct younger {
	struct import *im;
	struct view *v;
	enum row_kind kind;
	struct str id;
	uint32_t len;
	struct place place[PLACES_MAX];
};

static bool hash_same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_LEN) == 0;
}

static struct str raw_or_empty(struct json value)
{
	return json_present(value) && !json_is_null(value) ? json_raw(value) : STR("");
}

/* ---- what differs ---- */

static void place_add(
	struct younger *y, bool of_person, struct str name, struct json file, struct json here)
{
	struct str said = raw_or_empty(file), is = raw_or_empty(here);

	if (str_eq(said, is))
		return;
	ASSERT(y->len < PLACES_MAX); /* no shape has so many members */
	y->place[y->len++] = (struct place){
		of_person, name, said, is, hash_of(STR("")), hash_of(STR("")), STR_NULL, {0}};
}

static void compare(struct younger *y, bool of_person, struct json file, struct json here)
{
	for (struct json m = json_first_value(file); json_present(m); m = json_next_value(file, m))
		if (of_person || y->kind != ROW_CUSTOMER || !str_is(json_key(m), PERSON))
			place_add(y, of_person, json_key(m), m, json_get_str(here, json_key(m)));
	for (struct json m = json_first_value(here); json_present(m); m = json_next_value(here, m))
		if (!json_present(json_get_str(file, json_key(m))) &&
			(of_person || y->kind != ROW_CUSTOMER || !str_is(json_key(m), PERSON)))
			place_add(y, of_person, json_key(m), JSON_ABSENT, m);
}

/* ---- how it came to be so ---- */

static void place_after(struct younger *y, struct place *place, const struct effect *effect,
	struct json person, const struct event_head *head)
{
	struct json holder = place->of_person ? person : effect->doc;
	struct json value = json_get_str(holder, place->name);
	struct hash hash = hash_of(raw_or_empty(value));

	if (effect->op == EFFECT_SET &&
		!json_present(place->of_person ? json_get(effect->doc, PERSON) : value))
		return;
	if (hash_same(&hash, &place->now))
		return;
	place->now = hash;
	place->at = head->at;
	place->by = arena_copy(y->v->arena, head->by);
	if (str_eq(head->by, y->im->by))
		place->told = hash;
}

static void entry_after(struct younger *y, struct arena *a, struct str bytes)
{
	struct event_head head;
	struct json effects;
	struct effect effect;
	const char *why;

	if (event_read(a, arena_copy(a, bytes), &head, &effects, &why) != OK)
		return;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		if (!effect_read(&effect, e) || effect.kind != y->kind ||
			!str_eq(effect.id, y->id) ||
			(effect.op != EFFECT_PUT && effect.op != EFFECT_SET))
			continue;
		struct json sealed =
			y->kind == ROW_CUSTOMER ? json_get(effect.doc, PERSON) : JSON_ABSENT;
		struct json person =
			json_present(sealed) ? private_open(y->v, sealed) : JSON_ABSENT;
		for (uint32_t i = 0; i < y->len; i++)
			place_after(y, &y->place[i], &effect, person, &head);
	}
}

static void walk(struct younger *y, struct str journal)
{
	struct key prefix = key_history_prefix(y->kind, y->id);
	struct journal_entry entry;
	struct arena a;
	struct cursor c;

	arena_init(&a, ARENA_MAX_DEFAULT);
	cursor_open(&c, y->v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		uint64_t seq;
		size_t at = prefix.n;
		if (key_take_u64(c.key, &at, &seq) &&
			journal_entry(y->v->txn, journal, seq, &entry))
			entry_after(y, &a, entry.bytes);
		arena_reset(&a);
	}
	cursor_close(&c);
	arena_deinit(&a);
}

/* ---- what stays ---- */

static bool stays(const struct younger *y, const struct place *place)
{
	struct hash file = hash_of(place->file);

	return place->by.n && !str_eq(place->by, y->im->by) &&
	       (place->at.s > y->im->as_of.s || hash_same(&file, &place->told));
}

static struct str or_nothing(struct str value)
{
	return value.n ? value : STR("nothing");
}

static void tell_both(struct younger *y, uint32_t line, const struct place *place)
{
	char pointer[80], detail[500], at[INSTANT_TEXT];

	if (++y->im->counts.kept > IMPORT_FAULTS_TOLD_MAX)
		return;
	snprintf(pointer, sizeof pointer, "/%s%.*s", place->of_person ? PERSON "/" : "",
		STR_FMT(place->name));
	snprintf(detail, sizeof detail, "stays %.*s, as %.*s typed it on %.*s; the file says %.*s",
		STR_FMT(or_nothing(place->here)), STR_FMT(place->by),
		STR_FMT(instant_print_utc(place->at, at)), STR_FMT(or_nothing(place->file)));
	import_tell(y->im, y->im->told ? y->im->told->kept : NULL, line, pointer, detail);
}

static int by_name(const void *a, const void *b)
{
	const struct place *x = a, *z = b;

	return str_cmp(x->name, z->name);
}

/* `doc` with what stays, of the person or beside it. */
static struct str with_kept(struct younger *y, struct json doc, bool of_person)
{
	struct arena *a = y->v->arena;
	struct json_writer w;
	size_t bytes = 16;

	for (uint32_t i = 0; i < y->len; i++)
		bytes += y->place[i].name.n + y->place[i].here.n + 16;
	arena_writer(a, &w, bytes);
	json_object_begin(&w);
	for (uint32_t i = 0; i < y->len; i++) {
		const struct place *place = &y->place[i];
		if (place->of_person != of_person || !stays(y, place))
			continue;
		json_key_put(&w, place->name);
		if (place->here.n)
			json_put_raw(&w, place->here);
		else
			json_null(&w);
	}
	json_object_end(&w);
	return doc_merge(a, doc, arena_json(a, arena_written(a, &w), NULL));
}

static struct str with_person(struct younger *y, struct json doc)
{
	struct arena *a = y->v->arena;
	struct str person = with_kept(y, json_get(doc, PERSON), true);
	struct json_writer w;

	arena_writer(a, &w, person.n + 32);
	json_object_begin(&w);
	json_kv_raw(&w, PERSON, person);
	json_object_end(&w);
	return doc_merge(a, doc, arena_json(a, arena_written(a, &w), NULL));
}

static struct str merged(
	struct younger *y, uint32_t line, struct str journal, struct json doc, struct json here)
{
	struct str out;

	compare(y, false, doc, here);
	if (y->kind == ROW_CUSTOMER)
		compare(y, true, json_get(doc, PERSON), private_open(y->v, json_get(here, PERSON)));
	if (y->len == 0)
		return json_raw(doc);
	walk(y, journal);
	qsort(y->place, y->len, sizeof y->place[0], by_name);
	for (uint32_t i = 0; i < y->len; i++)
		if (stays(y, &y->place[i]))
			tell_both(y, line, &y->place[i]);
	out = with_kept(y, doc, false);
	if (y->kind == ROW_CUSTOMER && out.p)
		out = with_person(y, arena_json(y->v->arena, out, NULL));
	return out;
}

struct str import_younger(struct import *im, struct view *v, enum row_kind kind, struct str journal,
	uint32_t line, struct str id, struct json doc)
{
	struct younger *y;
	struct row present;
	struct json own = arena_json(v->arena, STR("{\"merged\":null}"), NULL);

	if (!row_get(v, kind, id, &present))
		return json_raw(doc);
	present.doc = arena_json(v->arena, doc_merge(v->arena, present.doc, own), NULL);
	y = arena_alloc(v->arena, sizeof *y);
	if (!y)
		return STR_NULL;
	y->im = im;
	y->v = v;
	y->kind = kind;
	y->id = id;
	return merged(y, line, journal, doc, present.doc);
}
