/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The one writer. Commands queue up; its thread takes all that wait, up to BATCH_MAX, as one batch
 * (group commit), and the answers come back to the loop through one uv_async. A full queue is said
 * at once: FAULT_BUSY, nothing done. An unknown outcome ends the process without answering anybody:
 * clients repeat with their key after the restart.
 */

#include <uv.h>

#include "fleet/fleet.h"
#include "server/histogram.h"

enum {
	WRITER_WAITING_MAX = 4096, /* until it is told otherwise */
	FOLLOW_MS = 1000,
	FOLLOW_PAUSE_MS = 100, /* between two that only a hint asked for */
};

struct writer;
struct writer_hooks {
	void *context; /* borrowed */
	/* On the loop, after the answers of one or more batches were handed out. */
	void (*batch_answered)(void *context);
	/* Others append too: an idle writer follows them this often; 0: nobody does. */
	uint32_t follow_ms;
};

struct writer_counts {
	uint32_t waiting; /* queued, not yet in a batch */
	uint32_t waiting_max;
	uint64_t submitted, refused_full;
	uint64_t dropped;	   /* whoever asked left before a batch took them */
	struct fleet_counts fleet; /* as of the last batch */
	struct histogram sizes;	   /* commands of a batch, by bounds_batch */
	struct histogram took;	   /* to decide and commit it, by bounds_latency */
};

/* NULL without memory or threads. */
struct writer *writer_open(uv_loop_t *loop, struct fleet *fleet, const struct writer_hooks *hooks);
/* From now on so many wait at most; those that wait already stay. */
void writer_limit(struct writer *w, uint32_t waiting_max);
/* The command's done() will be called on the loop, once. False: the queue is full and nothing
 * happened. */
MUST_CHECK bool writer_submit(struct writer *w, struct command *c);
/* Nobody awaits it any more: what no batch has taken yet is not done; its done() is called all the
 * same, with FAULT_BUSY. False: a batch has it, and it ends as any other. */
bool writer_drop(struct writer *w, struct command *c);
/* Somebody waits for what others appended: not only at the next time. */
void writer_follow(struct writer *w);
/* Others appended, and nobody waits for it: within FOLLOW_PAUSE_MS, behind what does wait. */
void writer_hint(struct writer *w);
/* Lets the queue run empty, joins the thread, hands out what is answered. Before the loop ends. */
void writer_close(struct writer *w);
/* False: a batch, or a command before one, has taken longer than this. */
bool writer_is_alive(struct writer *w, uint64_t within_ms);
void writer_counts(struct writer *w, struct writer_counts *out);
