/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A loss, for the two files that deal with it: what it was (lost.c), and the way on (lost_cut.c).
 */

#include <stdio.h>

#include "fleet/fleet_inside.h"
#include "fleet/lost.h"

/* A journal here, and its last entry that is the shared one's too. */
struct lost_journal {
	char name[ID_MAX + 1];
	uint64_t head, common;
	char (*customers)[ID_MAX + 1]; /* whom lost entries of the directory touched; borrowed */
	size_t customers_len;
};

/* NULL: it cannot be written, and nothing is given up. Close: false, it is not durable. */
FILE *lost_file_open(struct fleet *f);
MUST_CHECK bool lost_file_close(struct fleet *f, FILE *file);
MUST_CHECK enum outcome lost_cut(struct fleet *f, const struct lost_journal *lost, size_t len);
