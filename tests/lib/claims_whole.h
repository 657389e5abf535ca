/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* All pages of claims in one text, as a client gathers them. In the view's arena. */

#include "fleet/claims.h"

static inline struct str claims_whole(
	struct view *v, const struct claim_filter *f, enum claim_format format)
{
	struct claims_text text = {.format = format};
	struct claim_place place = {.len = 0};
	struct str all = STR("");

	while (!place.over) {
		struct claim_lines lines;
		struct str page;
		if (!claim_lines_page(&lines, v, f, &place))
			return STR_NULL;
		page = claims_text_page(&text, &lines, place.over);
		if (!page.p)
			return STR_NULL;
		all = arena_printf(v->arena, "%.*s%.*s", STR_FMT(all), STR_FMT(page));
	}
	return all;
}

static inline struct str render_claims_json(
	struct view *v, struct str site, struct span span, struct str vin)
{
	struct claim_filter f = {.site = site, .span = span, .vin = vin};

	return claims_whole(v, &f, CLAIMS_JSON);
}

static inline struct str render_claims_csv(
	struct view *v, struct str site, struct span span, struct str vin)
{
	struct claim_filter f = {.site = site, .span = span, .vin = vin};

	return claims_whole(v, &f, CLAIMS_CSV);
}
