/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the tables of shapes have in common: the small shapes that many objects use, their limits,
 * and the words the tables are written in. An optional member may be null, which reads as absent; a
 * required one may not. So every part exists twice.
 */

#include "server/shapes.h"

enum {
	NAME_BYTES = 200,   /* a name, a model, a label */
	SHORT_BYTES = 100,  /* a number or reference of somebody else's system */
	TEXT_BYTES = 2000,  /* free text */
	OFFER_BYTES = 8192, /* OFFER_TEXT_MAX of fleet/offer.h */
	PHONE_BYTES = 40,
	EMAIL_BYTES = 254, /* RFC 5321 */
	PLATE_BYTES = 20,
	MINUTES_DAY = 1440,
	MINUTES_MONTH = 31 * MINUTES_DAY,
	DAYS_YEAR = 366,
	PERCENT = 100,
	BASIS_POINTS = 10000,
};

/* A shape and the same with null allowed. OPTIONAL_PART is one file's own, only used by MAY. */
#define PART(id, ...)                                 \
	const struct shape part_##id = {__VA_ARGS__}; \
	const struct shape part_##id##_or_null = {.nullable = true, __VA_ARGS__}
#define OPTIONAL_PART(id, ...) \
	static const struct shape part_##id##_or_null = {.nullable = true, __VA_ARGS__}

/* Members: required; optional. The last argument is the line in /openapi.json, or NULL. */
#define NEEDS(member, id, text)                                                      \
	{                                                                            \
		.name = member, .shape = &part_##id, .required = true, .about = text \
	}
#define MAY(member, id, text)                                                \
	{                                                                    \
		.name = member, .shape = &part_##id##_or_null, .about = text \
	}
/* Whoever asks to change nothing is told what would happen (fleet/ripple.h). */
#define PREVIEW MAY("preview", bool, "true: nothing is changed, the answer says who is touched")

/* Kinds of shape. */
#define OBJECT(members) \
	.type = SHAPE_OBJECT, .fields = (members), .fields_len = (uint32_t)ARRAY_LEN(members)
#define LIST(most, id) .type = SHAPE_ARRAY, .max = (most), .element = &part_##id
#define INTEGER(least, most) .type = SHAPE_INT, .min = (least), .max = (most)
#define WORD(word_format) .type = SHAPE_STRING, .format = (word_format)
#define LINE(most) .type = SHAPE_STRING, .format = FORMAT_NONE, .min = 1, .max = (most)
#define ONE_OF(list) .type = SHAPE_STRING, .values = (list)

// clang-format off
#define SHARED_PARTS(X) \
	X(id) X(slug) X(vin) X(date) X(person_date) X(instant) X(minute_of_day) X(language) \
	X(name) X(short) X(text) X(phone) X(plate) X(reference) \
	X(bool) X(percent) X(odometer) X(distance) X(money) \
	X(slugs) X(damages) X(drivers) X(place) X(coverages) X(jobs) X(check_out) \
	X(person_licence) X(external)
// clang-format on
#define X(id) extern const struct shape part_##id, part_##id##_or_null;
SHARED_PARTS(X)
#undef X

/* Named parts that only stand inside others; shapes.c lists them for /openapi.json. */
extern const struct shape part_job, part_coverage, part_tariff;
