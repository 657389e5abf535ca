/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files of one decision share: coverage and eligibility judge, allocation pays. */

#include "rules/ledger.h"

/* A programme to be looked at, once per coverage that names it (S4). */
struct entry {
	const struct programme *programme;
	const struct coverage *coverage; /* NULL: needs none and none names it */
	enum evidence_result result;	 /* never APPLIED or NOT_USED: `pays` says so in the end */
	bool has_end, pays;
	struct day last_day; /* inclusive, where has_end (S3) */
};

/* One solution being decided. Lives on the stack of decide_terms. */
struct judgement {
	const struct decision_request *request;
	const struct site_terms *site;
	const struct ruleset *ruleset;
	uint32_t solution;
	struct str vehicle_class;
	struct tariff tariff; /* of the solution and class; UNIT_NONE: nothing to pay */
	uint32_t job_bits;    /* job types of the request, bit by ruleset.job_types */
	uint32_t entries_len;
	struct entry entries[EVIDENCE_MAX]; /* in the order of S4 */
	struct ledger *ledger;		    /* where its lines go; NULL: nobody asks */
	bool used_authorisation; /* a covered day was only possible by authorised extra days */
};

/* S4, S5, S6: fills entries. */
void coverage_judge(struct judgement *j);
/* S7 and its extensions. */
enum offer_reason eligibility_judge(const struct judgement *j);
/* The limit of the class where it has one of its own, else that of the whole solution, or NULL. */
const struct driver_limit *eligibility_limit(
	const struct ruleset *r, uint32_t solution, struct str vehicle_class);
/* The solution's price with that of the class in it; UNIT_NONE where the site has none. */
struct tariff decide_tariff(
	const struct site_terms *site, uint32_t solution, struct str vehicle_class);
/* S8 to S15: units, amounts, covered rows, payers and notes. */
void allocate(struct terms *out, struct judgement *j);
