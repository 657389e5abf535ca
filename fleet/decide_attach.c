/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/attachment.h"

/* A paper or a photo joins a booking, in whatever state that is: a scan may come years later. What
 * came was put together by the server, from parts that the body names. */

enum { MEMBERS_BYTES = 1024 };

enum outcome decide_booking_attach(struct decide *d)
{
	struct str bytes = d->command->bytes, id;
	struct booking b;
	struct json_writer w;
	struct attaching what = {.kind = json_str_at(d->body, "kind"),
		.moment = json_str_at(d->body, "moment"),
		.zone = json_str_at(d->body, "zone"),
		.bytes = bytes};
	enum outcome o = take_booking(d, &b, ~0u);

	if (o != OK)
		return o;
	if (!bytes.n)
		return refuse_field(d, "/parts",
			"a part is not here (any more): send it with PUT /v1/uploads/SHA-256, then "
			"this again");
	if (bytes.n > ATTACHMENT_BYTES_MAX)
		return refuse_field(
			d, "/parts", "a file has at most %d bytes", ATTACHMENT_BYTES_MAX);
	if (!file_type_sniff(bytes, &what.type))
		return refuse_field(d, "/parts", "the file is neither PDF nor JPEG nor PNG");
	o = check_attached(d, &b, 1, bytes.n, "/parts");
	if (o == OK)
		o = draft_attachment(d, &b, &what, &id);
	if (o != OK)
		return o;
	arena_writer(d->view.arena, &w, MEMBERS_BYTES);
	json_object_begin(&w);
	if (str_is(what.kind, "agreement")) { /* signed on paper, and this is its picture */
		struct hash hash = hash_of(bytes);
		char hex[HASH_TEXT];
		json_k(&w, "agreement");
		json_object_begin(&w);
		json_kv_instant(&w, "at", d->now);
		json_kv_str(&w, "attachment", id);
		json_kv_str(&w, "by", d->command->by);
		json_kv_bool(&w, "paper", true);
		json_kv_str(&w, "sha256", hash_print(&hash, hex));
		json_object_end(&w);
	}
	write_attached(&w, &b, 1, bytes.n);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	return OK;
}
