/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Backups by the clock: relais-YYYYMMDDTHHMMSSZ.jsonl in backup.directory, every so many hours or
 * once a day, written slowly on a thread of its own, read again before they get their name; the
 * oldest go. When the last one was made is read from the names, so a restart forgets nothing and
 * what was missed while nothing ran is made up for at once.
 */

#include <uv.h>

#include "fleet/backup.h"
#include "server/config.h"

enum {
	BACKUP_LOOK_MS = 30000,	  /* how often it is asked whether one is due */
	BACKUP_RETRY_S = 600,	  /* after a failure */
	BACKUP_LATE_S = 2 * 3600, /* past its time, somebody is told */
	BACKUP_NAME_BYTES = 40,
	BACKUP_WHY_BYTES = 700,
};

struct backup_counts {
	bool wanted;	   /* there is a directory for them */
	bool running;	   /* one is being written */
	int64_t last_at_s; /* when the newest was begun; 0: there is none */
	uint64_t bytes, kept, made, failed;
	uint64_t took_ms; /* the last that was made since the start */
	bool last_failed, late;
	char why[BACKUP_WHY_BYTES]; /* of the last failure */
};

struct backup_clock;
/* Looks at once, and again every BACKUP_LOOK_MS. NULL without memory. */
struct backup_clock *backup_clock_open(
	uv_loop_t *loop, struct fleet *fleet, const struct config *config);
/* Another configuration; borrowed until the next. */
void backup_clock_use(struct backup_clock *c, const struct config *config);
void backup_clock_counts(struct backup_clock *c, struct backup_counts *out);
/* No further one begins, and one under way is given up at its next pause. */
void backup_clock_close(struct backup_clock *c);

/* The last moment not after `now` that one was wanted for, and the name of one made then. */
int64_t backup_wanted_at(const struct config *config, int64_t last_s, int64_t now_s);
void backup_name(char out[BACKUP_NAME_BYTES], int64_t at_s);
/* When a backup of that name was begun; 0: it is none of ours. */
int64_t backup_named_at(const char *name);
