/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/ripple.h"

#include "fleet/reseat.h"

static bool stands_among(const struct touched *all, uint32_t len, struct str id)
{
	for (uint32_t i = 0; i < len; i++)
		if (str_eq(all[i].id, id))
			return true;
	return false;
}

static void add(struct touched *all, uint32_t *len, struct touched one)
{
	if (*len < SEATING_MAX && !stands_among(all, *len, one.id))
		all[(*len)++] = one;
}

/* The facts of a refusal. */
static struct json refusal_of(const struct ripple *r)
{
	struct str detail = r->command.detail;

	return detail.n ? arena_json(r->decide.view.arena, detail, NULL) : JSON_ABSENT;
}

/* What a refusal names: promises, and what stands in the way like a block. */
static void add_named(struct ripple *r)
{
	struct json named = json_get(refusal_of(r), "bookings");

	for (struct json e = json_first(named); json_present(e); e = json_next(named, e)) {
		static const struct {
			enum row_kind kind;
			const char *member;
		} kinds[] = {{ROW_BOOKING, "booking"}, {ROW_BLOCK, "block"}, {ROW_VISIT, "visit"}};
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
			struct str id = json_str_at(e, kinds[i].member);
			if (id.n)
				add(r->hurt, &r->hurt_len,
					(struct touched){.kind = kinds[i].kind, .id = id});
		}
	}
}

/* A desk that is manned by somebody else is felt by nobody. */
static bool is_felt(const struct booking_claim *c)
{
	return c->row.what != CLAIM_DESK_OUT && c->row.what != CLAIM_DESK_IN;
}

static void add_touched(struct ripple *r, const struct booking *b)
{
	struct touched move = {.kind = ROW_BOOKING, .id = b->id};
	bool lost = false;

	for (uint32_t i = 0; i < b->claims_len; i++) {
		const struct booking_claim *c = &b->claims[i];
		uint32_t until;
		struct seat at = seat_after(&r->decide, c, &until);
		lost |= !at.resource.n;
		if (!at.resource.n || !is_felt(c) || seat_is(at, c->seat) || move.to.n)
			continue;
		move.from = c->seat.resource;
		move.to = at.resource;
	}
	if (lost)
		add(r->hurt, &r->hurt_len, (struct touched){.kind = ROW_BOOKING, .id = b->id});
	else if (move.to.n)
		add(r->moves, &r->moves_len, move);
}

static void find_touched(struct ripple *r)
{
	struct decide *d = &r->decide;

	if (r->outcome == REFUSED_PROMISES_BROKEN)
		add_named(r);
	for (uint32_t i = 0; i < d->seating.len; i++) {
		struct booking b;
		if (serial_booking(d, d->seating.claim[i].row.serial, &b) &&
			!str_eq(b.id, r->command.target))
			add_touched(r, &b);
	}
}

struct ripple *ripple_of(struct view *v, const struct command *c)
{
	struct ripple *r = arena_alloc(v->arena, sizeof *r);
	struct journal_head head;
	struct decide *d;

	if (!r)
		return NULL;
	r->command = *c;
	r->command.detail = STR_NULL;
	r->command.faults = NULL;
	r->keyring.people = v->people;
	r->keyring.env = v->env;
	d = &r->decide;
	d->command = &r->command;
	d->keyring = &r->keyring;
	d->view = *v;
	d->view.keyring = &r->keyring;
	d->now = v->env->now(v->env);
	if (journal_head(v->txn, c->journal, &head) && d->now.s < head.at.s)
		d->now = head.at;
	d->body = arena_json(v->arena, c->body, NULL);
	ASSERT(json_present(d->body)); /* it was canonical when it came through the door */
	arena_writer(v->arena, &d->effects, EFFECT_BYTES_MAX);
	json_array_begin(&d->effects);
	r->outcome = decide(d);
	find_touched(r);
	return r;
}

struct json ripple_terms(const struct ripple *r)
{
	const struct decide *d = &r->decide;
	uint32_t at = draft_place(d, r->command.target);

	if (r->outcome != OK)
		return json_get(refusal_of(r), "terms");
	if (at == d->effects_len || !d->sets[at].n)
		return JSON_ABSENT;
	return json_get(arena_json(d->view.arena, d->sets[at], NULL), "terms");
}
