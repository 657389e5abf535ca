/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/claims.h"

#include "fleet/claim_need.h"
#include "fleet/repair_order.h"

/* From bookings to claims: what the booking, its decision and its rule set say about one covered
 * row. */

enum { LINES_FIRST = 64, CLAIM_ID_MAX = 80 };

const char *const claim_column_names[COLUMNS_LEN] = {
#define X(name) #name,
	CLAIM_COLUMNS(X)
#undef X
};

/* One booking while its lines are made. */
struct source {
	struct claim_lines *lines;
	struct view *look;
	const struct booking *b;
	const struct row *row;
	struct json first_out; /* of the agreement: where cars were exchanged, the first one's */
	struct json out, in, terms, request;
	struct ruleset_row ruleset;
	bool has_ruleset;
	uint32_t papers; /* that the repair order names */
};

/* ---- cells ---- */

static struct str keep(struct source *s, struct str text)
{
	struct str kept = text.n ? arena_copy(s->lines->view->arena, text) : STR_NULL;

	s->lines->full |= text.n && !kept.n;
	return kept;
}

static void set_text(struct claim_line *l, enum claim_column c, struct str text)
{
	if (text.n)
		l->cell[c] = (struct cell){.type = CELL_TEXT, .text = text};
}

static void set_number(struct claim_line *l, enum claim_column c, int64_t number)
{
	l->cell[c] = (struct cell){.type = CELL_NUMBER, .number = number};
}

static void set_instant(struct claim_line *l, enum claim_column c, struct instant at)
{
	l->cell[c] = (struct cell){.type = CELL_INSTANT, .number = at.s};
}

static void set_member(struct source *s, struct claim_line *l, enum claim_column c, struct json doc,
	const char *key)
{
	struct json v = json_get(doc, key);

	if (json_is(v, JSON_STRING))
		set_text(l, c, keep(s, json_str(v)));
	else if (json_is(v, JSON_INT))
		set_number(l, c, json_int(v, 0));
	else if (!json_is_null(v))
		l->cell[c] = (struct cell){.type = CELL_RAW, .text = keep(s, json_raw(v))};
}

/* An instant of the booking that the claim and the table both show. */
static bool set_time(struct claim_line *l, enum claim_column c, struct json doc, const char *key,
	struct instant *at)
{
	bool some = doc_instant(doc, key, at);

	if (some)
		set_instant(l, c, *at);
	return some;
}

/* ---- what the loan was ---- */

static void fill_times(struct source *s, struct claim_line *l)
{
	struct claim *c = &l->claim;
	const struct booking *b = s->b;
	struct json out = s->first_out;

	c->has_out = set_time(l, COLUMN_loan_out_at, out, "at", &c->loan_out_at);
	c->has_in = set_time(l, COLUMN_loan_in_at, s->in, "at", &c->loan_in_at);
	c->has_signed = set_time(
		l, COLUMN_agreement_signed_at, out, "agreement_signed_at", &c->agreement_signed_at);
	/* signed here and kept to the byte: whoever hands over need not type when */
	if (!c->has_signed)
		c->has_signed = set_time(l, COLUMN_agreement_signed_at,
			json_get(b->doc, "agreement"), "at", &c->agreement_signed_at);
	c->has_licence = set_time(
		l, COLUMN_licence_checked_at, out, "licence_checked_at", &c->licence_checked_at);
	c->has_from = c->has_to = true;
	c->claimed_from = c->has_out ? c->loan_out_at : b->from;
	c->claimed_to = c->has_in ? c->loan_in_at : booking_end(b);
	(void)doc_instant(
		s->in, "left_at", &c->claimed_to); /* the key box knows better than the desk */
	set_instant(l, COLUMN_claimed_from, c->claimed_from);
	set_instant(l, COLUMN_claimed_to, c->claimed_to);
	set_instant(l, COLUMN_from, b->from);
	set_instant(l, COLUMN_until, b->until);
}

