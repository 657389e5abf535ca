/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/follow.h"

enum { LINE_BYTES = 400, ENTRIES_PER_TXN = 500, DIFFERENCES_MAX = 50 };

static void tell(const struct report *r, uint64_t *findings, const char *line)
{
	if (++*findings <= DIFFERENCES_MAX)
		r->say(r->context, line);
}

/* ---- the chain ---- */

static void check_journal(
	struct view *v, struct str journal, const struct report *r, uint64_t *findings)
{
	struct journal_head head;
	struct journal_entry e;
	struct hash prev = {{0}}, hash;
	char line[LINE_BYTES];

	if (!journal_head(v->txn, journal, &head)) {
		snprintf(line, sizeof line, "journal %.*s: its head is missing", STR_FMT(journal));
		tell(r, findings, line);
		return;
	}
	for (uint64_t seq = 1; seq <= head.seq; seq++) {
		struct event_head event;
		struct json effects;
		const char *why = NULL;
		arena_reset(v->arena);
		if (!journal_entry(v->txn, journal, seq, &e))
			why = "is missing";
		else if (hash = event_hash(&prev, e.bytes),
			memcmp(hash.bytes, e.hash.bytes, HASH_LEN))
			why = "does not have the hash of its bytes after the entry before it";
		else if (event_read(v->arena, arena_copy(v->arena, e.bytes), &event, &effects,
				 &why) == OK) {
			why = NULL;
			if (event.seq != seq || !str_eq(event.site, journal))
				why = "stands at another place than it says";
		}
		if (why) {
			snprintf(line, sizeof line, "journal %.*s: entry %llu %s", STR_FMT(journal),
				(unsigned long long)seq, why);
			tell(r, findings, line);
			return; /* the first bad entry: what follows hangs on it */
		}
		prev = e.hash;
	}
	if (memcmp(prev.bytes, head.hash.bytes, HASH_LEN)) {
		snprintf(line, sizeof line, "journal %.*s: the head is not the last entry's hash",
			STR_FMT(journal));
		tell(r, findings, line);
	}
}

uint64_t fleet_audit_verify(struct fleet *f, const struct report *report)
{
	struct arena a;
	struct txn t;
	struct view v;
	struct str name = STR_NULL;
	char kept[ID_MAX + 1];
	uint64_t findings = 0;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(f, &v, &t, &a);
	while (journal_next_name(&t, &name)) {
		memcpy(kept, name.p, name.n); /* the arena is reset on the way */
		name.p = kept;
		check_journal(&v, name, report, &findings);
	}
	fleet_look_end(&v);
	arena_deinit(&a);
	return findings;
}

/* ---- the projection ---- */

/* Replays one journal into the scratch store, some entries a transaction. */
static enum outcome rebuild(struct fleet *f, struct store *scratch, struct str journal)
{
	struct arena a;
	enum outcome o = OK;
	uint64_t seq = 1;
	bool more = true;

	arena_init(&a, ARENA_MAX_DEFAULT);
	while (more && o == OK) {
		struct txn from, to;
		struct journal_entry e;
		txn_begin(&from, f->store, false);
		txn_begin(&to, scratch, true);
		for (int n = 0; n < ENTRIES_PER_TXN && o == OK; n++, seq++) {
			arena_reset(&a);
			more = journal_entry(&from, journal, seq, &e);
			if (!more)
				break;
			struct pending_entry p = {.journal = journal,
				.seq = seq,
				.prev = e.prev,
				.hash = e.hash,
				.bytes = arena_copy(&a, e.bytes)};
			o = follow_entry(&to, &a, &p);
		}
		if (o == OK)
			o = txn_commit(&to);
		else
			txn_abort(&to);
		txn_abort(&from);
	}
	arena_deinit(&a);
	return o;
}

static const char *const db_names[DB_COUNT] = {
	[DB_JOURNAL] = "journal",
	[DB_HEAD] = "head",
	[DB_REQUESTS] = "requests",
	[DB_ROWS] = "rows",
	[DB_INDEX] = "index",
	[DB_CLAIMS] = "claims",
	[DB_META] = "meta",
};

/* A key as an operator can read it: text as it is, the rest in hex. */
static void print_key(char *out, size_t cap, struct str key)
{
	size_t n = 0;

	for (size_t i = 0; i < key.n && n + 4 < cap; i++) {
		unsigned char c = (unsigned char)key.p[i];
		n += (size_t)snprintf(out + n, cap - n, c >= 0x20 && c < 0x7f ? "%c" : "\\%02x", c);
	}
	out[n < cap ? n : cap - 1] = '\0';
}

static void differs(
	const struct report *r, uint64_t *findings, enum db db, struct str key, const char *how)
{
	char line[LINE_BYTES], text[200];

	print_key(text, sizeof text, key);
	snprintf(line, sizeof line, "%s: row %s %s", db_names[db], text, how);
	tell(r, findings, line);
}

static void compare(struct txn *mine, struct txn *rebuilt, enum db db, const struct report *r,
	uint64_t *findings)
{
	struct cursor a, b;

	cursor_open(&a, mine, db);
	cursor_open(&b, rebuilt, db);
	bool some_a = cursor_seek(&a, STR("")), some_b = cursor_seek(&b, STR(""));
	while (some_a || some_b) {
		int order = !some_a ? 1 : !some_b ? -1 : str_cmp(a.key, b.key);
		if (order < 0)
			differs(r, findings, db, a.key,
				"is not what the journals say: there should be none");
		else if (order > 0)
			differs(r, findings, db, b.key, "is missing");
		else if (!str_eq(a.value, b.value))
			differs(r, findings, db, a.key, "differs from what the journals say");
		if (order <= 0)
			some_a = cursor_next(&a);
		if (order >= 0)
			some_b = cursor_next(&b);
	}
	cursor_close(&a);
	cursor_close(&b);
}

uint64_t fleet_verify(struct fleet *f, const char *scratch_dir, const struct report *report)
{
	struct store_options options = {.create = true, .no_sync = true};
	struct store *scratch;
	struct txn mine, rebuilt;
	struct str name = STR_NULL;
	char why[LINE_BYTES], kept[ID_MAX + 1];
	uint64_t findings = fleet_audit_verify(f, report);
	enum outcome o;

	/* Nothing can be rebuilt from a chain that is broken: the first bad entry was named. */
	if (findings)
		return findings;
	o = store_open(&scratch, scratch_dir, &options, why, sizeof why);
	if (o != OK) {
		tell(report, &findings, why);
		return findings;
	}
	txn_begin(&mine, f->store, false);
	while (o == OK && journal_next_name(&mine, &name)) {
		memcpy(kept, name.p, name.n);
		name.p = kept;
		o = rebuild(f, scratch, name);
	}
	if (o != OK)
		tell(report, &findings, "a journal could not be replayed to its end");
	txn_begin(&rebuilt, scratch, false);
	for (int db = DB_JOURNAL; db < DB_META && o == OK; db++)
		compare(&mine, &rebuilt, (enum db)db, report, &findings);
	if (o == OK)
		compare(&mine, &rebuilt, DB_META, report, &findings);
	txn_abort(&rebuilt);
	txn_abort(&mine);
	store_close(scratch);
	return findings;
}
