/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How far each journal was signed. A chain alone does not tell that its tail was cut off, that the
 * whole directory was rolled back, or that a history was chained anew: a signed note kept
 * elsewhere does. DIR/signing-key is made with the directory; DIR/checkpoints/JOURNAL.note is the
 * last note of a journal, durable, outside the store. What is signed was checked first: all
 * entries since the last note, and that one.
 */

#include "fleet/fleet.h"
#include "fleet/note.h"

enum { CHECKPOINT_RECENT = 1000 }; /* entries that a start checks */

struct checkpoints;
/* `create`: make the key where DIR has none yet. Otherwise a directory without a key has no notes.
 * FAULT_CORRUPT when the key is damaged, or lost while there are notes. */
MUST_CHECK enum outcome checkpoints_open(struct checkpoints **out, const char *dir, struct env *env,
	bool create, char *why, size_t why_size);
void checkpoints_close(struct checkpoints *c);
/* NULL: there is none. */
const struct note_key *checkpoints_key(const struct checkpoints *c);

/* A journal's last note as it is stored, in the arena; STR_NULL: there is none yet. From any
 * thread. */
struct str checkpoint_text(const struct checkpoints *c, struct arena *a, struct str journal);
/* A journal against a note. False: *why says what is wrong with the journal. */
MUST_CHECK bool checkpoint_holds(
	struct store *store, const struct signed_note *note, const char **why);

/* The last `recent` entries of every journal, and every note. Tells and counts what is wrong. */
uint64_t checkpoints_check(
	struct checkpoints *c, struct store *store, uint64_t recent, const struct report *report);
/* A new note for each journal that has grown, checked first. Tells and
 * counts what could not be signed. */
uint64_t checkpoints_sign(struct checkpoints *c, struct store *store, const struct report *report);
/* The first note of a journal that has none: reads all of it, and waits while another is signed. */
MUST_CHECK enum outcome checkpoint_first(
	struct checkpoints *c, struct store *store, struct arena *a, struct str journal);
/* A journal that lost entries has no note of more than it has: what was signed of them stands
 * beside, as JOURNAL.note.lost. */
void checkpoint_set_aside(struct checkpoints *c, struct str journal, uint64_t size);
/* For a restore: takes over a key and notes. */
MUST_CHECK enum outcome checkpoints_put_key(const char *dir, struct str text);
MUST_CHECK enum outcome checkpoints_put_note(const char *dir, struct str journal, struct str text);
