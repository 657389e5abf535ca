/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files that travel inside the program: made by embed_main.c while building, one table a group. */

#include "rules/base.h"

struct embedded {
	const char *name; /* without folders; NULL ends the table */
	const unsigned char *bytes;
	size_t n;
};

extern const struct embedded demo_files[]; /* deploy/demo */
extern const struct embedded word_files[]; /* of papers, and those shared with the pages */
extern const struct embedded migration_files[]; /* sql, in order */
extern const struct embedded web_files[];  /* server/web, each file plain and as .gz */

/* The file of that name; STR_NULL when the table has none. */
static inline struct str embedded_find(const struct embedded *table, const char *name)
{
	for (; table->name; table++)
		if (strcmp(table->name, name) == 0)
			return (struct str){(const char *)table->bytes, table->n};
	return STR_NULL;
}
