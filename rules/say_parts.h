/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the files of the spoken sentence share among themselves; nobody else includes this. */

#include "rules/say.h"

enum { SAY_WORDS_MAX = 40 };

/* A sentence being written; once it does not fit, nothing more is added. */
struct line {
	char *buf; /* borrowed */
	size_t cap, len;
	bool full;
};
void line_add(struct line *l, struct str text);
void line_put(struct line *l, const char *format, ...) PRINTF_LIKE(2, 3);

/* How much of the window is spoken: the first that keeps the sentence within SAY_WORDS_MAX. */
enum say_detail { SAY_DETAIL_NONE, SAY_DETAIL_DAYS, SAY_DETAIL_HOURS };

/*
 * A language: its words, its phrases and how it tells days and times, all in one file, say_NAME.c.
 * Another is one more file, named in meson.build and in the list of say_words.c.
 */
struct say_word {
	const char *key, *text;
};
struct say_currency {
	const char *code, *one, *many;
};
enum { SAY_NUMBERS_LEN = 17 };
/*
 * Sentences begin in lower case. What stands in their {places} is in say_sentence.c: {solution} is
 * what is offered with its window, {offered} without; {confirm} and {cheaper} may be nothing.
 */
struct say_phrases {
	const char *moment, *window_days, *window_day, *window_hours;
	const char *confirm;
	const char *free, *free_no_value;
	const char *first_day, *first_days, *partly_days, *partly_up_to, *partly;
	const char *paid, *paid_day, *paid_day_short; /* short: NULL where nothing can be spared */
	const char *cheaper, *cheaper_free;
	const char *not_checked;
	const char *min_age, *max_age, *licence_year, *licence_years, *licence;
	const char *not_drivable, *out_of_area, *refused, *instead, *instead_any;
	const char *full_day, *full_time, *propose, *propose_or, *which, *suits, *call_back;
};
struct say_tongue {
	const char *code; /* ISO 639: "fr" */
	const char *weekdays[7], *months[12];
	const char *numbers[SAY_NUMBERS_LEN]; /* from 1 on */
	/* Each ended by a row without a key. */
	const struct say_word *solutions, *documents, *rights;
	const struct say_currency *currencies;
	const char *any_right; /* of a kind without a word */
	char decimal, thousands;
	bool below_two_is_one; /* French counts one and a half in the singular */
	void (*day)(struct line *l, struct local at, bool with_month);
	void (*hour)(struct line *l, struct local at);
	const struct say_phrases *phrases;
};
extern const struct say_tongue say_english, say_french, say_italian;
const struct say_tongue *say_tongue_of(struct str language);

/* ---- words ---- */

const char *say_weekday(const struct say_tongue *tongue, int weekday); /* 1 Monday */
const char *say_month(const struct say_tongue *tongue, int month);     /* 1 January */
/* "cinq", "five"; NULL beyond the numbers that have a word here. */
const char *say_number(const struct say_tongue *tongue, int32_t n);
/* "votre garantie"; of an unknown kind, "votre couverture". */
const char *say_right(const struct say_tongue *tongue, struct str kind);
/* What is offered: the name of an added solution, else the trade's word. */
struct str say_offered(const struct say_figures *f);
struct str say_alternative(const struct say_figures *f);
/* "2 700 euros", "27,50 euros": an amount as it is spoken. */
enum { SAY_AMOUNT = 64 };
const char *say_amount(
	char buf[SAY_AMOUNT], const struct say_tongue *tongue, int64_t minor, struct str currency);

/* Whether days need their month to be told apart. */
bool say_months_differ(struct local a, struct local b);
/* Whether a proposal starts on that day. */
bool say_proposes_day(const struct say_figures *f, struct day day);

/* The sentence, in the language of `f`, beginning in lower case. */
void say_sentence(struct line *l, const struct say_figures *f, enum say_detail detail);
