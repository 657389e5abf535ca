/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/year/year.h"

#include <stdlib.h>

#include "tests/bench/year/agenda.h"

enum {
	NO_SHOW_AFTER = 120,
	SERVICE_EVERY_DAYS = 60,
	SERVICE_KNOWN = 20 * DAY, /* before it */
	SERVICE_TRIES = 30,	  /* days that are tried, one after the other */
	SERVICE_FROM = 480,
	SERVICE_UNTIL = 1080,
	MORNING = 420,
};

struct year {
	struct desk *desk;
	const struct desk_acts *acts;
	struct wish *wishes;
	struct agenda *agenda;
	bool patient;
};

/* ---- the services of the site's own cars ---- */

static bool service_on(struct year *y, int32_t car, int32_t day)
{
	struct desk *d = y->desk;
	struct promise service = {.id = SERVICE_IDS + d->services,
		.class = class_of_car((uint32_t)car),
		.car = car,
		.from = day * DAY + SERVICE_FROM,
		.until = day * DAY + SERVICE_UNTIL,
		.state = PROMISE_SERVICE};

	if (!is_working_day(day) || service.from < d->now || !y->acts->service(d, service))
		return false;
	d->services++;
	agenda_add(y->agenda,
		(struct happens){service.until, SERVICE_IS_OVER, service.id, service.class});
	return true;
}

/* On that day or as soon after it as the car has a day free. */
static void service_from(struct year *y, int32_t car, int32_t day)
{
	for (int32_t i = 0; i < SERVICE_TRIES; i++)
		if (service_on(y, car, day + i)) {
			y->desk->tally.services++;
			return;
		}
	y->desk->tally.services_missed++;
}

/* Its customer has the car on that day. */
static void put_off_services(struct year *y, struct promise loan, int32_t until)
{
	struct desk *d = y->desk;
	uint32_t i = 0;

	while (i < d->book.of[loan.class].len) {
		struct promise *s = &d->book.of[loan.class].promises[i++];
		if (s->state != PROMISE_SERVICE || s->car != loan.car ||
			!promise_overlaps(s, loan.from, until))
			continue;
		if (y->acts->service_not)
			y->acts->service_not(d, s);
		book_remove(&d->book, s);
		d->tally.services--;
		agenda_add(y->agenda, (struct happens){d->now, SERVICE_IS_PLANNED,
					      (uint32_t)loan.car, (uint32_t)(until / DAY)});
		i = 0;
	}
}

/* Whether one service less in his time gives him a car; it is planned again behind him. */
static bool service_slips(struct year *y, uint32_t class, uint32_t id, bool any_car)
{
	struct desk *d = y->desk;

	for (uint32_t i = 0; i < d->book.of[class].len; i++) {
		struct promise s = d->book.of[class].promises[i],
			       *p = book_find(&d->book, class, id);
		bool seated;
		if (s.state != PROMISE_SERVICE || !promise_overlaps(&s, p->from, p->until) ||
			s.from <= d->now)
			continue;
		if (y->acts->service_not)
			y->acts->service_not(d, &s);
		book_remove(&d->book, book_find(&d->book, class, s.id));
		seated = y->acts->seat_again(d, book_find(&d->book, class, id), any_car);
		if (!seated) {
			ASSERT(y->acts->service(d, s));
			continue;
		}
		d->tally.services--;
		d->tally.services_slipped++;
		service_from(y, s.car, s.from / DAY);
		return true;
	}
	return false;
}

static bool find_seat(struct year *y, uint32_t class, uint32_t id, bool any_car)
{
	return y->acts->seat_again(y->desk, book_find(&y->desk->book, class, id), any_car) ||
	       (y->desk->policy->services_slip && service_slips(y, class, id, any_car));
}

/* ---- who has no car ---- */

static bool seat_again(struct year *y, uint32_t class, uint32_t id)
{
	return find_seat(y, class, id, !book_find(&y->desk->book, class, id)->this_car);
}

/* Who stands at the counter would rather have another car of the class than none. */
static bool seat_at_counter(struct year *y, uint32_t class, uint32_t id)
{
	if (seat_again(y, class, id))
		return true;
	if (!book_find(&y->desk->book, class, id)->this_car || !find_seat(y, class, id, true))
		return false;
	y->desk->tally.other_car++;
	return true;
}

static void look_again(struct year *y, uint32_t class)
{
	struct book *b = &y->desk->book;
	uint32_t ids[PROMISES_MAX], n = 0;

	for (uint32_t i = 0; i < b->of[class].len; i++)
		if (b->of[class].promises[i].car == NO_CAR)
			ids[n++] = b->of[class].promises[i].id;
	for (uint32_t i = 0; i < n; i++)
		(void)seat_again(y, class, ids[i]);
}

/* ---- what customers do ---- */

static bool promise_later(struct year *y, uint32_t id)
{
	struct wish asked = y->wishes[id];
	int32_t waits = 0;

	for (int32_t days = 1; waits < asked.patience; days++) {
		if (!is_working_day(asked.from / DAY + days))
			continue;
		waits++;
		y->wishes[id] = wish_later(&asked, days);
		if (y->acts->promise(y->desk, id))
			return true;
	}
	return false;
}

