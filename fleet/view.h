/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A view: one short look at the state, for a decision or for an answer. Reads objects (rows), their
 * revisions and history; everything it hands out lives in the arena, valid after view_end.
 */

#include "fleet/arena.h"
#include "fleet/env.h"
#include "fleet/journal.h"
#include "fleet/people.h"

struct rosters; /* a thread's decoded sites (roster.h) */
struct keyring; /* a batch's new keys (person.h) */

struct view {
	struct txn *txn;	       /* borrowed */
	struct arena *arena;	       /* borrowed */
	struct env *env;	       /* borrowed */
	struct people *people;	       /* borrowed */
	const struct keyring *keyring; /* borrowed; of the batch under way, NULL where none is */
	struct rosters *rosters;       /* borrowed: the thread's own */
	uint64_t searched;	       /* seats and claims that searches looked at (shuffle.h) */
};

struct row {
	uint64_t rev;	 /* seq of the entry that made it so: the strong ETag is "rev" */
	struct str text; /* canonical bytes, in the arena */
	struct json doc;
};
bool row_get(struct view *v, enum row_kind kind, struct str id, struct row *out);
/* Its canonical bytes alone, where the store has them: they stay until its transaction writes or
 * ends.
 */
bool row_text(struct view *v, enum row_kind kind, struct str id, struct str *text);
/* The ids behind a prefix of the index, in its order, in the arena; up to max. Returns how many. */
uint32_t ids_under(struct view *v, struct key prefix, struct str *out, uint32_t max);
/* The object as it was after entry `seq` of its journal, folded from the entries that touched it.
 */
bool row_at(struct view *v, enum row_kind kind, struct str id, struct str journal, uint64_t seq,
	struct row *out);

/* One instant of a stored document; false when absent. ASSERTs its form: stored documents are ours.
 */
bool doc_instant(struct json doc, const char *key, struct instant *out);
bool doc_day(struct json doc, const char *key, struct day *out);
void json_kv_instant(struct json_writer *w, const char *key, struct instant t);
void json_kv_day(struct json_writer *w, const char *key, struct day d);

/* The person of a customer, unsealed; JSON_ABSENT when erased or unknown. */
struct json customer_person(struct view *v, struct str customer);
/* "Mr Name" as stored: title and name; STR_NULL when there is none. */
struct str customer_name(struct view *v, struct str customer);
/* Seals `plain` for a subject and writes {"of":SUBJECT,"sealed":TEXT}; the key is made known to the
 * batch when new (decide.h). Unseals the same form. */
struct json private_open(struct view *v, struct json sealed_member);

/* The rule set in force on a day: the newest valid_from not after it. False: none stored. */
struct ruleset;
struct ruleset_row {
	const struct ruleset *ruleset; /* decoded, in the thread's cache until view ends */
	struct str version;
	char sha256[HASH_TEXT];
	struct json doc;
};
bool ruleset_on(struct view *v, struct day day, struct ruleset_row *out);
bool ruleset_by_hash(
	struct view *v, struct str version, struct str sha256, struct ruleset_row *out);
