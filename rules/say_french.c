/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/*
 * French sentences. « Vous avez » is never said of what is not held yet; a limit is the insurer's,
 * never the customer's age; a price comes with something cheaper beside it (MAS-2.1).
 */

static const struct say_tongue *const FR = &say_french;

static void put_day(struct line *l, struct local at, bool with_month)
{
	struct day day = local_day(at);
	int year, month, number;

	day_to_civil(day, &year, &month, &number);
	line_put(l, "%s %d%s", say_weekday(FR, day_weekday(day)), number, number == 1 ? "er" : "");
	if (with_month)
		line_put(l, " %s", say_month(FR, month));
}

static void put_time(struct line *l, struct local at)
{
	int minutes = (int)(at.wall_s / 60 % 1440);

	if (minutes == 0)
		line_put(l, "minuit");
	else if (minutes % 60 == 0)
		line_put(l, "%d heure%s", minutes / 60, minutes / 60 > 1 ? "s" : "");
	else
		line_put(l, "%d h %02d", minutes / 60, minutes % 60);
}

static void put_moment(struct line *l, struct local at, bool with_month, enum say_detail detail)
{
	put_day(l, at, with_month);
	if (detail < SAY_DETAIL_HOURS)
		return;
	line_put(l, " à ");
	put_time(l, at);
}

/* « du mardi 24 à 8 h 30 au vendredi 27 à 12 h 30 », or within one day « le mardi 24 de … à … ». */
static void put_window(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	bool with_month = say_months_differ(f->from, f->until);

	if (!f->has_window || detail == SAY_DETAIL_NONE)
		return;
	if (local_day(f->from).n != local_day(f->until).n) {
		line_put(l, " du ");
		put_moment(l, f->from, with_month, detail);
		line_put(l, " au ");
		put_moment(l, f->until, with_month, detail);
		return;
	}
	line_put(l, " le ");
	put_day(l, f->from, false);
	if (detail < SAY_DETAIL_HOURS)
		return;
	line_put(l, " de ");
	put_time(l, f->from);
	line_put(l, " à ");
	put_time(l, f->until);
}

static void put_amount(struct line *l, const struct say_figures *f, int64_t minor)
{
	char buf[SAY_AMOUNT];
	line_put(l, "%s", say_amount(buf, FR, minor, f->currency));
}

static void put_solution(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%.*s", STR_FMT(say_offered(f)));
	put_window(l, f, detail);
}

static void put_confirm(struct line *l, const struct say_figures *f)
{
	if (f->confirm_at_drop_off)
		line_put(l, ", à confirmer avec le kilométrage au dépôt");
}

