/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"

#include "fleet/attachment.h"
#include "fleet/merge.h"
#include "rules/say.h"

/*
 * One object as the contract shows it. What is stored is laid out anew in one pass: instants of the
 * site, sealed words opened, sentences said with the name, internals left out.
 */

enum {
	HISTORY_MAX = 200, /* the latest: an overdue car has an entry each half hour */
	HISTORY_ENTRY_BYTES =
		600, /* seq, time, kind, money, and a name whose every byte grows to six */
	OVER_BYTES = 2048,
	VISIT_OTHERS_BYTES = 64 << 10, /* its bookings of other sites' cars */
};

struct json private_of(struct view *v, struct json doc)
{
	struct json sealed = json_get(doc, "private");

	return json_present(sealed) ? private_open(v, sealed) : JSON_ABSENT;
}

/* ---- history ---- */

/* The entries that touched an object up to one of them: the last HISTORY_MAX, ascending. */
static uint32_t history_seqs(
	struct view *v, enum row_kind kind, struct str id, uint64_t until, uint64_t *seqs)
{
	struct key prefix = key_history_prefix(kind, id);
	uint64_t ring[HISTORY_MAX], seq;
	size_t count = 0;
	uint32_t n;
	struct cursor c;
	bool some;

	cursor_open(&c, v->txn, DB_INDEX);
	for (some = cursor_seek(&c, key_str(&prefix)); some; some = cursor_next(&c)) {
		size_t at = prefix.n;
		if (!cursor_within(&c, key_str(&prefix)) || !key_take_u64(c.key, &at, &seq) ||
			seq > until)
			break;
		ring[count++ % HISTORY_MAX] = seq;
	}
	cursor_close(&c);
	n = count < HISTORY_MAX ? (uint32_t)count : HISTORY_MAX;
	for (uint32_t i = 0; i < n; i++)
		seqs[i] = ring[(count - n + i) % HISTORY_MAX];
	return n;
}

/* What a loan's last decision came to, while its history is read. */
struct decided {
	struct str id;
	bool some;
	int64_t customer_minor, value_minor;
};

static struct json terms_of(struct json effects, struct str id)
{
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e))
		if (str_eq(json_str_at(e, "id"), id) && str_is(json_str_at(e, "kind"), "booking"))
			return json_get(json_get(e, "doc"), "terms");
	return JSON_ABSENT;
}

/* Decided again: what it comes to, and what that differs by from the decision before. */
static void kv_decided(struct json_writer *w, struct json terms, struct decided *last)
{
	int64_t customer = json_int_at(terms, "customer_minor", 0),
		value = json_int_at(terms, "value_minor", 0);

	json_kv_int(w, "customer_minor", customer);
	if (last->some) {
		json_k(w, "difference");
		json_object_begin(w);
		json_kv_int(w, "customer_minor", customer - last->customer_minor);
		json_kv_int(w, "value_minor", value - last->value_minor);
		json_object_end(w);
	}
	last->some = true;
	last->customer_minor = customer;
	last->value_minor = value;
}

static void put_happening(struct json_writer *w, struct row_look *look, struct str journal,
	uint64_t seq, struct decided *last)
{
	struct journal_entry entry;
	struct json root, terms;

	if (!journal_entry(look->view.txn, journal, seq, &entry))
		return;
	root = arena_json(&look->arena, entry.bytes, NULL);
	if (!json_present(root))
		return;
	json_object_begin(w);
	json_kv_member(w, root, "at");
	json_kv_member(w, root, "by");
	terms = terms_of(json_get(root, "effects"), last->id);
	if (json_present(terms))
		kv_decided(w, terms, last);
	json_kv_member(w, root, "kind");
	json_kv_int(w, "seq", (int64_t)seq);
	if (json_present(terms))
		json_kv_int(w, "value_minor", last->value_minor);
	json_object_end(w);
}

static void write_history(struct json_writer *w, struct view *v, struct str journal, struct str id,
	const uint64_t *seqs, uint32_t n)
{
	struct decided last = {.id = id};
	struct row_look look;

	row_look_open(&look, v);
	json_k(w, "history");
	json_array_begin(w);
	for (uint32_t i = 0; i < n; i++) {
		put_happening(w, &look, journal, seqs[i], &last);
		row_look_next(&look);
	}
	json_array_end(w);
	row_look_close(&look);
}

/* ---- booking ---- */

