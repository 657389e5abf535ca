/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say.h"

#include "tests/lib/world.h"

/*
 * The spoken sentence: every template in French and English, never more than forty words, never a
 * price or a right that was not looked up, never the customer's age.
 */

enum { WORDS_MAX = 40 };

static char said[SAY_TEXT];

static const char *const solutions[] = {"loaner_brand", "loaner_other", "rental", "pickup_delivery",
	"pickup", "delivery", "taxi", "accompanied_drive", "public_transport", "wait_on_site"};
static const char *const rights[] = {"recall", "statutory", "manufacturer_warranty",
	"roadside_assistance", "certified_pre_owned", "extended_warranty", "mobility_programme",
	"insurance", "dealer_policy", "goodwill", "something_new"};

static struct say_figures figures(enum say_template template, const char *language)
{
	return (struct say_figures){.template = template,
		.language = str_from(language),
		.solution = STR("loaner_brand"),
		.right = STR("manufacturer_warranty"),
		.currency = STR("EUR"),
		.value_minor = 58000,
		.customer_minor = 27000,
		.price_minor = 9000,
		.limit_minor = 15000,
		.days_free = 5,
		.days = 8,
		.has_window = true,
		.from = world_at(0, -30),
		.until = world_at(3, 210)};
}

static const char *render(const struct say_figures *f, const char *name)
{
	size_t n = say_render(said, sizeof(said), f, str_from(name));

	assert_true(n > 0 && n == strlen(said));
	return said;
}

static int words_of(const char *text)
{
	int count = 0;

	for (const char *p = text; *p; p++)
		count += *p != ' ' && (p == text || p[-1] == ' ');
	return count;
}

/* ---- one sentence per template and language ---- */

static void change_nothing(struct say_figures *f)
{
	(void)f;
}
static void change_confirm(struct say_figures *f)
{
	f->confirm_at_drop_off = true;
	f->has_window = false;
}
static void change_taxi(struct say_figures *f)
{
	f->solution = STR("taxi");
	f->has_window = false;
	f->has_alternative = true;
	f->alternative = STR("public_transport");
	f->alternative_minor = 400;
}
static void change_cheaper(struct say_figures *f)
{
	f->solution = STR("rental");
	f->has_alternative = true;
	f->alternative = STR("accompanied_drive");
}
static void change_one_day(struct say_figures *f)
{
	f->days = f->days_free = 1;
	f->until = f->from;
	f->until.wall_s += 8 * 3600 + 1800;
}
static void change_months(struct say_figures *f)
{
	f->until = world_at(30, 210);
}
static void change_age(struct say_figures *f)
{
	f->min_age = 25;
	f->has_alternative = true;
	f->alternative = STR("loaner_other");
}
static void change_old(struct say_figures *f)
{
	f->max_age = 80;
}
static void change_licence(struct say_figures *f)
{
	f->min_licence_years = 3;
}
static void change_pickup(struct say_figures *f)
{
	f->solution = STR("pickup");
	f->has_alternative = true;
	f->alternative = STR("taxi");
}
static void change_one_proposal(struct say_figures *f)
{
	f->proposals_len = 1;
	f->proposals[0] = world_at(2, 30);
}
static void change_proposal_that_day(struct say_figures *f)
{
	f->proposals_len = 1;
	f->proposals[0] = world_at(0, 30);
}
static void change_two_proposals(struct say_figures *f)
{
	f->proposals_len = 2;
	f->proposals[0] = world_at(2, 30);
	f->proposals[1] = world_at(28, 360);
}

