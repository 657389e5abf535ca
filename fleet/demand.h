/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The refused-demand book: offers and bookings that ended in no, counted by what was wanted and why
 * it could not be had. Nothing in it says who asked. One row of the site's journal per count: the
 * next refusal of the same kind changes two numbers of it, however much was refused that day.
 *
 * A refused booking is counted in the entry of its refusal. Refused offers are counted in memory
 * (demand_book.h) and journalled by the hour: a process that is killed loses at most that hour of
 * them.
 */

#include "fleet/roster.h"

enum {
	DEMAND_DAYS_MAX = 400,	   /* a longer stay counts as this long */
	DEMAND_OF_DAY_MAX = 256,   /* counts of one site and day; what is beyond is folded */
	DEMAND_OF_ENTRY_MAX = 128, /* counts that one command carries */
	DEMAND_JSON_MAX = 512,	   /* one count, written */
};

struct demand {
	struct day day;	   /* the first that is wanted, on the site's clock */
	uint32_t days;	   /* how many days of the site's calendar it touches; 0: folded */
	struct str class;  /* STR_NULL: any */
	struct str reason; /* of plan_result_reason; DEMAND_NAMED_SEAT; DEMAND_FOLDED */
	struct str solution;
	uint64_t offers, bookings; /* how often it was refused */
};
#define DEMAND_SEAT STR("seat")
#define DEMAND_NAMED_SEAT STR("named_seat") /* that very car was wanted, others were free */
#define DEMAND_FOLDED STR("other")	    /* reason and solution of what was folded */

/* What a refused window wanted, its numbers zero. */
struct demand demand_of(const struct roster *roster, struct span window, struct str solution,
	struct str class, struct str reason);
/* The same but for the day, where a day has more than its limit of counts. */
struct demand demand_folded(const struct demand *d);
bool demand_is_folded(const struct demand *d);
/* By day, class, days, solution, reason; the numbers do not matter. */
int demand_cmp(const struct demand *a, const struct demand *b);

/* An object; with a site it is the stored form. Text that is read stays that of the document. */
void demand_write(struct json_writer *w, const struct demand *d, struct str site);
bool demand_read(struct demand *out, struct json doc);
/* The id of its row: a name for what is counted, the same wherever it is asked. In the arena. */
struct str demand_id(struct arena *a, struct str site, const struct demand *d);

/* A walk along the counts of a site's day: their ids, in no order that means anything. */
struct demand_walk {
	struct cursor cursor;
	struct key prefix;
	bool begun;
	struct str id; /* in the store's memory: until the transaction ends */
};
void demand_walk_open(struct demand_walk *w, struct txn *t, struct str site, struct day day);
bool demand_walk_next(struct demand_walk *w);
void demand_walk_close(struct demand_walk *w);

/* Every count of a site's days from `first` until before `end`. What `d` says lies in memory that
 * is taken back after it. */
void demand_each(struct view *v, struct str site, struct day first, struct day end,
	void (*take)(void *context, const struct demand *d), void *context);
