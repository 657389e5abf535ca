/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is written down when keys change hands, by whichever verb: what was seen of the car that
 * goes, and of the one that comes; what was found and what it costs. */

#include "fleet/reseat.h"

enum { BOOKING_CHARGES_MAX = 50 }; /* of all its cars together */

/* A car that comes back: what was said of it, and where in the body that stands. */
struct come_in {
	struct json wish;
	const char *at; /* JSON pointer of the wish: "" or "/in" */
	struct instant seen, left;
};

/* When it really happened: the wish's `at`, never in the future by more than a clock's error. */
enum outcome handover_time(
	struct decide *d, struct json wish, const char *pointer, struct instant *at);
/* It cannot come back before it left; clocks may differ a little. */
enum outcome check_left(struct decide *d, const struct booking *b, const struct come_in *in);
enum outcome check_charges(
	struct decide *d, const struct booking *b, struct json wish, const char *at);

/* The `out` member: what was seen and signed when it was handed over; and the `in` member. */
struct str out_record(struct decide *d, struct json wish, struct instant at, struct str resource);
struct str in_record(struct decide *d, struct json wish, struct instant at);
/* Of the same wish, what is sealed: "out_damages" and "out_to", as far as they are said. */
void write_out_words(struct json_writer *w, struct json wish);
/* "charges": those there were and those of the wish, figures without words. Nothing when the wish
 * has none. */
void write_charges(struct json_writer *w, const struct booking *b, struct json wish);
/* The same for what is sealed, with the words; `known` is what is sealed so far. */
void write_charge_words(
	struct json_writer *w, const struct booking *b, struct json known, struct json wish);
/* What is sealed of a booking, opened. */
struct json private_now(struct decide *d, const struct booking *b);

/* The loan as it was: what is decided lasts a minute at least and LOAN_DAYS_MAX at most, for a
 * return is never refused. A day less leaves room for a change of the clock. */
struct stay stay_was(struct decide *d, const struct booking *b, struct instant left);
