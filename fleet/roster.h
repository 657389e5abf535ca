/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A site's roster: the site and its resources, decoded once and kept by each thread until an entry
 * touches them (the site's roster revision is a row of the same snapshot). Pools are the resources
 * of one kind, solution and class.
 */

#include "fleet/calendar.h"
#include "fleet/view.h"
#include "rules/appointment.h"
#include "rules/decision.h"
#include "rules/opening.h"

enum { TURNAROUND_MINUTES_MAX = 7 * 1440 };
enum { RESOURCES_PER_SITE_MAX = 2000, CLASSES_PER_SITE_MAX = 64, RESOURCE_SOLUTIONS_MAX = 16 };

enum resource_kind { RESOURCE_CAR, RESOURCE_CHAUFFEUR, RESOURCE_DESK, RESOURCE_ALLOTMENT };

/* Another site that a car serves too, and how long it is on the road to it or back. */
struct sharing {
	struct str site;
	uint32_t transfer; /* minutes: the same for all of a class */
};

struct resource {
	struct str id, class, label, plate;
	enum resource_kind kind;
	bool active;
	bool unlimited; /* seats null: on request, claims nothing */
	bool drives;	/* an active car that accompanied drives may take */
	uint16_t seats;
	uint32_t turnaround;		    /* minutes */
	uint32_t usable_from, usable_until; /* minutes: in service, until the first of turn-back,
					       insurance, inspection */
	uint32_t solutions_len;
	struct str solutions[RESOURCE_SOLUTIONS_MAX];
	uint32_t shared_len;
	struct sharing *shared; /* in the roster's arena */
	struct json doc;
};

/* Seats that are kept back from promises made long before: of a class (STR_NULL: of each), from
 * whatever starts more than `days` days after it is asked for; given to whoever has one of
 * `rights`. They are released by themselves as the day comes nearer. */
enum protected_for { PROTECTED_FOR_RETURN, PROTECTED_FOR_WARRANTY, PROTECTED_FOR_IMMOBILE };
struct protected_seats {
	struct str class;
	uint32_t seats, rights;
	int32_t days;
};
enum { PROTECTED_MAX = 32 };

struct outlooks;
struct roster {
	struct str site, currency, locale;
	struct json doc; /* the site object */
	const struct zone *zone;
	struct opening opening;
	int32_t handover_minutes, return_minutes, cover_fresh_days, offer_minutes, collect_minutes;
	int32_t hold_minutes;	 /* the longest hold */
	int32_t settled_minutes; /* what starts so soon moves only if it must */
	uint32_t protected_len;
	struct protected_seats protected[PROTECTED_MAX];
	bool has_desks;
	bool has_appointments; /* customers come by the rules of: */
	struct appointment_rules appointments;
	uint32_t resources_len;
	struct resource *resources; /* sorted by kind, class, id */
	uint64_t rev;
	struct arena arena;	   /* owned: all of the above */
	struct outlooks *outlooks; /* owned: of its pools, as searches asked for them (outlook.h) */
	struct roster *next;
};

struct rosters *rosters_new(void);
void rosters_free(struct rosters *r);
/* NULL: there is no such site. Valid until the view ends. */
const struct roster *roster_of(struct view *v, struct str site);

/* Minutes on the road to that site; -1: it is not shared with it. */
int32_t resource_transfer(const struct resource *r, struct str site);
/* The same for a class: -1 where none of its cars is shared with that site. */
int32_t roster_transfer(const struct roster *r, struct str class, struct str site);
/* Whether a site shares any car with another. */
bool site_shares(struct view *v, struct str home, struct str with);
/* The next site, in order of their ids, that shares a car with that one; false: no more. `home` is
 * where it stands, STR_NULL at first; the new one is in the view's arena. */
bool site_shares_next(struct view *v, struct str with, struct str *home);
/* The resources of a kind, and of a class where one is named: neighbours in the roster. */
struct resources {
	const struct resource *first, *end;
};
struct resources roster_of_class(const struct roster *r, enum resource_kind kind, struct str class);
bool resource_serves(const struct resource *r, struct str solution);
const struct resource *roster_resource(const struct roster *r, struct str id);
/* The classes of a solution at a site, in roster order; each once. Returns how many. */
size_t roster_classes(
	const struct roster *r, struct str solution, struct str out[CLASSES_PER_SITE_MAX]);

/* Whether `to` may stand in for a full `class` at its price (a site's `upgrades`). */
bool roster_upgrades(const struct roster *r, struct str class, struct str to);
/* How many seats of a class are kept back from a promise asked for now. */
uint32_t roster_kept(const struct roster *r, struct str class, struct instant now,
	struct instant from, uint32_t rights);

static inline struct local roster_local(const struct roster *r, struct instant t)
{
	return zone_local(r->zone, t);
}
