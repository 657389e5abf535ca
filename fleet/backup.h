/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A backup: one file of JSON lines, readable without relais and by every later version.
 *
 *   {"backup":2,"data":"relais 1","entry":1,"journals":[{"hash","journal","seq"},...],"made_at"}
 *   {"event","hash","prev"}       every entry, journal by journal, as in an export (contract 6)
 *   {"journal","note"}            the last checkpoint of a journal
 *   {"signing_key"}               the private key that checkpoints are signed with
 *   {"secret"}                    the installation's secret: seals offers, commits to requests
 *   {"part","value"}              a piece of an attachment, sealed as it lies in the store (from
 *                                 backup version 2 on)
 *   {"row","value"}               of DIR/people: a person's key, or a token's hash and rights
 *   {"end"}                       SHA-256 of every byte before this line, in hex
 *
 * So a backup holds all that DIR holds, the keys of persons too: it is to be kept as DIR is, and
 * who was erased can be read from it until it is destroyed. What can be rebuilt (rows, calendar,
 * search words) is not in it. The heads are taken in one look: each journal is an exact prefix, and
 * together they are a state that the installation was in.
 */

#include "fleet/fleet.h"

enum { BACKUP_VERSION = 2, BACKUP_VERSION_OLDEST = 1, BACKUP_LINE_MAX = 4 << 20 };

struct backup_summary {
	uint64_t entries, journals, persons, parts;
	uint64_t erased;    /* persons whom a restore forgot again */
	struct hash sha256; /* what the last line says */
	char made_at[INSTANT_TEXT];
};

/* After so many bytes, written or read again, the writer waits: others want the disk too. What was
 * written is brought to it first. */
struct backup_pace {
	size_t bytes;
	bool (*pause)(void *context); /* false: not wanted any more, and nothing is left of it */
	void *context;
};

/* Into a file that is not there yet, synced and read again before it gets its name. Beside a
 * running server. With a sentence in `why` when it fails. */
MUST_CHECK enum outcome backup_write(struct fleet *f, const char *file,
	const struct backup_pace *pace, struct backup_summary *out, char *why, size_t why_size);

/* What a reader hands on, line by line; each may be NULL. Anything but OK ends it. */
struct backup_taker {
	void *context;
	enum outcome (*entry)(void *context, const struct pending_entry *entry);
	enum outcome (*note)(void *context, struct str journal, struct str text);
	enum outcome (*key)(void *context, struct str text);
	enum outcome (*secret)(void *context, struct str bytes);
	enum outcome (*part)(void *context, struct str key, struct str value);
	enum outcome (*row)(void *context, struct str key, struct str value);
};
/* Reads all of it: version, chain, heads, order, the sum. FAULT_CORRUPT, FAULT_DISK with a
 * sentence in `why`; what `taker` was given until then is worth nothing. */
MUST_CHECK enum outcome backup_read(const char *file, const struct backup_taker *taker,
	struct backup_summary *out, char *why, size_t why_size);

/* Reads it whole, then makes DIR from it, which must be missing or empty. DIR/data comes last:
 * until then nothing would serve it. DIR/restored says from what it was made. Whoever stands on the
 * list `erased` (erased.h) is not in it; NULL: the list that lies beside the backup, if there is
 * one. */
MUST_CHECK enum outcome backup_restore(const char *file, const char *erased, const char *dir,
	struct env *env, struct backup_summary *out, char *why, size_t why_size);
