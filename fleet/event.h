/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One entry of a journal: canonical JSON
 *   {"at","by","effects":[...],"group","kind","request":{"body_sha256","key_sha256"}|null,
 *    "seq","site","v":1}
 * and its place in the chain: hash = SHA-256(32 raw bytes of prev || bytes); the first entry has
 * prev = 32 zero bytes (contract.md section 6).
 *
 * Effects are the whole of what apply knows:
 *   {"doc":{...},"id":ID,"kind":K,"op":"put"}  the object is now this
 *   {"doc":{...},"id":ID,"kind":K,"op":"set"}  these members are now so; null removes one
 *   {"id":ID,"kind":K,"op":"delete"}           the object is gone
 *   {"detail":{...},"op":"refuse","slug":S}    a keyed request was refused, and why; at most the
 *                                              demand that went unmet is counted beside it
 * where K is site, resource, block, customer, vehicle, ruleset, visit, booking, task, demand,
 * waiting, desk, attachment, repair-order, claim, contact, complaint or import. The first effect is
 * what the request's answer shows.
 */

#include "fleet/key.h"
#include "fleet/seal.h"
#include "rules/json.h"
#include "rules/outcome.h"

#define JOURNAL_DIRECTORY STR("directory")
enum { ENTRY_VERSION = 1, ENTRY_BYTES_MAX = 1 << 20, EFFECTS_MAX = 512 };

/* What an entry says beside its effects. */
struct event_head {
	struct instant at;
	struct str by, kind, site; /* site: the journal's name */
	uint64_t seq;
	bool has_request;
	struct hash key_sha256, body_sha256;
	struct str group; /* the import it belongs to; STR_NULL = null */
};

enum effect_op { EFFECT_PUT, EFFECT_SET, EFFECT_DELETE, EFFECT_REFUSE };
struct effect {
	enum effect_op op;
	enum row_kind kind;
	struct str id;
	struct json doc;    /* put, set */
	struct str slug;    /* refuse */
	struct json detail; /* refuse */
};

/* effects: the canonical JSON array. In the arena; STR_NULL when it is full or the entry would be
 * longer than ENTRY_BYTES_MAX. */
struct str event_write(struct arena *a, const struct event_head *head, struct str effects);
/* Strict: anything that event_write would not have written is refused (FAULT_CORRUPT with *why). */
MUST_CHECK enum outcome event_read(struct arena *a, struct str bytes, struct event_head *head,
	struct json *effects, const char **why);
/* The two hashes of an entry's request, found without reading the rest; false when it has none.
 * The bytes are those of event_write, or were read by event_read before. */
MUST_CHECK bool event_request(struct str bytes, struct hash *key_sha256, struct hash *body_sha256);
MUST_CHECK bool effect_read(struct effect *out, struct json effect);
const char *row_kind_name(enum row_kind kind);
bool row_kind_from(enum row_kind *out, struct str name);
struct hash event_hash(const struct hash *prev, struct str bytes);
/* `old` (may be absent) with the members of `set` replaced (null removes). Both are canonical; so
 * is the result, in the arena. STR_NULL when that is full. */
struct str doc_merge(struct arena *a, struct json old, struct json set);
