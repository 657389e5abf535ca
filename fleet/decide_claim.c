/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claim_need.h"
#include "fleet/decide.h"
#include "fleet/erase.h"
#include "fleet/stored.h"

/* The steps of a claim (warranty_claim.h): each is one entry, with who, when and why. */

enum { CLAIM_ROOM = 4096, STEP_BYTES = 512, DETAIL_BYTES = 4096, DAY_ROOM = 16 };

/* ---- what is claimed, as the loan is now ---- */

struct claiming {
	struct decide *d;
	struct booking b;
	struct row row;
	struct claim_lines lines;
	uint32_t own; /* lines of the booking */
	const struct claim_line *line;
	struct json covered; /* the same row as it is stored */
	struct str days;     /* as JSON */
};

static bool take_loan(struct claiming *g, struct str booking)
{
	return row_get(&g->d->view, ROW_BOOKING, booking, &g->row) &&
	       (booking_read(&g->b, g->row.doc), str_eq(g->b.site, g->d->command->journal));
}

/* The row of that programme and payer; `payer` STR_NULL: the first that can be asked. */
static bool find_row(struct claiming *g, struct str programme, struct str payer)
{
	struct json covered = json_get(json_get(g->b.doc, "terms"), "covered");
	uint32_t i = 0;

	for (struct json c = json_first(covered); json_present(c) && i < g->own;
		c = json_next(covered, c), i++) {
		struct str who = json_str_at(c, "payer");
		if (!str_eq(json_str_at(c, "programme"), programme) ||
			(payer.n ? !str_eq(who, payer) : !payer_is_claimable(who)))
			continue;
		g->covered = c;
		g->line = g->lines.line[i];
		return true;
	}
	return false;
}

static bool pays(const struct ledger_line *line, struct str programme, struct str payer)
{
	if (str_is(programme, "GOODWILL"))
		return line->goodwill_minor > 0;
	return str_eq(line->programme, programme) &&
	       ((str_eq(line->payer, payer) && line->amount_minor > 0) ||
		       (str_eq(line->rest_payer, payer) && line->rest_minor > 0));
}

/* Its days by the very decision that covers them; a trip has none of its own (S12). */
static enum outcome find_days(struct claiming *g, struct str programme, struct str payer)
{
	struct arena *a = g->d->view.arena;
	struct stored *stored = arena_alloc(a, sizeof *stored);
	struct ledger *ledger = arena_alloc(a, sizeof *ledger);
	struct terms *terms = arena_alloc(a, sizeof *terms);
	struct json_writer w;
	char day[DAY_TEXT];
	bool by_day;

	if (!stored || !ledger || !terms)
		return FAULT_MEMORY;
	if (stored_read(stored, &g->d->view, g->b.doc, json_get(g->b.doc, "decided")))
		return FAULT_CORRUPT; /* verify and replay name it */
	decide_ledger(ledger, terms, &stored->request, &stored->site, stored->rules.ruleset,
		stored->solution, stored->class);
	by_day = stored->rules.ruleset->solutions[stored->solution].solution.unit == UNIT_DAY;
	arena_writer(a, &w, (by_day ? ledger->len : 0) * DAY_ROOM + DAY_ROOM);
	json_array_begin(&w);
	for (uint32_t i = 0; by_day && i < ledger->len; i++)
		if (pays(&ledger->line[i], programme, payer))
			json_put_str(&w, day_print(local_day(ledger->line[i].start), day));
	json_array_end(&w);
	g->days = arena_written(a, &w);
	return g->days.n ? OK : FAULT_MEMORY;
}

/* ---- one day, one claim ---- */

static bool share_day(struct json a, struct json b)
{
	struct json x = json_first(a), y = json_first(b);

	while (json_present(x) && json_present(y)) {
		int order = str_cmp(json_str(x), json_str(y)); /* both ascend */
		if (order == 0)
			return true;
		if (order < 0)
			x = json_next(a, x);
		else
			y = json_next(b, y);
	}
	return false;
}

static enum outcome refuse_claimed(struct decide *d, const struct warranty_claim *other)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, DETAIL_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "booking", other->booking);
	json_kv_str(&w, "claim", other->id);
	json_kv_str(&w, "claim_status", str_from(warranty_claim_status_name(other->status)));
	json_object_end(&w);
	return refuse_with(d, REFUSED_CLAIMED, arena_written(d->view.arena, &w));
}

/* Whether a claim of that booking holds this row, or a day of it. */
static enum outcome check_booking_claims(
	struct claiming *g, struct str booking, struct json days, struct str except)
{
	struct str ids[CLAIMS_OF_BOOKING_MAX];
	uint32_t n = warranty_claims_of(&g->d->view, booking, ids);
	bool own = str_eq(booking, g->b.id);

