/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/offer_parts.h"

#include "fleet/merge.h"

enum {
	WHOLE_DAY_MINUTES = 7 * 60, /* a job that fills a working day (CIT-4.5) */
	OFFER_MINUTES_MIN = 60, /* an offer lives until the first closing at least this far away */
};

/* ---- the question ---- */

static bool closing_after(const struct roster *r, struct instant at, struct instant *closing)
{
	int64_t wall = roster_local(r, at).wall_s, end;
	struct local local;

	if (!opening_next(&wall, &r->opening, wall, 1) || !opening_closing(&end, &r->opening, wall))
		return false;
	(void)zone_instant(&local, r->zone, end);
	*closing = local_instant(local);
	return true;
}

static struct instant offer_expiry(const struct roster *r, struct instant now)
{
	struct instant later = {now.s + OFFER_MINUTES_MIN * 60}, closing;

	if (r->offer_minutes > 0)
		return (struct instant){now.s + (int64_t)r->offer_minutes * 60};
	return closing_after(r, later, &closing) ? closing : later;
}

static void check_span(
	struct faults *f, struct instant from, struct instant until, const char *pointer)
{
	if (until.s <= from.s)
		faults_add(f, pointer, "this must be later than the start");
	else if (until.s - from.s > (int64_t)LOAN_DAYS_MAX * 86400)
		faults_add(f, pointer, "more than %d days", LOAN_DAYS_MAX);
}

/* The defaults of contract 4: ready after the jobs' minutes in opening hours, the loan from
 * drop-off to the first moment the customer can be received. */
static void resolve_stay(struct offering *o, struct json request)
{
	struct stay *s = &o->stay;
	const struct roster *r = o->roster;

	ASSERT(doc_instant(request, "drop_off_at", &s->drop_off));
	o->ready_given = doc_instant(request, "ready_at", &s->ready);
	if (!o->ready_given && !offering_ready(o, s->drop_off, &s->ready)) {
		faults_add(o->faults, "/jobs",
			"the site's opening hours never leave that much time for the work");
		return;
	}
	check_span(o->faults, s->drop_off, s->ready, "/ready_at");
	if (!doc_instant(request, "loan_from", &s->from))
		s->from = s->drop_off;
	if (!doc_instant(request, "loan_to", &s->until) &&
		!next_date_return(&s->until, r->zone, &r->opening, s->ready, r->return_minutes)) {
		faults_add(o->faults, "/ready_at", "the site does not open after that day");
		return;
	}
	check_span(o->faults, s->from, s->until, "/loan_to");
	if (s->from.s % 60 || s->until.s % 60 || s->drop_off.s % 60 || s->ready.s % 60)
		faults_add(o->faults, "/drop_off_at", "planned times are whole minutes");
}

static struct str language_of(const struct offering *o, struct json request)
{
	struct row customer;
	struct str language = json_str_at(request, "language");

	if (!language.n && o->inputs->customer.n &&
		customer_get(o->view, o->inputs->customer, &customer))
		language = json_str_at(customer.doc, "language");
	return language.n ? language : o->roster->locale;
}

static void inquire(struct offering *o, struct json request)
{
	o->inquiry.facts = request;
	o->inquiry.vin = json_str_at(request, "vin");
	o->inquiry.customer = json_str_at(request, "customer");
	o->inquiry.visit = json_str_at(request, "visit");
	o->whole_day = jobs_minutes(request) >= WHOLE_DAY_MINUTES;
}

/* ---- the answer ---- */

static void kv_local(
	struct json_writer *w, const struct offering *o, const char *key, struct instant t)
{
	char text[INSTANT_TEXT];

	json_kv_str(w, key, local_print(roster_local(o->roster, t), text));
}

/* Paid: a second, cheaper solution in the same breath (MAS-2.1). */
static void say_alternative(
	const struct offering *o, const struct solution_answer *a, struct say_figures *f)
{
	for (uint32_t i = 0; i < o->len; i++) {
		const struct solution_answer *other = &o->answers[i];
		if (other == a || !other->available ||
			other->terms.decision == DECISION_NOT_OFFERED ||
			other->terms.customer_minor >= a->terms.customer_minor)
			continue;
		f->has_alternative = true;
		f->alternative = other->solution->solution.id;
		f->alternative_minor = other->terms.customer_minor;
		return;
	}
}

