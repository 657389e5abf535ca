/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/event.h"

/* What an object is after an entry changed some of its members. Both sides are canonical, so their
 * members come in one order and a single walk along both is enough. */

static struct str key_of(struct json value)
{
	return json_present(value) ? json_key(value) : STR_NULL;
}

/* < 0: the old member comes next, > 0: the new one, 0: both stand for the same key. */
static int which_first(struct json old_value, struct json set_value)
{
	if (!json_present(old_value))
		return 1;
	return json_present(set_value) ? str_cmp(key_of(old_value), key_of(set_value)) : -1;
}

static void put_member(struct json_writer *w, struct json value)
{
	json_key_put(w, json_key(value));
	json_put_raw(w, json_raw(value));
}

struct str doc_merge(struct arena *a, struct json old, struct json set)
{
	struct json o = json_first_value(old), s = json_first_value(set);
	struct json_writer w;

	ASSERT(!json_present(old) || json_is(old, JSON_OBJECT));
	ASSERT(json_is(set, JSON_OBJECT));
	arena_writer(a, &w, json_raw(old).n + json_raw(set).n + 2);
	json_object_begin(&w);
	while (json_present(o) || json_present(s)) {
		int order = which_first(o, s);
		if (order < 0)
			put_member(&w, o);
		else if (!json_is_null(s))
			put_member(&w, s);
		if (order >= 0)
			s = json_next_value(set, s);
		if (order <= 0)
			o = json_next_value(old, o);
	}
	json_object_end(&w);
	return arena_written(a, &w);
}
