/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What servers of one journal have in common beside it: whose journal it is, the installation's
 * secret (a request is known by it at every server) and the keys of persons. A directory follows
 * one journal for its whole life; a key is with all before the first entry that needs it, and gone
 * with all once an erasure was followed.
 */

#include "fleet/fleet.h"

enum { SHARE_ID_MAX = 40 };

/* The journal that this directory follows, in `id`; false: its own. */
bool people_shared(struct people *p, char id[SHARE_ID_MAX + 1]);
/* Makes it follow that one. What is new takes the secret; what has a life of its own must have the
 * same one already (a copy, a restored backup). FAULT_CORRUPT with a sentence in `why`. */
MUST_CHECK enum outcome fleet_join(struct fleet *f, struct str id,
	const uint8_t secret[SEAL_KEY_LEN], char *why, size_t why_size);
/* Makes it one that stands alone: others may go on with the journal without it. */
MUST_CHECK enum outcome fleet_leave(struct fleet *f);
