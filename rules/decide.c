/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"

#include "rules/decide_parts.h"

/* One solution from request to terms (D6, S16, S17): the order in which the parts are asked. */

enum { MINUTE_S = 60, DAY_MINUTES = 1440 };

static const char *const decision_names[] = {
	[DECISION_FREE] = "free",
	[DECISION_PAID] = "paid",
	[DECISION_PARTLY_FREE] = "partly_free",
	[DECISION_NOT_OFFERED] = "not_offered",
};
static const char *const offer_reason_codes[] = {[OFFERED] = "",
#define X(code) [code] = #code,
	OFFER_REASONS(X)
#undef X
};
static const char *const note_codes[] = {
#define X(code) [NOTE_##code] = #code,
	NOTES(X)
#undef X
};
static const char *const evidence_codes[] = {
#define X(code) [EVIDENCE_##code] = #code,
	EVIDENCE_RESULTS(X)
#undef X
};

const char *decision_name(enum decision d)
{
	ASSERT(d < ARRAY_LEN(decision_names));
	return decision_names[d];
}

const char *offer_reason_code(enum offer_reason r)
{
	ASSERT(r < ARRAY_LEN(offer_reason_codes));
	return offer_reason_codes[r];
}

const char *note_code(enum note n)
{
	ASSERT(n < NOTES_LEN);
	return note_codes[n];
}

const char *evidence_code(enum evidence_result e)
{
	ASSERT(e < ARRAY_LEN(evidence_codes));
	return evidence_codes[e];
}

/* S8. Wall seconds, so that a change of the clock neither adds nor removes a day. */
int32_t rental_days(struct local from, struct local to, int32_t grace_minutes)
{
	int64_t day_s = (int64_t)DAY_MINUTES * MINUTE_S;
	int64_t s = to.wall_s - from.wall_s - (int64_t)grace_minutes * MINUTE_S;
	int64_t days = s <= 0 ? 1 : (s + day_s - 1) / day_s;

	ASSERT(days <= INT32_MAX);
	return (int32_t)days;
}

/* The price of a class replaces that of its solution; a price list must exist for either. */
struct tariff decide_tariff(
	const struct site_terms *site, uint32_t solution, struct str vehicle_class)
{
	struct tariff t = site->tariff[solution];

	for (uint32_t i = 0; t.present && vehicle_class.n > 0 && i < site->class_tariffs_len; i++)
		if (site->class_tariffs[i].solution == solution &&
			str_eq(site->class_tariffs[i].vehicle_class, vehicle_class))
			t.price_minor = site->class_tariffs[i].price_minor;
	if (!t.present)
		t.unit = UNIT_NONE;
	return t;
}

static void evidence_fill(struct terms *out, const struct judgement *j)
{
	for (uint32_t i = 0; i < j->entries_len; i++) {
		const struct entry *e = &j->entries[i];
		enum evidence_result result = e->result;
		if (result == EVIDENCE_APPLICABLE)
			result = e->pays ? EVIDENCE_APPLIED : EVIDENCE_NOT_USED;
		out->evidence[i].programme = e->programme->id;
		out->evidence[i].result = result;
	}
	out->evidence_len = j->entries_len;
}

static bool condition_holds(
	const struct condition_rule *c, const struct terms *t, const struct judgement *j)
{
	if (c->solutions && !(c->solutions & UINT32_C(1) << j->solution))
		return false;
	if (c->decision.p && !str_is(c->decision, decision_name(t->decision)))
		return false;
	if (c->driver_not_given && j->request->driver.given)
		return false;
	if (c->value_positive && t->value_minor == 0)
		return false;
	return !c->used_authorisation || j->used_authorisation;
}

static void conditions_fill(struct terms *out, const struct judgement *j)
{
	for (uint32_t i = 0; i < j->ruleset->conditions_len; i++)
		if (condition_holds(&j->ruleset->conditions[i], out, j))
			out->conditions |= UINT32_C(1) << i;
}

void decide_ledger(struct ledger *ledger, struct terms *out, const struct decision_request *request,
	const struct site_terms *site, const struct ruleset *ruleset, uint32_t solution,
	struct str vehicle_class)
{
	struct judgement j;

	ASSERT(solution < ruleset->solutions_len);
	j.request = request;
	j.site = site;
	j.ruleset = ruleset;
	j.solution = solution;
	j.vehicle_class = vehicle_class;
	j.tariff = decide_tariff(site, solution, vehicle_class);
	j.job_bits = 0;
	j.ledger = ledger;
	j.used_authorisation = false;
	for (uint32_t i = 0; i < request->jobs_len; i++) {
		int at = ruleset_job_type_index(ruleset, request->jobs[i].type);
		if (at >= 0)
			j.job_bits |= UINT32_C(1) << at;
	}

	memset(out, 0, offsetof(struct terms, covered));
	if (ledger)
		ledger->len = 0;
	out->currency = site->currency;
	out->solution = solution;
	out->reason = eligibility_judge(&j);
	if (out->reason != OFFERED) {
		out->decision = DECISION_NOT_OFFERED;
		return;
	}
	coverage_judge(&j);
	allocate(out, &j);
	if (out->customer_minor == 0)
		out->decision = DECISION_FREE;
	else
		out->decision = out->value_minor == 0 ? DECISION_PAID : DECISION_PARTLY_FREE;
	evidence_fill(out, &j);
	conditions_fill(out, &j);
}

void decide_terms(struct terms *out, const struct decision_request *request,
	const struct site_terms *site, const struct ruleset *ruleset, uint32_t solution,
	struct str vehicle_class)
{
	decide_ledger(NULL, out, request, site, ruleset, solution, vehicle_class);
}
