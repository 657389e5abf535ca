/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Data from elsewhere, as files: read and checked whole (every fault with its line), then written
 * through the same commands as any other change. Importing a file again changes nothing: each row
 * goes under an Idempotency-Key made of what it says, a booking under import/REF. The fleet must be
 * open alone; nothing else writes meanwhile.
 */

#include "fleet/fleet.h"
#include "server/shape.h"

/* The order in which one leans on the other. */
enum import_kind {
	IMPORT_SITES,
	IMPORT_RULESETS,
	IMPORT_RESOURCES,
	IMPORT_CUSTOMERS,
	IMPORT_VEHICLES,
	IMPORT_COVERAGES,
	IMPORT_BOOKINGS,
	IMPORT_REPAIR_ORDERS,
	IMPORT_KINDS_LEN,
};

/* Whom a row means by that name: the customer, the one it was merged into, or the only one whom
 * another system calls so. The name itself where nobody is meant. */
struct str import_customer(struct view *v, struct str name);

struct import_kind_facts {
	const char *name; /* on the command line, and of the file of the demonstration */
	const struct shape *shape;
	const char *id; /* the member that names a row */
	enum verb verb; /* of the PUT; VERBS_LEN: it is played along time (import_play) */
	/* Adds what is wrong between members of a row whose shape is right; may be NULL. */
	void (*in_order)(struct json doc, struct faults *faults);
};
const struct import_kind_facts *import_kind_facts(enum import_kind kind);
MUST_CHECK bool import_kind_from(enum import_kind *out, struct str name);

enum { IMPORT_ROWS_MAX = 1000000, IMPORT_FILE_BYTES_MAX = 64 << 20, IMPORT_FAULTS_TOLD_MAX = 1000 };
enum { IMPORT_COMMIT_ENTRIES = 4096 }; /* share a commit: what is written goes by so many */

struct import {
	struct fleet *fleet;  /* borrowed, open alone */
	struct instant now;   /* when the import began: J of its relative dates */
	struct instant as_of; /* when the file was written: what is typed later is younger */
	struct str by;	      /* whose name stands in the journal */
	bool dry_run;
	bool substitute; /* a booking whose class is full takes another class (the demonstration) */
	const struct import_mapping *mapping; /* borrowed, for CSV; NULL: the columns are ours */
	const char *file;		      /* borrowed: its name in what is told */
	void (*tell)(void *context, const char *sentence); /* a fault, with its place */
	/* How far reading or writing is; NULL: nobody asks. */
	void (*progress)(void *context, const char *what, uint64_t done, uint64_t all);
	void *context;
	/* Borrowed; NULL: a fault is the whole file's. Otherwise rows with a fault are kept here
	 * and the others are good: of CSV, and not of coverages, where a look-up is several rows.
	 */
	struct import_rejects *rejects;
	uint32_t faults; /* in the file, or refused when written */
	bool unreadable; /* a fault is of the whole file */
	struct {	 /* of the file, by import_read */
		const char *encoding;
		char separator; /* 0: JSON */
	} understood;
	struct {
		uint32_t created, changed, same, refused, substituted, over, not_yet, kept;
	} counts;
};

struct import_row {
	uint32_t line;
	struct str doc; /* the kept form, in the arena of its rows */
};
struct import_rows {
	struct import_row *row; /* owned */
	uint32_t len, max;
	struct arena arena; /* owned */
};
void import_rows_init(struct import_rows *rows);
void import_rows_deinit(struct import_rows *rows);

/* Counts and tells a fault: "FILE:LINE: POINTER DETAIL" (pointer may be empty). */
void import_fault(struct import *im, uint32_t line, const char *pointer, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* The same where it is no row's fault: nothing of the file can be taken. */
void import_file_fault(struct import *im, uint32_t line, const char *format, ...) PRINTF_LIKE(3, 4);

static inline void import_progress(
	const struct import *im, const char *what, uint64_t done, uint64_t all)
{
	if (im->progress)
		im->progress(im->context, what, done, all);
}

/* Reads a whole file. False when there was a fault that keeps it from being written; all were told.
 * With rejects only import_file_fault does that, and the rows are those without fault. */
MUST_CHECK bool import_read(
	struct import *im, enum import_kind kind, struct str text, struct import_rows *out);
/* Writes rows of a kind that is PUT. A refusal is a fault of its row; only a FAULT_* ends it. */
MUST_CHECK enum outcome import_put(
	struct import *im, enum import_kind kind, const struct import_rows *rows);
/* Plays look-ups of cover and bookings in the order of time, the clock standing at each moment;
 * what lies after im->now has not happened. Either may be NULL. */
MUST_CHECK enum outcome import_play(
	struct import *im, const struct import_rows *coverages, const struct import_rows *bookings);
