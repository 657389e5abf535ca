/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/freed.h"

#include "fleet/waiting.h"
#include "fleet/window.h"

enum {
	RISKS_MAX = 50,		     /* looked at in one tick, the soonest */
	RISK_PAST_MINUTES = 24 * 60, /* whoever was due longer ago does not come any more */
	HOLDS_MAX = 8,		     /* made in one tick; the next goes on */
	COUNTED_MAX = 1000,	     /* of one site: more is told as this many */
	FREED_EFFECTS_MAX = 256,     /* with what is moved for them */
	MEMBERS_BYTES_MAX = 16 << 10,
};

/* An entry has its bounds: what is left over is looked at by the next tick. */
static bool has_room(const struct decide *d)
{
	return d->effects_len + d->seating.len <= FREED_EFFECTS_MAX &&
	       d->effects.len < EFFECT_BYTES_MAX / 2;
}

/* ---- promises at risk ---- */

static uint32_t find_risks(struct decide *d, struct str ids[RISKS_MAX])
{
	struct key prefix = key_site_risk_prefix(d->command->journal);
	struct key start =
		key_site_risk(d->command->journal, minute_down(d->now) - RISK_PAST_MINUTES, 0);
	struct cursor c;
	uint32_t n = 0;

	cursor_open(&c, d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&start));
		some && n < RISKS_MAX && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c))
		ids[n++] = arena_copy(d->view.arena, c.value);
	cursor_close(&c);
	return n;
}

static void draft_seated(struct decide *d, const struct booking *b, const struct plan_ask *ask,
	const struct plan *plan)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX);
	json_object_begin(&w);
	json_kv_null(&w, "at_risk");
	write_claims(&w, plan);
	write_booking_legs(&w, ask, plan);
	if (plan->resource.n)
		json_kv_str(&w, "resource", plan->resource);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b->id, arena_written(d->view.arena, &w));
}

/* What was promised, class and time, with a seat: what it had lost is found again or all is as it
 * was. */
static void seat_promise(struct decide *d, const struct booking *b)
{
	struct plan_ask ask = ask_of(d, b, (struct span){b->from, b->until}, b->class);
	struct plan plan;

	/* whoever comes late is received as he comes: a desk's hour that is past is nobody's */
	if (b->from.s < d->now.s)
		ask.desk_out = false;
	if (plan_find(&d->view, &ask, &plan) != PLAN_FREE)
		return;
	for (uint32_t i = 0; i < b->claims_len; i++)
		seating_drop(&d->seating, b->claims[i].seat, b->claims[i].row);
	plan_take(&d->seating, &plan, b->serial);
	draft_seated(d, b, &ask, &plan);
}

void freed_for_risk(struct decide *d)
{
	struct str ids[RISKS_MAX];
	uint32_t n = find_risks(d, ids);

	for (uint32_t i = 0; i < n && has_room(d); i++) {
		struct booking b;
		uint64_t rev;
		/* a hold that has just expired wants nothing any more */
		if (draft_place(d, ids[i]) < d->effects_len ||
			!booking_get(&d->view, ids[i], &b, &rev) || b.until.s <= d->now.s)
			continue;
		/* that very car was promised: whether another will do is a person's to say */
		if (!b.pinned)
			seat_promise(d, &b);
	}
}

/* ---- whoever waits ---- */

/* A lease begins when there is somebody to call, and ends before what is held begins. */
static void set_lease(struct making *m)
{
	const struct roster *r = m->roster;
	int64_t minutes = json_int_at(m->body, "hold_minutes", r->hold_minutes), wall;
	struct instant begin = m->d->now, opens;
	struct local local;

	if (minutes > r->hold_minutes)
		minutes = r->hold_minutes;
	if (opening_next(&wall, &r->opening, roster_local(r, begin).wall_s, 1)) {
		(void)zone_instant(&local, r->zone, wall);
		opens = local_instant(local);
		if (opens.s > begin.s)
			begin = opens;
	}
	m->held = true;
	m->hold_until.s = begin.s + minutes * 60;
	if (m->hold_until.s > m->stay.from.s)
		m->hold_until = m->stay.from;
}

