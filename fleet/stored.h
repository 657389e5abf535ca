/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A decision as it was stored with its booking, ready to be run again by its own rule set. */

#include "fleet/roster.h"
#include "fleet/view.h"
#include "rules/decision.h"
#include "rules/ledger.h"

struct stored {
	struct decision_request request;
	struct site_terms site;
	struct ruleset_row rules;
	struct faults faults;
	uint32_t solution; /* index in the rule set's order */
	struct str class;  /* whose price counted */
};

/* `decided` of a booking that was then `doc`. NULL when it was read, else what is wrong with it;
 * the words live as long as `out`. */
const char *stored_read(struct stored *out, struct view *v, struct json doc, struct json decided);
