/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/relais_desk.h"

#include "fleet/booking.h"

static void keep_id(char out[KEPT_ID], struct str id)
{
	ASSERT(id.n < KEPT_ID);
	memcpy(out, id.p, id.n);
	out[id.n] = '\0';
}

static void follow_booking(struct relais_desk *r, struct view *v, struct effect *e, uint32_t own)
{
	struct desk *d = &r->desk;
	struct promise *p;
	struct booking b;
	uint64_t rev;
	uint32_t id;
	int32_t car;

	ASSERT(booking_get(v, e->id, &b, &rev) && b.serial < SERIALS_MAX);
	if (e->op == EFFECT_PUT) {
		r->wish_of_serial[b.serial] = own;
		keep_id(r->booking[own], b.id);
	}
	id = r->wish_of_serial[b.serial];
	p = book_find(&d->book, d->wishes[id].class, id);
	car = b.at_risk || !b.resource.n ? NO_CAR : car_of_id(b.resource);
	if (!p || p->car == car)
		return;
	if (id != own) {
		d->tally.moves += car != NO_CAR;
		d->tally.at_risk += car == NO_CAR;
	}
	p->car = car;
}

void relais_follow(struct relais_desk *r, const struct command *c, uint32_t own)
{
	struct view v;
	struct txn t;
	struct json effects;
	struct effect e;

	arena_reset(&r->arena);
	fleet_look(r->site.fleet, &v, &t, &r->arena);
	effects = site_effects(&r->arena, &v, c);
	for (struct json i = json_first(effects); json_present(i); i = json_next(effects, i)) {
		ASSERT(effect_read(&e, i));
		if (e.kind == ROW_BOOKING && (e.op == EFFECT_PUT || e.op == EFFECT_SET))
			follow_booking(r, &v, &e, own);
	}
	fleet_look_end(&v);
}

void relais_subject(struct relais_desk *r, const struct command *c, char out[KEPT_ID])
{
	struct view v;
	struct txn t;
	struct effect e;

	arena_reset(&r->arena);
	fleet_look(r->site.fleet, &v, &t, &r->arena);
	ASSERT(effect_read(&e, json_first(site_effects(&r->arena, &v, c))));
	keep_id(out, e.id);
	fleet_look_end(&v);
}
