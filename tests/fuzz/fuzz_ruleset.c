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

static bool read(struct json root, bool stored)
{
	memset(&faults, 0, sizeof faults);
	memset(&faults_again, 0, sizeof faults_again);
	bool good = ruleset_read(&ruleset, root, stored, &faults);
	ASSERT(good == ruleset_read(&other, root, stored, &faults_again));
	ASSERT(good == (faults.len == 0));
	ASSERT(memcmp(&ruleset, &other, sizeof other) == 0);
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
