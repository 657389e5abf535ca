/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What an audit pack says, held against the entries it brings: rows are folded again from them,
 * decisions are made again, claims are what the rows say. */

#include <inttypes.h>
#include <stdlib.h>

#include "fleet/event.h"
#include "server/pack_check.h"

enum { TOUCHES_FIRST = 1024, TERMS_BYTES_MAX = 64 << 10 };

static bool no_memory(struct pack_check *c)
{
	return check_fault(c, "there is no memory to check it");
}

/* A line as relais writes it; JSON_ABSENT with the fault told. */
static struct json line_read(
	struct pack_check *c, struct arena *a, enum pack_file file, uint32_t line, struct str text)
{
	struct json_doc *read = NULL;
	struct json doc = text.p ? arena_json(a, text, &read) : JSON_ABSENT;

	if (!json_present(doc) || !json_is(doc, JSON_OBJECT) || !read->canonical) {
		check_fault(c, "%s: line %" PRIu32 " is not as relais writes it",
			pack_file_names[file], line + 1);
		return JSON_ABSENT;
	}
	return doc;
}

/* ---- the loans and the orders ---- */

static int object_order(const void *a, const void *b)
{
	const struct pack_object *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return str_cmp(x->id, y->id);
}

static bool read_objects(
	struct pack_check *c, enum pack_file file, enum row_kind kind, const char *name)
{
	struct str rest = c->file[file];
	uint32_t n = check_lines(rest);

	for (uint32_t i = 0; i < n; i++) {
		struct pack_object *o = &c->object[c->objects];
		struct str text = check_line(&rest);
		arena_reset(&c->scratch);
		struct json doc = line_read(c, &c->scratch, file, i, text);
		struct str row = json_raw(json_get(doc, "row"));
		if (!json_present(doc))
			return false;
		*o = (struct pack_object){.kind = kind,
			.id = arena_copy(&c->arena, json_str_at(doc, name)),
			.row = row, /* in the mapped file */
			.seq = (uint64_t)json_int_at(doc, "seq", 0),
			.line = i};
		if (!o->id.n || !o->row.n || c->arena.full)
			return check_fault(c, "%s: line %" PRIu32 " says too little or too much",
				pack_file_names[file], i + 1);
		c->objects++;
	}
	return !rest.n || check_fault(c, "%s: its last line has no end", pack_file_names[file]);
}

static bool load_objects(struct pack_check *c)
{
	c->bookings = check_lines(c->file[PACK_BOOKINGS]);
	uint32_t n = c->bookings + check_lines(c->file[PACK_ORDERS]);

	c->object = calloc(n + 1, sizeof *c->object);
	c->in_file = calloc(c->bookings + 1, sizeof *c->in_file);
	if (!c->object || !c->in_file)
		return no_memory(c);
	if (!read_objects(c, PACK_BOOKINGS, ROW_BOOKING, "booking") ||
		!read_objects(c, PACK_ORDERS, ROW_REPAIR_ORDER, "visit"))
		return false;
	qsort(c->object, c->objects, sizeof *c->object, object_order);
	for (uint32_t i = 0; i < c->objects; i++) {
		if (c->object[i].kind == ROW_BOOKING)
			c->in_file[c->object[i].line] = i;
		if (i && c->object[i].kind == ROW_BOOKING &&
			object_order(&c->object[i - 1], &c->object[i]) == 0)
			return check_fault(c, "bookings.jsonl: booking %.*s stands there twice",
				STR_FMT(c->object[i].id));
	}
	return true;
}

static struct pack_object *object_of(struct pack_check *c, enum row_kind kind, struct str id)
{
	struct pack_object key = {.kind = kind, .id = id};

	return bsearch(&key, c->object, c->objects, sizeof *c->object, object_order);
}

/* ---- which entries are about them ---- */

static bool touch_add(struct pack_check *c, uint32_t *cap, uint32_t object, uint32_t entry)
{
	if (c->touches && c->touch[c->touches - 1].entry == entry &&
		c->touch[c->touches - 1].object == object)
		return true;
	if (c->touches == *cap) {
		uint32_t more = *cap ? *cap * 2 : TOUCHES_FIRST;
		struct pack_touch *touch = realloc(c->touch, more * sizeof *touch);
		if (!touch)
			return no_memory(c);
		c->touch = touch;
		*cap = more;
	}
	c->touch[c->touches++] = (struct pack_touch){object, entry};
	return true;
}

