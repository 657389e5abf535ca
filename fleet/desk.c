/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/desk.h"

#include "fleet/pool.h"
#include "fleet/reseat.h"

enum {
	DESKS_OF_TICK = 32,	   /* changed in one tick; the next goes on */
	DESKS_AGAIN = 16,	   /* of those that are short: looked for again in one tick */
	DESK_EFFECTS_BEFORE = 128, /* an entry has its bounds: whatever else fell due comes first */
	DESK_BYTES_MAX = 2048,
};

/* ---- what is kept ---- */

void desk_read(struct desk *out, struct json doc)
{
	struct instant from, until, lapses_at;

	memset(out, 0, sizeof *out);
	ASSERT(doc_instant(doc, "from", &from) && doc_instant(doc, "until", &until) &&
		doc_instant(doc, "lapses_at", &lapses_at));
	out->booking = json_str_at(doc, "booking");
	out->site = json_str_at(doc, "site");
	out->wish.from = minute_down(from);
	out->wish.until = minute_up(until);
	out->wish.ends = (uint8_t)((json_bool_at(doc, "out", false) ? DESK_OUT : 0) |
				   (json_bool_at(doc, "in", false) ? DESK_IN : 0));
	out->is_short = json_bool_at(doc, "short", false);
	out->lapses_at = minute_up(lapses_at);
	out->serial = (uint32_t)json_int_at(doc, "serial", 0);
	out->claims_len = claims_read(
		out->claims, DESK_CLAIMS_MAX, json_get(doc, "claims"), out->serial, false);
}

bool desk_get(struct view *v, struct str booking, struct desk *out)
{
	struct row row;

	if (!row_get(v, ROW_DESK, booking, &row))
		return false;
	desk_read(out, row.doc);
	return true;
}

uint32_t desk_serial(struct view *v, struct str home, uint32_t booking_serial)
{
	struct key key = key_site_serial(home, booking_serial);
	struct str value;
	struct desk desk;

	if (!booking_serial || !txn_get(v->txn, DB_INDEX, key_str(&key), &value) || value.n < 2 ||
		value.p[0] != ROW_BOOKING)
		return 0;
	value = arena_copy(v->arena, (struct str){value.p + 1, value.n - 1});
	return desk_get(v, value, &desk) ? desk.serial : 0;
}

/* ---- the index ---- */

static void key_wish(struct key *k, const struct desk_wish *w)
{
	key_u32(k, w->from);
	key_u32(k, w->until);
	key_u8(k, w->ends);
}

static bool key_take_wish(struct str value, size_t *at, struct desk_wish *w)
{
	return key_take_u32(value, at, &w->from) && key_take_u32(value, at, &w->until) &&
	       key_take_u8(value, at, &w->ends);
}

void index_desk_wanted(struct index_set *s, const struct booking *b)
{
	struct desk_wish wish = {minute_down(b->from), minute_up(b->until), 0};
	struct key value = {.n = 0};

	if (booking_is_promise(b->status) && booking_at_desk(b, "handover"))
		wish.ends |= DESK_OUT;
	if (booking_is_live(b->status) && booking_at_desk(b, "return"))
		wish.ends |= DESK_IN;
	if (!b->for_site.n || !wish.ends)
		return;
	key_wish(&value, &wish);
	index_put(s, key_site_desk(b->for_site, b->id, DESK_WANTED), key_str(&value));
}

void index_desk(struct index_set *s, struct str id, struct json doc)
{
	struct key value = {.n = 0};
	char tag[INDEX_VALUE_MAX];
	struct desk desk;

	desk_read(&desk, doc);
	key_wish(&value, &desk.wish);
	key_u32(&value, desk.lapses_at);
	key_u8(&value, desk.is_short);
	index_put(s, key_site_desk(desk.site, id, DESK_KEPT), key_str(&value));
	index_put(s, key_site_serial(desk.site, desk.serial), index_tagged(tag, ROW_DESK, id));
}

/* What is wanted and what is kept for one booking: either, or both. */
struct desk_pair {
	struct str booking; /* in the store's memory */
	bool wanted, kept, is_short;
	struct desk_wish wish, was;
	uint32_t lapses_at;
};

struct desk_walk {
	struct cursor cursor;
	struct key prefix;
	bool some;
};

static void desk_walk_open(struct desk_walk *w, struct txn *t, struct str site)
{
	w->prefix = key_site_desk_prefix(site);
	cursor_open(&w->cursor, t, DB_INDEX);
	w->some = cursor_seek(&w->cursor, key_str(&w->prefix));
}

static void pair_take(struct desk_pair *p, uint8_t part, struct str value)
{
	size_t at = 0;
	uint8_t is_short;

	if (part == DESK_WANTED) {
		p->wanted = true;
		ASSERT(key_take_wish(value, &at, &p->wish));
	} else {
		p->kept = true;
		ASSERT(key_take_wish(value, &at, &p->was) &&
			key_take_u32(value, &at, &p->lapses_at) &&
			key_take_u8(value, &at, &is_short));
		p->is_short = is_short;
	}
}