static const struct {
	enum say_template template;
	void (*change)(struct say_figures *f);
	const char *fr, *en;
} sentences[] = {
	{SAY_FREE, change_nothing,
		"Madame Roux, votre garantie prend en charge un véhicule de prêt Maserati du "
		"lundi 4 à 8 h 30 au jeudi 7 à 12 h 30. Rien à payer, vous économisez 580 euros.",
		"Madame Roux, your warranty covers a Maserati courtesy car from Monday the "
		"4th at 8:30 to Thursday the 7th at 12:30. Nothing to pay, you save 580 euros."},
	{SAY_FREE, change_confirm,
		"Madame Roux, votre garantie prend en charge un véhicule de prêt Maserati. "
		"Rien à payer, vous économisez 580 euros, à confirmer avec le kilométrage au "
		"dépôt.",
		"Madame Roux, your warranty covers a Maserati courtesy car. Nothing to pay, "
		"you save 580 euros, to be confirmed with the mileage at drop-off."},
	{SAY_FREE_NO_VALUE, change_months,
		"Madame Roux, je peux vous réserver un véhicule de prêt Maserati du lundi 4 "
		"mai à 8 h 30 au mercredi 3 juin à 12 h 30, c'est offert.",
		"Madame Roux, I can reserve a Maserati courtesy car from Monday the 4th of "
		"May at 8:30 to Wednesday the 3rd of June at 12:30, free of charge."},
	{SAY_PARTLY_DAYS, change_nothing,
		"Madame Roux, votre garantie prend en charge les cinq premiers jours pour un "
		"véhicule de prêt Maserati du lundi 4 au jeudi 7. Au-delà, comptez 90 euros "
		"TTC par jour, soit 270 euros en tout.",
		"Madame Roux, your warranty covers the first five days of a Maserati "
		"courtesy car from Monday the 4th at 8:30 to Thursday the 7th at 12:30. "
		"After that it is 90 euros a day, 270 euros in all."},
	{SAY_PARTLY_DAYS, change_one_day,
		"Madame Roux, votre garantie prend en charge le premier jour pour un "
		"véhicule de prêt Maserati le lundi 4 de 8 h 30 à 17 heures. Au-delà, "
		"comptez 90 euros TTC par jour, soit 270 euros en tout.",
		"Madame Roux, your warranty covers the first day of a Maserati courtesy car "
		"on Monday the 4th from 8:30 to 17:00. After that it is 90 euros a day, 270 "
		"euros in all."},
	{SAY_PARTLY_UP_TO, change_taxi,
		"Madame Roux, votre garantie prend en charge un taxi jusqu'à 150 euros. Il "
		"resterait 270 euros TTC à votre charge.",
		"Madame Roux, your warranty covers a taxi up to 150 euros. That would leave "
		"270 euros to pay."},
	{SAY_PARTLY, change_taxi,
		"Madame Roux, votre garantie prend en charge 580 euros pour un taxi. Il "
		"resterait 270 euros TTC à votre charge.",
		"Madame Roux, your warranty covers 580 euros of a taxi. That would leave 270 "
		"euros to pay."},
	{SAY_PAID_DAY, change_cheaper,
		"Madame Roux, je peux vous réserver une voiture de location du lundi 4 au "
		"jeudi 7 à 90 euros TTC par jour, soit 270 euros en tout, ou, sans frais, un "
		"accompagnement en voiture.",
		"Madame Roux, I can reserve a rental car from Monday the 4th at 8:30 to "
		"Thursday the 7th at 12:30 for 90 euros a day, 270 euros in all, or, free of "
		"charge, a lift with one of our drivers."},
	{SAY_PAID_DAY, change_one_day,
		"Madame Roux, je peux vous réserver un véhicule de prêt Maserati le lundi 4 "
		"de 8 h 30 à 17 heures pour 270 euros TTC en tout.",
		"Madame Roux, I can reserve a Maserati courtesy car on Monday the 4th from "
		"8:30 to 17:00 for 270 euros in all."},
	{SAY_PAID_TRIP, change_taxi,
		"Madame Roux, je peux vous réserver un taxi pour 270 euros TTC en tout, ou "
		"des titres de transport pour 4 euros.",
		"Madame Roux, I can reserve a taxi for 270 euros in all, or public transport "
		"tickets for 4 euros."},
	{SAY_NOT_CHECKED, change_nothing,
		"Madame Roux, je peux vous réserver un véhicule de prêt Maserati du lundi 4 à "
		"8 h 30 au jeudi 7 à 12 h 30. Je consulte le dossier de votre voiture, puis "
		"je vous précise les conditions.",
		"Madame Roux, I can reserve a Maserati courtesy car from Monday the 4th at "
		"8:30 to Thursday the 7th at 12:30. I am looking up your car's file and will "
		"tell you the conditions next."},
	{SAY_REFUSED_AGE, change_age,
		"Madame Roux, notre assureur fixe pour ce véhicule un âge minimum de 25 ans. "
		"En revanche, je peux vous réserver un véhicule d'une autre marque.",
		"Madame Roux, our insurer sets a minimum age of 25 for this car. Instead, I "
		"can reserve a courtesy car of another make."},
	{SAY_REFUSED_AGE, change_old,
		"Madame Roux, notre assureur fixe pour ce véhicule un âge maximum de 80 ans. "
		"En revanche, je peux vous réserver une autre solution.",
		"Madame Roux, our insurer sets a maximum age of 80 for this car. Instead, I "
		"can reserve another solution."},
	{SAY_REFUSED_LICENCE, change_licence,
		"Madame Roux, notre assureur demande pour ce véhicule au moins 3 ans de "
		"permis. En revanche, je peux vous réserver une autre solution.",
		"Madame Roux, our insurer asks for a licence held at least 3 years for this "
		"car. Instead, I can reserve another solution."},
	{SAY_REFUSED_LICENCE, change_nothing,
		"Madame Roux, notre assureur demande pour ce véhicule un permis de la bonne "
		"catégorie, valable jusqu'au retour. En revanche, je peux vous réserver une "
		"autre solution.",
		"Madame Roux, our insurer asks for a licence of the right category for this "
		"car, valid until the return. Instead, I can reserve another solution."},
	{SAY_REFUSED_NOT_DRIVABLE, change_pickup,
		"Madame Roux, pour la prise en charge chez vous, il faudrait que votre "
		"voiture puisse rouler. En revanche, je peux vous réserver un taxi.",
		"Madame Roux, for collection at your door your car would have to be fit to "
		"drive. Instead, I can reserve a taxi."},
	{SAY_REFUSED_AREA, change_pickup,
		"Madame Roux, pour la prise en charge chez vous, l'adresse est hors de notre "
		"secteur. En revanche, je peux vous réserver un taxi.",
		"Madame Roux, for collection at your door the address is outside our area. "
		"Instead, I can reserve a taxi."},
	{SAY_REFUSED, change_nothing,
		"Madame Roux, pour un véhicule de prêt Maserati, ce n'est pas possible cette "
		"fois. En revanche, je peux vous réserver une autre solution.",
		"Madame Roux, for a Maserati courtesy car there is no possibility this time. "
		"Instead, I can reserve another solution."},
	{SAY_FULL, change_two_proposals,
		"Madame Roux, le lundi 4 mai, c'est complet. Je peux vous proposer le "
		"mercredi 6 mai à 9 h 30 ou le lundi 1er juin à 15 heures. Lequel vous "
		"conviendrait ?",
		"Madame Roux, Monday the 4th of May is full. I can suggest Wednesday the 6th "
		"of May at 9:30 or Monday the 1st of June at 15:00. Which would you prefer?"},
	{SAY_FULL, change_one_proposal,
		"Madame Roux, le lundi 4, c'est complet. Je peux vous proposer le mercredi 6 "
		"à 9 h 30. Cela vous conviendrait-il ?",
		"Madame Roux, Monday the 4th is full. I can suggest Wednesday the 6th at "
		"9:30. Would that suit you?"},
	{SAY_FULL, change_proposal_that_day,
		"Madame Roux, le lundi 4 à 8 h 30, c'est complet. Je peux vous proposer le "
		"lundi 4 à 9 h 30. Cela vous conviendrait-il ?",
		"Madame Roux, Monday the 4th at 8:30 is full. I can suggest Monday the 4th "
		"at 9:30. Would that suit you?"},
	{SAY_FULL, change_nothing,
		"Madame Roux, le lundi 4, c'est complet. Je cherche la prochaine date "
		"possible et je reviens vers vous.",
		"Madame Roux, Monday the 4th is full. I will look for the next possible date "
		"and come back to you."},
};

