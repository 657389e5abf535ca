/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Commands of an import gathered into batches: one commit for many rows. */

#include "server/import.h"

struct import_batch {
	struct import *im;  /* borrowed */
	enum outcome fault; /* sticky: what ended the import; OK = none */
	uint32_t len;
	struct command *command[BATCH_MAX]; /* owned until run */
	struct command *spare;		    /* owned: a list, to be used again */
};

/* A command of this import, its texts copied; NULL without memory (then b->fault says so). `key`
 * may be STR_NULL. */
struct command *import_command(struct import_batch *b, enum verb verb, struct str journal,
	struct str target, struct str key);
/* What was asked for and is not needed after all. */
void import_drop(struct import_batch *b, struct command *c);
/* Queues it; done(c) is called when it is answered, then it is freed. Runs the batch when it is
 * full. */
void import_batch_add(struct import_batch *b, struct command *c, struct str body);
void import_batch_run(struct import_batch *b);
/* Has them decided, whoever may do that; done() is not called. */
MUST_CHECK enum outcome import_run(struct import *im, struct command **command, uint32_t len);
void import_batch_end(struct import_batch *b);
/* Tells a refusal as a fault of the row: its fields, or its title and facts. */
void import_refused(struct import *im, uint32_t line, const struct command *c);
