/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/demo_warranty.h"

#include "fleet/claims.h"
#include "server/import_batch.h"
#include "server/import_order.h"

enum { WEEK_S = 7 * 86400 };
/* A loan's claim is made, sent and answered so long after its end; one in so many is charged back,
 * and so many are the weeks that are looked at. */
enum { MADE_WEEKS = 2, SENT_WEEKS = 5, ANSWERED_WEEKS = 8, BACK_OF = 11, PAST_WEEKS = 60 };

/* ---- repair orders ---- */

/* A member is what happened then; what lies ahead did not. */
static bool is_ahead(const struct import *im, struct json doc, const char *key)
{
	struct instant at;

	return doc_instant(doc, key, &at) && at.s > im->now.s;
}

/* The row without what has not happened; STR_NULL: nothing of it has. */
static struct str order_by_now(struct import *im, struct arena *a, struct str text)
{
	static const char *const closing[] = {"closed_at", "invoice", "odometer_out"};
	struct json doc = arena_json(a, text, NULL);
	bool closes = is_ahead(im, doc, "closed_at");
	struct json_writer w;

	if (is_ahead(im, doc, "opened_at"))
		return STR_NULL;
	arena_writer(a, &w, 256);
	json_object_begin(&w);
	for (size_t i = 0; closes && i < ARRAY_LEN(closing); i++)
		json_kv_null(&w, closing[i]);
	if (is_ahead(im, doc, "ready_at"))
		json_kv_null(&w, "ready_at");
	json_object_end(&w);
	return doc_merge(a, doc, arena_json(a, arena_written(a, &w), NULL));
}

/* It goes by that number: a wish that found no seat left no visit, and near ones are others'. */
static bool has_visit(struct import *im, struct arena *a, struct str text)
{
	struct json doc = arena_json(a, text, NULL);
	struct view v;
	struct txn t;
	struct row visit;
	struct str id;
	bool found;

	import_look(im, &v, &t, a);
	id = import_order_visit(&v, doc);
	found = id.n && row_get(&v, ROW_VISIT, id, &visit) &&
		str_eq(json_str_at(visit.doc, "repair_order"), json_str_at(doc, "number"));
	fleet_look_end(&v);
	return found;
}

enum outcome demo_orders(struct import *im, const struct import_rows *rows)
{
	struct import_rows known = {.len = 0};
	enum outcome o = OK;
	struct arena a;

	import_rows_init(&known);
	known.row = arena_alloc(&known.arena, (rows->len + 1) * sizeof *known.row);
	arena_init(&a, ARENA_MAX_DEFAULT);
	for (uint32_t i = 0; known.row && i < rows->len; i++) {
		struct str text = order_by_now(im, &a, rows->row[i].doc);
		if (text.n && has_visit(im, &a, text))
			known.row[known.len++] = (struct import_row){
				rows->row[i].line, arena_copy(&known.arena, text)};
		arena_reset(&a);
	}
	o = known.row && !known.arena.full ? import_put(im, IMPORT_REPAIR_ORDERS, &known)
					   : FAULT_MEMORY;
	known.row = NULL; /* its arena's */
	import_rows_deinit(&known);
	arena_deinit(&a);
	return o;
}

/* ---- claims ---- */

struct asking { /* a step of one claim */
	struct str site, target, body;
	struct asking *next;
};
struct askings {
	struct import *im;
	struct arena arena;
	struct asking *first, **last;
	uint32_t answered; /* whom a payer answered: not everybody gets a yes */
};

static void askings_begin(struct askings *s)
{
	arena_reset(&s->arena);
	s->first = NULL;
	s->last = &s->first;
}

static void asking_add(struct askings *s, struct str site, struct str target, struct str body)
{
	struct asking *one = arena_alloc(&s->arena, sizeof *one);

	if (!one)
		return; /* the arena says so */
	*one = (struct asking){arena_copy(&s->arena, site), arena_copy(&s->arena, target),
		arena_copy(&s->arena, body), NULL};
	*s->last = one;
	s->last = &one->next;
}

static void asking_done(struct command *c)
{
	ASSERT(c->outcome == OK || outcome_is_fault(c->outcome));
}

static enum outcome askings_run(struct askings *s, enum verb verb)
{
	struct import_batch batch = {.im = s->im};

	if (s->arena.full)
		return FAULT_MEMORY;
	for (struct asking *one = s->first; one && batch.fault == OK; one = one->next) {
		struct command *c =
			import_command(&batch, verb, one->site, one->target, STR_NULL);
		if (!c)
			break;
		c->done = asking_done;
		import_batch_add(&batch, c, one->body);
	}
	import_batch_run(&batch);
	import_batch_end(&batch);
	return batch.fault;
}

