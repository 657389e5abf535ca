/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

/* What is free at a time, and when the next time is. */

enum { AVAILABILITY_BYTES = 256, DATES_BYTES = 4096, DAY_S = 86400, TIMES_MAX = 2 };

/* When a seat must be free for a solution: the window, a whole day, or the legs at its ends. */
struct times {
	enum resource_kind kind;
	uint32_t len;
	struct {
		uint32_t from, until;
	} at[TIMES_MAX];
};

static void add_time(struct times *t, struct instant from, struct instant until)
{
	t->at[t->len].from = minute_down(from);
	t->at[t->len].until = minute_up(until);
	t->len++;
}

/* The site's own day, which has 23 or 25 hours twice a year. */
static void add_day(struct times *t, const struct roster *r, struct instant from)
{
	int64_t midnight = (int64_t)local_day(roster_local(r, from)).n * DAY_S;
	struct local first, last;

	(void)zone_instant(&first, r->zone, midnight);
	(void)zone_instant(&last, r->zone, midnight + DAY_S);
	add_time(t, local_instant(first), local_instant(last));
}

/* Nobody has said how far away the customer lives: the shortest leg there is. */
static void add_legs(struct times *t, const struct solution *s, struct span window)
{
	int64_t leg_s = (int64_t)leg_minutes(0) * 60;
	bool accompany = s->claims == CLAIMS_ACCOMPANY;

	if (s->fetches || accompany)
		add_time(t, window.from, (struct instant){window.from.s + leg_s});
	if (s->brings || accompany)
		add_time(t, (struct instant){window.until.s - leg_s}, window.until);
}

static struct times times_of(const struct roster *r, const struct solution *s, struct span window)
{
	struct times t = {.kind = RESOURCE_ALLOTMENT};

	switch (s->claims) {
	case CLAIMS_CAR:
		t.kind = RESOURCE_CAR;
		add_time(&t, window.from, window.until);
		break;
	case CLAIMS_ALLOTMENT: add_time(&t, window.from, window.until); break;
	case CLAIMS_DAILY: add_day(&t, r, window.from); break;
	case CLAIMS_LEGS:
	case CLAIMS_ACCOMPANY:
		t.kind = RESOURCE_CHAUFFEUR;
		add_legs(&t, s, window);
		break;
	}
	return t;
}

/* A car that is turned back or uninsured by then is no seat at all. */
static bool in_service(const struct resource *r, const struct times *t)
{
	for (uint32_t i = 0; i < t->len; i++)
		if (t->at[i].from < r->usable_from || t->at[i].until > r->usable_until)
			return false;
	return r->active;
}

static bool seat_is_free(
	struct view *v, const struct resource *r, uint16_t number, const struct times *t)
{
	struct seat seat = {r->id, number};

	for (uint32_t i = 0; i < t->len; i++)
		if (!calendar_is_free(
			    v->txn, seat, t->at[i].from, t->at[i].until + r->turnaround, 0))
			return false;
	return true;
}

/* Seats of the pool, and how many of them are free; false where they are not counted. */
static bool count_seats(struct view *v, const struct plan_ask *ask, uint32_t *seats, uint32_t *free)
{
	const struct roster *roster = ask->roster;
	struct times t = times_of(roster, &ask->solution, ask->window);
	bool counted = false;

	*seats = *free = 0;
	for (uint32_t i = 0; i < roster->resources_len; i++) {
		const struct resource *r = &roster->resources[i];
		if (r->kind != t.kind || !resource_serves(r, ask->solution.id) ||
			(ask->class.n && t.kind != RESOURCE_CHAUFFEUR &&
				!str_eq(r->class, ask->class)))
			continue;
		if (!in_service(r, &t))
			continue;
		if (r->unlimited)
			return false;
		counted = true;
		*seats += r->seats;
		for (uint16_t n = 0; n < r->seats; n++)
			*free += seat_is_free(v, r, n, &t);
	}
	/* A taxi where no daily number was agreed: as many as there are in town. */
	return counted || ask->solution.claims != CLAIMS_DAILY;
}

struct str render_availability(
	struct view *v, struct str site, struct str solution, struct str class, struct span span)
{
	const struct roster *roster = roster_of(v, site);
	struct solution s;
	struct plan_ask ask;
	struct plan plan;
	struct json_writer w;
	uint32_t seats, free;
	enum plan_result found;

	if (!roster || !site_solution(v, roster, solution, span.from, &s))
		return STR_NULL;
	ask = site_ask(v, roster, &s, class, span, 0);
	bool counted = count_seats(v, &ask, &seats, &free);
	arena_writer(v->arena, &w, AVAILABILITY_BYTES);
	json_object_begin(&w);
	found = plan_find(v, &ask, &plan);
	json_kv_bool(&w, "feasible", found == PLAN_FREE);
	if (counted) {
		json_kv_int(&w, "free", free);
		json_kv_int(&w, "seats", seats);
	} else {
		json_kv_null(&w, "free"); /* unlimited */
		json_kv_null(&w, "seats");
	}
	if (found == PLAN_UNDECIDED) /* the search ended at its bound */
		json_kv_bool(&w, "undecided", true);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

static void write_date(struct json_writer *w, const struct roster *r, const struct next_date *date,
	struct str class)
{
	json_object_begin(w);
	if (class.n)
		json_kv_str(w, "class", class);
	else
		json_kv_null(w, "class");
	kv_local(w, "from", date->window.from, r->zone);
	kv_local(w, "until", date->window.until, r->zone);
	json_object_end(w);
}

struct str render_next(struct view *v, struct str site, struct str solution, struct str class,
	int64_t minutes, struct instant after, uint32_t count)
{
	const struct roster *roster = roster_of(v, site);
	struct next_date dates[NEXT_DATE_MAX];
	struct str classes[NEXT_DATE_MAX];
	struct solution s;
	struct plan_ask ask;
	struct json_writer w;
	uint32_t n;

	if (!roster || !site_solution(v, roster, solution, after, &s) || minutes < 1)
		return STR_NULL;
	if (count < 1)
		count = 1;
	if (count > NEXT_DATE_MAX)
		count = NEXT_DATE_MAX;
	ask = site_ask(v, roster, &s, class, (struct span){after, {after.s + minutes * 60}}, 0);
	n = plan_next(v, &ask, after, minutes, false, count, dates, classes);
	arena_writer(v->arena, &w, DATES_BYTES);
	json_object_begin(&w);
	json_k(&w, "items");
	json_array_begin(&w);
	for (uint32_t i = 0; i < n; i++)
		write_date(&w, roster, &dates[i], classes[i]);
	json_array_end(&w);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}
