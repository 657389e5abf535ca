/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the addresses of users and of tokens have in common: whose they are, what an actor's body
 * says, and how an actor is shown. */

#include "server/api.h"

/* Users and tokens are the whole installation's: whoever acts for some sites alone has no say in
 * them, else he could give himself the others. False: 403 was answered. */
MUST_CHECK bool people_allowed(struct call *call);
/* "role" and "sites" of a kept body; every site must be there. Faults where not. */
void people_actor_of(struct call *call, struct json body, struct actor *out, struct faults *faults);
/* Members of a shown actor; "last_..._at" only where there was one. */
void people_kv_actor(struct json_writer *w, const struct actor *actor);
void people_kv_time(struct json_writer *w, const char *key, struct instant at);
/* What If-Match says to something at this rev: OK, REFUSED_NO_IF_MATCH, REFUSED_STALE. */
enum outcome people_if_match(struct call *call, uint64_t rev);

/* One change on a lane's thread. */
struct people_change {
	struct work work; /* first */
	struct call *call;
	struct people *people; /* borrowed */
	enum outcome outcome;
	void (*answer)(struct people_change *change); /* on the loop, unless the client left */
};
/* Answers 503 by itself where the lane is full. */
void people_submit(struct people_change *change, struct call *call, struct lane *lane,
	void (*run)(struct work *work), void (*answer)(struct people_change *change));
