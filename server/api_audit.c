/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/audit/claims: one row per covered line with its findings (contract 6). The journal's
 * export is a long answer and has a file of its own (export.c). */

#include "fleet/render.h"
#include "fleet/roster.h"
#include "rules/vin.h"
#include "server/respond.h"

void api_claims(struct call *call)
{
	const struct query *q = &call->query;
	struct str format = query_text(q, "format");
	if (str_is(format, "xlsx")) {
		respond_refused(call, REFUSED_NOT_ACCEPTABLE, STR("claims come as json or csv"));
		return;
	}
	struct str site = query_text(q, "site");
	const struct roster *roster = call_site(call, site);
	struct span span;
	if (!roster || !call_span(call, roster->zone, 0, &span))
		return;
	char normal[VIN_TEXT];
	struct str vin = query_text(q, "vin");
	if (vin.p && vin_check(normal, vin, false) == VIN_GOOD)
		vin = str_from(normal);
	struct view *v = call_look(call);
	bool csv = str_is(format, "csv");
	struct str body = csv ? render_claims_csv(v, site, span, vin)
			      : render_claims_json(v, site, span, vin);
	respond_seq(call, site);
	if (csv)
		respond_text(call, 200, STR("text/csv; charset=utf-8"), body);
	else
		respond_list(call, body);
}
