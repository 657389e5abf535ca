/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A server that shares its journal with others: what comes before it serves. */

#include "fleet/fleet.h"

struct shared;
/* Connects to nothing yet. `dir` is this server's data directory. NULL without memory. */
struct shared *shared_open(const char *address, const char *dir, struct env *env);
/* Before the fleet is closed: no thread of it asks for accounts any more. */
void shared_stop(struct shared *s);
void shared_close(struct shared *s);
/* Hints of what others appended go to `heard`, on another thread; NULL: and no more after it. */
void shared_hear(struct shared *s, void (*heard)(void *context), void *context);
struct journal *shared_journal(struct shared *s);
/* Connects, joins and follows to the head. A directory that followed this journal before is served
 * without PostgreSQL too, as far as it had followed, until that is back; a new one has nothing to
 * serve: FAULT_BUSY. FAULT_CORRUPT: no waiting will help. A sentence in `why`; what deserves a
 * warning was told. */
MUST_CHECK enum outcome shared_start(
	struct shared *s, struct fleet *fleet, char *why, size_t why_size);

struct shared_progress {
	void (*tell)(void *context, uint64_t done, uint64_t all);
	void *context;
	uint64_t done; /* out: entries that are here */
};
/* All of it into the directory, which stands alone afterwards. */
MUST_CHECK enum outcome shared_copy_in(struct shared *s, struct fleet *fleet,
	struct shared_progress *p, char *why, size_t why_size);
