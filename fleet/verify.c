/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet_inside.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/attachment.h"
#include "fleet/checkpoint.h"
#include "fleet/follow.h"
#include "fleet/walk.h"

enum { LINE_BYTES = 400, ENTRIES_PER_TXN = 500, DIFFERENCES_MAX = 50 };
#define SMALL_MAP ((size_t)1 << 30)

static void tell(const struct report *r, uint64_t *findings, const char *line)
{
	if (++*findings <= DIFFERENCES_MAX)
		r->say(r->context, line);
}

/* ---- the chain ---- */

static void check_journal(struct fleet *f, const struct journal_head *head, struct str journal,
	const struct report *r, uint64_t *findings)
{
	struct walk walk = {.journal = journal};
	char line[LINE_BYTES];

	/* Only the first bad entry: what follows hangs on it. */
	if (!walk_to(&walk, f->store, head->seq))
		snprintf(line, sizeof line, "journal %.*s: entry %llu %s", STR_FMT(journal),
			(unsigned long long)walk.seq + 1, walk.why);
	else if (memcmp(walk.hash.bytes, head->hash.bytes, HASH_LEN))
		snprintf(line, sizeof line, "journal %.*s: the head is not the last entry's hash",
			STR_FMT(journal));
	else
		return;
	tell(r, findings, line);
}

uint64_t fleet_audit_verify(struct fleet *f, const struct report *report)
{
	struct walk_place place = {.journal = ""};
	uint64_t findings = 0;

	while (walk_next(&place, f->store))
		check_journal(f, &place.head, str_from(place.journal), report, &findings);
	return findings + checkpoints_check(f->checkpoints, f->store, 0, report);
}

/* ---- the projection ---- */

/* Replays one journal into the scratch store, some entries a transaction. */
static enum outcome rebuild(struct fleet *f, struct store *scratch, struct str journal,
	const struct report *r, uint64_t *findings)
{
	char line[LINE_BYTES];
	const char *why;
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
			o = follow_entry(&to, &a, f->env, &p, &why);
			if (o != OK) {
				snprintf(line, sizeof line, "journal %.*s: entry %llu: %s",
					STR_FMT(journal), (unsigned long long)seq, why);
				tell(r, findings, line);
			}
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
	struct store_usage usage;
	enum outcome o;

	/* Room for the same once more; where there is little, its pages may fall worse than here.
	 */
	store_usage(f->store, &usage);
	options.map_bytes = usage.map_bytes < SMALL_MAP ? 2 * usage.map_bytes : usage.map_bytes;
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
		o = rebuild(f, scratch, name, report, &findings);
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
	return findings + attachments_check(f, report);
}
