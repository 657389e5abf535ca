/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * An audit pack: all that somebody needs to check a site's claims of some time, or of one car,
 * without this installation. One tar archive (tar.h); the same state gives the same bytes. Its
 * files:
 *
 *   README.html            what it holds and how to check it, for people
 *   claims.csv, .jsonl     the covered lines with their findings (claims.h)
 *   bookings.jsonl         {"booking","row","seq"}: the loans, as their last entry left them
 *   repair-orders.jsonl    {"row","seq","visit"}: what the workshop said
 *   decisions.jsonl        {"booking","class","decided","ruleset","seq","solution","terms"}: every
 *                          decision of those loans with its inputs
 *   rulesets.jsonl         the rule sets that decided; SHA-256 of a line is what decisions name
 *   journal.jsonl          all entries from the first to the last about those loans, none left out
 *   checkpoint             the signed note of the last of them (note.h)
 *   key                    the public key
 *   SHA256SUMS             of the files above, as sha256sum(1) reads it
 *   SHA256SUMS.note        its SHA-256, signed with the same key
 *
 * Personal data is in it as it is in a journal: sealed.
 */

#include <stdio.h>

#include "fleet/claims.h"
#include "fleet/note.h"
#include "fleet/tar.h"
#include "fleet/walk.h"

#define PACK_FOLDER "relais-pack/"
// clang-format off
#define PACK_FILES(X) \
	X(README, "README.html") X(CSV, "claims.csv") X(CLAIMS, "claims.jsonl") \
	X(BOOKINGS, "bookings.jsonl") X(ORDERS, "repair-orders.jsonl") \
	X(DECISIONS, "decisions.jsonl") X(RULESETS, "rulesets.jsonl") \
	X(JOURNAL, "journal.jsonl") X(CHECKPOINT, "checkpoint") X(KEY, "key") \
	X(SUMS, "SHA256SUMS") X(SIGNED, "SHA256SUMS.note")
// clang-format on
enum pack_file {
#define X(name, text) PACK_##name,
	PACK_FILES(X)
#undef X
		PACK_FILES_LEN
};
extern const char *const pack_file_names[PACK_FILES_LEN];

enum {
	PACK_LOANS_MAX = 200000,
	PACK_RULESETS_MAX = 64,
	PACK_SUMS_MAX = 64,	 /* beyond them the cover says so much of all others */
	PACK_STEP_ENTRIES = 100, /* of one look */
};

struct pack_sum { /* of the lines of one payer and cost code */
	struct str payer, cost_code, currency;
	uint64_t lines, days;
	int64_t amount_minor;
};

struct pack_part {
	FILE *file; /* owned */
	uint64_t size;
	struct hash_run run;
	bool running;
	struct hash hash;
};

enum pack_phase {
	PACK_LOANS,
	PACK_ENTRIES,
	PACK_RULES,
	PACK_CHAIN,
	PACK_COVER,
	PACK_DONE,
	PACK_FAILED
};

struct pack {
	struct fleet *fleet; /* borrowed, as the texts of the filter */
	struct rosters
		*rosters; /* owned, of the thread that packs; NULL: the reading thread does */
	struct claim_filter filter;
	struct arena arena; /* owned: ids, names of sums */
	enum pack_phase phase;
	const char *why; /* PACK_FAILED */
	bool nothing;	 /* because nothing was lent */
	struct claim_place place;
	struct claims_text csv, jsonl;
	struct pack_part part[PACK_FILES_LEN];
	/* what was found */
	uint32_t loans, ids_cap;
	struct str *ids; /* of the loans; sorted from PACK_ENTRIES on */
	uint32_t rulesets;
	struct str ruleset[PACK_RULESETS_MAX]; /* their versions */
	char sha256[PACK_RULESETS_MAX][HASH_TEXT];
	uint64_t lines, decisions, found[FINDINGS_LEN];
	uint32_t sums;
	struct pack_sum sum[PACK_SUMS_MAX];
	/* the slice */
	uint64_t first, last, seq;
	struct hash head; /* of entry seq */
	struct walk walk;
	struct signed_note kept; /* the site's last checkpoint; size 0: none */
};

/* Texts of the filter are borrowed; of it only site, vin and span count. `beside`: its steps are
 * another thread's than the reading one, always by one at a time. */
struct pack *pack_open(struct fleet *fleet, const struct claim_filter *filter, bool beside);
void pack_close(struct pack *p);
/* Some more of it, in a short look of its own. False: phase is PACK_DONE
 * or PACK_FAILED. */
bool pack_step(struct pack *p);
/* The archive, once it is done. */
uint64_t pack_size(const struct pack *p);
/* So many bytes from a place on; false: a file could not be read. */
MUST_CHECK bool pack_read(struct pack *p, uint64_t at, char *out, size_t n);

/* README.html, in the arena; STR_NULL without memory (pack_cover.c). */
struct str pack_cover(struct pack *p, struct view *v);
/* The text that SHA256SUMS.note signs. */
struct str pack_signed_text(
	struct arena *a, const struct note_key *key, struct str site, const struct hash *sums);
