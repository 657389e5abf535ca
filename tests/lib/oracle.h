/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What must hold of a site after every entry, judged from the stored objects alone: nothing of the
 * calendar, of apply or of the decoders is asked. Rows are read again only when their revision
 * changed.
 *   - no two claims or blocks share a seat at any time;
 *   - a live booking that is not at risk has what its solution takes, for the time it was promised;
 *   - a booking at risk has no car, one that is over has no claim on the future it gave up.
 */

#include "tests/lib/check.h"

#include "fleet/booking.h"

enum { ORACLE_ROWS_MAX = 2000, ORACLE_CLAIMS_MAX = 16, ORACLE_TEXT = 44 };

struct oracle_claim {
	char resource[ORACLE_TEXT];
	int64_t seat, from_s, until_s, what;
};
struct oracle_row {
	char id[ORACLE_TEXT], status[16], solution[ORACLE_TEXT], class[ORACLE_TEXT],
		resource[ORACLE_TEXT];
	bool block, at_risk, seen;
	uint64_t rev;
	int64_t from_s, until_s;
	uint32_t claims_len;
	struct oracle_claim claims[ORACLE_CLAIMS_MAX];
};
struct oracle {
	uint32_t len;
	struct oracle_row rows[ORACLE_ROWS_MAX];
	struct oracle_claim sorted[ORACLE_ROWS_MAX * 4];
};

static inline void oracle_text(char out[ORACLE_TEXT], struct json doc, const char *key)
{
	struct str text = json_str_at(doc, key);

	assert_true(text.n < ORACLE_TEXT);
	memcpy(out, text.p ? text.p : "", text.n);
	out[text.n] = '\0';
}

static inline int64_t oracle_time(struct json doc, const char *key)
{
	struct local l;

	assert_true(instant_parse(&l, json_str_at(doc, key)));
	return l.wall_s - l.offset_s;
}

static inline void oracle_read_booking(struct oracle_row *r, struct json doc)
{
	struct json claims = json_get(doc, "claims");
	struct str status = json_str_at(doc, "status");

	assert_true(status.n < sizeof r->status);
	memcpy(r->status, status.p, status.n);
	oracle_text(r->solution, doc, "solution");
	oracle_text(r->class, doc, "class");
	oracle_text(r->resource, doc, "resource");
	r->at_risk = json_bool_at(doc, "at_risk", false);
	for (struct json c = json_first(claims); json_present(c); c = json_next(claims, c)) {
		struct oracle_claim *claim = &r->claims[r->claims_len++];
		assert_true(r->claims_len <= ORACLE_CLAIMS_MAX);
		oracle_text(claim->resource, c, "resource");
		claim->seat = json_int_at(c, "seat", -1);
		claim->what = json_int_at(c, "what", 0);
		claim->from_s = oracle_time(c, "from");
		claim->until_s = oracle_time(c, "until");
	}
}

static inline void oracle_read_block(struct oracle_row *r, struct json doc)
{
	r->block = true;
	for (int64_t n = 0; n < json_int_at(doc, "seats", 0); n++) {
		struct oracle_claim *claim = &r->claims[r->claims_len++];
		assert_true(r->claims_len <= ORACLE_CLAIMS_MAX);
		oracle_text(claim->resource, doc, "resource");
		*claim = (struct oracle_claim){
			.seat = n, .what = 6, .from_s = r->from_s, .until_s = r->until_s};
		oracle_text(claim->resource, doc, "resource");
	}
}

static inline struct oracle_row *oracle_find(struct oracle *o, struct str id)
{
	for (uint32_t i = 0; i < o->len; i++)
		if (str_is(id, o->rows[i].id))
			return &o->rows[i];
	return NULL;
}

/* What the booking or block is now. */
static inline struct oracle_row *oracle_put(
	struct oracle *o, struct str id, uint64_t rev, bool block, struct json doc)
{
	struct oracle_row *r = oracle_find(o, id);

	if (!r) {
		r = &o->rows[o->len];
		assert_true(++o->len < ORACLE_ROWS_MAX);
	}
	memset(r, 0, sizeof *r);
	assert_true(id.n < sizeof r->id);
	memcpy(r->id, id.p, id.n);
	r->rev = rev;
	r->seen = true;
	assert_true(json_present(doc));
	r->from_s = oracle_time(doc, "from");
	r->until_s = oracle_time(doc, "until");
	if (block)
		oracle_read_block(r, doc);
	else
		oracle_read_booking(r, doc);
	return r;
}

static inline void oracle_row_read(
	struct oracle *o, struct arena *a, struct str key, struct str value)
{
	struct str id = {key.p + 1, key.n - 2}; /* kind, id, NUL */
	struct oracle_row *r = oracle_find(o, id);
	uint64_t rev = 0;

	for (size_t i = 0; i < 8; i++)
		rev = rev << 8 | (uint8_t)value.p[i];
	if (r && r->rev == rev) {
		r->seen = true;
		return;
	}
	(void)oracle_put(o, id, rev, key.p[0] == 'k',
		arena_json(a, (struct str){value.p + 8, value.n - 8}, NULL));
}