/* The sentence that was read out, with the name it opened with. */
static void write_said(struct json_writer *w, struct view *v, struct json said, struct str name)
{
	struct say_figures *f = arena_alloc(v->arena, sizeof *f);
	char *text = arena_alloc(v->arena, SAY_TEXT);
	size_t n = 0;

	if (!json_present(said))
		return;
	if (f && text && say_read(f, said))
		n = say_render(text, SAY_TEXT, f, name);
	if (n)
		json_kv_str(w, "said", (struct str){text, n});
	else
		json_kv_null(w, "said");
	json_kv_raw(w, "said_figures", json_raw(said));
}

/* A stored object with the sealed words that belong in it. */
static void kv_joined(struct json_writer *w, struct view *v, struct json doc, const char *key,
	const char *as, struct json words)
{
	struct json_writer one;

	if (json_is_null(json_get(doc, key)) || json_is_null(words))
		return;
	arena_writer(v->arena, &one, json_raw(words).n + OVER_BYTES);
	json_object_begin(&one);
	json_kv_raw(&one, as, json_raw(words));
	json_kv_raw(w, key, doc_merge(v->arena, json_get(doc, key), over_end(v, &one)));
}

/* The same for what was seen and said when it was handed over. */
static void kv_handed_out(struct json_writer *w, struct view *v, struct json doc, struct json words)
{
	struct json damages = json_get(words, "out_damages"), to = json_get(words, "out_to");
	struct json out = json_get(doc, "out");
	struct json_writer one;

	if (json_is_null(out) || (json_is_null(damages) && json_is_null(to)))
		return;
	arena_writer(v->arena, &one, json_raw(words).n + OVER_BYTES);
	json_object_begin(&one);
	if (!json_is_null(damages))
		json_kv_raw(&one, "damages", json_raw(damages));
	if (!json_is_null(to))
		json_kv_raw(&one, "handed_to", json_raw(to));
	json_kv_raw(w, "out", doc_merge(v->arena, out, over_end(v, &one)));
}

/* What was put right, with the words that are sealed of it. */
static void write_corrected(
	struct json_writer *w, struct view *v, struct json corrected, struct json words)
{
	uint32_t i = 0;

	if (!json_present(corrected))
		return;
	json_k(w, "corrected");
	json_array_begin(w);
	for (struct json e = json_first(corrected); json_present(e); e = json_next(corrected, e)) {
		struct json sealed = json_item(words, i++);
		json_put_raw(
			w, json_present(sealed) ? doc_merge(v->arena, e, sealed) : json_raw(e));
	}
	json_array_end(w);
}

/* The earlier cars of the agreement, with the words that are sealed of each. */
static void write_cars(struct json_writer *w, struct view *v, struct json cars, struct json words)
{
	uint32_t i = 0;

	if (!json_present(cars))
		return;
	json_k(w, "cars");
	json_array_begin(w);
	for (struct json car = json_first(cars); json_present(car); car = json_next(cars, car)) {
		struct json own = json_item(words, i++);
		struct json_writer over;
		arena_writer(v->arena, &over, json_raw(car).n + json_raw(own).n + OVER_BYTES);
		json_object_begin(&over);
		kv_joined(&over, v, car, "in", "damages", json_get(own, "damages"));
		kv_handed_out(&over, v, car, own);
		json_kv_member(&over, own, "reason");
		json_put_raw(w, doc_merge(v->arena, car, over_end(v, &over)));
	}
	json_array_end(w);
}

/* His word is of one time: of another he has not given it. */
static void write_confirmed(struct json_writer *w, struct json booking)
{
	struct instant from, confirmed;

	if (!doc_instant(json_get(booking, "customer_confirmed"), "from", &confirmed) ||
		!doc_instant(booking, "from", &from) || from.s != confirmed.s)
		json_kv_null(w, "customer_confirmed");
}

static struct json booking_over(
	struct view *v, struct str id, const struct row *row, const struct showing *how)
{
	static const char *const before[] = {"drivers", "extend_reason"};
	static const char *const after[] = {"legs_address", "notes"};
	struct json private = private_of(v, row->doc), said = json_get(row->doc, "said");
	struct str customer = json_str_at(row->doc, "customer");
	struct str name = customer_name(v, customer);
	uint64_t seqs[HISTORY_MAX];
	uint32_t n = how->history ? history_seqs(v, ROW_BOOKING, id, how->as_of, seqs) : 0;
	struct json_writer w;

