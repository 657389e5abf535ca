/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/search/ours.h"

#include <stdlib.h>

#include "fleet/agenda.h"
#include "fleet/render.h"
#include "tests/bench/figure.h"

enum { NAME = OURS_NAME, SITES_A_COMMIT = 50, GATHERED = 20000 };

static const char *const class_names[SITE_CLASSES] = {"compact", "saloon", "estate", "coupe"};

static const char site_body[] =
	"{\"accompanied_max_km\":25,\"currency\":\"EUR\",\"grace_minutes\":59,"
	"\"handover_minutes\":15,\"locale\":\"en\",\"market\":\"EU\","
	"\"max_service_distance_km\":100,\"name\":\"One of many (invented)\","
	"\"offer_minutes\":2880,\"opening\":[{\"days\":[1,2,3,4,5],\"from\":\"07:30\","
	"\"until\":\"18:30\"}],\"return_minutes\":15,\"site\":\"%s\",\"tariff\":{"
	"\"loaner_brand\":{\"price\":9000,\"unit\":\"day\"}},\"time_zone\":\"UTC\"}";

static const char resource_body[] =
	"{\"class\":\"%s\",\"kind\":\"%s\",\"label\":\"%s\",\"resource\":\"%s\",\"seats\":1,"
	"\"site\":\"%s\",\"solutions\":[\"loaner_brand\"],\"status\":\"active\","
	"\"turnaround_minutes\":%d}";

static struct str site_name(char out[NAME], uint32_t site)
{
	snprintf(out, NAME, "S%05u", site);
	return str_from(out);
}

enum { CAR_NAME = 10 };
static struct seat car_seat(const struct ours *o, uint32_t car)
{
	return (struct seat){{o->car_names[car], CAR_NAME}, 0};
}

static void name_cars(struct ours *o)
{
	o->car_names = calloc((size_t)o->sites * SITE_CARS, NAME);
	ASSERT(o->car_names);
	for (uint32_t car = 0; car < o->sites * SITE_CARS; car++) {
		int n = snprintf(o->car_names[car], NAME, "S%05u-C%02u", car / SITE_CARS % 100000,
			car % SITE_CARS);
		ASSERT(n == CAR_NAME);
	}
}

static struct seat desk_seat(char out[NAME], uint32_t desk)
{
	snprintf(out, NAME, "S%05u-D%u", desk / SITE_DESKS, desk % SITE_DESKS);
	return (struct seat){str_from(out), 0};
}

/* The calendar counts from 1970. */
static uint32_t minute_of(int32_t minute)
{
	return (uint32_t)(site_instant(0).s / 60 + minute);
}

static void put_resource(struct ours *o, const char *site, const char *id, const char *kind,
	const char *class, int turnaround)
{
	char body[400];

	snprintf(body, sizeof body, resource_body, class, kind, id, id, site, turnaround);
	site_must(&o->site, VERB_RESOURCE_PUT, site, id, body);
}

static void put_site(struct ours *o, uint32_t site)
{
	char body[700], name[NAME], id[NAME];
	const char *car;

	site_name(name, site);
	snprintf(body, sizeof body, site_body, name);
	site_must(&o->site, VERB_SITE_PUT, name, name, body);
	for (uint32_t i = 0; i < SITE_CARS; i++) {
		car = o->car_names[site * SITE_CARS + i];
		put_resource(o, name, car, "car", class_names[class_of(i)], TURNAROUND);
	}
	for (uint32_t i = 0; i < SITE_DESKS; i++) {
		desk_seat(id, site * SITE_DESKS + i);
		put_resource(o, name, id, "desk", "desk", 0);
	}
}

static void put_claims(struct txn *t, struct seat seat, const struct stretch *all, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		calendar_add(t, seat,
			(struct claim_row){minute_of(all[i].from), minute_of(all[i].until), i + 1,
				CLAIM_BLOCK, true});
}

