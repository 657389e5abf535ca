/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The drop folder in (drop_in_file.h): looked at every drop.in_seconds, on a thread of its own; one
 * file at a time is imported like any other (imports.h) and moved. A file that was in hand when the
 * server ended still lies there and is imported again, which changes nothing more.
 */

#include "server/config.h"
#include "server/drop_in_file.h"
#include "server/imports.h"

struct drop_in_counts {
	bool wanted;	  /* there is a folder */
	bool last_failed; /* the last file was not taken, or the folder cannot be used */
	uint64_t done, failed;
	int64_t last_at_s; /* of the last file; 0: none since the start */
	char why[DROP_IN_WHY_BYTES];
};

struct drop_in;
/* NULL without memory. */
struct drop_in *drop_in_open(uv_loop_t *loop, struct fleet *fleet, struct writer *writer,
	struct imports *imports, const struct config *config);
/* Another configuration; borrowed until the next. */
void drop_in_use(struct drop_in *d, const struct config *config);
void drop_in_counts(const struct drop_in *d, struct drop_in_counts *out);
/* No further look begins. After the imports have stopped. */
void drop_in_close(struct drop_in *d);
