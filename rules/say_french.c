/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/*
 * French. « Vous avez » is never said of what is not held yet; a limit is the insurer's, never the
 * customer's age; a price comes with something cheaper beside it (MAS-2.1).
 */

static void put_day(struct line *l, struct local at, bool with_month)
{
	struct day day = local_day(at);
	int year, month, number;

	day_to_civil(day, &year, &month, &number);
	line_put(l, "%s %d%s", say_weekday(&say_french, day_weekday(day)), number,
		number == 1 ? "er" : "");
	if (with_month)
		line_put(l, " %s", say_month(&say_french, month));
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

static const struct say_phrases phrases = {
	.moment = "{day} à {time}",
	.window_days = " du {from} au {until}",
	.window_day = " le {day}",
	.window_hours = " de {time} à {end}",
	.confirm = ", à confirmer avec le kilométrage au dépôt",
	.free = "{right} prend en charge {solution}. Rien à payer, vous économisez "
		"{value}{confirm}.",
	.free_no_value = "je peux vous réserver {solution}, c'est offert.",
	.first_day = "le premier jour",
	.first_days = "les {days} premiers jours",
	.partly_days = "{right} prend en charge {first_days} pour {solution}. Au-delà, comptez "
		       "{price} TTC par jour, soit {customer} en tout{confirm}.",
	.partly_up_to = "{right} prend en charge {solution} jusqu'à {limit}. Il resterait "
			"{customer} TTC à votre charge{confirm}.",
	.partly = "{right} prend en charge {value} pour {solution}. Il resterait {customer} TTC à "
		  "votre charge{confirm}.",
	.paid = "je peux vous réserver {solution} pour {customer} TTC en "
		"tout{cheaper}{confirm}.",
	.paid_day = "je peux vous réserver {solution} à {price} TTC par jour, soit {customer} en "
		    "tout{cheaper}{confirm}.",
	/* Where every word counts, « soit » says it alone. */
	.paid_day_short = "je peux vous réserver {solution} à {price} TTC par jour, soit "
			  "{customer}{cheaper}{confirm}.",
	.cheaper = ", ou {alternative} pour {alternative_price}",
	.cheaper_free = ", ou, sans frais, {alternative}",
	.not_checked = "je peux vous réserver {solution}. Je consulte le dossier de votre "
		       "voiture, puis je vous précise les conditions.",
	.min_age = "notre assureur fixe pour ce véhicule un âge minimum de {min_age} ans.",
	.max_age = "notre assureur fixe pour ce véhicule un âge maximum de {max_age} ans.",
	.licence_year = "notre assureur demande pour ce véhicule au moins 1 an de permis.",
	.licence_years = "notre assureur demande pour ce véhicule au moins {years} ans de permis.",
	.licence = "notre assureur demande pour ce véhicule un permis de la bonne catégorie, "
		   "valable jusqu'au retour.",
	.not_drivable = "pour {offered}, il faudrait que votre voiture puisse rouler.",
	.out_of_area = "pour {offered}, l'adresse est hors de notre secteur.",
	.refused = "pour {offered}, ce n'est pas possible cette fois.",
	.instead = " En revanche, je peux vous réserver {alternative}.",
	.instead_any = " En revanche, je peux vous réserver une autre solution.",
	.full_day = "le {full_day}, c'est complet.",
	.full_time = "à ce moment, c'est complet.",
	.propose = " Je peux vous proposer le ",
	.propose_or = " ou le ",
	.which = ". Lequel vous conviendrait ?",
	.suits = ". Cela vous conviendrait-il ?",
	.call_back = " Je cherche la prochaine date possible et je reviens vers vous.",
};

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
	.day = put_day,
	.hour = put_time,
	.phrases = &phrases,
};