/* What was read and seen when the keys changed hands, and by whom. */
static void fill_handovers(struct source *s, struct claim_line *l)
{
	set_member(s, l, COLUMN_loan_odometer_out, s->out, "odometer_km");
	set_member(s, l, COLUMN_loan_odometer_in, s->in, "odometer_km");
	set_member(s, l, COLUMN_fuel_out, s->out, "fuel_percent");
	set_member(s, l, COLUMN_fuel_in, s->in, "fuel_percent");
	set_member(s, l, COLUMN_charge_out, s->out, "charge_percent");
	set_member(s, l, COLUMN_charge_in, s->in, "charge_percent");
	set_member(s, l, COLUMN_documents_checked, s->first_out, "documents_checked");
	set_member(s, l, COLUMN_handed_over_by, s->out, "by");
	set_member(s, l, COLUMN_taken_back_by, s->in, "by");
	l->claim.loan_odometer_out = (int32_t)json_int_at(s->out, "odometer_km", ODOMETER_UNKNOWN);
	l->claim.loan_odometer_in = (int32_t)json_int_at(s->in, "odometer_km", ODOMETER_UNKNOWN);
}

/* The workshop's own word, where it was told (AUD05 to AUD12). */
static void fill_repair_order(struct source *s, struct claim_line *l)
{
	struct claim *c = &l->claim;
	struct row row;
	struct json doc = JSON_ABSENT;

	if (row_get(s->look, ROW_REPAIR_ORDER, s->b->visit, &row))
		doc = arena_json(s->lines->view->arena, keep(s, row.text), NULL);
	repair_order_claim(c, doc);
	(void)set_time(l, COLUMN_ro_opened_at, doc, "opened_at", &c->ro_opened_at);
	(void)set_time(l, COLUMN_ro_closed_at, doc, "closed_at", &c->ro_closed_at);
	set_member(s, l, COLUMN_ro_odometer_in, doc, "odometer_in");
	set_member(s, l, COLUMN_ro_odometer_out, doc, "odometer_out");
	s->papers = json_count(json_get(doc, "papers"));
	set_member(s, l, COLUMN_claim_number, doc, "claim_number");
	set_text(l, COLUMN_supplier_invoice, c->supplier_invoice_ref);
	set_member(s, l, COLUMN_supplier_net_minor, json_get(doc, "invoice"), "net_minor");
	set_text(l, COLUMN_authorisation_ref, c->authorisation_ref);
	set_text(l, COLUMN_delay_reason, c->delay_reason);
}

/* The customer's car, and the one lent in its place. */
static void fill_cars(struct source *s, struct claim_line *l)
{
	const struct resource *r = roster_resource(s->lines->roster, s->b->resource);
	struct row row;

	set_text(l, COLUMN_vin, l->claim.vin);
	if (s->b->vin.n && row_get(s->look, ROW_VEHICLE, s->b->vin, &row))
		set_member(s, l, COLUMN_plate, row.doc, "plate");
	set_text(l, COLUMN_resource, keep(s, s->b->resource));
	if (!r)
		return;
	set_text(l, COLUMN_lent_plate, keep(s, r->plate));
	set_member(s, l, COLUMN_lent_vin, r->doc, "vin");
}

/* The repair order is the booking's own where it has one, else its visit's (AUD01). */
static void fill_booking(struct source *s, struct claim_line *l)
{
	const struct booking *b = s->b;
	struct str ro = b->repair_order;
	struct row visit;

	if (!ro.n && row_get(s->look, ROW_VISIT, b->visit, &visit))
		ro = json_str_at(visit.doc, "repair_order");
	l->claim.ro_number = keep(s, ro);
	l->claim.vin = keep(s, b->vin);
	l->claim.solution = keep(s, b->solution);
	l->booking = keep(s, b->id);
	set_text(l, COLUMN_site, keep(s, b->site));
	set_text(l, COLUMN_number, keep(s, b->number));
	set_text(l, COLUMN_booking, l->booking);
	set_text(l, COLUMN_visit, keep(s, b->visit));
	set_text(l, COLUMN_status, str_from(booking_status_name(b->status)));
	set_text(l, COLUMN_ro_number, l->claim.ro_number);
	set_text(l, COLUMN_customer, keep(s, b->customer));
	set_text(l, COLUMN_solution, l->claim.solution);
	set_text(l, COLUMN_class, keep(s, b->class));
}

