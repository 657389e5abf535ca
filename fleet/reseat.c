/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/reseat.h"

#include "fleet/desk.h"
#include "fleet/pool.h"

enum { MOVED_BYTES_MAX = 16 << 10, UNREADY_BYTES = 1024 };

const struct booking_claim *car_claim(const struct booking *b)
{
	for (uint32_t i = 0; i < b->claims_len; i++)
		if (b->claims[i].row.what == CLAIM_CAR)
			return &b->claims[i];
	return NULL;
}

struct plan claims_with_car(const struct booking *b, const struct plan_claim *car,
	bool keep_desk_out, bool keep_desk_in)
{
	struct plan p = {.class = b->class, .resource = b->resource};

	if (car) {
		p.claims[p.claims_len++] = *car;
		p.resource = car->seat.resource;
	}
	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		if (c->row.what == CLAIM_CAR || (c->row.what == CLAIM_DESK_OUT && !keep_desk_out) ||
			(c->row.what == CLAIM_DESK_IN && !keep_desk_in))
			continue;
		p.claims[p.claims_len++] = (struct plan_claim){
			c->seat, c->row.from, c->row.until, (enum claim_what)c->row.what};
	}
	return p;
}

struct plan claims_kept(const struct booking *b, bool keep_desk_out, bool keep_desk_in)
{
	const struct booking_claim *c = car_claim(b);
	struct plan_claim same;

	if (!c)
		return claims_with_car(b, NULL, keep_desk_out, keep_desk_in);
	same = (struct plan_claim){c->seat, c->row.from, c->row.until, CLAIM_CAR};
	return claims_with_car(b, &same, keep_desk_out, keep_desk_in);
}

void keep_earlier_cars(struct plan *plan, const struct booking *b)
{
	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		if (c->row.what != CLAIM_EARLIER_CAR)
			continue;
		ASSERT(plan->claims_len < PLAN_CLAIMS_MAX);
		plan->claims[plan->claims_len++] =
			(struct plan_claim){c->seat, c->row.from, c->row.until, CLAIM_EARLIER_CAR};
	}
}

const struct booking_claim *loan_claim(struct decide *d, const struct booking *b)
{
	enum solution_claims claims = booking_solution(d, b).claims;

	return claims == CLAIMS_CAR || claims == CLAIMS_ALLOTMENT ? car_claim(b) : NULL;
}

/* ---- out of the way ---- */

/* What its own booking was promised, asked for anew. False: it is gone, or has no other seat by its
 * nature. */
static bool ask_of_claim(struct decide *d, const struct booking *b, const struct claim_row *row,
	struct plan_ask *ask, struct pool_ask *pool)
{
	*ask = (struct plan_ask){.roster = decide_roster(d),
		.seating = d->seating.under,
		.solution = booking_solution(d, b),
		.window = {minute_instant(row->from), minute_instant(row->until)},
		.now = d->now};
	*pool = (struct pool_ask){.what = (enum claim_what)row->what,
		.solution = b->solution,
		.for_site = b->for_site};
	switch ((enum claim_what)row->what) {
	case CLAIM_CAR:
		pool->kind = ask->solution.claims == CLAIMS_CAR ? RESOURCE_CAR : RESOURCE_ALLOTMENT;
		pool->class = b->class;
		return true;
	case CLAIM_DEALER_CAR: pool->kind = RESOURCE_CAR; return true;
	case CLAIM_CHAUFFEUR: pool->kind = RESOURCE_CHAUFFEUR; return true;
	case CLAIM_DESK_OUT:
	case CLAIM_DESK_IN:
		pool->kind = RESOURCE_DESK;
		pool->solution = STR_NULL;
		return true;
	case CLAIM_BLOCK:
	case CLAIM_APPOINTMENT:
	case CLAIM_EARLIER_CAR: return false;
	}
	ASSERT(false);
}

/* A desk that is kept for another site's booking. */
static bool is_kept_desk(struct decide *d, uint32_t serial)
{
	enum row_kind kind;
	struct str id;

	return serial_row(d, serial, &kind, &id) && kind == ROW_DESK;
}

