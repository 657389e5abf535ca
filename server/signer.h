/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Signs how far the journals are (fleet/checkpoint.h): when the server starts, every SIGN_MS after,
 * on a thread of its own, and when it has stopped. What cannot be signed is told in the log.
 */

#include <uv.h>

#include "fleet/fleet.h"

enum { SIGN_MS = 60000 };

/* Tells what is broken in the last entries and the notes; false: do not serve. */
MUST_CHECK bool signer_start_is_good(struct fleet *fleet, char *why, size_t why_size);

struct signer;
struct signer *signer_open(uv_loop_t *loop, struct fleet *fleet);
/* No further round begins; one that is under way ends first. */
void signer_close(struct signer *s);
/* One round, here and now: the loop has ended. */
void signer_last(struct fleet *fleet);