static void draft_offered(struct making *m)
{
	struct json_writer w;

	arena_writer(m->d->view.arena, &w, 128);
	json_object_begin(&w);
	json_kv_str(&w, "booking", m->id);
	json_kv_str(&w, "status", str_from(waiting_status_name(WAITING_OFFERED)));
	json_object_end(&w);
	draft_set(m->d, ROW_WAITING, m->waiting, arena_written(m->d->view.arena, &w));
	draft_task(m->d, TASK_WAITING, &(struct task_subject){.booking = m->id}, m->d->now);
}

static enum outcome hold_place(struct making *m)
{
	enum outcome o;

	m->held = true; /* whoever waits is asked first */
	o = make_stay(m);
	if (o == OK)
		o = make_who(m);
	if (o == OK)
		o = make_decide(m);
	if (o != OK)
		return outcome_is_fault(o) ? o : OK; /* not now; he stays in the line */
	set_lease(m);
	o = make_booking(m);
	if (o != OK)
		return o;
	make_visit(m);
	draft_offered(m);
	return OK;
}

/* What a car has used up, and what its visit holds, is read from what is stored: of one car and of
 * one visit one place is held in an entry. */
static bool comes_again(const struct decide *d, struct json doc, const struct str *cars, uint32_t n)
{
	struct str vin = json_str_at(doc, "vin"), visit = json_str_at(doc, "visit");

	for (uint32_t i = 0; i < n; i++)
		if (vin.n && str_eq(cars[i], vin))
			return true;
	return visit.n && draft_place(d, visit) < d->effects_len;
}

enum outcome freed_for_waiting(struct decide *d)
{
	struct str ids[WAITING_MAX], cars[HOLDS_MAX];
	uint32_t n = waiting_line(d, ids), held = 0;
	struct making *m = arena_alloc(d->view.arena, sizeof *m);
	enum outcome o = m ? OK : FAULT_MEMORY;
	struct instant from;
	struct row row;

	for (uint32_t i = 0; i < n && held < HOLDS_MAX && o == OK && has_room(d); i++) {
		if (!row_get(&d->view, ROW_WAITING, ids[i], &row) ||
			comes_again(d, row.doc, cars, held))
			continue;
		ASSERT(doc_instant(row.doc, "from", &from));
		if (from.s <= d->now.s || !waiting_open(m, d, row.doc)) {
			draft_set(d, ROW_WAITING, ids[i], STR("{\"status\":\"over\"}"));
			continue;
		}
		o = hold_place(m);
		if (m->id.n)
			cars[held++] = m->vin;
	}
	d->command->faults = NULL; /* why somebody still waits is no fault of the timer's */
	d->command->detail = STR_NULL;
	return o;
}

/* ---- how many there are ---- */

static uint64_t count_within(struct txn *t, const struct key *start, const struct key *prefix)
{
	struct cursor c;
	uint64_t n = 0;

	cursor_open(&c, t, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(start));
		some && n < COUNTED_MAX && cursor_within(&c, key_str(prefix));
		some = cursor_next(&c))
		n++;
	cursor_close(&c);
	return n;
}

void freed_count(struct view *v, struct freed_counts *out)
{
	uint32_t since = minute_down(v->env->now(v->env)) - RISK_PAST_MINUTES;
	struct str site = STR_NULL;

	*out = (struct freed_counts){0};
	while (journal_next_name(v->txn, &site)) {
		struct key waiting = key_site_waiting_prefix(site),
			   start = key_site_risk(site, since, 0),
			   risks = key_site_risk_prefix(site);
		key_u8(&waiting, WAITING_IN_LINE);
		out->waiting += count_within(v->txn, &waiting, &waiting);
		out->at_risk += count_within(v->txn, &start, &risks);
	}
}
