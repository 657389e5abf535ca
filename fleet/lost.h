/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a shared journal does not have any more and this store has: after a copy took over that was
 * behind, say. Loss is never silent: bookings are named by their numbers. */

#include "fleet/fleet.h"

/* One line a journal, through env->log: which entries, which bookings. */
void lost_tell(struct fleet *f);
