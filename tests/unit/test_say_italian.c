/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say.h"

#include "tests/lib/world.h"

/* The spoken sentence in Italian: every template, its days, hours and amounts as they are said. */

static char said[SAY_TEXT];

static struct say_figures figures(enum say_template template)
{
	return (struct say_figures){.template = template,
		.language = STR("it-IT"),
		.solution = STR("loaner_brand"),
		.right = STR("manufacturer_warranty"),
		.currency = STR("EUR"),
		.value_minor = 125000,
		.customer_minor = 27050,
		.price_minor = 9000,
		.limit_minor = 15000,
		.days_free = 5,
		.days = 8,
		.has_window = true,
		.from = world_at(0, -30),
		.until = world_at(3, 210)};
}

static void no_more(struct say_figures *f)
{
	(void)f;
}
static void one_day(struct say_figures *f)
{
	f->days = f->days_free = 1;
	f->until = f->from;
	f->until.wall_s += 8 * 3600 + 1800;
}
static void months(struct say_figures *f)
{
	f->from = world_at(28, 360);
	f->until = world_at(60, 210);
}
static void taxi(struct say_figures *f)
{
	f->solution = STR("taxi");
	f->has_window = false;
	f->has_alternative = true;
	f->alternative = STR("public_transport");
	f->alternative_minor = 400;
	f->confirm_at_drop_off = true;
}
static void cheaper(struct say_figures *f)
{
	f->solution = STR("rental");
	f->has_alternative = true;
	f->alternative = STR("accompanied_drive");
}
static void age(struct say_figures *f)
{
	f->min_age = 25;
}
static void licence(struct say_figures *f)
{
	f->min_licence_years = 1;
}
static void pickup(struct say_figures *f)
{
	f->solution = STR("pickup");
	f->has_alternative = true;
	f->alternative = STR("taxi");
}
static void proposals(struct say_figures *f)
{
	f->proposals_len = 2;
	f->proposals[0] = world_at(2, 30);
	f->proposals[1] = world_at(28, 360);
}

static const struct {
	enum say_template template;
	void (*change)(struct say_figures *f);
	const char *text;
} sentences[] = {
	{SAY_FREE, no_more,
		"signora Rossi, la Sua garanzia copre un'auto di cortesia Maserati da "
		"lunedì 4 alle 8 e 30 a giovedì 7 alle 12 e 30. Nulla da pagare, "
		"risparmia 1.250 euro."},
	{SAY_FREE_NO_VALUE, months,
		"signora Rossi, posso riservarLe un'auto di cortesia Maserati da lunedì "
		"1º giugno alle 15 a venerdì 3 luglio alle 12 e 30, è offerto da noi."},
	{SAY_PARTLY_DAYS, no_more,
		"signora Rossi, la Sua garanzia copre i primi cinque giorni per un'auto "
		"di cortesia Maserati da lunedì 4 alle 8 e 30 a giovedì 7 alle 12 e 30. "
		"Poi sono 90 euro al giorno, 270,50 euro in tutto."},
	{SAY_PARTLY_DAYS, one_day,
		"signora Rossi, la Sua garanzia copre il primo giorno per un'auto di "
		"cortesia Maserati lunedì 4 dalle 8 e 30 alle 17. Poi sono 90 euro al "
		"giorno, 270,50 euro in tutto."},
	{SAY_PARTLY_UP_TO, taxi,
		"signora Rossi, la Sua garanzia copre un taxi fino a 150 euro. "
		"Resterebbero 270,50 euro a Suo carico, da confermare con i chilometri "
		"alla consegna."},
	{SAY_PARTLY, taxi,
		"signora Rossi, la Sua garanzia copre 1.250 euro per un taxi. "
		"Resterebbero 270,50 euro a Suo carico, da confermare con i chilometri "
		"alla consegna."},
	{SAY_PAID_DAY, cheaper,
		"signora Rossi, posso riservarLe un'auto a noleggio da lunedì 4 alle 8 e "
		"30 a giovedì 7 alle 12 e 30 per 90 euro al giorno, 270,50 euro in tutto,"
		" oppure, senza spese, un passaggio in auto."},
	{SAY_PAID_TRIP, taxi,
		"signora Rossi, posso riservarLe un taxi per 270,50 euro in tutto, oppure"
		" i biglietti dei mezzi pubblici per 4 euro, da confermare con i "
		"chilometri alla consegna."},
	{SAY_NOT_CHECKED, no_more,
		"signora Rossi, posso riservarLe un'auto di cortesia Maserati da lunedì 4"
		" alle 8 e 30 a giovedì 7 alle 12 e 30. Consulto la scheda della Sua auto"
		" e subito Le preciso le condizioni."},
	{SAY_REFUSED_AGE, age,
		"signora Rossi, per quest'auto il nostro assicuratore chiede almeno 25 "
		"anni. Posso invece riservarLe un'altra soluzione."},
	{SAY_REFUSED_LICENCE, licence,
		"signora Rossi, per quest'auto il nostro assicuratore chiede almeno 1 "
		"anno di patente. Posso invece riservarLe un'altra soluzione."},
	{SAY_REFUSED_LICENCE, no_more,
		"signora Rossi, per quest'auto il nostro assicuratore chiede una patente "
		"della categoria giusta, valida fino al rientro. Posso invece riservarLe "
		"un'altra soluzione."},
	{SAY_REFUSED_NOT_DRIVABLE, pickup,
		"signora Rossi, per il ritiro a domicilio la Sua auto dovrebbe poter "
		"circolare. Posso invece riservarLe un taxi."},
	{SAY_REFUSED_AREA, pickup,
		"signora Rossi, per il ritiro a domicilio l'indirizzo è fuori dalla "
		"nostra zona. Posso invece riservarLe un taxi."},
	{SAY_REFUSED, no_more,
		"signora Rossi, per un'auto di cortesia Maserati questa volta non è "
		"possibile. Posso invece riservarLe un'altra soluzione."},
	{SAY_FULL, proposals,
		"signora Rossi, lunedì 4 maggio è al completo. Posso proporLe mercoledì 6"
		" maggio alle 9 e 30 oppure lunedì 1º giugno alle 15. Quale preferisce?"},
	{SAY_FULL, no_more,
		"signora Rossi, lunedì 4 è al completo. Cerco la prossima data possibile "
		"e La richiamo."},
};

static void every_template(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sentences); i++) {
		struct say_figures f = figures(sentences[i].template);
		sentences[i].change(&f);
		assert_true(say_render(said, sizeof(said), &f, STR("signora Rossi")) > 0);
		assert_string_equal(said, sentences[i].text);
	}
}

static void words_of_papers_are_italian(void **state)
{
	(void)state;
	assert_true(str_is(
		say_document_word(STR("driving_licence"), STR("it")), "la Sua patente di guida"));
	assert_true(str_is(say_solution_word(STR("taxi"), STR("it_CH")), "un taxi"));
	assert_true(str_is(say_solution_word(STR("rental"), STR("ita")), "a rental car"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template),
		cmocka_unit_test(words_of_papers_are_italian),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
