/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Rows, index and calendar for whatever entries a target read: begun empty, given up in the end. */

#include "fleet/apply.h"

struct projection {
	struct txn txn;
	struct arena arena; /* of an entry */
};

void projection_begin(struct projection *p);
/* As a restore does it: FAULT_CORRUPT has words. Nothing is applied after it. */
enum outcome projection_apply(struct projection *p, struct str bytes);
void projection_end(struct projection *p);
