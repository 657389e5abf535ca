/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say_parts.h"

/* English sentences, and what every language without sentences of its own hears. Rules as in
 * French. */

static const struct say_tongue *const EN = &say_english;

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
	line_put(l, "%s the %d%s", say_weekday(EN, day_weekday(day)), number, ordinal_tail(number));
	if (with_month)
		line_put(l, " of %s", say_month(EN, month));
}

static void put_time(struct line *l, struct local at)
{
	int minutes = (int)(at.wall_s / 60 % 1440);

	line_put(l, "%d:%02d", minutes / 60, minutes % 60);
}

static void put_moment(struct line *l, struct local at, bool with_month, enum say_detail detail)
{
	put_day(l, at, with_month);
	if (detail < SAY_DETAIL_HOURS)
		return;
	line_put(l, " at ");
	put_time(l, at);
}

static void put_window(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	bool with_month = say_months_differ(f->from, f->until);

	if (!f->has_window || detail == SAY_DETAIL_NONE)
		return;
	if (local_day(f->from).n != local_day(f->until).n) {
		line_put(l, " from ");
		put_moment(l, f->from, with_month, detail);
		line_put(l, " to ");
		put_moment(l, f->until, with_month, detail);
		return;
	}
	line_put(l, " on ");
	put_day(l, f->from, false);
	if (detail < SAY_DETAIL_HOURS)
		return;
	line_put(l, " from ");
	put_time(l, f->from);
	line_put(l, " to ");
	put_time(l, f->until);
}

static void put_amount(struct line *l, const struct say_figures *f, int64_t minor)
{
	char buf[SAY_AMOUNT];
	line_put(l, "%s", say_amount(buf, EN, minor, f->currency));
}

static void put_solution(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%.*s", STR_FMT(say_offered(f)));
	put_window(l, f, detail);
}

static void put_confirm(struct line *l, const struct say_figures *f)
{
	if (f->confirm_at_drop_off)
		line_put(l, ", to be confirmed with the mileage at drop-off");
}

static void put_free(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%s covers ", say_right(EN, f->right));
	put_solution(l, f, detail);
	line_put(l, ". Nothing to pay, you save ");
	put_amount(l, f, f->value_minor);
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_partly_days(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	const char *number = say_number(EN, f->days_free);

	line_put(l, "%s covers ", say_right(EN, f->right));
	if (f->days_free == 1)
		line_put(l, "the first day");
	else if (number)
		line_put(l, "the first %s days", number);
	else
		line_put(l, "the first %d days", f->days_free);
	line_put(l, " of ");
	put_solution(l, f, detail);
	line_put(l, ". After that it is ");
	put_amount(l, f, f->price_minor);
	line_put(l, " a day, ");
	put_amount(l, f, f->customer_minor);
	line_put(l, " in all");
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_partly(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "%s covers ", say_right(EN, f->right));
	if (f->template == SAY_PARTLY_UP_TO) {
		put_solution(l, f, detail);
		line_put(l, " up to ");
		put_amount(l, f, f->limit_minor);
	} else {
		put_amount(l, f, f->value_minor);
		line_put(l, " of ");
		put_solution(l, f, detail);
	}
	line_put(l, ". That would leave ");
	put_amount(l, f, f->customer_minor);
	line_put(l, " to pay");
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_cheaper(struct line *l, const struct say_figures *f)
{
	if (!f->has_alternative)
		return;
	if (f->alternative_minor == 0) {
		line_put(l, ", or, free of charge, %.*s", STR_FMT(say_alternative(f)));
		return;
	}
	line_put(l, ", or %.*s for ", STR_FMT(say_alternative(f)));
	put_amount(l, f, f->alternative_minor);
}

static void put_paid(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	line_put(l, "I can reserve ");
	put_solution(l, f, detail);
	line_put(l, " for ");
	if (f->template == SAY_PAID_DAY && f->days > 1) {
		put_amount(l, f, f->price_minor);
		line_put(l, " a day, ");
	}
	put_amount(l, f, f->customer_minor);
	line_put(l, " in all");
	put_cheaper(l, f);
	put_confirm(l, f);
	line_put(l, ".");
}

static void put_refused(struct line *l, const struct say_figures *f)
{
	struct str offered = say_offered(f);

	if (f->template == SAY_REFUSED_AGE && f->min_age > 0)
		line_put(l, "our insurer sets a minimum age of %d for this car.", f->min_age);
	else if (f->template == SAY_REFUSED_AGE && f->max_age > 0)
		line_put(l, "our insurer sets a maximum age of %d for this car.", f->max_age);
	else if (f->template == SAY_REFUSED_LICENCE && f->min_licence_years > 0)
		line_put(l, "our insurer asks for a licence held at least %d year%s for this car.",
			f->min_licence_years, f->min_licence_years > 1 ? "s" : "");
	else if (f->template == SAY_REFUSED_LICENCE)
		line_put(l, "our insurer asks for a licence of the right category for this car, "
			    "valid until the return.");
	else if (f->template == SAY_REFUSED_NOT_DRIVABLE)
		line_put(l, "for %.*s your car would have to be fit to drive.", STR_FMT(offered));
	else if (f->template == SAY_REFUSED_AREA)
		line_put(l, "for %.*s the address is outside our area.", STR_FMT(offered));
	else
		line_put(l, "for %.*s there is no possibility this time.", STR_FMT(offered));
	if (f->has_alternative)
		line_put(l, " Instead, I can reserve %.*s.", STR_FMT(say_alternative(f)));
	else
		line_put(l, " Instead, I can reserve another solution.");
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
		line_put(l, " is full.");
	} else {
		line_put(l, "that time is full.");
	}
	for (uint32_t i = 0; i < f->proposals_len; i++) {
		line_put(l, i == 0 ? " I can suggest " : " or ");
		put_moment(l, f->proposals[i], with_month, SAY_DETAIL_HOURS);
	}
	if (f->proposals_len > 1)
		line_put(l, ". Which would you prefer?");
	else if (f->proposals_len == 1)
		line_put(l, ". Would that suit you?");
	else
		line_put(l, " I will look for the next possible date and come back to you.");
}

static void sentence(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	switch (f->template) {
	case SAY_FREE: put_free(l, f, detail); break;
	case SAY_FREE_NO_VALUE:
		line_put(l, "I can reserve ");
		put_solution(l, f, detail);
		line_put(l, ", free of charge.");
		break;
	case SAY_PARTLY_DAYS: put_partly_days(l, f, detail); break;
	case SAY_PARTLY_UP_TO:
	case SAY_PARTLY: put_partly(l, f, detail); break;
	case SAY_PAID_DAY:
	case SAY_PAID_TRIP: put_paid(l, f, detail); break;
	case SAY_NOT_CHECKED:
		line_put(l, "I can reserve ");
		put_solution(l, f, detail);
		line_put(l, ". I am looking up your car's file and will tell you the conditions "
			    "next.");
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
	.sentence = sentence,
};
