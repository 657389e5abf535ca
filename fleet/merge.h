/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One person who was entered twice. The merged customer stays as an alias: `merged_into` names the
 * survivor, whose `merged` names all its aliases; both are written by one entry, and an alias of an
 * alias is an alias of the survivor at once, so that one step leads there. What was sealed for an
 * alias keeps the alias's own key. Journals keep the id of their day; whoever reads asks here.
 */

#include "fleet/view.h"

enum {
	MERGED_MAX = 64,       /* aliases of one customer */
	MERGED_CARS_MAX = 256, /* that change hands in one merge */
	SAME_PERSON_MAX = MERGED_MAX + 1,
};

/* The customer that stands for this one: another's row, where this one was merged into it. */
bool customer_get(struct view *v, struct str id, struct row *out);
/* The id to use from now on; `id` itself where it was not merged, or is not known. */
struct str customer_of(struct view *v, struct str id);
/* Which customers are this person: the survivor first, then its aliases, whichever of them `id` is.
 * Whoever forgets a person forgets each of these keys. 0: not known. */
uint32_t customer_same(struct view *v, struct str id, struct str out[SAME_PERSON_MAX]);
