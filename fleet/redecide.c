/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

enum { DECIDED_BYTES_MAX = 48 << 10 };

/* The facts of the first decision, with the odometer as it is known now. */
static struct json facts_again(struct decide *d, struct json request, int64_t odometer_km)
{
	struct json_writer w;
	struct json vehicle = json_get(request, "vehicle");

	arena_writer(d->view.arena, &w, 256);
	json_object_begin(&w);
	json_kv_bool(&w, "immobile", json_bool_at(vehicle, "immobile", false));
	json_kv_int(&w, "odometer_km", odometer_km);
	json_object_end(&w);
	return arena_json(d->view.arena,
		doc_merge(d->view.arena, request,
			arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL)),
		NULL);
}

static int64_t odometer_now(struct decide *d, const struct booking *b, struct json request)
{
	struct row row;
	int64_t stored = json_int_at(json_get(request, "vehicle"), "odometer_km", 0), known = 0;

	if (b->vin.n && row_get(&d->view, ROW_VEHICLE, b->vin, &row))
		known = json_int_at(row.doc, "odometer_km", 0);
	return known > stored ? known : stored;
}

struct instant visit_ready(struct decide *d, const struct booking *b)
{
	struct instant ready;
	struct row visit;

	if (row_get(&d->view, ROW_VISIT, b->visit, &visit) &&
		doc_instant(visit.doc, "ready_at", &ready) && ready.s > b->drop_off_at.s)
		return ready;
	return b->ready_at;
}

enum outcome redecide(struct decide *d, const struct booking *b, const struct stay *stay,
	struct str class, int64_t odometer_km, struct redecision *out)
{
	struct json decided = json_get(b->doc, "decided"), request = json_get(decided, "request");
	struct json ruleset = json_get(b->doc, "ruleset");
	struct inquiry q = {.vin = b->vin,
		.customer = b->customer,
		.visit = b->visit,
		.except = b->id,
		.ruleset_version = json_str_at(ruleset, "version"),
		.ruleset_sha256 = json_str_at(ruleset, "sha256"),
		.segment = json_str_at(json_get(request, "customer"), "segment"),
		.site = json_get(decided, "site")};
	int index;
	enum outcome o;

	out->inputs = arena_alloc(d->view.arena, sizeof *out->inputs);
	out->terms = arena_alloc(d->view.arena, sizeof *out->terms);
	d->command->faults = arena_alloc(d->view.arena, sizeof *d->command->faults);
	if (!out->inputs || !out->terms || !d->command->faults)
		return FAULT_MEMORY;
	q.facts = facts_again(
		d, request, odometer_km >= 0 ? odometer_km : odometer_now(d, b, request));
	o = inputs_build(
		&d->view, decide_roster(d), &q, stay, d->now, out->inputs, d->command->faults);
	if (o != OK)
		return o;
	index = ruleset_solution_index(out->inputs->ruleset.ruleset, b->solution);
	ASSERT(index >= 0); /* the booking was decided by this very rule set */
	decide_terms(out->terms, &out->inputs->request, &out->inputs->site,
		out->inputs->ruleset.ruleset, (uint32_t)index, class);
	return OK;
}

struct str decided_text(struct decide *d, const struct redecision *r)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, DECIDED_BYTES_MAX);
	decided_write(&w, r->inputs, r->terms);
	return arena_written(d->view.arena, &w);
}

struct str terms_text(struct decide *d, const struct redecision *r)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, DECIDED_BYTES_MAX);
	terms_write(&w, r->terms, r->inputs->ruleset.ruleset);
	return arena_written(d->view.arena, &w);
}