/* Complete cases of a site, a page of them at a time. */
static bool add_ready(struct askings *s, struct str site)
{
	struct claim_filter filter = {.site = site,
		.span = {{s->im->now.s - (int64_t)PAST_WEEKS * WEEK_S},
			{s->im->now.s - (int64_t)MADE_WEEKS * WEEK_S}},
		.ready = CLAIMS_READY};
	struct claim_place place = {.len = 0};
	struct arena a;
	bool good = true;

	arena_init(&a, ARENA_MAX_DEFAULT);
	while (good && !place.over) {
		struct claim_lines lines;
		struct view v;
		struct txn t;
		import_look(s->im, &v, &t, &a);
		good = claim_lines_page(&lines, &v, &filter, &place);
		for (uint32_t i = 0; good && i < lines.len; i++) {
			const struct claim_line *l = lines.line[i];
			if (!payer_is_claimable(l->cell[COLUMN_payer].text))
				continue;
			asking_add(s, site, l->booking,
				arena_printf(&a, "{\"payer\":\"%.*s\",\"programme\":\"%.*s\"}",
					STR_FMT(l->cell[COLUMN_payer].text),
					STR_FMT(l->claim.programme)));
		}
		fleet_look_end(&v);
		arena_reset(&a);
	}
	arena_deinit(&a);
	return good;
}

static bool add_sites(struct askings *s)
{
	struct key prefix = key_row_prefix(ROW_SITE);
	struct str site[64], id;
	uint32_t len = 0;
	struct cursor c;
	struct arena a;
	struct view v;
	struct txn t;
	bool good = true;

	arena_init(&a, ARENA_MAX_DEFAULT);
	import_look(s->im, &v, &t, &a);
	cursor_open(&c, v.txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && len < ARRAY_LEN(site) && cursor_within(&c, key_str(&prefix));
		some = cursor_next(&c)) {
		size_t at = prefix.n;
		ASSERT(key_take_text(c.key, &at, &id));
		site[len++] = arena_copy(&a, id);
	}
	cursor_close(&c);
	fleet_look_end(&v);
	for (uint32_t i = 0; i < len && good; i++)
		good = add_ready(s, site[i]);
	arena_deinit(&a);
	return good;
}

static const struct due_step {
	enum verb verb;
	enum warranty_claim_status from;
	uint32_t weeks; /* that the loan is over */
} due_steps[] = {
	{VERB_CLAIM_COMPLETE, CLAIM_DRAFT, 0},
	{VERB_CLAIM_EXPORT, CLAIM_COMPLETE, SENT_WEEKS},
	/* whom a payer refuses is found first: who is left is accepted */
	{VERB_CLAIM_CHARGE_BACK, CLAIM_EXPORTED, ANSWERED_WEEKS},
	{VERB_CLAIM_ACCEPT, CLAIM_EXPORTED, ANSWERED_WEEKS},
};

/* What the step says of this claim; STR_NULL: it is not its turn. */
static struct str step_body(struct askings *s, struct arena *a, const struct due_step *step,
	const struct warranty_claim *c)
{
	struct instant until;

	ASSERT(doc_instant(c->doc, "until", &until));
	if (c->status != step->from || (s->im->now.s - until.s) / WEEK_S < step->weeks)
		return STR_NULL;
	if (step->verb == VERB_CLAIM_EXPORT)
		return arena_printf(a, "{\"reference\":\"DEMO-%.*s\"}",
			STR_FMT(json_str_at(c->doc, "number")));
	if (step->verb != VERB_CLAIM_CHARGE_BACK)
		return STR("{}");
	return s->answered++ % BACK_OF == BACK_OF - 1
		       ? STR("{\"reason\":\"demonstration: a copy was not legible\"}")
		       : STR_NULL;
}

static void add_steps(struct askings *s, const struct due_step *step)
{
	struct key prefix = key_row_prefix(ROW_CLAIM);
	struct str id;
	struct cursor c;
	struct arena a;
	struct view v;
	struct txn t;

	arena_init(&a, ARENA_MAX_DEFAULT);
	import_look(s->im, &v, &t, &a);
	s->answered = 0;
	cursor_open(&c, v.txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct warranty_claim claim;
		struct str body;
		ASSERT(key_take_text(c.key, &at, &id) &&
			warranty_claim_get(&v, arena_copy(&a, id), &claim));
		body = step_body(s, &a, step, &claim);
		if (body.n)
			asking_add(s, json_str_at(claim.doc, "site"), claim.id, body);
		arena_reset(&a);
	}
	cursor_close(&c);
	fleet_look_end(&v);
	arena_deinit(&a);
}

enum outcome demo_claims(struct import *im)
{
	struct askings s = {.im = im};
	enum outcome o;

	arena_init(&s.arena, ARENA_MAX_DEFAULT);
	askings_begin(&s);
	o = add_sites(&s) ? askings_run(&s, VERB_CLAIM_DRAFT) : FAULT_MEMORY;
	for (size_t i = 0; i < ARRAY_LEN(due_steps) && o == OK; i++) {
		askings_begin(&s);
		add_steps(&s, &due_steps[i]);
		o = askings_run(&s, due_steps[i].verb);
	}
	arena_deinit(&s.arena);
	return o;
}
