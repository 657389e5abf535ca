/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The claim-ready light of a covered line: what is missing, who mends it where, and until when.
 * What belongs before the keys leave is looked for before they do: afterwards it can only be
 * corrected.
 */

#include "fleet/claims.h"

/* What its booking and the workshop say beside the claim itself. */
struct claim_facts {
	const struct ruleset *rules; /* that decided it; NULL: not stored here */
	struct json first_out;	     /* of the agreement */
	uint32_t papers;	     /* named by the repair order */
	struct str payer;
};
/* Fills what a line misses of the profiles that fit it; its findings are judged elsewhere. */
void claim_line_needs(struct claim_line *l, struct view *look, const struct booking *b,
	const struct claim_facts *facts);

enum claim_light {
	LIGHT_NONE,  /* nobody outside the house is asked for it */
	LIGHT_OPEN,  /* something is missing */
	LIGHT_LATE,  /* of that, something should have been there before the keys left, or came back
		      */
	LIGHT_READY, /* nothing is */
};
const char *claim_light_name(enum claim_light l);
/* Once its findings are complete. */
enum claim_light claim_line_light(const struct claim_line *l);
/* The codes of what is missing: ["AUD01_RO_MISSING","LOAN_NOT_BACK"], findings first. */
void write_missing_codes(struct json_writer *w, const struct claim_line *l);
/* The same with how to mend each: [{"code","late"?,"until","where"}]. */
void write_missing(struct json_writer *w, const struct claim_line *l);
enum { MISSING_CODES_BYTES = 1024, MISSING_BYTES = 4096 };