static void fill_calendar(struct ours *o)
{
	static struct stretch all[STRETCHES_MAX];
	char name[NAME];
	struct txn t;

	for (uint32_t site = 0; site < o->sites; site++) {
		if (site % SITES_A_COMMIT == 0)
			txn_begin(&t, fleet_store(o->site.fleet), true);
		for (uint32_t car = site * SITE_CARS; car < (site + 1) * SITE_CARS; car++)
			put_claims(&t, car_seat(o, car), all, world_car(car, all));
		for (uint32_t i = 0; i < SITE_DESKS && !o->calendar_only; i++) {
			uint32_t desk = site * SITE_DESKS + i;
			put_claims(&t, desk_seat(name, desk), all, world_desk(desk, all));
		}
		if (site % SITES_A_COMMIT == SITES_A_COMMIT - 1 || site + 1 == o->sites)
			ASSERT(txn_commit(&t) == OK);
	}
}

void ours_open(struct ours *o, uint32_t sites, bool calendar_only)
{
	memset(o, 0, sizeof *o);
	o->sites = sites;
	o->calendar_only = calendar_only;
	name_cars(o);
	arena_init(&o->arena, ARENA_MAX_DEFAULT);
	site_open(&o->site);
	if (!calendar_only) {
		fleet_gather(o->site.fleet, GATHERED);
		for (uint32_t site = 0; site < sites; site++)
			put_site(o, site);
		ASSERT(fleet_gather_end(o->site.fleet, true) == OK);
	}
	fill_calendar(o);
}

void ours_close(struct ours *o)
{
	arena_deinit(&o->arena);
	free(o->car_names);
	site_close(&o->site);
}

void ours_measure(struct ours *o, uint64_t *bytes, uint64_t *claims)
{
	struct cursor c;
	struct txn t;

	*bytes = *claims = 0;
	txn_begin(&t, fleet_store(o->site.fleet), false);
	cursor_open(&c, &t, DB_CLAIMS);
	for (bool some = cursor_seek(&c, STR("S")); some; some = cursor_next(&c)) {
		if (memchr(c.key.p, 'D', c.key.n)) /* of a desk */
			continue;
		*bytes += c.key.n + c.value.n;
		*claims += c.value.n / CLAIM_BYTES;
	}
	cursor_close(&c);
	txn_abort(&t);
}

void ours_look(struct ours *o)
{
	arena_reset(&o->arena);
	fleet_look(o->site.fleet, &o->view, &o->txn, &o->arena);
}

void ours_look_end(struct ours *o)
{
	fleet_look_end(&o->view);
}

int32_t ours_free(struct ours *o, const struct question *q)
{
	uint32_t from = minute_of(q->after), until = from + (uint32_t)q->minutes + TURNAROUND;
	int32_t n = 0;

	for (uint32_t i = class_first(q->class); i < class_first(q->class + 1); i++)
		n += agenda_is_free(&o->view, car_seat(o, q->site * SITE_CARS + i), from, until, 0);
	return n;
}

int32_t ours_next(struct ours *o, const struct question *q)
{
	uint32_t from = minute_of(q->after), best = minute_of(2 * WORLD_MINUTES);

	for (uint32_t i = class_first(q->class); i < class_first(q->class + 1) && best > from;
		i++) {
		uint32_t at = calendar_next_free(o->view.txn, car_seat(o, q->site * SITE_CARS + i),
			from, (uint32_t)q->minutes + TURNAROUND, best);
		best = at < best ? at : best;
	}
	return (int32_t)(best - minute_of(0));
}

struct str ours_next_full(struct ours *o, const struct question *q)
{
	char name[NAME];
	struct str answer;

	ours_look(o);
	answer = render_next(&o->view, site_name(name, q->site), STR("loaner_brand"),
		str_from(class_names[q->class]), q->minutes, site_instant(q->after), 1);
	ours_look_end(o);
	return answer;
}

struct stretch ours_read(struct ours *o, struct str answer)
{
	struct json first = json_first(json_get(arena_json(&o->arena, answer, NULL), "items"));
	struct local from, until;
	int64_t zero_s = site_instant(0).s;

	if (!json_present(first))
		return (struct stretch){0, 0};
	ASSERT(instant_parse(&from, json_str_at(first, "from")));
	ASSERT(instant_parse(&until, json_str_at(first, "until")));
	return (struct stretch){(int32_t)((local_instant(from).s - zero_s) / 60),
		(int32_t)((local_instant(until).s - zero_s) / 60)};
}