static int touch_order(const void *a, const void *b)
{
	const struct pack_touch *x = a, *y = b;

	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

static struct json effects_of(struct pack_check *c, uint32_t entry)
{
	struct json line = arena_json(&c->scratch, c->entry[entry], NULL);

	return json_get(json_get(line, "event"), "effects");
}

static bool find_touches(struct pack_check *c)
{
	uint32_t cap = 0;

	for (uint32_t i = 0; i < c->entries; i++) {
		arena_reset(&c->scratch);
		struct json effects = effects_of(c, i);
		for (struct json e = json_first(effects); json_present(e);
			e = json_next(effects, e)) {
			struct effect effect;
			if (!effect_read(&effect, e))
				return check_fault(c,
					"journal.jsonl: line %" PRIu32 " has an effect unknown",
					i + 1);
			const struct pack_object *o =
				effect.op == EFFECT_REFUSE ? NULL
							   : object_of(c, effect.kind, effect.id);
			if (o && !touch_add(c, &cap, (uint32_t)(o - c->object), i))
				return false;
		}
	}
	if (c->touches)
		qsort(c->touch, c->touches, sizeof *c->touch, touch_order);
	return true;
}

/* ---- the rule sets ---- */

static bool load_rulesets(struct pack_check *c)
{
	struct str rest = c->file[PACK_RULESETS];
	struct faults *faults = calloc(1, sizeof *faults);
	bool good = faults != NULL || no_memory(c);
	struct str line;

	while (good && (line = check_line(&rest)).p) {
		uint32_t i = c->rulesets;
		struct hash hash = hash_of(line);
		if (i == PACK_RULESETS_MAX) {
			good = check_fault(c, "rulesets.jsonl: there are too many");
			break;
		}
		struct json doc = line_read(c, &c->arena, PACK_RULESETS, i, line);
		c->ruleset[i] = calloc(1, sizeof *c->ruleset[i]);
		c->rulesets += c->ruleset[i] != NULL;
		(void)hash_print(&hash, c->sha256[i]);
		faults->len = 0;
		good = json_present(doc) && (c->ruleset[i] || no_memory(c)) &&
		       (ruleset_read(c->ruleset[i], doc, true, faults) ||
			       check_fault(c, "rulesets.jsonl: line %" PRIu32 " is no rule set",
				       i + 1));
	}
	free(faults);
	return good && (!rest.n || check_fault(c, "rulesets.jsonl: its last line has no end"));
}

static const struct ruleset *ruleset_of(const struct pack_check *c, struct str sha256)
{
	for (uint32_t i = 0; i < c->rulesets; i++)
		if (str_is(sha256, c->sha256[i]))
			return c->ruleset[i];
	return NULL;
}

/* ---- the decisions ---- */

struct again {
	struct decision_request request;
	struct site_terms site;
	struct faults faults;
	struct terms terms;
};

static bool load_decisions(struct pack_check *c)
{
	struct str rest = c->file[PACK_DECISIONS];

	c->decisions = check_lines(rest);
	c->decision = calloc(c->decisions + 1, sizeof *c->decision);
	c->decision_met = calloc(c->decisions + 1, sizeof *c->decision_met);
	if (!c->decision || !c->decision_met)
		return no_memory(c);
	for (uint32_t i = 0; i < c->decisions; i++)
		c->decision[i] = check_line(&rest);
	return !rest.n || check_fault(c, "decisions.jsonl: its last line has no end");
}

/* The line that the pack must have for a decision of that entry. */
static struct str decision_line(
	struct pack_check *c, struct str id, struct json row, struct json decided, uint64_t seq)
{
	bool upgraded = json_present(json_get(row, "upgraded_from"));
	struct json_writer w;

	arena_writer(&c->scratch, &w, 2 * json_raw(row).n + TERMS_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "booking", id);
	json_kv_str(&w, "class", json_str_at(row, upgraded ? "upgraded_from" : "class"));
	json_kv_raw(&w, "decided", json_raw(decided));
	json_kv_raw(&w, "ruleset", json_raw(json_get(row, "ruleset")));
	json_kv_int(&w, "seq", (int64_t)seq);
	json_kv_str(&w, "solution", json_str_at(row, "solution"));
	json_kv_raw(&w, "terms", json_raw(json_get(row, "terms")));
	json_object_end(&w);
	return arena_written(&c->scratch, &w);
}

static bool decide_again(struct pack_check *c, uint32_t line, struct json row, struct json decided)
{
	const struct ruleset *rules =
		ruleset_of(c, json_str_at(json_get(row, "ruleset"), "sha256"));
	struct again *again = calloc(1, sizeof *again);
	bool upgraded = json_present(json_get(row, "upgraded_from"));
	struct str class = json_str_at(row, upgraded ? "upgraded_from" : "class"), made;
	struct json_writer w;
	const char *why = NULL;
	int solution = rules ? ruleset_solution_index(rules, json_str_at(row, "solution")) : -1;

	if (!again)
		return no_memory(c);
	if (!rules)
		why = "its rule set is not in the pack";
	else if (solution < 0)
		why = "its rule set has no such solution";
	else if (!decision_request_read(
			 &again->request, json_get(decided, "request"), NULL, &again->faults) ||
		 !site_terms_read(&again->site, json_get(decided, "site"), rules, &again->faults))
		why = "its inputs cannot be read";
	if (!why) {
		decide_terms(&again->terms, &again->request, &again->site, rules,
			(uint32_t)solution, class);
		arena_writer(&c->scratch, &w, TERMS_BYTES_MAX);
		terms_write(&w, &again->terms, rules);
		made = arena_written(&c->scratch, &w);
		if (!str_eq(made, json_raw(json_get(row, "terms"))))
			why = "deciding again gives other terms";
	}
	free(again);
	return !why || check_fault(c, "decisions.jsonl: line %" PRIu32 ": %s", line + 1, why);
}

/* Decisions stand in the order of their entries: the line is looked for around where the last one
 * of that booking was, which is behind. */
static bool check_decision(
	struct pack_check *c, struct str id, struct json row, struct json decided, uint64_t seq)
{
	struct str wanted = decision_line(c, id, row, decided, seq);
	uint32_t low = 0, high = c->decisions;

	if (!wanted.p)
		return no_memory(c);
	while (low < high) { /* the first line of this entry or a later one */
		uint32_t middle = low + (high - low) / 2;
		struct json line = arena_json(&c->scratch, c->decision[middle], NULL);
		if ((uint64_t)json_int_at(line, "seq", 0) < seq)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < c->decisions; low++) {
		struct json line;
		if (!c->decision_met[low] && str_eq(c->decision[low], wanted)) {
			c->decision_met[low] = true;
			return decide_again(c, low, row, decided);
		}
		line = arena_json(&c->scratch, c->decision[low], NULL);
		if ((uint64_t)json_int_at(line, "seq", 0) != seq)
			break;
	}
	return check_fault(c,
		"decisions.jsonl: the decision of booking %.*s in entry %" PRIu64
		" is missing or another",
		STR_FMT(id), seq);
}

static bool check_all_met(struct pack_check *c)
{
	for (uint32_t i = 0; i < c->decisions; i++)
		if (!c->decision_met[i])
			return check_fault(c,
				"decisions.jsonl: line %" PRIu32 " is in no entry of the journal",
				i + 1);
	return true;
}

/* ---- rows, folded again ---- */

/* What one entry makes of an object. The text is in `a`. */
static bool fold_entry(struct pack_check *c, struct arena *a, const struct pack_object *o,
	uint32_t entry, struct str *text)
{
	struct json effects = effects_of(c, entry), row;

	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		if (!effect_read(&effect, e) || effect.op == EFFECT_REFUSE ||
			effect.kind != o->kind || !str_eq(effect.id, o->id))
			continue;
		if (effect.op == EFFECT_PUT)
			*text = arena_copy(a, json_raw(effect.doc));
		else if (effect.op == EFFECT_DELETE || !text->n)
			*text = STR_NULL;
		else
			*text = doc_merge(a, arena_json(a, *text, NULL), effect.doc);
		if (a->full)
			return no_memory(c);
	}
	row = arena_json(&c->scratch, *text, NULL);
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		if (o->kind != ROW_BOOKING || !effect_read(&effect, e) ||
			(effect.op != EFFECT_PUT && effect.op != EFFECT_SET) ||
			effect.kind != ROW_BOOKING || !str_eq(effect.id, o->id) ||
			!json_present(json_get(effect.doc, "decided")))
			continue;
		if (!check_decision(
			    c, o->id, row, json_get(effect.doc, "decided"), c->first + entry))
			return false;
	}
	return true;
}

