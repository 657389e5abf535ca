/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Who pays for the customer's mobility: the decision model S1 to S19 and its extensions, as one
 * pure function (request, site terms, rule set) -> terms. All instants are local readings with
 * their offsets, so a stored decision replays to the same bytes whatever happens to the zone
 * tables. Strings are borrowed from the documents they were read from.
 */

#include "rules/instant.h"
#include "rules/json.h"
#include "rules/ruleset.h"
#include "rules/zone.h"

enum {
	JOBS_MAX = 16,
	COVERAGES_MAX = 32,
	AUTHORISATIONS_MAX = 16,
	USED_MAX = 32,
	GOODWILL_SOLUTIONS_MAX = SOLUTIONS_MAX,
	LOAN_DAYS_MAX = 366,
	COVERED_MAX = 64,
	EVIDENCE_MAX = PROGRAMMES_MAX + COVERAGES_MAX,
	PAYERS_MAX = 16,
	CLASS_TARIFFS_MAX = 32,
	TERMS_HOLIDAYS_MAX = 128,
};
#define DISTANCE_MAX_KM 20000
#define ODOMETER_MAX_KM 9999999
#define IMMOBILISATION_MAX_MINUTES (366 * 1440)

struct job {
	struct str type;
	int32_t immobilisation_minutes;
};

struct coverage {
	struct str programme, owner_id, claim_ref; /* claim_ref STR_NULL or empty: none */
	bool has_start, has_end;
	struct day start_on, ends_on;
	int32_t suspended_days, uses;
};

struct authorisation {
	struct str programme, ref, reason;
	int32_t extra_days;
};

struct goodwill {
	bool given;
	int32_t percent_bp;
	struct str payer, cost_code, authorisation_ref;
	uint32_t solutions_len;
	struct str solutions[GOODWILL_SOLUTIONS_MAX];
};

/* What the visit's other bookings consumed of a programme: S10's cap and S5.10's quota start here.
 */
struct used {
	struct str programme;
	int32_t days, uses;
};

struct decision_request {
	struct local drop_off, ready, loan_from, loan_to;
	bool has_collect_until;
	struct local collect_until; /* days starting in [ready, collect_until) are the dealer's */
	uint32_t jobs_len, coverages_len, authorisations_len, used_len;
	struct job jobs[JOBS_MAX];
	bool campaign_open;
	int32_t distance_km;
	struct str vin; /* for the record only */
	int32_t odometer_km;
	struct str owner_id;
	bool immobile, warranty_locked;
	struct coverage coverages[COVERAGES_MAX];
	struct str customer_id, segment;
	struct {
		bool given;
		int32_t age_years, licence_years; /* on the local date of loan_from */
		bool licence_expires;		  /* before the return */
		bool category_missing;
	} driver;
	struct authorisation authorisations[AUTHORISATIONS_MAX];
	struct goodwill goodwill;
	struct used used[USED_MAX];
};

/* What the site sets: frozen with the booking as "the tariff used". */
struct tariff {
	bool present;
	enum solution_unit unit;
	int64_t price_minor; /* day or trip */
	int32_t trips, legs;
	int64_t base_minor, per_km_minor; /* leg */
};
struct site_terms {
	struct str market, currency;
	int32_t grace_minutes, max_service_distance_km, accompanied_max_km;
	int32_t tax_bp;	      /* value-added tax contained in prices; 0 where absent */
	int32_t wait_minutes; /* wait_on_site is offered up to this immobilisation; NO_LIMIT = never
			       */
	uint32_t holidays_len;
	struct day holidays[TERMS_HOLIDAYS_MAX];
	struct tariff tariff[SOLUTIONS_MAX]; /* by index in solution_order */
	uint32_t class_tariffs_len;
	struct {
		uint8_t solution; /* index in solution_order */
		struct str vehicle_class;
		int64_t price_minor;
	} class_tariffs[CLASS_TARIFFS_MAX];
};

enum decision { DECISION_FREE, DECISION_PAID, DECISION_PARTLY_FREE, DECISION_NOT_OFFERED };

// clang-format off
/* Refusal codes of an offer (S7 and extensions), first match wins in this order. */
#define OFFER_REASONS(X) \
	X(DRIVER_TOO_YOUNG) X(DRIVER_TOO_OLD) X(LICENCE_TOO_RECENT) \
	X(LICENCE_EXPIRES_BEFORE_RETURN) \
	X(LICENCE_CATEGORY) X(VEHICLE_NOT_DRIVABLE) X(OUT_OF_AREA) X(WAIT_TOO_LONG) X(NO_TARIFF)
/* Notes, in ascending order of their code so that a walk over the set is sorted (S10). */
#define NOTES(X) \
	X(AFTER_COMPLETION) X(AMOUNT_CAPPED) X(AUTHORISATION_TO_ASK) X(BEFORE_DROP_OFF) \
	X(CAP_DAYS_REACHED) X(DAY_AMOUNT_CAPPED) X(DISTANCE_CAPPED) X(GOODWILL_NOT_AUTHORISED) \
	X(PROGRAMME_ENDED_DURING_LOAN) X(WAITING_PERIOD)