/* ---- what was decided ---- */

/* What the programme allows, by the rule set that decided then: not by today's (AUD08, AUD10,
 * AUD12). */
static void fill_programme(struct source *s, struct claim_line *l)
{
	const struct ruleset *rules = s->has_ruleset ? s->ruleset.ruleset : NULL;
	const struct programme *p = rules ? ruleset_programme(rules, l->claim.programme) : NULL;
	int solution = rules ? ruleset_solution_index(rules, s->b->solution) : -1;
	struct claim *c = &l->claim;

	c->cap_days = NO_LIMIT;
	c->max_per_day = NO_LIMIT;
	/* a gesture is bound to no kind of work: any line of the order carries it */
	for (uint32_t i = 0; rules && str_is(c->programme, "GOODWILL") && i < rules->job_types_len;
		i++)
		c->programme_job_types[c->programme_job_types_len++] = rules->job_types[i];
	if (!p)
		return; /* goodwill, collection: no programme of the rule set */
	set_text(l, COLUMN_programme_title, p->reference.title);
	set_text(l, COLUMN_programme_version, p->reference.version);
	set_text(l, COLUMN_programme_article, p->reference.article);
	for (uint32_t i = 0; i < rules->job_types_len; i++)
		if (p->job_types >> i & 1)
			c->programme_job_types[c->programme_job_types_len++] = rules->job_types[i];
	if (solution < 0 || !p->benefit[solution].present)
		return;
	c->cap_days = p->benefit[solution].max_days;
	c->max_per_day = p->benefit[solution].max_per_day;
	if (c->cap_days != NO_LIMIT)
		set_number(l, COLUMN_cap_days, c->cap_days);
	if (c->max_per_day != NO_LIMIT)
		set_number(l, COLUMN_max_per_day, c->max_per_day);
}

/* The payer's word for more days than its cap, and why. */
static void fill_authorisation(struct source *s, struct claim_line *l)
{
	struct json list = json_get(s->request, "authorisations");
	struct json goodwill = json_get(s->request, "goodwill");
	struct claim *c = &l->claim;

	for (struct json a = json_first(list); json_present(a); a = json_next(list, a))
		if (str_eq(json_str_at(a, "programme"), c->programme)) {
			c->authorisation_ref = keep(s, json_str_at(a, "ref"));
			c->delay_reason = keep(s, json_str_at(a, "reason"));
		}
	if (str_is(c->programme, "GOODWILL"))
		c->authorisation_ref = keep(s, json_str_at(goodwill, "authorisation_ref"));
}

/* Enough to decide it again and to find the entry that says so. */
static void fill_decision(struct source *s, struct claim_line *l)
{
	struct json ruleset = json_get(s->b->doc, "ruleset");
	struct hash inputs = hash_of(json_raw(json_get(s->b->doc, "decided")));
	struct journal_entry entry;
	char hex[HASH_TEXT];

	set_member(s, l, COLUMN_ruleset_version, ruleset, "version");
	set_member(s, l, COLUMN_ruleset_sha256, ruleset, "sha256");
	set_text(l, COLUMN_inputs_sha256, keep(s, hash_print(&inputs, hex)));
	set_member(s, l, COLUMN_decision, s->terms, "decision");
	set_member(s, l, COLUMN_currency, s->terms, "currency");
	set_member(s, l, COLUMN_value_minor, s->terms, "value_minor");
	set_member(s, l, COLUMN_customer_minor, s->terms, "customer_minor");
	set_number(l, COLUMN_journal_seq, (int64_t)s->row->rev);
	if (journal_entry(s->look->txn, s->b->site, s->row->rev, &entry))
		set_text(l, COLUMN_journal_hash, keep(s, hash_print(&entry.hash, hex)));
}

