/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_play.h"

#include <stdlib.h>

#include "server/import_key.h"
#include "server/set_clock.h"

enum { STEPS_OF_A_BOOKING_MAX = 5, HOUR_S = 3600 };

struct json play_row(struct play *p, const struct import_rows *rows, uint32_t row)
{
	struct json doc = arena_json(&p->scratch, rows->row[row].doc, NULL);

	if (!json_present(doc))
		p->batch.fault = FAULT_MEMORY; /* it was good when it was read */
	return doc;
}

struct command *play_command(struct play *p, struct str journal, enum verb verb, struct str target,
	struct str base, struct json *effect)
{
	struct view v;
	struct txn t;
	struct import_key key;
	struct command *c;
	bool found;

	*effect = JSON_ABSENT;
	import_look(p->im, &v, &t, &p->scratch);
	found = base.p && import_key_find(&v, journal, p->im->by, base, &key);
	fleet_look_end(&v);
	if (!found) {
		p->batch.fault = FAULT_MEMORY;
		return NULL;
	}
	*effect = key.effect;
	c = key.text.p ? import_command(&p->batch, verb, journal, target, key.text) : NULL;
	/* What a file tells was wanted and refused elsewhere, if at all. The demonstration's
	 * customers ask here, each of them once, whatever is tried for them afterwards. */
	if (c)
		c->retold = !p->im->substitute || !str_eq(key.text, base);
	return c;
}

/* ---- the order of things ---- */

static void step_add(struct play *p, struct instant at, enum step_what what, uint32_t row)
{
	p->steps[p->steps_len] = (struct step){at, p->steps_len, what, row};
	p->steps_len++;
}

static void steps_of_booking(struct play *p, uint32_t row)
{
	static const struct {
		const char *key;
		enum step_what what;
	} later[] = {{"cancelled_at", STEP_CANCEL}, {"no_show_at", STEP_NO_SHOW},
		{"out_at", STEP_OUT}, {"in_at", STEP_IN}};
	struct json doc = play_row(p, p->bookings, row);
	struct instant made = p->im->now, at;
	uint32_t make = p->steps_len;

	step_add(p, made, STEP_MAKE, row);
	for (size_t i = 0; i < ARRAY_LEN(later); i++)
		if (doc_instant(doc, later[i].key, &at)) {
			step_add(p, at, later[i].what, row);
			made = at.s < made.s ? at : made;
		}
	/* Nobody says when it was made: before anything else happened to it. */
	if (!doc_instant(doc, "made_at", &p->steps[make].at))
		p->steps[make].at = made;
}

static int by_time(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	if (x->at.s != y->at.s)
		return x->at.s < y->at.s ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static bool steps_make(struct play *p)
{
	uint32_t coverages = p->coverages ? p->coverages->len : 0,
		 bookings = p->bookings ? p->bookings->len : 0;

	p->steps = calloc((size_t)coverages + (size_t)bookings * STEPS_OF_A_BOOKING_MAX + 1,
		sizeof *p->steps);
	p->played = calloc((size_t)bookings + 1, sizeof *p->played);
	if (!p->steps || !p->played)
		return false;
	for (uint32_t row = 0; row < coverages; row = cover_group_end(p, row)) {
		struct instant at = p->im->now;
		(void)doc_instant(play_row(p, p->coverages, row), "checked_at", &at);
		step_add(p, at, STEP_COVER, row);
		arena_reset(&p->scratch);
	}
	for (uint32_t row = 0; row < bookings; row++) {
		steps_of_booking(p, row);
		arena_reset(&p->scratch);
	}
	qsort(p->steps, p->steps_len, sizeof *p->steps, by_time);
	return p->batch.fault == OK;
}

/* No journal goes back in time: what is older than its last entry happens right after it. */
static struct instant latest_entry(struct play *p)
{
	struct view v;
	struct txn t;
	struct str name = STR_NULL;
	struct journal_head head;
	struct instant latest = {0};

	import_look(p->im, &v, &t, &p->scratch);
	while (journal_next_name(v.txn, &name))
		if (journal_head(v.txn, name, &head) && head.at.s > latest.s)
			latest = head.at;
	fleet_look_end(&v);
	return latest;
}

/* ---- an hour ---- */

/* First what was looked up, so that the offers of this hour see it. */
static void play_looks(struct play *p, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end && p->batch.fault == OK; i++) {
		if (p->steps[i].what == STEP_COVER)
			play_cover(p, p->steps[i].row);
		else if (p->steps[i].what == STEP_MAKE)
			play_recheck(p, p->steps[i].row);
		arena_reset(&p->scratch);
	}
	import_batch_run(&p->batch);
}

