/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Every key layout of the store, one function each. Integers are big-endian, so that byte order is
 * number order; text ends with a NUL, so that no name is a prefix of another. Keys stay below 200
 * bytes: ids and names are bounded when they enter the house (ID_MAX).
 */

#include "rules/base.h"
#include "rules/instant.h"

enum { KEY_MAX = 200, ID_MAX = 40 };

struct key {
	uint8_t bytes[KEY_MAX];
	size_t n;
};
static inline struct str key_str(const struct key *k)
{
	return (struct str){(const char *)k->bytes, k->n};
}

/* building blocks; ASSERT on overflow */
void key_u8(struct key *k, uint8_t v);
void key_u16(struct key *k, uint16_t v);
void key_u32(struct key *k, uint32_t v);
void key_u64(struct key *k, uint64_t v);
void key_text(struct key *k, struct str s); /* cut at ID_MAX, NUL at the end */
void key_bytes(struct key *k, const void *p, size_t n);
/* reading back, from the position *at; false at a malformed end */
bool key_take_u8(struct str key, size_t *at, uint8_t *v);
bool key_take_u16(struct str key, size_t *at, uint16_t *v);
bool key_take_u32(struct str key, size_t *at, uint32_t *v);
bool key_take_u64(struct str key, size_t *at, uint64_t *v);
bool key_take_text(struct str key, size_t *at, struct str *s);

/* Minutes since 1970, the grain of the calendar: until the year 10135 in 32 bits. */
static inline uint32_t minute_down(struct instant t)
{
	return (uint32_t)(t.s / 60);
}
static inline uint32_t minute_up(struct instant t)
{
	return (uint32_t)((t.s + 59) / 60);
}
static inline struct instant minute_instant(uint32_t minute)
{
	return (struct instant){(int64_t)minute * 60};
}

/* DB_JOURNAL, DB_HEAD, DB_REQUESTS */
struct key key_journal(struct str journal, uint64_t seq);
struct key key_journal_prefix(struct str journal);
struct key key_head(struct str journal);
/* DB_META: what is counted of a site. It begins with a byte that begins no name, whatever sites are
 * called. */
enum site_meta { META_ROSTER = 1, META_SERIAL, META_STATES };
struct key key_site_meta(enum site_meta what, struct str site);
struct key key_request(struct str journal, const uint8_t key_sha256[32]);

/* DB_ROWS */
enum row_kind {
	ROW_SITE = 's',
	ROW_RESOURCE = 'r',
	ROW_BLOCK = 'k',
	ROW_CUSTOMER = 'c',
	ROW_VEHICLE = 'v',
	ROW_RULESET = 'u',
	ROW_VISIT = 'w',
	ROW_BOOKING = 'b',
	ROW_TASK = 't',
	ROW_DEMAND = 'd',
	ROW_WAITING = 'l',
	ROW_DESK = 'e',
	ROW_ATTACHMENT = 'a',
	ROW_REPAIR_ORDER = 'o',
	ROW_CLAIM = 'm', /* of a payer: warranty_claim.h */
	ROW_IMPORT = 'i',
	ROW_CONTACT = 'n',
	ROW_COMPLAINT = 'p', /* contact.h */
};
struct key key_row(enum row_kind kind, struct str id);
struct key key_row_prefix(enum row_kind kind);

/* DB_INDEX: the value is the id meant, except where nothing is needed */
struct key key_history(enum row_kind kind, struct str id, uint64_t seq); /* -> journal */
/* Of the entries that belong together: one of them. */
struct key key_group(struct str group, struct str journal, uint64_t seq); /* -> nothing */
struct key key_site_resource(struct str site, struct str resource);	  /* -> nothing */
struct key key_site_week(
	struct str site, uint32_t week, uint32_t serial); /* -> booking or block, 'b'/'k' first */
/* The same at the site that a booking of another site is for. */
struct key key_for_site_week(
	struct str for_site, uint32_t week, uint32_t serial, struct str home); /* -> 'b', booking */
struct key key_shared(struct str site, struct str home, struct str resource);  /* -> nothing */
struct key key_site_serial(struct str site, uint32_t serial);		       /* -> 'b'/'k', id */
struct key key_site_due(struct str site, uint32_t minute,
	uint32_t serial); /* -> booking: a hold's end, a car expected */
struct key key_site_task(
	struct str site, uint8_t status, uint32_t due_minute, struct str task); /* -> nothing */
struct key key_subject_task(struct str subject, uint8_t kind); /* -> its open task */
/* Of what is open: when somebody else is told that it is not done. */
struct key key_site_escalation(struct str site, uint32_t minute, struct str task); /* -> nothing */
struct key key_site_demand(struct str site, struct day day, struct str demand);	   /* -> nothing */
struct key key_site_waiting(
	struct str site, uint8_t status, uint32_t serial, struct str waiting); /* -> nothing */
struct key key_site_risk(
	struct str site, uint32_t from, uint32_t serial); /* -> booking: promised, and at risk */
/* Of another site's booking: what desks it wants here, and what desks are kept for it. */
enum desk_part { DESK_WANTED = 'w', DESK_KEPT = 'x' };
struct key key_site_desk(
	struct str site, struct str booking, enum desk_part part); /* -> see desk.h */