static void on_ask(struct year *y, uint32_t id)
{
	struct wish *w = &y->wishes[id];
	struct tally *t = &y->desk->tally;

	t->asked++;
	if (!y->acts->promise(y->desk, id)) {
		if (!y->patient || !promise_later(y, id))
			return;
		t->waited++;
	}
	t->accepted++;
	if (!w->comes) {
		agenda_add(y->agenda,
			(struct happens){w->from + NO_SHOW_AFTER, DOES_NOT_COME, id, w->class});
		return;
	}
	agenda_add(y->agenda, (struct happens){w->from, COMES_FOR_IT, id, w->class});
	agenda_add(y->agenda, (struct happens){w->until, COMES_BACK, id, w->class});
	if (w->stays_longer)
		agenda_add(
			y->agenda, (struct happens){w->longer_known, STAYS_LONGER, id, w->class});
}

/* Nobody is handed a car that another customer is driving. */
static void check_car_is_here(const struct book *b, const struct promise *p)
{
	for (uint32_t i = 0; i < b->of[p->class].len; i++) {
		const struct promise *o = &b->of[p->class].promises[i];
		ASSERT(o->state != PROMISE_OUT || o->car != p->car || o->car == CARS);
	}
}

static void on_come(struct year *y, struct promise *p)
{
	struct desk *d = y->desk;
	uint32_t class = p->class, id = p->id;

	if (p->car == NO_CAR && !seat_at_counter(y, class, id)) {
		d->tally.broken++;
		p = book_find(&d->book, class, id);
		if (y->acts->sent_away)
			y->acts->sent_away(d, p);
		book_remove(&d->book, p);
		return;
	}
	p = book_find(&d->book, class, id);
	check_car_is_here(&d->book, p);
	p->state = PROMISE_OUT;
	if (y->acts->handed_over)
		y->acts->handed_over(d, p);
}

static void on_longer(struct year *y, const struct promise *p)
{
	struct promise loan = *p;
	int32_t until = y->wishes[loan.id].longer_until;

	y->desk->tally.longer++;
	agenda_add(y->agenda, (struct happens){until, COMES_BACK, loan.id, loan.class});
	put_off_services(y, loan, with_turnaround(until));
	y->acts->keep_longer(y->desk, loan.class, loan.id, with_turnaround(until));
	if (y->desk->policy->services_slip)
		look_again(y, loan.class);
}

static void on_back(struct year *y, struct promise *p)
{
	if (p->until > with_turnaround(y->desk->now))
		return; /* he stays longer than he thought */
	p->state = PROMISE_BACK;
	y->desk->tally.busy += y->desk->now - p->from;
	if (y->acts->given_back)
		y->acts->given_back(y->desk, p);
	agenda_add(y->agenda, (struct happens){p->until, IS_READY, p->id, p->class});
}

static void on_hour(struct year *y)
{
	if (y->acts->hour)
		y->acts->hour(y->desk);
	if (y->desk->now % DAY != MORNING || !is_working_day(y->desk->now / DAY))
		return;
	for (uint32_t c = 0; c < CLASSES; c++)
		look_again(y, c);
}

static void happen(struct year *y, const struct happens *h)
{
	struct desk *d = y->desk;
	struct promise *p = NULL;

	if (h->what != HOUR_STRIKES && h->what != ASKS && h->what != SERVICE_IS_PLANNED) {
		p = book_find(&d->book, h->class, h->id);
		if (!p)
			return; /* it came otherwise */
	}
	switch (h->what) {
	case COMES_BACK: on_back(y, p); break;
	case IS_READY:
	case SERVICE_IS_OVER: book_remove(&d->book, p); break;
	case DOES_NOT_COME:
		if (y->acts->not_come)
			y->acts->not_come(d, p);
		book_remove(&d->book, p);
		break;
	case HOUR_STRIKES: on_hour(y); break;
	case SERVICE_IS_PLANNED: service_from(y, (int32_t)h->id, (int32_t)h->class); break;
	case COMES_FOR_IT: on_come(y, p); break;
	case STAYS_LONGER: on_longer(y, p); break;
	case ASKS: on_ask(y, h->id); break;
	}
}

/* ---- the year ---- */

static void fill_agenda(struct year *y, const struct year_demand *demand)
{
	for (uint32_t i = 0; i < demand->len; i++)
		agenda_add(y->agenda, (struct happens){demand->wishes[i].asked, ASKS, i, 0});
	for (int32_t hour = 0; hour < YEAR_DAYS * 24; hour++)
		agenda_add(y->agenda, (struct happens){hour * 60, HOUR_STRIKES, 0, 0});
	for (uint32_t car = 0; car < CARS; car++)
		for (int32_t day = (int32_t)car * 3 % SERVICE_EVERY_DAYS; day < YEAR_DAYS;
			day += SERVICE_EVERY_DAYS) {
			int32_t known = day * DAY - SERVICE_KNOWN;
			agenda_add(y->agenda, (struct happens){known > 0 ? known : 0,
						      SERVICE_IS_PLANNED, car, (uint32_t)day});
		}
}

struct tally year_play(const struct policy *policy, const struct year_demand *demand, bool patient)
{
	struct year y = {.acts = policy->acts, .patient = patient};
	struct happens h;
	struct tally tally;

	y.wishes = calloc(demand->len, sizeof *y.wishes);
	y.agenda = calloc(1, sizeof *y.agenda);
	ASSERT(y.wishes && y.agenda);
	memcpy(y.wishes, demand->wishes, demand->len * sizeof *y.wishes);
	y.desk = y.acts->open(policy, demand->hand_over);
	y.desk->wishes = y.wishes;
	fill_agenda(&y, demand);
	while (agenda_next(y.agenda, &h)) {
		y.desk->now = h.at;
		happen(&y, &h);
	}
	tally = y.desk->tally;
	y.acts->close(y.desk);
	free(y.agenda);
	free(y.wishes);
	return tally;
}
