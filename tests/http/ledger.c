/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/ledger.h"

#include "tests/http/seats.h"

enum { REPLAYS_A_ROUND = 6, LIST_PAGE = 100 };

/* Where an order goes: %s is the promise's id, %u the customer's number. */
static const struct {
	const char *method, *path;
	int status; /* of a first success */
	const char *leaves;
} errands[ERRANDS] = {
	[MAKE_BOOKED] = {"POST", "/v1/bookings", 201, "booked"},
	[MAKE_HELD] = {"POST", "/v1/bookings", 201, "held"},
	[MAKE_BRIEF] = {"POST", "/v1/bookings", 201, "held"},
	[MAKE_OUT] = {"POST", "/v1/bookings", 201, "out"},
	[BOOK] = {"POST", "/v1/bookings/%s/book", 200, "booked"},
	[CANCEL] = {"POST", "/v1/bookings/%s/cancel", 200, "cancelled"},
	[CHECK_OUT] = {"POST", "/v1/bookings/%s/check-out", 200, "out"},
	[CHECK_IN] = {"POST", "/v1/bookings/%s/check-in", 200, "returned"},
	[NEW_CUSTOMER] = {"PUT", "/v1/customers/N%u", 201, NULL},
};

static void *grown(void *p, uint32_t len, uint32_t *cap, size_t size)
{
	if (len < *cap)
		return p;
	*cap = *cap ? *cap * 2 : 256;
	p = realloc(p, *cap * size);
	assert_non_null(p);
	return p;
}

static void text_set(char *out, size_t cap, struct str s)
{
	assert_in_range(s.n, 1, cap - 1);
	memcpy(out, s.p, s.n);
	out[s.n] = '\0';
}

void ledger_free(struct ledger *l)
{
	for (uint32_t i = 0; i < l->orders_len; i++)
		text_free(l->orders[i].body);
	free(l->orders);
	free(l->promises);
	*l = (struct ledger){0};
}

/* ---- orders ---- */

static void path_set(struct ledger *l, struct order *o)
{
	struct str path = STR_NULL;

	if (o->errand == NEW_CUSTOMER)
		path = text_make("/v1/customers/N%u", l->customers++);
	else if (o->promise == NO_PROMISE)
		path = text_make("/v1/bookings");
	else
		path = text_make("/v1/bookings/%s/%s", l->promises[o->promise].id,
			strrchr(errands[o->errand].path, '/') + 1);
	text_set(o->path, sizeof(o->path), path);
	text_free(path);
}

uint32_t ledger_order(struct ledger *l, enum errand errand, int32_t promise, struct str body)
{
	struct order *o;

	l->orders = grown(l->orders, l->orders_len, &l->orders_cap, sizeof(*l->orders));
	o = &l->orders[l->orders_len];
	*o = (struct order){.errand = errand,
		.method = errands[errand].method,
		.body = body,
		.promise = promise};
	snprintf(o->key, sizeof(o->key), "order-%u", l->keys++);
	path_set(l, o);
	if (promise != NO_PROMISE)
		l->promises[promise].asked = true;
	return l->orders_len++;
}

/* ---- answers ---- */

static int32_t promise_new(struct ledger *l, const struct order *o, struct json booking)
{
	struct promise *p;

	l->promises = grown(l->promises, l->promises_len, &l->promises_cap, sizeof(*l->promises));
	p = &l->promises[l->promises_len];
	*p = (struct promise){.brief = o->errand == MAKE_BRIEF,
		.starts_now = o->starts_now,
		.has_driver = json_count(json_get(booking, "drivers")) > 0,
		.from = house_instant(json_get(booking, "from")),
		.until = house_instant(json_get(booking, "until"))};
	text_set(p->id, sizeof(p->id), json_str_at(booking, "booking"));
	text_set(p->number, sizeof(p->number), json_str_at(booking, "number"));
	return (int32_t)l->promises_len++;
}