struct key key_vehicle_booking(struct str vin, uint32_t from, struct str booking); /* -> nothing */
struct key key_customer_booking(struct str customer, uint32_t from, struct str booking);
struct key key_visit_booking(struct str visit, struct str booking);
struct key key_booking_attachment(struct str booking, struct str attachment); /* -> nothing */
struct key key_booking_claim(struct str booking, struct str claim);	      /* -> nothing */
struct key key_site_claim(
	struct str site, uint8_t status, uint32_t made_minute, struct str claim); /* -> nothing */
/* The newest first: both count their minutes back. */
struct key key_site_contact(struct str site, uint32_t minute, struct str contact); /* -> nothing */
struct key key_customer_contact(
	struct str customer, uint32_t minute, struct str contact); /* -> nothing */
struct key key_site_complaint(
	struct str site, uint8_t status, uint32_t order, struct str complaint); /* -> nothing */
/* What customers said when they were asked, by when that was. */
struct key key_site_asked(struct str site, uint32_t minute, struct str booking); /* -> nothing */
/* Who is expected, to bring his car or to have it back. */
enum appointment_part { APPOINTMENT_IN = 'i', APPOINTMENT_OUT = 'o' };
struct key key_site_appointment(struct str site, uint32_t minute, enum appointment_part part,
	struct str visit); /* -> the advisor's desk */
/* Work of that day in the workshop. */
struct key key_site_work(struct str site, struct day day, struct str visit); /* -> minutes */
struct key key_vehicle_visit(struct str vin, struct str visit);
struct key key_customer_vehicle(struct str customer, struct str vin);
struct key key_customer_visit(struct str customer, struct str visit);
struct key key_lookup(char what, struct str word, struct str id); /* search: what is LOOKUP_* */
struct key key_ruleset_from(struct day valid_from, struct str version); /* -> version */
enum {
	LOOKUP_PLATE = 'p',
	LOOKUP_VIN_LAST7 = '7',
	LOOKUP_FLEET_PLATE = 'f',
	LOOKUP_NUMBER = 'n',
	LOOKUP_REPAIR_ORDER = 'o',
	LOOKUP_EXTERNAL = 'e', /* exactly, with its system: external.h */
	LOOKUP_EXTERNAL_CUSTOMER = 'C',
	LOOKUP_EXTERNAL_VEHICLE = 'V',
	LOOKUP_EXTERNAL_VISIT = 'W',
	LOOKUP_EXTERNAL_BOOKING = 'B'
};
/* The same without its last parts: for walks. */
struct key key_history_prefix(enum row_kind kind, struct str id);
struct key key_group_prefix(struct str group);
struct key key_site_resource_prefix(struct str site);
struct key key_site_week_prefix(struct str site, uint32_t week);
struct key key_shared_prefix(struct str site);
struct key key_site_due_prefix(struct str site);
struct key key_site_task_prefix(struct str site);
struct key key_site_escalation_prefix(struct str site);
struct key key_site_demand_prefix(struct str site, struct day day);
struct key key_site_waiting_prefix(struct str site);
struct key key_site_risk_prefix(struct str site);
struct key key_site_desk_prefix(struct str site);
struct key key_vehicle_booking_prefix(struct str vin);
struct key key_customer_booking_prefix(struct str customer);
struct key key_visit_booking_prefix(struct str visit);
struct key key_booking_attachment_prefix(struct str booking);
struct key key_booking_claim_prefix(struct str booking);
struct key key_site_claim_prefix(struct str site);
struct key key_site_contact_prefix(struct str site);
struct key key_customer_contact_prefix(struct str customer);
struct key key_site_complaint_prefix(struct str site);
struct key key_site_asked_prefix(struct str site);
struct key key_site_appointment_prefix(struct str site);
struct key key_site_work_prefix(struct str site, struct day day);
struct key key_vehicle_visit_prefix(struct str vin);
struct key key_customer_vehicle_prefix(struct str customer);
struct key key_customer_visit_prefix(struct str customer);
struct key key_lookup_prefix(
	char what, struct str word_start); /* no closing NUL: finds words that begin so */
struct key key_ruleset_prefix(void);

/* DB_CLAIMS: one chunk of a seat's claims, by the start minute of its first */
struct key key_claims(struct str resource, uint16_t seat, uint32_t first_start);
struct key key_claims_prefix(struct str resource, uint16_t seat);

/* DB_PARTS: a piece of an attachment's sealed bytes, by its number from 0 */
struct key key_part(struct str attachment, uint16_t number);
struct key key_part_prefix(struct str attachment);

static inline uint32_t minute_week(uint32_t minute)
{
	return minute / (7 * 1440);
}

/* Search words: lower case; accents, blanks, hyphens and apostrophes dropped ("AB-123-CD" and
 * "ab 123 cd" are one). Latin letters of UTF-8 with diacritics become their base letter; others
 * stay. Returns STR in buf, cut before the character that no longer fits. */
struct str key_fold(char *buf, size_t cap, struct str text);
/* Length of the blank, hyphen or apostrophe at the start of p[0..n); 0 when it is something else.
 * Between them lie the words of a name. */
size_t key_fold_gap(const char *p, size_t n);
