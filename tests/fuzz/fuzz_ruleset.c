/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A rule set, stored or of a definitions file. Its faults are the same each time; where there is
 * none, every limit of rules/ruleset.h holds and what is looked up by name is found where it is.
 */

#include "rules/ruleset.h"
#include "server/json.h"
#include "tests/fuzz/fuzz.h"

static struct ruleset ruleset, other;
static struct faults faults, faults_again;

static void check_programme(const struct ruleset *r, uint32_t i)
{
	const struct programme *p = &r->programmes[i];

	ASSERT(p->id.n > 0 && ruleset_programme(r, p->id) == p);
	ASSERT(p->markets_len <= MARKETS_MAX);
	ASSERT(i == 0 || r->programmes[i - 1].priority < p->priority);
	ASSERT(r->job_types_len == JOB_TYPES_MAX || p->job_types >> r->job_types_len == 0);
	ASSERT(p->segments >> r->segments_len == 0);
	for (uint32_t s = 0; s < SOLUTIONS_MAX; s++) {
		const struct benefit *b = &p->benefit[s];
		ASSERT(!b->present || s < r->solutions_len);
		if (!b->present)
			continue;
		ASSERT(b->more_than_minutes >= 0 && b->from_day >= 1);
		ASSERT(b->max_days >= NO_LIMIT && b->max_per_day >= NO_LIMIT);
		ASSERT(b->max_amount >= NO_LIMIT && b->max_distance_km >= NO_LIMIT);
	}
}

static void check_limits(const struct ruleset *r)
{
	ASSERT(r->version.n > 0);
	ASSERT(r->solutions_len <= SOLUTIONS_MAX && r->job_types_len <= JOB_TYPES_MAX);
	ASSERT(r->segments_len <= SEGMENTS_MAX && r->documents_len <= DOCUMENTS_MAX);
	ASSERT(r->driver_limits_len <= DRIVER_LIMITS_MAX);
	ASSERT(r->programmes_len <= PROGRAMMES_MAX && r->conditions_len <= CONDITIONS_MAX);
	for (uint32_t i = 0; i < r->job_types_len; i++)
		ASSERT(ruleset_job_type_index(r, r->job_types[i]) == (int)i);
	for (uint32_t i = 0; i < r->solutions_len; i++) {
		const struct ruleset_solution *s = &r->solutions[i];
		ASSERT(ruleset_solution_index(r, s->solution.id) == (int)i);
		ASSERT(s->documents_len <= DOCUMENTS_PER_SOLUTION_MAX);
		for (uint32_t d = 0; d < s->documents_len; d++)
			ASSERT(s->documents[d] < r->documents_len);
	}
	for (uint32_t i = 0; i < r->conditions_len; i++)
		ASSERT(r->conditions[i].solutions >> r->solutions_len == 0);
	for (uint32_t i = 0; i < r->programmes_len; i++)
		check_programme(r, i);
}

static void check_faults(const struct faults *f)
{
	for (uint32_t i = 0; i < f->len && i < RULESET_FAULTS_MAX; i++) {
		ASSERT(memchr(f->fault[i].pointer, '\0', sizeof f->fault[i].pointer));
		ASSERT(f->fault[i].detail[0]);
		ASSERT(memchr(f->fault[i].detail, '\0', sizeof f->fault[i].detail));
	}
}

/*
 * The same meaning, member by member: what lies between the members may differ. Words and names
 * point into the one document both were read from.
 */
#define SAME(member) ASSERT(x->member == y->member)
#define SAME_WORD(member) ASSERT(x->member.p == y->member.p && x->member.n == y->member.n)
#define SAME_NAMES(member) ASSERT(x->member.doc == y->member.doc && x->member.at == y->member.at)

static void same_benefit(const struct benefit *x, const struct benefit *y)
{
	SAME(present);
	SAME_WORD(cost_code);
	SAME(more_than_minutes);
	SAME(overnight_required);
	SAME(immobile_required);
	SAME(from_day);
	SAME(max_days);
	SAME(day_count);
	SAME(max_per_day);
	SAME(max_amount);
	SAME(max_distance_km);
	SAME(excess_payer);
}

