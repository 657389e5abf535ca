/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/lib/shared_journal.h"

#include <stdlib.h>

static bool same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_LEN) == 0;
}

static uint32_t name_of(const struct shared_journal *j, struct str journal)
{
	uint32_t n = 0;

	while (n < j->names_len && !str_is(journal, j->names[n]))
		n++;
	return n;
}

const struct shared_entry *shared_at(
	const struct shared_journal *j, struct str journal, uint64_t seq)
{
	uint32_t name = name_of(j, journal);

	for (size_t i = j->len; i-- > 0;) /* mostly one of the last is asked for */
		if (j->entries[i].journal == name && j->entries[i].seq == seq)
			return &j->entries[i];
	return NULL;
}

uint64_t shared_head(const struct shared_journal *j, struct str journal)
{
	uint32_t name = name_of(j, journal);

	return name < j->names_len ? j->heads[name] : 0;
}

static void place(struct shared_journal *j, const struct pending_entry *e)
{
	uint32_t name = name_of(j, e->journal);
	char *bytes = malloc(e->bytes.n);

	if (name == j->names_len) {
		ASSERT(j->names_len++ < SHARED_JOURNALS_MAX && e->journal.n <= ID_MAX);
		memcpy(j->names[name], e->journal.p, e->journal.n);
	}
	if (j->len == j->cap) {
		j->cap = j->cap ? 2 * j->cap : 256;
		j->entries = realloc(j->entries, j->cap * sizeof *j->entries);
	}
	ASSERT(j->entries && bytes);
	memcpy(bytes, e->bytes.p, e->bytes.n);
	j->entries[j->len++] =
		(struct shared_entry){name, e->seq, e->prev, e->hash, {bytes, e->bytes.n}};
	j->heads[name] = e->seq;
}

/* Whether an entry is there, may follow what is there and in the batch before it, or neither. */
enum fit { FIT_THERE, FIT_NEXT, FIT_NOT };

static enum fit fit(const struct shared_journal *j, const struct pending_entry *entries, size_t i)
{
	const struct pending_entry *e = &entries[i];
	const struct shared_entry *there = shared_at(j, e->journal, e->seq), *before;

	if (there)
		return same(&there->hash, &e->hash) ? FIT_THERE : FIT_NOT;
	for (size_t k = i; k-- > 0;)
		if (str_eq(entries[k].journal, e->journal))
			return entries[k].seq + 1 == e->seq && same(&entries[k].hash, &e->prev)
				       ? FIT_NEXT
				       : FIT_NOT;
	before = shared_at(j, e->journal, e->seq - 1);
	if (e->seq == 1)
		return FIT_NEXT;
	return before && same(&before->hash, &e->prev) ? FIT_NEXT : FIT_NOT;
}

enum append shared_append(
	struct shared_journal *j, const struct pending_entry *entries, size_t count, size_t *fresh)
{
	*fresh = 0;
	for (size_t i = 0; i < count; i++)
		switch (fit(j, entries, i)) {
		case FIT_THERE: break;
		case FIT_NEXT: (*fresh)++; break;
		case FIT_NOT: *fresh = 0; return APPEND_LOST;
		}
	if (*fresh != 0 && *fresh != count) {
		*fresh = 0; /* another batch began with the same */
		return APPEND_LOST;
	}
	for (size_t i = 0; i < *fresh; i++)
		place(j, &entries[i]);
	return APPEND_DONE;
}

enum journal_read shared_read(
	struct shared_journal *j, struct txn *t, struct arena *a, struct pending_entry *out)
{
	for (uint32_t n = 0; n < j->names_len; n++) {
		const struct shared_entry *e;
		struct journal_head head;
		struct str name = str_from(j->names[n]);
		if (!journal_head(t, name, &head))
			memset(&head, 0, sizeof head);
		e = head.seq ? shared_at(j, name, head.seq) : NULL;
		if (head.seq && (!e || !same(&e->hash, &head.hash)))
			return READ_FORKED;
		if (head.seq == j->heads[n])
			continue;
		e = shared_at(j, name, head.seq + 1);
		*out = (struct pending_entry){.journal = arena_copy(a, name),
			.seq = e->seq,
			.prev = e->prev,
			.hash = e->hash,
			.bytes = arena_copy(a, e->bytes)};
		return READ_ENTRY;
	}
	return READ_END;
}

void shared_copy(struct shared_journal *j, struct txn *t)
{
	struct str name = STR_NULL;

	while (journal_next_name(t, &name)) {
		struct journal_entry e;
		for (uint64_t seq = 1; journal_entry(t, name, seq, &e); seq++)
			place(j, &(struct pending_entry){.journal = name,
					 .seq = seq,
					 .prev = e.prev,
					 .hash = e.hash,
					 .bytes = e.bytes});
	}
}

static void entry_free(struct shared_entry *e)
{
	union {
		const char *in;
		void *out;
	} bytes = {.in = e->bytes.p};

	free(bytes.out);
}

void shared_cut(struct shared_journal *j, size_t len)
{
	while (j->len > len) {
		struct shared_entry *e = &j->entries[--j->len];
		j->heads[e->journal] = e->seq - 1;
		entry_free(e);
	}
}

void shared_free(struct shared_journal *j)
{
	shared_cut(j, 0);
	free(j->entries);
	memset(j, 0, sizeof *j);
}
