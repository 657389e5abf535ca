/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/contact.h"
#include "fleet/render_parts.h"

#include <stdio.h>

/*
 * What customers said in a span of time, counted: how content they are month by month, what they
 * complained of and how soon they had an answer, how often a contact was handed over. Whole
 * numbers, as they were given: no index is made of them.
 */

enum {
	LOOKED_MAX = 50000, /* rows of one kind */
	SCORE_MAX = 10,
	MONTHS_MAX = 40,
	CATEGORIES_MAX = 16,
	ANSWER_S = 24 * 3600, /* AVT-2b */
	VOICE_BYTES = 32 << 10,
};

struct month_said {
	int year, month;
	uint32_t asked, score[SCORE_MAX + 1], recommend[SCORE_MAX + 1];
};
struct voice {
	struct span span;
	const struct zone *zone;
	uint32_t months_len;
	struct month_said month[MONTHS_MAX];
	uint32_t taken, open, solved, answered, answered_in_time;
	uint32_t category[CATEGORIES_MAX], channel[CATEGORIES_MAX];
	uint32_t in, out, handed, questions;
	bool more;
};

static bool is_within(const struct voice *o, struct instant at)
{
	return o->span.from.s <= at.s && at.s < o->span.until.s;
}

/* ---- counting ---- */

/* The months come in order. */
static struct month_said *month_of(struct voice *o, struct instant at)
{
	int year, month, day;
	struct month_said *last = o->months_len ? &o->month[o->months_len - 1] : NULL;

	day_to_civil(local_day(zone_local(o->zone, at)), &year, &month, &day);
	if (last && last->year == year && last->month == month)
		return last;
	if (o->months_len == MONTHS_MAX)
		return NULL;
	last = &o->month[o->months_len++];
	last->year = year;
	last->month = month;
	return last;
}

static void count_asked(struct voice *o, struct json doc)
{
	struct json said = json_get(doc, "satisfaction");
	int64_t score = json_int_at(said, "score", -1), again = json_int_at(said, "recommend", -1);
	struct month_said *month;
	struct instant at;

	if (!doc_instant(said, "at", &at) || !is_within(o, at))
		return;
	month = month_of(o, at);
	if (!month) {
		o->more = true;
		return;
	}
	month->asked++;
	if (score >= 0 && score <= SCORE_MAX)
		month->score[score]++;
	if (again >= 0 && again <= SCORE_MAX)
		month->recommend[again]++;
}

static void count_complaint(struct voice *o, struct json doc)
{
	struct json steps = json_get(doc, "steps");
	struct instant at, answered;

	ASSERT(doc_instant(doc, "at", &at));
	if (!is_within(o, at))
		return;
	o->taken++;
	if (str_is(json_str_at(doc, "status"), complaint_statuses[COMPLAINT_SOLVED]))
		o->solved++;
	else
		o->open++;
	o->category[word_place(complaint_categories, json_str_at(doc, "category"))]++;
	o->channel[word_place(complaint_channels, json_str_at(doc, "channel"))]++;
	for (struct json e = json_first(steps); json_present(e); e = json_next(steps, e)) {
		if (str_is(json_str_at(e, "status"), complaint_statuses[COMPLAINT_OPEN]) ||
			!doc_instant(e, "at", &answered))
			continue;
		o->answered++;
		o->answered_in_time += answered.s - at.s <= ANSWER_S;
		break;
	}
}

static void count_contact(struct voice *o, struct json doc)
{
	struct instant at;

	ASSERT(doc_instant(doc, "at", &at));
	if (!is_within(o, at))
		return;
	if (str_is(json_str_at(doc, "direction"), "in"))
		o->in++;
	else
		o->out++;
	o->handed += json_present(json_get(doc, "handed"));
	o->questions += json_int_at(doc, "open", 0) > 0;
}

static void walk(struct view *v, struct voice *o, struct key prefix, size_t skip,
	enum row_kind kind, void (*count)(struct voice *, struct json))
{
	struct row_look look;
	struct cursor c;
	uint32_t n = 0;

	row_look_open(&look, v);
	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n + skip;
		struct str id;
		struct row row;
		if (n++ == LOOKED_MAX) {
			o->more = true;
			break;
		}
		if (key_take_text(c.key, &at, &id) && row_get(&look.view, kind, id, &row))
			count(o, row.doc);
		row_look_next(&look);
	}
	cursor_close(&c);
	row_look_close(&look);
}

/* ---- written ---- */

static void kv_counts(
	struct json_writer *w, const char *key, const char *const *words, const uint32_t *counts)
{
	json_k(w, key);
	json_array_begin(w);
	for (uint32_t i = 0; words[i]; i++) {
		if (!counts[i])
			continue;
		json_object_begin(w);
		json_kv_int(w, "count", counts[i]);
		json_kv_str(w, "word", str_from(words[i]));
		json_object_end(w);
	}
	json_array_end(w);
}

static void kv_scores(struct json_writer *w, const char *key, const uint32_t *counts)
{
	json_k(w, key);
	json_array_begin(w);
	for (uint32_t i = 0; i <= SCORE_MAX; i++)
		json_put_int(w, counts[i]);
	json_array_end(w);
}

static void write_month(struct json_writer *w, const struct month_said *m)
{
	char name[16];

	snprintf(name, sizeof name, "%04d-%02d", m->year, m->month);
	json_object_begin(w);
	json_kv_int(w, "asked", m->asked);
	json_kv_str(w, "month", str_from(name));
	kv_scores(w, "recommend", m->recommend);
	kv_scores(w, "score", m->score);
	json_object_end(w);
}

struct str render_voice(struct view *v, struct str site, struct span span)
{
	struct voice *o = arena_alloc(v->arena, sizeof *o);
	struct json_writer w;

	if (!o)
		return STR_NULL;
	o->span = span;
	o->zone = site_zone(v, site);
	walk(v, o, key_site_asked_prefix(site), sizeof(uint32_t), ROW_BOOKING, count_asked);
	walk(v, o, key_site_complaint_prefix(site), sizeof(uint8_t) + sizeof(uint32_t),
		ROW_COMPLAINT, count_complaint);
	walk(v, o, key_site_contact_prefix(site), sizeof(uint32_t), ROW_CONTACT, count_contact);
	arena_writer(v->arena, &w, VOICE_BYTES);
	json_object_begin(&w);
	json_k(&w, "complaints");
	json_object_begin(&w);
	json_kv_int(&w, "answered", o->answered);
	json_kv_int(&w, "answered_within_24_h", o->answered_in_time);
	kv_counts(&w, "categories", complaint_categories, o->category);
	kv_counts(&w, "channels", complaint_channels, o->channel);
	json_kv_int(&w, "open", o->open);
	json_kv_int(&w, "solved", o->solved);
	json_kv_int(&w, "taken", o->taken);
	json_object_end(&w);
	json_k(&w, "contacts");
	json_object_begin(&w);
	json_kv_int(&w, "handed_over", o->handed);
	json_kv_int(&w, "in", o->in);
	json_kv_int(&w, "out", o->out);
	json_kv_int(&w, "with_open_questions", o->questions);
	json_object_end(&w);
	json_kv_bool(&w, "more", o->more);
	json_k(&w, "satisfaction");
	json_array_begin(&w);
	for (uint32_t i = 0; i < o->months_len; i++)
		write_month(&w, &o->month[i]);
	json_array_end(&w);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}
