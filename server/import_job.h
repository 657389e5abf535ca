/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * An import that a server runs, on a thread of its own: it reads and shapes the rows there and
 * hands them to the writer, a few at a time, and waits for their answers; whatever else is asked of
 * the writer goes in between. What is known of it while it runs and afterwards is in memory alone,
 * for names and phones may stand in it: the journal keeps the rows, and counts (import_record.h).
 */

#include <stdatomic.h>
#include <uv.h>

#include "server/import_record.h"

struct writer;

enum import_state {
	IMPORT_WAITING, /* for a thread */
	IMPORT_READING,
	IMPORT_WRITING,
	IMPORT_UNDOING,
	IMPORT_CHECKED, /* a dry run: nothing was to be written */
	IMPORT_DONE,
	IMPORT_FAILED,	/* the file has faults: nothing was written */
	IMPORT_STOPPED, /* amid; what was written stays */
	IMPORT_UNDONE,
	IMPORT_STATES_LEN,
};
const char *import_state_name(enum import_state state);
bool import_state_is_over(enum import_state state);

enum {
	JOB_BATCH_MAX = 64, /* commands that go to the writer together */
	JOB_LINES_MAX = IMPORT_FAULTS_TOLD_MAX,
	JOB_SAMPLES_MAX = 5,
	JOB_REPORT_BYTES_MAX = 8 << 20,
	JOB_FILE_MAX = 200, /* bytes of its name */
};

struct job_line {
	uint32_t line;
	struct str pointer, detail; /* in the report's arena */
};
struct job_lines {
	uint32_t len;
	struct job_line *line; /* in the report's arena; JOB_LINES_MAX */
};

/* How it goes: of the job's mutex. */
struct job_report {
	enum import_state state;
	uint64_t done, all; /* bytes while it reads, rows while it writes */
	uint32_t rows;	    /* without fault */
	uint32_t faults, kept, stays, taken_back;
	uint32_t created, changed, same, refused, over, not_yet;
	const char *encoding; /* NULL: not known yet */
	char separator;
	struct str columns; /* a JSON list */
	uint32_t samples_len;
	struct str samples[JOB_SAMPLES_MAX];
	struct job_lines fault_lines, kept_lines, stay_lines; /* of an undo: what stays, and why */
	enum outcome outcome;				      /* where it stopped: why */
	struct instant ended;				      /* 0: it goes on */
	struct str rejected;				      /* owned: the file of rejected rows */
	struct arena arena;				      /* owned: all the rest */
};

struct import_job {
	struct import_job *next; /* the keeper's */
	void *keeper;
	struct fleet *fleet;   /* borrowed */
	struct writer *writer; /* borrowed */
	uv_thread_t thread;
	bool on_thread, finished; /* the keeper's, under its mutex */
	/* of the request */
	bool dry_run, undo;
	bool partial; /* good rows go in though others have a fault */
	struct import_record record;
	char asked_by[ID_MAX + 1], file[JOB_FILE_MAX + 1];
	struct str key;	     /* owned */
	struct hash request; /* of the key and of whoever asked */
	struct str text;     /* owned, until it was read */
	struct str mapping;  /* owned; STR_NULL: the columns are ours */
	struct instant as_of, begun;
	/* once, on the loop, when it is over; NULL: nobody waits */
	void (*over)(struct import_job *job, void *context);
	void *over_context;
	/* asked by the thread */
	atomic_bool stop;
	bool asked_to_stop;	 /* by somebody, not by the server's end */
	struct rosters *rosters; /* owned */
	struct import *im;	 /* while it runs: the thread's own */
	uv_mutex_t mutex;
	struct job_report report;
};

/* NULL without memory. */
struct import_job *import_job_new(struct fleet *fleet, struct writer *writer);
void import_job_free(struct import_job *job);
/* All of it, on its thread. */
void import_job_run(struct import_job *job);

/* ---- for the parts of it ---- */
void import_job_state(struct import_job *job, enum import_state state);
void import_job_progress(struct import_job *job, uint64_t done, uint64_t all);
void import_job_line(struct import_job *job, struct job_lines *lines, uint32_t line,
	const char *pointer, const char *detail);
/* import_wait.c: through the writer's queue, waiting where that is full. */
enum outcome import_job_submit(struct import *im, struct command **command, uint32_t len);
/* import_back.c: takes back what the import of that record did; im is live. */
enum outcome import_back(struct import_job *job, struct import *im);
