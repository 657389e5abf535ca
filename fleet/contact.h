/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Every call or message, in and out: why, what was left open, what was promised and who handed over
 * to whom, at most once. What was promised is a task of the deadline book (task.h). And complaints:
 * whatever somebody is not content with, about any record; nobody deletes one, and none is closed
 * but by a person who says how it was solved. Words are sealed like the person's other words.
 *
 * contact: { "at", "booking"?, "by", "channel", "confirmed":[...]?, "consent":{...}?, "contact",
 *   "customer"?, "direction", "done":{"at","by"}?, "handed":{"at","by","to"}?, "open":N, "private",
 *   "promised":[kinds]?, "site", "vin"?, "visit"? }   (private: "reason","questions","answers")
 * complaint: { "about":{"id","kind"}, "at", "by", "category", "channel", "complaint", "customer"?,
 *   "owner"?, "private", "site", "status", "steps":[{"agreed"?,"at","by","status"}], "top":bool? }
 *   (private: "words":[one for each step])
 */

#include "fleet/decide.h"

enum {
	QUESTIONS_MAX = 20,	  /* left open by one contact */
	CONTACT_PROMISES_MAX = 4, /* made in one */
	COMPLAINT_STEPS_MAX = 100,
};

/* Words, each list with NULL at its end. */
extern const char *const contact_channels[],
	*const contact_directions[],
		*const contact_confirmed[],
			*const contact_promises[],
				*const complaint_abouts[],
					*const complaint_categories[],
						*const complaint_channels[],
							*const complaint_statuses[];
bool word_is_of(const char *const *words, struct str word);
/* Its place in the list; it stands there. */
uint8_t word_place(const char *const *words, struct str word);

/* What nobody may forget stands first in every list. */
enum complaint_status { COMPLAINT_OPEN, COMPLAINT_ANSWERED, COMPLAINT_SOLVED };
/* First the importer's, then the oldest. */
uint32_t complaint_order(struct json doc);