	for (uint32_t i = 0; i < n; i++) {
		struct warranty_claim c;
		if (!warranty_claim_get(&g->d->view, ids[i], &c) ||
			!warranty_claim_holds(c.status) || str_eq(c.id, except))
			continue;
		if (own ? str_eq(c.programme, g->line->claim.programme) &&
					str_eq(c.payer, json_str_at(g->covered, "payer"))
			: share_day(c.days, days))
			return refuse_claimed(g->d, &c);
	}
	return OK;
}

static enum outcome check_claimed(struct claiming *g, struct str except)
{
	struct decide *d = g->d;
	struct json days = arena_json(d->view.arena, g->days, NULL);
	struct key prefix = key_vehicle_booking_prefix(g->b.vin);
	enum outcome o = check_booking_claims(g, g->b.id, days, except);
	struct cursor c;

	if (o != OK || !g->b.vin.n || !json_count(days))
		return o;
	cursor_open(&c, d->view.txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && o == OK && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		uint32_t from;
		struct str id;
		if (key_take_u32(c.key, &at, &from) && key_take_text(c.key, &at, &id) &&
			!str_eq(id, g->b.id))
			o = check_booking_claims(g, id, days, except);
	}
	cursor_close(&c);
	return o;
}

/* ---- nothing may be missing ---- */

static enum outcome check_findings(struct claiming *g, struct str claim)
{
	struct decide *d = g->d;
	struct json_writer w;

	if (!g->line->findings && !g->line->needs)
		return OK;
	arena_writer(d->view.arena, &w, DETAIL_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "claim", claim);
	json_k(&w, "findings");
	write_missing_codes(&w, g->line);
	json_object_end(&w);
	return refuse_with(d, REFUSED_CLAIM_FINDINGS, arena_written(d->view.arena, &w));
}

/* ---- drafting ---- */

/* Why: free words, sealed for whoever had the car. STR_NULL: there are none, or the person is
 * erased; then the step is kept without them. */
static struct str sealed_why(struct decide *d, const struct booking *b)
{
	struct str subject = b->customer.n ? b->customer : b->id;

	if (subject_is_erased(&d->view, subject))
		return STR_NULL;
	return draft_private_text(d, JSON_ABSENT, subject, "reason", "reason");
}

static void write_step(
	struct json_writer *w, struct decide *d, struct str sealed, enum warranty_claim_status to)
{
	json_object_begin(w);
	if (json_present(json_get(d->body, "amount_minor")))
		json_kv_int(w, "amount_minor", json_int_at(d->body, "amount_minor", 0));
	write_at_by(d, w);
	if (sealed.n)
		json_kv_raw(w, "private", sealed);
	if (json_str_at(d->body, "reference").n)
		json_kv_str(w, "reference", json_str_at(d->body, "reference"));
	json_kv_str(w, "status", str_from(warranty_claim_status_name(to)));
	json_object_end(w);
}

/* The members that say what is claimed; between "booking" and "reference". */
static void write_figures(struct json_writer *w, struct claiming *g, bool whole)
{
	const struct claim *c = &g->line->claim;
	const struct cell *net = &g->line->cell[COLUMN_net_minor];

	json_kv_str(w, "cost_code", c->cost_code);
	json_kv_str(w, "currency", json_str_at(json_get(g->b.doc, "terms"), "currency"));
	json_kv_raw(w, "days", g->days);
	if (whole && g->b.for_site.n)
		json_kv_str(w, "for_site", g->b.for_site);
	json_kv_instant(w, "from", c->claimed_from);
	if (whole)
		json_kv_instant(w, "made_at", g->d->now);
	if (net->type == CELL_NUMBER)
		json_kv_int(w, "net_minor", net->number);
	else if (!whole)
		json_kv_null(w, "net_minor");
	if (whole) {
		json_kv_str(w, "number", g->b.number);
		json_kv_str(w, "payer", json_str_at(g->covered, "payer"));
		json_kv_str(w, "programme", c->programme);
	}
}

static size_t room_for(const struct claiming *g)
{
	return CLAIM_ROOM + g->days.n + json_raw(g->d->body).n + 6 * g->d->command->by.n;
}

