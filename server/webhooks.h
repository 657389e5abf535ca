/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Another system is told of each entry that changed visits or bookings, in the order of the site's
 * journal, from the moment that webhook.url is set: one message an entry, its id SITE-ENTRY for
 * ever, with the rows as they are when it is sent (drop_row.h; no names). The place reached is kept
 * in DIR/webhook-SITE after a 2xx: at least once. What fails is sent again, ever more rarely, and
 * nothing behind it goes first. One message is in
 * flight, on the thread of outbound.h.
 */

#include "fleet/fleet.h"
#include "server/config.h"
#include "server/webhook.h"
#include "server/webhook_list.h"

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

struct rosters;
struct webhooks;
/* All but the flag belongs to the sender (outbound.h). NULL without memory. */
struct webhooks *webhooks_open(
	struct fleet *fleet, struct rosters *rosters, const atomic_bool *given_up);
/* On the loop: whether there is something to do now, for this one, which it copies. */
struct webhook_target {
	const char *id, *url, *data; /* id "": the configuration's; url "": there is none */
	const struct webhook_key *key;
	bool private_allowed;
};
MUST_CHECK bool webhooks_begin(
	struct webhooks *h, const struct webhook_target *to, uint64_t now_ms);
void webhooks_run(struct webhooks *h); /* on the thread */
/* On the loop again; true: there is more to tell at once. */
bool webhooks_end(struct webhooks *h, uint64_t now_ms);
void webhooks_at_once(struct webhooks *h); /* without the wait of a failure */
void webhooks_counts(const struct webhooks *h, struct webhook_counts *out);
void webhooks_close(struct webhooks *h); /* what was in flight is sent again by the next start */
/* Seconds until the next try after so many failures in a row. */
uint32_t webhook_wait_s(uint32_t failed_in_a_row);