/* An answer that came twice is the same answer. */
static void booking_answer(struct ledger *l, struct order *o, struct json booking)
{
	struct promise *p;

	if (o->promise == NO_PROMISE)
		o->promise = promise_new(l, o, booking);
	p = &l->promises[o->promise];
	assert_str(json_str_at(booking, "booking"), p->id);
	assert_str(json_str_at(booking, "number"), p->number);
	assert_str(json_str_at(booking, "status"), errands[o->errand].leaves);
	if (o->fate == ORDER_UNKNOWN) {
		snprintf(p->status, sizeof(p->status), "%s", errands[o->errand].leaves);
		p->brief = o->errand == MAKE_BRIEF;
		p->asked = false;
	}
}

static void refusal_answer(struct ledger *l, struct order *o, struct json problem)
{
	if (o->fate == ORDER_UNKNOWN)
		text_set(o->problem, sizeof(o->problem), json_str_at(problem, "type"));
	assert_str(json_str_at(problem, "type"), o->problem);
	if (o->promise != NO_PROMISE)
		l->promises[o->promise].asked = false;
}

void ledger_answer(struct ledger *l, uint32_t order, const struct response *r)
{
	struct order *o = &l->orders[order];
	/* The second PUT of what is there already says so. */
	bool done = r->status == errands[o->errand].status ||
		    (o->errand == NEW_CUSTOMER && r->status == 200);
	bool fits = o->fate == ORDER_UNKNOWN || (o->fate == ORDER_DONE) == done;
	struct json root;

	if (!fits || (!done && r->status != 409))
		fail_msg("%s %s (%s) answered %d: %.*s\nbody %.*s", o->method, o->path, o->key,
			r->status, STR_FMT(r->body), STR_FMT(o->body));
	root = house_json(r);
	if (!done)
		refusal_answer(l, o, root);
	else if (o->errand != NEW_CUSTOMER)
		booking_answer(l, o, root);
	if (o->fate == ORDER_UNKNOWN)
		*(done ? &l->done[o->errand] : &l->refused) += 1;
	o->fate = done ? ORDER_DONE : ORDER_REFUSED;
}

void ledger_next_round(struct ledger *l)
{
	for (uint32_t i = 0; i < l->orders_len; i++) {
		assert_int_not_equal(l->orders[i].fate, ORDER_UNKNOWN);
		text_free(l->orders[i].body);
	}
	l->orders_len = 0;
}

int32_t ledger_pick(struct ledger *l, struct chance *chance, const char *status, bool starts_now)
{
	uint32_t from = l->promises_len ? chance_below(chance, l->promises_len) : 0;

	for (uint32_t i = 0; i < l->promises_len; i++) {
		uint32_t at = (from + i) % l->promises_len;
		const struct promise *p = &l->promises[at];
		if (!p->asked && !p->brief && p->starts_now >= starts_now &&
			strcmp(p->status, status) == 0)
			return (int32_t)at;
	}
	return NO_PROMISE;
}

/* ---- after a restart ---- */

static bool is_replay(const struct response *r)
{
	return str_is(response_header(r, "idempotency-replayed"), "true");
}

static struct response ask_again(struct house *h, struct client *c, const struct order *o)
{
	bool keyed = strcmp(o->method, "POST") == 0;

	return house_ask(h, c, o->method, o->path, keyed ? o->key : NULL, o->body);
}

void ledger_resolve(struct ledger *l, struct house *h)
{
	struct client *c = client_open(h->port);

	assert_non_null(c);
	for (uint32_t i = 0; i < l->orders_len; i++) {
		struct response r;
		if (l->orders[i].fate != ORDER_UNKNOWN)
			continue;
		r = ask_again(h, c, &l->orders[i]);
		l->unknown++;
		l->unheard += is_replay(&r) || (r.status == 200 && l->orders[i].method[1] == 'U');
		ledger_answer(l, i, &r);
		response_free(&r);
	}
	client_close(c);
}

void ledger_replay(struct ledger *l, struct house *h, struct chance *chance)
{
	struct client *c = client_open(h->port);

	assert_non_null(c);
	for (int i = 0; i < REPLAYS_A_ROUND && l->orders_len > 0; i++) {
		uint32_t order = chance_below(chance, l->orders_len);
		struct response r = ask_again(h, c, &l->orders[order]);
		if (l->orders[order].errand != NEW_CUSTOMER)
			assert_true(is_replay(&r));
		ledger_answer(l, order, &r);
		response_free(&r);
	}
	client_close(c);
}

