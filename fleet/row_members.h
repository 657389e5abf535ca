/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The table that row_form.c looks with. */

#include "fleet/key.h"

enum form {
	FORM_END, /* of a table */
	FORM_ANY, /* somebody else looks inside */
	FORM_TEXT,
	FORM_NAME, /* what may become a key */
	FORM_WORD, /* one of a list: `knows` */
	FORM_INSTANT,
	FORM_DAY,
	FORM_HOUR,
	FORM_ZONE,
	FORM_FLAG,
	FORM_NUMBER, /* from `least` to `most` */
	FORM_OBJECT, /* with `parts`; NULL: nothing of it is read by name */
	FORM_LIST,   /* of at most `most` such objects, or of values: a table without a name */
};

struct row_member {
	const char *name;
	enum form form;
	bool needed; /* else it may be absent or null */
	int64_t least, most;
	const struct row_member *parts;
	bool (*knows)(struct str word);
};

struct row_form {
	const char *id; /* the member that repeats the object's id; NULL: none does */
	bool directory; /* else a site's, which it names in "site" */
	const struct row_member *members;
};
const struct row_form *row_form_of(enum row_kind kind);

/* What a refusal keeps of what was asked. */
extern const struct row_member refusal_members[];

/* ---- for the tables ---- */

/* Bounds that the arithmetic of minutes and of sums can bear; the door's are narrower. */
enum {
	MINUTES_BEARABLE = 31 * 24 * 60,
	DAYS_BEARABLE = 100 * 366,
	LIST_BEARABLE = 4096,
	SHARED_SITES_BEARABLE = 64, /* each is an entry of the index, and these have a bound */
	PERCENT = 100,
	WEEKDAYS = 7,
};

/* The form, and what it takes: NEED("km", FORM_NUMBER, BETWEEN(0, 9)). */
#define NEED(member, ...)                                           \
	{                                                           \
		.name = member, .needed = true, .form = __VA_ARGS__ \
	}
#define MAY(member, ...)                            \
	{                                           \
		.name = member, .form = __VA_ARGS__ \
	}
#define BETWEEN(low, high) .least = low, .most = high
#define OF(table) .parts = table
#define LIST_OF(table, length) .parts = table, .most = length
#define END                      \
	{                        \
		.form = FORM_END \
	}

#define MINUTES FORM_NUMBER, BETWEEN(0, MINUTES_BEARABLE)

/* Lists of names, of texts; what is sealed for somebody. */
extern const struct row_member row_names[], row_texts[], row_sealed[];
/* What other systems call it. */
extern const struct row_member row_external[];
/* What is promised to whom, and what was asked for it. */
extern const struct row_form row_visit, row_booking, row_task, row_demand, row_waiting, row_desk,
	row_attachment, row_repair_order, row_claim, row_contact, row_complaint;