static void every_template_in_both_languages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		struct say_figures fr = figures(sentences[i].template, "fr-FR");
		struct say_figures en = figures(sentences[i].template, "de");
		sentences[i].change(&fr);
		sentences[i].change(&en);
		assert_string_equal(render(&fr, "Madame Roux"), sentences[i].fr);
		assert_string_equal(render(&en, "Madame Roux"), sentences[i].en);
		/* The third has its own list (test_say_italian.c); here no place stays empty. */
		fr.language = STR("it");
		assert_null(strpbrk(render(&fr, "Madame Roux"), "{}"));
	}
}

static void without_a_name_it_begins_with_a_capital(void **state)
{
	struct say_figures f = figures(SAY_FREE, "fr");

	(void)state;
	assert_true(strncmp(render(&f, NULL), "Votre garantie", 14) == 0);
	f.language = STR("en");
	f.template = SAY_FULL;
	assert_true(strncmp(render(&f, NULL), "Monday the 4th", 14) == 0);
}

/* ---- never more than forty words, never what must not be said ---- */

static void check_sentence(const struct say_figures *f)
{
	static const char *const never[] = {"vous avez", "Vous avez", "you have", "You have", "  ",
		"loaner_", "pickup", "manufacturer", "_"};
	const char *text = render(f, "Monsieur de Fréville");

	if (words_of(text) > WORDS_MAX)
		fail_msg("%d words: %s", words_of(text), text);
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (strstr(text, never[i]))
			fail_msg("\"%s\" in: %s", never[i], text);
}

