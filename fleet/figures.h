/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a manager measures of a site over some of its days. Integers only: minutes, minor units of
 * money, thousandths. Nothing in it says who. Each figure means exactly this:
 *
 * In service: a car of the site, from its in_service_on until before its out_of_service_on, all day
 *   and night; a retired car without that date is left out. A day has as many minutes as the site's
 *   clock gives it.
 * Used: minutes in service in which the car was out or was promised (held ones too): what its
 *   bookings claim of it, the time to make it ready again not counted. A booking that was given up,
 *   and a customer who did not come, leave nothing. Blocked: the same for blocks.
 * Utilisation: used of in service. Blocks stay in the divisor: a car in the workshop is paid for.
 * Loan: a car of the site was handed over; it counts on the day of its first hand-over, by the
 *   class of the car. Turn rate: loans by car and month, a month being MONTH_MINUTES in service.
 * Length of use: of the loans that came back on these days, from the first hand-over to the return
 *   of the last car (when it was left, where that is known). Median and ninth decile are lengths
 *   that occurred: so many of a hundred were that long or shorter.
 * Late: of the same loans those that came back later than was agreed at last, by more than the
 *   site's grace_minutes. Overdue: cars that are out now beyond that.
 * Promise: a booking that began on these days and before now, of any solution, and was not given up
 *   before. Broken: it lost its seat (at risk), and either a person closed the task of it as done,
 *   or its hour came before a seat was found, or it was given up, or became another time or
 *   solution while at risk. It counts where that promise began, once.
 * Visit: opened on these days for a customer of the site. It was offered so many solutions as its
 *   offers, and those of its bookings, could give; where none is kept, it is not asked. To wait is
 *   no solution.
 * Given: mobility that began on these days: out, returned, or over where nothing is handed over
 *   (a taxi). Cost: what its terms say each payer pays, the customer among them, charges (fuel,
 *   damage) apart; its whole price counts when it begins. Value: what it costs the customer less
 *   than its price.
 * Demand: the refused-demand book of these days (demand.h).
 *
 * A car that serves another site's customer counts where it is at home; visits where the customer
 * is.
 *
 * Read through the site's indexes in steps, each in a look of its own, so that none is long: what
 * changes meanwhile may count as it was or as it is.
 */

#include "fleet/booking.h"
#include "fleet/roster.h"

enum {
	FIGURES_DAYS_MAX = 400,
	FIGURES_STEP_ROWS = 200, /* of one look */
	EARLY_DAYS = 7, /* a car may be handed over before its booking begins */
	MONTH_MINUTES = 365 * 1440 / 12,
	FIGURES_PAYERS_MAX = 32,   /* what is beyond is one payer, "other" */
	FIGURES_DEMAND_MAX = 1024, /* kinds of refusal; what is beyond is folded (demand.h) */
};
#define PAYER_CUSTOMER STR("customer")

struct day_use {
	uint32_t cars, in_service, used, blocked; /* minutes, but for the first */
};
struct class_use {
	struct str class;		    /* STR_NULL: all of them */
	struct day_use *days;		    /* days_len; NULL for all of them */
	uint64_t in_service, used, blocked; /* sums of the days */
	uint32_t cars;			    /* the most on one day */
	uint32_t loans, returns, late;
	uint32_t median, p90; /* minutes; 0 without returns */
};
struct payer_cost {
	struct str payer;
	uint32_t bookings;
	int64_t amount_minor;
};
struct refused {			    /* how often the same was refused */
	struct str class, solution, reason; /* class STR_NULL: any */
	uint64_t offers, bookings;
};
struct loan_length {
	uint32_t class, minutes;
};

enum figures_phase { FIGURES_RISKS, FIGURES_BOOKINGS, FIGURES_VISITS, FIGURES_REST, FIGURES_DONE };

struct figures {
	struct arena *arena; /* borrowed: holds all of it */
	struct str site, currency;
	struct day from;
	uint32_t days_len;
	uint32_t *day_start; /* minutes; days_len + 1 */
	struct instant now;
	int64_t grace_s;
	/* how far it is */
	enum figures_phase phase;
	struct str place; /* where the phase goes on; STR_NULL: at its beginning */
	bool full;	  /* there was no room: there are no figures */

	uint32_t classes_len;
	struct class_use classes[CLASSES_PER_SITE_MAX];
	struct class_use all;
	uint32_t lengths_len, lengths_cap;
	struct loan_length *lengths;
	uint32_t payers_len;
	struct payer_cost payers[FIGURES_PAYERS_MAX];
	uint32_t given, given_free;
	int64_t value_minor;
	uint32_t demand_len;
	struct refused *demand;
	uint32_t overdue_now;
	uint32_t promises; /* the broken ones among them */
	uint32_t broken_len, broken_cap;
	struct str *broken;			   /* their bookings, in order, each once */
	uint32_t visits, visits_asked, visits_two; /* asked: it is known how many solutions */
};

/* False: there is no such site, or no room. The view may end afterwards. */
MUST_CHECK bool figures_open(
	struct figures *f, struct view *v, struct str site, struct day from, struct day until);
/* Some more of it; false when all is counted. Any view of the same fleet will do. */
bool figures_step(struct figures *f, struct view *v);

/* n of a thousand of `of`; -1: there is nothing to measure. */
int64_t per_mille(uint64_t n, uint64_t of);
/* Loans by car and month, in thousandths; -1: no car is in service. */
int64_t turn_rate(const struct class_use *c);
