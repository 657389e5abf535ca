/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/say.h"

#include <stdarg.h>
#include <stdio.h>

#include "rules/decide_parts.h"
#include "rules/say_parts.h"

/* Which sentence is said, and how it is fitted into the words a person can listen to. */

enum { NAME_BYTES_MAX = 200 };

/* ---- choosing ---- */

static enum say_template refusal_template(enum offer_reason reason)
{
	switch (reason) {
	case DRIVER_TOO_YOUNG:
	case DRIVER_TOO_OLD: return SAY_REFUSED_AGE;
	case LICENCE_TOO_RECENT:
	case LICENCE_EXPIRES_BEFORE_RETURN:
	case LICENCE_CATEGORY: return SAY_REFUSED_LICENCE;
	case VEHICLE_NOT_DRIVABLE: return SAY_REFUSED_NOT_DRIVABLE;
	case OUT_OF_AREA: return SAY_REFUSED_AREA;
	case OFFERED:
	case WAIT_TOO_LONG:
	case NO_TARIFF: return SAY_REFUSED;
	}
	return SAY_REFUSED;
}

/* Only the limit that refuses is kept: the others would tell something about the driver. */
static void limits_fill(struct say_figures *out, const struct terms *t,
	const struct ruleset *ruleset, struct str vehicle_class)
{
	const struct driver_limit *l = eligibility_limit(ruleset, t->solution, vehicle_class);

	if (!l)
		return;
	if (t->reason == DRIVER_TOO_YOUNG)
		out->min_age = l->min_age;
	if (t->reason == DRIVER_TOO_OLD)
		out->max_age = l->max_age;
	if (t->reason == LICENCE_TOO_RECENT)
		out->min_licence_years = l->min_licence_years;
}

/* "The first N days" is only true when nothing else cuts the days: what is refused comes last, and
 * every day is either paid for whole or the customer's whole. */
static bool is_first_days(const struct terms *t, const struct tariff *tariff)
{
	const uint32_t ends = UINT32_C(1) << NOTE_CAP_DAYS_REACHED |
			      UINT32_C(1) << NOTE_PROGRAMME_ENDED_DURING_LOAN |
			      UINT32_C(1) << NOTE_AFTER_COMPLETION |
			      UINT32_C(1) << NOTE_AUTHORISATION_TO_ASK;

	if (tariff->unit != UNIT_DAY || tariff->price_minor == 0 || (t->notes & ~ends))
		return false;
	for (uint32_t i = 0; i < t->covered_len; i++)
		if (str_is(t->covered[i].programme, "GOODWILL"))
			return false;
	return t->customer_minor % tariff->price_minor == 0;
}

static enum say_template partly_template(const struct terms *t, const struct tariff *tariff)
{
	if (is_first_days(t, tariff))
		return SAY_PARTLY_DAYS;
	return t->notes == UINT32_C(1) << NOTE_AMOUNT_CAPPED ? SAY_PARTLY_UP_TO : SAY_PARTLY;
}

static enum say_template template_of(
	const struct terms *t, const struct tariff *tariff, bool checked)
{
	if (t->decision == DECISION_NOT_OFFERED)
		return refusal_template(t->reason);
	/* Not looked up never reads as not covered, nor as covered. */
	if (!checked)
		return SAY_NOT_CHECKED;
	switch (t->decision) {
	case DECISION_FREE: return t->value_minor == 0 ? SAY_FREE_NO_VALUE : SAY_FREE;
	case DECISION_PARTLY_FREE: return partly_template(t, tariff);
	case DECISION_PAID: return tariff->unit == UNIT_DAY ? SAY_PAID_DAY : SAY_PAID_TRIP;
	case DECISION_NOT_OFFERED: break;
	}
	return SAY_REFUSED;
}

