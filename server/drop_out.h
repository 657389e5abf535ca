/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Files for the workshop's system (drop_file.h): every so many seconds the sites whose journals
 * went on are written into drop.out, on a thread of its own. What cannot be written is tried again,
 * from the same place; when nobody takes the files away, it waits.
 */

#include <uv.h>

#include "fleet/fleet.h"
#include "server/config.h"
#include "server/drop_file.h"

enum {
	DROP_SITES_MAX = 256,
	DROP_FILES_A_RUN = 20, /* of one site, before the others have their turn */
};

struct drop_counts {
	bool wanted;	  /* there is a folder for them */
	bool last_failed; /* the last run did not write what it should */
	bool full;	  /* as many files as may be wait for somebody to take them */
	uint64_t files, rows, failed;
	int64_t last_at_s;	  /* of the last file; 0: none since the start */
	char why[DROP_WHY_BYTES]; /* of the last failure */
};

struct drop_out;
/* Looks at once. NULL without memory. */
struct drop_out *drop_out_open(uv_loop_t *loop, struct fleet *fleet, const struct config *config);
/* Another configuration; borrowed until the next. */
void drop_out_use(struct drop_out *d, const struct config *config);
void drop_out_counts(const struct drop_out *d, struct drop_counts *out);
/* No further run begins; one under way ends with the file it is at. */
void drop_out_close(struct drop_out *d);
