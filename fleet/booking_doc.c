/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/handover.h"

enum { BOOKING_BYTES_MAX = 64 << 10 };

void write_claims(struct json_writer *w, const struct plan *plan)
{
	json_k(w, "claims");
	json_array_begin(w);
	for (uint32_t i = 0; i < plan->claims_len; i++) {
		const struct plan_claim *c = &plan->claims[i];
		json_object_begin(w);
		json_kv_instant(w, "from", minute_instant(c->from));
		json_kv_str(w, "resource", c->seat.resource);
		json_kv_int(w, "seat", c->seat.number);
		json_kv_instant(w, "until", minute_instant(c->until));
		json_kv_int(w, "what", c->what);
		json_object_end(w);
	}
	json_array_end(w);
}

/* Each chauffeur's claim is a leg; the first fetches when the solution fetches. */
void write_legs(struct json_writer *w, const struct solution *s, const struct plan *plan)
{
	bool first = true;

	json_k(w, "legs");
	json_array_begin(w);
	for (uint32_t i = 0; i < plan->claims_len; i++) {
		const struct plan_claim *c = &plan->claims[i];
		const char *what = s->claims == CLAIMS_ACCOMPANY ? "take_customer"
				   : first && s->fetches	 ? "fetch_car"
								 : "bring_car";
		if (c->what != CLAIM_CHAUFFEUR)
			continue;
		json_object_begin(w);
		json_kv_instant(w, "at", minute_instant(c->from));
		json_kv_str(w, "chauffeur", c->seat.resource);
		json_kv_instant(w, "until", minute_instant(c->until));
		json_kv_str(w, "what", str_from(what));
		json_object_end(w);
		first = false;
	}
	json_array_end(w);
}

void write_place(struct json_writer *w, const char *key, struct json wish, struct instant at)
{
	struct str where = json_str_at(wish, "where");

	json_k(w, key);
	json_object_begin(w);
	json_kv_instant(w, "at", at);
	json_kv_str(w, "where", where.n ? where : STR("desk"));
	json_object_end(w);
}

void write_said(struct json_writer *w, struct making *m)
{
	struct say_figures *f = arena_alloc(m->d->view.arena, sizeof *f);

	if (!f)
		return;
	say_from_terms(f, m->terms, &m->inputs->request, &m->inputs->site,
		m->inputs->ruleset.ruleset, m->plan.class, m->inputs->cover == COVER_CHECKED);
	f->language = m->offer.language;
	f->has_window = true;
	f->from = roster_local(m->roster, m->stay.from);
	f->until = roster_local(m->roster, m->stay.until);
	f->confirm_at_drop_off = m->terms->covered_len > 0 && m->stay.drop_off.s > m->d->now.s;
	json_k(w, "said");
	say_write(w, f);
}

void write_offered(struct json_writer *w, const struct making *m)
{
	json_k(w, "offered");
	json_object_begin(w);
	json_kv_instant(w, "at", m->d->now);
	json_kv_str(w, "by", m->d->command->by);
	if (!m->waiting.n) /* what is held for whoever waits is the one thing he waits for */
		json_kv_int(w, "solutions", offer_solutions(&m->offer));
	json_object_end(w);
}

void write_ruleset(struct json_writer *w, const struct making *m)
{
	json_k(w, "ruleset");
	json_object_begin(w);
	json_kv_str(w, "sha256", str_from(m->inputs->ruleset.sha256));
	json_kv_str(w, "version", m->inputs->ruleset.version);
	json_object_end(w);
}

struct str authorisations_of(const struct making *m)
{
	struct json given = json_get(m->offer.request, "authorisations");

	return json_count(given) > 0 ? json_raw(given) : STR_NULL;
}

static bool kv_private(struct json_writer *w, const char *key, struct json words)
{
	if (json_is_null(words))
		return false;
	json_kv_raw(w, key, json_raw(words));
	return true;
}

/* Names and words: who else drives, who meets the customer and where, why a payer agreed. */
static struct str sealed_private(struct making *m)
{
	struct str authorisations = authorisations_of(m);
	struct json out = json_get(m->body, "check_out");
	struct json booked = json_get(m->body, "drivers"), drivers = json_get(out, "drivers");
	struct json_writer w;
	bool some = authorisations.n > 0;

