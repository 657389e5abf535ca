/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The repair order of a visit as the workshop's system has it, and what a claim needs beside: one
 * object a visit, under the visit's id, in the journal of its site. Its number is the visit's and
 * its bookings'. Free words about persons have no place in it.
 *
 *   repair-order: { "authorisation"?, "claim_number"?, "closed_at"?, "invoice"?:{"net_minor",
 *                   "reference", "supplier"?}, "lines"?:[{"count"?, "operation"?, "type"}],
 *                   "number", "odometer_in"?, "odometer_out"?, "opened_at",
 *                   "papers"?:[{"bytes", "name", "sha256"}], "parts_delay_reason"?, "ready_at"?,
 *                   "site", "visit" }
 */

#include "fleet/decide.h"
#include "rules/audit.h"

enum { REPAIR_ORDER_LINES_MAX = RO_LINES_MAX, REPAIR_ORDER_PAPERS_MAX = 32 };

/* A claim's part that its repair order says (AUD05 to AUD12); borrowed from the document. What is
 * absent stays as it is in `out`. */
void repair_order_claim(struct claim *out, struct json doc);