static struct str say_for(const struct offering *o, const struct solution_answer *a,
	const struct terms *t, const struct stay *stay, struct str class, bool full)
{
	struct say_figures *f = arena_alloc(o->view->arena, sizeof *f);
	char *text = arena_alloc(o->view->arena, SAY_TEXT);
	struct json name = json_get_str(a->solution->names, o->language);
	size_t n;

	if (!f || !text)
		return STR("");
	say_from_terms(f, t, &o->inputs->request, &o->inputs->site, o->inputs->ruleset.ruleset,
		class, o->inputs->cover == COVER_CHECKED);
	f->language = o->language;
	f->solution_name = json_str(name);
	f->has_window = true;
	f->from = roster_local(o->roster, stay->from);
	f->until = roster_local(o->roster, stay->until);
	f->confirm_at_drop_off = t->covered_len > 0 && stay->drop_off.s > o->now.s;
	say_alternative(o, a, f);
	if (full && t->decision != DECISION_NOT_OFFERED) {
		f->template = SAY_FULL;
		for (uint32_t i = 0; i < a->next_len && i < 2; i++)
			f->proposals[f->proposals_len++] =
				roster_local(o->roster, a->next[i].stay.from);
	}
	n = say_render(text, SAY_TEXT, f, STR_NULL);
	return (struct str){text, n};
}

static void write_class(
	struct json_writer *w, const struct offering *o, const struct class_answer *c)
{
	json_object_begin(w);
	json_kv_bool(w, "available", c->available);
	json_kv_str(w, "class", c->class);
	if (c->available) {
		kv_local(w, o, "from", o->stay.from);
		if (c->home_site.n)
			json_kv_str(w, "home_site", c->home_site);
		if (c->resource.n)
			json_kv_str(w, "resource", c->resource);
	}
	json_k(w, "terms");
	if (c->terms)
		terms_write(w, c->terms, o->inputs->ruleset.ruleset);
	else
		json_null(w);
	if (c->available)
		kv_local(w, o, "until", o->stay.until);
	json_object_end(w);
}

static void write_proposal(struct json_writer *w, const struct offering *o,
	const struct solution_answer *a, const struct proposal *p)
{
	json_object_begin(w);
	if (p->class.n)
		json_kv_str(w, "class", p->class);
	json_kv_int(w, "customer_minor", p->terms->customer_minor);
	json_kv_str(w, "decision", str_from(decision_name(p->terms->decision)));
	kv_local(w, o, "drop_off_at", p->stay.drop_off);
	json_kv_bool(w, "evening_before", p->evening_before);
	kv_local(w, o, "from", p->stay.from);
	kv_local(w, o, "ready_at", p->stay.ready);
	json_kv_str(w, "say", say_for(o, a, p->terms, &p->stay, p->class, false));
	kv_local(w, o, "until", p->stay.until);
	json_kv_int(w, "value_minor", p->terms->value_minor);
	json_object_end(w);
}

static void write_solution(struct json_writer *w, const struct offering *o, uint32_t i)
{
	const struct solution_answer *a = &o->answers[i];

	json_object_begin(w);
	json_kv_bool(w, "available", a->available);
	json_k(w, "classes");
	json_array_begin(w);
	for (uint32_t k = 0; k < a->classes_len; k++)
		write_class(w, o, &a->classes[k]);
	json_array_end(w);
	json_k(w, "next");
	json_array_begin(w);
	for (uint32_t k = 0; k < a->next_len; k++)
		write_proposal(w, o, a, &a->next[k]);
	json_array_end(w);
	json_kv_int(w, "rank", i + 1);
	json_kv_str(w, "say", say_for(o, a, &a->terms, &o->stay, STR_NULL, !a->available));
	json_kv_str(w, "solution", a->solution->solution.id);
	json_k(w, "terms");
	terms_write(w, &a->terms, o->inputs->ruleset.ruleset);
	json_object_end(w);
}

