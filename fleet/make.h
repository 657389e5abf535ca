/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The making of a booking, step by step: what is wanted, what it costs now, what it takes; then the
 * document. Between decide_make.c, booking_doc.c and the verbs that decide terms again. */

#include "fleet/appointment.h"
#include "fleet/offer.h"
#include "rules/say.h"

enum { VISIT_BOOKINGS_MAX = 8 }; /* made at once */

struct making {
	struct decide *d;
	const struct roster *roster; /* of the site where the customer is: its hours and prices */
	const struct roster *home;   /* of the journal's site: its cars */
	struct json body;	     /* one booking's wishes */
	const char *at;		     /* JSON pointer of that body: "" or "/bookings/2" */
	const struct booking *old;   /* borrowed: what it takes the place of; NULL: it is new */
	struct offer offer;
	struct inquiry inquiry;
	struct stay stay;
	struct inputs *inputs;
	struct terms *terms;
	const struct ruleset_solution *solution;
	uint32_t solution_index;
	struct plan_ask ask;
	struct plan plan;
	struct str instead_of; /* the full class whose price counts; STR_NULL: no upgrade */
	struct str id, visit, customer, vin, repair_order;
	struct str waiting; /* for whom of the waiting list it is held; STR_NULL: for nobody */
	bool held;
	bool out; /* a walk-in: handed over in the same step */
	struct instant hold_until, out_at;
	uint32_t serial;
	struct appointment_made *appointment; /* of its visit, in the same entry; NULL: none */
	struct json
		consumed[VISIT_BOOKINGS_MAX]; /* of the bookings made before it in the same entry */
	uint32_t consumed_len;
};

/* ---- the steps, in this order ---- */

/* Refuses a member of the body of this making. */
enum outcome refuse_wish(struct making *m, const char *member, const char *why);
/* The offer is ours, of this site or of one that may have a car of it, and still holds. */
enum outcome make_open(struct making *m);
/* When: the wish, else what was offered for that solution and class. */
enum outcome make_stay(struct making *m);
/* For how long it is held; nothing where it is booked. */
enum outcome make_hold(struct making *m);
/* For whom, in which visit, and whether it goes out at once. */
enum outcome make_who(struct making *m);
/* The terms of that window now and the seats it takes, others moved aside; who it is for, which
 * visit and whether it goes out at once are known. Refuses what has no seat, what is not offered
 * and what became dearer. */
enum outcome make_decide(struct making *m);
/* Drafts the booking, its seats taken; and the visit that holds it. */
enum outcome make_booking(struct making *m);
void make_visit(struct making *m);
/* The line of the offer that was meant: this very window if it was offered (`exact`), else the
 * solution's first. */
const struct offer_line *find_line(
	const struct making *m, struct str solution, struct str class, bool exact);

/* The whole stored form of a new booking, its claims taken. STR_NULL when it does not fit. */
struct str booking_doc(struct making *m);
/* Where it is handed over, or back: the wish, else as it was. */
struct json making_place(const struct making *m, const char *end);
/* What payers authorised, with their reasons; STR_NULL when nothing. */
struct str authorisations_of(const struct making *m);
/* Members of a document: {"at","where"}; who promised it when; the rule set; the sentence. */
void write_place(struct json_writer *w, const char *key, struct json wish, struct instant at);
void write_offered(struct json_writer *w, const struct making *m);
void write_ruleset(struct json_writer *w, const struct making *m);
void write_said(struct json_writer *w, struct making *m);
/* "claims" and "legs" of a plan, for a new document or a set of members. */
void write_claims(struct json_writer *w, const struct plan *plan);
void write_legs(struct json_writer *w, const struct solution *s, const struct plan *plan);

/* Terms of a booking decided again over the whole loan (contract 5): rule set, tariff and segment
 * stay frozen, everything else is read anew. */
struct redecision {
	struct inputs *inputs;
	struct terms *terms;
};
/* The site where the customer is: its hours, zone and prices. */
const struct roster *booking_roster(struct decide *d, const struct booking *b);
/* Minutes that the car is on the road to a site, and back; 0 at home. */
uint32_t booking_transfer(struct decide *d, const struct booking *b, struct str site);
/* What kind of solution it is: one of the known, or of the rule set that decided it. */
struct solution booking_solution(struct decide *d, const struct booking *b);
/* When the workshop says the car is ready: the visit's word, read anew; else what the booking knew.
 */
struct instant visit_ready(struct decide *d, const struct booking *b);
/* The customer was told that it is ready just then: the repair order says so. */
bool visit_told(struct decide *d, struct str visit, struct instant ready);
enum outcome redecide(struct decide *d, const struct booking *b, const struct stay *stay,
	struct str class, int64_t odometer_km, struct redecision *out);
/* The same where the entry itself tells it, and decides others of the visit again too. */
struct beside {
	bool told;
	const struct used_again *again; /* those that were decided before this one */
	uint32_t again_len;
};
enum outcome redecide_with(struct decide *d, const struct booking *b, const struct stay *stay,
	struct str class, int64_t odometer_km, const struct beside *beside, struct redecision *out);
/* What he heard of when the car is ready: nothing yet, that time, or that it is not so. */
enum telling { READY_EXPECTED, READY_TOLD, READY_WITHDRAWN };
/* The visit's bookings go by its repair order's number, and those that have begun are decided again
 * once it is ready at another time, or he heard otherwise. `number` as JSON; STR_NULL, NULL: it is
 * as it was. */
enum outcome draft_visit_bookings(struct decide *d, struct json visit, struct str number,
	const struct instant *ready, enum telling telling);
/* REFUSED_NOT_OFFERED with the new terms where the trade's rules now forbid it. */
enum outcome check_offered(struct decide *d, const struct redecision *r);
/* "decided" and "terms" (and between them nothing): the caller keeps the key order. */
struct str decided_text(struct decide *d, const struct redecision *r);
struct str terms_text(struct decide *d, const struct redecision *r);
