/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* relais-api(7): the table of routes, and what a problem may be. */

#include "rules/outcome.h"
#include "server/manual.h"
#include "server/route.h"

static void write_roles(FILE *out, uint32_t roles)
{
	if (!roles) {
		fputs("Without sign-in.\n", out);
		return;
	}
	fputs("For:", out);
	for (int r = 0; r < ROLE_COUNT; r++)
		if (roles & ROLE_BIT(r))
			fprintf(out, " %s", role_name((enum role)r));
	fputs(".\n", out);
}

static void write_query(FILE *out, const struct query_field *f)
{
	if (!f)
		return;
	fputs(".Bl -tag -width Ds -compact\n", out);
	for (; f->name; f++) {
		fprintf(out, ".It Ar %s%s\n", f->name, f->required ? " No (required)" : "");
		mdoc_text(out, f->about);
	}
	fputs(".El\n", out);
}

static void write_route(FILE *out, const struct route *r)
{
	fprintf(out, ".It Ic %s %s\n", r->method, r->pattern);
	mdoc_text(out, r->about);
	if (r->key)
		fputs("Takes an\n.Ql Idempotency-Key .\n", out);
	if (r->if_match)
		fputs("Takes\n.Ql If-Match\nwhere it exists.\n", out);
	write_roles(out, r->roles);
	write_query(out, r->query);
}

void manual_routes(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (uint32_t i = 0; i < routes_len; i++)
		if (!routes[i].page)
			write_route(out, &routes[i]);
	fputs(".El\n", out);
}

void manual_problems(FILE *out)
{
	fputs(".Bl -column \"idempotency-keys\" \"000\" \"what it says\"\n", out);
	for (int o = OK + 1; o <= REFUSED_TOO_MANY; o++) {
		const char *title = outcome_title((enum outcome)o);
		fprintf(out, ".It %s Ta %d Ta \\&", outcome_slug((enum outcome)o),
			outcome_status((enum outcome)o));
		mdoc_word(out, title, strlen(title));
		fputc('\n', out);
	}
	fputs(".El\n", out);
}
