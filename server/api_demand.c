/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* GET /v1/demand: a month of what was refused, and what extra cars would have saved of it. */

#include "fleet/render.h"
#include "server/respond.h"

void api_demand(struct call *call)
{
	struct str site = query_text(&call->query, "site");
	if (!call_site(call, site))
		return;
	struct day first = query_month(&call->query, "month");
	struct str body = render_demand(call_look(call), site, first);
	respond_seq(call, site);
	respond_json(call, 200, body);
}
