/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The folder that other systems put their files into. A file's name begins with what stands in it:
 * customers-2026-03-17.csv, repair-orders.json; a mapping for all files of a kind is KIND.ini. A
 * file is whole when it was the same at the look before; names that begin with a dot or end in
 * .part or .tmp are somebody's who is still writing. What was imported goes to done/, the rest to
 * failed/, each with a report beside it. Any thread.
 */

#include "fleet/seal.h"
#include "server/import.h"

enum { DROP_IN_SEEN_MAX = 512, DROP_IN_NAME_MAX = 256, DROP_IN_WHY_BYTES = 400 };

/* What stood in the folder at the look before. */
struct drop_in_seen {
	uint32_t len;
	struct {
		char name[DROP_IN_NAME_MAX];
		int64_t bytes, written_ns;
	} file[DROP_IN_SEEN_MAX];
};

struct drop_in_file {
	char name[DROP_IN_NAME_MAX];
	bool unknown; /* its name does not say what stands in it */
	enum import_kind kind;
	struct str text, mapping; /* owned; STR_NULL: it cannot be read (`why`), there is none */
	struct hash sha256;
	struct instant written;
	char why[DROP_IN_WHY_BYTES];
};

/* The kind that a file's name begins with. */
MUST_CHECK bool drop_in_kind(enum import_kind *out, const char *name);
/* The next file that is whole, in the order of kinds and then of names. False: there is none; then
 * `why` says what keeps the folder from being read, or is empty. */
MUST_CHECK bool drop_in_next(
	const char *folder, struct drop_in_seen *seen, struct drop_in_file *out);
/* Out of the way, the report and what was rejected (STR_NULL: nothing) first. False with `why`. */
MUST_CHECK bool drop_in_away(const char *folder, const char *name, bool good, struct str report,
	struct str rejected, char *why, size_t why_size);
