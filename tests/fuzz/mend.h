/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Hashes and sums made right again after a change, as a forger would: without that no fuzzer comes
 * past them. Digits are written where digits stand; what has another form is left as it is. */

#include "fleet/arena.h"

/* An export: each line's hash and prev. A copy in the arena. */
struct str mend_export(struct arena *a, struct str text);
/* A backup: those of its entries, the heads that its first line promises, the sum of its last. */
struct str mend_backup(struct arena *a, struct str text);
