/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "rules/say_parts.h"

/* One sentence for all languages: which phrase is said, and what stands in its {places}. */

/* What the places of a phrase are filled from. */
struct saying {
	struct line *l;
	const struct say_tongue *tongue;
	const struct say_phrases *phrases;
	const struct say_figures *f;
	enum say_detail detail;
	bool with_month;	/* days are told with their month */
	struct local at, until; /* the times a phrase about time speaks of */
};

static void say(const struct saying *s, const char *phrase);

/* ---- times ---- */

static void say_at(const struct saying *s, struct local at, bool with_month, const char *phrase)
{
	struct saying moment = *s;

	moment.at = at;
	moment.with_month = with_month;
	say(&moment, phrase);
}

/* A day, and its hour where hours are told. */
static void say_moment(const struct saying *s, struct local at)
{
	if (s->detail < SAY_DETAIL_HOURS)
		s->tongue->day(s->l, at, s->with_month);
	else
		say_at(s, at, s->with_month, s->phrases->moment);
}

/* From one day to another, or the hours of one. */
static void say_window(const struct saying *s)
{
	const struct say_figures *f = s->f;
	struct saying window = *s;

	if (!f->has_window || s->detail == SAY_DETAIL_NONE)
		return;
	window.at = f->from;
	window.until = f->until;
	if (local_day(f->from).n != local_day(f->until).n) {
		window.with_month = say_months_differ(f->from, f->until);
		say(&window, s->phrases->window_days);
		return;
	}
	window.with_month = false;
	say(&window, s->phrases->window_day);
	if (s->detail == SAY_DETAIL_HOURS)
		say(&window, s->phrases->window_hours);
}

/* ---- places ---- */

static void put_str(const struct saying *s, struct str text)
{
	line_add(s->l, text);
}

static void put_amount(const struct saying *s, int64_t minor)
{
	char buf[SAY_AMOUNT];
	line_add(s->l, str_from(say_amount(buf, s->tongue, minor, s->f->currency)));
}

static void place_day(const struct saying *s)
{
	s->tongue->day(s->l, s->at, s->with_month);
}

static void place_time(const struct saying *s)
{
	s->tongue->hour(s->l, s->at);
}

static void place_end(const struct saying *s)
{
	s->tongue->hour(s->l, s->until);
}

static void place_from(const struct saying *s)
{
	say_moment(s, s->at);
}

static void place_until(const struct saying *s)
{
	say_moment(s, s->until);
}

static void place_right(const struct saying *s)
{
	line_put(s->l, "%s", say_right(s->tongue, s->f->right));
}

static void place_offered(const struct saying *s)
{
	put_str(s, say_offered(s->f));
}

static void place_solution(const struct saying *s)
{
	place_offered(s);
	say_window(s);
}

static void place_value(const struct saying *s)
{
	put_amount(s, s->f->value_minor);
}

static void place_limit(const struct saying *s)
{
	put_amount(s, s->f->limit_minor);
}

static void place_price(const struct saying *s)
{
	put_amount(s, s->f->price_minor);
}

static void place_customer(const struct saying *s)
{
	put_amount(s, s->f->customer_minor);
}

static void place_alternative(const struct saying *s)
{
	put_str(s, say_alternative(s->f));
}

static void place_alternative_price(const struct saying *s)
{
	put_amount(s, s->f->alternative_minor);
}

static void place_confirm(const struct saying *s)
{
	if (s->f->confirm_at_drop_off)
		say(s, s->phrases->confirm);
}

/* In the same breath: several solutions for everybody, and one that costs less (MAS-2.1). */
static void place_cheaper(const struct saying *s)
{
	if (s->f->has_alternative)
		say(s, s->f->alternative_minor ? s->phrases->cheaper : s->phrases->cheaper_free);
}

static void place_days(const struct saying *s)
{
	const char *number = say_number(s->tongue, s->f->days_free);

	if (number)
		line_put(s->l, "%s", number);
	else
		line_put(s->l, "%d", s->f->days_free);
}

static void place_first_days(const struct saying *s)
{
	say(s, s->f->days_free == 1 ? s->phrases->first_day : s->phrases->first_days);
}

static void place_min_age(const struct saying *s)
{
	line_put(s->l, "%d", s->f->min_age);
}

static void place_max_age(const struct saying *s)
{
	line_put(s->l, "%d", s->f->max_age);
}

static void place_years(const struct saying *s)
{
	line_put(s->l, "%d", s->f->min_licence_years);
}

/* The day that is full; its hour too when another hour of that day is proposed. */
static void place_full_day(const struct saying *s)
{
	if (say_proposes_day(s->f, local_day(s->f->from)))
		say_at(s, s->f->from, s->with_month, s->phrases->moment);
	else
		s->tongue->day(s->l, s->f->from, s->with_month);
}

