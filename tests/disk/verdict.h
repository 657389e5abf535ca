/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whether a data directory that a power cut left is worth trusting: it opens, holds an exact prefix
 * of the journals, all that was acknowledged and what can be read of it, and takes a booking. */

#include "fleet/fleet.h"
#include "fleet/render.h"
#include "tests/disk/acks.h"

/* What was known when the power went. */
struct known {
	const struct acks *acks; /* borrowed */
	uint32_t acks_len;	 /* those sent before the cut */
	const char *bearer;	 /* "Bearer TOKEN" */
	struct str offer;	 /* open for as long as the test takes */
	bool furnished;		 /* house_fill() was acknowledged: it can be booked */
	struct instant day;	 /* a day on which a rental is free */
};

struct truth;
/* The journals as they were in the end, in a directory that nobody pulled the plug of. */
struct truth *truth_open(const char *dir);
void truth_close(struct truth *t);

/* NULL: all is well; else a sentence. `scratch` is an empty directory. */
const char *verdict(struct truth *t, const struct known *k, const char *dir, const char *scratch);
