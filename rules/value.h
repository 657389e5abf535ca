/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Checked reading of documents: a JSON value that knows where it stands, so that a fault can name
 * its place as a JSON pointer (RFC 6901). Places are linked from the inside out on the caller's
 * stack and printed only when something is wrong. A reader goes on after a fault with a harmless
 * answer, so one pass finds them all.
 */

#include "rules/instant.h"
#include "rules/json.h"
#include "rules/ruleset.h"

enum {
	VALUE_TEXT_MAX = 200, /* bytes of a name, a title, a reference */
	VALUE_WORD_MAX = 64,  /* bytes of an id, a code, a key */
};

struct value {
	struct json json;	/* absent where the document has nothing here */
	const struct value *up; /* borrowed; NULL at the root */
	struct str key;		/* member of `up`; STR_NULL: element number `index` of it */
	uint32_t index;
	struct faults *faults; /* borrowed */
};

struct value value_root(struct json json, struct faults *faults);
struct value value_member(const struct value *object, const char *key);
/* Walk an object or an array; the answer is absent after the last one. */
struct value value_first(const struct value *container);
struct value value_next(const struct value *container, const struct value *element);

static inline bool value_present(const struct value *v)
{
	return json_present(v->json);
}
/* Present and not null: an optional field was given. */
static inline bool value_given(const struct value *v)
{
	return json_present(v->json) && !json_is_null(v->json);
}

void value_fault(const struct value *v, const char *detail_format, ...) PRINTF_LIKE(2, 3);
/* A fault where `v` is not of this type; false then. */
MUST_CHECK bool value_is_object(const struct value *v);
/* An array of at most `max` elements. */
MUST_CHECK bool value_is_array(const struct value *v, uint32_t max);
/* A fault for every member of `object` whose name is not in `names`. */
void value_members_known(const struct value *object, const char *const names[], size_t names_len);

/* The required kind: a fault where the value is absent, null or of another type or size. */
int64_t value_int(const struct value *v, int64_t min, int64_t max);
bool value_bool(const struct value *v);
struct str value_text(const struct value *v); /* 1 .. VALUE_TEXT_MAX bytes */
struct str value_word(const struct value *v); /* 1 .. VALUE_WORD_MAX bytes of [A-Za-z0-9_.-] */
MUST_CHECK bool value_day(const struct value *v, struct day *out);

/* The optional kind: absent and null give `otherwise`. */
int64_t value_int_or(const struct value *v, int64_t min, int64_t max, int64_t otherwise);
bool value_bool_or(const struct value *v, bool otherwise);
struct str value_text_or_none(const struct value *v); /* may be empty; STR_NULL otherwise */

/* [A-Za-z0-9_.-], 1 .. VALUE_WORD_MAX bytes: what may be a key of canonical JSON. */
bool text_is_word(struct str text);
