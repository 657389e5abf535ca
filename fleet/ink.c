/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/ink.h"

#include "fleet/paper.h"

/* A whole number of at most four digits up to `most`, at *at. */
static bool take_number(struct str s, size_t *at, int most)
{
	int n = 0;
	size_t from = *at;

	while (*at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9' && *at - from < 4)
		n = n * 10 + (s.p[(*at)++] - '0');
	return *at > from && n <= most;
}

bool ink_is_good(struct str path)
{
	size_t at = 0;

	if (!path.n || path.n > INK_BYTES_MAX || path.p[0] != 'M')
		return false;
	while (at < path.n) {
		if (at > 0 && path.p[at++] != ' ')
			return false;
		if (at >= path.n || (path.p[at] != 'M' && path.p[at] != 'L'))
			return false;
		at++;
		if (!take_number(path, &at, INK_WIDTH) || at >= path.n || path.p[at++] != ' ' ||
			!take_number(path, &at, INK_HEIGHT))
			return false;
	}
	return true;
}

struct str ink_svg(struct arena *a, struct str path, struct str typed, struct str sha256)
{
	struct paper p;

	if (!paper_open(&p, a, STR("en"), NULL))
		return STR_NULL;
	paper_put(&p,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ink\" viewBox=\"0 0 %d %d\">"
		"<desc>",
		INK_WIDTH, INK_HEIGHT);
	paper_text(&p, sha256);
	paper_raw(&p, STR("</desc>"));
	if (path.n) {
		paper_raw(&p, STR("<path fill=\"none\" stroke=\"#000\" stroke-width=\"4\" d=\""));
		paper_text(&p, path);
		paper_raw(&p, STR("\"/>"));
	} else {
		paper_raw(&p, STR("<text x=\"30\" y=\"190\" font-size=\"90\" font-style=\"italic\" "
				  "textLength=\"940\" lengthAdjust=\"spacingAndGlyphs\">"));
		paper_text(&p, typed);
		paper_raw(&p, STR("</text>"));
	}
	paper_raw(&p, STR("</svg>\n"));
	return p.full || a->full ? STR_NULL : (struct str){p.buf, p.n};
}