static void same_programme(const struct programme *x, const struct programme *y)
{
	SAME_WORD(id);
	SAME_WORD(name);
	SAME_WORD(kind);
	SAME_WORD(payer);
	SAME_WORD(reference.title);
	SAME_WORD(reference.version);
	SAME_WORD(reference.article);
	SAME(priority);
	SAME(requires_coverage);
	SAME(transferable);
	SAME(continues_after_expiry);
	SAME(voided_by_lock);
	SAME(needs_open_campaign);
	SAME(needs_claim_ref);
	SAME(repays_net);
	SAME(months);
	SAME(odometer_limit_km);
	SAME(max_uses);
	SAME(markets_len);
	for (uint32_t i = 0; i < x->markets_len; i++)
		SAME_WORD(markets[i]);
	SAME(job_types);
	SAME(any_segment);
	SAME(segments);
	for (uint32_t i = 0; i < SOLUTIONS_MAX; i++)
		same_benefit(&x->benefit[i], &y->benefit[i]);
}

static void same_solution(const struct ruleset_solution *x, const struct ruleset_solution *y)
{
	SAME_WORD(solution.id);
	SAME(solution.unit);
	SAME(solution.claims);
	SAME(solution.driver_checked);
	SAME(solution.needs_drivable);
	SAME(solution.service_area);
	SAME(solution.fetches);
	SAME(solution.brings);
	SAME(solution.receipt);
	SAME_NAMES(names);
	SAME(documents_len);
	ASSERT(memcmp(x->documents, y->documents, sizeof x->documents) == 0);
}

static void same_driver_limit(const struct driver_limit *x, const struct driver_limit *y)
{
	SAME_WORD(solution);
	SAME_WORD(vehicle_class);
	SAME(min_age);
	SAME(min_licence_years);
	SAME(max_age);
}

static void same_condition(const struct condition_rule *x, const struct condition_rule *y)
{
	SAME_WORD(key);
	SAME(solutions);
	SAME_WORD(decision);
	SAME(driver_not_given);
	SAME(value_positive);
	SAME(used_authorisation);
}

static void same_ruleset(const struct ruleset *x, const struct ruleset *y)
{
	SAME_WORD(version);
	SAME(valid_from.n);
	SAME(solutions_len);
	for (uint32_t i = 0; i < x->solutions_len; i++)
		same_solution(&x->solutions[i], &y->solutions[i]);
	SAME(job_types_len);
	for (uint32_t i = 0; i < x->job_types_len; i++)
		SAME_WORD(job_types[i]);
	SAME(segments_len);
	for (uint32_t i = 0; i < x->segments_len; i++)
		SAME_WORD(segments[i]);
	SAME(documents_len);
	for (uint32_t i = 0; i < x->documents_len; i++) {
		SAME_WORD(documents[i].key);
		SAME(documents[i].customer_brings);
		SAME(documents[i].original);
		SAME_NAMES(documents[i].names);
	}
	SAME(driver_limits_len);
	for (uint32_t i = 0; i < x->driver_limits_len; i++)
		same_driver_limit(&x->driver_limits[i], &y->driver_limits[i]);
	SAME(programmes_len);
	for (uint32_t i = 0; i < x->programmes_len; i++)
		same_programme(&x->programmes[i], &y->programmes[i]);
	SAME(conditions_len);
	for (uint32_t i = 0; i < x->conditions_len; i++)
		same_condition(&x->conditions[i], &y->conditions[i]);
}

static bool read(struct json root, bool stored)
{
	memset(&faults, 0, sizeof faults);
	memset(&faults_again, 0, sizeof faults_again);
	bool good = ruleset_read(&ruleset, root, stored, &faults);
	ASSERT(good == ruleset_read(&other, root, stored, &faults_again));
	ASSERT(good == (faults.len == 0));
	same_ruleset(&ruleset, &other);
	ASSERT(memcmp(&faults, &faults_again, sizeof faults) == 0);
	check_faults(&faults);
	if (good)
		check_limits(&ruleset);
	return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str why, kept = json_from_outside(a, fuzz_str(data, size), &why);
	struct json root = kept.p ? arena_json(a, kept, NULL) : JSON_ABSENT;

	if (!json_present(root))
		return 0;
	/* A definitions file may say all that a stored rule set says. */
	if (read(root, true))
		ASSERT(read(root, false));
	else
		(void)read(root, false);
	return 0;
}
