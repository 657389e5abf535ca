/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/car_state.h"

enum { STATE_BYTES = 256, MARK_BYTES = 64, CLAIMS_BYTES_MAX = 8192 };

static void write_marks(struct json_writer *w, struct json damages)
{
	json_array_begin(w);
	for (struct json m = json_first(damages); json_present(m); m = json_next(damages, m)) {
		struct json zone = json_get(m, "zone");
		if (!json_present(zone))
			continue; /* only words */
		json_object_begin(w);
		json_kv_raw(w, "kind", json_raw(json_get(m, "kind")));
		json_kv_raw(w, "zone", json_raw(zone));
		json_object_end(w);
	}
	json_array_end(w);
}

static void kv_read(struct json_writer *w, struct json wish, const char *key)
{
	if (!json_is_null(json_get(wish, key)))
		json_kv_raw(w, key, json_raw(json_get(wish, key)));
}

/* What a hand-over says of the car: what was not looked at stays as it was. */
static struct str state_seen(struct decide *d, struct json wish, struct str where)
{
	struct json damages = json_get(wish, "damages");
	struct json_writer w;

	arena_writer(d->view.arena, &w,
		STATE_BYTES + where.n + (size_t)json_count(damages) * MARK_BYTES);
	json_object_begin(&w);
	kv_read(&w, wish, "charge_percent");
	if (!json_is_null(damages)) {
		json_k(&w, "damages");
		write_marks(&w, damages);
	}
	kv_read(&w, wish, "fuel_percent");
	json_kv_null(&w, "key"); /* in somebody's hand */
	json_kv_bool(&w, "ready", false);
	if (where.n)
		json_kv_str(&w, "where", where);
	else
		json_kv_null(&w, "where");
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

/* The row with `change` (null removes) in its `now`, and the odometer where it was read. */
static void draft_now(struct decide *d, struct str resource, struct json doc, struct str change,
	struct json odometer)
{
	struct str now = doc_merge(d->view.arena, json_get(doc, "now"),
		arena_json(d->view.arena, change, NULL));
	struct json_writer w;

	arena_writer(d->view.arena, &w, now.n + STATE_BYTES);
	json_object_begin(&w);
	json_kv_raw(&w, "now", now);
	if (!json_is_null(odometer))
		json_kv_raw(&w, "odometer_km", json_raw(odometer));
	json_object_end(&w);
	draft_set(d, ROW_RESOURCE, resource, arena_written(d->view.arena, &w));
}

static void draft_seen(struct decide *d, struct str resource, struct json wish, struct str where)
{
	struct row row;

	if (resource.n && row_get(&d->view, ROW_RESOURCE, resource, &row) &&
		str_is(json_str_at(row.doc, "kind"), "car"))
		draft_now(d, resource, row.doc, state_seen(d, wish, where),
			json_get(wish, "odometer_km"));
}

void draft_car_goes(struct decide *d, struct str resource, struct json wish)
{
	if (!resource.n)
		return;
	draft_seen(d, resource, wish, STR_NULL);
	draft_task_drop(d, TASK_TRANSFER, resource); /* it is lent from where it stands */
}

void draft_car_comes(
	struct decide *d, const struct booking *b, const struct come_in *in, struct str where)
{
	struct instant due = {in->left.s + (int64_t)booking_transfer(d, b, where) * 60};

	draft_seen(d, b->resource, in->wish, where);
	if (where.n)
		draft_task(d, TASK_TRANSFER, &(struct task_subject){.resource = b->resource}, due);
}

enum outcome transfer_from(
	struct decide *d, const struct booking *b, struct str said, struct str *where)
{
	*where = said.n ? said : b->for_site;
	if (said.n && !roster_of(&d->view, said))
		return refuse_field(d, "/site", "there is no such site");
	if (str_eq(*where, b->site) || booking_solution(d, b).claims != CLAIMS_CAR)
		*where = STR_NULL;
	return OK;
}

/* ---- the preparer's tap: clean, fuelled, at its hook ---- */

/* It took less time than is planned for: from now on the car is free. */
static void free_the_rest(struct decide *d, const struct resource *r)
{
	struct claim_row claims[2];
	uint32_t now = minute_down(d->now); /* whoever takes it in this minute has all of it */
	size_t n = calendar_claims(
		d->view.txn, (struct seat){r->id, 0}, now, now + 1, claims, ARRAY_LEN(claims));
	const struct booking_claim *car;
	struct plan_claim cut;
	struct json_writer w;
	struct booking b;
	struct plan plan;

	if (n != 1 || claims[0].what != CLAIM_CAR || !serial_booking(d, claims[0].serial, &b) ||
		b.status != BOOKING_RETURNED)
		return;
	car = car_claim(&b);
	ASSERT(car);
	cut = (struct plan_claim){car->seat, car->row.from, now, CLAIM_CAR};
	plan = claims_with_car(&b, cut.from < cut.until ? &cut : NULL, false, false);
	arena_writer(d->view.arena, &w, CLAIMS_BYTES_MAX);
	json_object_begin(&w);
	write_claims(&w, &plan);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
}

enum outcome decide_resource_ready(struct decide *d)
{
	const struct roster *roster = decide_roster(d);
	const struct resource *r = roster ? roster_resource(roster, d->command->target) : NULL;
	struct json ready = arena_json(d->view.arena, STR("{\"ready\":true}"), NULL);
	struct row present;

	if (!row_get(&d->view, ROW_RESOURCE, d->command->target, &present) ||
		!str_eq(json_str_at(present.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	draft_now(d, d->command->target, present.doc, doc_merge(d->view.arena, d->body, ready),
		JSON_ABSENT);
	draft_task_drop(d, TASK_TRANSFER, d->command->target); /* it is back at its place */
	if (r && r->seats == 1)
		free_the_rest(d, r);
	return OK;
}