static bool desk_walk_next(struct desk_walk *w, struct desk_pair *p)
{
	struct cursor *c = &w->cursor;

	memset(p, 0, sizeof *p);
	for (; w->some && cursor_within(c, key_str(&w->prefix)); w->some = cursor_next(c)) {
		size_t at = w->prefix.n;
		struct str booking;
		uint8_t part;
		ASSERT(key_take_text(c->key, &at, &booking) && key_take_u8(c->key, &at, &part));
		if (p->booking.n && !str_eq(p->booking, booking))
			break;
		p->booking = booking;
		pair_take(p, part, c->value);
	}
	return p->booking.n > 0;
}

/* ---- what is due ---- */

struct desk_time {
	uint32_t from, until;
	enum claim_what what;
};

static uint32_t add_time(struct desk_time *out, uint32_t n, struct desk_time t, uint32_t now)
{
	if (t.until > t.from && t.until > now)
		out[n++] = t;
	return n;
}

/* When somebody must be there, as plan_find() has it; what is past is nobody's. */
static uint32_t times_of(const struct roster *r, const struct desk_wish *w, uint32_t now,
	struct desk_time out[DESK_CLAIMS_MAX])
{
	uint32_t n = 0, back = minute_down(plan_return_at(r, minute_instant(w->until)));

	if (!r->has_desks)
		return 0;
	if (w->ends & DESK_OUT)
		n = add_time(out, n,
			(struct desk_time){
				w->from, w->from + (uint32_t)r->handover_minutes, CLAIM_DESK_OUT},
			now);
	if (w->ends & DESK_IN)
		n = add_time(out, n,
			(struct desk_time){back, back + (uint32_t)r->return_minutes, CLAIM_DESK_IN},
			now);
	return n;
}

enum desk_due {
	DESK_STAYS,
	DESK_KEEP,  /* it is to be kept, or at another time */
	DESK_AGAIN, /* one is missing: perhaps one is free now */
	DESK_DROP,
};

static enum desk_due due_of(const struct roster *r, const struct desk_pair *p, uint32_t now)
{
	struct desk_time times[DESK_CLAIMS_MAX];
	bool ahead = p->wanted && times_of(r, &p->wish, now, times) > 0;
	bool same = p->wanted && p->kept && p->wish.from == p->was.from &&
		    p->wish.until == p->was.until && p->wish.ends == p->was.ends;

	if (!same && ahead)
		return DESK_KEEP;
	if (!p->kept)
		return DESK_STAYS;
	if (!same || p->lapses_at <= now)
		return DESK_DROP;
	return p->is_short && ahead ? DESK_AGAIN : DESK_STAYS;
}

bool desks_are_due(struct view *v, const struct roster *roster, struct instant now)
{
	struct desk_walk walk;
	struct desk_pair pair;
	bool due = false;

	desk_walk_open(&walk, v->txn, roster->site);
	while (!due && desk_walk_next(&walk, &pair)) {
		enum desk_due what = due_of(roster, &pair, minute_down(now));
		due = what == DESK_KEEP || what == DESK_DROP;
	}
	cursor_close(&walk.cursor);
	return due;
}

/* ---- keeping ---- */

struct desk_job {
	struct str booking;
	enum desk_due due;
	struct desk_wish wish;
	bool kept, taken;
	struct desk now;	    /* what is kept, where it is */
	uint32_t serial, lapses_at; /* as they will be */
	uint32_t missing;	    /* the minute of the first that finds no desk, else 0 */
};

static uint32_t find_jobs(struct decide *d, struct desk_job jobs[DESKS_OF_TICK])
{
	const struct roster *roster = decide_roster(d);
	struct desk_walk walk;
	struct desk_pair pair;
	uint32_t n = 0, again = 0;

	desk_walk_open(&walk, d->view.txn, roster->site);
	while (n < DESKS_OF_TICK && desk_walk_next(&walk, &pair)) {
		enum desk_due due = due_of(roster, &pair, minute_down(d->now));
		if (due == DESK_STAYS || (due == DESK_AGAIN && again++ >= DESKS_AGAIN))
			continue;
		jobs[n++] = (struct desk_job){.booking = arena_copy(d->view.arena, pair.booking),
			.due = due,
			.wish = pair.wish,
			.kept = pair.kept};
	}
	cursor_close(&walk.cursor);
	return n;
}

/* Where they are by now: others that were kept may have moved them. */
static void give_up(const struct decide *d, struct seating *s, const struct desk *desk)
{
	for (uint32_t i = 0; i < desk->claims_len; i++) {
		struct claim_row row = desk->claims[i].row;
		struct seat seat = seat_after(d, &desk->claims[i], &row.until);
		if (seat.resource.n)
			seating_drop(s, seat, row);
	}
}

