/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Data from elsewhere, as files: read and checked whole (every fault with its line), then written
 * through the same commands as any other change. Importing a file again changes nothing: each row
 * goes under an Idempotency-Key made of what it says, a booking under import/REF. A command has the
 * fleet open alone; a server's imports share it with whoever else writes (import_live).
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

struct import;
struct import_mapping;
struct import_rejects;
struct import_row;
struct import_columns;
struct csv_record;

/* What a server does otherwise than a command that has the fleet alone: others write meanwhile. */
struct import_live {
	struct rosters *rosters; /* owned by the thread of the import */
	uint32_t batch_max;	 /* commands that go to the writer together */
	/* Has the commands decided and waits until each has its answer; done() is not called. */
	enum outcome (*run)(struct import *im, struct command **command, uint32_t len);
	/* It is to end as soon as it can. */
	bool (*stop)(const struct import *im);
};

/* Somebody who wants to know more than a sentence; each may be NULL. */
struct import_told {
	void (*fault)(struct import *im, uint32_t line, const char *pointer, const char *detail);
	/* The same of a younger value that stays. */
	void (*kept)(struct import *im, uint32_t line, const char *pointer, const char *detail);
	void (*columns)(struct import *im, const struct csv_record *header,
		const struct import_columns *columns);
	void (*row)(struct import *im, const struct import_row *row); /* it is good */
};

/* What the journal keeps of an import that changes something (ROW_IMPORT): the entries of its rows
 * name it as their group. */
struct import_record {
	char id[ID_MAX + 1];
	char sha256[HASH_TEXT]; /* of the file */
	struct str asked_by;	/* borrowed, as what follows */
	struct str key;		/* whoever asked knows it by; STR_NULL: none */
	enum import_kind kind;
	bool begun; /* it stands in the journal */
};

struct import {
	struct fleet *fleet;		/* borrowed, open alone unless `live` */
	const struct import_live *live; /* borrowed; NULL: nobody else writes */
	const struct import_told *told; /* borrowed; NULL: `tell` hears all */
	struct import_record *record;	/* borrowed; NULL: the journal hears of rows alone */
	struct instant now;		/* when the import began: J of its relative dates */
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
	bool whole;	 /* a fault is the whole file's all the same: rejects only gather them */
	uint32_t faults; /* in the file, or refused when written */
	bool quiet;	 /* they were told already: only `quieted` counts them */
	uint32_t quieted;
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
	bool names; /* what names a row is kept instead of it: import_feed reads it once more */
	struct arena arena; /* owned */
};
void import_rows_init(struct import_rows *rows);
void import_rows_deinit(struct import_rows *rows);

/* A short look, from the thread of the import. */
void import_look(struct import *im, struct view *v, struct txn *t, struct arena *a);
static inline bool import_stops(const struct import *im)
{
	return im->live && im->live->stop(im);
}

/* Counts and tells a fault: "FILE:LINE: POINTER DETAIL" (pointer may be empty). */
void import_fault(struct import *im, uint32_t line, const char *pointer, const char *format, ...)
	PRINTF_LIKE(4, 5);

/* To whoever wants it by its parts (`heard`), else as a sentence. */
void import_tell(struct import *im,
	void (*heard)(struct import *im, uint32_t line, const char *pointer, const char *detail),
	uint32_t line, const char *pointer, const char *detail);

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
/* Reads the file once more, for a kind that is PUT: hands out each row of `names` without keeping
 * it, nor a look open. What was told of the others is not told again. */
void import_feed(struct import *im, enum import_kind kind, struct str text,
	const struct import_rows *names, void (*row)(void *context, uint32_t line, struct str doc),
	void *context);
/* The same, written: memory does not grow with what the rows say. */
MUST_CHECK enum outcome import_put_file(
	struct import *im, enum import_kind kind, struct str text, const struct import_rows *names);
/* Writes rows of a kind that is PUT. A refusal is a fault of its row; only a FAULT_* ends it. */
MUST_CHECK enum outcome import_put(
	struct import *im, enum import_kind kind, const struct import_rows *rows);
/* Plays look-ups of cover and bookings in the order of time, the clock standing at each moment;
 * what lies after im->now has not happened. Either may be NULL. */
MUST_CHECK enum outcome import_play(
	struct import *im, const struct import_rows *coverages, const struct import_rows *bookings);
