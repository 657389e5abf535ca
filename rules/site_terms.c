/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"
#include "rules/money.h"
#include "rules/value.h"

/*
 * What a site sets for decisions, from a site object and back. Other members of a site (doors,
 * phone, texts ...) are somebody else's and passed over. Prices are bounded so that no sum can
 * overflow.
 */

enum { GRACE_MAX = 1440, TRIPS_MAX = 100, WAIT_MAX = 1440, TAX_BP_MAX = 10000 };
/* A leg over DISTANCE_MAX_KM then costs at most MONEY_MAX on top of its base. */
#define PER_KM_MAX (MONEY_MAX / DISTANCE_MAX_KM)

static const char *const unit_names[] = {
	[UNIT_DAY] = "day",
	[UNIT_TRIP] = "trip",
	[UNIT_LEG] = "leg",
	[UNIT_NONE] = "none",
};

/* ---- reading ---- */

static int64_t int_required(const struct value *object, const char *key, int64_t min, int64_t max)
{
	struct value v = value_member(object, key);
	return value_int(&v, min, max);
}

static bool unit_read(const struct value *unit, enum solution_unit *out)
{
	struct str text = value_text(unit);

	for (uint32_t i = 0; i < ARRAY_LEN(unit_names); i++) {
		if (!str_is(text, unit_names[i]))
			continue;
		*out = (enum solution_unit)i;
		return true;
	}
	if (text.n > 0)
		value_fault(unit, "must be day, trip, leg or none");
	return false;
}

static void classes_read(struct site_terms *out, const struct value *classes, uint32_t solution)
{
	if (!value_given(classes) || !value_is_object(classes))
		return;
	for (struct value c = value_first(classes); value_present(&c);
		c = value_next(classes, &c)) {
		struct value price = value_member(&c, "price");
		if (!text_is_word(c.key))
			value_fault(&c, "the key must be of A-Z a-z 0-9 _ . -");
		if (!value_is_object(&c) || !value_given(&price))
			continue;
		int64_t minor = value_int(&price, 0, MONEY_MAX);
		if (out->class_tariffs_len == CLASS_TARIFFS_MAX) {
			value_fault(&c, "more than %d prices by class", CLASS_TARIFFS_MAX);
			return;
		}
		out->class_tariffs[out->class_tariffs_len].solution = (uint8_t)solution;
		out->class_tariffs[out->class_tariffs_len].vehicle_class = c.key;
		out->class_tariffs[out->class_tariffs_len++].price_minor = minor;
	}
}

/* A day is a day: only between trips and legs may a site choose how it counts (S8, S12). */
static bool unit_fits(enum solution_unit unit, enum solution_unit of_solution)
{
	return (unit == UNIT_DAY) == (of_solution == UNIT_DAY);
}

static void tariff_read(struct site_terms *out, const struct value *object, uint32_t solution,
	const struct ruleset *ruleset)
{
	struct value unit = value_member(object, "unit");
	struct value classes = value_member(object, "classes");
	struct tariff t = {.present = true};

	if (!value_is_object(object) || !unit_read(&unit, &t.unit))
		return;
	if (!unit_fits(t.unit, ruleset->solutions[solution].solution.unit))
		value_fault(&unit, "does not fit this solution");
	switch (t.unit) {
	case UNIT_DAY: t.price_minor = int_required(object, "price", 0, MONEY_MAX); break;
	case UNIT_TRIP:
		t.price_minor = int_required(object, "price", 0, MONEY_MAX);
		t.trips = (int32_t)int_required(object, "trips", 1, TRIPS_MAX);
		break;
	case UNIT_LEG:
		t.legs = (int32_t)int_required(object, "legs", 1, TRIPS_MAX);
		t.base_minor = int_required(object, "base", 0, MONEY_MAX);
		t.per_km_minor = int_required(object, "per_km", 0, PER_KM_MAX);
		break;
	case UNIT_NONE: break;
	}
	out->tariff[solution] = t;
	if (t.unit == UNIT_DAY)
		classes_read(out, &classes, solution);
}

static void holidays_read(struct site_terms *out, const struct value *list)
{
	if (!value_given(list) || !value_is_array(list, TERMS_HOLIDAYS_MAX))
		return;
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e))
		if (value_day(&e, &out->holidays[out->holidays_len]))
			out->holidays_len++;
}

static void currency_read(struct site_terms *out, const struct value *currency)
{
	bool letters = true;

	out->currency = value_text(currency);
	for (size_t i = 0; i < out->currency.n; i++)
		letters = letters && out->currency.p[i] >= 'A' && out->currency.p[i] <= 'Z';
	if (out->currency.n > 0 && (out->currency.n != 3 || !letters))
		value_fault(currency, "must be three capital letters (ISO 4217)");
}

bool site_terms_read(struct site_terms *out, struct json site, const struct ruleset *ruleset,
	struct faults *faults)
{
	struct value root = value_root(site, faults);
	uint32_t faults_before = faults->len;

