/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Between the files of the offer: what is found out per solution before anything is written. */

#include "fleet/inputs.h"
#include "fleet/offer.h"
#include "rules/say.h"

enum { OFFER_CLASSES_MAX = 2 * CLASSES_PER_SITE_MAX }; /* our own, then other sites' */
enum { OFFER_NEXT_MAX = 3, OFFER_ANSWER_MAX = 512 << 10 };

struct class_answer {
	struct str class;
	struct str home_site; /* another site's car; STR_NULL: one of our own */
	bool available;
	struct str resource;
	struct terms *terms;	/* NULL: the solution's own */
	struct next_date first; /* unused where available */
};

struct proposal {
	struct stay stay;
	struct str class;
	struct terms *terms;
	bool evening_before;
};

struct solution_answer {
	const struct ruleset_solution *solution;
	uint32_t index;
	bool available;
	enum plan_result why; /* where it is not */
	uint32_t classes_len, next_len;
	struct class_answer *classes; /* room for OFFER_CLASSES_MAX */
	struct proposal next[OFFER_NEXT_MAX];
	struct terms terms; /* last: all before it begins as zeros */
};

struct offering {
	struct view *view;
	const struct roster *roster;
	struct instant now;
	struct inquiry inquiry;
	struct stay stay;
	bool ready_given; /* else ready follows from drop-off and the jobs' minutes */
	bool whole_day;
	struct str language;
	struct inputs *inputs;
	uint32_t rights; /* to seats that are kept back */
	struct faults *faults;
	uint32_t len;
	struct solution_answer *answers;
	struct instant expires_at;
};

/* Availability, classes, terms and next dates of one solution. */
void offering_solution(struct offering *o, uint32_t index);
/* Inside opening hours where a loan ends: MAS-0.3. False: the site never opens. */
bool offering_ready(const struct offering *o, struct instant drop_off, struct instant *ready);
/* The opaque text; STR_NULL when it would be longer than OFFER_TEXT_MAX. */
struct str offer_text(const struct offering *o);

/* plan_ask for a solution and window, as an offer asks it. */
struct plan_ask offer_plan_ask(const struct offering *o, const struct ruleset_solution *s,
	struct str class, struct span window);