static void put_draft(struct claiming *g)
{
	struct decide *d = g->d;
	struct str id = id_new(d->view.arena, d->view.env, d->now);
	struct json_writer w;

	arena_writer(d->view.arena, &w, room_for(g));
	json_object_begin(&w);
	json_kv_int(&w, "amount_minor", g->line->claim.amount_minor);
	json_kv_str(&w, "booking", g->b.id);
	json_kv_str(&w, "claim", id);
	write_figures(&w, g, true);
	json_kv_str(&w, "site", d->command->journal);
	json_kv_str(&w, "solution", g->b.solution);
	json_kv_str(&w, "status", str_from(warranty_claim_status_name(CLAIM_DRAFT)));
	json_k(&w, "steps");
	json_array_begin(&w);
	write_step(&w, d, STR_NULL, CLAIM_DRAFT);
	json_array_end(&w);
	json_kv_int(&w, "units", g->line->claim.days_claimed);
	json_kv_instant(&w, "until", g->line->claim.claimed_to);
	if (g->b.vin.n)
		json_kv_str(&w, "vin", g->b.vin);
	json_kv_str(&w, "visit", g->b.visit);
	json_object_end(&w);
	draft_put(d, ROW_CLAIM, id, arena_written(d->view.arena, &w));
}

static enum outcome take_row(struct claiming *g, struct str programme, struct str payer)
{
	if (!claim_lines_of(&g->lines, &g->d->view, &g->b, &g->row, &g->own))
		return FAULT_MEMORY;
	return find_row(g, programme, payer) ? OK : REFUSED_NOT_FOUND;
}

static enum outcome refuse_row(struct decide *d, struct str payer)
{
	if (!payer.n)
		return refuse_field(d, "/programme",
			"nobody outside the house pays anything of this loan by that programme");
	return refuse_field(d, "/payer", "he pays nothing of this loan by that programme");
}

enum outcome decide_claim_draft(struct decide *d)
{
	struct claiming *g = arena_alloc(d->view.arena, sizeof *g);
	struct str programme = json_str_at(d->body, "programme");
	struct str payer = json_str_at(d->body, "payer");
	struct str ids[CLAIMS_OF_BOOKING_MAX];
	enum outcome o;

	if (!g)
		return FAULT_MEMORY;
	g->d = d;
	o = take_booking(d, &g->b, 1u << BOOKING_OUT | 1u << BOOKING_RETURNED);
	if (o != OK)
		return o;
	if (payer.n && !payer_is_claimable(payer))
		return refuse_field(d, "/payer", "nobody outside the house is asked for this");
	if (!take_loan(g, d->command->target))
		return REFUSED_NOT_FOUND;
	o = take_row(g, programme, payer);
	if (o == REFUSED_NOT_FOUND)
		return refuse_row(d, payer);
	if (o == OK)
		o = find_days(g, programme, json_str_at(g->covered, "payer"));
	if (o == OK)
		o = check_claimed(g, STR_NULL);
	if (o == OK && warranty_claims_of(&d->view, g->b.id, ids) == CLAIMS_OF_BOOKING_MAX)
		o = REFUSED_LIMIT;
	if (o == OK)
		put_draft(g);
	return o;
}

/* ---- steps ---- */

#define BIT(s) (1u << CLAIM_##s)
static const struct step {
	enum verb verb;
	unsigned from; /* bits of statuses that it leads on from */
	enum warranty_claim_status to;
} steps[] = {
	{VERB_CLAIM_COMPLETE, BIT(DRAFT), CLAIM_COMPLETE},
	{VERB_CLAIM_REOPEN, BIT(COMPLETE), CLAIM_DRAFT},
	{VERB_CLAIM_EXPORT, BIT(COMPLETE), CLAIM_EXPORTED},
	{VERB_CLAIM_ACCEPT, BIT(EXPORTED), CLAIM_ACCEPTED},
	/* an audit may come after the money */
	{VERB_CLAIM_CHARGE_BACK, BIT(EXPORTED) | BIT(ACCEPTED), CLAIM_CHARGED_BACK},
	{VERB_CLAIM_WITHDRAW, BIT(DRAFT) | BIT(COMPLETE), CLAIM_WITHDRAWN},
};

static const struct step *step_of(enum verb verb)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (steps[i].verb == verb)
			return &steps[i];
	ASSERT(false);
}

/* {"claim", "claim_status"?} */
static enum outcome refuse_claim(
	struct decide *d, enum outcome o, const struct warranty_claim *c, bool status)
{
	struct json_writer w;

	arena_writer(d->view.arena, &w, DETAIL_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "claim", c->id);
	if (status)
		json_kv_str(&w, "claim_status", str_from(warranty_claim_status_name(c->status)));
	json_object_end(&w);
	return refuse_with(d, o, arena_written(d->view.arena, &w));
}

/* Days, amounts and times are those that were complete. */
static bool is_unchanged(const struct claiming *g, const struct warranty_claim *c)
{
	struct instant from, until;

	return json_int_at(c->doc, "amount_minor", -1) == g->line->claim.amount_minor &&
	       json_int_at(c->doc, "units", -1) == g->line->claim.days_claimed &&
	       doc_instant(c->doc, "from", &from) && from.s == g->line->claim.claimed_from.s &&
	       doc_instant(c->doc, "until", &until) && until.s == g->line->claim.claimed_to.s &&
	       str_eq(json_raw(c->days), g->days);
}

