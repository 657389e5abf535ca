/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Live events (contract 5): a site's journal as text/event-stream. The id of an event is its
 * sequence in that journal, so Last-Event-ID resumes from the journal itself and nothing is kept
 * for clients that left. Entries carry no personal data here: what changed, not what it says.
 */

#include <uv.h>

#include "fleet/fleet.h"

enum {
	EVENTS_BEAT_MS = 15000,	   /* quiet streams are cut by those in between */
	EVENTS_RETRY_MS = 2000,	   /* told to the client */
	EVENTS_RESUME_MAX = 10000, /* further behind than this: `reset`, read the board again */
};

struct events;
struct events *events_open(uv_loop_t *loop, struct fleet *fleet);
/* Something may have been written: sends what is new. */
void events_pump(struct events *e);
/* Something that no journal says, to all streams of people with one of these roles (bits) who act
 * for all sites; whoever has much to read already misses it. A whole frame, without an id. */
void events_tell(struct events *e, uint32_t roles, struct str frame);
/* After the last stream has gone. */
void events_close(struct events *e);
