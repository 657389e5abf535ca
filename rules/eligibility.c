/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decide_parts.h"

/*
 * Whether a solution can be offered at all (D3: S7 and its extensions), whatever pays for it. Who
 * is refused one keeps the others (MAS-2.1).
 */

const struct driver_limit *eligibility_limit(
	const struct ruleset *r, uint32_t solution, struct str vehicle_class)
{
	const struct driver_limit *found = NULL;

	for (uint32_t i = 0; i < r->driver_limits_len; i++) {
		const struct driver_limit *l = &r->driver_limits[i];
		if (!str_eq(l->solution, r->solutions[solution].solution.id))
			continue;
		if (!l->vehicle_class.p)
			found = l;
		else if (str_eq(l->vehicle_class, vehicle_class))
			return l;
	}
	return found;
}

static enum offer_reason driver_judge(const struct judgement *j)
{
	const struct decision_request *r = j->request;
	const struct driver_limit *l = eligibility_limit(j->ruleset, j->solution, j->vehicle_class);

	if (l && r->driver.age_years < l->min_age)
		return DRIVER_TOO_YOUNG;
	if (l && l->max_age != NO_LIMIT && r->driver.age_years > l->max_age)
		return DRIVER_TOO_OLD;
	if (l && r->driver.licence_years < l->min_licence_years)
		return LICENCE_TOO_RECENT;
	if (r->driver.licence_expires)
		return LICENCE_EXPIRES_BEFORE_RETURN;
	if (r->driver.category_missing)
		return LICENCE_CATEGORY;
	return OFFERED;
}

/* wait_on_site is for short jobs: as long as the site lets a customer wait in its lounge. */
static bool waits_too_long(const struct judgement *j)
{
	int64_t minutes = 0;

	for (uint32_t i = 0; i < j->request->jobs_len; i++)
		minutes += j->request->jobs[i].immobilisation_minutes;
	return j->site->wait_minutes == NO_LIMIT || minutes > j->site->wait_minutes;
}

enum offer_reason eligibility_judge(const struct judgement *j)
{
	const struct decision_request *r = j->request;
	const struct solution *s = &j->ruleset->solutions[j->solution].solution;

	if (s->driver_checked && r->driver.given) {
		enum offer_reason reason = driver_judge(j);
		if (reason != OFFERED)
			return reason;
	}
	if (s->needs_drivable && r->immobile)
		return VEHICLE_NOT_DRIVABLE;
	if (s->service_area && r->distance_km > j->site->max_service_distance_km)
		return OUT_OF_AREA;
	if (s->claims == CLAIMS_ACCOMPANY && r->distance_km > j->site->accompanied_max_km)
		return OUT_OF_AREA;
	if (str_is(s->id, "wait_on_site") && waits_too_long(j))
		return WAIT_TOO_LONG;
	if (!j->tariff.present && s->unit != UNIT_NONE)
		return NO_TARIFF;
	return OFFERED;
}
