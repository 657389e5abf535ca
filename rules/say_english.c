/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/* English, and what every language without a file of its own hears. Rules as in French. */

static const char *ordinal_tail(int n)
{
	if (n % 100 >= 11 && n % 100 <= 13)
		return "th";
	return n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : n % 10 == 3 ? "rd" : "th";
}

static void put_day(struct line *l, struct local at, bool with_month)
{
	struct day day = local_day(at);
	int year, month, number;

	day_to_civil(day, &year, &month, &number);
	line_put(l, "%s the %d%s", say_weekday(&say_english, day_weekday(day)), number,
		ordinal_tail(number));
	if (with_month)
		line_put(l, " of %s", say_month(&say_english, month));
}

static void put_time(struct line *l, struct local at)
{
	int minutes = (int)(at.wall_s / 60 % 1440);

	line_put(l, "%d:%02d", minutes / 60, minutes % 60);
}

static const struct say_phrases phrases = {
	.moment = "{day} at {time}",
	.window_days = " from {from} to {until}",
	.window_day = " on {day}",
	.window_hours = " from {time} to {end}",
	.confirm = ", to be confirmed with the mileage at drop-off",
	.free = "{right} covers {solution}. Nothing to pay, you save {value}{confirm}.",
	.free_no_value = "I can reserve {solution}, free of charge.",
	.first_day = "the first day",
	.first_days = "the first {days} days",
	.partly_days = "{right} covers {first_days} of {solution}. After that it is {price} a day, "
		       "{customer} in all{confirm}.",
	.partly_up_to = "{right} covers {solution} up to {limit}. That would leave {customer} to "
			"pay{confirm}.",
	.partly = "{right} covers {value} of {solution}. That would leave {customer} to "
		  "pay{confirm}.",
	.paid = "I can reserve {solution} for {customer} in all{cheaper}{confirm}.",
	.paid_day = "I can reserve {solution} for {price} a day, {customer} in "
		    "all{cheaper}{confirm}.",
	.cheaper = ", or {alternative} for {alternative_price}",
	.cheaper_free = ", or, free of charge, {alternative}",
	.not_checked = "I can reserve {solution}. I am looking up your car's file and will tell "
		       "you the conditions next.",
	.min_age = "our insurer sets a minimum age of {min_age} for this car.",
	.max_age = "our insurer sets a maximum age of {max_age} for this car.",
	.licence_year = "our insurer asks for a licence held at least 1 year for this car.",
	.licence_years = "our insurer asks for a licence held at least {years} years for this car.",
	.licence = "our insurer asks for a licence of the right category for this car, valid "
		   "until the return.",
	.not_drivable = "for {offered} your car would have to be fit to drive.",
	.out_of_area = "for {offered} the address is outside our area.",
	.refused = "for {offered} there is no possibility this time.",
	.instead = " Instead, I can reserve {alternative}.",
	.instead_any = " Instead, I can reserve another solution.",
	.full_day = "{full_day} is full.",
	.full_time = "that time is full.",
	.propose = " I can suggest ",
	.propose_or = " or ",
	.which = ". Which would you prefer?",
	.suits = ". Would that suit you?",
	.call_back = " I will look for the next possible date and come back to you.",
};

/* ---- words ---- */

/* Short, because a paid sentence names two of them within SAY_WORDS_MAX. */
static const struct say_word solutions[] = {
	{"loaner_brand", "a Maserati courtesy car"},
	{"loaner_other", "a courtesy car of another make"},
	{"rental", "a rental car"},
	{"pickup_delivery", "collection and return at your door"},
	{"pickup", "collection at your door"},
	{"delivery", "delivery to your door"},
	{"taxi", "a taxi"},
	{"accompanied_drive", "a lift with one of our drivers"},
	{"public_transport", "public transport tickets"},
	{"wait_on_site", "a seat in our lounge"},
	{0},
};

static const struct say_word documents[] = {
	{"driving_licence", "your driving licence"},
	{"vehicle_registration", "the registration document of your car"},
	{"identity_document", "an identity document"},
	{"payment_card", "a bank card in your name"},
	{"loan_agreement", "the loan agreement"},
	{"rental_agreement", "the rental agreement"},
	{"handover_sheet", "the hand-over sheet"},
	{0},
};

/* By kind of the programme that pays first. */
static const struct say_word rights[] = {
	{"recall", "the recall campaign"},
	{"statutory", "the law"},
	{"manufacturer_warranty", "your warranty"},
	{"roadside_assistance", "your roadside assistance"},
	{"certified_pre_owned", "your certified warranty"},
	{"extended_warranty", "your extended warranty"},
	{"mobility_programme", "your mobility programme"},
	{"insurance", "your insurance"},
	{"dealer_policy", "our house"},
	{"goodwill", "a goodwill gesture"},
	{0},
};
static const struct say_currency currencies[] = {
	{"EUR", "euro", "euros"},
	{"USD", "dollar", "dollars"},
	{"CAD", "dollar", "dollars"},
	{"AUD", "dollar", "dollars"},
	{"GBP", "pound", "pounds"},
	{"CHF", "franc", "francs"},
	{"CNY", "yuan", "yuan"},
	{"JPY", "yen", "yen"},
	{"AED", "dirham", "dirhams"},
	{0},
};

const struct say_tongue say_english = {
	.code = "en",
	.weekdays = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"},
	.months = {"January", "February", "March", "April", "May", "June", "July", "August",
		"September", "October", "November", "December"},
	.numbers = {NULL, "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"},
	.solutions = solutions,
	.documents = documents,
	.rights = rights,
	.any_right = "your cover",
	.currencies = currencies,
	.decimal = '.',
	.thousands = ',',
	.below_two_is_one = false,
	.day = put_day,
	.hour = put_time,
	.phrases = &phrases,
};
