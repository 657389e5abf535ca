/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The front door of the fleet room: open a data directory, run batches of commands, look at the
 * state, check it. DIR holds `data` (the store), `people`, `lock`,
 * `signing-key`, `checkpoints`.
 */

#include "fleet/command.h"
#include "fleet/view.h"

struct fleet;
struct fleet_options {
	struct env *env;	 /* borrowed for its life */
	struct journal *journal; /* borrowed; NULL = journal_lmdb() */
	bool create;		 /* make DIR when it is missing or empty */
	bool read_only;
	bool no_sync;	  /* tests only */
	bool reserve;	  /* it serves: room is kept for what gives back (room.h) */
	size_t map_bytes; /* 0 = default */
};
/* FAULT_DISK, FAULT_CORRUPT, FAULT_BUSY (another process has it) with a sentence in `why`. */
MUST_CHECK enum outcome fleet_open(struct fleet **out, const char *dir,
	const struct fleet_options *options, char *why, size_t why_size);
void fleet_close(struct fleet *f);
struct store *fleet_store(struct fleet *f);
struct people *fleet_people(struct fleet *f);
struct env *fleet_env(struct fleet *f);
struct checkpoints *fleet_checkpoints(struct fleet *f);

enum { BATCH_MAX = 256 };
/* One batch on the writer thread: decide and apply each (later ones see earlier ones), append,
 * commit once. When it returns every command has its answer, but done() was not called. A failed
 * commit is an unknown outcome: FAULT_UNKNOWN is returned, all commands carry it, and the process
 * must stop. Where only a shared journal has not replied, the commands carry FAULT_UNKNOWN, the
 * batch FAULT_BUSY: it is settled before the next. */
MUST_CHECK enum outcome fleet_run(struct fleet *f, struct command **batch, size_t count);
/* Brings the store up to a journal that others append to as well, on the writer thread. FAULT_BUSY:
 * it cannot be asked, or an append is not settled; FAULT_CORRUPT: it does not go on from here. */
MUST_CHECK enum outcome fleet_follow(struct fleet *f);
/* One command by itself: tests, imports, the demonstration. */
MUST_CHECK enum outcome fleet_do(struct fleet *f, struct command *c);

/* For a fleet that is open alone (imports, the demonstration): from here to the end many batches
 * share a commit, of some more than `entries_max` entries. Nothing is durable before its commit, a
 * fault takes all of it back, and a look sees what was gathered so far. */
void fleet_gather(struct fleet *f, uint64_t entries_max);
/* The last commit; without `keep` what was gathered since the one before is taken back. */
MUST_CHECK enum outcome fleet_gather_end(struct fleet *f, bool keep);

/* A short look from the reading thread. */
void fleet_look(struct fleet *f, struct view *v, struct txn *t, struct arena *a);
/* From a thread beside it, whose rosters are its own; NULL: this is the reading thread. */
void fleet_look_beside(
	struct fleet *f, struct rosters *own, struct view *v, struct txn *t, struct arena *a);
void fleet_look_end(struct view *v);
/* From time to time, on the reading thread while no look is open: what it holds on to is bounded
 * (rosters.h). */
void fleet_tidy(struct fleet *f);

struct fleet_counts {
	uint64_t batches, commands, refused, entries, faults;
	uint64_t done[VERBS_LEN]; /* entries, by what they did; without refusals */
	uint32_t batch_last;
	/* requests that no free seat fitted, and those of them that the search left unanswered */
	uint64_t shuffled, undecided;
	uint32_t room;	       /* enum room: how much there was for the last batch */
	uint64_t without_room; /* commands that found none */
	/* Of a journal that is shared, at the last time: it could not be asked; it does not go on
	 * from what is here. */
	bool away, forked;
	uint64_t lost; /* entries that were acknowledged here and that it does not have any more */
};
const struct fleet_counts *fleet_counts(const struct fleet *f);
/* The same two of questions, on the reading thread. */
void fleet_reading_counts(const struct fleet *f, uint64_t *shuffled, uint64_t *undecided);

/* ---- checks (verify.c); each tells its findings through `say` and answers how many there were
 * ---- */
struct report {
	void *context;
	void (*say)(void *context, const char *line);
};
/* The chain of every journal, hash by hash; names the first bad entry of each. */
uint64_t fleet_audit_verify(struct fleet *f, const struct report *report);
/* Rebuilds the projection from the journals in a scratch directory and compares it row by row; what
 * was attached is held against its entries. */
uint64_t fleet_verify(struct fleet *f, const char *scratch_dir, const struct report *report);
/* Makes all that can be rebuilt anew from the journals, in one commit. FAULT_CORRUPT with nothing
 * changed where they do not allow it: see fleet_audit_verify. */
MUST_CHECK enum outcome fleet_rebuild(struct fleet *f);
/* Runs every stored decision again from its stored inputs and rule set. */
uint64_t fleet_audit_replay(struct fleet *f, const struct report *report);
