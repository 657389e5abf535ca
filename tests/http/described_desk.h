/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What happens at a desk again and again: an offer, a booking of it, a verb of the booking. */

#include "tests/http/described_call.h"

#define DRIVER ",'driver':{'birth_on':'1980-04-12','licence_on':'1999-06-01'}"

/* A warranty repair in the middle of a day at T1, with the caller's facts. */
const char *desk_offer_body(struct caller *c, const char *day, const char *more);
/* The text of an offer. */
const char *desk_offer(struct caller *c, const char *day, const char *more);
struct told desk_book(
	struct caller *c, int status, const char *day, const char *solution, const char *more);
struct told desk_verb(struct caller *c, int status, const struct told *booking, const char *name,
	const char *body);

/* T3 never closes, for what has to happen now. An offer of that site holds for a day: so its end
 * tells the server's time. */
const char *desk_from_now(struct caller *c, const struct told *offer, int minutes);
struct told desk_offer_now(struct caller *c, const char *drop_off, const char *ready);
struct told desk_book_now(struct caller *c, const char *from, const char *until);
/* Another solution, from an offer for the customer C8: looked at, then done. */
struct told desk_change(
	struct caller *c, const struct told *booking, const char *day, const char *solution);
/* Of two cars the one that it does not have. */
struct told desk_exchange(
	struct caller *c, const struct told *booking, const char *one, const char *other);
/* Appointments at T1: looked for, made, moved, given up; and with a loan, or not at all. */
void describe_appointments(struct caller *c);
/* Somebody waits for what is taken, and has it held when it is given up. */
void desk_waiting(struct caller *c);
/* A car of T2's that T1 may have, and a booking of it for T1. */
void desk_share_car(struct caller *c);
struct told desk_book_away(struct caller *c, int status, const char *day);
/* T2 sends one of its cars to T1: offered, booked, lent, left there. */
void desk_shared_car(struct caller *c);

/* C8 was entered twice. */
void desk_merge(struct caller *c);
/* Its bookings in a calendar. */
void desk_calendar(struct caller *c);