static bool desk_again(struct decide *d, const struct resource *old, const struct claim_row *row)
{
	struct plan_ask ask = {
		.roster = decide_roster(d), .seating = d->seating.under, .now = d->now};
	struct pool_ask pool = {.kind = RESOURCE_DESK, .what = (enum claim_what)row->what};
	struct seat found;

	return plan_seat_claim(&d->view, &ask, &pool, row->from, row->until - old->turnaround,
		       row->serial, &d->seating, &found, NULL) == PLAN_FREE;
}

/* Seats elsewhere what was lifted from `seat`. */
static bool seat_again(struct decide *d, struct seat seat, const struct claim_row *row)
{
	const struct resource *old = roster_resource(decide_roster(d), seat.resource);
	struct plan_ask ask;
	struct pool_ask pool;
	struct booking b;
	struct seat found;

	if (old && is_kept_desk(d, row->serial))
		return desk_again(d, old, row);
	if (row->pinned || !old || !serial_booking(d, row->serial, &b) ||
		!ask_of_claim(d, &b, row, &ask, &pool) ||
		(b.for_site.n && row->from < minute_up(d->now))) /* another is not there in time */
		return false;
	return plan_seat_claim(&d->view, &ask, &pool, row->from, row->until - old->turnaround,
		       row->serial, &d->seating, &found, NULL) == PLAN_FREE;
}

static void add_hurt(struct reseated *r, uint32_t serial)
{
	for (uint32_t i = 0; i < r->hurt_len; i++)
		if (r->hurt[i] == serial)
			return;
	if (r->hurt_len < HURT_MAX)
		r->hurt[r->hurt_len++] = serial;
}

/* A block, a car that is out or made ready again: it is there, whatever was promised. */
static bool stands_fast(struct decide *d, const struct claim_row *row)
{
	struct booking b;

	if (row->what != CLAIM_BLOCK && is_kept_desk(d, row->serial))
		return false;
	return row->what == CLAIM_BLOCK || !serial_booking(d, row->serial, &b) ||
	       !booking_is_promise(b.status);
}

/* Seats elsewhere what was lifted, the hurt being those that found nothing. */
static void seat_all(struct decide *d, struct seat seat, const struct claim_row *lifted, size_t n,
	struct reseated *out)
{
	for (size_t i = 0; i < n; i++)
		if (!seat_again(d, seat, &lifted[i]))
			add_hurt(out, lifted[i].serial);
}

/* Who comes later can be told in time, and may find a seat again before; then who asked later. */
static bool has_longer(const struct claim_row *a, const struct claim_row *b)
{
	return a->from != b->from ? a->from > b->from : a->serial > b->serial;
}

/* Promises, not yet handed over, that lie on seats of that class while the new claim does: any of
 * them could be given up. Who comes last first. */
static uint32_t find_victims(struct decide *d, struct seat seat, struct claim_row row,
	struct seat seats[HURT_MAX], struct claim_row rows[HURT_MAX])
{
	const struct roster *roster = decide_roster(d);
	const struct resource *held = roster_resource(roster, seat.resource);
	uint32_t len = 0;

	for (uint32_t i = 0; held && i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		struct claim_row some[HURT_MAX];
		struct seat at = {r->id, 0};
		size_t n;
		if (r->kind != held->kind || !str_eq(r->class, held->class) || r->seats != 1)
			continue;
		n = seating_claims(
			&d->view, &d->seating, at, row.from, row.until, 0, some, HURT_MAX);
		for (size_t k = 0; k < n && n <= HURT_MAX && len < HURT_MAX; k++) {
			uint32_t place = len;
			if (some[k].pinned || some[k].what != CLAIM_CAR || stands_fast(d, &some[k]))
				continue;
			for (; place > 0 && has_longer(&some[k], &rows[place - 1]); place--) {
				rows[place] = rows[place - 1];
				seats[place] = seats[place - 1];
			}
			rows[place] = some[k];
			seats[place] = at;
			len++;
		}
	}
	return len;
}

