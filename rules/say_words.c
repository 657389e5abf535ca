/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "rules/money.h"
#include "rules/say_parts.h"

/* Words of a language by their keys, and numbers as they are spoken. */

/* The first is what every language without sentences of its own hears. */
static const struct say_tongue *const tongues[] = {&say_english, &say_french, &say_italian};

const struct say_tongue *say_tongue_of(struct str language)
{
	for (size_t i = 0; i < ARRAY_LEN(tongues); i++) {
		size_t n = strlen(tongues[i]->code);
		if (language.n >= n && memcmp(language.p, tongues[i]->code, n) == 0 &&
			(language.n == n || language.p[n] == '-' || language.p[n] == '_'))
			return tongues[i];
	}
	return tongues[0];
}

static const char *find(const struct say_word *word, struct str key)
{
	for (; word->key; word++)
		if (str_is(key, word->key))
			return word->text;
	return NULL;
}

struct str say_solution_word(struct str solution, struct str language)
{
	const char *word = find(say_tongue_of(language)->solutions, solution);
	return word ? str_from(word) : solution;
}

struct str say_document_word(struct str document, struct str language)
{
	const char *word = find(say_tongue_of(language)->documents, document);
	return word ? str_from(word) : document;
}

struct str say_offered(const struct say_figures *f)
{
	return f->solution_name.n > 0 ? f->solution_name
				      : say_solution_word(f->solution, f->language);
}

struct str say_alternative(const struct say_figures *f)
{
	return say_solution_word(f->alternative, f->language);
}

const char *say_right(const struct say_tongue *tongue, struct str kind)
{
	const char *word = find(tongue->rights, kind);
	return word ? word : tongue->any_right;
}

const char *say_weekday(const struct say_tongue *tongue, int weekday)
{
	ASSERT(weekday >= 1 && weekday <= 7);
	return tongue->weekdays[weekday - 1];
}

const char *say_month(const struct say_tongue *tongue, int month)
{
	ASSERT(month >= 1 && month <= 12);
	return tongue->months[month - 1];
}

const char *say_number(const struct say_tongue *tongue, int32_t n)
{
	return n > 0 && (size_t)n < ARRAY_LEN(tongue->numbers) ? tongue->numbers[n] : NULL;
}

bool say_proposes_day(const struct say_figures *f, struct day day)
{
	for (uint32_t i = 0; i < f->proposals_len; i++)
		if (local_day(f->proposals[i]).n == day.n)
			return true;
	return false;
}

bool say_months_differ(struct local a, struct local b)
{
	int year_a, month_a, year_b, month_b, day;

	day_to_civil(local_day(a), &year_a, &month_a, &day);
	day_to_civil(local_day(b), &year_b, &month_b, &day);
	return year_a != year_b || month_a != month_b;
}

static bool is_singular(const struct say_tongue *tongue, int64_t minor, int minor_digits)
{
	int64_t unit = 1;

	for (int i = 0; i < minor_digits; i++)
		unit *= 10;
	return tongue->below_two_is_one ? minor < 2 * unit : minor == unit;
}

static const char *currency_word(
	const struct say_tongue *tongue, struct str currency, bool singular, char code[4])
{
	for (const struct say_currency *c = tongue->currencies; c->code; c++)
		if (str_is(currency, c->code))
			return singular ? c->one : c->many;
	snprintf(code, 4, "%.*s", STR_FMT(currency));
	return code;
}

const char *say_amount(
	char buf[SAY_AMOUNT], const struct say_tongue *tongue, int64_t minor, struct str currency)
{
	int digits = money_minor_digits(currency);
	char printed[MONEY_TEXT], code[4];
	struct str number = money_print(minor, digits, tongue->decimal, printed);
	size_t whole = 0, n = 0;

	while (whole < number.n && number.p[whole] != tongue->decimal)
		whole++;
	for (size_t i = 0; i < number.n; i++) {
		/* Thousands apart, so that the eye that reads aloud does not stumble. */
		if (i > 0 && i < whole && (whole - i) % 3 == 0 && number.p[i - 1] != '-')
			buf[n++] = tongue->thousands;
		buf[n++] = number.p[i];
	}
	snprintf(buf + n, SAY_AMOUNT - n, " %s",
		currency_word(tongue, currency, is_singular(tongue, minor, digits), code));
	return buf;
}