	arena_writer(m->d->view.arena, &w, json_raw(m->body).n + authorisations.n + 200);
	json_object_begin(&w);
	if (some)
		json_kv_raw(&w, "authorisations", authorisations);
	some |= kv_private(&w, "drivers", json_is_null(drivers) ? booked : drivers);
	some |= kv_private(&w, "handover_with", json_get(json_get(m->body, "handover"), "with"));
	some |= kv_private(&w, "legs_address", json_get(m->body, "legs_address"));
	some |= kv_private(&w, "out_damages", json_get(out, "damages"));
	some |= kv_private(&w, "out_to", json_get(out, "handed_to"));
	some |= kv_private(&w, "return_with", json_get(json_get(m->body, "return"), "with"));
	json_object_end(&w);
	struct str plain = arena_written(m->d->view.arena, &w);
	return some ? person_seal(m->d->keyring, m->d->view.arena,
			      m->customer.n ? m->customer : m->id, plain)
		    : STR_NULL;
}

/* Keys from "out" on, in order. */
static void write_second_half(struct json_writer *w, struct making *m)
{
	struct str sealed = sealed_private(m);
	bool pinned = json_str_at(m->body, "resource").n > 0;

	if (m->out)
		json_kv_raw(w, "out",
			out_record(
				m->d, json_get(m->body, "check_out"), m->out_at, m->plan.resource));
	if (pinned)
		json_kv_bool(w, "pinned", true);
	if (sealed.n)
		json_kv_raw(w, "private", sealed);
	json_kv_instant(w, "ready_at", m->stay.ready);
	if (m->repair_order.n)
		json_kv_str(w, "repair_order", m->repair_order);
	if (m->plan.resource.n)
		json_kv_str(w, "resource", m->plan.resource);
	if (m->solution->solution.claims == CLAIMS_CAR)
		write_place(w, "return", json_get(m->body, "return"), m->stay.until);
	write_ruleset(w, m);
	write_said(w, m);
	json_kv_int(w, "serial", m->serial);
	json_kv_str(w, "site", m->home->site);
	json_kv_str(w, "solution", m->solution->solution.id);
	json_kv_str(w, "status",
		str_from(booking_status_name(m->out    ? BOOKING_OUT
					     : m->held ? BOOKING_HELD
						       : BOOKING_BOOKED)));
	json_k(w, "terms");
	terms_write(w, m->terms, m->inputs->ruleset.ruleset);
	json_kv_instant(w, "until", m->stay.until);
	if (m->instead_of.n)
		json_kv_str(w, "upgraded_from", m->instead_of);
	if (m->vin.n)
		json_kv_str(w, "vin", m->vin);
	json_kv_str(w, "visit", m->visit);
	if (m->waiting.n)
		json_kv_str(w, "waiting", m->waiting);
}

struct str booking_doc(struct making *m)
{
	struct json_writer w;
	bool legs = m->solution->solution.claims == CLAIMS_LEGS ||
		    m->solution->solution.claims == CLAIMS_ACCOMPANY;

	arena_writer(m->d->view.arena, &w, BOOKING_BYTES_MAX);
	json_object_begin(&w);
	json_kv_str(&w, "booking", m->id);
	write_claims(&w, &m->plan);
	if (m->plan.class.n)
		json_kv_str(&w, "class", m->plan.class);
	if (m->customer.n)
		json_kv_str(&w, "customer", m->customer);
	json_k(&w, "decided");
	decided_write(&w, m->inputs, m->terms);
	json_kv_int(&w, "distance_km", m->ask.distance_km);
	json_kv_instant(&w, "drop_off_at", m->stay.drop_off);
	if (json_present(json_get(m->body, "external")))
		json_kv_raw(&w, "external", json_raw(json_get(m->body, "external")));
	if (m->home != m->roster)
		json_kv_str(&w, "for_site", m->roster->site);
	json_kv_instant(&w, "from", m->stay.from);
	if (m->solution->solution.claims == CLAIMS_CAR)
		write_place(&w, "handover", json_get(m->body, "handover"), m->stay.from);
	if (m->held)
		json_kv_instant(&w, "hold_until", m->hold_until);
	if (legs)
		write_legs(&w, &m->solution->solution, &m->plan);
	json_kv_str(&w, "number", draft_number(m->d, m->serial));
	write_offered(&w, m);
	write_second_half(&w, m);
	json_object_end(&w);
	return arena_written(m->d->view.arena, &w);
}
