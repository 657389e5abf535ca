/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The Idempotency-Keys of an import. A key that led to a refusal is bound to it for ever (contract
 * 2), but whoever imports a file again has made room meanwhile: then the next attempt has a key of
 * its own (import/REF, import/REF/2, ...), and so it has after the import was undone.
 */

#include "server/import.h"

enum { IMPORT_ATTEMPTS_MAX = 1000 };

struct import_key {
	struct str text;    /* to be used; STR_NULL when an attempt was already done */
	uint64_t seq;	    /* of the entry that did it */
	struct json effect; /* its first effect, in the view's arena */
};
/* False: every attempt was refused, IMPORT_ATTEMPTS_MAX times. */
MUST_CHECK bool import_key_find(
	struct view *v, struct str journal, struct str by, struct str base, struct import_key *out);