/* Of those that were lifted the only one hurt, behind `fast` that stand; NULL: there are several.
 */
static const struct claim_row *only_hurt(
	const struct reseated *r, uint32_t fast, const struct claim_row *lifted, size_t n)
{
	for (size_t i = 0; i < n && r->hurt_len == fast + 1; i++)
		if (lifted[i].serial == r->hurt[fast])
			return &lifted[i];
	return NULL;
}

/* Some would be hurt: perhaps one given up is enough; and where it is only one, somebody who comes
 * later. `before` is the seating without those that were lifted, `lifted` is seated anew. The first
 * `fast` of the hurt stand whatever is given up. */
static void hurt_one(struct decide *d, struct seat seat, struct claim_row row,
	const struct seated *before, uint32_t before_len, const struct claim_row *lifted, size_t n,
	uint32_t fast, struct reseated *out)
{
	struct reseated *tried = arena_alloc(d->view.arena, sizeof *tried);
	struct seated *after = arena_alloc(d->view.arena, SEATING_MAX * sizeof *after);
	uint32_t after_len = d->seating.len, victims;
	struct seat seats[HURT_MAX];
	struct claim_row rows[HURT_MAX];
	const struct claim_row *only = only_hurt(out, fast, lifted, n);

	if (!tried || !after)
		return;
	memcpy(after, d->seating.claim, after_len * sizeof *after);
	memcpy(d->seating.claim, before, before_len * sizeof *before);
	d->seating.len = before_len;
	victims = find_victims(d, seat, row, seats, rows);
	for (uint32_t i = 0; i < victims && (!only || rows[i].from > only->from); i++) {
		tried->hurt_len = 0;
		memcpy(d->seating.claim, before, before_len * sizeof *before);
		d->seating.len = before_len;
		seating_drop(&d->seating, seats[i], rows[i]);
		seat_all(d, seat, lifted, n, tried);
		if (tried->hurt_len)
			continue;
		out->hurt_len = fast;
		add_hurt(out, rows[i].serial);
		return;
	}
	memcpy(d->seating.claim, after, after_len * sizeof *after);
	d->seating.len = after_len;
}

void reseat(struct decide *d, struct seat seat, struct claim_row row, uint32_t except,
	struct reseated *out)
{
	struct claim_row others[HURT_MAX];
	struct seated *before = arena_alloc(d->view.arena, SEATING_MAX * sizeof *before);
	uint32_t before_len, fast;
	size_t n = seating_claims(
		       &d->view, &d->seating, seat, row.from, row.until, except, others, HURT_MAX),
	       kept = 0;

	out->hurt_len = 0;
	if (n > HURT_MAX) {
		/* more promises than one entry moves: the rest comes with the next push */
		n = seating_claims(&d->view, &d->seating, seat, row.from, row.from + 1, except,
			others, HURT_MAX);
		row.until = row.from + 1;
	}
	for (size_t i = 0; i < n; i++)
		if (others[i].from < row.until && stands_fast(d, &others[i])) {
			add_hurt(out, others[i].serial);
			row.until = others[i].from > row.from ? others[i].from : row.from;
		}
	out->until = row.until;
	for (size_t i = 0; i < n; i++)
		if (others[i].from < row.until)
			others[kept++] = others[i];
	for (size_t i = 0; i < kept; i++)
		seating_drop(&d->seating, seat, others[i]);
	row.pinned = true;
	if (row.from < row.until)
		seating_add(&d->seating, seat, row);
	before_len = d->seating.len;
	if (before)
		memcpy(before, d->seating.claim, before_len * sizeof *before);
	fast = out->hurt_len;
	seat_all(d, seat, others, kept, out);
	if (before && out->hurt_len > fast && out->until > row.from)
		hurt_one(d, seat, row, before, before_len, others, kept, fast, out);
	d->too_big |= d->seating.full;
}

