/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What other systems call a customer, a car, a visit or a booking: "external":[{"id","system"}]. A
 * system's id names one visit and one booking of a site; of customers and cars it names what it
 * named first. Found by the exact pair, and by the id as it is typed into the search box.
 */

#include "fleet/index.h"

enum { EXTERNAL_MAX = 16, EXTERNAL_ENTRIES_MAX = 2 * EXTERNAL_MAX };

/* The entries of an object's foreign ids. `site` of visits and bookings, else STR_NULL. */
void external_index(
	struct index_set *s, enum row_kind kind, struct str site, struct json doc, struct str id);
/* How they are looked up when they are typed. */
char external_lookup(enum row_kind kind);

/* The object that this system calls so; STR_NULL: none. */
struct str external_find(
	struct view *v, enum row_kind kind, struct str site, struct str system, struct str id);
/* The first object other than `except` that has one of these ids; STR_NULL: none. */
struct str external_taken(struct view *v, enum row_kind kind, struct str site, struct json external,
	struct str except);
/* The one customer whom any system calls so, by the name that stands for it; STR_NULL: none, or
 * more than one. */
struct str external_customer(struct view *v, struct str id);
