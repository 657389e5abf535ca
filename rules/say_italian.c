/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/* Italian, in the polite form. Rules as in French. */

static void put_day(struct line *l, struct local at, bool with_month)
{
	struct day day = local_day(at);
	int year, month, number;

	day_to_civil(day, &year, &month, &number);
	line_put(l, "%s %d%s", say_weekday(&say_italian, day_weekday(day)), number,
		number == 1 ? "º" : "");
	if (with_month)
		line_put(l, " %s", say_month(&say_italian, month));
}

static void put_hour(struct line *l, struct local at)
{
	int minutes = (int)(at.wall_s / 60 % 1440);

	if (minutes % 60 == 0)
		line_put(l, "%d", minutes / 60);
	else
		line_put(l, "%d e %02d", minutes / 60, minutes % 60);
}

/* « alle 8 e 30 », « all'1 », « a mezzanotte ». */
static void put_time(struct line *l, struct local at)
{
	int hour = (int)(at.wall_s / 3600 % 24);

	if (at.wall_s / 60 % 1440 == 0) {
		line_put(l, "a mezzanotte");
		return;
	}
	line_put(l, hour == 1 ? "all'" : "alle ");
	put_hour(l, at);
}

static const struct say_phrases phrases = {
	.moment = "{day} {time}",
	.window_days = " da {from} a {until}",
	.window_day = " {day}",
	.window_hours = " d{time} {end}", /* « dalle 9 alle 17 » */
	.confirm = ", da confermare con i chilometri alla consegna",
	.free = "{right} copre {solution}. Nulla da pagare, risparmia {value}{confirm}.",
	.free_no_value = "posso riservarLe {solution}, è offerto da noi.",
	.first_day = "il primo giorno",
	.first_days = "i primi {days} giorni",
	.partly_days = "{right} copre {first_days} per {solution}. Poi sono {price} al giorno, "
		       "{customer} in tutto{confirm}.",
	.partly_up_to = "{right} copre {solution} fino a {limit}. Resterebbero {customer} a Suo "
			"carico{confirm}.",
	.partly = "{right} copre {value} per {solution}. Resterebbero {customer} a Suo "
		  "carico{confirm}.",
	.paid = "posso riservarLe {solution} per {customer} in tutto{cheaper}{confirm}.",
	.paid_day = "posso riservarLe {solution} per {price} al giorno, {customer} in "
		    "tutto{cheaper}{confirm}.",
	.cheaper = ", oppure {alternative} per {alternative_price}",
	.cheaper_free = ", oppure, senza spese, {alternative}",
	.not_checked = "posso riservarLe {solution}. Consulto la scheda della Sua auto e subito "
		       "Le preciso le condizioni.",
	.min_age = "per quest'auto il nostro assicuratore chiede almeno {min_age} anni.",
	.max_age = "per quest'auto il nostro assicuratore ammette al massimo {max_age} anni.",
	.licence_year = "per quest'auto il nostro assicuratore chiede almeno 1 anno di patente.",
	.licence_years = "per quest'auto il nostro assicuratore chiede almeno {years} anni di "
			 "patente.",
	.licence = "per quest'auto il nostro assicuratore chiede una patente della categoria "
		   "giusta, valida fino al rientro.",
	.not_drivable = "per {offered} la Sua auto dovrebbe poter circolare.",
	.out_of_area = "per {offered} l'indirizzo è fuori dalla nostra zona.",
	.refused = "per {offered} questa volta non è possibile.",
	.instead = " Posso invece riservarLe {alternative}.",
	.instead_any = " Posso invece riservarLe un'altra soluzione.",
	.full_day = "{full_day} è al completo.",
	.full_time = "a quell'ora siamo al completo.",
	.propose = " Posso proporLe ",
	.propose_or = " oppure ",
	.which = ". Quale preferisce?",
	.suits = ". Le andrebbe bene?",
	.call_back = " Cerco la prossima data possibile e La richiamo.",
};

/* ---- words ---- */

/* Short, because a paid sentence names two of them within SAY_WORDS_MAX. */
static const struct say_word solutions[] = {
	{"loaner_brand", "un'auto di cortesia Maserati"},
	{"loaner_other", "un'auto di cortesia di altra marca"},
	{"rental", "un'auto a noleggio"},
	{"pickup_delivery", "il ritiro e la riconsegna"},
	{"pickup", "il ritiro a domicilio"},
	{"delivery", "la riconsegna a domicilio"},
	{"taxi", "un taxi"},
	{"accompanied_drive", "un passaggio in auto"},
	{"public_transport", "i biglietti dei mezzi pubblici"},
	{"wait_on_site", "un posto nel nostro salone"},
	{0},
};

static const struct say_word documents[] = {
	{"driving_licence", "la Sua patente di guida"},
	{"vehicle_registration", "il libretto della Sua auto"},
	{"identity_document", "un documento d'identità"},
	{"payment_card", "una carta di pagamento a Suo nome"},
	{"loan_agreement", "il contratto di comodato"},
	{"rental_agreement", "il contratto di noleggio"},
	{"handover_sheet", "il verbale di consegna"},
	{0},
};

/* By kind of the programme that pays first. */
static const struct say_word rights[] = {
	{"recall", "la campagna di richiamo"},
	{"statutory", "la garanzia legale"},
	{"manufacturer_warranty", "la Sua garanzia"},
	{"roadside_assistance", "la Sua assistenza stradale"},
	{"certified_pre_owned", "la Sua garanzia usato"},
	{"extended_warranty", "la Sua estensione di garanzia"},
	{"mobility_programme", "il Suo programma di mobilità"},
	{"insurance", "la Sua assicurazione"},
	{"dealer_policy", "la nostra casa"},
	{"goodwill", "un gesto commerciale"},
	{0},
};
static const struct say_currency currencies[] = {
	{"EUR", "euro", "euro"},
	{"USD", "dollaro", "dollari"},
	{"CAD", "dollaro", "dollari"},
	{"AUD", "dollaro", "dollari"},
	{"GBP", "sterlina", "sterline"},
	{"CHF", "franco", "franchi"},
	{"CNY", "yuan", "yuan"},
	{"JPY", "yen", "yen"},
	{"AED", "dirham", "dirham"},
	{0},
};

const struct say_tongue say_italian = {
	.code = "it",
	.weekdays = {"lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"},
	.months = {"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
		"settembre", "ottobre", "novembre", "dicembre"},
	.numbers = {NULL, "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove",
		"dieci", "undici", "dodici", "tredici", "quattordici", "quindici", "sedici"},
	.solutions = solutions,
	.documents = documents,
	.rights = rights,
	.any_right = "la Sua copertura",
	.currencies = currencies,
	.decimal = ',',
	.thousands = '.',
	.below_two_is_one = false,
	.day = put_day,
	.hour = put_time,
	.phrases = &phrases,
};
