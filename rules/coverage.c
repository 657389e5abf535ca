/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decide_parts.h"

/*
 * Which programmes hold (D1: S3, S4, S5) and what they hold for one solution (D2: S6). Decided
 * once, on the local date of drop-off and the odometer at drop-off, never again during the loan
 * (S2).
 */

struct day coverage_last_day(const struct coverage *c, const struct programme *p, bool *has_end)
{
	*has_end = c->has_end || (c->has_start && p->months != NO_LIMIT);
	if (c->has_end)
		return c->ends_on;
	if (!*has_end)
		return (struct day){INT32_MAX};
	return (struct day){day_add_months(c->start_on, p->months).n + c->suspended_days};
}

/* What the visit's other bookings used of the programme's quota (S5.10). */
static int64_t uses_of(const struct decision_request *r, const struct coverage *c)
{
	int64_t uses = c->uses;

	for (uint32_t i = 0; i < r->used_len; i++)
		if (str_eq(r->used[i].programme, c->programme))
			uses += r->used[i].uses;
	return uses;
}

static bool names_market(const struct programme *p, struct str market)
{
	for (uint32_t i = 0; i < p->markets_len; i++)
		if (str_eq(p->markets[i], market))
			return true;
	return false;
}

static bool names_segment(const struct judgement *j, const struct programme *p)
{
	const struct ruleset *r = j->ruleset;

	if (p->any_segment)
		return true;
	for (uint32_t i = 0; i < r->segments_len; i++)
		if ((p->segments & UINT32_C(1) << i) && str_eq(r->segments[i], j->request->segment))
			return true;
	return false;
}

/* Checks 6 to 11 of S5, those that ask about a coverage. */
static enum evidence_result coverage_status(const struct judgement *j, const struct entry *e)
{
	const struct decision_request *r = j->request;
	const struct programme *p = e->programme;
	const struct coverage *c = e->coverage;
	struct day on = local_day(r->drop_off);

	ASSERT(c);
	if (!p->transferable && !str_eq(c->owner_id, r->owner_id))
		return EVIDENCE_NOT_TRANSFERABLE;
	/* A term counted in months without a first day cannot be shown to have begun. */
	if (c->has_start ? on.n < c->start_on.n : !c->has_end && p->months != NO_LIMIT)
		return EVIDENCE_NOT_STARTED;
	if (e->has_end && on.n > e->last_day.n)
		return EVIDENCE_EXPIRED;
	if (p->odometer_limit_km != NO_LIMIT && r->odometer_km > p->odometer_limit_km)
		return EVIDENCE_ODOMETER_EXCEEDED;
	if (p->max_uses != NO_LIMIT && uses_of(r, c) >= p->max_uses)
		return EVIDENCE_QUOTA_EXHAUSTED;
	if (p->needs_claim_ref && c->claim_ref.n == 0)
		return EVIDENCE_CLAIM_REF_MISSING;
	return EVIDENCE_ACTIVE;
}

/* S5: the first check that matches wins. */
static enum evidence_result programme_status(const struct judgement *j, const struct entry *e)
{
	const struct decision_request *r = j->request;
	const struct programme *p = e->programme;

	if (!names_market(p, j->site->market))
		return EVIDENCE_MARKET_NOT_COVERED;
	if (!(p->job_types & j->job_bits))
		return EVIDENCE_JOB_NOT_COVERED;
	if (!names_segment(j, p))
		return EVIDENCE_SEGMENT_NOT_COVERED;
	if (p->needs_open_campaign && !r->campaign_open)
		return EVIDENCE_CAMPAIGN_NOT_OPEN;
	if (p->voided_by_lock && r->warranty_locked)
		return EVIDENCE_WARRANTY_LOCKED;
	return p->requires_coverage ? coverage_status(j, e) : EVIDENCE_ACTIVE;
}

/* Only the jobs the programme is for count towards its minimum: a mixed repair order (S6.3). */
static int64_t matching_minutes(const struct judgement *j, const struct programme *p)
{
	int64_t minutes = 0;

	for (uint32_t i = 0; i < j->request->jobs_len; i++) {
		int at = ruleset_job_type_index(j->ruleset, j->request->jobs[i].type);
		if (at >= 0 && (p->job_types & UINT32_C(1) << at))
			minutes += j->request->jobs[i].immobilisation_minutes;
	}
	return minutes;
}

/* S6, for an ACTIVE programme. */
static enum evidence_result applicability(const struct judgement *j, const struct programme *p)
{
	const struct decision_request *r = j->request;
	const struct benefit *b = &p->benefit[j->solution];

	if (!b->present)
		return EVIDENCE_SOLUTION_NOT_INCLUDED;
	if (b->immobile_required && !r->immobile)
		return EVIDENCE_VEHICLE_NOT_IMMOBILE;
	if (matching_minutes(j, p) <= b->more_than_minutes)
		return EVIDENCE_IMMOBILISATION_TOO_SHORT;
	if (b->overnight_required && local_day(r->ready).n == local_day(r->drop_off).n)
		return EVIDENCE_OVERNIGHT_REQUIRED;
	return EVIDENCE_APPLICABLE;
}

static void entry_add(
	struct judgement *j, const struct programme *p, const struct coverage *coverage)
{
	struct entry *e = &j->entries[j->entries_len++];

	ASSERT(j->entries_len <= EVIDENCE_MAX);
	*e = (struct entry){.programme = p, .coverage = coverage};
	if (coverage)
		e->last_day = coverage_last_day(coverage, p, &e->has_end);
	e->result = programme_status(j, e);
	if (e->result == EVIDENCE_ACTIVE)
		e->result = applicability(j, p);
}

void coverage_judge(struct judgement *j)
{
	const struct decision_request *r = j->request;
	const struct programme *named[COVERAGES_MAX];

	ASSERT(r->coverages_len <= COVERAGES_MAX);
	/* A coverage may name a programme of another rule set: there is nothing to evaluate then.
	 */
	for (uint32_t c = 0; c < r->coverages_len; c++)
		named[c] = ruleset_programme(j->ruleset, r->coverages[c].programme);
	j->entries_len = 0;
	/* Programmes stand in ascending priority, so S4's order comes by itself. */
	for (uint32_t i = 0; i < j->ruleset->programmes_len; i++) {
		const struct programme *p = &j->ruleset->programmes[i];
		if (!p->requires_coverage)
			entry_add(j, p, NULL);
		for (uint32_t c = 0; c < r->coverages_len; c++)
			if (named[c] == p)
				entry_add(j, p, &r->coverages[c]);
	}
}