static const struct {
	const char *name;
	void (*put)(const struct saying *s);
} places[] = {
	{"alternative", place_alternative},
	{"alternative_price", place_alternative_price},
	{"cheaper", place_cheaper},
	{"confirm", place_confirm},
	{"customer", place_customer},
	{"day", place_day},
	{"days", place_days},
	{"end", place_end},
	{"first_days", place_first_days},
	{"from", place_from},
	{"full_day", place_full_day},
	{"limit", place_limit},
	{"max_age", place_max_age},
	{"min_age", place_min_age},
	{"offered", place_offered},
	{"price", place_price},
	{"right", place_right},
	{"solution", place_solution},
	{"time", place_time},
	{"until", place_until},
	{"value", place_value},
	{"years", place_years},
};

static void place_put(const struct saying *s, struct str name)
{
	size_t i = 0;

	while (i < ARRAY_LEN(places) && !str_is(name, places[i].name))
		i++;
	ASSERT(i < ARRAY_LEN(places)); /* a slip in a language's phrases */
	places[i].put(s);
}

static void say(const struct saying *s, const char *phrase)
{
	for (;;) {
		size_t literal = strcspn(phrase, "{");
		put_str(s, (struct str){phrase, literal});
		phrase += literal;
		if (!*phrase)
			return;
		phrase++;
		struct str name = {phrase, strcspn(phrase, "}")};
		ASSERT(phrase[name.n] == '}');
		place_put(s, name);
		phrase += name.n + 1;
	}
}

/* ---- sentences ---- */

static const char *paid_phrase(const struct saying *s)
{
	const struct say_phrases *p = s->phrases;

	if (s->f->template == SAY_PAID_TRIP || s->f->days <= 1)
		return p->paid;
	return s->detail == SAY_DETAIL_NONE && p->paid_day_short ? p->paid_day_short : p->paid_day;
}

/* A limit is named where there is one to name. */
static const char *age_phrase(const struct saying *s)
{
	const struct say_phrases *p = s->phrases;

	return s->f->min_age > 0 ? p->min_age : s->f->max_age > 0 ? p->max_age : p->refused;
}

static const char *licence_phrase(const struct saying *s)
{
	const struct say_phrases *p = s->phrases;
	int32_t years = s->f->min_licence_years;

	return years > 1 ? p->licence_years : years == 1 ? p->licence_year : p->licence;
}

static void say_refused(const struct saying *s, const char *why)
{
	say(s, why);
	say(s, s->f->has_alternative ? s->phrases->instead : s->phrases->instead_any);
}

static void say_full(struct saying *s)
{
	const struct say_figures *f = s->f;
	const struct say_phrases *p = s->phrases;

	s->detail = SAY_DETAIL_HOURS;
	for (uint32_t i = 0; i < f->proposals_len; i++)
		s->with_month = s->with_month ||
				say_months_differ(
					f->has_window ? f->from : f->proposals[0], f->proposals[i]);
	say(s, f->has_window ? p->full_day : p->full_time);
	for (uint32_t i = 0; i < f->proposals_len; i++) {
		say(s, i == 0 ? p->propose : p->propose_or);
		say_moment(s, f->proposals[i]);
	}
	say(s, f->proposals_len > 1 ? p->which : f->proposals_len == 1 ? p->suits : p->call_back);
}

void say_sentence(struct line *l, const struct say_figures *f, enum say_detail detail)
{
	const struct say_tongue *tongue = say_tongue_of(f->language);
	const struct say_phrases *p = tongue->phrases;
	struct saying s = {.l = l, .tongue = tongue, .phrases = p, .f = f, .detail = detail};

	switch (f->template) {
	case SAY_FREE: say(&s, p->free); break;
	case SAY_FREE_NO_VALUE: say(&s, p->free_no_value); break;
	case SAY_PARTLY_DAYS: say(&s, p->partly_days); break;
	case SAY_PARTLY_UP_TO: say(&s, p->partly_up_to); break;
	case SAY_PARTLY: say(&s, p->partly); break;
	case SAY_PAID_DAY:
	case SAY_PAID_TRIP: say(&s, paid_phrase(&s)); break;
	case SAY_NOT_CHECKED: say(&s, p->not_checked); break;
	case SAY_REFUSED_AGE: say_refused(&s, age_phrase(&s)); break;
	case SAY_REFUSED_LICENCE: say_refused(&s, licence_phrase(&s)); break;
	case SAY_REFUSED_NOT_DRIVABLE: say_refused(&s, p->not_drivable); break;
	case SAY_REFUSED_AREA: say_refused(&s, p->out_of_area); break;
	case SAY_REFUSED: say_refused(&s, p->refused); break;
	case SAY_FULL: say_full(&s); break;
	case SAY_TEMPLATES_LEN: break;
	}
}
