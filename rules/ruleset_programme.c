/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"
#include "rules/money.h"
#include "rules/ruleset_parts.h"

/*
 * Programmes and their benefits. Switches that move money have no default: a definition says them.
 * Caps may be left out or null, which is no cap.
 */

enum { PRIORITY_MAX = 1000000, TERM_MONTHS_MAX = 1200, CAP_DAYS_MAX = 9999, USES_MAX = 9999 };

static const char *const programme_members[] = {"id", "name", "kind", "payer", "reference",
	"priority", "requires_coverage", "markets", "months", "odometer_limit_km", "transferable",
	"continues_after_expiry", "voided_by_lock", "needs_open_campaign", "needs_claim_ref",
	"repays_net", "segments", "max_uses", "job_types", "benefits"};
static const char *const benefit_members[] = {"cost_code", "more_than_minutes",
	"overnight_required", "immobile_required", "from_day", "max_days", "day_count",
	"max_per_day", "max_amount", "max_distance_km", "excess_payer"};

static int64_t int_or(
	const struct value *object, const char *key, int64_t min, int64_t max, int64_t otherwise)
{
	struct value v = value_member(object, key);
	return value_int_or(&v, min, max, otherwise);
}

static bool bool_required(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_bool(&v);
}

static bool bool_or_false(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_bool_or(&v, false);
}

static struct str text_or_none(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_text_or_none(&v);
}

static struct str word_required(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_word(&v);
}

/* The place in `names` of an optional word; 0, the usual one, when it is left out. */
static uint32_t choice_read(
	const struct value *object, const char *key, const char *const names[], uint32_t names_len)
{
	struct value v = value_member(object, key);
	struct str word = value_text_or_none(&v);

	for (uint32_t i = 0; i < names_len; i++)
		if (str_is(word, names[i]))
			return i;
	if (value_given(&v))
		value_fault(&v, "\"%.*s\" is not known here", STR_FMT(word));
	return 0;
}

/* A cap that its solution never looks at would be money lost in silence. */
static void refuse_cap(const struct value *object, const char *key, const char *why)
{
	struct value v = value_member(object, key);

	if (value_given(&v))
		value_fault(&v, "%s", why);
}

static void benefit_read(struct benefit *b, const struct value *object, enum solution_unit unit)
{
	static const char *const day_counts[] = {"rental_day", "working_day"};
	static const char *const excess_payers[] = {"customer", "dealer", "ask"};

	if (!value_is_object(object))
		return;
	value_members_known(object, benefit_members, ARRAY_LEN(benefit_members));
	b->present = true;
	b->cost_code = word_required(object, "cost_code");
	b->more_than_minutes =
		(int32_t)int_or(object, "more_than_minutes", 0, IMMOBILISATION_MAX_MINUTES, 0);
	b->overnight_required = bool_or_false(object, "overnight_required");
	b->immobile_required = bool_or_false(object, "immobile_required");
	b->from_day = (int32_t)int_or(object, "from_day", 1, LOAN_DAYS_MAX, 1);
	b->max_days = (int32_t)int_or(object, "max_days", 0, CAP_DAYS_MAX, NO_LIMIT);
	b->day_count = (enum day_count)choice_read(object, "day_count", day_counts, 2);
	b->max_per_day = int_or(object, "max_per_day", 0, MONEY_MAX, NO_LIMIT);
	b->max_amount = int_or(object, "max_amount", 0, MONEY_MAX, NO_LIMIT);
	b->max_distance_km =
		(int32_t)int_or(object, "max_distance_km", 0, DISTANCE_MAX_KM, NO_LIMIT);
	b->excess_payer = (enum excess_payer)choice_read(object, "excess_payer", excess_payers, 3);
	if (unit == UNIT_DAY) {
		refuse_cap(object, "max_amount", "has no effect on a solution priced by the day");
		refuse_cap(
			object, "max_distance_km", "has no effect on a solution priced by the day");
	} else {
		refuse_cap(object, "max_per_day", "has no effect on a solution priced by the trip");
		if (b->excess_payer != EXCESS_CUSTOMER)
			refuse_cap(object, "excess_payer",
				"has no effect on a solution priced by the trip");
	}
}

static void benefits_read(struct programme *p, const struct value *table, const struct ruleset *r)
{
	if (!value_is_object(table))
		return;
	for (struct value m = value_first(table); value_present(&m); m = value_next(table, &m)) {
		int at = ruleset_solution_key(r, &m);
		if (at >= 0)
			benefit_read(&p->benefit[at], &m, r->solutions[at].solution.unit);
	}
}

static void reference_read(struct programme *p, const struct value *reference)
{
	static const char *const known[] = {"title", "version", "article"};

	if (!value_given(reference) || !value_is_object(reference))
		return;
	value_members_known(reference, known, ARRAY_LEN(known));
	p->reference.title = text_or_none(reference, "title");
	p->reference.version = text_or_none(reference, "version");
	p->reference.article = text_or_none(reference, "article");
}