/* The kind of the right that pays first; what the dealer bears or only asks for is no right. */
static struct str right_of(const struct terms *t, const struct ruleset *ruleset)
{
	if (t->covered_len == 0)
		return STR_NULL;
	const struct covered_row *row = &t->covered[0];
	const struct programme *p = ruleset_programme(ruleset, row->programme);
	if (str_is(row->programme, "GOODWILL"))
		return STR("goodwill");
	if (!p || !str_eq(row->payer, p->payer))
		return STR("dealer_policy");
	return p->kind;
}

void say_from_terms(struct say_figures *out, const struct terms *t,
	const struct decision_request *r, const struct site_terms *site,
	const struct ruleset *ruleset, struct str vehicle_class, bool checked)
{
	struct tariff tariff = decide_tariff(site, t->solution, vehicle_class);
	const struct solution *s = &ruleset->solutions[t->solution].solution;

	memset(out, 0, sizeof(*out));
	out->template = template_of(t, &tariff, checked);
	out->solution = s->id;
	out->currency = t->currency;
	out->has_window = s->unit == UNIT_DAY;
	out->from = r->loan_from;
	out->until = r->loan_to;
	if (t->decision == DECISION_NOT_OFFERED) {
		limits_fill(out, t, ruleset, vehicle_class);
		return;
	}
	if (!checked)
		return;
	out->right = right_of(t, ruleset);
	out->value_minor = t->value_minor;
	out->customer_minor = t->customer_minor;
	out->limit_minor = t->value_minor;
	if (tariff.unit != UNIT_DAY)
		return;
	out->price_minor = tariff.price_minor;
	out->days = t->units;
	if (out->template == SAY_PARTLY_DAYS)
		out->days_free = t->units - (int32_t)(t->customer_minor / tariff.price_minor);
}

/* ---- rendering ---- */

void line_put(struct line *l, const char *format, ...)
{
	va_list args;
	int n;

	if (l->full)
		return;
	va_start(args, format);
	n = vsnprintf(l->buf + l->len, l->cap - l->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= l->cap - l->len)
		l->full = true;
	else
		l->len += (size_t)n;
}

void line_add(struct line *l, struct str text)
{
	if (l->full || text.n >= l->cap - l->len) {
		l->full = true;
		return;
	}
	if (text.n)
		memcpy(l->buf + l->len, text.p, text.n);
	l->len += text.n;
	l->buf[l->len] = '\0';
}

/* Words as a listener would count them at worst: everything between blanks. */
static uint32_t words(const struct line *l)
{
	uint32_t count = 0;

	for (size_t i = 0; i < l->len; i++)
		count += l->buf[i] != ' ' && (i == 0 || l->buf[i - 1] == ' ');
	return count;
}

static bool render(char *buf, size_t cap, struct line *l, const struct say_figures *f,
	struct str name, enum say_detail detail)
{
	*l = (struct line){.buf = buf, .cap = cap};
	if (name.n > 0)
		line_put(l, "%.*s, ", STR_FMT(name));
	size_t start = l->len;
	say_sentence(l, f, detail);
	if (!l->full && start == 0 && buf[0] >= 'a' && buf[0] <= 'z')
		buf[0] = (char)(buf[0] - 'a' + 'A');
	return !l->full;
}

size_t say_render(char *buf, size_t cap, const struct say_figures *f, struct str name)
{
	struct line l;
	int detail = SAY_DETAIL_HOURS;

	ASSERT(f->template <SAY_TEMPLATES_LEN && f->proposals_len <= ARRAY_LEN(f->proposals));
	if (cap == 0)
		return 0;
	if (name.n > NAME_BYTES_MAX)
		name = STR_NULL;
	/* Hours go first, then the days: they stand on the screen and in the confirmation. */
	for (; detail >= SAY_DETAIL_NONE; detail--) {
		if (!render(buf, cap, &l, f, name, (enum say_detail)detail))
			continue;
		if (words(&l) <= SAY_WORDS_MAX)
			return l.len;
	}
	if (!render(buf, cap, &l, f, STR_NULL, SAY_DETAIL_NONE)) {
		buf[0] = '\0';
		return 0;
	}
	return l.len;
}
