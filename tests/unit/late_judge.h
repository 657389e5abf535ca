/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is right in a world of late_world.h: from its rows to the oracle's promises, and what must
 * hold after every step. Nothing of the calendar or of the shuffle is asked.
 */

#include "tests/unit/late_world.h"

enum { SMALL_CARS = 4, SMALL_BOOKINGS = 12 }; /* where the fewest moves are counted */

static struct world_rows before; /* this step */
static struct promises asked;	 /* all promises, with what this step asks for */

static bool is(const struct world_booking *b, const char *status)
{
	return strcmp(b->status, status) == 0;
}

static bool is_live(const struct world_booking *b)
{
	return is(b, "held") || is(b, "booked") || is(b, "out");
}

static bool waits(const struct world_booking *b) /* for its hand-over */
{
	return is(b, "held") || is(b, "booked");
}

/* ---- from rows to promises ---- */

/* The cars that serve; class -1: of any class. */
static uint32_t serving(int solution, int class)
{
	uint32_t seats = 0;

	for (uint32_t i = 0; i < world.cars; i++)
		if ((world.car[i].serves >> solution & 1) &&
			(class < 0 || world.car[i].class == class))
			seats |= 1u << i;
	return seats;
}

static uint32_t seats_of(const struct world_booking *b)
{
	return serving(b->solution, b->solution == RIDE ? -1 : b->class);
}

static void exact(struct promises *p, int seat, int32_t from, int32_t until)
{
	(void)promise_add(p, (struct promise){.from = from,
				     .until = until,
				     .seats = 1u << seat,
				     .exact = true,
				     .now = seat});
}

/* What a booking holds: it may change its seat until it is handed over, unless it is pinned. */
static void add_claims(struct promises *p, const struct world_booking *b)
{
	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct world_claim *c = &b->claim[i];
		if (!waits(b) || b->pinned) {
			exact(p, c->seat, c->from, c->until);
			continue;
		}
		(void)promise_add(p, (struct promise){.from = c->from,
					     .until = c->until - world.car[c->seat].seat.turnaround,
					     .seats = seats_of(b),
					     .now = c->seat,
					     .weight = 1});
	}
}

/* All that is promised and blocked, but for one booking (NULL: none). */
static void promises_read(
	struct promises *p, const struct world_rows *rows, const struct world_booking *but)
{
	p->len = 0;
	p->seats_len = world.cars;
	for (uint32_t i = 0; i < world.cars; i++)
		p->seat[i] = world.car[i].seat;
	for (uint32_t i = 0; i < rows->len; i++)
		if (!but || strcmp(rows->booking[i].id, but->id) != 0)
			add_claims(p, &rows->booking[i]);
	for (uint32_t i = 0; i < rows->blocks_len; i++)
		exact(p, rows->block[i].seat, rows->block[i].from, rows->block[i].until);
}

static void ask_also(int32_t from, int32_t until, uint32_t seats)
{
	(void)promise_add(
		&asked, (struct promise){.from = from, .until = until, .seats = seats, .now = -1});
}

/* Everything that is promised, this booking (NULL: a new one) on one of these seats instead of
 * where it is. */
static void ask(const struct world_booking *b, int32_t from, int32_t until, uint32_t seats)
{
	promises_read(&asked, &before, b);
	ask_also(from, until, seats);
}

/* ---- after every step ---- */

struct piece {
	int seat;
	int32_t from, until;
};

static void judge_overlaps(void)
{
	static struct piece pieces[PROMISES_MAX];
	uint32_t n = 0;

	for (uint32_t i = 0; i < world.rows.len; i++)
		for (uint32_t k = 0; k < world.rows.booking[i].claims_len; k++) {
			const struct world_claim *c = &world.rows.booking[i].claim[k];
			assert_true(n < ARRAY_LEN(pieces));
			pieces[n++] = (struct piece){c->seat, c->from, c->until};
		}
	for (uint32_t i = 0; i < world.rows.blocks_len; i++) {
		const struct world_block *b = &world.rows.block[i];
		assert_true(n < ARRAY_LEN(pieces));
		pieces[n++] = (struct piece){b->seat, b->from, b->until};
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < i; k++)
			HOLD(pieces[i].seat != pieces[k].seat ||
					pieces[i].from >= pieces[k].until ||
					pieces[k].from >= pieces[i].until,
				"two promises overlap on seat %d", pieces[i].seat);
}

static void judge_seat(const struct world_booking *b, const struct world_claim *c)
{
	const struct promise_seat *s = &world.car[c->seat].seat;

	HOLD(seats_of(b) >> c->seat & 1, "%s lies on seat %d, which is none for it", b->id,
		c->seat);
	HOLD(b->solution == RIDE || b->seat == c->seat, "%s names another seat than it has", b->id);
	if (!waits(b))
		return;
	HOLD(c->from >= s->usable_from && c->until - s->turnaround <= s->usable_until,
		"%s lies on seat %d when that is not in use", b->id, c->seat);
	HOLD(b->solution == RIDE || (c->from == b->from && c->until == b->until + s->turnaround),
		"%s has its seat at another time than promised", b->id);
}

