/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/outcome.h"

static const struct {
	const char *name, *slug, *title;
	int status;
} table[] = {
#define X(name, slug, status, title) [name] = {#name, slug, title, status},
	OUTCOMES(X)
#undef X
};

const char *outcome_name(enum outcome o)
{
	ASSERT(o < ARRAY_LEN(table));
	return table[o].name;
}

const char *outcome_slug(enum outcome o)
{
	ASSERT(o < ARRAY_LEN(table));
	return table[o].slug;
}

int outcome_status(enum outcome o)
{
	ASSERT(o < ARRAY_LEN(table));
	return table[o].status;
}

const char *outcome_title(enum outcome o)
{
	ASSERT(o < ARRAY_LEN(table));
	return table[o].title;
}

enum outcome outcome_from_slug(struct str slug)
{
	for (size_t i = 1; i < ARRAY_LEN(table); i++)
		if (str_is(slug, table[i].slug))
			return (enum outcome)i;
	return OK;
}
