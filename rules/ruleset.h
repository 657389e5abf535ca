/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A rule set: what a dealer group and its maker agreed, as data (contract.md section 3; semantics
 * S1 to S19 of the decision model). Read from a JSON document whose bytes must outlive it. Known by
 * its version and the SHA-256 of its canonical JSON, which the caller computes.
 */

#include "rules/claim_profile.h"
#include "rules/instant.h"
#include "rules/json.h"
#include "rules/solution.h"

enum {
	PROGRAMMES_MAX = 256,
	JOB_TYPES_MAX = 32,
	SEGMENTS_MAX = 16,
	MARKETS_MAX = 16,
	DOCUMENTS_MAX = 64,
	DOCUMENTS_PER_SOLUTION_MAX = 16,
	CONDITIONS_MAX = 32,
	DRIVER_LIMITS_MAX = 64,
	LANGUAGES_MAX = 16,
	RULESET_FAULTS_MAX = 100,
};

enum { NO_LIMIT = -1 }; /* in any field below that a definition may leave null */

enum day_count { COUNT_RENTAL_DAY, COUNT_WORKING_DAY };
/* Who bears what a cap leaves: the extension `excess_payer`. */
enum excess_payer { EXCESS_CUSTOMER, EXCESS_DEALER, EXCESS_ASK };

struct benefit {
	bool present;
	struct str cost_code;
	int32_t more_than_minutes;
	bool overnight_required, immobile_required;
	int32_t from_day; /* 1 = from the first repair day */
	int32_t max_days; /* or NO_LIMIT */
	enum day_count day_count;
	int64_t max_per_day;	 /* minor units, or NO_LIMIT */
	int64_t max_amount;	 /* minor units, or NO_LIMIT */
	int32_t max_distance_km; /* or NO_LIMIT */
	enum excess_payer excess_payer;
};

struct programme {
	struct str id, name, kind, payer;
	struct {
		struct str title, version,
			article; /* STR_NULL where absent; for staff (MAS-3.7, 3.8) */
	} reference;
	int32_t priority;
	bool requires_coverage, transferable, continues_after_expiry, voided_by_lock;
	bool needs_open_campaign, needs_claim_ref;
	bool repays_net; /* the payer repays net of VAT: covered rows carry net_minor (site tax_bp)
			  */
	int32_t months;	 /* or NO_LIMIT */
	int32_t odometer_limit_km; /* or NO_LIMIT */
	int32_t max_uses;	   /* or NO_LIMIT */
	uint32_t markets_len;
	struct str markets[MARKETS_MAX];
	uint32_t job_types; /* bit i = ruleset.job_types[i] */
	bool any_segment;
	uint32_t segments;		       /* bit i = ruleset.segments[i] */
	struct benefit benefit[SOLUTIONS_MAX]; /* by index in solution_order */
};

/* One of the nine as in solutions_known, or an addition of the rule set. */
struct ruleset_solution {
	struct solution solution;
	struct json names; /* {"fr":...} of an added solution, absent for the nine */
	uint32_t documents_len;
	uint8_t documents[DOCUMENTS_PER_SOLUTION_MAX]; /* index in ruleset.documents */
};

struct document {
	struct str key;
	bool customer_brings; /* who = customer; without a catalogue, agreements and hand-over
				 sheets are the dealer's */
	bool original;
	struct json names; /* {"fr":...} or absent */
};

struct driver_limit {
	struct str solution;
	struct str vehicle_class; /* STR_NULL: the whole solution */
	int32_t min_age, min_licence_years;
	int32_t max_age; /* or NO_LIMIT */
};

/* condition_rules[].when, parsed from its closed grammar (definitions.json):
 * "solution in A, B" | "solution = A" | "decision = D" | "driver not given" | "value_minor > 0" |
 * "a covered row used authorisation extra days", joined by " and ". */
struct condition_rule {
	struct str key;
	uint32_t solutions;  /* bit by solution_order, 0 = any */
	struct str decision; /* STR_NULL = any */
	bool driver_not_given, value_positive, used_authorisation;
};

struct ruleset {
	struct str version; /* a number is read as its digits */
	struct day valid_from;
	uint32_t solutions_len; /* in solution_order */
	struct ruleset_solution solutions[SOLUTIONS_MAX];
	uint32_t job_types_len, segments_len, documents_len, driver_limits_len, programmes_len,
		conditions_len, claim_profiles_len;
	struct str job_types[JOB_TYPES_MAX];
	struct str segments[SEGMENTS_MAX];
	struct document documents[DOCUMENTS_MAX];
	struct driver_limit driver_limits[DRIVER_LIMITS_MAX];
	struct programme programmes[PROGRAMMES_MAX]; /* ascending priority */
	struct condition_rule conditions[CONDITIONS_MAX];
	struct claim_profile claim_profiles[CLAIM_PROFILES_MAX];
};

/* A fault and its place, as a JSON pointer (RFC 6901). Shared by every checker of documents. */
struct fault {
	char pointer[120];
	char detail[160];
};
struct faults {
	uint32_t len; /* counts on beyond the array when there are more */
	struct fault fault[RULESET_FAULTS_MAX];
};
void faults_add(struct faults *f, const char *pointer, const char *detail_format, ...)
	PRINTF_LIKE(3, 4);

/*
 * Reads and checks: every fault of the document is added to `faults`, not only the first (unknown
 * job type or solution, negative cap, neither months nor end where a term is required, duplicate id
 * or priority, max_per_day together with a trip solution ...). `stored` true: an immutable rule set
 * of the product (unknown members refused, valid_from required, the version text); false: a
 * definitions file (about, semantics, invariants, audit_*, sites are ignored; a missing valid_from
 * is 1970-01-01). True when there is no fault; only then is *out whole.
 */
MUST_CHECK bool ruleset_read(
	struct ruleset *out, struct json root, bool stored, struct faults *faults);
/* Index in solution_order, or -1. */
int ruleset_solution_index(const struct ruleset *r, struct str solution);
int ruleset_job_type_index(const struct ruleset *r, struct str job_type);
const struct programme *ruleset_programme(const struct ruleset *r, struct str id);
