/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The wire between a server and the journal. The journal itself never errs; what is sent to it and
 * what it replies may be late, lost, or come when nobody waits for it any more. */

#include "tests/sim/sim.h"

static struct server *server_of(struct journal *link)
{
	return (struct server *)(void *)((char *)link - offsetof(struct server, link));
}

static enum append arrive(
	struct sim *s, const struct pending_entry *entries, size_t n, size_t *fresh)
{
	enum append a = shared_append(&s->journal, entries, n, fresh);

	for (size_t i = 0; i < *fresh; i++) {
		count(s, COUNT_ENTRIES);
		say(s, entries[i].bytes);
	}
	judge_entries(s);
	return a;
}

/* On its way, for as long as it takes. Where too many are, it is lost. */
static void fly(struct sim *s, const struct pending_entry *entries, size_t n)
{
	for (struct flight *f = s->flights; f < s->flights + FLIGHTS_MAX; f++) {
		if (f->len)
			continue;
		f->entries = arena_alloc(&f->arena, n * sizeof *f->entries);
		f->len = n;
		for (size_t i = 0; i < n; i++) {
			f->entries[i] = entries[i];
			f->entries[i].journal = arena_copy(&f->arena, entries[i].journal);
			f->entries[i].bytes = arena_copy(&f->arena, entries[i].bytes);
		}
		assert_false(f->arena.full);
		return;
	}
	count(s, COUNT_APPENDS_LOST);
}

bool link_flight_lands(struct sim *s, uint32_t flight)
{
	struct flight *f = &s->flights[flight];
	size_t fresh = 0;

	if (!f->len)
		return false;
	if (lot(s, 4) == 0) {
		count(s, COUNT_APPENDS_LOST);
	} else if (arrive(s, f->entries, f->len, &fresh) == APPEND_DONE) {
		if (fresh)
			count(s, COUNT_APPENDS_LATE);
	} else {
		count(s, COUNT_APPENDS_DEAD);
	}
	if (luck(s, 20))
		return true; /* and comes again */
	f->len = 0;
	arena_reset(&f->arena);
	return true;
}

static enum append silence(struct server *v)
{
	struct sim *s = v->sim;

	if (luck(s, 30)) { /* and it lasts */
		v->mute_until = s->step + 1 + lot(s, 12);
		count(s, COUNT_MUTES);
	}
	return APPEND_UNKNOWN;
}

/* What becomes of one that reaches the wire. */
static enum append send(struct server *v, const struct pending_entry *entries, size_t n)
{
	struct sim *s = v->sim;
	uint32_t fate = s->calm ? 100 : lot(s, 100);
	size_t fresh;
	enum append a;

	if (fate < 2)
		return APPEND_AWAY; /* the journal would not take it just now */
	if (fate < 5) {
		count(s, COUNT_APPENDS_LOST);
		return silence(v);
	}
	if (fate < 10) {
		fly(s, entries, n);
		return silence(v);
	}
	a = arrive(s, entries, n, &fresh);
	if (fate < 16) {
		count(s, COUNT_REPLIES_LOST);
		return silence(v);
	}
	if (a == APPEND_LOST)
		count(s, COUNT_CONFLICTS);
	return a;
}

/* The others do not wait while this one decides and sends. */
static void others_go_first(struct server *v)
{
	struct sim *s = v->sim;

	for (uint32_t i = 0; i < s->servers_len; i++) {
		struct server *other = &s->servers[i];
		if (other != v && luck(s, 30))
			(void)server_serve(other);
	}
}

static enum append append(
	struct journal *self, struct txn *t, const struct pending_entry *entries, size_t n)
{
	struct server *v = server_of(self);
	struct sim *s = v->sim;
	enum append a;

	(void)t;
	if (v->dying)
		return APPEND_UNKNOWN;
	others_go_first(v);
	s->now_s += lot(s, 3);
	if (luck(s, 2)) { /* the process ends before anything was sent */
		v->dying = true;
		return APPEND_UNKNOWN;
	}
	if (!s->calm && s->step < s->outage_until)
		return APPEND_AWAY;
	if (!s->calm && s->step < v->mute_until)
		return APPEND_UNKNOWN;
	a = send(v, entries, n);
	if (luck(s, 2)) { /* or before it heard of it */
		v->dying = true;
		return APPEND_UNKNOWN;
	}
	return a;
}

static enum journal_read read_next(
	struct journal *self, struct txn *t, struct arena *a, struct pending_entry *out)
{
	struct server *v = server_of(self);
	struct sim *s = v->sim;

	if (v->dying || (!s->calm && (s->step < s->outage_until || s->step < v->mute_until)) ||
		luck(s, 1))
		return READ_AWAY;
	return shared_read(&s->journal, t, a, out);
}

void link_init(struct server *v)
{
	v->link = (struct journal){.append = append, .read = read_next};
}
