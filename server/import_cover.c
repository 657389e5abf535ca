/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Look-ups of cover: neighbouring rows of one car and one moment are one look-up. */

#include "server/import_play.h"

struct cover_context {
	struct import *im;
	uint32_t line;
};

static bool is_of_group(struct json a, struct json b)
{
	return str_eq(json_str_at(a, "vin"), json_str_at(b, "vin")) &&
	       str_eq(json_str_at(a, "checked_at"), json_str_at(b, "checked_at"));
}

uint32_t cover_group_end(struct play *p, uint32_t row)
{
	struct json first = play_row(p, p->coverages, row);
	uint32_t end = row + 1;

	while (end < p->coverages->len && is_of_group(first, play_row(p, p->coverages, end)))
		end++;
	return end;
}

/* What the row says of one programme, without whose and when. */
static void write_coverage(struct json_writer *w, struct json row)
{
	json_object_begin(w);
	for (struct json m = json_first_value(row); json_present(m); m = json_next_value(row, m)) {
		struct str key = json_key(m);
		if (str_is(key, "vin") || str_is(key, "checked_at") || str_is(key, "source"))
			continue;
		json_key_put(w, key);
		json_put_raw(w, json_raw(m));
	}
	json_object_end(w);
}

static struct str cover_body(struct play *p, uint32_t row, uint32_t end)
{
	struct json first = play_row(p, p->coverages, row);
	struct json_writer w;
	size_t bytes = 256;
	bool found = false;

	for (uint32_t i = row; i < end; i++)
		bytes += p->coverages->row[i].doc.n;
	arena_writer(&p->scratch, &w, bytes);
	json_object_begin(&w);
	for (uint32_t i = row; i < end; i++) {
		struct json doc = play_row(p, p->coverages, i);
		if (!json_str_at(doc, "programme").n)
			continue;
		if (!found) {
			json_k(&w, "coverages");
			json_array_begin(&w);
		}
		found = true;
		write_coverage(&w, doc);
	}
	if (found)
		json_array_end(&w);
	else
		json_kv_bool(&w, "nothing_found", true);
	json_kv_raw(&w, "source", json_raw(json_get(first, "source")));
	json_object_end(&w);
	return arena_written(&p->scratch, &w);
}

static void cover_done(struct command *c)
{
	const struct cover_context *context = c->context;

	if (c->outcome == OK) {
		context->im->counts.created++;
		return;
	}
	context->im->counts.refused++;
	import_refused(context->im, context->line, c);
}

void play_cover(struct play *p, uint32_t row)
{
	struct json doc = play_row(p, p->coverages, row), effect;
	struct str body = cover_body(p, row, cover_group_end(p, row)),
		   vin = json_str_at(doc, "vin");
	struct hash hash = hash_of2(body, json_str_at(doc, "checked_at"));
	char hex[HASH_TEXT];
	struct str base = arena_printf(&p->scratch, "import/coverages/%.*s/%.*s", STR_FMT(vin),
		STR_FMT(hash_print(&hash, hex)));
	struct command *c =
		play_command(p, JOURNAL_DIRECTORY, VERB_COVER_CHECK, vin, base, &effect);
	struct cover_context *context;

	p->im->counts.same += !c && json_present(effect);
	if (!c)
		return;
	context = arena_alloc(&c->arena, sizeof *context);
	ASSERT(context);
	*context = (struct cover_context){p->im, p->coverages->row[row].line};
	c->context = context;
	c->done = cover_done;
	import_batch_add(&p->batch, c, body);
}
