/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What leaves the house by itself: webhooks to other systems (webhooks.h), messages to customers
 * (messages.h). One thread beside the loop, one transfer at a time; what there is to send stands in
 * journals, and what was sent is kept where each of them says, so that a crash repeats and loses
 * nothing.
 */

#include <uv.h>

#include "server/messages.h"
#include "server/webhooks.h"

struct settings; /* reload.h */
struct outbound;
struct writer;
/* NULL without memory. `from` is borrowed until the next. */
struct outbound *outbound_open(
	uv_loop_t *loop, struct fleet *fleet, struct writer *writer, const struct settings *from);
/* Other settings: tried at once. */
void outbound_use(struct outbound *o, const struct settings *from);
void outbound_counts(
	const struct outbound *o, struct webhook_counts *hooks, struct message_counts *messages);
/* Of one that was asked for over HTTP; false: it had no turn yet. */
bool outbound_hook_counts(const struct outbound *o, const char *id, struct webhook_counts *out);
struct webhook_list *outbound_list(struct outbound *o);
const atomic_bool *outbound_given_up(const struct outbound *o);
/* A transfer in flight is given up. Before the writer closes. */
void outbound_close(struct outbound *o);

/* On its thread: the site behind `at`, which it becomes; false: that was the last, "" again. */
MUST_CHECK bool outbound_site_next(struct fleet *fleet, struct rosters *own, char at[ID_MAX + 1]);
