/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the workshop and the warranty desk of the demonstration did since, for loans that stand in
 * the fleet already: nothing happens here that its journal forbids. */

#include "server/import.h"

/* The repair orders of these rows, as far as they are written by now: what lies ahead of im->now is
 * left out, and so is the order of a visit that never came about. */
MUST_CHECK enum outcome demo_orders(struct import *im, const struct import_rows *rows);
/* Complete cases of past weeks are claimed: older ones sent, the oldest answered by the payer. */
MUST_CHECK enum outcome demo_claims(struct import *im);