/* Only the last loan's turnaround stands in the way: nobody is hurt, the car is not washed yet. */
static enum outcome refuse_unready(struct decide *d, struct seat seat, const struct reseated *hit)
{
	struct booking b, last = {.serial = 0};
	uint32_t until = 0;
	struct json_writer w;

	for (uint32_t i = 0; i < hit->hurt_len; i++) {
		if (!serial_booking(d, hit->hurt[i], &b) || b.status != BOOKING_RETURNED)
			return OK;
		for (uint32_t k = 0; k < b.claims_len; k++)
			if (seat_is(b.claims[k].seat, seat) && b.claims[k].row.until > until) {
				until = b.claims[k].row.until;
				last = b;
			}
	}
	if (!until)
		return OK;
	arena_writer(d->view.arena, &w, UNREADY_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "booking", last.id);
	json_kv_str(&w, "number", last.number);
	json_kv_instant(&w, "ready_from", minute_instant(until));
	json_kv_str(&w, "resource", seat.resource);
	json_object_end(&w);
	return refuse_with(d, REFUSED_CAR_NOT_READY, arena_written(d->view.arena, &w));
}

enum outcome refuse_taking(
	struct decide *d, const struct booking *b, struct seat seat, struct claim_row row)
{
	struct reseated hit;
	enum outcome o;

	/* what it has now makes room for others */
	for (uint32_t i = 0; i < b->claims_len; i++)
		seating_drop(&d->seating, b->claims[i].seat, b->claims[i].row);
	reseat(d, seat, row, b->serial, &hit);
	o = refuse_unready(d, seat, &hit);
	if (o != OK || !hit.hurt_len)
		return o;
	return refuse_hurt(d, seat.resource, hit.hurt, hit.hurt_len);
}

/* ---- who moved ---- */

struct seat seat_after(const struct decide *d, const struct booking_claim *c, uint32_t *until)
{
	struct seat at = c->seat;

	*until = c->row.until;
	for (uint32_t i = 0; i < d->seating.len; i++) {
		const struct seated *s = &d->seating.claim[i];
		if (s->row.serial != c->row.serial || s->row.from != c->row.from ||
			s->row.what != c->row.what)
			continue;
		if (!s->was.resource.n || seat_is(s->was, c->seat)) {
			at = s->at;
			*until = s->row.until;
		}
	}
	return at;
}

static void draft_moved(struct decide *d, const struct booking *b)
{
	struct plan plan = {.class = b->class, .resource = b->resource};
	struct solution solution = booking_solution(d, b);
	struct json_writer w;
	bool risk = false;

	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		struct plan_claim claim = {
			.from = c->row.from, .what = (enum claim_what)c->row.what};
		bool desk = claim.what == CLAIM_DESK_OUT || claim.what == CLAIM_DESK_IN;
		claim.seat = seat_after(d, c, &claim.until);
		if (claim.seat.resource.n)
			plan.claims[plan.claims_len++] = claim;
		else
			risk = true;
		if (!desk)
			plan.resource = claim.seat.resource;
	}
	arena_writer(d->view.arena, &w, MOVED_BYTES_MAX);
	json_object_begin(&w);
	if (risk)
		json_kv_bool(&w, "at_risk", true);
	write_claims(&w, &plan);
	if (solution.claims == CLAIMS_LEGS || solution.claims == CLAIMS_ACCOMPANY)
		write_legs(&w, &solution, &plan);
	if (plan.resource.n)
		json_kv_str(&w, "resource", plan.resource);
	else
		json_kv_null(&w, "resource");
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b->id, arena_written(d->view.arena, &w));
}

void draft_moves(struct decide *d)
{
	for (uint32_t i = 0; i < d->seating.len; i++) {
		uint32_t serial = d->seating.claim[i].row.serial;
		enum row_kind kind;
		struct booking b;
		struct str id;
		if (!serial_row(d, serial, &kind, &id) || draft_place(d, id) < d->effects_len)
			continue;
		if (kind == ROW_DESK)
			desk_moved(d, id);
		else if (serial_booking(d, serial, &b))
			draft_moved(d, &b);
	}
}
