/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/next_date_world.h"

/*
 * The search against one that knows no short cut: every quarter of an hour is tried, and everything
 * is looked up minute by minute.
 */

enum { WALK_DAYS = 60, HORIZON_DAYS = 12, STARTS_MAX = HORIZON_DAYS * 96 + 200 };

static uint32_t seed;
static int64_t walk_base_s;		 /* local midnight of the first day of the walk */
static int span_at[WALK_DAYS * DAY_MIN]; /* number of the opening span of a minute, 0 = closed */

static uint32_t draw(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

static void walk_fill(struct day first)
{
	int number = 0;

	memset(span_at, 0, sizeof(span_at));
	walk_base_s = (int64_t)first.n * DAY_S;
	for (int i = 0; i < WALK_DAYS; i++) {
		struct opening_day hours = opening_on(&opening, (struct day){first.n + i});
		for (int j = 0; j < hours.len; j++) {
			number++;
			for (int m = hours.span[j].from_min; m < hours.span[j].until_min; m++)
				span_at[i * DAY_MIN + m] = number;
		}
	}
}

/* Minutes count from walk_base_s. No minutes at all fit into a span and at its very end. */
static bool walk_open(int from, int minutes)
{
	if (minutes == 0)
		return span_at[from] || (from > 0 && span_at[from - 1]);
	for (int m = from; m < from + minutes; m++)
		if (span_at[m] == 0 || span_at[m] != span_at[from])
			return false;
	return true;
}

/* The earlier instant with this reading. False in the spring gap: as if winter went on. */
static bool walk_instant(int minute, struct instant *out)
{
	int64_t wall_s = walk_base_s + (int64_t)minute * 60;

	for (int64_t offset_s = 7200; offset_s >= 3600; offset_s -= 3600) {
		out->s = wall_s - offset_s;
		if (zone_local(&paris, *out).wall_s == wall_s)
			return true;
	}
	return false;
}

static bool walk_desk(const struct next_date_ask *ask, int minute, int minutes)
{
	struct instant t;

	if (!ask->at_desk || minutes == 0)
		return true;
	(void)walk_instant(minute, &t);
	return busy_free(&calendar.desk, (struct span){t, {t.s + minutes * 60}});
}

static bool walk_end(const struct next_date_ask *ask, int start, int *end)
{
	int base = start, day;

	if (ask->whole_day && start % DAY_MIN >= 16 * 60 + 30) {
		base = (start / DAY_MIN + 1) * DAY_MIN;
		while (!span_at[base])
			base++;
	}
	*end = base + (int)ask->minutes;
	if (!ask->at_desk)
		return true;
	while (!walk_open(*end - ask->return_minutes, ask->return_minutes))
		++*end;
	day = (*end - 1) / DAY_MIN;
	while (!walk_desk(ask, *end - ask->return_minutes, ask->return_minutes)) {
		*end = *end / 15 * 15 + 15;
		while (!walk_open(*end - ask->return_minutes, ask->return_minutes))
			++*end;
		if ((*end - 1) / DAY_MIN != day)
			return false;
	}
	return true;
}

static bool walk_try(const struct next_date_ask *ask, int start, struct next_date *out)
{
	bool seat = false;
	int end;

	if (!walk_instant(start, &out->window.from) || out->window.from.s < ask->after.s ||
		out->window.from.s >= ask->horizon.s)
		return false;
	if (ask->at_desk && !walk_open(start, ask->handover_minutes))
		return false;
	if (!walk_desk(ask, start, ask->handover_minutes) || !walk_end(ask, start, &end))
		return false;
	(void)walk_instant(end, &out->window.until);
	for (uint32_t i = 0; i < calendar.seats_len; i++)
		seat = seat || busy_free(&calendar.seat[i], out->window);
	out->evening_before = ask->whole_day && start % DAY_MIN >= 16 * 60 + 30;
	return seat;
}

struct walk {
	uint32_t len;
	int start[STARTS_MAX];
	struct next_date date[STARTS_MAX];
	bool chosen[STARTS_MAX];
};

static int level_of(int start)
{
	return start / DAY_MIN * 2 + (start % DAY_MIN >= 13 * 60);
}

/* CIT-4.5 on the list of all windows: which one becomes the evening proposal, and for whom. */
static void walk_evening(struct walk *w, uint32_t count, uint32_t chosen)
{
	uint32_t evening = w->len, drop = w->len;

	for (uint32_t i = 0; i < w->len; i++)
		if (w->chosen[i] && w->date[i].evening_before)
			return;
	for (uint32_t i = 1; i < w->len && evening == w->len; i++)
		if (w->date[i].evening_before && level_of(w->start[i]) != level_of(w->start[0]))
			evening = i;
	for (uint32_t i = 1; i < w->len && evening == w->len; i++)
		if (w->date[i].evening_before)
			evening = i;
	if (evening == w->len)
		return;
	for (uint32_t i = 1; i < w->len; i++)
		if (w->chosen[i] && level_of(w->start[i]) == level_of(w->start[evening]))
			drop = i;
	for (uint32_t i = w->len; i-- > 1 && drop == w->len && chosen == count;)
		if (w->chosen[i])
			drop = i;
	if (drop < w->len)
		w->chosen[drop] = false;
	w->chosen[evening] = true;
}

static uint32_t walk_find(struct walk *w, const struct next_date_ask *ask)
{
	uint32_t chosen = 0;
	int level = -1;

	w->len = 0;
	memset(w->chosen, 0, sizeof(w->chosen));
	for (int start = 0; start < (HORIZON_DAYS + 4) * DAY_MIN && w->len < STARTS_MAX;
		start += 15)
		if (walk_try(ask, start, &w->date[w->len]))
			w->start[w->len++] = start;
	for (uint32_t i = 0; i < w->len && chosen < ask->count; i++)
		if (level_of(w->start[i]) != level) {
			w->chosen[i] = true;
			chosen++;
			level = level_of(w->start[i]);
		}
	if (ask->whole_day && ask->count > 1)
		walk_evening(w, ask->count, chosen);
	chosen = 0;
	for (uint32_t i = 0; i < w->len; i++)
		chosen += w->chosen[i];
	for (uint32_t i = 0; i < w->len && chosen < ask->count; i++)
		if (!w->chosen[i]) {
			w->chosen[i] = true;
			chosen++;
		}
	return chosen;
}

static void draw_busy(struct busy *b, struct instant from, int gap_max, int length_max)
{
	int64_t s = from.s - DAY_S;

	b->len = 0;
	while (s < from.s + INT64_C(30) * DAY_S && b->len < BUSY_MAX) {
		s += (int64_t)draw((uint32_t)gap_max) * 60;
		b->span[b->len].from.s = s;
		s += (int64_t)(1 + draw((uint32_t)length_max)) * 60;
		b->span[b->len++].until.s = s;
	}
}

static void draw_opening(void)
{
	for (int i = 0; i < 7; i++)
		switch (draw(5)) {
		case 0: opening.week[i].len = 0; break;
		case 1: opening.week[i] = (struct opening_day){1, {{0, 1440}}}; break;
		case 2: opening.week[i] = (struct opening_day){2, {{485, 731}, {800, 1117}}}; break;
		default: opening.week[i] = (struct opening_day){1, {{480, 1140}}}; break;
		}
	opening.week[2] = (struct opening_day){2, {{510, 750}, {840, 1110}}};
}

static void draw_ask(struct next_date_ask *ask)
{
	static const char *const after[] = {
		"2024-06-03T07:12", "2024-03-25T15:40", "2024-10-24T09:00", "2060-03-20T00:00"};
	static const int lengths[] = {30, 90, 100, 240, 480, 540, 600, 1440, 2000, 4320};

	/* One draw a statement: the order of arguments is the compiler's. */
	uint32_t length = draw(ARRAY_LEN(lengths)), start = draw(ARRAY_LEN(after));

	reset();
	draw_opening();
	*ask = ask_for(lengths[length], after[start]);
	ask->horizon.s = ask->after.s + HORIZON_DAYS * DAY_S;
	ask->at_desk = draw(4) != 0;
	ask->whole_day = draw(2) != 0;
	ask->handover_minutes = (int32_t)draw(3) * 20;
	ask->return_minutes = (int32_t)draw(3) * 15;
	ask->count = 1 + draw(6);
	calendar.seats_len = 1 + draw(SEATS_MAX);
	for (uint32_t i = 0; i < calendar.seats_len; i++) {
		int gap_max = 1 + (int)ask->minutes * (int)(1 + draw(3));
		int length_max = 1 + (int)draw(5000);
		draw_busy(&calendar.seat[i], ask->after, gap_max, length_max);
	}
	if (draw(3) != 0)
		draw_busy(&calendar.desk, ask->after, 200, 1 + (int)draw(300));
}

static void against_every_quarter(void **state)
{
	static struct walk w;
	uint32_t found = 0, evenings = 0, short_lists = 0;

	(void)state;
	for (uint32_t round = 0; round < 800; round++) {
		struct next_date out[NEXT_DATE_MAX];
		struct next_date_ask ask;
		uint32_t len, at_out = 0;
		seed = round * 7919 + 1;
		draw_ask(&ask);
		walk_fill((struct day){local_day(zone_local(&paris, ask.after)).n - 1});
		len = next_date_find(out, &ask, &supply);
		if (len != walk_find(&w, &ask))
			fail_msg("round %u: %u dates", round, len);
		for (uint32_t i = 0; i < w.len; i++) {
			if (!w.chosen[i])
				continue;
			const struct next_date *a = &out[at_out++], *b = &w.date[i];
			if (a->window.from.s != b->window.from.s ||
				a->window.until.s != b->window.until.s ||
				a->evening_before != b->evening_before)
				fail_msg("round %u: date %u", round, at_out - 1);
			evenings += b->evening_before;
		}
		found += len;
		short_lists += len < ask.count;
	}
	/* The draw covers what it is meant to. */
	assert_true(found > 1500 && evenings > 50 && short_lists > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_every_quarter),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
