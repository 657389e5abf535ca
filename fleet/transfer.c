/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/handover.h"

/* A car that was taken back at another site than its own: it stands there, and somebody must bring
 * it home. */

enum outcome transfer_from(
	struct decide *d, const struct booking *b, struct str said, struct str *where)
{
	*where = said.n ? said : b->for_site;
	if (said.n && !roster_of(&d->view, said))
		return refuse_field(d, "/site", "there is no such site");
	if (str_eq(*where, b->site) || booking_solution(d, b).claims != CLAIMS_CAR)
		*where = STR_NULL;
	return OK;
}

static struct str stands_at(struct decide *d, struct json now, struct str where)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, 128);
	json_object_begin(&w);
	json_kv_bool(&w, "ready", false);
	json_kv_str(&w, "where", where);
	json_object_end(&w);
	return doc_merge(d->view.arena, now,
		arena_json(d->view.arena, arena_written(d->view.arena, &w), NULL));
}

void draft_transfer(
	struct decide *d, const struct booking *b, struct str where, struct instant left)
{
	struct instant due = {left.s + (int64_t)booking_transfer(d, b, where) * 60};
	struct json_writer w;
	struct row row;
	struct str now;

	if (!where.n || !row_get(&d->view, ROW_RESOURCE, b->resource, &row))
		return;
	now = stands_at(d, json_get(row.doc, "now"), where);
	arena_writer(d->view.arena, &w, now.n + 40);
	json_object_begin(&w);
	json_kv_raw(&w, "now", now);
	json_object_end(&w);
	draft_set(d, ROW_RESOURCE, b->resource, arena_written(d->view.arena, &w));
	draft_task(d, TASK_TRANSFER, &(struct task_subject){.resource = b->resource}, due);
}
