/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What stands behind the '?': each address says in a table which parameters it knows, of what form.
 * Anything else is refused with its name, so that a misspelt filter never means "everything".
 */

#include "fleet/arena.h"
#include "fleet/key.h"
#include "rules/ruleset.h"
#include "rules/zone.h"

enum { QUERY_FIELDS_MAX = 10, QUERY_PAIRS_MAX = 32, QUERY_TEXT_MAX = 1024 };

enum query_type {
	QUERY_ID,      /* 1 to 40 of [A-Za-z0-9._-] */
	QUERY_TEXT,    /* 1 to QUERY_TEXT_MAX bytes of UTF-8 without control characters */
	QUERY_INT,     /* min .. max */
	QUERY_INSTANT, /* RFC 3339 with offset, or a local time or a date of the site */
	QUERY_MONTH,   /* YYYY-MM, from 1970 on */
	QUERY_DAY,     /* YYYY-MM-DD, from 1970 on */
	QUERY_CHOICE,  /* one of values */
};

struct query_field {
	const char *name;
	enum query_type type;
	bool required;
	int64_t min, max;	   /* QUERY_INT */
	const char *const *values; /* QUERY_CHOICE, NULL-terminated */
	const char *about;	   /* one line for /openapi.json */
};

/* The decoded values by the index of their field; STR_NULL where absent or empty. */
struct query {
	const struct query_field *fields; /* borrowed, ends with a NULL name; NULL = none known */
	struct str value[QUERY_FIELDS_MAX];
};

/* False: `why` (in the arena) says what is malformed, by name. */
MUST_CHECK bool query_read(struct query *out, struct arena *a, struct str raw,
	const struct query_field *fields, struct str *why);

/* Values by name; ASSERT that the table has it. */
struct str query_text(const struct query *q, const char *name); /* STR_NULL when absent */
int64_t query_int(const struct query *q, const char *name, int64_t otherwise);
struct day query_day(const struct query *q, const char *name);	 /* required */
struct day query_month(const struct query *q, const char *name); /* its first day; required */
/* False when absent. A wall time that does not exist or exists twice, one outside the years 1970 to
 * 9999, and a text that is no time are faults with the pointer "/name". */
MUST_CHECK bool query_instant(const struct query *q, const char *name, const struct zone *zone,
	struct instant *out, struct faults *faults);

/* 1 to ID_MAX of [A-Za-z0-9._-]: what may name an object. */
bool text_is_id(struct str s);
/* Percent decoding in the arena, '+' a blank. STR_NULL: a broken escape, U+0000 or not UTF-8. */
struct str query_decode(struct arena *a, struct str raw);
