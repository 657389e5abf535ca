/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether a seat was given twice, judged from outside: by what bookings say of themselves, with
 * nothing of the program's own calendar. The seats are those of house_fill().
 */

#include "tests/http/house.h"

enum { RESOURCE_BYTES = 48 };

struct stay_row {
	char resource[RESOURCE_BYTES], booking[RESOURCE_BYTES];
	int64_t from_s, until_s; /* with the turnaround */
};

struct seats {
	struct stay_row *rows; /* owned */
	uint32_t len, cap;
	char (*numbers)[RESOURCE_BYTES]; /* owned: one for each booking */
	uint32_t numbers_len, numbers_cap;
};

/* Notes what a booking keeps, when it keeps anything: its car or rental, its moments at a desk. */
void seats_take(struct seats *s, struct json booking);
/* At no time more than there are; no number given to two bookings. Fails the test. */
void seats_check(struct seats *s);
void seats_free(struct seats *s);
