/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"

/*
 * A fact that was written down wrongly is put right; what stood there stays beside it, with who
 * said so and why. Which facts, and of what type, the door knows (shape_correct): here stands what
 * they must say together. Neither claims nor terms follow: those were decided by what was known
 * then, and have verbs of their own.
 */

enum {
	CORRECTED_MAX = 50,
	CORRECTED_BYTES_MAX = 64 << 10, /* what is sealed of them: every change seals it anew */
	MEMBERS_BYTES_MAX = 16 << 10,
	CLOCK_LEEWAY_S = 300,
};

/* "/out/odometer_km", "/repair_order", "/charges/2/amount_minor" */
struct place {
	struct str root, member; /* member: STR_NULL where the root is the fact itself */
	uint32_t index;		 /* of a charge */
	bool charge;
};

struct correction {
	struct decide *d;
	struct booking b;
	struct place place;
	struct json private; /* opened */
	struct json record;  /* what holds the fact: `out`, `in`, a charge, or the booking */
	struct json was, value;
	bool sealed; /* the fact is free words */
};

static struct str take_part(struct str *rest)
{
	struct str part;
	size_t n = 0;

	while (n < rest->n && rest->p[n] != '/')
		n++;
	part = (struct str){rest->p, n};
	n += n < rest->n;
	*rest = (struct str){rest->p + n, rest->n - n};
	return part;
}

static struct place place_of(struct str pointer)
{
	struct str rest = {pointer.p + 1, pointer.n - 1}, index;
	struct place p = {.root = take_part(&rest)};

	ASSERT(pointer.n > 1 && pointer.p[0] == '/'); /* its shape was checked */
	p.charge = str_is(p.root, "charges");
	if (p.charge) {
		index = take_part(&rest);
		for (size_t i = 0; i < index.n; i++)
			p.index = p.index * 10 + (uint32_t)(index.p[i] - '0');
	}
	p.member = rest;
	return p;
}

static struct json member_of(struct json object, struct str name)
{
	struct json m = json_first_value(object);

	while (json_present(m) && !str_eq(json_key(m), name))
		m = json_next_value(object, m);
	return m;
}

/* Where the fact stands; what has not happened yet has no facts. */
static enum outcome find_fact(struct correction *c)
{
	struct json root = member_of(c->b.doc, c->place.root);

	c->value = json_get(c->d->body, "value");
	c->sealed = str_is(c->place.member, "damages");
	if (!c->place.member.n) {
		c->record = c->b.doc;
		c->was = root;
		return OK;
	}
	if (!json_present(root) && (!c->place.charge || c->b.status != BOOKING_RETURNED))
		return take_booking(c->d, &c->b, 0); /* refused, naming its status */
	if (c->place.charge && c->place.index >= json_count(root))
		return refuse_field(c->d, "/pointer", "this booking has %u charges, the first is 0",
			json_count(root));
	c->record = c->place.charge ? json_item(root, c->place.index) : root;
	c->was =
		c->sealed ? json_get(c->private, "damages") : member_of(c->record, c->place.member);
	return OK;
}

/* {NAME: VALUE} */
static struct json one_member(struct decide *d, struct str name, struct json value)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(value).n + name.n + 16);
	json_object_begin(&w);
	json_key_put(&w, name);
	json_put_raw(&w, json_raw(value));
	json_object_end(&w);
	return arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL);
}

static struct str record_after(struct correction *c, struct json record)
{
	return doc_merge(c->d->view.arena, record, one_member(c->d, c->place.member, c->value));
}

/* ---- what facts must say together ---- */

static struct json record_then(struct correction *c, const char *name)
{
	if (!str_is(c->place.root, name))
		return json_get(c->b.doc, name);
	return arena_json(c->d->view.arena, record_after(c, c->record), NULL);
}

static enum outcome check_odometer(struct correction *c, struct json out, struct json in)
{
	int64_t left = json_int_at(out, "odometer_km", 0);
	int64_t came = json_int_at(in, "odometer_km", INT64_MAX);

	if (came >= left)
		return OK;
	return refuse_field(c->d, "/value",
		"it would have left with %lld km and come back with %lld: correct the other first",
		(long long)left, (long long)came);
}

/* Handed over, left, taken back: in this order, and none of it tomorrow. */
static enum outcome check_times(struct correction *c, struct json out, struct json in)
{
	struct instant said, gone, at, left;
	bool taken_back = doc_instant(in, "at", &at);

	ASSERT(doc_instant(c->d->body, "value", &said) && doc_instant(out, "at", &gone));
	if (said.s > c->d->now.s + CLOCK_LEEWAY_S)
		return refuse_field(c->d, "/value", "this has not happened yet");
	if (!taken_back)
		return OK;
	left = at;
	if (doc_instant(in, "left_at", &left) && left.s > at.s)
		return refuse_field(c->d, "/value", "the car was left before it was checked in");
	if (left.s < gone.s - CLOCK_LEEWAY_S)
		return refuse_field(c->d, "/value", "the car came back after it was handed over");
	if (str_is(c->place.root, "out") && said.s > left.s)
		return refuse_field(c->d, "/value", "this was after the car came back");
	return OK;
}

static bool is_time(struct str member)
{
	return member.n >= 2 && member.p[member.n - 2] == 'a' && member.p[member.n - 1] == 't';
}

