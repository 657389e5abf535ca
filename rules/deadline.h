/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * When a promise falls due. One table has every rule of the trade that gives a task its time, under
 * the id of the sentence that asks for it; a site turns a rule on or off by that id. Times are the
 * site's: its doors, its holidays, its clock through both changes of a year.
 *
 * A moment at which the doors are shut is nobody's. What must be done within a time comes before
 * them: before the last closing, where an hour is left until then, else in the first hour after
 * they open again. What is done after a time has passed has until the next closing.
 */

#include "rules/opening.h"

enum deadline_way {
	DUE_AT,		  /* when it happens */
	DUE_OPEN_MINUTES, /* so many minutes of open doors later */
	DUE_WITHIN,	  /* so many minutes later, or before */
	DUE_AFTER,	  /* so many minutes later, or after */
	DUE_DAYS,	  /* the closing so many calendar days later */
	DUE_WORKING_DAYS, /* the same, days with open doors alone counted */
	DUE_MONTHS,	  /* the same day so many months later */
	DUE_NOON_BEFORE,  /* noon of the day before */
	DUE_AHEAD,	  /* so many minutes before */
};

/* Whether a rule holds where its site says nothing of it. */
enum deadline_stand {
	DEADLINE_ALWAYS, /* and where it says no: trouble is not a matter of taste */
	DEADLINE_ON,	 /* somebody gives his word each time */
	DEADLINE_OFF,	 /* made by itself: where a site wants it so */
};

enum deadline {
	DEADLINE_CALLBACK,
	DEADLINE_WRITTEN_OFFER,
	DEADLINE_FOLLOW_UP,
	DEADLINE_COMPLAINT,
	DEADLINE_AFTER_DELIVERY,
	DEADLINE_PROSPECT,
	DEADLINE_PROSPECT_MONTH,
	DEADLINE_CONFIRM,
	DEADLINE_LOOK_AHEAD,
	DEADLINE_AFTER_VISIT,
	DEADLINE_OVERDUE,
	DEADLINE_AT_RISK,
	DEADLINE_WAITING,
	DEADLINE_TRANSFER,
	DEADLINE_DESK,
	DEADLINES_LEN
};

struct deadline_rule {
	const char *id; /* of the sentence of the trade: "LEX-6" */
	enum deadline_way way;
	int32_t amount;
	enum deadline_stand stand;
	int32_t grace_minutes; /* how long after it is due somebody else is told */
};

const struct deadline_rule *deadline_rule(enum deadline d);
bool deadline_from(enum deadline *out, struct str id);

enum { DEADLINE_ROOM_MINUTES = 60 };

/* When it is due, of what happened or is to happen at `event`. False: there is no such time, for
 * the doors stay shut. */
MUST_CHECK bool deadline_due(struct instant *out, enum deadline d, const struct opening *o,
	const struct zone *zone, struct instant event);

/* The same by a rule that is nobody's task. */
MUST_CHECK bool deadline_reckon(struct instant *out, const struct deadline_rule *r,
	const struct opening *o, const struct zone *zone, struct instant event);

/* Told once, and told again: the first two times at this distance, in minutes. */
enum { ESCALATIONS_MAX = 3 };
/* When somebody else hears of it after it was told `told` times; false: everybody has. */
MUST_CHECK bool deadline_escalates(
	struct instant *out, enum deadline d, struct instant due, int64_t told);