static bool fold_object(struct pack_check *c, const struct pack_object *o, uint32_t *touch)
{
	const char *name = o->kind == ROW_BOOKING ? "bookings.jsonl" : "repair-orders.jsonl";
	uint32_t number = (uint32_t)(o - c->object), last = 0;
	struct str text = STR_NULL;
	struct arena a;
	bool good = true;

	arena_init(&a, ARENA_MAX_DEFAULT);
	for (; good && *touch < c->touches && c->touch[*touch].object == number; ++*touch) {
		arena_reset(&c->scratch);
		last = c->touch[*touch].entry;
		good = fold_entry(c, &a, o, last, &text);
	}
	if (good && (!str_eq(text, o->row) || c->first + last != o->seq))
		good = check_fault(c,
			"%s: line %" PRIu32 " is not what the journal's entries make "
			"of %.*s",
			name, o->line + 1, STR_FMT(o->id));
	arena_deinit(&a);
	return good;
}

static bool fold_objects(struct pack_check *c)
{
	uint32_t touch = 0;

	for (uint32_t i = 0; i < c->objects; i++)
		if (!fold_object(c, &c->object[i], &touch))
			return false;
	return true;
}

/* ---- the claims ---- */

static bool same_text(struct json line, const char *column, struct json row, const char *name)
{
	return str_eq(json_str_at(line, column), json_str_at(row, name));
}

