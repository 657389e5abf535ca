/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/offer_parts.h"

/* What an offer is bound to, so that no other sealed text of the installation passes for one. */
#define ABOUT STR("relais offer 1")

/* One line: [solution index, class, from, until, drop_off, ready, customer_minor]; minutes since
 * 1970, so that a full offer stays below OFFER_TEXT_MAX. customer_minor -1: not offered. */
static void write_line(struct json_writer *w, uint32_t solution, struct str class,
	const struct stay *s, const struct terms *t)
{
	json_array_begin(w);
	json_put_int(w, solution);
	json_put_str(w, class);
	json_put_int(w, s->from.s / 60);
	json_put_int(w, s->until.s / 60);
	json_put_int(w, s->drop_off.s / 60);
	json_put_int(w, s->ready.s / 60);
	json_put_int(w, t->decision == DECISION_NOT_OFFERED ? -1 : t->customer_minor);
	json_array_end(w);
}

static void write_lines(struct json_writer *w, const struct offering *o)
{
	json_array_begin(w);
	for (uint32_t i = 0; i < o->len; i++) {
		const struct solution_answer *a = &o->answers[i];
		write_line(w, i, STR(""), &o->stay, &a->terms);
		for (uint32_t k = 0; k < a->classes_len; k++)
			if (a->classes[k].terms)
				write_line(
					w, i, a->classes[k].class, &o->stay, a->classes[k].terms);
		for (uint32_t k = 0; k < a->next_len; k++)
			write_line(w, i, a->next[k].class, &a->next[k].stay, a->next[k].terms);
	}
	json_array_end(w);
}

/* The inquiry's facts, without what is read anew when it is booked. */
static void write_facts(struct json_writer *w, struct json facts)
{
	static const char *const kept[] = {"authorisations", "campaign_open", "distance_km",
		"driver", "goodwill", "immobile", "jobs", "need", "odometer_km"};

	json_object_begin(w);
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (!json_is_null(json_get(facts, kept[i])))
			json_kv_raw(w, kept[i], json_raw(json_get(facts, kept[i])));
	json_object_end(w);
}

struct str offer_text(const struct offering *o)
{
	struct arena *a = o->view->arena;
	const struct ruleset *ruleset = o->inputs->ruleset.ruleset;
	struct json_writer w;
	struct str plain, sealed;

	arena_writer(a, &w, OFFER_TEXT_MAX);
	json_object_begin(&w);
	json_kv_bool(&w, "checked", o->inputs->cover == COVER_CHECKED);
	json_kv_str(&w, "customer", o->inputs->customer);
	json_kv_int(&w, "expires", o->expires_at.s);
	json_k(&w, "facts");
	write_facts(&w, o->inquiry.facts);
	json_kv_str(&w, "language", o->language);
	json_k(&w, "lines");
	write_lines(&w, o);
	json_kv_str(&w, "ruleset", ruleset->version);
	json_kv_str(&w, "sha256", str_from(o->inputs->ruleset.sha256));
	json_kv_str(&w, "site", o->roster->site);
	json_k(&w, "solutions");
	json_array_begin(&w);
	for (uint32_t i = 0; i < o->len; i++)
		json_put_str(&w, ruleset->solutions[i].solution.id);
	json_array_end(&w);
	json_kv_str(&w, "vin", o->inputs->vin);
	json_kv_str(&w, "visit", o->inquiry.visit);
	json_object_end(&w);
	plain = arena_written(a, &w);
	if (!plain.n)
		return STR_NULL;
	sealed = seal(a, o->view->env, people_secret(o->view->people), ABOUT, plain);
	return sealed.n <= OFFER_TEXT_MAX ? sealed : STR_NULL;
}

static struct instant minute_at(struct json line, uint32_t i)
{
	return (struct instant){json_int(json_item(line, i), 0) * 60};
}

static void read_lines(struct offer *out, struct json lines, struct json solutions)
{
	for (struct json l = json_first(lines); json_present(l); l = json_next(lines, l)) {
		struct offer_line *line = &out->lines[out->lines_len];
		if (out->lines_len == OFFER_LINES_MAX)
			return;
		line->solution =
			json_str(json_item(solutions, (uint32_t)json_int(json_item(l, 0), 0)));
		line->class = json_str(json_item(l, 1));
		line->from = minute_at(l, 2);
		line->until = minute_at(l, 3);
		line->drop_off = minute_at(l, 4);
		line->ready = minute_at(l, 5);
		line->customer_minor = json_int(json_item(l, 6), 0);
		line->offered = line->customer_minor >= 0;
		out->lines_len++;
	}
}

enum outcome offer_open(struct view *v, struct str text, struct offer *out)
{
	struct str plain;
	struct json doc;

	memset(out, 0, sizeof *out);
	if (text.n == 0 || text.n > OFFER_TEXT_MAX)
		return REFUSED_OFFER_INVALID;
	if (!unseal(v->arena, people_secret(v->people), ABOUT, text, &plain))
		return REFUSED_OFFER_INVALID;
	doc = arena_json(v->arena, plain, NULL);
	if (!json_present(doc))
		return REFUSED_OFFER_INVALID;
	out->site = json_str_at(doc, "site");
	out->visit = json_str_at(doc, "visit");
	out->vin = json_str_at(doc, "vin");
	out->customer = json_str_at(doc, "customer");
	out->language = json_str_at(doc, "language");
	out->ruleset_version = json_str_at(doc, "ruleset");
	out->ruleset_sha256 = json_str_at(doc, "sha256");
	out->expires_at.s = json_int_at(doc, "expires", 0);
	out->checked = json_bool_at(doc, "checked", false);
	out->request = json_get(doc, "facts");
	read_lines(out, json_get(doc, "lines"), json_get(doc, "solutions"));
	return OK;
}

uint32_t offer_solutions(const struct offer *offer)
{
	struct str last = STR_NULL; /* a solution's lines stand together */
	uint32_t n = 0;

	for (uint32_t i = 0; i < offer->lines_len; i++) {
		const struct offer_line *l = &offer->lines[i];
		const struct solution *known = solution_find(l->solution);
		if (!l->offered || (known && known->unit == UNIT_NONE) ||
			(last.n && str_eq(last, l->solution)))
			continue;
		last = l->solution;
		n++;
	}
	return n;
}
