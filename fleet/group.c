/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/group.h"

#include <stdlib.h>

#include "fleet/command.h"

#define IDS_BYTES_MAX ((size_t)1 << 30)

enum group_way group_takes_back(enum row_kind kind)
{
	switch (kind) {
	case ROW_SITE: return TAKEN_BACK_SITE;
	case ROW_RESOURCE: return TAKEN_BACK_RESOURCE;
	case ROW_CUSTOMER:
	case ROW_VEHICLE: return TAKEN_BACK_ROW;
	case ROW_REPAIR_ORDER: return TAKEN_BACK_ORDER;
	case ROW_BOOKING: return TAKEN_BACK_BOOKING;
	case ROW_RULESET:
	case ROW_VISIT: /* goes on without its bookings */
	case ROW_BLOCK:
	case ROW_TASK:
	case ROW_DEMAND:
	case ROW_WAITING:
	case ROW_DESK:
	case ROW_ATTACHMENT:
	case ROW_CONTACT:
	case ROW_COMPLAINT:
	case ROW_CLAIM: /* a payer's affair: withdrawn by a person */
	case ROW_IMPORT: break;
	}
	return TAKEN_BACK_NEVER;
}

void group_objects_init(struct group_objects *g)
{
	*g = (struct group_objects){.outcome = OK};
	arena_init(&g->arena, IDS_BYTES_MAX);
}

void group_objects_deinit(struct group_objects *g)
{
	free(g->object);
	arena_deinit(&g->arena);
	g->object = NULL;
}

/* ---- the walk ---- */

static void object_add(
	struct group_objects *g, const struct event_head *head, const struct effect *e, bool undone)
{
	if (g->len == g->max) {
		uint32_t max = g->max ? g->max * 2 : 256;
		struct group_object *grown = max <= 2 * GROUP_OBJECTS_MAX
						     ? realloc(g->object, max * sizeof *grown)
						     : NULL;
		if (!grown) {
			g->outcome = FAULT_MEMORY;
			return;
		}
		g->object = grown;
		g->max = max;
	}
	g->object[g->len++] = (struct group_object){
		.journal = arena_copy(&g->arena, head->site),
		.id = arena_copy(&g->arena, e->id),
		.kind = e->kind,
		.first = head->seq,
		.last = head->seq,
		.undone = undone,
	};
	if (g->arena.full)
		g->outcome = FAULT_MEMORY;
}

/* Bookings that had to make room for what was imported, and other things in its wake, are none of
 * its own: those it puts, and of a customer or a car what it sets. */
static bool is_own(const struct effect *e, bool undoing)
{
	if (e->op == EFFECT_REFUSE ||
		(group_takes_back(e->kind) == TAKEN_BACK_NEVER && e->kind != ROW_RULESET))
		return false;
	return undoing || e->op == EFFECT_PUT || group_takes_back(e->kind) == TAKEN_BACK_ROW;
}

static void entry_objects(struct group_objects *g, struct arena *a, struct str bytes)
{
	struct event_head head;
	struct json effects;
	struct effect e;
	const char *why;

	if (event_read(a, arena_copy(a, bytes), &head, &effects, &why) != OK) {
		g->outcome = a->full ? FAULT_MEMORY : FAULT_CORRUPT;
		return;
	}
	bool undoing = str_is(head.kind, verb_kind(VERB_IMPORT_UNDO));
	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j))
		if (effect_read(&e, j) && is_own(&e, undoing))
			object_add(g, &head, &e, undoing);
}

bool group_objects_walk(struct group_objects *g, struct view *v, struct str group, uint32_t most)
{
	struct key prefix = key_group_prefix(group),
		   from = key_group(group, str_from(g->journal), g->seq + 1);
	struct journal_entry entry;
	struct cursor c;
	struct arena a;
	bool some;

	arena_init(&a, ARENA_MAX_DEFAULT);
	cursor_open(&c, v->txn, DB_INDEX);
	for (some = cursor_seek(&c, key_str(&from));
		some && most > 0 && g->outcome == OK && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c), most--) {
		size_t at = prefix.n;
		struct str journal;
		ASSERT(key_take_text(c.key, &at, &journal) && journal.n <= ID_MAX &&
			key_take_u64(c.key, &at, &g->seq));
		memcpy(g->journal, journal.p, journal.n);
		g->journal[journal.n] = '\0';
		if (journal_entry(v->txn, journal, g->seq, &entry))
			entry_objects(g, &a, entry.bytes);
		arena_reset(&a);
	}
	some = some && g->outcome == OK && cursor_within(&c, key_str(&prefix));
	cursor_close(&c);
	arena_deinit(&a);
	return some;
}

/* ---- each once ---- */

static int by_object(const void *a, const void *b)
{
	const struct group_object *x = a, *y = b;
	int c = x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind)
				   : str_cmp(x->id, y->id);

	return c ? c : (x->first > y->first) - (x->first < y->first);
}

static int last_first(const void *a, const void *b)
{
	const struct group_object *x = a, *y = b;
	int c = (x->last < y->last) - (x->last > y->last);

	return c ? c : by_object(a, b);
}

void group_objects_sort(struct group_objects *g)
{
	uint32_t n = 0;

	if (g->len == 0)
		return;
	qsort(g->object, g->len, sizeof *g->object, by_object);
	for (uint32_t i = 0; i < g->len; i++) {
		struct group_object *before = n ? &g->object[n - 1] : NULL;
		if (before && before->kind == g->object[i].kind &&
			str_eq(before->id, g->object[i].id)) {
			/* taken back and imported again by the same: from there on it counts */
			if (before->undone)
				before->first = g->object[i].first;
			before->last = g->object[i].last;
			before->undone = g->object[i].undone;
		} else {
			g->object[n++] = g->object[i];
		}
	}
	g->len = n;
	qsort(g->object, g->len, sizeof *g->object, last_first);
}

bool group_is_undone(struct view *v, struct str group)
{
	struct row row;

	return group.n && row_get(v, ROW_IMPORT, group, &row) &&
	       json_present(json_get(row.doc, "undone_at"));
}