static bool same_number(struct json line, const char *column, struct json row, const char *name)
{
	return json_int_at(line, column, 0) == json_int_at(row, name, 0);
}

/* One line against its booking, the decision and the entry that it names. */
static bool claim_fits(struct pack_check *c, const struct pack_object *o, struct json row,
	struct json covered, uint32_t index, struct json line)
{
	struct json terms = json_get(row, "terms"), ruleset = json_get(row, "ruleset");
	struct hash inputs = hash_of(json_raw(json_get(row, "decided")));
	struct json entry = arena_json(&c->scratch, c->entry[o->seq - c->first], NULL);
	struct str id = arena_printf(
		&c->scratch, "%.*s/%" PRIu32, STR_FMT(json_str_at(row, "number")), index + 1);
	char hex[HASH_TEXT];

	return str_eq(json_str_at(line, "booking"), o->id) &&
	       str_eq(json_str_at(line, "claim_id"), id) &&
	       (uint64_t)json_int_at(line, "journal_seq", 0) == o->seq &&
	       same_text(line, "journal_hash", entry, "hash") &&
	       same_text(line, "ruleset_sha256", ruleset, "sha256") &&
	       str_eq(json_str_at(line, "inputs_sha256"), hash_print(&inputs, hex)) &&
	       same_text(line, "vin", row, "vin") && same_text(line, "status", row, "status") &&
	       same_text(line, "decision", terms, "decision") &&
	       same_number(line, "value_minor", terms, "value_minor") &&
	       same_number(line, "customer_minor", terms, "customer_minor") &&
	       same_text(line, "currency", terms, "currency") &&
	       same_text(line, "programme", covered, "programme") &&
	       same_text(line, "payer", covered, "payer") &&
	       same_text(line, "cost_code", covered, "cost_code") &&
	       same_number(line, "amount_minor", covered, "amount_minor") &&
	       same_number(line, "days_claimed", covered, "units");
}

static bool csv_fits(struct pack_check *c, struct str *csv, struct json line)
{
	struct str wanted = claims_csv_again(&c->scratch, line);

	if (!wanted.p || csv->n < wanted.n || memcmp(csv->p, wanted.p, wanted.n) != 0)
		return check_fault(c,
			"claims.csv: row %" PRIu32 " is not line %" PRIu32 " of claims.jsonl",
			c->lines + 1, c->lines);
	*csv = (struct str){csv->p + wanted.n, csv->n - wanted.n};
	return true;
}

static bool check_loan(
	struct pack_check *c, const struct pack_object *o, struct str *rest, struct str *csv)
{
	struct json row, covered;
	struct arena a;
	uint32_t index = 0;
	bool good = true;

	arena_init(&a, ARENA_MAX_DEFAULT);
	row = arena_json(&a, o->row, NULL);
	covered = json_get(json_get(row, "terms"), "covered");
	for (struct json e = json_first(covered); good && json_present(e);
		e = json_next(covered, e), index++) {
		arena_reset(&c->scratch);
		struct json line =
			line_read(c, &c->scratch, PACK_CLAIMS, c->lines++, check_line(rest));
		good = json_present(line) &&
		       (claim_fits(c, o, row, e, index, line) ||
			       check_fault(c,
				       "claims.jsonl: line %" PRIu32
				       " is not what booking %.*s says",
				       c->lines, STR_FMT(o->id))) &&
		       csv_fits(c, csv, line);
	}
	arena_deinit(&a);
	return good;
}

static bool check_claims(struct pack_check *c)
{
	struct str rest = c->file[PACK_CLAIMS], csv = c->file[PACK_CSV];

	arena_reset(&c->scratch);
	if (!csv_fits(c, &csv, JSON_ABSENT))
		return false;
	for (uint32_t i = 0; i < c->bookings; i++)
		if (!check_loan(c, &c->object[c->in_file[i]], &rest, &csv))
			return false;
	if (rest.n)
		return check_fault(c, "claims.jsonl: line %" PRIu32 " is of no loan in the pack",
			c->lines + 1);
	return !csv.n || check_fault(c, "claims.csv: it has more rows than claims.jsonl");
}

bool check_facts(struct pack_check *c)
{
	return load_objects(c) && find_touches(c) && load_rulesets(c) && load_decisions(c) &&
	       fold_objects(c) && check_all_met(c) && check_claims(c);
}
