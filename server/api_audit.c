/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/audit/claims: one row per covered line with its findings (contract 6). The journal's
 * export is a long answer and has a file of its own (export.c). */

#include "fleet/render.h"
#include "fleet/roster.h"
#include "rules/vin.h"
#include "server/claims_xlsx.h"
#include "server/respond.h"

void api_claims(struct call *call)
{
	const struct query *q = &call->query;
	struct str format = query_text(q, "format");
	struct str site = query_text(q, "site");
	const struct roster *roster = call_site(call, site);
	struct span span;
	if (!roster || !call_span(call, roster->zone, 0, &span))
		return;
	char normal[VIN_TEXT];
	struct str vin = query_text(q, "vin");
	if (vin.p && vin_check(normal, vin, false) == VIN_GOOD)
		vin = str_from(normal);
	struct str ready = query_text(q, "ready");
	struct claims_ask ask = {.site = site,
		.vin = vin,
		.span = span,
		.ready = str_is(ready, "no")	? CLAIMS_NOT_READY
			 : str_is(ready, "yes") ? CLAIMS_READY
						: CLAIMS_ALL};
	struct view *v = call_look(call);
	respond_seq(call, site);
	if (str_is(format, "csv"))
		respond_text(call, 200, STR("text/csv; charset=utf-8"), render_claims_csv(v, &ask));
	else if (str_is(format, "xlsx"))
		respond_text(call, 200, XLSX_TYPE, claims_xlsx(v, &ask));
	else
		respond_list(call, render_claims_json(v, &ask));
}