/* Seats what it can, others moved aside; how many. */
static uint32_t seat_desks(struct decide *d, struct desk_job *job, struct seating *layer)
{
	struct plan_ask ask = {.roster = decide_roster(d), .seating = layer->under, .now = d->now};
	struct desk_time times[DESK_CLAIMS_MAX];
	uint32_t n = times_of(ask.roster, &job->wish, minute_down(d->now), times), seated = 0;

	for (uint32_t i = 0; i < n; i++) {
		struct pool_ask pool = {.kind = RESOURCE_DESK, .what = times[i].what};
		struct seat seat;
		if (times[i].until > job->lapses_at)
			job->lapses_at = times[i].until;
		if (plan_seat_claim(&d->view, &ask, &pool, times[i].from, times[i].until,
			    job->serial, layer, &seat, NULL) == PLAN_FREE)
			seated++;
		else if (!job->missing)
			job->missing = times[i].from;
	}
	return seated;
}

static void keep_one(struct decide *d, struct desk_job *job)
{
	struct seated claims[PLAN_CHANGES_MAX];
	struct seating layer = {&d->seating, 0, PLAN_CHANGES_MAX, claims, false};
	uint32_t seated;

	if (job->due == DESK_AGAIN)
		give_up(d, &layer, &job->now);
	job->serial = job->kept ? job->now.serial : draft_serial(d);
	seated = seat_desks(d, job, &layer);
	if (job->due == DESK_AGAIN && seated <= job->now.claims_len)
		return; /* still none: there is a task, or there was one */
	seating_join(&d->seating, &layer);
	job->taken = true;
}

/* Where its desks are now that all have theirs; whatever the tick does next leaves them there. */
static struct plan desks_of(struct decide *d, const struct desk_job *job)
{
	struct plan plan = {.claims_len = 0};

	for (uint32_t i = 0; i < d->seating.len; i++) {
		struct seated *c = &d->seating.claim[i];
		if (c->row.serial != job->serial || !c->at.resource.n)
			continue;
		c->row.pinned = true;
		plan.claims[plan.claims_len++] = (struct plan_claim){
			c->at, c->row.from, c->row.until, (enum claim_what)c->row.what};
	}
	return plan;
}

static void draft_desk(struct decide *d, const struct desk_job *job)
{
	struct plan plan = desks_of(d, job);
	struct json_writer w;

	arena_writer(d->view.arena, &w, DESK_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "booking", job->booking);
	write_claims(&w, &plan);
	json_kv_instant(&w, "from", minute_instant(job->wish.from));
	if (job->wish.ends & DESK_IN)
		json_kv_bool(&w, "in", true);
	json_kv_instant(&w, "lapses_at", minute_instant(job->lapses_at));
	if (job->wish.ends & DESK_OUT)
		json_kv_bool(&w, "out", true);
	json_kv_int(&w, "serial", job->serial);
	if (job->missing)
		json_kv_bool(&w, "short", true);
	json_kv_str(&w, "site", d->command->journal);
	json_kv_instant(&w, "until", minute_instant(job->wish.until));
	json_object_end(&w);
	draft_put(d, ROW_DESK, job->booking, arena_written(d->view.arena, &w));
}

static void draft_job(struct decide *d, const struct desk_job *job)
{
	if (job->due == DESK_DROP)
		draft_delete(d, ROW_DESK, job->booking);
	else if (job->taken)
		draft_desk(d, job);
	else
		return;
	if (job->missing)
		draft_task(d, TASK_DESK, &(struct task_subject){.booking = job->booking},
			minute_instant(job->missing));
	else
		draft_task_drop(d, TASK_DESK, job->booking);
}

void desks_keep(struct decide *d)
{
	struct desk_job *jobs = arena_alloc(d->view.arena, DESKS_OF_TICK * sizeof *jobs);
	uint32_t n;

	if (!jobs || d->effects_len + d->seating.len > DESK_EFFECTS_BEFORE)
		return;
	n = find_jobs(d, jobs);
	/* all that leave their desks first: two bookings may change places */
	for (uint32_t i = 0; i < n; i++)
		if (desk_get(&d->view, jobs[i].booking, &jobs[i].now) && jobs[i].due != DESK_AGAIN)
			give_up(d, &d->seating, &jobs[i].now);
	for (uint32_t i = 0; i < n; i++)
		if (jobs[i].due != DESK_DROP)
			keep_one(d, &jobs[i]);
	for (uint32_t i = 0; i < n; i++)
		draft_job(d, &jobs[i]);
}

void desk_moved(struct decide *d, struct str booking)
{
	struct plan plan = {.claims_len = 0};
	struct json_writer w;
	struct desk desk;

	if (!desk_get(&d->view, booking, &desk))
		return;
	for (uint32_t i = 0; i < desk.claims_len; i++) {
		struct plan_claim *c = &plan.claims[plan.claims_len];
		*c = (struct plan_claim){.from = desk.claims[i].row.from,
			.what = (enum claim_what)desk.claims[i].row.what};
		c->seat = seat_after(d, &desk.claims[i], &c->until);
		plan.claims_len += c->seat.resource.n > 0;
	}
	arena_writer(d->view.arena, &w, DESK_BYTES_MAX);
	json_object_begin(&w);
	write_claims(&w, &plan);
	if (plan.claims_len < desk.claims_len) /* the next tick looks for another */
		json_kv_bool(&w, "short", true);
	json_object_end(&w);
	draft_set(d, ROW_DESK, booking, arena_written(d->view.arena, &w));
}