static void put_free(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%s prend en charge ", say_right(FR, f->right));
	put_solution(l, f, detail);
	line_put(l, ". Rien à payer, vous économisez ");
	put_amount(l, f, f->value_minor);
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_partly_days(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	const char *number = say_number(FR, f->days_free);

	line_put(l, "%s prend en charge ", say_right(FR, f->right));
	if (f->days_free == 1)
		line_put(l, "le premier jour");
	else if (number)
		line_put(l, "les %s premiers jours", number);
	else
		line_put(l, "les %d premiers jours", f->days_free);
	line_put(l, " pour ");
	put_solution(l, f, detail);
	line_put(l, ". Au-delà, comptez ");
	put_amount(l, f, f->price_minor);
	line_put(l, " TTC par jour, soit ");
	put_amount(l, f, f->customer_minor);
	line_put(l, " en tout");
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_partly(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%s prend en charge ", say_right(FR, f->right));
	if (f->template == SAY_PARTLY_UP_TO) {
		put_solution(l, f, detail);
		line_put(l, " jusqu'à ");
		put_amount(l, f, f->limit_minor);
	} else {
		put_amount(l, f, f->value_minor);
		line_put(l, " pour ");
		put_solution(l, f, detail);
	}
	line_put(l, ". Il resterait ");
	put_amount(l, f, f->customer_minor);
	line_put(l, " TTC à votre charge");
	put_confirm(l, f);
	line_put(l, ".");
}

/* In the same breath: several solutions for everybody, and one that costs less (MAS-2.1). */
static void put_cheaper(struct line *l, const struct say_figures *f)
{
	if (!f->has_alternative)
		return;
	if (f->alternative_minor == 0) {
		line_put(l, ", ou, sans frais, %.*s", STR_FMT(say_alternative(f)));
		return;
	}
	line_put(l, ", ou %.*s pour ", STR_FMT(say_alternative(f)));
	put_amount(l, f, f->alternative_minor);
}

static void put_paid(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "je peux vous réserver ");
	put_solution(l, f, detail);
	if (f->template == SAY_PAID_TRIP || f->days == 1) {
		line_put(l, " pour ");
		put_amount(l, f, f->customer_minor);
		line_put(l, " TTC en tout");
	} else {
		line_put(l, " à ");
		put_amount(l, f, f->price_minor);
		line_put(l, " TTC par jour, soit ");
		put_amount(l, f, f->customer_minor);
		/* Where every word counts, « soit » says it alone. */
		if (detail > SAY_DETAIL_NONE)
			line_put(l, " en tout");
	}
	put_cheaper(l, f);
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_other_solution(struct line *l, const struct say_figures *f)
{
	if (f->has_alternative)
		line_put(l, " En revanche, je peux vous réserver %.*s.",
			STR_FMT(say_alternative(f)));
	else
		line_put(l, " En revanche, je peux vous réserver une autre solution.");
}

static void put_refused(struct line *l, const struct say_figures *f)
{
	struct str offered = say_offered(f);

	if (f->template == SAY_REFUSED_AGE && f->min_age > 0)
		line_put(l, "notre assureur fixe pour ce véhicule un âge minimum de %d ans.",
			f->min_age);
	else if (f->template == SAY_REFUSED_AGE && f->max_age > 0)
		line_put(l, "notre assureur fixe pour ce véhicule un âge maximum de %d ans.",
			f->max_age);
	else if (f->template == SAY_REFUSED_LICENCE && f->min_licence_years > 0)
		line_put(l, "notre assureur demande pour ce véhicule au moins %d an%s de permis.",
			f->min_licence_years, f->min_licence_years > 1 ? "s" : "");
	else if (f->template == SAY_REFUSED_LICENCE)
		line_put(l, "notre assureur demande pour ce véhicule un permis de la bonne "
			    "catégorie, valable jusqu'au retour.");
	else if (f->template == SAY_REFUSED_NOT_DRIVABLE)
		line_put(l, "pour %.*s, il faudrait que votre voiture puisse rouler.",
			STR_FMT(offered));
	else if (f->template == SAY_REFUSED_AREA)
		line_put(l, "pour %.*s, l'adresse est hors de notre secteur.", STR_FMT(offered));
	else
		line_put(l, "pour %.*s, ce n'est pas possible cette fois.", STR_FMT(offered));
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
		line_put(l, "le ");
		put_full_day(l, f, with_month);
		line_put(l, ", c'est complet.");
	} else {
		line_put(l, "à ce moment, c'est complet.");
	}
	for (uint32_t i = 0; i < f->proposals_len; i++) {
		line_put(l, i == 0 ? " Je peux vous proposer le " : " ou le ");
		put_moment(l, f->proposals[i], with_month, SAY_DETAIL_HOURS);
	}
	if (f->proposals_len > 1)
		line_put(l, ". Lequel vous conviendrait ?");
	else if (f->proposals_len == 1)
		line_put(l, ". Cela vous conviendrait-il ?");
	else
		line_put(l, " Je cherche la prochaine date possible et je reviens vers vous.");
}

static void sentence(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	switch (f->template) {
	case SAY_FREE: put_free(l, f, detail); break;
	case SAY_FREE_NO_VALUE:
		line_put(l, "je peux vous réserver ");
		put_solution(l, f, detail);
		line_put(l, ", c'est offert.");
		break;
	case SAY_PARTLY_DAYS: put_partly_days(l, f, detail); break;
	case SAY_PARTLY_UP_TO:
	case SAY_PARTLY: put_partly(l, f, detail); break;
	case SAY_PAID_DAY:
	case SAY_PAID_TRIP: put_paid(l, f, detail); break;
	case SAY_NOT_CHECKED:
		line_put(l, "je peux vous réserver ");
		put_solution(l, f, detail);
		line_put(l, ". Je consulte le dossier de votre voiture, puis je vous précise les "
			    "conditions.");
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
	{"loaner_brand", "un véhicule de prêt Maserati"},
	{"loaner_other", "un véhicule d'une autre marque"},
	{"rental", "une voiture de location"},
	{"pickup_delivery", "la prise en charge et livraison"},
	{"pickup", "la prise en charge chez vous"},
	{"delivery", "la livraison chez vous"},
	{"taxi", "un taxi"},
	{"accompanied_drive", "un accompagnement en voiture"},
	{"public_transport", "des titres de transport"},
	{"wait_on_site", "une place dans notre salon"},
	{0},
};

static const struct say_word documents[] = {
	{"driving_licence", "votre permis de conduire"},
	{"vehicle_registration", "la carte grise de votre voiture"},
	{"identity_document", "une pièce d'identité"},
	{"payment_card", "une carte bancaire à votre nom"},
	{"loan_agreement", "le contrat de prêt"},
	{"rental_agreement", "le contrat de location"},
	{"handover_sheet", "la fiche de remise"},
	{0},
};

/* By kind of the programme that pays first. */
static const struct say_word rights[] = {
	{"recall", "la campagne de rappel"},
	{"statutory", "la garantie légale"},
	{"manufacturer_warranty", "votre garantie"},
	{"roadside_assistance", "votre assistance"},
	{"certified_pre_owned", "votre garantie occasion"},
	{"extended_warranty", "votre extension de garantie"},
	{"mobility_programme", "votre programme de mobilité"},
	{"insurance", "votre assurance"},
	{"dealer_policy", "notre maison"},
	{"goodwill", "un geste commercial"},
	{0},
};
static const struct say_currency currencies[] = {
	{"EUR", "euro", "euros"},
	{"USD", "dollar", "dollars"},
	{"CAD", "dollar", "dollars"},
	{"AUD", "dollar", "dollars"},
	{"GBP", "livre", "livres"},
	{"CHF", "franc", "francs"},
	{"CNY", "yuan", "yuans"},
	{"JPY", "yen", "yens"},
	{"AED", "dirham", "dirhams"},
	{0},
};

const struct say_tongue say_french = {
	.code = "fr",
	.weekdays = {"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"},
	.months = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
		"septembre", "octobre", "novembre", "décembre"},
	.numbers = {NULL, "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf",
		"dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"},
	.solutions = solutions,
	.documents = documents,
	.rights = rights,
	.any_right = "votre couverture",
	.currencies = currencies,
	.decimal = ',',
	.thousands = ' ',
	.below_two_is_one = true,
	.sentence = sentence,
};