static inline void oracle_look(struct oracle *o, struct txn *t, struct arena *a)
{
	struct cursor c;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < o->len; i++)
		o->rows[i].seen = false;
	for (const char *kind = "bk"; *kind; kind++) {
		cursor_open(&c, t, DB_ROWS);
		for (bool some = cursor_seek(&c, (struct str){kind, 1});
			some && c.key.p[0] == *kind; some = cursor_next(&c))
			oracle_row_read(o, a, c.key, c.value);
		cursor_close(&c);
	}
	for (uint32_t i = 0; i < o->len; i++) /* blocks that were removed */
		if (o->rows[i].seen)
			o->rows[kept++] = o->rows[i];
	o->len = kept;
}

static inline int oracle_order(const void *x, const void *y)
{
	const struct oracle_claim *a = x, *b = y;
	int c = strcmp(a->resource, b->resource);

	if (!c)
		c = (a->seat > b->seat) - (a->seat < b->seat);
	return c ? c : (a->from_s > b->from_s) - (a->from_s < b->from_s);
}

static inline void oracle_overlaps(struct oracle *o)
{
	size_t n = 0;

	for (uint32_t i = 0; i < o->len; i++)
		for (uint32_t k = 0; k < o->rows[i].claims_len; k++) {
			assert_true(n < ARRAY_LEN(o->sorted));
			assert_true(o->rows[i].claims[k].from_s < o->rows[i].claims[k].until_s);
			o->sorted[n++] = o->rows[i].claims[k];
		}
	qsort(o->sorted, n, sizeof o->sorted[0], oracle_order);
	for (size_t i = 1; i < n; i++) {
		const struct oracle_claim *a = &o->sorted[i - 1], *b = &o->sorted[i];
		if (strcmp(a->resource, b->resource) == 0 && a->seat == b->seat)
			assert_true(a->until_s <= b->from_s);
	}
}

static inline uint32_t oracle_count(const struct oracle_row *r, int64_t what)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->claims_len; i++)
		n += r->claims[i].what == what;
	return n;
}

static inline bool oracle_is(const struct oracle_row *r, const char *solution)
{
	return strcmp(r->solution, solution) == 0;
}

static inline void oracle_expect(const struct oracle_row *r, bool holds, const char *what)
{
	if (!holds)
		fail_msg("booking %s, %s%s, %s: not true that it %s", r->id, r->status,
			r->at_risk ? " at risk" : "", r->solution, what);
}

/* Its car for the whole time, until it is out: from then on the car is where it is. */
static inline void oracle_car(const struct oracle_row *r)
{
	oracle_expect(r, oracle_count(r, 1) == 1, "has one car");
	for (uint32_t i = 0; i < r->claims_len; i++) {
		const struct oracle_claim *c = &r->claims[i];
		if (c->what != 1)
			continue;
		oracle_expect(r, strcmp(c->resource, r->resource) == 0, "names its car");
		if (strcmp(r->status, "out") != 0)
			oracle_expect(r, c->from_s == r->from_s, "has its car from the start");
		oracle_expect(r, c->until_s >= r->until_s, "has its car to the end");
	}
}

static inline void oracle_row_check(const struct oracle_row *r)
{
	bool over = strcmp(r->status, "cancelled") == 0 || strcmp(r->status, "no_show") == 0 ||
		    strcmp(r->status, "expired") == 0;
	bool live = !over && strcmp(r->status, "returned") != 0;
	bool car = oracle_is(r, "loaner_brand") || oracle_is(r, "loaner_other");

	if (over)
		oracle_expect(r, r->claims_len == 0, "has given up its claims");
	if (!live)
		return;
	if (r->at_risk && (car || oracle_is(r, "rental"))) {
		oracle_expect(r, oracle_count(r, 1) == 0 && !r->resource[0], "has no car");
	}
	if (r->at_risk)
		return;
	if (car || oracle_is(r, "rental"))
		oracle_car(r);
	if (oracle_is(r, "pickup") || oracle_is(r, "delivery"))
		oracle_expect(r, oracle_count(r, 4) == 1, "has what its solution takes");
	if (oracle_is(r, "pickup_delivery") || oracle_is(r, "accompanied_drive"))
		oracle_expect(r, oracle_count(r, 4) == 2, "has what its solution takes");
	if (oracle_is(r, "accompanied_drive"))
		oracle_expect(r, oracle_count(r, 5) == 2, "has what its solution takes");
	if (oracle_is(r, "taxi"))
		oracle_expect(
			r, oracle_count(r, 1) == 1, "has one car"); /* the site has an allotment */
}

static inline void oracle_check(struct oracle *o, struct txn *t, struct arena *a)
{
	oracle_look(o, t, a);
	oracle_overlaps(o);
	for (uint32_t i = 0; i < o->len; i++)
		if (!o->rows[i].block)
			oracle_row_check(&o->rows[i]);
}
