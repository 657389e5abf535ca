/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Appointments (rules/appointment.h): when a customer brings his car, and when he has it back. The
 * site's desks are its advisors, in the roster's order; both times are claims of a desk, in the
 * calendar that loans are in, and do not move by themselves: a customer is expected by this very
 * advisor. An appointment is a part of its visit, so whoever books mobility with it makes one entry
 * of both.
 *
 * visit: { ..., "appointment":{ "advisor", "at", "back":{"advisor","at","until"}?, "by",
 *   "customer_agreed":true?, "latest_at"?, "made_at", "until", "why", "work":[{"day","minutes"}] },
 *   "serial" (of its claims; it stays when the appointment is given up) }
 */

#include "fleet/decide.h"
#include "fleet/index.h"
#include "rules/appointment.h"

/* What a site says of them; false: it takes none. */
bool appointment_rules_read(struct appointment_rules *out, struct json site);
enum outcome check_appointments(struct decide *d);

/* ---- as they are stored ---- */

/* One of the two times; false: there is none. */
struct appointment_time {
	struct instant at, until;
	struct str advisor;
};
bool appointment_time(struct json visit, enum appointment_part part, struct appointment_time *out);
/* Its claims, at most 2; how many. */
size_t appointment_claims(struct json visit, struct booking_claim *out);
void index_appointment(struct index_set *s, struct str visit, struct json doc);
/* {"from","until","visit"}: it stands in somebody's way. */
void appointment_named(struct json_writer *w, struct str visit, struct json doc);

/* ---- whom the rules ask ---- */

struct appointment_book {
	struct view *v;		       /* borrowed */
	const struct roster *roster;   /* borrowed */
	const struct seating *seating; /* borrowed: what a decision changed so far; may be NULL */
	struct str visit;	       /* does not count: it is to have another time */
	uint32_t serial;	       /* and its claims neither */
	struct resources desks;
	struct appointment_supply supply;
};
/* The book, and a question with its place, advisors and answers; `after` is now. */
void appointment_book_open(struct appointment_book *b, struct view *v, const struct roster *roster,
	struct appointment_ask *ask, struct instant now);
/* Number of an advisor by his desk; -1: there is none of that name. */
int32_t appointment_advisor(const struct appointment_book *b, struct str desk);
struct str appointment_desk(const struct appointment_book *b, uint32_t advisor);
/* Minutes of work that are promised for a day. */
int32_t appointment_load(struct appointment_book *b, struct day day);
uint32_t appointment_customers(struct appointment_book *b, uint32_t advisor, struct day day);

/* ---- deciding ---- */

/* What is wished, and of which stay. */
struct appointment_wish {
	struct json wish;  /* {"at","desk"?,"why"?,"customer_agreed"?,"back_at"?} */
	const char *at;	   /* JSON pointer of it: "/appointment" */
	struct json facts; /* with "jobs", and "immobile" */
	struct str vin;
	bool follows, has_ready;
	struct instant ready, back_from; /* back_from: the loan is over by then; 0: there is none */
	struct json visit;		 /* as it is; absent: it is new */
	struct str id;
};
struct appointment_made {
	struct instant at, until, ready;
	uint32_t serial;
	struct str doc; /* as it is stored */
};
/* Refuses, or takes its desks in the decision's seating. */
enum outcome appointment_make(
	struct decide *d, const struct appointment_wish *wish, struct appointment_made *out);
/* The car is ready later than it was to be handed back: another time for that, the rest as it is.
 * STR_NULL: nothing changes. */
struct str appointment_later(struct decide *d, struct json visit, struct instant ready);
