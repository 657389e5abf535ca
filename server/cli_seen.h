/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* `relais audit verify` of an export, and the checkpoint that somebody kept. */

#include "fleet/note.h"
#include "server/chain.h"

struct seen {
	bool given;
	struct signed_note note; /* its signature is good */
	bool has_key;
	struct note_key key; /* that was given */
};

/* An exit code; what failed was told. NULL: no checkpoint, no key was given. */
MUST_CHECK int seen_read(struct seen *seen, const char *checkpoint, const char *key);
MUST_CHECK int export_verify(const char *path, const struct seen *seen);
MUST_CHECK int seen_in_data(const struct seen *seen, const char *dir);
