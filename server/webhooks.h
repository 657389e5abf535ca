/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Another system is told of each entry that changed visits or bookings, in the order of the site's
 * journal, from the moment that webhook.url is set: one message an entry, its id SITE-ENTRY for
 * ever, with the rows as they are when it is sent (drop_row.h; no names). The place reached is kept
 * in DIR/webhook-SITE after a 2xx: at least once. What fails is sent again, ever more rarely, and
 * nothing behind it goes first. It runs on a thread, one message in flight.
 */

#include <uv.h>

#include "fleet/fleet.h"
#include "server/config.h"
#include "server/webhook.h"

enum {
	WEBHOOK_SITES_A_RUN = 256,
	WEBHOOK_MESSAGES_A_RUN = 100,  /* of one site, before the others have their turn */
	WEBHOOK_ENTRIES_A_LOOK = 2000, /* that tell nobody anything */
};

struct webhook_counts {
	bool wanted, last_failed;
	uint64_t sent, failed;
	uint32_t failed_in_a_row;
	int64_t last_at_s;	     /* of the last 2xx; 0: none since the start */
	char why[WEBHOOK_WHY_BYTES]; /* of the last failure */
};

struct settings; /* reload.h */
struct webhooks;
/* NULL without memory. */
struct webhooks *webhooks_open(uv_loop_t *loop, struct fleet *fleet, const struct settings *from);
/* Other settings; borrowed until the next. */
void webhooks_use(struct webhooks *h, const struct settings *from);
void webhooks_counts(const struct webhooks *h, struct webhook_counts *out);
/* A message in flight is given up; the next start sends it again. */
void webhooks_close(struct webhooks *h);
/* Seconds until the next try after so many failures in a row. */
uint32_t webhook_wait_s(uint32_t failed_in_a_row);