static void judge_booking(const struct world_booking *b)
{
	uint32_t due = b->solution == RIDE ? 2 : 1;

	if (!is_live(b)) {
		HOLD(is(b, "returned") || b->claims_len == 0, "%s is %s and holds a seat", b->id,
			b->status);
		return;
	}
	if (b->at_risk)
		HOLD(b->solution == RIDE ? b->claims_len < due : b->claims_len == 0 && b->seat < 0,
			"%s is at risk and holds a seat", b->id);
	else
		HOLD(b->claims_len == due, "%s is promised and has no seat", b->id);
	for (uint32_t i = 0; i < b->claims_len; i++)
		judge_seat(b, &b->claim[i]);
}

static bool same_seats(const struct world_booking *a, const struct world_booking *b)
{
	bool same = a->claims_len == b->claims_len;

	for (uint32_t i = 0; same && i < a->claims_len; i++)
		same = a->claim[i].seat == b->claim[i].seat;
	return same;
}

/* What a step may do to a booking that it is not about: another seat; where a fact hurts it, none;
 * and a hold may lapse. */
static void judge_other(
	const struct world_booking *was, const struct world_booking *b, bool fact, bool tick)
{
	bool lapsed = tick && is(was, "held") && is(b, "expired");

	HOLD(lapsed || strcmp(was->status, b->status) == 0, "%s became %s", b->id, b->status);
	HOLD(was->class == b->class && was->pinned == b->pinned && was->from == b->from &&
			was->until == b->until && was->solution == b->solution,
		"%s was changed by the way", b->id);
	HOLD(fact || was->at_risk || !b->at_risk, "the promise of %s was broken", b->id);
	if (!lapsed && (!waits(b) || (b->pinned && !was->at_risk && !b->at_risk)))
		HOLD(same_seats(was, b), "%s was moved, which does not move", b->id);
}

static void judge_rows(const struct world_booking *about, bool fact, bool tick)
{
	judge_overlaps();
	for (uint32_t i = 0; i < world.rows.len; i++) {
		const struct world_booking *b = &world.rows.booking[i];
		judge_booking(b);
		if (i < before.len && (!about || strcmp(about->id, b->id) != 0))
			judge_other(&before.booking[i], b, fact, tick);
	}
}

/* ---- yes and no ---- */

static uint64_t journal_before;

static void judge_unchanged(enum outcome o)
{
	struct journal_head head = world_head();

	HOLD(o == REFUSED_NO_SEAT || o == REFUSED_PROMISES_BROKEN || o == REFUSED_CAR_NOT_READY,
		"refused with %s", outcome_name(o));
	HOLD(head.seq == journal_before && memcmp(&before, &world.rows, sizeof before) == 0,
		"it was refused and changed something");
}

static int32_t least_moves(void)
{
	struct promises p = asked;
	int32_t settled = now_minute() + world.settled_hours * HOUR;

	/* what is handed over soon moves only where nothing else helps */
	for (uint32_t i = 0; world.settled_hours && i < p.len; i++)
		if (p.promise[i].weight && p.promise[i].from < settled)
			p.promise[i].seats = 1u << p.promise[i].now;
	return promises_fit(&p) ? promises_least_moves(&p) : promises_least_moves(&asked);
}

static int32_t moves(const struct world_booking *about)
{
	int32_t n = 0;

	for (uint32_t i = 0; i < before.len; i++)
		n += (!about || strcmp(before.booking[i].id, about->id) != 0) &&
		     !same_seats(&before.booking[i], &world.rows.booking[i]);
	return n;
}

static bool is_small(void)
{
	uint32_t live = 0;

	for (uint32_t i = 0; i < before.len; i++)
		live += is_live(&before.booking[i]);
	return world.cars <= SMALL_CARS && live <= SMALL_BOOKINGS && !world.rides;
}

/* The answer to what `asked` holds: yes exactly when it fits, and then as few move as possible. */
static bool judge_answer(enum outcome o, const struct world_booking *about)
{
	bool fits = promises_fit(&asked);

	if (o != OK) {
		judge_unchanged(o);
		HOLD(!fits, "refused with %s, but all promises have a seat", outcome_name(o));
		return false;
	}
	HOLD(fits, "said yes, but there is no seat");
	judge_rows(about, false, false);
	return true;
}

/* Afterwards `asked` may have been narrowed to the class that was given. */
static void judge_moves(const struct world_booking *about)
{
	int32_t least;

	if (!is_small())
		return;
	least = least_moves();
	HOLD(moves(about) == least, "moved %d bookings where %d suffice", moves(about), least);
}

/* ---- facts ---- */

/* Whoever lost a seat by a fact could not be seated, whatever else moves. */
static void judge_hurt(void)
{
	for (uint32_t i = 0; i < before.len; i++) {
		const struct world_booking *was = &before.booking[i], *b = &world.rows.booking[i];
		if (was->at_risk || !b->at_risk)
			continue;
		promises_read(&asked, &world.rows, b);
		for (uint32_t k = 0; k < was->claims_len; k++) {
			const struct world_claim *c = &was->claim[k];
			ask_also(c->from, c->until - world.car[c->seat].seat.turnaround,
				b->pinned ? 1u << c->seat : seats_of(b));
		}
		HOLD(!promises_fit(&asked), "%s is at risk, but could have a seat", b->id);
	}
}

static void judge_fact(enum outcome o, const struct world_booking *about)
{
	HOLD(o == OK, "a fact was refused: %s", outcome_name(o));
	judge_rows(about, true, false);
	judge_hurt();
}
