/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/* Italian sentences, in the polite form. Rules as in French. */

static const struct say_tongue *const IT = &say_italian;

static void put_day(struct line *l, struct local at, bool with_month)
{
	struct day day = local_day(at);
	int year, month, number;

	day_to_civil(day, &year, &month, &number);
	line_put(l, "%s %d%s", say_weekday(IT, day_weekday(day)), number, number == 1 ? "º" : "");
	if (with_month)
		line_put(l, " %s", say_month(IT, month));
}

static void put_time(struct line *l, struct local at)
{
	int minutes = (int)(at.wall_s / 60 % 1440);

	if (minutes % 60 == 0)
		line_put(l, "%d", minutes / 60);
	else
		line_put(l, "%d e %02d", minutes / 60, minutes % 60);
}

/* « alle 8 e 30 », « all'1 », « a mezzanotte ». */
static void put_at(struct line *l, struct local at)
{
	int hour = (int)(at.wall_s / 3600 % 24);

	if (at.wall_s / 60 % 1440 == 0) {
		line_put(l, "a mezzanotte");
		return;
	}
	line_put(l, hour == 1 ? "all'" : "alle ");
	put_time(l, at);
}

static void put_moment(struct line *l, struct local at, bool with_month, enum say_detail detail)
{
	put_day(l, at, with_month);
	if (detail < SAY_DETAIL_HOURS)
		return;
	line_put(l, " ");
	put_at(l, at);
}

/* « da martedì 24 alle 8 e 30 a venerdì 27 alle 12 e 30 »; within one day « martedì 24, dalle ...
 * ». */
static void put_window(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	bool with_month = say_months_differ(f->from, f->until);

	if (!f->has_window || detail == SAY_DETAIL_NONE)
		return;
	if (local_day(f->from).n != local_day(f->until).n) {
		line_put(l, " da ");
		put_moment(l, f->from, with_month, detail);
		line_put(l, " a ");
		put_moment(l, f->until, with_month, detail);
		return;
	}
	line_put(l, " ");
	put_day(l, f->from, false);
	if (detail < SAY_DETAIL_HOURS)
		return;
	line_put(l, " d");
	put_at(l, f->from);
	line_put(l, " ");
	put_at(l, f->until);
}

static void put_amount(struct line *l, const struct say_figures *f, int64_t minor)
{
	char buf[SAY_AMOUNT];
	line_put(l, "%s", say_amount(buf, IT, minor, f->currency));
}

static void put_solution(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%.*s", STR_FMT(say_offered(f)));
	put_window(l, f, detail);
}

static void put_confirm(struct line *l, const struct say_figures *f)
{
	if (f->confirm_at_drop_off)
		line_put(l, ", da confermare con i chilometri alla consegna");
}

