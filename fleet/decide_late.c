/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/desk.h"
#include "fleet/freed.h"
#include "fleet/reseat.h"

enum {
	TICK_DUE_MAX = 50,
	TICK_EFFECTS_MAX = 256, /* a push drafts at most some dozens more */
	MEMBERS_BYTES_MAX = 96 << 10,
};

/* A car out stays out until `expected`: its claim grows, what stands in the way moves or is at
 * risk. */
static struct plan keep_until(struct decide *d, const struct booking *b, struct instant expected)
{
	const struct booking_claim *car = loan_claim(d, b);
	const struct resource *r =
		car ? roster_resource(decide_roster(d), car->seat.resource) : NULL;
	struct plan_claim claim;

	if (!car)
		return claims_kept(b, true, true);
	claim = (struct plan_claim){car->seat, car->row.from,
		minute_up(expected) + booking_transfer(d, b, b->for_site) + (r ? r->turnaround : 0),
		CLAIM_CAR};
	if (claim.until <= car->row.until) {
		claim.until = car->row.until;
	} else {
		struct reseated hit;
		reseat(d, car->seat,
			(struct claim_row){claim.from, claim.until, b->serial, CLAIM_CAR, true},
			b->serial, &hit);
		claim.until = hit.until > car->row.until ? hit.until : car->row.until;
	}
	return claims_with_car(b, &claim, true, true);
}

enum outcome decide_booking_late(struct decide *d)
{
	struct booking b;
	struct instant expected;
	struct plan plan;
	struct stay stay;
	struct redecision again;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_booking(d, &b, 1u << BOOKING_OUT);

	if (o != OK)
		return o;
	ASSERT(doc_instant(d->body, "expected_at", &expected));
	if (expected.s <= d->now.s)
		return refuse_field(
			d, "/expected_at", "the car is expected in the future, or is checked in");
	if (expected.s - b.from.s > (int64_t)LOAN_DAYS_MAX * 86400)
		return refuse_field(
			d, "/expected_at", "a loan lasts at most %d days", LOAN_DAYS_MAX);
	plan = keep_until(d, &b, expected);
	stay = (struct stay){b.drop_off_at, visit_ready(d, &b), b.from,
		expected.s > b.until.s ? expected : b.until};
	o = redecide(d, &b, &stay, b.class, -1, &again);
	if (o != OK)
		return o;
	sealed = draft_private_text(d, b.doc, b.customer.n ? b.customer : b.id, "heard", "heard");
	arena_writer(d->view.arena, &w, MEMBERS_BYTES_MAX + sealed.n);
	json_object_begin(&w);
	write_claims(&w, &plan);
	json_kv_raw(&w, "decided", decided_text(d, &again));
	json_kv_instant(&w, "expected_at", expected);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_kv_raw(&w, "terms", terms_text(d, &again));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}

/* ---- the timer: holds lapse and overdue cars are pushed on, only ever by an entry ---- */

static void tick_hold(struct decide *d, const struct booking *b)
{
	struct json_writer w;

	for (uint32_t i = 0; i < b->claims_len; i++)
		seating_drop(&d->seating, b->claims[i].seat, b->claims[i].row);
	arena_writer(d->view.arena, &w, 256);
	json_object_begin(&w);
	json_kv_null(&w, "claims");
	json_kv_null(&w, "hold_until");
	json_kv_str(&w, "status", str_from(booking_status_name(BOOKING_EXPIRED)));
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b->id, arena_written(d->view.arena, &w));
}

static void tick_overdue(struct decide *d, const struct booking *b)
{
	struct instant expected = {(d->now.s / OVERDUE_STEP_S + 1) * OVERDUE_STEP_S};
	struct plan plan = keep_until(d, b, expected);
	struct json_writer w;

	arena_writer(d->view.arena, &w, 8192);
	json_object_begin(&w);
	write_claims(&w, &plan);
	json_kv_instant(&w, "expected_at", expected);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b->id, arena_written(d->view.arena, &w));
}

/* What is due, in order of time. */
static uint32_t find_due(struct decide *d, struct str due[TICK_DUE_MAX])
{
	struct key prefix = key_site_due_prefix(d->command->journal);
	struct cursor c;
	uint32_t n = 0;

	cursor_open(&c, d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		uint32_t minute;
		size_t at = prefix.n;
		if (n == TICK_DUE_MAX || !key_take_u32(c.key, &at, &minute) ||
			minute_instant(minute).s > d->now.s)
			break;
		due[n++] = arena_copy(d->view.arena, c.value);
	}
	cursor_close(&c);
	return n;
}

/* Holds first: what lapses makes room for what is pushed on. */
static void tick_all(struct decide *d, const struct str *due, uint32_t n, enum booking_status which)
{
	for (uint32_t i = 0;
		i < n && d->effects_len < TICK_EFFECTS_MAX && d->seating.len <= SEATING_MAX / 2;
		i++) {
		struct booking b;
		uint64_t rev;
		if (!booking_get(&d->view, due[i], &b, &rev) || b.status != which)
			continue;
		if (which == BOOKING_HELD)
			tick_hold(d, &b);
		else
			tick_overdue(d, &b);
	}
}

enum outcome decide_tick(struct decide *d)
{
	struct str due[TICK_DUE_MAX];
	uint32_t n = find_due(d, due);
	enum outcome o;

	if (!decide_roster(d))
		return FAULT_MEMORY; /* the site is there: the next tick knows it again */
	tick_all(d, due, n, BOOKING_HELD);
	tick_all(d, due, n, BOOKING_OUT);
	desks_keep(d);
	freed_for_risk(d);
	o = freed_for_waiting(d);
	d->command->unchanged = d->effects_len == 0 && d->seating.len == 0;
	return o;
}
