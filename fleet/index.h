/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Which index entries an object has: a function of its stored form alone, so that apply can take
 * the old ones away and add the new, and a rebuild comes to the same rows. */

#include "fleet/view.h"

enum { INDEX_ENTRIES_MAX = 192, INDEX_VALUE_MAX = 48 };

struct index_entry {
	struct key key;
	uint8_t value_len;
	char value[INDEX_VALUE_MAX];
};
struct index_set {
	uint32_t len;
	struct index_entry entry[INDEX_ENTRIES_MAX];
};

/* For whoever says what the entries of an object of its own are. */
void index_put(struct index_set *s, struct key key, struct str value);
/* 'b', 'k' or 'e' before the id: serials are shared by bookings, blocks and desks that are kept,
 * weeks by the first two. */
struct str index_tagged(char buf[INDEX_VALUE_MAX], char tag, struct str id);

void index_of(struct index_set *out, enum row_kind kind, struct str id, struct json doc);
/* Puts what `now` has beyond `before`, deletes what it no longer has. */
void index_update(struct txn *t, const struct index_set *before, const struct index_set *now);
