/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/agreement.h"
#include "fleet/ink.h"

/* The customer signs what was shown: the page is made once more here, at the journal's head, and
 * must be that page to the byte. It and the signature are kept with this entry. */

enum { MEMBERS_BYTES = 1024 };
#define ALLOW(status) (1u << (status))

static enum outcome refuse_changed(struct decide *d, struct str now)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, MEMBERS_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "sha256", now);
	json_object_end(&w);
	return refuse_with(d, REFUSED_AGREEMENT_CHANGED, arena_written(d->view.arena, &w));
}

/* Strokes or a typed name, one of them. */
static enum outcome take_ink(struct decide *d, struct str *path, struct str *typed)
{
	struct json ink = json_get(d->body, "signature");

	*path = json_str_at(ink, "path");
	*typed = json_str_at(ink, "typed");
	if (!path->n == !typed->n)
		return refuse_field(
			d, "/signature", "a signature is drawn (path) or typed (typed): say one");
	if (path->n && !ink_is_good(*path))
		return refuse_field(d, "/signature/path",
			"strokes are M and L with whole points, 0 0 to %d %d", INK_WIDTH,
			INK_HEIGHT);
	return OK;
}

/* What the signed page speaks of stays as it is: another seat would be another page. */
static void write_members(struct json_writer *w, struct decide *d, const struct booking *b,
	struct str attachments[2], struct str sha256, struct str language, bool typed)
{
	struct str said = json_str_at(d->body, "resource");
	struct str car = said.n ? said : b->resource;

	json_k(w, "agreement");
	json_object_begin(w);
	json_kv_instant(w, "at", d->now);
	json_kv_str(w, "attachment", attachments[0]);
	json_kv_str(w, "by", d->command->by);
	json_kv_str(w, "language", language);
	if (car.n)
		json_kv_str(w, "resource", car);
	json_kv_str(w, "sha256", sha256);
	json_kv_str(w, "signature", attachments[1]);
	if (typed)
		json_kv_bool(w, "typed", true);
	json_object_end(w);
}

enum outcome decide_booking_sign(struct decide *d)
{
	struct booking b;
	struct json_writer w;
	struct str page, ink, path, typed, language, ids[2];
	struct hash hash;
	char hex[HASH_TEXT];
	enum outcome o = take_booking(d, &b, ALLOW(BOOKING_BOOKED) | ALLOW(BOOKING_OUT));

	if (o == OK)
		o = take_ink(d, &path, &typed);
	if (o != OK)
		return o;
	language = agreement_language(&d->view, &b, json_str_at(d->body, "language"));
	page = agreement_page(&d->view, &b, d->body, language);
	if (!page.n)
		return FAULT_MEMORY;
	hash = hash_of(page);
	if (!str_eq(hash_print(&hash, hex), json_str_at(d->body, "sha256")))
		return refuse_changed(d, (struct str){hex, HASH_TEXT - 1});
	ink = ink_svg(d->view.arena, path, typed, (struct str){hex, HASH_TEXT - 1});
	if (!ink.n)
		return FAULT_MEMORY;
	o = check_attached(d, &b, 2, page.n + ink.n, "");
	if (o == OK)
		o = draft_attachment(d, &b,
			&(struct attaching){
				.kind = STR("agreement"), .type = FILE_HTML, .bytes = page},
			&ids[0]);
	if (o == OK)
		o = draft_attachment(d, &b,
			&(struct attaching){
				.kind = STR("signature"), .type = FILE_SVG, .bytes = ink},
			&ids[1]);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES);
	json_object_begin(&w);
	write_members(&w, d, &b, ids, (struct str){hex, HASH_TEXT - 1}, language, typed.n > 0);
	write_attached(&w, &b, 2, page.n + ink.n);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}
