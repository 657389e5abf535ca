/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What stands behind the "?" of the addresses in routes.c, and for nobody else. */

#include "fleet/contact.h"
#include "rules/appointment.h"
#include "server/api.h"

static const char *const resource_kinds[] = {"car", "chauffeur", "desk", "allotment", NULL};
static const char *const booking_statuses[] = {
	"held", "booked", "out", "returned", "cancelled", "no_show", "expired", NULL};
static const char *const task_statuses[] = {"open", "done", "dropped", NULL};
static const char *const waiting_statuses[] = {
	"waiting", "offered", "booked", "dropped", "over", NULL};
static const char *const claim_statuses[] = {
	"draft", "complete", "exported", "accepted", "charged_back", "withdrawn", NULL};
static const char *const yes_or_no[] = {"no", "yes", NULL};
static const char *const figures_formats[] = {"json", "csv", NULL};
static const char *const journal_formats[] = {"jsonl", NULL};

#define FIELD_SITE                                                                      \
	{                                                                               \
		.name = "site", .type = QUERY_ID, .required = true, .about = "the site" \
	}
#define FIELD_FROM                                                                  \
	{                                                                           \
		.name = "from", .type = QUERY_INSTANT, .about = "start of the span" \
	}
#define FIELD_UNTIL                                                                           \
	{                                                                                     \
		.name = "until", .type = QUERY_INSTANT, .about = "end of the span, not in it" \
	}
#define FIELD_FROM_REQUIRED                                              \
	{                                                                \
		.name = "from", .type = QUERY_INSTANT, .required = true, \
		.about = "start of the span"                             \
	}
#define FIELD_UNTIL_REQUIRED                                              \
	{                                                                 \
		.name = "until", .type = QUERY_INSTANT, .required = true, \
		.about = "end of the span, not in it"                     \
	}
#define FIELD_LIMIT                                                       \
	{                                                                 \
		.name = "limit", .type = QUERY_INT, .min = 1, .max = 500, \
		.about = "at most so many items"                          \
	}
#define FIELD_CURSOR                                                                       \
	{                                                                                  \
		.name = "cursor", .type = QUERY_TEXT, .about = "`next` of the page before" \
	}
#define FIELD_SOLUTION                                                  \
	{                                                               \
		.name = "solution", .type = QUERY_ID, .required = true, \
		.about = "the kind of mobility"                         \
	}
#define FIELD_CLASS                                                            \
	{                                                                      \
		.name = "class", .type = QUERY_ID, .about = "the class of car" \
	}