/* Evidence (S16): the status of S5, else the code of S6, else APPLIED or NOT_USED. */
#define EVIDENCE_RESULTS(X) \
	X(MARKET_NOT_COVERED) X(JOB_NOT_COVERED) X(SEGMENT_NOT_COVERED) X(CAMPAIGN_NOT_OPEN) \
	X(WARRANTY_LOCKED) X(NOT_TRANSFERABLE) X(NOT_STARTED) X(EXPIRED) X(ODOMETER_EXCEEDED) \
	X(QUOTA_EXHAUSTED) X(CLAIM_REF_MISSING) X(ACTIVE) \
	X(SOLUTION_NOT_INCLUDED) X(VEHICLE_NOT_IMMOBILE) X(IMMOBILISATION_TOO_SHORT) \
	X(OVERNIGHT_REQUIRED) X(APPLICABLE) X(APPLIED) X(NOT_USED)
// clang-format on

enum offer_reason {
	OFFERED,
#define X(code) code,
	OFFER_REASONS(X)
#undef X
};
enum note {
#define X(code) NOTE_##code,
	NOTES(X)
#undef X
		NOTES_LEN
};
enum evidence_result {
#define X(code) EVIDENCE_##code,
	EVIDENCE_RESULTS(X)
#undef X
};

struct covered_row {
	struct str programme, payer, cost_code;
	int32_t units;
	int64_t amount_minor;
	bool has_net;
	int64_t net_minor; /* where the payer repays net of VAT */
	int32_t consumed;  /* days this row consumed of the programme's cap (S11): for `used` */
};

struct terms {
	enum decision decision;
	enum offer_reason reason; /* OFFERED unless DECISION_NOT_OFFERED */
	int32_t units;
	int64_t gross_minor, customer_minor, value_minor;
	struct str currency;
	uint32_t notes;	     /* bit = enum note */
	uint32_t conditions; /* bit i = ruleset.conditions[i] */
	uint32_t solution;   /* index in solution_order: documents come from there */
	uint32_t covered_len, payers_len, evidence_len;
	/* Large lists: nothing is said of what lies beyond their lengths. */
	struct covered_row covered[COVERED_MAX]; /* the last two are for COLLECTION and GOODWILL */
	struct str payers[PAYERS_MAX];
	struct {
		struct str programme;
		enum evidence_result result;
	} evidence[EVIDENCE_MAX];
};

/* One solution (index in solution_order), priced for a class (STR_NULL: the solution's own price).
 * Request and site keep the bounds of their readers (a loan of at most LOAN_DAYS_MAX days ...);
 * whoever builds or changes them otherwise keeps them too, for beyond them it stops the process.
 * When more programmes pay than COVERED_MAX has rows, those without a row pay nothing. */
void decide_terms(struct terms *out, const struct decision_request *request,
	const struct site_terms *site, const struct ruleset *ruleset, uint32_t solution,
	struct str vehicle_class);

/* The three functions that worked cases name (S3, S7, S8). */
int32_t rental_days(struct local from, struct local to, int32_t grace_minutes);
struct day coverage_last_day(const struct coverage *c, const struct programme *p, bool *has_end);

/* ---- documents <-> structs ---- */

/*
 * The request as JSON, in the shape of the worked cases. With a zone, instants are RFC 3339
 * readings of any offset and are turned into that zone (S1). Without one, the document is a stored
 * decision: instants are UTC and their offsets stand in `offsets` (decision_request_write wrote
 * it). `driver` may be {birth_on, licence_on} or {age_years, licence_years}. Every fault goes to
 * `faults` with its pointer. Bounds: the enums above; a loan of at most LOAN_DAYS_MAX days.
 */
MUST_CHECK bool decision_request_read(struct decision_request *out, struct json request,
	const struct zone *zone, struct faults *faults);
/* The words of the request that only a rule set can judge: job types, programmes of authorisations,
 * solutions of a goodwill. Decisions themselves let unknown words match nothing. */
MUST_CHECK bool decision_request_check(
	const struct decision_request *r, const struct ruleset *ruleset, struct faults *faults);
/* A date of birth or of a licence, 1800 on: people are older than the epoch. */
MUST_CHECK bool person_day_parse(struct day *out, struct str text);
/* Writes one object: the resolved inputs, never a date of birth or of a licence. */
void decision_request_write(struct json_writer *w, const struct decision_request *r);

/* `site` is a site object (contract 3): market, currency, grace_minutes, tariff ... */
MUST_CHECK bool site_terms_read(struct site_terms *out, struct json site,
	const struct ruleset *ruleset, struct faults *faults);
/* What of the site a replay needs, as a site object that site_terms_read accepts. */
void site_terms_write(
	struct json_writer *w, const struct site_terms *t, const struct ruleset *ruleset);

/* The `terms` object of contract.md section 4. */
void terms_write(struct json_writer *w, const struct terms *t, const struct ruleset *ruleset);

const char *decision_name(enum decision d);	    /* "free" */
const char *offer_reason_code(enum offer_reason r); /* "DRIVER_TOO_YOUNG"; "" for OFFERED */
const char *note_code(enum note n);
const char *evidence_code(enum evidence_result e);
