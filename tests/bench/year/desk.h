/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A desk promises cars and keeps the promises, each in its own way: first-fit, best-fit, relais, or
 * a bound that no desk can beat. The year (year.h) plays the customers and keeps the book; a desk
 * answers, and writes into the book which car is whose.
 */

#include "tests/bench/year/book.h"

/* One row of the table. */
struct policy {
	const char *name;
	const struct desk_acts *acts;
	uint32_t held_back; /* cars of each class kept from loans more than a day ahead */
	bool services_slip; /* another car's service waits where that keeps a promise */
};

/* What a year came to. */
struct tally {
	int64_t asked, accepted, waited; /* waited: accepted for a later day than wished */
	int64_t broken;			 /* customers without a car when they came for it */
	int64_t other_car;		 /* promised the very car, and got another */
	int64_t at_risk;		 /* promises that had no car at some time */
	int64_t moves;			 /* another car than before, for a customer not there yet */
	int64_t busy;			 /* minutes that customers had cars */
	int64_t longer, longer_refused;	 /* extensions; refused first, then a fact all the same */
	int64_t refusals, undecided, needless, unproven;
	int64_t undecided_fits; /* of the undecided: the oracle finds cars */
	int64_t longer_needless, service_needless;
	int64_t services, services_slipped, services_missed;
};

struct desk {
	const struct policy *policy;
	enum hand_over hand_over;
	struct wish *wishes; /* borrowed: as they were promised */
	struct book book;
	struct tally tally;
	int32_t now;
	uint32_t services; /* ids given */
};

enum { SERVICE_IDS = 1 << 20 }; /* ids of services begin there */

/* Where an act is NULL there is nothing to do. */
struct desk_acts {
	/* A desk of the policy's kind. */
	struct desk *(*open)(const struct policy *policy, enum hand_over hand_over);
	void (*close)(struct desk *d);
	/* wishes[id] is promised: into the book. False: it is refused. */
	bool (*promise)(struct desk *d, uint32_t id);
	/* A car again for who lost his: any, or the one that he was promised. */
	bool (*seat_again)(struct desk *d, struct promise *p, bool any_car);
	/* A customer keeps his car until then, turnaround included, whatever follows. */
	void (*keep_longer)(struct desk *d, uint32_t class, uint32_t id, int32_t until);
	/* A service into the book, and out of it. */
	bool (*service)(struct desk *d, struct promise service);
	void (*service_not)(struct desk *d, const struct promise *service);
	/* What happens is told. */
	void (*handed_over)(struct desk *d, const struct promise *p);
	void (*given_back)(struct desk *d, const struct promise *p);
	void (*not_come)(struct desk *d, const struct promise *p);
	void (*sent_away)(struct desk *d, const struct promise *p);
	void (*hour)(struct desk *d);
};

extern const struct desk_acts first_fit, best_fit, bound, relais;

/* For any desk: whether cars would be left over for short notice. */
bool desk_spares(const struct desk *d, uint32_t class, int32_t from, int32_t until);
/* Until when a loan takes the car. */
static inline int32_t with_turnaround(int32_t until)
{
	return until + TURNAROUND;
}
