/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Between the files that lay out DB_INDEX: a tag of one byte keeps the indexes apart, so all tags
 * stand here. */

#include "fleet/key.h"

enum tag {
	TAG_HISTORY = 'h',
	TAG_SITE_RESOURCE = 'r',
	TAG_SITE_WEEK = 'w',
	TAG_SITE_SERIAL = 's',
	TAG_SITE_DUE = 'd',
	TAG_SHARED = 'g',
	TAG_SITE_DEMAND = 'n',
	TAG_SITE_WAITING = 'q',
	TAG_SITE_RISK = 'a',
	TAG_SITE_DESK = 'e',
	TAG_VEHICLE_BOOKING = 'v',
	TAG_CUSTOMER_BOOKING = 'c',
	TAG_VISIT_BOOKING = 'b',
	TAG_VEHICLE_VISIT = 'i',
	TAG_CUSTOMER_VEHICLE = 'o',
	TAG_CUSTOMER_VISIT = 'j',
	TAG_LOOKUP = 'l',
	TAG_RULESET = 'u',
	TAG_BOOKING_ATTACHMENT = 'p',
	TAG_BOOKING_CLAIM = 'y',
	TAG_SITE_CLAIM = 'x',
	TAG_GROUP = 'm',
	TAG_SITE_TASK = 't',
	TAG_SUBJECT_TASK = 'k',
	TAG_SITE_ESCALATION = 'z',
	TAG_SITE_CONTACT = 'C',
	TAG_CUSTOMER_CONTACT = 'H',
	TAG_SITE_COMPLAINT = 'K',
	TAG_SITE_ASKED = 'A',
	TAG_SITE_APPOINTMENT = 'B',
	TAG_SITE_WORK = 'W',
};

static inline struct key tagged(enum tag tag)
{
	struct key k = {.n = 0};

	key_u8(&k, (uint8_t)tag);
	return k;
}

static inline struct key tagged_text(enum tag tag, struct str s)
{
	struct key k = tagged(tag);

	key_text(&k, s);
	return k;
}

/* In an index that is ordered by a number. */
static inline struct key numbered(struct key prefix, uint32_t number, struct str id)
{
	key_u32(&prefix, number);
	key_text(&prefix, id);
	return prefix;
}
