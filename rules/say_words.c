/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "rules/money.h"
#include "rules/say_parts.h"

/* The trade's words in two languages (MAS-2.7, MAS-3.5), and numbers as they are spoken. */

struct word {
	const char *key;
	const char *text[2]; /* by enum say_language */
};

/* Short, because a paid sentence names two of them within SAY_WORDS_MAX. */
static const struct word solutions[] = {
	{"loaner_brand", {"un véhicule de prêt Maserati", "a Maserati courtesy car"}},
	{"loaner_other", {"un véhicule d'une autre marque", "a courtesy car of another make"}},
	{"rental", {"une voiture de location", "a rental car"}},
	{"pickup_delivery",
		{"la prise en charge et livraison", "collection and return at your door"}},
	{"pickup", {"la prise en charge chez vous", "collection at your door"}},
	{"delivery", {"la livraison chez vous", "delivery to your door"}},
	{"taxi", {"un taxi", "a taxi"}},
	{"accompanied_drive", {"un accompagnement en voiture", "a lift with one of our drivers"}},
	{"public_transport", {"des titres de transport", "public transport tickets"}},
	{"wait_on_site", {"une place dans notre salon", "a seat in our lounge"}},
};

static const struct word documents[] = {
	{"driving_licence", {"votre permis de conduire", "your driving licence"}},
	{"vehicle_registration",
		{"la carte grise de votre voiture", "the registration document of your car"}},
	{"identity_document", {"une pièce d'identité", "an identity document"}},
	{"payment_card", {"une carte bancaire à votre nom", "a bank card in your name"}},
	{"loan_agreement", {"le contrat de prêt", "the loan agreement"}},
	{"rental_agreement", {"le contrat de location", "the rental agreement"}},
	{"handover_sheet", {"la fiche de remise", "the hand-over sheet"}},
};

/* By kind of the programme that pays first. */
static const struct word rights[] = {
	{"recall", {"la campagne de rappel", "the recall campaign"}},
	{"statutory", {"la garantie légale", "the law"}},
	{"manufacturer_warranty", {"votre garantie", "your warranty"}},
	{"roadside_assistance", {"votre assistance", "your roadside assistance"}},
	{"certified_pre_owned", {"votre garantie occasion", "your certified warranty"}},
	{"extended_warranty", {"votre extension de garantie", "your extended warranty"}},
	{"mobility_programme", {"votre programme de mobilité", "your mobility programme"}},
	{"insurance", {"votre assurance", "your insurance"}},
	{"dealer_policy", {"notre maison", "our house"}},
	{"goodwill", {"un geste commercial", "a goodwill gesture"}},
};

static const char *const weekdays[2][7] = {
	{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
	{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
};
static const char *const months[2][12] = {
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
		"octobre", "novembre", "décembre"},
	{"January", "February", "March", "April", "May", "June", "July", "August", "September",
		"October", "November", "December"},
};
static const char *const numbers[2][17] = {
	{NULL, "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix",
		"onze", "douze", "treize", "quatorze", "quinze", "seize"},
	{NULL, "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
		"eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"},
};

/* One and many, French then English. */
static const struct {
	const char *currency;
	const char *one[2], *many[2];
} currencies[] = {
	{"EUR", {"euro", "euro"}, {"euros", "euros"}},
	{"USD", {"dollar", "dollar"}, {"dollars", "dollars"}},
	{"CAD", {"dollar", "dollar"}, {"dollars", "dollars"}},
	{"AUD", {"dollar", "dollar"}, {"dollars", "dollars"}},
	{"GBP", {"livre", "pound"}, {"livres", "pounds"}},
	{"CHF", {"franc", "franc"}, {"francs", "francs"}},
	{"CNY", {"yuan", "yuan"}, {"yuans", "yuan"}},
	{"JPY", {"yen", "yen"}, {"yens", "yen"}},
	{"AED", {"dirham", "dirham"}, {"dirhams", "dirhams"}},
};

enum say_language say_language_of(struct str language)
{
	bool french = language.n >= 2 && memcmp(language.p, "fr", 2) == 0 &&
		      (language.n == 2 || language.p[2] == '-' || language.p[2] == '_');
	return french ? SAY_FRENCH : SAY_ENGLISH;
}

static const char *find(const struct word *table, size_t len, struct str key, enum say_language l)
{
	for (size_t i = 0; i < len; i++)
		if (str_is(key, table[i].key))
			return table[i].text[l];
	return NULL;
}

struct str say_solution_word(struct str solution, struct str language)
{
	const char *word =
		find(solutions, ARRAY_LEN(solutions), solution, say_language_of(language));
	return word ? str_from(word) : solution;
}

struct str say_document_word(struct str document, struct str language)
{
	const char *word =
		find(documents, ARRAY_LEN(documents), document, say_language_of(language));
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

const char *say_right(enum say_language language, struct str kind)
{
	const char *word = find(rights, ARRAY_LEN(rights), kind, language);
	return word ? word : language == SAY_FRENCH ? "votre couverture" : "your cover";
}

const char *say_weekday(enum say_language language, int weekday)
{
	ASSERT(weekday >= 1 && weekday <= 7);
	return weekdays[language][weekday - 1];
}

const char *say_month(enum say_language language, int month)
{
	ASSERT(month >= 1 && month <= 12);
	return months[language][month - 1];
}

const char *say_number(enum say_language language, int32_t n)
{
	return n > 0 && (size_t)n < ARRAY_LEN(numbers[0]) ? numbers[language][n] : NULL;
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

/* French counts one and a half in the singular; English only the one. */
static bool is_singular(enum say_language language, int64_t minor, int minor_digits)
{
	int64_t unit = 1;

	for (int i = 0; i < minor_digits; i++)
		unit *= 10;
	return language == SAY_FRENCH ? minor < 2 * unit : minor == unit;
}

static const char *currency_word(
	enum say_language language, struct str currency, bool singular, char code[4])
{
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
		if (str_is(currency, currencies[i].currency))
			return singular ? currencies[i].one[language]
					: currencies[i].many[language];
	snprintf(code, 4, "%.*s", STR_FMT(currency));
	return code;
}

const char *say_amount(
	char buf[SAY_AMOUNT], enum say_language language, int64_t minor, struct str currency)
{
	int digits = money_minor_digits(currency);
	char printed[MONEY_TEXT], code[4], decimal = language == SAY_FRENCH ? ',' : '.';
	struct str number = money_print(minor, digits, decimal, printed);
	size_t whole = 0, n = 0;

	while (whole < number.n && number.p[whole] != decimal)
		whole++;
	for (size_t i = 0; i < number.n; i++) {
		/* Thousands apart, so that the eye that reads aloud does not stumble. */
		if (i > 0 && i < whole && (whole - i) % 3 == 0 && number.p[i - 1] != '-')
			buf[n++] = language == SAY_FRENCH ? ' ' : ',';
		buf[n++] = number.p[i];
	}
	snprintf(buf + n, SAY_AMOUNT - n, " %s",
		currency_word(language, currency, is_singular(language, minor, digits), code));
	return buf;
}
