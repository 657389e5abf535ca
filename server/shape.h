/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The shape of a document from outside, as a table: which members it may have, of what type, format
 * and range. One engine checks it (every fault with its JSON pointer, unknown members refused) and
 * writes the document in the form the house keeps: canonical bytes, instants in UTC, VIN
 * normalised. The same tables make the schemas of /openapi.json and read the columns of an import.
 */

#include "fleet/arena.h"
#include "rules/ruleset.h"
#include "rules/zone.h"

enum shape_type {
	SHAPE_STRING,
	SHAPE_INT,
	SHAPE_BOOL,
	SHAPE_ARRAY,
	SHAPE_OBJECT,
	SHAPE_MAP,
	SHAPE_ANY
};

enum shape_format {
	FORMAT_NONE,
	FORMAT_ID,	    /* 1 to 40 of [A-Za-z0-9._-] */
	FORMAT_SLUG,	    /* 1 to 40 of [a-z0-9_]: what may become a key */
	FORMAT_VIN,	    /* normalised to 17 characters (rules/vin.h) */
	FORMAT_ZONE,	    /* an IANA zone that this machine knows */
	FORMAT_DATE,	    /* YYYY-MM-DD */
	FORMAT_PERSON_DATE, /* YYYY-MM-DD from 1800 on: people are older than the epoch */
	FORMAT_MINUTE,	    /* HH:MM, 24:00 allowed */
	FORMAT_INSTANT,	    /* RFC 3339 with offset, or a local time of the site; kept as UTC */
	FORMAT_CURRENCY,    /* ISO 4217: three capitals */
	FORMAT_LANGUAGE,    /* BCP 47: fr, fr-FR */
	FORMAT_SHA256,	    /* 64 of 0-9a-f */
	FORMAT_TEXT,	    /* free text, no control characters but newline and tab */
};

struct shape;
struct field {
	const char *name;
	const struct shape *shape;
	bool required;
	const char *about; /* one line for /openapi.json, may be NULL */
};
/* One member's shape is chosen by the text of another: what {"pointer","value"} may say. */
struct shape_choice {
	const char *by, *of;	   /* both are required fields */
	const struct field *cases; /* name: the text; a "*" between strokes stands for an index */
	uint32_t cases_len;
};
struct shape {
	const char *name; /* of the schema in /openapi.json, NULL = inline */
	enum shape_type type;
	enum shape_format format;
	bool nullable;	  /* null is kept as absent */
	int64_t min, max; /* INT: value; STRING: bytes; ARRAY, MAP: elements; 0,0 = a default */
	const char *const *values;    /* STRING: NULL-terminated enumeration */
	const struct shape *element;  /* ARRAY, MAP */
	enum shape_format key_format; /* MAP; NONE is taken as ID */
	const struct field *fields;   /* OBJECT */
	uint32_t fields_len;
	const struct shape_choice *choice; /* OBJECT; NULL = none */
	/* Tried instead where the value's JSON type is not this shape's; NULL = none. */
	const struct shape *or_else;
	/* OBJECT: a merge document (RFC 7396): the null of a nullable member is kept. */
	bool merge;
};

struct shape_context {
	/* Of the site meant; NULL: a local time without offset is a fault. */
	const struct zone *zone;
	/* Whether this machine knows that time zone; NULL: any safe name is taken. */
	bool (*zone_known)(void *context, struct str name);
	void *context;
};

/*
 * `source` is canonical JSON (json_from_outside). The kept form in the arena, or STR_NULL with
 * faults. Beside the tables it checks, in every object that has them as instants: until after from,
 * loan_to after loan_from, ready_at after drop_off_at, each at most 366 days; and of opening hours
 * (HH:MM): until after from. Other rules of the trade are others' affair.
 */
struct str shape_check(struct arena *a, const struct shape *shape, struct str source,
	const struct shape_context *context, struct faults *faults);
/* Writes the JSON Schema (draft 2020-12, as OpenAPI 3.1 wants it) of a shape; named shapes as $ref.
 */
void shape_schema(struct json_writer *w, const struct shape *shape, bool inline_named);
