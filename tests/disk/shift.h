/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A shift at the desk of house_fill(): bookings made, changed, handed over and brought back by
 * several clients at once, with a ledger of what was acknowledged. */

#include "tests/http/ledger.h"

enum { SHIFT_DESKS = 3 };

struct shift {
	struct house *house; /* borrowed */
	struct ledger ledger;
	struct chance chance;
	struct instant now; /* about */
	struct str offer;   /* owned */
	uint32_t signed_count;
	/* Of the last work: 503 answers, and orders that nobody answered. */
	uint32_t refused_503, silent;
};

/* The house serves and is filled. */
void shift_begin(struct shift *d, struct house *h, const char *what);
/* So many orders, as long as the server is there. What was not answered stays unknown in the
 * ledger. */
void shift_work(struct shift *d, uint32_t orders);
/* The same with errands of one kind that need no promise. */
void shift_work_errand(struct shift *d, enum errand errand, uint32_t orders);
/* So many agreements are shown, signed and kept: bytes beside the journal, with their entry. */
void shift_sign(struct shift *d, uint32_t agreements);
/* The server is up again and well: what is unknown is asked again, and all must be as it was
 * acknowledged. */
void shift_look_back(struct shift *d);
/* The house's data are others from now on: of its promises none is left. */
void shift_forget(struct shift *d);
void shift_end(struct shift *d);
