/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Between the files that render: instants of a site, one object with members of its own laid over
 * it, lists, and the walk along a site's weeks. A long answer decodes row by row in memory of its
 * own, so that its size depends on what is answered and not on what was looked at.
 */

#include "fleet/booking.h"
#include "fleet/plan.h"
#include "fleet/render.h"
#include "rules/ruleset.h"

/* ---- one object ---- */

/* The zone whose offset a site's instants carry; NULL (they stay in UTC) for the directory. */
const struct zone *site_zone(struct view *v, struct str site);
void kv_local(struct json_writer *w, const char *key, struct instant t, const struct zone *zone);
void kv_text(struct json_writer *w, const char *key, struct str text); /* nothing when empty */
/* Any value, its instants in `zone`. */
void put_local(struct json_writer *w, struct json value, const struct zone *zone);
/* An object with the members of `over` in place of its own or beside them; null takes one away. */
struct str render_over(struct arena *a, struct json doc, struct json over, const struct zone *zone);

/* Ends an object that is laid over another; absent without memory. */
struct json over_end(struct view *v, struct json_writer *w);

/* How an object is shown. */
struct showing {
	uint64_t as_of; /* what came after this entry of its journal is not known yet */
	bool history;	/* with what happened to it */
};
struct str render_shown(struct view *v, enum row_kind kind, struct str id, const struct row *row,
	const struct showing *how);
/* What is laid over a task: whom to call, and the words that are sealed of it. */
struct json render_task_over(struct view *v, const struct row *row);
/* What is laid over a claim: why its steps were taken. */
struct json render_claim_over(struct view *v, const struct row *row);
struct json render_contact_over(struct view *v, const struct row *row);
struct json render_complaint_over(struct view *v, const struct row *row);
/* {"private"} of a booking or visit, opened; absent when there is none or it was erased. */
struct json private_of(struct view *v, struct json doc);

/* ---- many ---- */

/* A second look through the same transaction, whose memory is taken back after each row. */
struct row_look {
	struct view view;
	struct arena arena; /* owned */
};
void row_look_open(struct row_look *l, const struct view *v);
void row_look_next(struct row_look *l);
void row_look_close(struct row_look *l);

struct items {
	struct arena *arena; /* borrowed: holds the items until they are written */
	struct str *item;
	uint32_t len, cap;
	size_t bytes;
	bool full; /* one was lost: there is no list */
};
void items_add(struct items *list, struct str item); /* a canonical value; copied */
void items_write(struct json_writer *w, const struct items *list);
/* {"items":[...]}; a list in pages also says "next", null on its last. STR_NULL without memory. */
struct str items_object(const struct items *list, bool pages, struct str next);

/* Rows along an index, a page of them: what is behind `prefix`, ids `id_at` bytes behind the start
 * of a key; a cursor has the key from `place_at` on. */
struct str render_along(struct view *v, enum row_kind kind, struct key prefix, size_t place_at,
	size_t id_at, const struct list_page *page);

/* ---- a site's weeks: bookings and blocks by when they are ---- */

struct week_walk {
	struct cursor cursor;
	struct key prefix;
	struct key start;
	uint32_t first, last; /* weeks asked for, both included */
	bool begun;
	/* where it stands */
	uint32_t week;
	enum row_kind kind; /* ROW_BOOKING or ROW_BLOCK */
	struct str id;	    /* in the store's memory: until the transaction ends */
	struct str tail;    /* names this place; handed back as `after` it goes on from there */
};
enum { WALK_TAIL_MAX = 80 };
/* All that touches a week of [span]; `after` STR_NULL = from the start. */
void week_walk_open(
	struct week_walk *w, struct txn *t, struct str site, struct span span, struct str after);
bool week_walk_next(struct week_walk *w);
/* An object stands in each week it touches. True in the first of them that was asked for. */
bool week_walk_is_first(const struct week_walk *w, struct instant from);
void week_walk_close(struct week_walk *w);
#define SPAN_ALWAYS ((struct span){{0}, {INT64_C(253402300800)}})

/* ---- bookings: along the weeks, or along a car's own ---- */

struct booking_walk {
	bool by_vin; /* the filter names a car: of all sites, by when they begin */
	struct week_walk weeks;
	struct cursor cursor;
	struct key prefix, start;
	bool begun;
	/* where it stands: as in a week_walk */
	struct str id, tail;
};
/* Of the filter only site, span and vin count; whoever walks looks at the rest. */
void booking_walk_open(
	struct booking_walk *w, struct txn *t, const struct booking_filter *f, struct str after);
bool booking_walk_next(struct booking_walk *w);
bool booking_walk_is_first(const struct booking_walk *w, struct instant from);
void booking_walk_close(struct booking_walk *w);

/* ---- what a site offers ---- */

/* A solution by its id, as the rule set in force at that time knows it, else one of the nine. */
bool site_solution(struct view *v, const struct roster *roster, struct str id, struct instant at,
	struct solution *out);
/* The question whether it is free for a window, handed over and taken back at the desk. */
struct plan_ask site_ask(struct view *v, const struct roster *roster, const struct solution *s,
	struct str class, struct span window, int32_t distance_km);
/* "alternatives" of a refusal for want of a seat: an array, found anew. `except`: a serial whose
 * own claims do not count. */
struct str render_alternatives(
	struct view *v, struct str site, struct json detail, uint32_t except);

/* ---- ways out (ways.h, ripple.h) ---- */

struct way;
/* {"class","from","instead_of"?,"kind"?,"solution","until"} */
void write_way(struct json_writer *w, const struct way *way, bool kind, const struct zone *zone);
enum { WAY_BYTES = 400 };
/* {"customer_name","phone"} of a customer, where they are known: unsealed for this answer alone. */
struct contact {
	struct str name, phone;
};
struct contact contact_of(struct view *v, struct str customer);
/* Whom a refused command would hurt, each with the ways out, as things are now: an array. */
struct str render_plan(struct view *v, const struct command *c);
/* One booking with its ways out; `seating`: as it would be, NULL: as it is. */
struct str render_hurt(struct view *v, const struct seating *seating, const struct booking *b);
/* "ripple" of a visit whose car is ready later than its loan ends: an array; STR_NULL: it is not.
 */
struct str render_visit_ripple(struct view *v, struct json visit);