static void never_more_than_forty_words(void **state)
{
	static const int64_t amounts[] = {100, 9050, 125000, 99999999};
	static const char *const languages[] = {"fr", "en", "it"};

	(void)state;
	for (size_t s = 0; s < ARRAY_LEN(solutions); s++)
		for (size_t a = 0; a < ARRAY_LEN(solutions) * ARRAY_LEN(amounts); a++)
			for (int t = 0; t < SAY_TEMPLATES_LEN; t++) {
				struct say_figures f = figures((enum say_template)t, "fr");
				int64_t amount = amounts[a % ARRAY_LEN(amounts)];
				f.solution = str_from(solutions[s]);
				f.right = str_from(rights[(s + a) % ARRAY_LEN(rights)]);
				f.has_alternative = true;
				f.alternative = str_from(solutions[a / ARRAY_LEN(amounts)]);
				f.alternative_minor = a % 3 ? amount : 0;
				f.value_minor = f.customer_minor = f.price_minor = amount;
				f.limit_minor = amount;
				f.confirm_at_drop_off = true;
				f.until = world_at(60, 210);
				f.proposals_len = 2;
				f.proposals[0] = world_at(30, 31);
				f.proposals[1] = world_at(60, 31);
				for (size_t l = 0; l < ARRAY_LEN(languages); l++) {
					f.language = str_from(languages[l]);
					check_sentence(&f);
				}
			}
}

/* The name falls last, and a sentence without it still stands. */
static void long_names_are_left_out(void **state)
{
	struct say_figures f = figures(SAY_PAID_DAY, "fr");
	char name[400];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_true(strncmp(render(&f, name), "Je peux", 7) == 0);
	for (size_t i = 1; i < 60; i += 2)
		name[i] = ' ';
	name[60] = '\0';
	assert_true(strncmp(render(&f, name), "Je peux", 7) == 0);
}

static void small_buffers_are_refused(void **state)
{
	struct say_figures f = figures(SAY_FREE, "fr");
	char small[40];

	(void)state;
	assert_int_equal(say_render(small, sizeof(small), &f, STR("Madame Roux")), 0);
	assert_string_equal(small, "");
	assert_int_equal(say_render(small, 0, &f, STR("Madame Roux")), 0);
}

/* Not looked up is neither covered nor not covered, and has no price. */
static void what_was_not_looked_up_is_not_said(void **state)
{
	static const char *const never[] = {"euro", "offert", "garantie", "charge", "payer", "free",
		"cover", "pay", "warranty", "TTC"};

	(void)state;
	for (size_t s = 0; s < ARRAY_LEN(solutions); s++)
		for (int language = 0; language < 2; language++) {
			struct say_figures f = figures(SAY_NOT_CHECKED, language ? "fr" : "en");
			f.solution = str_from(solutions[s]);
			const char *text = render(&f, NULL);
			for (size_t i = 0; i < ARRAY_LEN(never); i++) {
				/* « prise en charge » is the name of a solution, too. */
				if (strcmp(never[i], "charge") == 0 && strstr(text, "prise en"))
					continue;
				if (strstr(text, never[i]))
					fail_msg("\"%s\" in: %s", never[i], text);
			}
		}
}

/* ---- figures that can be spoken ---- */