/* What became of those that took another class in this same hour. */
static void play_missed(struct play *p, uint32_t first, uint32_t end)
{
	for (uint32_t i = first; i < end && p->batch.fault == OK; i++) {
		const struct step *step = &p->steps[i];
		if (step->what != STEP_MAKE && step->what != STEP_COVER &&
			p->played[step->row].missed)
			play_follow(p, step->row, step->what);
		arena_reset(&p->scratch);
	}
	import_batch_run(&p->batch);
}

static void play_hour(struct play *p, uint32_t first, uint32_t end)
{
	play_looks(p, first, end);
	for (uint32_t i = first; i < end && p->batch.fault == OK; i++) {
		const struct step *step = &p->steps[i];
		if (step->what == STEP_MAKE)
			play_make(p, step->row);
		else if (step->what != STEP_COVER)
			play_follow(p, step->row, step->what);
		arena_reset(&p->scratch);
	}
	do
		import_batch_run(&p->batch);
	while (play_substitute(p, first, end));
	play_missed(p, first, end);
	arena_reset(&p->hour);
}

static void play_all(struct play *p)
{
	struct instant floor = latest_entry(p);
	uint32_t first = 0, end;

	for (; first < p->steps_len && p->steps[first].at.s <= p->im->now.s &&
		p->batch.fault == OK && !import_stops(p->im);
		first = end) {
		int64_t hour = p->steps[first].at.s / HOUR_S;
		for (end = first; end < p->steps_len; end++)
			if (p->steps[end].at.s / HOUR_S != hour ||
				p->steps[end].at.s > p->im->now.s)
				break;
		p->clock = p->steps[end - 1].at;
		if (p->clock.s < floor.s)
			p->clock = floor;
		if (p->im->live) /* all of it is decided now: the clock is everybody's */
			p->clock = fleet_env(p->im->fleet)->now(fleet_env(p->im->fleet));
		else
			set_clock_to(p->clock);
		play_hour(p, first, end);
		import_progress(p->im, "writing", end, p->steps_len);
	}
	for (; first < p->steps_len && !import_stops(p->im); first++)
		p->im->counts.not_yet += p->steps[first].what == STEP_MAKE;
}

enum outcome import_play(
	struct import *im, const struct import_rows *coverages, const struct import_rows *bookings)
{
	struct play *p = calloc(1, sizeof *p);
	struct env *env = fleet_env(im->fleet);
	enum outcome o = FAULT_MEMORY;

	if (!p)
		return o;
	p->im = p->batch.im = im;
	p->coverages = coverages;
	p->bookings = bookings;
	arena_init(&p->ids, (size_t)1 << 30);
	arena_init(&p->hour, ARENA_MAX_DEFAULT);
	arena_init(&p->scratch, ARENA_MAX_DEFAULT);
	if (steps_make(p)) {
		if (!im->live)
			set_clock_begin(env);
		play_all(p);
		if (!im->live)
			set_clock_end(env);
		o = p->batch.fault;
	}
	import_batch_end(&p->batch);
	arena_deinit(&p->ids);
	arena_deinit(&p->hour);
	arena_deinit(&p->scratch);
	free(p->steps);
	free(p->played);
	free(p);
	return o;
}