static const struct query_field query_resources[] = {
	FIELD_SITE,
	{.name = "kind", .type = QUERY_CHOICE, .values = resource_kinds, .about = "only this kind"},
	FIELD_CLASS,
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_bookings[] = {
	FIELD_SITE,
	FIELD_FROM,
	FIELD_UNTIL,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = booking_statuses,
		.about = "only this status"},
	{.name = "resource", .type = QUERY_ID, .about = "only of this resource"},
	{.name = "vin", .type = QUERY_ID, .about = "only for this car"},
	{.name = "q", .type = QUERY_TEXT, .about = "number, plate or repair order"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_who_had[] = {
	{.name = "plate", .type = QUERY_TEXT, .required = true, .about = "of a car of the fleet"},
	{.name = "at", .type = QUERY_INSTANT, .required = true, .about = "the instant asked for"},
	{.name = "noticed_on",
		.type = QUERY_DAY,
		.about = "day of the notice; absent: the day of the instant itself"},
	{0},
};
static const struct query_field query_tasks[] = {
	FIELD_SITE,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = task_statuses,
		.about = "only this status"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const char *const day_whose[] = {"mine", "all", NULL};
static const struct query_field query_my_day[] = {
	FIELD_SITE,
	{.name = "whose",
		.type = QUERY_CHOICE,
		.values = day_whose,
		.about = "all: everybody's at the site"},
	{.name = "most",
		.type = QUERY_INT,
		.min = 1,
		.max = 500,
		.about = "at most so many items; what is counted is all"},
	{0},
};
static const struct query_field query_contacts[] = {
	FIELD_SITE,
	{.name = "customer", .type = QUERY_ID, .about = "only of this customer"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_complaints[] = {
	FIELD_SITE,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = complaint_statuses,
		.about = "only this status"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_voice[] = {
	FIELD_SITE,
	FIELD_FROM_REQUIRED,
	FIELD_UNTIL_REQUIRED,
	{0},
};
static const struct query_field query_waiting[] = {
	FIELD_SITE,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = waiting_statuses,
		.about = "only this status"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_claim_list[] = {
	FIELD_SITE,
	{.name = "status",
		.type = QUERY_CHOICE,
		.values = claim_statuses,
		.about = "only this status"},
	FIELD_LIMIT,
	FIELD_CURSOR,
	{0},
};
static const struct query_field query_agreement[] = {
	{.name = "language",
		.type = QUERY_ID,
		.about = "of one that is not signed; absent: the customer's"},
	{0},
};
static const struct query_field query_sheet[] = {
	FIELD_SITE,
	{.name = "day", .type = QUERY_DAY, .about = "of the site; absent: today, or in two days"},
	{.name = "language", .type = QUERY_ID, .about = "absent: the site's"},
	{0},
};
static const struct query_field query_calendar[] = {FIELD_SITE,
	{.name = "kind", .type = QUERY_CHOICE, .values = resource_kinds, .about = "only this kind"},
	{.name = "resource", .type = QUERY_ID, .about = "absent: all of them"}, {0}};
static const struct query_field query_confirm[] = {
	{.name = "from", .type = QUERY_TEXT, .required = true, .about = "the time that he saw"},
	{0},
};
static const struct query_field query_search[] = {
	{.name = "q",
		.type = QUERY_TEXT,
		.required = true,
		.about = "plate, VIN, surname, phone, booking number, repair order"},
	{0},
};
static const struct query_field query_board[] = {
	FIELD_SITE, FIELD_FROM_REQUIRED, FIELD_UNTIL_REQUIRED, {0}};
static const struct query_field query_availability[] = {
	FIELD_SITE, FIELD_SOLUTION, FIELD_CLASS, FIELD_FROM_REQUIRED, FIELD_UNTIL_REQUIRED, {0}};
static const struct query_field query_next[] = {
	FIELD_SITE,
	FIELD_SOLUTION,
	FIELD_CLASS,
	{.name = "minutes",
		.type = QUERY_INT,
		.required = true,
		.min = 1,
		.max = 366 * 1440,
		.about = "how long, on the site's clock"},
	{.name = "after", .type = QUERY_INSTANT, .about = "not before; absent: now"},
	{.name = "count", .type = QUERY_INT, .min = 1, .max = 16, .about = "how many; absent: 2"},
	{0},
};
static const struct query_field query_times[] = {
	FIELD_SITE,
	{.name = "minutes",
		.type = QUERY_INT,
		.required = true,
		.min = 0,
		.max = 366 * 1440,
		.about = "of work; 0: nobody knows yet, an hour is reckoned"},
	{.name = "why",
		.type = QUERY_CHOICE,
		.values = appointment_whys,
		.about = "absent: planned"},
	{.name = "after", .type = QUERY_INSTANT, .about = "not before; absent: now"},
	{.name = "wish", .type = QUERY_TEXT, .about = "HH:MM: a time of day that suits"},
	{.name = "desk", .type = QUERY_ID, .about = "only of this advisor"},
	{.name = "visit", .type = QUERY_ID, .about = "whose appointment is to be moved"},
	{.name = "count", .type = QUERY_INT, .min = 1, .max = 8, .about = "how many; absent: 2"},
	{0},
};
static const struct query_field query_appointments[] = {
	FIELD_SITE,
	{.name = "day", .type = QUERY_DAY, .about = "of the site; absent: today"},
	{0},
};
static const struct query_field query_demand[] = {
	FIELD_SITE,
	{.name = "month",
		.type = QUERY_MONTH,
		.required = true,
		.about = "YYYY-MM: the month in which what was refused would have begun"},
	{0},
};
static const struct query_field query_figures[] = {
	FIELD_SITE,
	{.name = "from",
		.type = QUERY_DAY,
		.required = true,
		.about = "the first day, of the site"},
	{.name = "until",
		.type = QUERY_DAY,
		.required = true,
		.about = "the day after the last, at most 400 days after from"},
	{.name = "format",
		.type = QUERY_CHOICE,
		.values = figures_formats,
		.about = "absent: json"},
	{.name = "table",
		.type = QUERY_CHOICE,
		.values = figures_tables,
		.about = "which table comes as csv; absent: utilisation"},
	{0},
};
static const struct query_field query_page[] = {FIELD_LIMIT, FIELD_CURSOR, {0}};
static const struct query_field query_import[] = {
	{.name = "kind",
		.type = QUERY_CHOICE,
		.required = true,
		.values = import_kinds,
		.about = "what stands in the file"},
	{.name = "name", .type = QUERY_TEXT, .about = "of the file, for people"},
	{.name = "dry_run",
		.type = QUERY_CHOICE,
		.values = import_flags,
		.about = "true: only read; nothing is written"},
	{.name = "partial",
		.type = QUERY_CHOICE,
		.values = import_flags,
		.about = "true: of a CSV the rows without fault, though others have one"},
	{.name = "written_at",
		.type = QUERY_INSTANT,
		.about = "when the file was: what was typed here later stays; absent: now"},
	{0},
};
static const struct query_field query_site[] = {FIELD_SITE, {0}};
static const struct query_field query_claims[] = {
	FIELD_SITE,
	FIELD_FROM,
	FIELD_UNTIL,
	{.name = "vin", .type = QUERY_ID, .about = "only for this car"},
	{.name = "ready",
		.type = QUERY_CHOICE,
		.values = yes_or_no,
		.about = "no: what misses something, promised loans too; yes: what misses nothing; "
			 "both without what left the house"},
	{.name = "repair_order", .type = QUERY_TEXT, .about = "only of this repair order"},
	{.name = "payer", .type = QUERY_TEXT, .about = "only what this payer is asked for"},
	{.name = "cost_code", .type = QUERY_TEXT, .about = "only under this code"},
	{.name = "format",
		.type = QUERY_CHOICE,
		.values = claim_formats,
		.about = "absent: json; csv-fr is what a French Excel opens"},
	{0},
};
static const struct query_field query_pack[] = {
	FIELD_SITE,
	FIELD_FROM,
	FIELD_UNTIL,
	{.name = "vin", .type = QUERY_ID, .about = "only for this car"},
	{0},
};
static const struct query_field query_checkpoint[] = {
	{.name = "journal", .type = QUERY_ID, .required = true, .about = "a site, or `directory`"},
	{0},
};
static const struct query_field query_journal[] = {
	{.name = "site", .type = QUERY_ID, .required = true, .about = "a site, or `directory`"},
	{.name = "from_seq",
		.type = QUERY_INT,
		.min = 1,
		.max = JSON_INT_MAX / 16,
		.about = "the first entry wanted"},
	{.name = "format",
		.type = QUERY_CHOICE,
		.values = journal_formats,
		.about = "absent: jsonl"},
	{0},
};
