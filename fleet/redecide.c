/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/make.h"

enum { DECIDED_BYTES_MAX = 48 << 10 };

/* The facts of the first decision, with the car as it is known now. */
static struct json facts_again(
	struct decide *d, const struct booking *b, struct json request, int64_t odometer_km)
{
	struct json_writer w;
	struct row row;
	bool immobile = json_bool_at(json_get(request, "vehicle"), "immobile", false);

	/* a car that has broken down since is read anew; what was said of it then stays said */
	if (b->vin.n && row_get(&d->view, ROW_VEHICLE, b->vin, &row))
		immobile |= json_bool_at(row.doc, "immobile", false);

	arena_writer(d->view.arena, &w, 256);
	json_object_begin(&w);
	json_kv_bool(&w, "immobile", immobile);
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

struct solution booking_solution(struct decide *d, const struct booking *b)
{
	const struct solution *known = solution_find(b->solution);
	struct json ruleset = json_get(b->doc, "ruleset");
	struct ruleset_row rules;
	int index;

	if (known)
		return *known;
	if (ruleset_by_hash(&d->view, json_str_at(ruleset, "version"),
		    json_str_at(ruleset, "sha256"), &rules)) {
		index = ruleset_solution_index(rules.ruleset, b->solution);
		if (index >= 0)
			return rules.ruleset->solutions[index].solution;
	}
	return (struct solution){.id = b->solution, .claims = CLAIMS_DAILY};
}

const struct roster *booking_roster(struct decide *d, const struct booking *b)
{
	return b->for_site.n ? roster_of(&d->view, b->for_site) : decide_roster(d);
}

uint32_t booking_transfer(struct decide *d, const struct booking *b, struct str site)
{
	int32_t minutes = site.n ? roster_transfer(decide_roster(d), b->class, site) : 0;

	return minutes > 0 ? (uint32_t)minutes : 0;
}

static enum outcome decide_again(struct decide *d, const struct booking *b, const struct inquiry *q,
	const struct stay *stay, struct str class, struct redecision *out)
{
	int index;
	enum outcome o;

	o = inputs_build(
		&d->view, booking_roster(d, b), q, stay, d->now, out->inputs, d->command->faults);
	if (o != OK)
		return o;
	index = ruleset_solution_index(out->inputs->ruleset.ruleset, b->solution);
	ASSERT(index >= 0); /* the booking was decided by this very rule set */
	decide_terms(out->terms, &out->inputs->request, &out->inputs->site,
		out->inputs->ruleset.ruleset, (uint32_t)index, class);
	return OK;
}

bool visit_told(struct decide *d, struct str visit, struct instant ready)
{
	struct instant told;
	struct row row;

	return row_get(&d->view, ROW_REPAIR_ORDER, visit, &row) &&
	       doc_instant(row.doc, "ready_at", &told) && told.s == ready.s;
}

/* Until when the car may wait for its owner: the site's opening time to fetch it, from when he was
 * told. What is only expected to be ready then has nobody waiting for it. */
static void collect_within(const struct roster *r, struct instant ready, struct inquiry *q)
{
	struct local until;
	int64_t wall;

	if (r->collect_minutes == 0 ||
		!opening_add(
			&wall, &r->opening, roster_local(r, ready).wall_s, r->collect_minutes, 1))
		return;
	(void)zone_instant(&until, r->zone, wall);
	q->collect_until = local_instant(until);
	q->has_collect_until = q->collect_until.s > ready.s;
}

enum outcome redecide(struct decide *d, const struct booking *b, const struct stay *stay,
	struct str class, int64_t odometer_km, struct redecision *out)
{
	return redecide_with(d, b, stay, class, odometer_km,
		&(struct beside){.told = visit_told(d, b->visit, stay->ready)}, out);
}

enum outcome redecide_with(struct decide *d, const struct booking *b, const struct stay *stay,
	struct str class, int64_t odometer_km, const struct beside *beside, struct redecision *out)
{
	struct json decided = json_get(b->doc, "decided"), request = json_get(decided, "request");
	struct json ruleset = json_get(b->doc, "ruleset");
	struct inquiry q = {.vin = b->vin,
		.customer = b->customer,
		.visit = b->visit,
		.except = b->id,
		.again = beside->again,
		.again_len = beside->again_len,
		.ruleset_version = json_str_at(ruleset, "version"),
		.ruleset_sha256 = json_str_at(ruleset, "sha256"),
		.segment = json_str_at(json_get(request, "customer"), "segment"),
		.site = json_get(decided, "site")};

	/* a hold without a customer was decided for anybody: his segment was not known yet */
	if (!json_str_at(b->doc, "customer").n)
		q.segment = STR_NULL;
	out->inputs = arena_alloc(d->view.arena, sizeof *out->inputs);
	out->terms = arena_alloc(d->view.arena, sizeof *out->terms);
	d->command->faults = arena_alloc(d->view.arena, sizeof *d->command->faults);
	if (!out->inputs || !out->terms || !d->command->faults)
		return FAULT_MEMORY;
	q.facts = facts_again(
		d, b, request, odometer_km >= 0 ? odometer_km : odometer_now(d, b, request));
	/* who drives was looked at when the car was handed over: papers entered later change no
	 * price of a car that is out */
	q.driver_as_known = b->status == BOOKING_OUT || b->status == BOOKING_RETURNED;
	if (beside->told)
		collect_within(booking_roster(d, b), stay->ready, &q);
	if (b->upgraded_from.n && str_eq(class, b->class))
		class = b->upgraded_from; /* who asked for less pays for less */
	return decide_again(d, b, &q, stay, class, out);
}

enum outcome check_offered(struct decide *d, const struct redecision *r)
{
	struct json_writer w;

	if (r->terms->decision != DECISION_NOT_OFFERED)
		return OK;
	arena_writer(d->view.arena, &w, DECIDED_BYTES_MAX);
	json_object_begin(&w);
	json_kv_raw(&w, "terms", terms_text(d, r));
	json_object_end(&w);
	return refuse_with(d, REFUSED_NOT_OFFERED, arena_written(d->view.arena, &w));
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
