/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The sealed pieces of attachments in PostgreSQL. */

#include "sql/journal_pg_inside.h"

/* Three columns of a statement: attachment, number and box of each piece of these entries, from
 * value[first] on; the sites are in value[first + 3]. How many bytes; 0: there are none. */
size_t part_columns(struct arena *a, const struct pending_entry *entries, size_t n,
	struct pg_query *q, uint32_t first);
/* The port's: journal.h. */
enum journal_read part_pg_find(struct journal *self, struct str journal, struct str attachment,
	void *context, void (*take)(void *context, uint16_t number, struct str box));
/* Those that are not there yet, of one site; AWAY: none is. */
enum append part_pg_add(struct journal_pg *j, const struct pending_entry *of);