static void amounts_and_moments(void **state)
{
	static const struct {
		const char *currency;
		int64_t minor;
		const char *fr, *en;
	} rows[] = {
		{"EUR", 58000, " 580 euros.", " 580 euros."},
		{"EUR", 2750, " 27,50 euros.", " 27.50 euros."},
		{"EUR", 100, " 1 euro.", " 1 euro."},
		{"EUR", 150, " 1,50 euro.", " 1.50 euros."},
		{"EUR", 200, " 2 euros.", " 2 euros."},
		{"EUR", 99900, " 999 euros.", " 999 euros."},
		{"EUR", 270000, " 2 700 euros.", " 2,700 euros."},
		{"EUR", 123456789, " 1 234 567,89 euros.", " 1,234,567.89 euros."},
		{"JPY", 12727, " 12 727 yens.", " 12,727 yen."},
		{"USD", 100, " 1 dollar.", " 1 dollar."},
		{"CHF", 5000, " 50 francs.", " 50 francs."},
		{"KWD", 1500, " 1,500 KWD.", " 1.500 KWD."},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct say_figures f = figures(SAY_FREE, "fr");
		f.currency = str_from(rows[i].currency);
		f.value_minor = rows[i].minor;
		assert_non_null(strstr(render(&f, NULL), rows[i].fr));
		f.language = STR("en");
		assert_non_null(strstr(render(&f, NULL), rows[i].en));
	}
}

static void hours_and_days(void **state)
{
	static const struct {
		int minutes; /* from Monday 09:00 */
		const char *fr, *en;
	} rows[] = {
		{0, "à 9 heures", "Monday the 4th at 9:00"},
		{-540, "à minuit", "Monday the 4th at 0:00"},
		{-480, "à 1 heure", "Monday the 4th at 1:00"},
		{5, "à 9 h 05", "Monday the 4th at 9:05"},
		{10 * 1440, "le jeudi 14 à", "Thursday the 14th at"},
		{-3 * 1440, "le vendredi 1er à", "Friday the 1st at"},
		{-2 * 1440, "le samedi 2 à", "Saturday the 2nd at"},
		{-1440, "le dimanche 3 à", "Sunday the 3rd at"},
		{7 * 1440, "le lundi 11 à", "Monday the 11th at"},
		{8 * 1440, "le mardi 12 à", "Tuesday the 12th at"},
		{17 * 1440, "le jeudi 21 à", "Thursday the 21st at"},
		{18 * 1440, "le vendredi 22 à", "Friday the 22nd at"},
		{19 * 1440, "le samedi 23 à", "Saturday the 23rd at"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct say_figures f = figures(SAY_FULL, "fr");
		f.proposals_len = 1;
		f.proposals[0] = world_at(0, rows[i].minutes);
		assert_non_null(strstr(render(&f, NULL), rows[i].fr));
		f.language = STR("en");
		assert_non_null(strstr(render(&f, NULL), rows[i].en));
	}
}

static void words_of_the_trade(void **state)
{
	(void)state;
	assert_str(
		say_document_word(STR("driving_licence"), STR("fr")), "votre permis de conduire");
	assert_str(say_document_word(STR("driving_licence"), STR("en-GB")), "your driving licence");
	assert_str(say_document_word(STR("residence_permit"), STR("fr")), "residence_permit");
	assert_str(say_solution_word(STR("rental"), STR("fr_CA")), "une voiture de location");
	assert_str(say_solution_word(STR("rental"), STR("fry")), "a rental car");
	assert_str(say_solution_word(STR("rental"), STR_NULL), "a rental car");
	assert_str(say_solution_word(STR("bicycle"), STR("fr")), "bicycle");
	struct say_figures f = figures(SAY_FREE_NO_VALUE, "fr");
	f.solution = STR("bicycle");
	f.solution_name = STR("un vélo");
	f.has_window = false;
	assert_string_equal(render(&f, NULL), "Je peux vous réserver un vélo, c'est offert.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template_in_both_languages),
		cmocka_unit_test(without_a_name_it_begins_with_a_capital),
		cmocka_unit_test(never_more_than_forty_words),
		cmocka_unit_test(long_names_are_left_out),
		cmocka_unit_test(small_buffers_are_refused),
		cmocka_unit_test(what_was_not_looked_up_is_not_said),
		cmocka_unit_test(amounts_and_moments),
		cmocka_unit_test(hours_and_days),
		cmocka_unit_test(words_of_the_trade),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
