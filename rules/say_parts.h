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

/*
 * A language: its words and its sentence, all in one file, say_NAME.c. Another is one more file,
 * named in meson.build and in the list of say_words.c.
 */
struct say_word {
	const char *key, *text;
};
struct say_currency {
	const char *code, *one, *many;
};
enum { SAY_NUMBERS_LEN = 17 };
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
	/* Begins in lower case. */
	void (*sentence)(struct line *l, const struct say_figures *f, enum say_detail detail);
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