static void fill_covered(struct source *s, struct claim_line *l, struct json covered)
{
	struct claim *c = &l->claim;

	c->programme = keep(s, json_str_at(covered, "programme"));
	c->cost_code = keep(s, json_str_at(covered, "cost_code"));
	c->days_claimed = (int32_t)json_int_at(covered, "units", 0);
	c->amount_minor = json_int_at(covered, "amount_minor", 0);
	set_text(l, COLUMN_programme, c->programme);
	set_text(l, COLUMN_cost_code, c->cost_code);
	set_number(l, COLUMN_days_claimed, c->days_claimed);
	set_number(l, COLUMN_amount_minor, c->amount_minor);
	set_member(s, l, COLUMN_net_minor, covered, "net_minor");
	set_member(s, l, COLUMN_payer, covered, "payer");
}

/* What became of it, where somebody was asked to pay. */
static void fill_claim(struct source *s, struct claim_line *l, struct str payer)
{
	struct warranty_claim c;

	l->filed = warranty_claim_of_row(s->look, s->b->id, l->claim.programme, payer, &c);
	if (!l->filed)
		return;
	l->status = c.status;
	set_text(l, COLUMN_claim, keep(s, c.id));
	set_text(l, COLUMN_claim_status, str_from(warranty_claim_status_name(c.status)));
}

/* ---- lines ---- */

void claim_lines_push(struct claim_lines *lines, struct claim_line *l)
{
	struct arena *a = lines->view->arena;

	if (lines->len == lines->cap) {
		uint32_t cap = lines->cap ? lines->cap * 2 : LINES_FIRST;
		struct claim_line **more = arena_alloc(a, cap * sizeof *more);
		if (more && lines->len)
			memcpy(more, lines->line, lines->len * sizeof *more);
		if (more) {
			lines->line = more;
			lines->cap = cap;
		}
	}
	if (!l || lines->len == lines->cap)
		lines->full = true;
	else
		lines->line[lines->len++] = l;
}

static void add_line(struct source *s, struct json covered, uint32_t index)
{
	struct claim_line *l = arena_alloc(s->lines->view->arena, sizeof *l);

	claim_lines_push(s->lines, l);
	if (s->lines->full)
		return;
	l->claim.claim_id =
		arena_printf(s->lines->view->arena, "%.*s/%u", STR_FMT(s->b->number), index + 1);
	s->lines->full |= !l->claim.claim_id.n;
	set_text(l, COLUMN_claim_id, l->claim.claim_id);
	fill_booking(s, l);
	fill_cars(s, l);
	fill_times(s, l);
	fill_handovers(s, l);
	fill_decision(s, l);
	fill_covered(s, l, covered);
	fill_programme(s, l);
	fill_authorisation(s, l);
	fill_repair_order(s, l);
	fill_claim(s, l, json_str_at(covered, "payer"));
	claim_line_needs(l, s->look, s->b,
		&(struct claim_facts){.rules = s->has_ruleset ? s->ruleset.ruleset : NULL,
			.first_out = s->first_out,
			.papers = s->papers,
			.payer = json_str_at(covered, "payer")});
	l->findings = audit_claim(&l->claim);
}

void claim_lines_add(struct claim_lines *lines, struct view *look, const struct booking *b,
	const struct row *row)
{
	struct json ruleset = json_get(b->doc, "ruleset"), terms = json_get(b->doc, "terms");
	struct json covered = json_get(terms, "covered");
	struct source s = {.lines = lines,
		.look = look,
		.b = b,
		.row = row,
		.out = json_get(b->doc, "out"),
		.in = json_get(b->doc, "in"),
		.terms = terms,
		.request = json_get(json_get(b->doc, "decided"), "request")};
	struct json earlier = json_first(json_get(b->doc, "cars"));
	uint32_t index = 0;

	s.first_out = json_present(earlier) ? json_get(earlier, "out") : s.out;
	s.has_ruleset = ruleset_by_hash(
		look, json_str_at(ruleset, "version"), json_str_at(ruleset, "sha256"), &s.ruleset);
	for (struct json c = json_first(covered); json_present(c); c = json_next(covered, c))
		add_line(&s, c, index++);
}