/* What the customer must bring, over all that is offered: never the dealer's own papers. */
static void write_bring(struct json_writer *w, const struct offering *o)
{
	const struct ruleset *r = o->inputs->ruleset.ruleset;
	uint64_t wanted = 0;

	for (uint32_t i = 0; i < o->len; i++) {
		const struct solution_answer *a = &o->answers[i];
		for (uint32_t k = 0;
			a->terms.decision != DECISION_NOT_OFFERED && k < a->solution->documents_len;
			k++)
			wanted |= UINT64_C(1) << a->solution->documents[k];
	}
	json_array_begin(w);
	for (uint32_t d = 0; d < r->documents_len; d++)
		if ((wanted >> d & 1) && r->documents[d].customer_brings)
			json_put_str(w, r->documents[d].key);
	json_array_end(w);
}

static struct str write_answer(const struct offering *o, struct str text)
{
	struct json_writer w;

	arena_writer(o->view->arena, &w, OFFER_ANSWER_MAX);
	json_object_begin(&w);
	json_k(&w, "bring");
	write_bring(&w, o);
	json_kv_str(&w, "cover", str_from(cover_name(o->inputs->cover)));
	kv_local(&w, o, "expires_at", o->expires_at);
	json_kv_str(&w, "offer", text);
	json_k(&w, "ruleset");
	json_object_begin(&w);
	json_kv_str(&w, "sha256", str_from(o->inputs->ruleset.sha256));
	json_kv_str(&w, "version", o->inputs->ruleset.version);
	json_object_end(&w);
	json_kv_str(&w, "site", o->roster->site);
	json_k(&w, "solutions");
	json_array_begin(&w);
	for (uint32_t i = 0; i < o->len; i++)
		write_solution(&w, o, i);
	json_array_end(&w);
	json_object_end(&w);
	return arena_written(o->view->arena, &w);
}

static struct demand unmet_demand(const struct offering *o)
{
	const struct solution_answer *best = o->answers, *end = o->answers + o->len;
	struct demand d = {.offers = 0};

	while (best < end && best->terms.decision == DECISION_NOT_OFFERED)
		best++;
	if (best == end || best->available)
		return d;
	d = demand_of(o->roster, (struct span){o->stay.from, o->stay.until},
		best->solution->solution.id, STR_NULL, str_from(plan_result_reason(best->why)));
	d.offers = 1;
	return d;
}

enum outcome offer_make(struct view *v, struct str request, struct instant now, struct str *answer,
	struct demand *unmet, struct faults *faults)
{
	struct json doc = arena_json(v->arena, request, NULL);
	struct offering o = {.view = v, .now = now, .faults = faults};
	struct row visit;
	struct str text;
	enum outcome outcome;

	ASSERT(json_present(doc)); /* its shape was checked at the door */
	o.roster = roster_of(v, json_str_at(doc, "site"));
	if (!o.roster)
		return REFUSED_NOT_FOUND;
	inquire(&o, doc);
	if (o.inquiry.visit.n && (!row_get(v, ROW_VISIT, o.inquiry.visit, &visit) ||
					 !str_eq(json_str_at(visit.doc, "site"), o.roster->site)))
		return REFUSED_NOT_FOUND;
	resolve_stay(&o, doc);
	if (faults->len)
		return REFUSED_INVALID;
	o.inputs = arena_alloc(v->arena, sizeof *o.inputs);
	if (!o.inputs)
		return FAULT_MEMORY;
	outcome = inputs_build(v, o.roster, &o.inquiry, &o.stay, now, o.inputs, faults);
	if (outcome != OK)
		return outcome;
	o.rights = rights_of(v, doc, o.inquiry.visit) |
		   (o.inputs->request.immobile ? 1u << PROTECTED_FOR_IMMOBILE : 0);
	o.inquiry.uses = o.inputs->uses; /* the same for every date of this offer */
	o.language = language_of(&o, doc);
	o.expires_at = offer_expiry(o.roster, now);
	o.len = o.inputs->ruleset.ruleset->solutions_len;
	o.answers = arena_take(v->arena, o.len * sizeof *o.answers);
	if (!o.answers)
		return FAULT_MEMORY;
	for (uint32_t i = 0; i < o.len; i++)
		offering_solution(&o, i);
	text = offer_text(&o);
	if (!text.n) {
		faults_add(faults, "/jobs",
			"this offer would be too long: use fewer jobs and authorisations");
		return REFUSED_INVALID;
	}
	if (unmet)
		*unmet = unmet_demand(&o);
	*answer = write_answer(&o, text);
	return answer->n ? OK : FAULT_MEMORY;
}
