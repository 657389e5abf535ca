/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/render_parts.h"
#include "fleet/ways.h"

/* What is free instead of what was refused. */

void write_way(struct json_writer *w, const struct way *way, bool kind, const struct zone *zone)
{
	json_object_begin(w);
	if (way->class.n)
		json_kv_str(w, "class", way->class);
	else
		json_kv_null(w, "class");
	kv_local(w, "from", way->window.from, zone);
	kv_text(w, "instead_of", way->instead_of);
	if (kind)
		json_kv_str(w, "kind", str_from(way_kind_name(way->kind)));
	json_kv_str(w, "solution", way->solution);
	kv_local(w, "until", way->window.until, zone);
	json_object_end(w);
}

struct str render_alternatives(struct view *v, struct str site, struct json detail, uint32_t except)
{
	struct ways ways;
	struct json_writer w;

	if (!ways_of_wish(v, site, detail, except, &ways))
		return STR("[]");
	arena_writer(v->arena, &w, (ways.len + 1) * WAY_BYTES);
	json_array_begin(&w);
	for (uint32_t i = 0; i < ways.len; i++)
		write_way(&w, &ways.way[i], false, site_zone(v, site));
	json_array_end(&w);
	return arena_written(v->arena, &w);
}