	arena_writer(v->arena, &w,
		2 * json_raw(private).n + json_raw(row->doc).n + json_raw(said).n + 6 * name.n +
			6 * SAY_TEXT + n * HISTORY_ENTRY_BYTES + OVER_BYTES);
	json_object_begin(&w);
	json_kv_bool(&w, "at_risk", json_bool_at(row->doc, "at_risk", false));
	write_cars(&w, v, json_get(row->doc, "cars"), json_get(private, "cars"));
	json_kv_member(&w, private, "charges");
	json_kv_null(&w, "claims");
	write_corrected(&w, v, json_get(row->doc, "corrected"), json_get(private, "corrected"));
	kv_text(&w, "customer", customer_of(v, customer));
	write_confirmed(&w, row->doc);
	kv_text(&w, "customer_name", name);
	json_kv_null(&w, "decided");
	for (size_t i = 0; i < ARRAY_LEN(before); i++)
		json_kv_member(&w, private, before[i]);
	kv_joined(&w, v, row->doc, "handover", "with", json_get(private, "handover_with"));
	json_kv_member(&w, private, "heard");
	if (how->history)
		write_history(&w, v, json_str_at(row->doc, "site"), id, seqs, n);
	kv_joined(&w, v, row->doc, "in", "damages", json_get(private, "damages"));
	for (size_t i = 0; i < ARRAY_LEN(after); i++)
		json_kv_member(&w, private, after[i]);
	kv_handed_out(&w, v, row->doc, private);
	json_kv_bool(&w, "pinned", json_bool_at(row->doc, "pinned", false));
	json_kv_null(&w, "private");
	json_kv_member(&w, private, "reason");
	kv_joined(&w, v, row->doc, "return", "with", json_get(private, "return_with"));
	write_said(&w, v, said, name);
	kv_joined(&w, v, row->doc, "satisfaction", "comment",
		json_get(private, "satisfaction_comment"));
	json_kv_null(&w, "serial");
	return over_end(v, &w);
}

/* ---- visit ---- */

/* What was offered last carries the words it was said in. */
static void write_offered(
	struct json_writer *w, struct view *v, struct json offered, struct json said)
{
	json_k(w, "offered");
	json_array_begin(w);
	for (struct json e = json_first(offered); json_present(e);) {
		struct json next = json_next(offered, e);
		struct json_writer over;
		struct str text;
		arena_writer(v->arena, &over, json_raw(said).n + OVER_BYTES);
		json_object_begin(&over);
		if (!json_present(next) && !json_is_null(said))
			json_kv_raw(&over, "said", json_raw(said));
		/* Instants are put into the site's zone later, with the whole object. */
		text = render_over(v->arena, e, over_end(v, &over), NULL);
		if (text.n)
			json_put_raw(w, text);
		e = next;
	}
	json_array_end(w);
}

/* Its bookings, and those of other sites' cars: they stand in journals of their own. */
static void write_bookings(struct json_writer *w, struct view *v, struct json visit)
{
	struct json known = json_get(visit, "bookings");
	struct key prefix = key_visit_booking_prefix(json_str_at(visit, "visit"));
	struct booking b;
	struct str id;
	uint64_t rev;
	struct cursor c;

	json_array_begin(w);
	for (struct json e = json_first(known); json_present(e); e = json_next(known, e))
		json_put_raw(w, json_raw(e));
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		if (key_take_text(c.key, &at, &id) &&
			booking_get(v, arena_copy(v->arena, id), &b, &rev) &&
			!str_eq(b.site, json_str_at(visit, "site")))
			json_put_str(w, b.id);
	}
	cursor_close(&c);
	json_array_end(w);
}

static struct json visit_over(struct view *v, const struct row *row)
{
	struct json private = private_of(v, row->doc), said = json_get(private, "said");
	struct json offered = json_get(row->doc, "offered");
	struct str ripple = render_visit_ripple(v, row->doc);
	struct json_writer w;

	arena_writer(v->arena, &w,
		2 * json_raw(private).n + 2 * json_raw(offered).n +
			json_raw(json_get(row->doc, "bookings")).n + VISIT_OTHERS_BYTES + ripple.n +
			OVER_BYTES);
	json_object_begin(&w);
	json_k(&w, "bookings");
	write_bookings(&w, v, row->doc);
	kv_text(&w, "customer", customer_of(v, json_str_at(row->doc, "customer")));
	json_kv_member(&w, private, "need");
	write_offered(&w, v, offered, said);
	json_kv_null(&w, "private");
	if (ripple.n)
		json_kv_raw(&w, "ripple", ripple);
	if (json_count(offered) == 0)
		json_kv_member(&w, private, "said");
	json_kv_null(&w, "serial");
	return over_end(v, &w);
}

/* ---- the others ---- */

static struct json customer_over(struct view *v, const struct row *row)
{
	struct json person = private_open(v, json_get(row->doc, "person"));
	struct json_writer w;

