/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The sentence the advisor reads aloud (MAS-1.5, ui standard of at most 40 words): no codes, no
 * plate, figures that can be spoken, days with their names. One template per decision and language;
 * what is stored is the template's name and its figures, so the sentence can be rendered again,
 * with the customer's name, when it is read. French, English, Italian; an unknown language reads
 * English.
 */

#include "rules/decision.h"

enum say_template {
	SAY_FREE,	   /* covered by a right: nothing to pay, worth N */
	SAY_FREE_NO_VALUE, /* nothing to pay anyway: no figure */
	SAY_PARTLY_DAYS,   /* the first N days, then X a day, Y in all */
	SAY_PARTLY_UP_TO,  /* covered up to X */
	SAY_PARTLY,	   /* X of it is covered, Y remains */
	SAY_PAID_DAY,	   /* X a day, Y in all */
	SAY_PAID_TRIP,	   /* Y in all */
	SAY_NOT_CHECKED,   /* the cover was not looked up (or is stale): no price and no right */
	SAY_REFUSED_AGE,
	SAY_REFUSED_LICENCE,
	SAY_REFUSED_NOT_DRIVABLE,
	SAY_REFUSED_AREA,
	SAY_REFUSED,
	SAY_FULL, /* that day is not possible; two proposals */
	SAY_TEMPLATES_LEN
};

/* By what right it is free: the first covered row's programme kind ("warranty", "recall", ...). */
struct say_figures {
	enum say_template template;
	struct str language;	  /* "fr", "en", also "fr-FR" */
	struct str solution;	  /* an id */
	struct str solution_name; /* of an added solution in that language, else STR_NULL */
	struct str right;	  /* programme kind of the first covered row, STR_NULL where none */
	struct str currency;
	int64_t value_minor, customer_minor, price_minor, limit_minor; /* limit: "up to" */
	int32_t days_free, days;
	int32_t min_age, max_age,
		min_licence_years; /* the insurer's limit that refuses; 0 where none */
	bool has_window;
	struct local from, until;
	bool confirm_at_drop_off; /* the car is not here yet: odometer and date may still change the
				     terms */
	bool has_alternative;	  /* SAY_PAID_*: a second, cheaper solution in the same breath */
	struct str alternative;
	int64_t alternative_minor;
	uint32_t proposals_len; /* SAY_FULL: 0 to 2 */
	struct local proposals[2];
};

/* Picks the template and figures from decided terms. `checked` false: SAY_NOT_CHECKED. */
void say_from_terms(struct say_figures *out, const struct terms *t,
	const struct decision_request *r, const struct site_terms *site,
	const struct ruleset *ruleset, struct str vehicle_class, bool checked);

/* What is stored: {"template":...,"language":...,figures}. No personal data. */
void say_write(struct json_writer *w, const struct say_figures *f);
MUST_CHECK bool say_read(struct say_figures *out, struct json said);

/* The sentence, opened with `name` where given ("Madame Lefèvre, ..."). Returns its length, or 0
 * when buf is too small (SAY_TEXT always suffices). NUL-terminated. */
enum { SAY_TEXT = 1024 };
size_t say_render(char *buf, size_t cap, const struct say_figures *f, struct str name);

const char *say_template_name(enum say_template t);
/* The trade's word for a solution or a document key in a language ("driving_licence" -> "votre
 * permis de conduire"); the key itself when unknown. */
struct str say_solution_word(struct str solution, struct str language);
struct str say_document_word(struct str document, struct str language);
