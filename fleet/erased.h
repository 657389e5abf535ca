/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who was erased, as a list of ids that says nothing else: customers, and the bookings and visits
 * of theirs, for which words may have been sealed before they had a name. A backup holds the keys
 * of its day; whoever restores it gives the list of today, so that who was forgotten since is
 * forgotten again. One id a line.
 */

#include "fleet/fleet.h"

#define ERASED_FILE "relais-erased.txt" /* beside backups; a restore finds it there by itself */

/* The list, whole or not at all, as a file. Beside a running server. */
MUST_CHECK enum outcome erased_write(struct fleet *f, const char *file, uint64_t *persons);
/* One id after the other, in the order of customers. FAULT_DISK: `take` gave false. */
MUST_CHECK enum outcome erased_list(struct fleet *f, uint64_t *persons, void *context,
	bool (*take)(void *context, struct str id));

/* Erases everybody on a list whom the fleet, open alone, still knows: also who has a promise that
 * is open here, since it was over when the person was erased. With a sentence in `why`. */
MUST_CHECK enum outcome erased_apply(
	struct fleet *f, const char *file, uint64_t *persons, char *why, size_t why_size);
