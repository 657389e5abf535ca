/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Customers' messages (fleet/message.h) on their way out: e-mail by SMTP, text messages by a
 * gateway that takes HTTP. What is due is written by an entry, then handed over, then said so by an
 * entry: killed in between, it goes once more, under the same name. What is refused for good, or
 * not taken until its time is over, is a failure that a person sees at once.
 */

#include <stdatomic.h>

#include "fleet/fleet.h"
#include "server/config.h"

enum {
	MESSAGES_A_RUN = 20,	 /* before webhooks have their turn */
	MESSAGES_RUN_S = 30,	 /* likewise */
	MESSAGE_TRIES_MAX = 256, /* that wait for another try */
	MESSAGE_WHY_BYTES = 200,
	MESSAGE_SECRET_MAX = 200,
};

struct message_counts {
	bool wanted, last_failed;
	uint64_t written, sent, tries_failed, failed; /* failed: for good */
	uint64_t unrecorded; /* sent, and no entry could say so: sent again */
	uint32_t waiting;    /* for another try */
	int64_t last_at_s;
	char why[MESSAGE_WHY_BYTES]; /* of the last try that failed */
};

struct settings; /* reload.h */
struct rosters;
struct messages;
/* NULL without memory. */
struct messages *messages_open(
	struct fleet *fleet, struct rosters *rosters, const atomic_bool *given_up);
/* On the loop: whether there may be something to do, with these settings, which it copies. */
MUST_CHECK bool messages_begin(struct messages *m, const struct settings *from);
void messages_run(struct messages *m); /* on the thread */
/* On the loop again; true: there is more to do at once. */
bool messages_end(struct messages *m);
/* What the journal is told of the run, one command after the other; NULL: that was all. */
struct command *messages_step(struct messages *m);
/* True: it did something, so there is more to look at. */
bool messages_answered(struct messages *m, const struct command *c);
void messages_at_once(struct messages *m);
void messages_counts(const struct messages *m, struct message_counts *out);
void messages_close(struct messages *m);