static void put_free(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%s copre ", say_right(IT, f->right));
	put_solution(l, f, detail);
	line_put(l, ". Nulla da pagare, risparmia ");
	put_amount(l, f, f->value_minor);
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_partly_days(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	const char *number = say_number(IT, f->days_free);

	line_put(l, "%s copre ", say_right(IT, f->right));
	if (f->days_free == 1)
		line_put(l, "il primo giorno");
	else if (number)
		line_put(l, "i primi %s giorni", number);
	else
		line_put(l, "i primi %d giorni", f->days_free);
	line_put(l, " per ");
	put_solution(l, f, detail);
	line_put(l, ". Poi sono ");
	put_amount(l, f, f->price_minor);
	line_put(l, " al giorno, ");
	put_amount(l, f, f->customer_minor);
	line_put(l, " in tutto");
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_partly(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%s copre ", say_right(IT, f->right));
	if (f->template == SAY_PARTLY_UP_TO) {
		put_solution(l, f, detail);
		line_put(l, " fino a ");
		put_amount(l, f, f->limit_minor);
	} else {
		put_amount(l, f, f->value_minor);
		line_put(l, " per ");
		put_solution(l, f, detail);
	}
	line_put(l, ". Resterebbero ");
	put_amount(l, f, f->customer_minor);
	line_put(l, " a Suo carico");
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_cheaper(struct line *l, const struct say_figures *f)
{
	if (!f->has_alternative)
		return;
	if (f->alternative_minor == 0) {
		line_put(l, ", oppure, senza spese, %.*s", STR_FMT(say_alternative(f)));
		return;
	}
	line_put(l, ", oppure %.*s per ", STR_FMT(say_alternative(f)));
	put_amount(l, f, f->alternative_minor);
}

static void put_paid(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "posso riservarLe ");
	put_solution(l, f, detail);
	line_put(l, " per ");
	if (f->template == SAY_PAID_DAY && f->days > 1) {
		put_amount(l, f, f->price_minor);
		line_put(l, " al giorno, ");
	}
	put_amount(l, f, f->customer_minor);
	line_put(l, " in tutto");
	put_cheaper(l, f);
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_other_solution(struct line *l, const struct say_figures *f)
{
	if (f->has_alternative)
		line_put(l, " Posso invece riservarLe %.*s.", STR_FMT(say_alternative(f)));
	else
		line_put(l, " Posso invece riservarLe un'altra soluzione.");
}

static void put_refused(struct line *l, const struct say_figures *f)
{
	struct str offered = say_offered(f);

	if (f->template == SAY_REFUSED_AGE && f->min_age > 0)
		line_put(l, "per quest'auto il nostro assicuratore chiede almeno %d anni.",
			f->min_age);
	else if (f->template == SAY_REFUSED_AGE && f->max_age > 0)
		line_put(l, "per quest'auto il nostro assicuratore ammette al massimo %d anni.",
			f->max_age);
	else if (f->template == SAY_REFUSED_LICENCE && f->min_licence_years > 0)
		line_put(l,
			"per quest'auto il nostro assicuratore chiede almeno %d ann%s di patente.",
			f->min_licence_years, f->min_licence_years > 1 ? "i" : "o");
	else if (f->template == SAY_REFUSED_LICENCE)
		line_put(l,
			"per quest'auto il nostro assicuratore chiede una patente della categoria "
			"giusta, valida fino al rientro.");
	else if (f->template == SAY_REFUSED_NOT_DRIVABLE)
		line_put(l, "per %.*s la Sua auto dovrebbe poter circolare.", STR_FMT(offered));
	else if (f->template == SAY_REFUSED_AREA)
		line_put(l, "per %.*s l'indirizzo è fuori dalla nostra zona.", STR_FMT(offered));
	else
		line_put(l, "per %.*s questa volta non è possibile.", STR_FMT(offered));
	put_other_solution(l, f);
}

/* The day that is full; its hour too when another hour of that day is proposed. */
static void put_full_day(struct line *l, const struct say_figures *f, bool with_month)
{
	if (say_proposes_day(f, local_day(f->from)))
		put_moment(l, f->from, with_month, SAY_DETAIL_HOURS);
	else
		put_day(l, f->from, with_month);
}

static void put_full(struct line *l, const struct say_figures *f)
{
	bool with_month = false;

	for (uint32_t i = 0; i < f->proposals_len; i++)
		with_month =
			with_month || say_months_differ(f->has_window ? f->from : f->proposals[0],
					      f->proposals[i]);
	if (f->has_window) {
		put_full_day(l, f, with_month);
		line_put(l, " è al completo.");
	} else {
		line_put(l, "a quell'ora siamo al completo.");
	}
	for (uint32_t i = 0; i < f->proposals_len; i++) {
		line_put(l, i == 0 ? " Posso proporLe " : " oppure ");
		put_moment(l, f->proposals[i], with_month, SAY_DETAIL_HOURS);
	}
	if (f->proposals_len > 1)
		line_put(l, ". Quale preferisce?");
	else if (f->proposals_len == 1)
		line_put(l, ". Le andrebbe bene?");
	else
		line_put(l, " Cerco la prossima data possibile e La richiamo.");
}

static void sentence(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	switch (f->template) {
	case SAY_FREE: put_free(l, f, detail); break;
	case SAY_FREE_NO_VALUE:
		line_put(l, "posso riservarLe ");
		put_solution(l, f, detail);
		line_put(l, ", è offerto da noi.");
		break;
	case SAY_PARTLY_DAYS: put_partly_days(l, f, detail); break;
	case SAY_PARTLY_UP_TO:
	case SAY_PARTLY: put_partly(l, f, detail); break;
	case SAY_PAID_DAY:
	case SAY_PAID_TRIP: put_paid(l, f, detail); break;
	case SAY_NOT_CHECKED:
		line_put(l, "posso riservarLe ");
		put_solution(l, f, detail);
		line_put(l, ". Consulto la scheda della Sua auto e subito Le preciso le "
			    "condizioni.");
		break;
	case SAY_REFUSED_AGE:
	case SAY_REFUSED_LICENCE:
	case SAY_REFUSED_NOT_DRIVABLE:
	case SAY_REFUSED_AREA:
	case SAY_REFUSED: put_refused(l, f); break;
	case SAY_FULL: put_full(l, f); break;
	case SAY_TEMPLATES_LEN: break;
	}
}

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
	.sentence = sentence,
};
