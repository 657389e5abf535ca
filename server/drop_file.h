/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the workshop's system is told: the visits and bookings of a site that changed, as they are
 * now, in files relais-SITE-FIRST-LAST.csv (or .jsonl) named by the entries of the site's journal
 * that changed them. A file gets its name when it is whole and on the disk; then the place reached
 * is kept in DIR/drop-SITE. A crash in between writes the same entries again: at least once, never
 * not. Nothing sealed stands in them but, where it is asked for, the customer's name. Any thread.
 */

#include "fleet/fleet.h"

enum {
	DROP_ENTRIES_MAX = 2000, /* of the journal in one file */
	DROP_OBJECTS_MAX = 8192, /* named by them, each once */
	DROP_WHY_BYTES = 400,
};

struct drop_file {
	const char *folder, *data; /* borrowed: where they go; DIR */
	bool json, names;	   /* JSON Lines instead of CSV; with the customer's name */
	uint32_t waiting_max;	   /* files of a site that nobody has taken yet */
};
struct drop_result {
	uint64_t first, last; /* entries looked at; last = 0: there were none */
	uint32_t rows;	      /* 0: no file was written */
	bool full;	      /* as many files as may be wait for somebody to take them */
	bool more;	      /* there are entries behind `last` */
};

/* One file at the most. FAULT_DISK with a sentence in `why`: nothing has a name that is not whole.
 */
MUST_CHECK enum outcome drop_file_write(struct fleet *fleet, const struct drop_file *to,
	struct str site, struct drop_result *out, char *why, size_t why_size);
/* Takes away what a process that died left half written. */
void drop_file_tidy(const struct drop_file *to);
/* The word that workshop systems have for a solution ("Loaner"); STR_NULL where they have none. */
struct str drop_transportation(struct str solution);
