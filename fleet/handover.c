/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/handover.h"

#include <stdio.h>

enum { CLOCK_LEEWAY_S = 300, POINTER_BYTES = 40 };

enum outcome handover_time(
	struct decide *d, struct json wish, const char *pointer, struct instant *at)
{
	*at = d->now;
	if (doc_instant(wish, "at", at) && at->s > d->now.s + CLOCK_LEEWAY_S)
		return refuse_field(d, pointer, "this has not happened yet");
	return OK;
}

enum outcome check_left(struct decide *d, const struct booking *b, const struct come_in *in)
{
	struct instant out;
	bool said = json_present(json_get(in->wish, "left_at"));
	char pointer[POINTER_BYTES];

	snprintf(pointer, sizeof pointer, "%s/%s", in->at, said ? "left_at" : "at");
	if (in->left.s > in->seen.s)
		return refuse_field(d, pointer, "the car was left before it was checked in");
	if (doc_instant(json_get(b->doc, "out"), "at", &out) && in->left.s < out.s - CLOCK_LEEWAY_S)
		return refuse_field(d, pointer, "this is before the car was handed over");
	return OK;
}

enum outcome check_charges(
	struct decide *d, const struct booking *b, struct json wish, const char *at)
{
	uint32_t known = json_count(json_get(b->doc, "charges"));
	char pointer[POINTER_BYTES];

	if (known + json_count(json_get(wish, "charges")) <= BOOKING_CHARGES_MAX)
		return OK;
	snprintf(pointer, sizeof pointer, "%s/charges", at);
	return refuse_field(d, pointer,
		"a booking holds at most %d charges, and has %u: put small ones together",
		BOOKING_CHARGES_MAX, known);
}

/* The members of the request that an out or in record keeps as they are, in key order from `first`.
 */
static void copy_members(struct json_writer *w, struct json body, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!json_is_null(json_get(body, keys[i])))
			json_kv_raw(w, keys[i], json_raw(json_get(body, keys[i])));
}

struct str out_record(struct decide *d, struct json wish, struct instant at, struct str resource)
{
	static const char *const before[] = {"address_confirmed", "agreement_signed_at"};
	static const char *const middle[] = {"charge_percent", "code_given_by", "documents_checked",
		"fuel_percent", "key_box", "keys", "licence_checked_at", "odometer_km"};
	static const char *const after[] = {"where"};
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(wish).n + 512);
	json_object_begin(&w);
	copy_members(&w, wish, before, ARRAY_LEN(before));
	json_kv_instant(&w, "at", at);
	json_kv_str(&w, "by", d->command->by);
	copy_members(&w, wish, middle, ARRAY_LEN(middle));
	if (resource.n)
		json_kv_str(&w, "resource", resource);
	copy_members(&w, wish, after, ARRAY_LEN(after));
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

void write_out_words(struct json_writer *w, struct json wish)
{
	struct json damages = json_get(wish, "damages"), to = json_get(wish, "handed_to");

	if (!json_is_null(damages))
		json_kv_raw(w, "out_damages", json_raw(damages));
	if (!json_is_null(to))
		json_kv_raw(w, "out_to", json_raw(to));
}

struct str in_record(struct decide *d, struct json wish, struct instant at)
{
	static const char *const middle[] = {
		"charge_percent", "fuel_percent", "key_box", "keys", "left_at", "odometer_km"};
	struct json_writer w;

	arena_writer(d->view.arena, &w, json_raw(wish).n + 512);
	json_object_begin(&w);
	json_kv_instant(&w, "at", at);
	json_kv_str(&w, "by", d->command->by);
	copy_members(&w, wish, middle, ARRAY_LEN(middle));
	json_object_end(&w);
	return arena_written(d->view.arena, &w);
}

void write_charges(struct json_writer *w, const struct booking *b, struct json wish)
{
	static const char *const kept[] = {"amount_minor", "kind", "payer"};
	struct json known = json_get(b->doc, "charges"), more = json_get(wish, "charges");

	if (json_is_null(more))
		return;
	json_k(w, "charges");
	json_array_begin(w);
	for (struct json c = json_first(known); json_present(c); c = json_next(known, c))
		json_put_raw(w, json_raw(c));
	for (struct json c = json_first(more); json_present(c); c = json_next(more, c)) {
		json_object_begin(w);
		copy_members(w, c, kept, ARRAY_LEN(kept));
		json_object_end(w);
	}
	json_array_end(w);
}

void write_charge_words(
	struct json_writer *w, const struct booking *b, struct json known, struct json wish)
{
	struct json before = json_get(known, "charges"), more = json_get(wish, "charges");

	if (json_is_null(more))
		return;
	if (json_is_null(before)) /* their words are forgotten: both lists count alike */
		before = json_get(b->doc, "charges");
	json_k(w, "charges");
	json_array_begin(w);
	for (struct json c = json_first(before); json_present(c); c = json_next(before, c))
		json_put_raw(w, json_raw(c));
	for (struct json c = json_first(more); json_present(c); c = json_next(more, c))
		json_put_raw(w, json_raw(c));
	json_array_end(w);
}

struct json private_now(struct decide *d, const struct booking *b)
{
	return person_unseal(&d->view, d->keyring, json_get(b->doc, "private"));
}

struct stay stay_was(struct decide *d, const struct booking *b, struct instant left)
{
	struct stay stay = {b->drop_off_at, visit_ready(d, b), b->from, left};
	int64_t longest_s = (int64_t)(LOAN_DAYS_MAX - 1) * 86400;

	if (stay.until.s <= stay.from.s)
		stay.until.s = stay.from.s + 60;
	if (stay.until.s - stay.from.s > longest_s)
		stay.until.s = stay.from.s + longest_s;
	return stay;
}
