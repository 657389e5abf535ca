/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/occupancy.h"

/* Until they are summed up, steps hold what changes. */
static void add_span(struct occupancy *o, uint32_t from, uint32_t until)
{
	if (from >= until)
		return;
	o->step[o->len++] = (struct occupancy_step){from, 1};
	if (until != MINUTE_FOREVER)
		o->step[o->len++] = (struct occupancy_step){until, -1};
}

/* The end of the ascending run that begins at i. */
static uint32_t run_end(const struct occupancy_step *step, uint32_t i, uint32_t len)
{
	if (i < len)
		i++;
	while (i < len && step[i - 1].minute <= step[i].minute)
		i++;
	return i;
}

static void merge(struct occupancy_step *out, const struct occupancy_step *step, uint32_t a,
	uint32_t a_end, uint32_t b_end)
{
	uint32_t b = a_end;

	while (a < a_end && b < b_end)
		*out++ = step[b].minute < step[a].minute ? step[b++] : step[a++];
	memcpy(out, step + a, (a_end - a) * sizeof *out);
	memcpy(out + (a_end - a), step + b, (b_end - b) * sizeof *out);
}

/* Each seat's steps ascend: what is sorted already is merged, two runs at a time (Knuth, The Art of
 * Computer Programming 3, 5.2.4, natural merge). `spare` holds as many; the result is in either. */
static struct occupancy_step *sort_steps(
	struct occupancy_step *step, struct occupancy_step *spare, uint32_t len)
{
	while (run_end(step, 0, len) < len) {
		struct occupancy_step *merged = spare;
		for (uint32_t i = 0, middle, end; i < len; i = end) {
			middle = run_end(step, i, len);
			end = run_end(step, middle, len);
			merge(merged + i, step, i, middle, end);
		}
		spare = step;
		step = merged;
	}
	return step;
}

static void sum_up(struct occupancy *o, struct occupancy_step *spare)
{
	uint32_t len = 0;
	int32_t taken = 0;

	o->step = sort_steps(o->step, spare, o->len);
	for (uint32_t i = 0; i < o->len;) {
		uint32_t minute = o->step[i].minute;
		while (i < o->len && o->step[i].minute == minute)
			taken += o->step[i++].taken;
		o->step[len++] = (struct occupancy_step){minute, taken};
	}
	o->len = len;
}

/* What stays on a seat takes it only while the seat can be used at all: it is counted once. */
static void add_fixed(
	struct occupancy *o, const struct claim_row *row, uint32_t first, uint32_t end)
{
	add_span(o, row->from > first ? row->from : first, row->until < end ? row->until : end);
}

/* What could also lie on other seats does not count: only what must lie on these. */
static void add_seat(struct occupancy *o, const struct pool *p, uint16_t seat, uint64_t types)
{
	const struct resource *r = p->seats[seat].resource;
	bool among = types >> p->seats[seat].type & 1;
	uint32_t end = r->usable_until < MINUTE_FOREVER - r->turnaround
			       ? r->usable_until + r->turnaround
			       : MINUTE_FOREVER;

	o->seats += among;
	if (among)
		add_span(o, 0, r->usable_from);
	for (uint32_t i = p->first[seat]; i < p->first[seat + 1]; i++) {
		const struct pool_claim *c = &p->claims[i];
		if (c->fixed && among)
			add_fixed(o, &c->row, r->usable_from, end);
		else if (!c->fixed && !(c->types & ~types))
			add_span(o, c->row.from, c->until + o->turnaround);
	}
	if (among)
		add_span(o, end, MINUTE_FOREVER);
}

bool occupancy_of(struct occupancy *o, struct arena *a, const struct pool *p, uint64_t types)
{
	struct occupancy_step *steps, *spare;

	*o = (struct occupancy){.turnaround = UINT32_MAX};
	for (uint32_t i = 0; i < p->types_len; i++)
		if ((types >> i & 1) && p->type[i]->turnaround < o->turnaround)
			o->turnaround = p->type[i]->turnaround;
	if (o->turnaround == UINT32_MAX)
		o->turnaround = 0; /* no seat at all */
	/* Before they are summed up they are many more. */
	size_t most = 2 * (size_t)p->claims_len + 4 * (size_t)p->seats_len + 1;
	o->step = arena_take(p->arena, most * sizeof *o->step);
	spare = arena_take(p->arena, most * sizeof *spare);
	if (!o->step || !spare)
		return false;
	for (uint16_t seat = 0; seat < p->seats_len; seat++)
		add_seat(o, p, seat, types);
	sum_up(o, spare);
	steps = arena_take(a, (o->len + 1) * sizeof *steps);
	if (!steps)
		return false;
	memcpy(steps, o->step, o->len * sizeof *steps);
	o->step = steps;
	return true;
}

/* The last step at or before a minute; -1: none. */
static int64_t step_at(const struct occupancy *o, uint32_t minute)
{
	int64_t low = 0, high = o->len;

	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		if (o->step[middle].minute <= minute)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

uint32_t occupancy_next(const struct occupancy *o, uint32_t from, uint32_t minutes, int32_t spare)
{
	uint64_t length = (uint64_t)minutes + o->turnaround;
	int64_t i = step_at(o, from);
	uint32_t start = from;

	for (;;) {
		int32_t taken = i < 0 ? 0 : o->step[i].taken;
		bool last = i + 1 >= (int64_t)o->len;
		if (o->seats - taken < spare) {
			if (last)
				return MINUTE_FOREVER;
			start = o->step[i + 1].minute; /* not before this step is over */
		} else if (last || o->step[i + 1].minute >= start + length) {
			return start;
		}
		i++;
	}
}
