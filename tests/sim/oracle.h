/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What must hold, judged from the entries of the journal, in their order, and from what clients
 * sent and were told: nothing of decide, apply, the calendar or the store is asked, only JSON is
 * read. What does not hold ends the process with a sentence.
 *
 *   oracle_fold.c      rows after every entry; a server's projection is compared with them
 *   oracle_promises.c  seats, turnaround, holds; the chain
 *   oracle_answers.c   acknowledged once, refused never present
 */

#include "fleet/command.h"
#include "tests/lib/oracle.h"

enum { RESOURCES_JUDGED_MAX = 32, JOURNALS_JUDGED = 2, REQUEST_TEXT = 44 };

_Noreturn void wrong(const char *format, ...) PRINTF_LIKE(1, 2);

/* ---- rows ---- */

/* What a row was from an entry on; hash 0 = gone. */
struct version {
	uint64_t seq, hash;
};
struct fold_row {
	char kind, id[ORACLE_TEXT];
	uint32_t journal; /* 0 = the site's, 1 = the directory */
	char *text;	  /* owned: its canonical bytes now; NULL = gone */
	size_t text_len;
	struct version *versions; /* owned */
	uint32_t versions_len, versions_cap;
};
struct fold {
	struct fold_row *rows; /* owned, by hash of kind and id */
	uint32_t len, cap;
};
/* Does one effect of an entry; the row as it is then, its document in the arena (absent: gone). */
struct fold_row *fold_effect(struct fold *f, struct arena *a, struct json effect, uint32_t journal,
	uint64_t seq, struct json *doc);
/* NULL: there never was one. */
const struct fold_row *fold_find(const struct fold *f, char kind, struct str id);
/* What the row should be where the journals have come to `seqs`; NULL: not there. */
const struct version *fold_version(
	const struct fold *f, char kind, struct str id, const uint64_t seqs[JOURNALS_JUDGED]);
/* How many rows there should be. */
uint32_t fold_count(const struct fold *f, const uint64_t seqs[JOURNALS_JUDGED]);
uint64_t fold_hash(struct str text);
void fold_free(struct fold *f);

/* ---- entries ---- */

struct judged_entry {
	char key[65], body[65]; /* of its request, empty when it has none */
	char slug[32];		/* a refusal's */
};
struct judged_journal {
	struct judged_entry *entries; /* owned, by seq - 1 */
	uint64_t len, cap;
	uint8_t hash[32];
	int64_t at_s;
};
struct judged_resource {
	char id[ORACLE_TEXT];
	int64_t turnaround_minutes;
};
struct sim_oracle {
	struct oracle promises;
	struct fold fold;
	struct judged_journal journals[JOURNALS_JUDGED];
	struct judged_resource resources[RESOURCES_JUDGED_MAX];
	uint32_t resources_len;
	struct arena arena;
};
/* The next entry of a journal, as it was appended. */
void oracle_entry(struct sim_oracle *o, uint32_t journal, uint64_t seq, const uint8_t prev[32],
	const uint8_t hash[32], struct str bytes);
/* The timer has done what was due until then: a hold that is over by now has ended. */
void oracle_holds_ended(struct sim_oracle *o, int64_t now_s);
void oracle_forget(struct sim_oracle *o);

/* ---- answers ---- */

struct told {
	bool some;
	enum outcome outcome;
	uint64_t seq, answer;
};
struct request {
	enum verb verb;
	char target[REQUEST_TEXT], key[REQUEST_TEXT]; /* no key: it must not be repeated */
	char *bodies[2];     /* owned: as it was meant, and another under the same key */
	char key_sha256[65]; /* as the journal shall know them */
	char body_sha256[2][65];
	bool if_match;
	uint64_t before;	       /* the site's head when it was first sent */
	uint32_t sent, open, vanished; /* tries; under way; ended without an answer */
	bool settled, never; /* the client knows; it was told no and nothing is under way */
	struct told told;
};
/* A server's answer to one try of a request. `answer` is a hash of all it says. */
void oracle_answer(const struct sim_oracle *o, struct request *r, uint32_t body,
	const struct command *c, enum outcome outcome, uint64_t answer);
/* When everything has come to rest. */
void oracle_rest(const struct sim_oracle *o, const struct request *requests, uint32_t len);
