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
void line_put(struct line *l, const char *format, ...) PRINTF_LIKE(2, 3);

/* How much of the window is spoken: the first that keeps the sentence within SAY_WORDS_MAX. */
enum say_detail { SAY_DETAIL_NONE, SAY_DETAIL_DAYS, SAY_DETAIL_HOURS };

enum say_language { SAY_FRENCH, SAY_ENGLISH };
enum say_language say_language_of(struct str language);

/* ---- words ---- */

const char *say_weekday(enum say_language language, int weekday); /* 1 Monday */
const char *say_month(enum say_language language, int month);	  /* 1 January */
/* "cinq", "five"; NULL beyond the numbers that have a word here. */
const char *say_number(enum say_language language, int32_t n);
/* "votre garantie"; of an unknown kind, "votre couverture". */
const char *say_right(enum say_language language, struct str kind);
/* What is offered: the name of an added solution, else the trade's word. */
struct str say_offered(const struct say_figures *f);
struct str say_alternative(const struct say_figures *f);
/* "2 700 euros", "27,50 euros": an amount as it is spoken. */
enum { SAY_AMOUNT = 64 };
const char *say_amount(
	char buf[SAY_AMOUNT], enum say_language language, int64_t minor, struct str currency);

/* Whether days need their month to be told apart. */
bool say_months_differ(struct local a, struct local b);
/* Whether a proposal starts on that day. */
bool say_proposes_day(const struct say_figures *f, struct day day);

/* ---- sentences, beginning in lower case ---- */

void say_french(struct line *l, const struct say_figures *f, enum say_detail detail);
void say_english(struct line *l, const struct say_figures *f, enum say_detail detail);
