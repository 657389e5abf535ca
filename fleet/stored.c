/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/stored.h"

const char *stored_read(struct stored *out, struct view *v, struct json doc, struct json decided)
{
	struct json ruleset = json_get(doc, "ruleset");
	bool upgraded = json_present(json_get(doc, "upgraded_from"));
	int index;

	if (!ruleset_by_hash(v, json_str_at(ruleset, "version"), json_str_at(ruleset, "sha256"),
		    &out->rules))
		return "its rule set is not stored";
	out->faults.len = 0;
	if (!decision_request_read(
		    &out->request, json_get(decided, "request"), NULL, &out->faults) ||
		!site_terms_read(
			&out->site, json_get(decided, "site"), out->rules.ruleset, &out->faults))
		return out->faults.len ? out->faults.fault[0].detail : "its inputs cannot be read";
	index = ruleset_solution_index(out->rules.ruleset, json_str_at(doc, "solution"));
	if (index < 0)
		return "its rule set has no such solution";
	out->solution = (uint32_t)index;
	out->class = json_str_at(doc, upgraded ? "upgraded_from" : "class");
	return NULL;
}
