/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When a customer may come, and by when at the latest (CIT-4, AVT-S1). The rules of a site's
 * appointments are data; what is done with them stands here, on the site's clock. Whoever knows the
 * calendar answers three questions through `supply`. Advisors are numbered from 0, in the order of
 * their desks' names.
 */

#include "rules/deadline.h"

enum {
	APPOINTMENT_GRID_MINUTES = 15,
	APPOINTMENT_KEPT_MINUTES = 15,	/* free in each hour of each advisor (CIT-4.12) */
	APPOINTMENT_MINUTES_MAX = 45,	/* what the kept quarter leaves of an hour */
	APPOINTMENT_EVENING_MIN = 990,	/* 16:30 (CIT-4.5) */
	APPOINTMENT_NOON_MIN = 780,	/* between two load levels of a day (CIT-4.11) */
	APPOINTMENT_PEAK_DAYS = 7,	/* hours of the crowd are given a week ahead (CIT-4.10) */
	APPOINTMENT_HORIZON_DAYS = 90,	/* no search looks farther */
	APPOINTMENT_BACK_DAYS = 30,	/* nor farther than this behind the work's end */
	APPOINTMENT_WORK_DAYS_MAX = 20, /* a longer stay waits for parts, not for hands */
	APPOINTMENT_WORK_MINUTES = 480, /* what counts as a whole day's work (CIT-4.8) */
	APPOINTMENT_ADVISORS_MAX = 32,
	APPOINTMENT_HOURS_MAX = 16,
	APPOINTMENT_TEMPLATES_MAX = 8,
	APPOINTMENT_TIMES_MAX = 8,
	APPOINTMENTS_MAX = 8, /* proposals of one search */
};

enum appointment_why {
	APPOINTMENT_PLANNED,
	APPOINTMENT_WARRANTY, /* within 48 hours (AVT-S1) */
	APPOINTMENT_COMEBACK, /* the same, or two working days (CIT-2.2) */
	APPOINTMENT_URGENT,   /* today, in the time left free (CIT-4.6) */
	APPOINTMENT_IMMOBILE, /* at once (AVT-S1) */
	APPOINTMENT_WHYS_LEN
};
extern const char *const appointment_whys[APPOINTMENT_WHYS_LEN + 1]; /* NULL at the end */
bool appointment_why_from(enum appointment_why *out, struct str name);

/* Hours of some days of the week: bit 0 is Monday. */
struct appointment_hours {
	uint8_t days;
	int16_t from_min, until_min;
};
/* The times that work of at least so many minutes is offered first (CIT-4.8, CIT-4.9). */
struct appointment_template {
	int32_t from_minutes;
	uint8_t len;
	int16_t at_min[APPOINTMENT_TIMES_MAX];
};
struct appointment_rules {
	int32_t reception_minutes, hand_back_minutes; /* up to APPOINTMENT_MINUTES_MAX */
	uint32_t customers_max;	  /* of an advisor and day (CIT-4.3); who is urgent comes on top */
	int32_t workshop_minutes; /* of work in a day (CIT-4.1); 0: not counted */
	int32_t kept_minutes;	  /* of them, for urgent work alone */
	bool two_working_days;	  /* where 48 hours are those by the market's word */
	uint32_t reserved_len, peak_len, templates_len;
	struct appointment_hours reserved[APPOINTMENT_HOURS_MAX], peak[APPOINTMENT_HOURS_MAX];
	struct appointment_template templates[APPOINTMENT_TEMPLATES_MAX];
};

struct appointment_place {
	const struct zone *zone;	       /* borrowed */
	const struct opening *opening;	       /* borrowed */
	const struct appointment_rules *rules; /* borrowed */
};

/* The last moment at which it may begin. False: any time will do. */
MUST_CHECK bool appointment_latest(struct instant *out, const struct appointment_place *p,
	enum appointment_why why, struct instant now);

/* Where in each hour an advisor keeps his free quarter. */
int32_t appointment_kept_minute(uint32_t advisor);

/* Whether a time will do, or what is in its way: of several advisors what stands in the way of the
 * one who comes nearest. */
