/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"

/*
 * A request as it is stored with its decision: what was resolved, in UTC with the local offsets
 * beside it. Reading it back gives the same struct, so a replay gives the same terms.
 */

static void put_text_or_null(struct json_writer *w, const char *key, struct str text)
{
	if (text.p)
		json_kv_str(w, key, text);
	else
		json_kv_null(w, key);
}

static void put_day_or_null(struct json_writer *w, const char *key, bool has, struct day day)
{
	char buf[DAY_TEXT];

	if (has)
		json_kv_str(w, key, day_print(day, buf));
	else
		json_kv_null(w, key);
}

static void put_instant(struct json_writer *w, const char *key, struct local l)
{
	char buf[INSTANT_TEXT];

	json_kv_str(w, key, instant_print_utc(local_instant(l), buf));
}

static void authorisations_write(struct json_writer *w, const struct decision_request *r)
{
	json_k(w, "authorisations");
	json_array_begin(w);
	for (uint32_t i = 0; i < r->authorisations_len; i++) {
		const struct authorisation *a = &r->authorisations[i];
		json_object_begin(w);
		json_kv_int(w, "extra_days", a->extra_days);
		json_kv_str(w, "programme", a->programme);
		put_text_or_null(w, "reason", a->reason);
		put_text_or_null(w, "ref", a->ref);
		json_object_end(w);
	}
	json_array_end(w);
}

static void customer_write(struct json_writer *w, const struct decision_request *r)
{
	json_k(w, "customer");
	json_object_begin(w);
	put_text_or_null(w, "id", r->customer_id);
	json_kv_str(w, "segment", r->segment);
	json_object_end(w);
}

static void driver_write(struct json_writer *w, const struct decision_request *r)
{
	json_k(w, "driver");
	if (!r->driver.given) {
		json_null(w);
		return;
	}
	json_object_begin(w);
	json_kv_int(w, "age_years", r->driver.age_years);
	if (r->driver.category_missing)
		json_kv_bool(w, "category_missing", true);
	if (r->driver.licence_expires)
		json_kv_bool(w, "licence_expires", true);
	json_kv_int(w, "licence_years", r->driver.licence_years);
	json_object_end(w);
}

static void goodwill_write(struct json_writer *w, const struct goodwill *g)
{
	json_k(w, "goodwill");
	if (!g->given) {
		json_null(w);
		return;
	}
	json_object_begin(w);
	put_text_or_null(w, "authorisation_ref", g->authorisation_ref);
	json_kv_str(w, "cost_code", g->cost_code);
	json_kv_str(w, "payer", g->payer);
	json_kv_int(w, "percent_bp", g->percent_bp);
	json_k(w, "solutions");
	json_array_begin(w);
	for (uint32_t i = 0; i < g->solutions_len; i++)
		json_put_str(w, g->solutions[i]);
	json_array_end(w);
	json_object_end(w);
}

static void jobs_write(struct json_writer *w, const struct decision_request *r)
{
	json_k(w, "jobs");
	json_array_begin(w);
	for (uint32_t i = 0; i < r->jobs_len; i++) {
		json_object_begin(w);
		json_kv_int(w, "immobilisation_minutes", r->jobs[i].immobilisation_minutes);
		json_kv_str(w, "type", r->jobs[i].type);
		json_object_end(w);
	}
	json_array_end(w);
}

static void offsets_write(struct json_writer *w, const struct decision_request *r)
{
	json_k(w, "offsets");
	json_object_begin(w);
	if (r->has_collect_until)
		json_kv_int(w, "collect_until", r->collect_until.offset_s);
	json_kv_int(w, "drop_off_at", r->drop_off.offset_s);
	json_kv_int(w, "loan_from", r->loan_from.offset_s);
	json_kv_int(w, "loan_to", r->loan_to.offset_s);
	json_kv_int(w, "ready_at", r->ready.offset_s);
	json_object_end(w);
}

static void used_write(struct json_writer *w, const struct decision_request *r)
{
	if (r->used_len == 0)
		return;
	json_k(w, "used");
	json_array_begin(w);
	for (uint32_t i = 0; i < r->used_len; i++) {
		json_object_begin(w);
		json_kv_int(w, "days", r->used[i].days);
		json_kv_str(w, "programme", r->used[i].programme);
		json_kv_int(w, "uses", r->used[i].uses);
		json_object_end(w);
	}
	json_array_end(w);
}

static void coverage_write(struct json_writer *w, const struct coverage *c)
{
	json_object_begin(w);
	put_text_or_null(w, "claim_ref", c->claim_ref);
	put_day_or_null(w, "ends_on", c->has_end, c->ends_on);
	put_text_or_null(w, "owner_id", c->owner_id);
	json_kv_str(w, "programme", c->programme);
	put_day_or_null(w, "start_on", c->has_start, c->start_on);
	json_kv_int(w, "suspended_days", c->suspended_days);
	json_kv_int(w, "uses", c->uses);
	json_object_end(w);
}

static void vehicle_write(struct json_writer *w, const struct decision_request *r)
{
	json_k(w, "vehicle");
	json_object_begin(w);
	json_k(w, "coverages");
	json_array_begin(w);
	for (uint32_t i = 0; i < r->coverages_len; i++)
		coverage_write(w, &r->coverages[i]);
	json_array_end(w);
	json_kv_bool(w, "immobile", r->immobile);
	json_kv_int(w, "odometer_km", r->odometer_km);
	put_text_or_null(w, "owner_id", r->owner_id);
	put_text_or_null(w, "vin", r->vin);
	json_kv_bool(w, "warranty_locked", r->warranty_locked);
	json_object_end(w);
}

void decision_request_write(struct json_writer *w, const struct decision_request *r)
{
	json_object_begin(w);
	authorisations_write(w, r);
	json_kv_bool(w, "campaign_open", r->campaign_open);
	if (r->has_collect_until)
		put_instant(w, "collect_until", r->collect_until);
	customer_write(w, r);
	json_kv_int(w, "distance_km", r->distance_km);
	driver_write(w, r);
	put_instant(w, "drop_off_at", r->drop_off);
	goodwill_write(w, &r->goodwill);
	jobs_write(w, r);
	put_instant(w, "loan_from", r->loan_from);
	put_instant(w, "loan_to", r->loan_to);
	offsets_write(w, r);
	put_instant(w, "ready_at", r->ready);
	used_write(w, r);
	vehicle_write(w, r);
	json_object_end(w);
}
