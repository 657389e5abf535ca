/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The loan agreement: made, shown, printed. What is shown waits among the uploads of whoever made
 * it, so that the frame shows the very bytes whose SHA-256 is signed (fleet/decide_sign.c).
 */

#include "fleet/agreement.h"
#include "fleet/roster.h"
#include "server/body.h"
#include "server/box.h"
#include "server/respond.h"
#include "server/upload.h"

enum { SHOWN_BYTES = 512 };

/* The booking in the address, with a customer who could sign; otherwise false, and answered. */
static bool take_booking_of(struct call *call, struct booking *b)
{
	struct row row;
	uint64_t rev;
	if (!call_row(call, ROW_BOOKING, call->param[0], &row))
		return false;
	if (booking_get(call_look(call), call->param[0], b, &rev) && b->customer.n)
		return true;
	respond_refused(call, REFUSED_STATE, STR("a booking without a customer has no agreement"));
	return false;
}

static struct str shown_text(
	struct call *call, const struct str *sha256, size_t size, struct str language)
{
	struct json_writer w;
	arena_writer(call->arena, &w, SHOWN_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "href",
		arena_printf(call->arena, "/v1/bookings/%.*s/agreement/%.*s",
			STR_FMT(call->param[0]), STR_FMT(*sha256)));
	json_kv_str(&w, "language", language);
	json_kv_str(&w, "sha256", *sha256);
	json_kv_int(&w, "size", (int64_t)size);
	json_object_end(&w);
	return arena_written(call->arena, &w);
}

void api_agreement(struct call *call)
{
	struct str source, kept;
	struct booking b;
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	if (!body_read(call, &source) || !take_booking_of(call, &b) ||
		!body_check(call, source, NULL, faults, &kept))
		return;
	struct json said = arena_json(call->arena, kept, NULL);
	struct view *v = call_look(call);
	struct str language = agreement_language(v, &b, json_str_at(said, "language"));
	struct str page = agreement_page(v, &b, said, language);
	struct hash hash = hash_of(page);
	char hex[HASH_TEXT];
	struct str sha256 = hash_print(&hash, hex);
	enum outcome o =
		page.n ? uploads_add(call->api->uploads, str_from(call->actor.name), &hash, page)
		       : FAULT_MEMORY;
	respond_seq(call, b.site);
	if (o == OK)
		respond_json(call, 200, shown_text(call, &sha256, page.n, language));
	else
		respond_refused(call, o, STR_NULL);
}

void api_agreement_shown(struct call *call)
{
	struct row row;
	struct hash hash;
	struct str page = STR_NULL;
	if (!call_row(call, ROW_BOOKING, call->param[0], &row))
		return;
	if (hash_parse(&hash, call->param[1]))
		page = uploads_find(call->api->uploads, str_from(call->actor.name), &hash);
	/* Only pages are shown as pages: what else somebody left here has a type of its own. */
	if (page.n < 9 || memcmp(page.p, "<!doctype", 9) != 0) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("this page is not here (any more): make it again"));
		return;
	}
	respond_boxed(call, FILE_HTML, call->param[1], json_str_at(row.doc, "number"), page);
}

/* ---- to print ---- */

static bool open_whole(struct call *call, struct str id, struct attachment *a, struct str *bytes)
{
	return attachment_get(call_look(call), id, a) &&
	       attachment_open(call_look(call), a, bytes) == ATTACHED_WHOLE;
}

static void print_signed(struct call *call, const struct booking *b, struct json agreement)
{
	struct view *v = call_look(call);
	struct attachment page, ink;
	struct str bytes, signature;
	if (!open_whole(call, json_str_at(agreement, "attachment"), &page, &bytes)) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("the person it was about is forgotten, or another server keeps it"));
		return;
	}
	if (json_bool_at(agreement, "paper", false)) {
		respond_boxed(call, page.type, page.sha256, b->number, bytes);
		return;
	}
	if (!open_whole(call, json_str_at(agreement, "signature"), &ink, &signature)) {
		respond_refused(call, FAULT_CORRUPT, STR_NULL);
		return;
	}
	const struct roster *roster = roster_of(v, b->for_site.n ? b->for_site : b->site);
	ASSERT(roster);
	struct str copy = agreement_signed_copy(v, b->doc, bytes, signature, roster->zone);
	struct hash hash = hash_of(copy);
	char hex[HASH_TEXT];
	respond_boxed(call, FILE_HTML, hash_print(&hash, hex), b->number, copy);
}

void api_agreement_print(struct call *call)
{
	struct booking b;
	if (!take_booking_of(call, &b))
		return;
	struct json agreement = json_get(b.doc, "agreement");
	respond_seq(call, b.site);
	if (json_present(agreement)) {
		print_signed(call, &b, agreement);
		return;
	}
	struct view *v = call_look(call);
	struct str asked = query_text(&call->query, "language");
	struct str page = agreement_page(v, &b, JSON_ABSENT, agreement_language(v, &b, asked));
	struct hash hash = hash_of(page);
	char hex[HASH_TEXT];
	respond_boxed(call, FILE_HTML, hash_print(&hash, hex), b.number, page);
}