enum appointment_fit {
	APPOINTMENT_CLOSED,    /* the doors are shut for a part of it */
	APPOINTMENT_OFF_GRID,  /* it begins between two quarters of an hour */
	APPOINTMENT_PAST,      /* before it is asked for */
	APPOINTMENT_NOBODY,    /* there is no such advisor */
	APPOINTMENT_KEPT,      /* the quarter that this advisor keeps free in that hour */
	APPOINTMENT_RESERVED,  /* for urgent work */
	APPOINTMENT_PEAK,      /* not so soon */
	APPOINTMENT_TAKEN,     /* somebody is expected then */
	APPOINTMENT_CUSTOMERS, /* as many as he may have that day */
	APPOINTMENT_WORKSHOP,  /* a day of the work is full */
	APPOINTMENT_FITS,
};
extern const char *const appointment_fits[APPOINTMENT_FITS + 1];

/* Whether an advisor may receive somebody then; whether he has the time is the calendar's. */
enum appointment_fit appointment_reception(const struct appointment_place *p, struct instant at,
	struct instant now, enum appointment_why why, uint32_t advisor);
/* The same for the hand-back of a finished car. */
enum appointment_fit appointment_hand_back(
	const struct appointment_place *p, struct instant at, uint32_t advisor);

/* Which days of the workshop it fills, and how far: from the reception on, from the next opening
 * where a whole day's work comes in the evening (CIT-4.5). `ready`: when it is done. How many days;
 * 0: the doors never stay open for so long. */
struct appointment_work {
	struct day day;
	int32_t minutes;
};
uint32_t appointment_work(struct appointment_work out[APPOINTMENT_WORK_DAYS_MAX],
	const struct appointment_place *p, struct instant at, int64_t minutes,
	enum appointment_why why, struct instant *ready);
/* How much work a day takes of such a reason; INT32_MAX: it is not counted. */
int32_t appointment_room(const struct appointment_rules *r, enum appointment_why why);

struct appointment_supply {
	void *context; /* borrowed during the search */
	bool (*is_free)(void *context, uint32_t advisor, struct instant at, int32_t minutes);
	uint32_t (*customers)(void *context, uint32_t advisor, struct day day);
	int32_t (*load)(void *context, struct day day); /* minutes of work that are promised */
};

struct appointment_ask {
	struct appointment_place place;
	const struct appointment_supply *supply; /* borrowed */
	uint32_t advisors;			 /* how many there are */
	int32_t advisor;			 /* only this one; below 0: any */
	struct instant now, after;		 /* asked now; nothing before `after` */
	enum appointment_why why;
	int64_t minutes;  /* of work */
	int32_t wish_min; /* a time of day that suits; below 0: none */
	uint32_t count;	  /* wanted, 1 .. APPOINTMENTS_MAX */
};

/* Whether somebody may come then, and who receives him: of those who may, the one with the fewest
 * customers that day. `ready`: when the work is done. */
enum appointment_fit appointment_receive(const struct appointment_ask *ask, struct instant at,
	uint32_t *advisor, struct instant *ready);

struct appointment {
	struct instant at, ready, back;
	uint32_t advisor, back_advisor;
	bool has_back;	     /* somebody is there to hand it back */
	bool evening_before; /* the work begins the next morning */
	bool too_late;	     /* only if the customer agrees (AVT-S1) */
};

/*
 * Proposals in order of time; how many. The first is the nearest (CIT-4.2) at the times of the
 * work's template, else at any; a day is filled before the next (CIT-4.3). The others lie on other
 * load levels (CIT-4.11): each time of a template is one, the house chose them so; else mornings
 * and afternoons of each day. A whole day's work has one from 16:30 among them (CIT-4.5), a wish
 * the first day at its time (CIT-4.10).
 */
uint32_t appointment_find(
	struct appointment out[APPOINTMENTS_MAX], const struct appointment_ask *ask);

/* When the car is handed back: on the first day with time for it, by the advisor who received it
 * where he has any that day (AVT-S8, CIT-4.7). False: nobody has time. */
MUST_CHECK bool appointment_back(const struct appointment_ask *ask, struct instant ready,
	uint32_t advisor, struct instant *at, uint32_t *by);
