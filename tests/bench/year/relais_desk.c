/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/relais_desk.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/year/feasible.h"

enum { NOBODY = WISHES_MAX, BODY_MAX = SITE_OFFER_MAX + 600 };

static struct desk *relais_open(const struct policy *policy, enum hand_over hand_over)
{
	struct relais_desk *r = calloc(1, sizeof *r);

	ASSERT(r);
	r->desk.policy = policy;
	r->desk.hand_over = hand_over;
	r->offer_of = -1;
	r->booking = calloc(WISHES_MAX, sizeof *r->booking);
	r->wish_of_serial = calloc(SERIALS_MAX, sizeof *r->wish_of_serial);
	ASSERT(r->booking && r->wish_of_serial);
	arena_init(&r->arena, ARENA_MAX_DEFAULT);
	year_site_open(&r->site, hand_over, policy->held_back);
	return &r->desk;
}

static void relais_close(struct desk *d)
{
	struct relais_desk *r = relais_of(d);

	site_close(&r->site);
	arena_deinit(&r->arena);
	free(r->booking);
	free(r->wish_of_serial);
	free(r);
}

/* ---- commands ---- */

/* Runs it and follows its entry. OK, or that nothing is free; anything else ends the bench. */
static bool act(struct relais_desk *r, enum verb verb, const char *target, uint32_t own,
	const char *body, bool *undecided)
{
	struct command *c;
	bool ok;

	site_clock(&r->site, r->desk.now);
	c = site_do(&r->site, verb, target, body);
	ok = c->outcome == OK;
	if (!ok && c->outcome != REFUSED_NO_SEAT && c->outcome != REFUSED_PROMISES_BROKEN)
		site_unexpected(c);
	if (!ok && undecided)
		*undecided = site_undecided(c);
	relais_follow(r, c, own);
	if (ok && verb == VERB_BLOCK_ADD)
		relais_subject(r, c, r->service[own - SERVICE_IDS]);
	command_free(c);
	return ok;
}

static void must(
	struct relais_desk *r, enum verb verb, const char *target, uint32_t own, const char *body)
{
	ASSERT(act(r, verb, target, own, body, NULL));
}

/* ---- the oracle's word on a refusal ---- */

static void judge(struct desk *d, struct pool *p, bool undecided, int64_t *needless)
{
	enum feasible f = pool_feasible(p);

	d->tally.undecided += undecided;
	d->tally.unproven += f == NOT_PROVEN;
	if (f == FEASIBLE)
		++*(undecided ? &d->tally.undecided_fits : needless);
}

static struct pool pool; /* too large for a stack */

/* A refusal with cars held back is needless where so many more of the same would have fitted. */
static void judge_promise(struct desk *d, const struct wish *w, bool undecided)
{
	uint32_t n = 1 + (w->from - d->now > DAY ? d->policy->held_back : 0);

	d->tally.refusals++;
	pool_of(&pool, &d->book, w->class, d->now);
	for (uint32_t i = 0; i < n; i++)
		pool_add(&pool, w->from, with_turnaround(w->until));
	judge(d, &pool, undecided, &d->tally.needless);
}

/* ---- bookings ---- */

/* One offer a day, as if by one customer; the booking says what he really wants. */
static void offer_of_the_day(struct relais_desk *r)
{
	struct desk *d = &r->desk;

	if (r->offer_of == d->now / DAY)
		return;
	r->offer_of = d->now / DAY;
	site_clock(&r->site, d->now);
	site_offer(&r->site, &r->arena, r->offer_of + 7, r->offer);
}

static bool relais_promise(struct desk *d, uint32_t id)
{
	struct relais_desk *r = relais_of(d);
	const struct wish *w = &d->wishes[id];
	const char *where = d->hand_over == HAND_OVER_ROUND_THE_CLOCK ? "key_box" : "desk";
	char body[BODY_MAX], from[INSTANT_TEXT], until[INSTANT_TEXT];
	struct promise p = {.id = id,
		.class = w->class,
		.car = NO_CAR,
		.from = w->from,
		.until = with_turnaround(w->until)};
	struct promise *kept;
	bool undecided;

	offer_of_the_day(r);
	minute_text(from, w->from);
	minute_text(until, w->until);
	snprintf(body, sizeof body,
		"{\"accept_customer_minor\":99999999,\"class\":\"%s\","
		"\"customer\":\"" SITE_CUSTOMER
		"\",\"from\":\"%s\",\"handover\":{\"where\":\"%s\"},\"offer\":\"%s\","
		"\"return\":{\"where\":\"%s\"},\"solution\":\"loaner_brand\",\"until\":\"%s\"}",
		class_names[w->class], from, where, r->offer, where, until);
	book_add(&d->book, p);
	if (!act(r, VERB_BOOKING_MAKE, NULL, id, body, &undecided)) {
		book_remove(&d->book, book_find(&d->book, w->class, id));
		judge_promise(d, w, undecided);
		return false;
	}
	if (!w->this_car)
		return true;
	must(r, VERB_BOOKING_PIN, r->booking[id], id, "{}");
	kept = book_find(&d->book, w->class, id);
	kept->this_car = true;
	kept->this_one = kept->car;
	return true;
}

