/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Papers and photos: parts come in, are attached by an entry (api_write.c), and go out again as
 * bytes. What goes out was not made here: a browser must show it as what it is, in a box of its
 * own, and run nothing of it.
 */

#include "fleet/render.h"
#include "server/box.h"
#include "server/respond.h"
#include "server/upload.h"

/* ---- in ---- */

void api_upload(struct call *call)
{
	struct str type = exchange_header(call->x, "content-type");
	struct str bytes = exchange_body(call->x);
	struct hash said;
	struct hash made = hash_of(bytes);
	struct faults *faults = arena_alloc(call->arena, sizeof *faults);
	ASSERT(faults);
	if (!hash_parse(&said, call->param[0]))
		faults_add(faults, "", "the address ends in a SHA-256: 64 of 0-9 a-f");
	else if (!bytes.n)
		faults_add(faults, "", "a part has at least one byte");
	else if (memcmp(said.bytes, made.bytes, HASH_LEN) != 0)
		faults_add(faults, "", "the body has another SHA-256 than its address says");
	if (faults->len) {
		respond_invalid(call, faults);
		return;
	}
	if (!type.p || !str_is(type, "application/octet-stream")) {
		respond_refused(call, REFUSED_MEDIA_TYPE,
			STR("a part is sent as application/octet-stream"));
		return;
	}
	enum outcome o = uploads_add(call->api->uploads, str_from(call->actor.name), &said, bytes);
	if (o == OK)
		respond_empty(call, 204);
	else
		respond_refused(call, o, STR_NULL);
}

/* How long the file would be; 0 where a part is missing, or it is too long to be looked at. */
static size_t bytes_together(struct call *call, struct json parts)
{
	struct hash hash;
	size_t n = 0;
	for (struct json p = json_first(parts); json_present(p); p = json_next(parts, p)) {
		struct str part = STR_NULL;
		if (hash_parse(&hash, json_str(p)))
			part = uploads_find(call->api->uploads, str_from(call->actor.name), &hash);
		if (!part.n || part.n > ATTACHMENT_BYTES_MAX + 1 - n)
			return part.n ? ATTACHMENT_BYTES_MAX + 1 : 0;
		n += part.n;
	}
	return n;
}

struct str api_attached_bytes(struct call *call, struct arena *a, struct json body)
{
	struct json parts = json_get(body, "parts");
	size_t n = bytes_together(call, parts), at = 0;
	struct hash hash;
	if (!n)
		return STR_NULL;
	char *out = arena_take(a, n);
	if (!out)
		return STR_NULL;
	/* One byte too many, of whatever kind: the decision refuses it by its length. */
	if (n > ATTACHMENT_BYTES_MAX)
		return (struct str){out, n};
	for (struct json p = json_first(parts); json_present(p); p = json_next(parts, p)) {
		ASSERT(hash_parse(&hash, json_str(p)));
		struct str part =
			uploads_find(call->api->uploads, str_from(call->actor.name), &hash);
		memcpy(out + at, part.p, part.n);
		at += part.n;
	}
	ASSERT(at == n);
	return (struct str){out, n};
}

/* ---- out ---- */

void api_attachments(struct call *call)
{
	struct row row;
	struct str ids[ATTACHMENTS_MAX];
	if (!call_row(call, ROW_BOOKING, call->param[0], &row))
		return;
	struct view *v = call_look(call);
	respond_seq(call, row_journal(ROW_BOOKING, &row));
	respond_list(call, render_attachments(v, ids, attachments_of(v, call->param[0], ids)));
}

static void respond_file(struct call *call, const struct attachment *a, struct str bytes)
{
	struct str name =
		arena_printf(call->arena, "%.*s-%.*s", STR_FMT(a->booking), STR_FMT(a->kind));
	respond_boxed(call, a->type, a->sha256, name, bytes);
}

void api_attachment(struct call *call)
{
	struct row row;
	struct attachment a;
	struct str bytes;
	if (!call_row(call, ROW_BOOKING, call->param[0], &row))
		return;
	struct view *v = call_look(call);
	respond_seq(call, row_journal(ROW_BOOKING, &row));
	if (!attachment_get(v, call->param[1], &a) || !str_eq(a.booking, call->param[0])) {
		respond_refused(call, REFUSED_NOT_FOUND, STR_NULL);
		return;
	}
	switch (attachment_open(v, &a, &bytes)) {
	case ATTACHED_WHOLE: respond_file(call, &a, bytes); return;
	case ATTACHED_ERASED:
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("the person it was about is forgotten, and with him what it said"));
		return;
	case ATTACHED_MISSING:
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("its bytes are not here: another server took them in"));
		return;
	case ATTACHED_NO_MEMORY: respond_refused(call, FAULT_MEMORY, STR_NULL); return;
	case ATTACHED_DAMAGED: respond_refused(call, FAULT_CORRUPT, STR_NULL); return;
	}
}