static void status_check(const struct promise *p, struct json booking)
{
	struct str status = json_str_at(booking, "status");

	if (!str_is(status, p->status) && !(p->brief && str_is(status, "expired")))
		fail_msg("booking %s was acknowledged as %s and is %.*s", p->id, p->status,
			STR_FMT(status));
	assert_str(json_str_at(booking, "number"), p->number);
	assert_int_equal(house_instant(json_get(booking, "from")).s, p->from.s);
	assert_int_equal(house_instant(json_get(booking, "until")).s, p->until.s);
	if (p->has_driver)
		assert_str(json_str_at(json_item(json_get(booking, "drivers"), 0), "name"),
			"Dora Driver");
}

void ledger_check_round(struct ledger *l, struct house *h)
{
	struct client *c = client_open(h->port);

	assert_non_null(c);
	for (uint32_t i = 0; i < l->orders_len; i++) {
		const struct order *o = &l->orders[i];
		struct json root;
		struct str path;
		if (o->fate != ORDER_DONE)
			continue;
		if (o->errand == NEW_CUSTOMER) {
			root = house_must(h, c, "GET", o->path, NULL, STR_NULL, 200);
			assert_str(json_str_at(json_get(root, "person"), "name"), "Nora New");
			continue;
		}
		path = text_make("/v1/bookings/%s", l->promises[o->promise].id);
		root = house_must(h, c, "GET", path.p, NULL, STR_NULL, 200);
		assert_str(json_str_at(root, "booking"), l->promises[o->promise].id);
		status_check(&l->promises[o->promise], root);
		text_free(path);
	}
	client_close(c);
}

/* ---- the whole list ---- */

static int by_id(const void *a, const void *b)
{
	const struct promise *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

static struct promise *promise_find(struct promise **sorted, uint32_t len, struct str id)
{
	struct promise wanted = {.seen = 0}, *key = &wanted, **found;

	text_set(wanted.id, sizeof(wanted.id), id);
	found = bsearch(&key, sorted, len, sizeof(struct promise *), by_id);
	if (!found)
		fail_msg("booking %s was never acknowledged, and never asked for twice", wanted.id);
	return *found;
}

/* One page; the cursor of the next, empty after the last. */
static void page_check(struct promise **sorted, uint32_t len, struct seats *seats, struct json page,
	char cursor[PATH_BYTES * 4])
{
	struct json items = json_get(page, "items");
	struct str next = json_str_at(page, "next");

	for (struct json b = json_first(items); json_present(b); b = json_next(items, b)) {
		struct promise *p = promise_find(sorted, len, json_str_at(b, "booking"));
		if (p->seen++)
			fail_msg("booking %s stands in the list twice", p->id);
		status_check(p, b);
		seats_take(seats, b);
	}
	snprintf(cursor, PATH_BYTES * 4, "%.*s", STR_FMT(next));
}

void ledger_check_all(struct ledger *l, struct house *h)
{
	struct promise **sorted = calloc(l->promises_len + 1, sizeof(struct promise *));
	struct client *c = client_open(h->port);
	char cursor[PATH_BYTES * 4] = "";
	struct seats seats = {0};

	assert_true(sorted && c);
	for (uint32_t i = 0; i < l->promises_len; i++) {
		sorted[i] = &l->promises[i];
		sorted[i]->seen = 0;
	}
	qsort(sorted, l->promises_len, sizeof(struct promise *), by_id);
	do {
		struct str path = text_make("/v1/bookings?site=LYO&limit=%d%s%s", LIST_PAGE,
			cursor[0] ? "&cursor=" : "", cursor);
		struct json page = house_must(h, c, "GET", path.p, NULL, STR_NULL, 200);
		page_check(sorted, l->promises_len, &seats, page, cursor);
		text_free(path);
	} while (cursor[0]);
	for (uint32_t i = 0; i < l->promises_len; i++)
		if (!l->promises[i].seen)
			fail_msg("booking %s was acknowledged and is lost", l->promises[i].id);
	seats_check(&seats);
	seats_free(&seats);
	client_close(c);
	free(sorted);
}
