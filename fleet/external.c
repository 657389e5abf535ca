/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/external.h"

#include "fleet/merge.h"

enum { STEPS_MAX = 64 };

char external_lookup(enum row_kind kind)
{
	ASSERT(kind == ROW_CUSTOMER || kind == ROW_VEHICLE || kind == ROW_VISIT ||
		kind == ROW_BOOKING);
	return kind == ROW_CUSTOMER  ? LOOKUP_EXTERNAL_CUSTOMER
	       : kind == ROW_VEHICLE ? LOOKUP_EXTERNAL_VEHICLE
	       : kind == ROW_VISIT   ? LOOKUP_EXTERNAL_VISIT
				     : LOOKUP_EXTERNAL_BOOKING;
}

/* Ids are longer than a key's word may be, and differ by every byte: the pair is hashed. */
static struct str exact_word(
	char word[HASH_TEXT], enum row_kind kind, struct str site, struct str system, struct str id)
{
	const struct str parts[] = {site, system, id};
	struct hash all = hash_of((struct str){(const char[]){external_lookup(kind)}, 1});

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct hash pair[] = {all, hash_of(parts[i].p ? parts[i] : STR(""))};
		all = hash_of((struct str){(const char *)pair, sizeof pair});
	}
	ASSERT(hash_print(&all, word).n >= ID_MAX); /* forty digits are enough */
	return (struct str){word, ID_MAX};
}

void external_index(
	struct index_set *s, enum row_kind kind, struct str site, struct json doc, struct str id)
{
	struct json external = json_get(doc, "external");
	uint32_t n = 0;

	for (struct json e = json_first(external); json_present(e) && n < EXTERNAL_MAX;
		e = json_next(external, e), n++) {
		char word[HASH_TEXT], folded[KEY_MAX];
		struct str typed = key_fold(folded, ID_MAX, json_str_at(e, "id"));
		index_put(s,
			key_lookup(LOOKUP_EXTERNAL,
				exact_word(word, kind, site, json_str_at(e, "system"),
					json_str_at(e, "id")),
				id),
			id);
		if (typed.n)
			index_put(s, key_lookup(external_lookup(kind), typed, id), id);
	}
}

struct str external_find(
	struct view *v, enum row_kind kind, struct str site, struct str system, struct str id)
{
	char word[HASH_TEXT];
	struct key prefix =
		key_lookup_prefix(LOOKUP_EXTERNAL, exact_word(word, kind, site, system, id));
	struct str found = STR_NULL;
	struct cursor c;

	cursor_open(&c, v->txn, DB_INDEX);
	if (cursor_seek(&c, key_str(&prefix)) && cursor_within(&c, key_str(&prefix)))
		found = arena_copy(v->arena, c.value);
	cursor_close(&c);
	return found;
}

struct str external_taken(struct view *v, enum row_kind kind, struct str site, struct json external,
	struct str except)
{
	for (struct json e = json_first(external); json_present(e); e = json_next(external, e)) {
		struct str found = external_find(
			v, kind, site, json_str_at(e, "system"), json_str_at(e, "id"));
		if (found.n && !str_eq(found, except))
			return found;
	}
	return STR_NULL;
}

/* The word is cut and folded: the object itself says whether it is called so. */
static bool is_called(struct view *v, struct str customer, struct str id)
{
	struct json external;
	struct row row;

	if (!row_get(v, ROW_CUSTOMER, customer, &row))
		return false;
	external = json_get(row.doc, "external");
	for (struct json e = json_first(external); json_present(e); e = json_next(external, e))
		if (str_eq(json_str_at(e, "id"), id))
			return true;
	return false;
}

struct str external_customer(struct view *v, struct str id)
{
	char folded[KEY_MAX];
	struct str word = key_fold(folded, ID_MAX, id), found = STR_NULL;
	struct key prefix;
	struct cursor c;
	bool some;

	if (!word.n)
		return STR_NULL;
	prefix = key_lookup_prefix(LOOKUP_EXTERNAL_CUSTOMER, word);
	key_u8(&prefix, 0);
	cursor_open(&c, v->txn, DB_INDEX);
	some = cursor_seek(&c, key_str(&prefix));
	for (int steps = 0; some && cursor_within(&c, key_str(&prefix)); steps++) {
		struct str customer = arena_copy(v->arena, c.value);
		struct str who = is_called(v, customer, id) ? customer_of(v, customer) : STR_NULL;
		if (steps == STEPS_MAX || (who.n && found.n && !str_eq(who, found))) {
			found = STR_NULL; /* nobody guesses */
			break;
		}
		found = who.n ? who : found;
		some = cursor_next(&c);
	}
	cursor_close(&c);
	return found;
}