/* Moved to the very car that was promised, or booked anew for the same time. */
static bool relais_seat_again(struct desk *d, struct promise *p, bool any_car)
{
	struct relais_desk *r = relais_of(d);
	char body[200], from[INSTANT_TEXT], until[INSTANT_TEXT], car[CAR_ID];
	uint32_t id = p->id;

	minute_text(from, p->from);
	minute_text(until, p->until - TURNAROUND);
	if (!any_car) {
		car_id(car, (uint32_t)p->this_one);
		snprintf(body, sizeof body, "{\"resource\":\"%s\"}", car);
		return act(r, VERB_BOOKING_MOVE, r->booking[id], id, body, NULL);
	}
	snprintf(body, sizeof body, "{\"from\":\"%s\",\"until\":\"%s\"}", from, until);
	return act(r, VERB_BOOKING_RESCHEDULE, r->booking[id], id, body, NULL);
}

/* Asked for first; where that would break promises, he keeps the car all the same. */
static void relais_keep_longer(struct desk *d, uint32_t class, uint32_t id, int32_t until)
{
	struct relais_desk *r = relais_of(d);
	char body[200], text[INSTANT_TEXT];
	bool undecided;

	minute_text(text, until - TURNAROUND);
	snprintf(body, sizeof body, "{\"reason\":\"parts\",\"until\":\"%s\"}", text);
	book_find(&d->book, class, id)->until = until;
	if (act(r, VERB_BOOKING_EXTEND, r->booking[id], id, body, &undecided))
		return;
	d->tally.longer_refused++;
	pool_of(&pool, &d->book, class, d->now);
	judge(d, &pool, undecided, &d->tally.longer_needless);
	snprintf(body, sizeof body, "{\"expected_at\":\"%s\"}", text);
	must(r, VERB_BOOKING_LATE, r->booking[id], id, body);
}

/* ---- its own cars' services ---- */

static bool relais_service(struct desk *d, struct promise service)
{
	struct relais_desk *r = relais_of(d);
	char body[200], from[INSTANT_TEXT], until[INSTANT_TEXT], car[CAR_ID];
	bool undecided;

	ASSERT(service.id - SERVICE_IDS < SERVICES_MAX);
	minute_text(from, service.from);
	minute_text(until, service.until);
	car_id(car, (uint32_t)service.car);
	snprintf(body, sizeof body, "{\"from\":\"%s\",\"reason\":\"workshop\",\"until\":\"%s\"}",
		from, until);
	if (act(r, VERB_BLOCK_ADD, car, service.id, body, &undecided)) {
		book_add(&d->book, service);
		return true;
	}
	pool_of(&pool, &d->book, service.class, d->now);
	pool_fix(&pool, (uint32_t)service.car - class_first[service.class], service.from,
		service.until);
	judge(d, &pool, undecided, &d->tally.service_needless);
	return false;
}

static void relais_service_not(struct desk *d, const struct promise *service)
{
	struct relais_desk *r = relais_of(d);
	struct command *c;

	site_clock(&r->site, d->now);
	c = site_remove(&r->site, r->service[service->id - SERVICE_IDS]);
	if (c->outcome != OK)
		site_unexpected(c);
	relais_follow(r, c, NOBODY);
	command_free(c);
}

/* ---- what happens is told ---- */

static void relais_handed_over(struct desk *d, const struct promise *p)
{
	struct relais_desk *r = relais_of(d);

	must(r, VERB_BOOKING_CHECK_OUT, r->booking[p->id], p->id, "{}");
}

static void relais_given_back(struct desk *d, const struct promise *p)
{
	struct relais_desk *r = relais_of(d);

	must(r, VERB_BOOKING_CHECK_IN, r->booking[p->id], p->id, "{}");
}

static void relais_not_come(struct desk *d, const struct promise *p)
{
	struct relais_desk *r = relais_of(d);

	must(r, VERB_BOOKING_NO_SHOW, r->booking[p->id], p->id, "{}");
}

static void relais_sent_away(struct desk *d, const struct promise *p)
{
	struct relais_desk *r = relais_of(d);

	must(r, VERB_BOOKING_CANCEL, r->booking[p->id], p->id, "{\"reason\":\"no car\"}");
}

static void relais_hour(struct desk *d)
{
	must(relais_of(d), VERB_TICK, NULL, NOBODY, "{}");
}

const struct desk_acts relais = {
	.open = relais_open,
	.close = relais_close,
	.promise = relais_promise,
	.seat_again = relais_seat_again,
	.keep_longer = relais_keep_longer,
	.service = relais_service,
	.service_not = relais_service_not,
	.handed_over = relais_handed_over,
	.given_back = relais_given_back,
	.not_come = relais_not_come,
	.sent_away = relais_sent_away,
	.hour = relais_hour,
};