/* Nothing leaves the house, or is held ready to, without a look at the loan as it is now. */
static enum outcome check_loan(struct claiming *g, const struct warranty_claim *c, bool exported)
{
	enum outcome o;

	o = take_row(g, c->programme, c->payer);
	/* nobody pays it any more: as it was, it is nothing to be asked for */
	if (o == REFUSED_NOT_FOUND)
		return refuse_claim(g->d, REFUSED_CLAIM_CHANGED, c, false);
	if (o == OK)
		o = check_findings(g, c->id);
	if (o == OK)
		o = find_days(g, c->programme, c->payer);
	if (o == OK)
		o = check_claimed(g, c->id);
	if (o == OK && exported && !is_unchanged(g, c))
		o = refuse_claim(g->d, REFUSED_CLAIM_CHANGED, c, false);
	return o;
}

static enum outcome check_amount(struct decide *d, const struct warranty_claim *c)
{
	int64_t claimed = json_int_at(c->doc, "amount_minor", 0);
	int64_t amount = json_int_at(d->body, "amount_minor", claimed);

	if (amount > claimed)
		return refuse_field(
			d, "/amount_minor", "no more than %lld was claimed", (long long)claimed);
	return OK;
}

/* What there was, and this one. */
static void write_steps(struct json_writer *w, struct decide *d, const struct warranty_claim *c,
	struct str sealed, enum warranty_claim_status to)
{
	struct json known = json_get(c->doc, "steps");

	json_k(w, "steps");
	json_array_begin(w);
	for (struct json s = json_first(known); json_present(s); s = json_next(known, s))
		json_put_raw(w, json_raw(s));
	write_step(w, d, sealed, to);
	json_array_end(w);
}

static void set_step(struct claiming *g, const struct warranty_claim *c, const struct step *step)
{
	struct decide *d = g->d;
	int64_t claimed = json_int_at(c->doc, "amount_minor", 0);
	bool renewed = step->to == CLAIM_COMPLETE;
	struct str sealed = sealed_why(d, &g->b);
	struct json_writer w;

	arena_writer(d->view.arena, &w, room_for(g) + json_raw(c->doc).n + sealed.n);
	json_object_begin(&w);
	if (step->to == CLAIM_ACCEPTED)
		json_kv_int(&w, "accepted_minor", json_int_at(d->body, "amount_minor", claimed));
	if (renewed)
		json_kv_int(&w, "amount_minor", g->line->claim.amount_minor);
	if (step->to == CLAIM_CHARGED_BACK)
		json_kv_int(
			&w, "charged_back_minor", json_int_at(d->body, "amount_minor", claimed));
	if (renewed)
		write_figures(&w, g, false);
	if (json_str_at(d->body, "reference").n)
		json_kv_str(&w, "reference", json_str_at(d->body, "reference"));
	json_kv_str(&w, "status", str_from(warranty_claim_status_name(step->to)));
	write_steps(&w, d, c, sealed, step->to);
	if (renewed) {
		json_kv_int(&w, "units", g->line->claim.days_claimed);
		json_kv_instant(&w, "until", g->line->claim.claimed_to);
	}
	json_object_end(&w);
	draft_set(d, ROW_CLAIM, c->id, arena_written(d->view.arena, &w));
}

enum outcome decide_claim_step(struct decide *d)
{
	const struct step *step = step_of(d->command->verb);
	struct claiming *g = arena_alloc(d->view.arena, sizeof *g);
	struct warranty_claim c;
	enum outcome o = OK;

	if (!g)
		return FAULT_MEMORY;
	g->d = d;
	if (!warranty_claim_get(&d->view, d->command->target, &c) ||
		!str_eq(json_str_at(c.doc, "site"), d->command->journal))
		return REFUSED_NOT_FOUND;
	if (!(step->from >> c.status & 1))
		return refuse_claim(d, REFUSED_STATE, &c, true);
	if (json_count(json_get(c.doc, "steps")) >= CLAIM_STEPS_MAX)
		return REFUSED_LIMIT;
	if (!take_loan(g, c.booking))
		return FAULT_CORRUPT;
	if (step->to == CLAIM_COMPLETE || step->to == CLAIM_EXPORTED)
		o = check_loan(g, &c, step->to == CLAIM_EXPORTED);
	else if (step->to == CLAIM_ACCEPTED || step->to == CLAIM_CHARGED_BACK)
		o = check_amount(d, &c);
	if (o == OK)
		set_step(g, &c, step);
	return o;
}