/* How long and how often it may be used: the right-hand columns of D1. */
static void term_read(struct programme *p, const struct value *object)
{
	struct value months = value_member(object, "months");

	p->months = (int32_t)value_int_or(&months, 0, TERM_MONTHS_MAX, NO_LIMIT);
	/* null is a decision (a coverage then ends by its own date or never); leaving it out is
	 * not. */
	if (p->requires_coverage && !value_present(&months))
		value_fault(&months, "is required where a coverage is: months, or null when "
				     "coverages end by date");
	p->odometer_limit_km =
		(int32_t)int_or(object, "odometer_limit_km", 0, ODOMETER_MAX_KM, NO_LIMIT);
	p->max_uses = (int32_t)int_or(object, "max_uses", 0, USES_MAX, NO_LIMIT);
}

static void scope_read(struct programme *p, const struct value *object, const struct ruleset *r)
{
	struct value markets = value_member(object, "markets");
	struct value job_types = value_member(object, "job_types");
	struct value segments = value_member(object, "segments");

	p->markets_len = ruleset_words_read(&markets, p->markets, MARKETS_MAX);
	if (p->markets_len == 0 && json_is(markets.json, JSON_ARRAY))
		value_fault(&markets, "must name at least one market");
	p->job_types = ruleset_bits_read(&job_types, r->job_types, r->job_types_len, "job type");
	if (json_is(job_types.json, JSON_ARRAY) && json_count(job_types.json) == 0)
		value_fault(&job_types, "must name at least one job type");
	p->any_segment = !value_given(&segments);
	if (!p->any_segment)
		p->segments = ruleset_bits_read(&segments, r->segments, r->segments_len, "segment");
}

static void identity_read(struct programme *p, const struct value *object)
{
	struct value name = value_member(object, "name"), id = value_member(object, "id");
	struct value reference = value_member(object, "reference");
	struct value priority = value_member(object, "priority");
	struct value payer = value_member(object, "payer");

	p->id = value_word(&id);
	p->name = value_text(&name);
	p->kind = word_required(object, "kind");
	p->payer = value_word(&payer);
	p->priority = (int32_t)value_int(&priority, 0, PRIORITY_MAX);
	reference_read(p, &reference);
	/* These two name rows that no programme pays (S13, collect_until). */
	if (str_is(p->id, "GOODWILL") || str_is(p->id, "COLLECTION"))
		value_fault(&id, "\"%.*s\" is reserved", STR_FMT(p->id));
	if (str_is(p->payer, "customer"))
		value_fault(&payer, "the customer is not a payer of programmes");
}

static void programme_read(struct programme *p, const struct value *object, const struct ruleset *r)
{
	struct value benefits = value_member(object, "benefits");

	value_members_known(object, programme_members, ARRAY_LEN(programme_members));
	identity_read(p, object);
	p->requires_coverage = bool_required(object, "requires_coverage");
	p->transferable = bool_required(object, "transferable");
	p->continues_after_expiry = bool_required(object, "continues_after_expiry");
	p->voided_by_lock = bool_required(object, "voided_by_lock");
	p->needs_open_campaign = bool_required(object, "needs_open_campaign");
	p->needs_claim_ref = bool_required(object, "needs_claim_ref");
	p->repays_net = bool_or_false(object, "repays_net");
	term_read(p, object);
	scope_read(p, object, r);
	benefits_read(p, &benefits, r);
}

/* Puts the programme where its priority belongs; two of one priority would leave a tie open. */
static void programme_insert(struct ruleset *out, const struct programme *p, const struct value *at)
{
	struct value id = value_member(at, "id"), priority = value_member(at, "priority");
	uint32_t place = out->programmes_len;

	for (uint32_t i = 0; i < out->programmes_len; i++) {
		if (str_eq(out->programmes[i].id, p->id) && p->id.n > 0)
			value_fault(&id, "\"%.*s\" is the id of another programme", STR_FMT(p->id));
		if (out->programmes[i].priority == p->priority && json_is(priority.json, JSON_INT))
			value_fault(&priority, "%d is the priority of \"%.*s\" already",
				p->priority, STR_FMT(out->programmes[i].id));
	}
	while (place > 0 && out->programmes[place - 1].priority > p->priority)
		place--;
	memmove(&out->programmes[place + 1], &out->programmes[place],
		(out->programmes_len - place) * sizeof(*p));
	out->programmes[place] = *p;
	out->programmes_len++;
}

static void payers_check(const struct ruleset *r, const struct value *list)
{
	struct str payers[RULESET_PAYERS_MAX];
	uint32_t len = 0;

	for (uint32_t i = 0; i < r->programmes_len; i++) {
		if (ruleset_word_index(payers, len, r->programmes[i].payer) >= 0)
			continue;
		if (len == RULESET_PAYERS_MAX) {
			value_fault(
				list, "names more than %d different payers", RULESET_PAYERS_MAX);
			return;
		}
		payers[len++] = r->programmes[i].payer;
	}
}

void ruleset_programmes_read(struct ruleset *out, const struct value *list)
{
	if (!value_is_array(list, PROGRAMMES_MAX))
		return;
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e)) {
		struct programme programme = {0};
		if (!value_is_object(&e))
			continue;
		programme_read(&programme, &e, out);
		programme_insert(out, &programme, &e);
	}
	payers_check(out, list);
}
