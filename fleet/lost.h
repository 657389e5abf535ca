/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a shared journal does not have any more and this store has: after a copy took over that was
 * behind, say. Loss is never silent: bookings are named by their numbers. */

#include "fleet/fleet.h"

/* Lists it (a line a journal, through env->log: which entries, which bookings), keeps the entries
 * in DIR/lost, and makes the store what the journal says. FAULT_BUSY: the journal cannot be asked;
 * anything else but OK: nothing was changed, and nothing goes on. */
MUST_CHECK enum outcome lost_rebuild(struct fleet *f);
/* Files of losses that nobody has dealt with: whoever has takes them out of DIR/lost. */
uint32_t lost_files(const struct fleet *f);
