/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * `relais audit verify PACK`: an audit pack (fleet/pack.h) on a machine that knows nothing but the
 * pack, in this order: is it one archive of these files (pack_check.c); are they what was signed;
 * do the entries chain up to the checkpoint; are the loans, the decisions and the claims what those
 * entries say; would the rule sets in it decide the same again (pack_facts.c). The first fault is
 * named.
 */

#include "fleet/pack.h"
#include "rules/decision.h"
#include "server/chain.h"
#include "server/cli_seen.h"

struct pack_object { /* a line of bookings.jsonl or repair-orders.jsonl */
	enum row_kind kind;
	struct str id, row;
	uint64_t seq;
	uint32_t line; /* in its file */
};

struct pack_touch { /* an entry that touches one of them */
	uint32_t object, entry;
};

struct pack_check {
	struct str bytes; /* the mapped file */
	bool good;
	struct str file[PACK_FILES_LEN];
	struct arena arena;   /* owned: for as long as the check */
	struct arena scratch; /* owned: for a line */
	char why[400];	      /* the fault */
	struct note_key key;
	struct signed_note note;
	uint64_t first;
	uint32_t entries, objects, touches, bookings, decisions, lines, rulesets;
	struct str *entry;	    /* lines of journal.jsonl */
	struct pack_object *object; /* by kind and id */
	uint32_t *in_file;	    /* the bookings among them, in the order of their file */
	struct pack_touch *touch;   /* by object, then entry */
	struct str *decision;	    /* lines of decisions.jsonl */
	bool *decision_met;
	struct ruleset *ruleset[PACK_RULESETS_MAX];
	char sha256[PACK_RULESETS_MAX][HASH_TEXT];
};

bool check_fault(struct pack_check *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* The next line of a file without its end; STR_NULL: none is left, or it has no end. */
struct str check_line(struct str *rest);
uint32_t check_lines(struct str file);
/* False: the fault is told in why. */
MUST_CHECK bool check_facts(struct pack_check *c);

/* `why` says what is not good; NULL without memory. `bytes` are borrowed. */
struct pack_check *pack_check_bytes(struct str bytes, const struct seen *seen);
void pack_check_free(struct pack_check *c);
/* Whether a file begins like an archive. */
bool is_pack(const char *path);
/* An exit code; told on standard output. */
int pack_verify(const char *path, const struct seen *seen);