	memset(out, 0, sizeof(*out));
	if (!value_is_object(&root))
		return false;
	struct value market = value_member(&root, "market");
	struct value currency = value_member(&root, "currency");
	struct value holidays = value_member(&root, "holidays");
	struct value tariff = value_member(&root, "tariff");
	struct value tax = value_member(&root, "tax_bp"),
		     wait = value_member(&root, "wait_minutes");
	out->market = value_word(&market);
	currency_read(out, &currency);
	out->grace_minutes = (int32_t)int_required(&root, "grace_minutes", 0, GRACE_MAX);
	out->max_service_distance_km =
		(int32_t)int_required(&root, "max_service_distance_km", 0, DISTANCE_MAX_KM);
	out->accompanied_max_km =
		(int32_t)int_required(&root, "accompanied_max_km", 0, DISTANCE_MAX_KM);
	out->tax_bp = (int32_t)value_int_or(&tax, 0, TAX_BP_MAX, 0);
	out->wait_minutes = (int32_t)value_int_or(&wait, 0, WAIT_MAX, NO_LIMIT);
	holidays_read(out, &holidays);
	if (!value_is_object(&tariff))
		return false;
	/* A price for a solution this rule set does not know is for another rule set. */
	for (struct value m = value_first(&tariff); value_present(&m);
		m = value_next(&tariff, &m)) {
		int at = ruleset_solution_index(ruleset, m.key);
		if (at >= 0)
			tariff_read(out, &m, (uint32_t)at, ruleset);
	}
	return faults->len == faults_before;
}

/* ---- writing ---- */

/* Canonical JSON wants keys in order: the smallest class of the solution above `after`, or -1. */
static int class_next(const struct site_terms *t, uint32_t solution, struct str after)
{
	int best = -1;

	for (uint32_t i = 0; i < t->class_tariffs_len; i++) {
		struct str c = t->class_tariffs[i].vehicle_class;
		if (t->class_tariffs[i].solution != solution || str_cmp(c, after) <= 0)
			continue;
		if (best < 0 || str_cmp(c, t->class_tariffs[best].vehicle_class) < 0)
			best = (int)i;
	}
	return best;
}

static void classes_write(struct json_writer *w, const struct site_terms *t, uint32_t solution)
{
	int at = class_next(t, solution, STR_NULL);

	if (at < 0)
		return;
	json_k(w, "classes");
	json_object_begin(w);
	for (; at >= 0; at = class_next(t, solution, t->class_tariffs[at].vehicle_class)) {
		json_key_put(w, t->class_tariffs[at].vehicle_class);
		json_object_begin(w);
		json_kv_int(w, "price", t->class_tariffs[at].price_minor);
		json_object_end(w);
	}
	json_object_end(w);
}

static void tariff_write(struct json_writer *w, const struct site_terms *t, uint32_t solution)
{
	const struct tariff *price = &t->tariff[solution];

	json_object_begin(w);
	switch (price->unit) {
	case UNIT_DAY:
		classes_write(w, t, solution);
		json_kv_int(w, "price", price->price_minor);
		break;
	case UNIT_TRIP:
		json_kv_int(w, "price", price->price_minor);
		json_kv_int(w, "trips", price->trips);
		break;
	case UNIT_LEG:
		json_kv_int(w, "base", price->base_minor);
		json_kv_int(w, "legs", price->legs);
		json_kv_int(w, "per_km", price->per_km_minor);
		break;
	case UNIT_NONE: break;
	}
	json_kv_str(w, "unit", str_from(unit_names[price->unit]));
	json_object_end(w);
}

/* The solution with a price whose id comes next after `after`, or -1. */
static int priced_next(const struct site_terms *t, const struct ruleset *ruleset, struct str after)
{
	int best = -1;

	for (uint32_t i = 0; i < ruleset->solutions_len; i++) {
		struct str id = ruleset->solutions[i].solution.id;
		if (!t->tariff[i].present || str_cmp(id, after) <= 0)
			continue;
		if (best < 0 || str_cmp(id, ruleset->solutions[best].solution.id) < 0)
			best = (int)i;
	}
	return best;
}

void site_terms_write(
	struct json_writer *w, const struct site_terms *t, const struct ruleset *ruleset)
{
	char buf[DAY_TEXT];

	json_object_begin(w);
	json_kv_int(w, "accompanied_max_km", t->accompanied_max_km);
	json_kv_str(w, "currency", t->currency);
	json_kv_int(w, "grace_minutes", t->grace_minutes);
	json_k(w, "holidays");
	json_array_begin(w);
	for (uint32_t i = 0; i < t->holidays_len; i++)
		json_put_str(w, day_print(t->holidays[i], buf));
	json_array_end(w);
	json_kv_str(w, "market", t->market);
	json_kv_int(w, "max_service_distance_km", t->max_service_distance_km);
	json_k(w, "tariff");
	json_object_begin(w);
	for (int at = priced_next(t, ruleset, STR_NULL); at >= 0;
		at = priced_next(t, ruleset, ruleset->solutions[at].solution.id)) {
		json_key_put(w, ruleset->solutions[at].solution.id);
		tariff_write(w, t, (uint32_t)at);
	}
	json_object_end(w);
	json_kv_int(w, "tax_bp", t->tax_bp);
	if (t->wait_minutes != NO_LIMIT)
		json_kv_int(w, "wait_minutes", t->wait_minutes);
	json_object_end(w);
}