	arena_writer(v->arena, &w, json_raw(person).n + OVER_BYTES);
	json_object_begin(&w);
	if (!json_present(person))
		json_kv_bool(&w, "erased", true);
	json_kv_null(&w, "merged");
	json_kv_null(&w, "merged_into");
	if (json_present(person))
		json_kv_raw(&w, "person", json_raw(person));
	else
		json_kv_null(&w, "person");
	return over_end(v, &w);
}

/* Unlimited is kept by leaving seats out, and shown as null (contract 3). */
static struct str with_seats(struct view *v, struct str shown)
{
	struct json doc = arena_json(v->arena, shown, NULL);
	struct json_writer w;
	bool put = json_present(json_get(doc, "seats"));

	if (put)
		return shown;
	arena_writer(v->arena, &w, shown.n + OVER_BYTES);
	json_object_begin(&w);
	for (struct json m = json_first_value(doc); json_present(m); m = json_next_value(doc, m)) {
		if (!put && str_cmp(json_key(m), STR("seats")) > 0) {
			json_kv_null(&w, "seats");
			put = true;
		}
		json_key_put(&w, json_key(m));
		json_put_raw(&w, json_raw(m));
	}
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

/* Whom to call when a place frees, and what he said he needs. */
static struct json waiting_over(struct view *v, const struct row *row)
{
	struct json facts = json_get(private_of(v, row->doc), "facts");
	struct json person = customer_person(v, json_str_at(row->doc, "customer"));
	struct str name = customer_name(v, json_str_at(row->doc, "customer"));
	struct json_writer w;

	arena_writer(
		v->arena, &w, 6 * name.n + json_raw(person).n + json_raw(facts).n + OVER_BYTES);
	json_object_begin(&w);
	kv_text(&w, "customer", customer_of(v, json_str_at(row->doc, "customer")));
	kv_text(&w, "customer_name", name);
	kv_text(&w, "customer_phone", json_str_at(person, "phone"));
	json_kv_member(&w, facts, "need");
	json_kv_null(&w, "private");
	json_kv_null(&w, "serial");
	return over_end(v, &w);
}

static struct json block_over(struct view *v)
{
	return arena_json(v->arena, STR("{\"seats\":null,\"serial\":null}"), NULL);
}

/* Whose it is stays here; and whether its bytes can be had. */
static struct json attachment_over(struct view *v, struct str id)
{
	struct attachment a;
	bool here = attachment_get(v, id, &a) && attachment_is_here(v, &a);

	return arena_json(v->arena,
		here ? STR("{\"for_site\":null,\"of\":null}")
		     : STR("{\"erased\":true,\"for_site\":null,\"of\":null}"),
		NULL);
}

/* Where the customer is: what is read there. */
static const struct zone *row_zone(struct view *v, struct json doc)
{
	struct str for_site = json_str_at(doc, "for_site");

	return site_zone(v, for_site.n ? for_site : json_str_at(doc, "site"));
}

struct str render_shown(struct view *v, enum row_kind kind, struct str id, const struct row *row,
	const struct showing *how)
{
	const struct zone *zone = row_zone(v, row->doc);
	struct json over = JSON_ABSENT;

	switch (kind) {
	case ROW_RULESET: return arena_copy(v->arena, row->text); /* its bytes are what is hashed */
	case ROW_RESOURCE: return with_seats(v, render_over(v->arena, row->doc, over, zone));
	case ROW_SITE:
	case ROW_DEMAND:
	case ROW_DESK:
	case ROW_REPAIR_ORDER:
	case ROW_IMPORT:
	case ROW_VEHICLE: return render_over(v->arena, row->doc, over, zone);
	case ROW_BLOCK: over = block_over(v); break;
	case ROW_CUSTOMER: over = customer_over(v, row); break;
	case ROW_VISIT: over = visit_over(v, row); break;
	case ROW_TASK: over = render_task_over(v, row); break;
	case ROW_CLAIM: over = render_claim_over(v, row); break;
	case ROW_WAITING: over = waiting_over(v, row); break;
	case ROW_CONTACT: over = render_contact_over(v, row); break;
	case ROW_COMPLAINT: over = render_complaint_over(v, row); break;
	case ROW_ATTACHMENT: over = attachment_over(v, id); break;
	case ROW_BOOKING: over = booking_over(v, id, row, how); break;
	}
	/* Without what is laid over it, an object would show what it must not. */
	return json_present(over) ? render_over(v->arena, row->doc, over, zone) : STR_NULL;
}

struct str render_row(struct view *v, enum row_kind kind, struct str id, const struct row *row)
{
	return render_shown(v, kind, id, row, &(struct showing){UINT64_MAX, true});
}