static enum outcome check_fact(struct correction *c)
{
	struct json out, in;
	struct str m = c->place.member;

	if (json_present(c->was) && str_eq(json_raw(c->was), json_raw(c->value)))
		return refuse_field(c->d, "/value", "this is what is recorded already");
	if (c->place.charge || !m.n)
		return OK;
	out = record_then(c, "out");
	in = record_then(c, "in");
	if (str_is(m, "odometer_km"))
		return check_odometer(c, out, in);
	return is_time(m) ? check_times(c, out, in) : OK;
}

/* ---- what is kept ---- */

static enum outcome check_room(struct correction *c)
{
	size_t sealed = json_raw(json_get(c->private, "corrected")).n + json_raw(c->d->body).n +
			(c->sealed ? json_raw(c->was).n : 0);

	if (json_count(json_get(c->b.doc, "corrected")) >= CORRECTED_MAX)
		return refuse_field(
			c->d, "", "a booking is corrected at most %d times", CORRECTED_MAX);
	if (sealed > CORRECTED_BYTES_MAX)
		return refuse_field(c->d, "",
			"the booking's corrections are full: %d bytes of words together",
			CORRECTED_BYTES_MAX);
	return OK;
}

static void put_all(struct json_writer *w, struct json list)
{
	json_array_begin(w);
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		json_put_raw(w, json_raw(e));
}

/* The charges with this one's amount; the list is another where the words stand. */
static void write_charges(struct json_writer *w, struct correction *c, struct json charges)
{
	uint32_t i = 0;

	json_k(w, "charges");
	json_array_begin(w);
	for (struct json e = json_first(charges); json_present(e); e = json_next(charges, e))
		json_put_raw(w, i++ == c->place.index ? record_after(c, e) : json_raw(e));
	json_array_end(w);
}

/* Why it was wrong, and the words that stood there. */
static struct str sealed_words(struct correction *c)
{
	struct json charges = json_get(c->private, "charges");
	struct json_writer w;

	arena_writer(c->d->view.arena, &w,
		CORRECTED_BYTES_MAX + json_raw(charges).n + json_raw(c->value).n + 512);
	json_object_begin(&w);
	if (c->place.charge && json_count(charges) > 0)
		write_charges(&w, c, charges);
	json_k(&w, "corrected");
	put_all(&w, json_get(c->private, "corrected"));
	json_object_begin(&w);
	json_kv_raw(&w, "reason", json_raw(json_get(c->d->body, "reason")));
	if (c->sealed && json_present(c->was))
		json_kv_raw(&w, "was", json_raw(c->was));
	json_object_end(&w);
	json_array_end(&w);
	if (c->sealed)
		json_kv_raw(&w, "damages", json_raw(c->value));
	json_object_end(&w);
	return draft_private(c->d, c->b.doc, c->b.customer.n ? c->b.customer : c->b.id,
		arena_written(c->d->view.arena, &w));
}

static void write_corrected(struct json_writer *w, struct correction *c)
{
	json_k(w, "corrected");
	put_all(w, json_get(c->b.doc, "corrected"));
	json_object_begin(w);
	json_kv_instant(w, "at", c->d->now);
	json_kv_str(w, "by", c->d->command->by);
	json_kv_str(w, "pointer", json_str_at(c->d->body, "pointer"));
	if (!c->sealed && json_present(c->was))
		json_kv_raw(w, "was", json_raw(c->was));
	json_object_end(w);
	json_array_end(w);
}

static enum outcome draft_correction(struct correction *c)
{
	struct json charges = json_get(c->b.doc, "charges");
	struct str sealed = sealed_words(c), root = c->place.root;
	bool in_record = c->place.member.n && !c->place.charge && !c->sealed;
	struct json_writer w;

	if (!sealed.n)
		return FAULT_BUSY;
	arena_writer(c->d->view.arena, &w,
		MEMBERS_BYTES_MAX + sealed.n + json_raw(charges).n +
			json_raw(json_get(c->b.doc, "corrected")).n + json_raw(c->was).n +
			(in_record ? json_raw(c->record).n : 0) + json_raw(c->value).n);
	json_object_begin(&w);
	if (c->place.charge)
		write_charges(&w, c, charges);
	write_corrected(&w, c);
	if (in_record) {
		json_key_put(&w, root);
		json_put_raw(&w, record_after(c, c->record));
	}
	json_kv_raw(&w, "private", sealed);
	if (!c->place.member.n) {
		json_key_put(&w, root);
		json_put_raw(&w, json_raw(c->value));
	}
	json_object_end(&w);
	draft_set(c->d, ROW_BOOKING, c->b.id, arena_written(c->d->view.arena, &w));
	return OK;
}

enum outcome decide_booking_correct(struct decide *d)
{
	struct correction c = {.d = d};
	enum outcome o = take_booking(d, &c.b, ~0u);

	if (o != OK)
		return o;
	c.place = place_of(json_str_at(d->body, "pointer"));
	c.private = person_unseal(&d->view, d->keyring, json_get(c.b.doc, "private"));
	o = find_fact(&c);
	if (o == OK)
		o = check_fact(&c);
	if (o == OK)
		o = check_room(&c);
	return o == OK ? draft_correction(&c) : o;
}
