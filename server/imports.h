/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The imports of a server: so many at a time, each on its thread, so many that wait, and the last
 * that are over. Those that are forgotten here are still in the journal. All calls are the loop's.
 */

#include "server/events.h"
#include "server/import_job.h"

enum {
	IMPORTS_RUNNING_MAX = 2,
	IMPORTS_WAITING_MAX = 4,
	IMPORTS_KEPT_MAX = 32,
	IMPORTS_REJECTED_BYTES_MAX = 32 << 20, /* files of rejected rows, all together */
	IMPORT_SERVED_BYTES_MAX = 24 << 20,    /* of a file */
	IMPORT_MAPPING_BYTES_MAX = 64 << 10,
};

struct imports_counts {
	uint32_t running, waiting;
	uint64_t done, failed, stopped, rows, refused_full;
};

struct imports;
/* NULL without memory. */
struct imports *imports_open(uv_loop_t *loop, struct events *events);
/* Takes the job over: it runs now or when a thread is free. FAULT_BUSY: too many wait already, and
 * the job is still the caller's. */
MUST_CHECK enum outcome imports_add(struct imports *all, struct import_job *job);
/* Each job that is known here, the newest first; NULL after the last. */
struct import_job *imports_next(struct imports *all, struct import_job *after);
/* What is known here of that import, the newest first: an undo is a job of its own. */
struct import_job *imports_find(struct imports *all, struct str id);
/* It ends as soon as it can, because somebody asked; one that waits ends now. */
void imports_stop_one(struct imports *all, struct import_job *job);
void imports_counts(const struct imports *all, struct imports_counts *out);
/* All end as soon as they can; then `stopped` is called, once. No job is added any more. */
void imports_stop(struct imports *all, void (*stopped)(void *context), void *context);
/* When they have stopped. */
void imports_close(struct imports *all);
