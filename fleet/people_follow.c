/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet_inside.h"

#include "fleet/erase.h"
#include "fleet/event.h"

/* Search words are made from sealed data after the entry is durable, so a crash in between leaves
 * them behind: the cursor in DIR/people says where to go on. */

enum { FOLLOW_MAX = 256, FOLLOW_BYTES = 16 << 20 };

struct following {
	struct view view;
	struct people_entry entries[FOLLOW_MAX];
	size_t len;
	bool erased;
};

static enum outcome follow_flush(struct following *f, uint64_t seq)
{
	enum outcome o = f->erased ? people_scrub(f->view.people) : OK;

	if (o == OK)
		o = people_index_batch(f->view.people, f->entries, f->len, seq);
	f->erased = false;

	f->len = 0;
	arena_reset(f->view.arena);
	return o;
}

/* The customers that an entry touched, as they are now: a later entry only says it again. */
static enum outcome follow_entry(struct following *f, uint64_t seq)
{
	struct view *v = &f->view;
	struct journal_entry entry;
	struct event_head head;
	struct json effects;
	const char *why;

	if (!journal_entry(v->txn, JOURNAL_DIRECTORY, seq, &entry))
		return FAULT_CORRUPT;
	if (event_read(v->arena, arena_copy(v->arena, entry.bytes), &head, &effects, &why) != OK)
		return FAULT_CORRUPT;
	/* Once for all whom an undone import takes along. */
	f->erased |= str_is(head.kind, verb_kind(VERB_IMPORT));
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		if (!effect_read(&effect, e) || effect.op == EFFECT_REFUSE ||
			effect.kind != ROW_CUSTOMER)
			continue;
		struct row row; /* an alias has words of its own: they lead to the survivor too */
		bool some = row_get(v, ROW_CUSTOMER, effect.id, &row);
		if (some && customer_is_erased(row.doc)) {
			enum outcome o = erase_follow(v, effect.id);
			if (o != OK)
				return o;
			f->erased = true;
			continue;
		}
		/* Taken back with its import: nobody may ask to be forgotten whom nobody finds. */
		if (!some) {
			enum outcome o = people_forget(v->people, &effect.id, 1);
			if (o != OK)
				return o;
		}
		struct json person =
			some ? private_open(v, json_get(row.doc, "person")) : JSON_ABSENT;
		if (f->len == FOLLOW_MAX) { /* half an entry: it is followed again from its start */
			enum outcome o = people_index_batch(v->people, f->entries, f->len, seq - 1);
			if (o != OK)
				return o;
			f->len = 0;
		}
		f->entries[f->len++] = (struct people_entry){
			effect.id, json_str_at(person, "name"), json_str_at(person, "phone")};
	}
	return OK;
}

enum outcome fleet_index_people(struct fleet *fleet)
{
	struct following f = {.len = 0};
	struct journal_head head;
	struct txn t;
	enum outcome o;
	uint64_t seq;

	if (fleet->people_seq == 0)
		fleet->people_seq = people_cursor(fleet->people);
	seq = fleet->people_seq;
	txn_begin(&t, fleet->store, false);
	o = t.outcome;
	f.view = (struct view){.txn = &t,
		.arena = &fleet->scratch,
		.env = fleet->env,
		.people = fleet->people,
		.rosters = fleet->writing};
	if (o == OK && journal_head(&t, JOURNAL_DIRECTORY, &head) && head.seq > seq) {
		while (seq < head.seq && o == OK) {
			o = follow_entry(&f, ++seq);
			if (o == OK && (f.len == FOLLOW_MAX || seq == head.seq ||
					       fleet->scratch.used > FOLLOW_BYTES))
				o = follow_flush(&f, seq);
		}
		if (o == OK)
			fleet->people_seq = seq;
	}
	txn_abort(&t);
	return o;
}
