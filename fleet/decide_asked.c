/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/decide.h"

/* What the customer says of a loan when he is asked, once it is over (AVT-1c, AVT-1d, AVT-3d): two
 * numbers as he gave them. No index is made of them: no source says how. */

enum { ASKED_BYTES_MAX = 512 };

static enum outcome refuse_known(struct decide *d, const struct booking *b)
{
	return refuse_with(d, REFUSED_KNOWN,
		arena_printf(d->view.arena, "{\"booking\":\"%.*s\"}", STR_FMT(b->id)));
}

enum outcome decide_booking_asked(struct decide *d)
{
	struct booking b;
	struct json_writer w;
	struct str sealed;
	enum outcome o = take_booking(d, &b, 1u << BOOKING_RETURNED);

	if (o != OK)
		return o;
	if (json_present(json_get(b.doc, "satisfaction")))
		return refuse_known(d, &b);
	sealed = draft_private_text(
		d, b.doc, b.customer.n ? b.customer : b.id, "satisfaction_comment", "comment");
	arena_writer(d->view.arena, &w, sealed.n + ASKED_BYTES_MAX);
	json_object_begin(&w);
	if (sealed.n)
		json_kv_raw(&w, "private", sealed);
	json_k(&w, "satisfaction");
	json_object_begin(&w);
	write_at_by(d, &w);
	if (!json_is_null(json_get(d->body, "recommend")))
		json_kv_int(&w, "recommend", json_int_at(d->body, "recommend", 0));
	json_kv_int(&w, "score", json_int_at(d->body, "score", 0));
	json_object_end(&w);
	json_object_end(&w);
	draft_set(d, ROW_BOOKING, b.id, arena_written(d->view.arena, &w));
	draft_task_done(d, TASK_AFTER_VISIT, b.id); /* he was called */
	return OK;
}
