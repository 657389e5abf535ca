/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/inputs.h"

#include <stdio.h>

#include "fleet/erase.h"
#include "fleet/immobilised.h"
#include "fleet/used.h"

enum {
	INPUT_BYTES_MAX = 64 << 10,
	/* What a decision reads at most (rules/decision_read.c). What was stored beyond it counts
	 * as that much: a car nobody can decide about any more could not even be taken back. */
	FIGURE_MAX = 9999,
	YEARS_MAX = 150,
};

const char *cover_name(enum cover c)
{
	switch (c) {
	case COVER_CHECKED: return "checked";
	case COVER_STALE: return "stale";
	case COVER_NOT_CHECKED: return "not_checked";
	}
	ASSERT(false);
}

int64_t jobs_minutes(struct json facts)
{
	struct json jobs = json_get(facts, "jobs");
	int64_t sum = 0;

	for (struct json j = json_first(jobs); json_present(j); j = json_next(jobs, j))
		sum += json_int_at(j, "immobilisation_minutes", 0);
	return sum;
}

/* ---- the document ---- */

struct known {
	struct json vehicle, customer, person;
	struct str vin, customer_id;
};

static enum outcome know(
	struct view *v, const struct inquiry *q, struct known *k, struct faults *faults)
{
	struct row row;

	memset(k, 0, sizeof *k);
	if (q->vin.n) {
		if (!row_get(v, ROW_VEHICLE, q->vin, &row)) {
			faults_add(faults, "/vin",
				"this car is not known here: enter it first, or leave vin out");
			return REFUSED_INVALID;
		}
		k->vehicle = row.doc;
		k->vin = q->vin;
	}
	k->customer_id = q->customer.n ? q->customer : json_str_at(k->vehicle, "owner");
	if (k->customer_id.n && customer_known(v, k->customer_id, &row)) {
		k->customer_id = json_str_at(row.doc, "customer");
		k->customer = row.doc;
		k->person = private_open(v, json_get(row.doc, "person"));
	} else if (q->customer.n) {
		faults_add(faults, "/customer", "this customer is not known here");
		return REFUSED_INVALID;
	} else {
		k->customer_id = STR_NULL;
	}
	return OK;
}

/* What moves the ends of the car's coverages. */
struct suspending {
	struct immobilised immobilised;
	struct instant looked_up; /* when cover was; long ago where it never was */
};

static int64_t at_most(int64_t n, int64_t max)
{
	return n < max ? n : max;
}

/* "For ever" is often written as the year 9999; decisions know the years to 2999. */
static void kv_contract_day(struct json_writer *w, const char *key, struct json doc, int32_t more)
{
	struct day d, last = day_from_civil(2999, 12, 31);

	if (doc_day(doc, key, &d))
		json_kv_day(w, key, d.n + more > last.n ? last : (struct day){d.n + more});
}

static void write_coverage(struct json_writer *w, struct view *v, struct json c,
	const struct programme *programme, const struct suspending *s)
{
	struct str owner = json_str_at(c, "owner_id");
	int64_t looked_up = json_int_at(c, "suspended_days", 0);
	struct day start = {INT32_MIN};
	int32_t days, since;

	(void)doc_day(c, "start_on", &start);
	days = immobilised_days(&s->immobilised, programme, start, (struct instant){INT64_MIN});
	since = immobilised_days(&s->immobilised, programme, start, s->looked_up);

	json_object_begin(w);
	json_kv_member(w, c, "claim_ref");
	kv_contract_day(w, "ends_on", c, since);
	if (owner.n)
		json_kv_str(w, "owner_id", customer_of(v, owner));
	json_kv_member(w, c, "programme");
	kv_contract_day(w, "start_on", c, 0);
	json_kv_int(w, "suspended_days", looked_up > days ? looked_up : days);
	json_kv_int(w, "uses", at_most(json_int_at(c, "uses", 0), FIGURE_MAX));
	json_object_end(w);
}

static void write_coverages(struct json_writer *w, struct view *v, struct json coverages,
	const struct ruleset *ruleset, const struct suspending *s)
{
	uint32_t n = 0;

	json_array_begin(w);
	for (struct json c = json_first(coverages); json_present(c) && n < COVERAGES_MAX;
		c = json_next(coverages, c)) {
		const struct programme *programme =
			ruleset_programme(ruleset, json_str_at(c, "programme"));
		if (!programme)
			continue; /* of another rule set: it says nothing here */
		write_coverage(w, v, c, programme, s);
		n++;
	}
	json_array_end(w);
}

static bool any_campaign_open(struct json vehicle)
{
	struct json campaigns = json_get(vehicle, "campaigns");

	for (struct json c = json_first(campaigns); json_present(c); c = json_next(campaigns, c))
		if (json_bool_at(c, "open", false))
			return true;
	return false;
}

static void write_vehicle(struct json_writer *w, struct view *v, const struct inquiry *q,
	const struct known *k, const struct ruleset *r, const struct suspending *s)
{
	struct str owner = json_str_at(k->vehicle, "owner");

	json_object_begin(w);
	json_k(w, "coverages");
	write_coverages(w, v, json_get(k->vehicle, "coverages"), r, s);
	json_kv_bool(w, "immobile",
		json_bool_at(q->facts, "immobile", json_bool_at(k->vehicle, "immobile", false)));
	json_kv_int(w, "odometer_km",
		json_int_at(q->facts, "odometer_km", json_int_at(k->vehicle, "odometer_km", 0)));
	if (owner.n)
		json_kv_str(w, "owner_id", customer_of(v, owner));
	if (k->vin.n)
		json_kv_str(w, "vin", k->vin);
	json_kv_bool(w, "warranty_locked", json_bool_at(k->vehicle, "warranty_locked", false));
	json_object_end(w);
}

/* People are older than the epoch. */
static bool person_day(struct json doc, const char *key, struct day *out)
{
	return person_day_parse(out, json_str_at(doc, key));
}

static bool category_since(struct json licence, struct day *since)
{
	struct json categories = json_get(licence, "categories");

	for (struct json c = json_first(categories); json_present(c); c = json_next(categories, c))
		if (str_is(json_str_at(c, "code"), "B"))
			return person_day(c, "since", since);
	return false;
}

/* Who drives: whom the inquiry names, else the customer as we know him. Only years are kept. */
static struct driver_dates driver_of(const struct inquiry *q, const struct known *k)
{
	struct json driver = json_get(q->facts, "driver"), licence = json_get(k->person, "licence");
	struct driver_dates d = {.asked = true};

	d.known = person_day(driver, "birth_on", &d.birth) &&
		  person_day(driver, "licence_on", &d.since);
	if (d.known || json_is(json_get(driver, "age_years"), JSON_INT) || q->driver_as_known)
		return d;
	d.asked = false;
	d.known = person_day(k->person, "birth_on", &d.birth) && category_since(licence, &d.since);
	d.expires = d.known && person_day(licence, "expires_on", &d.expires_on);
	return d;
}

struct driver_years {
	int age, licence;
	bool expires;	/* before the return */
	bool plausible; /* a date that cannot be his leaves the check pending */
};

static struct driver_years years_on(
	const struct driver_dates *d, const struct stay *stay, const struct roster *roster)
{
	struct day on = local_day(roster_local(roster, stay->from));
	struct driver_years y = {
		.age = day_full_years(d->birth, on), .licence = day_full_years(d->since, on)};

	y.expires = d->expires && d->expires_on.n < local_day(roster_local(roster, stay->until)).n;
	y.plausible = y.age >= 0 && y.age <= YEARS_MAX && y.licence >= -YEARS_MAX &&
		      y.licence <= YEARS_MAX;
	return y;
}

static void write_driver(struct json_writer *w, const struct inquiry *q,
	const struct driver_dates *d, const struct stay *stay, const struct roster *roster)
{
	struct driver_years y;

	if (!d->known && json_is(json_get(json_get(q->facts, "driver"), "age_years"), JSON_INT))
		json_kv_raw(w, "driver", json_raw(json_get(q->facts, "driver")));
	if (!d->known)
		return;
	y = years_on(d, stay, roster);
	if (!d->asked && !y.plausible)
		return; /* in the inquiry it is a fault */
	json_k(w, "driver");
	json_object_begin(w);
	json_kv_int(w, "age_years", y.age);
	if (y.expires)
		json_kv_bool(w, "licence_expires", true);
	json_kv_int(w, "licence_years", y.licence);
	json_object_end(w);
}

static void write_used(struct json_writer *w, const struct uses *u, const struct ruleset *r)
{
	json_k(w, "used");
	json_array_begin(w);
	for (uint32_t i = 0; i < u->len; i++) {
		if (!ruleset_programme(r, u->use[i].programme))
			continue;
		json_object_begin(w);
		json_kv_int(w, "days", at_most(u->use[i].days, FIGURE_MAX));
		json_kv_str(w, "programme", u->use[i].programme);
		json_kv_int(w, "uses", at_most(u->use[i].uses, FIGURE_MAX));
		json_object_end(w);
	}
	json_array_end(w);
}

/* Why a payer agreed is free words: they decide nothing and stay with the booking's sealed ones. */
static void write_authorisations(struct json_writer *w, struct json authorisations)
{
	static const char *const kept[] = {"extra_days", "programme", "ref"};

	json_k(w, "authorisations");
	json_array_begin(w);
	for (struct json a = json_first(authorisations); json_present(a);
		a = json_next(authorisations, a)) {
		json_object_begin(w);
		for (size_t i = 0; i < ARRAY_LEN(kept); i++)
			if (json_present(json_get(a, kept[i])))
				json_kv_raw(w, kept[i], json_raw(json_get(a, kept[i])));
		json_object_end(w);
	}
	json_array_end(w);
}

static struct str write_request(struct view *v, const struct roster *roster,
	const struct inquiry *q, const struct stay *stay, const struct known *k,
	const struct inputs *in, const struct suspending *s)
{
	const struct ruleset *ruleset = in->ruleset.ruleset;
	struct json_writer w;
	struct str segment = q->segment.n ? q->segment : json_str_at(k->customer, "segment");

	arena_writer(v->arena, &w, INPUT_BYTES_MAX);
	json_object_begin(&w);
	if (!json_is_null(json_get(q->facts, "authorisations")))
		write_authorisations(&w, json_get(q->facts, "authorisations"));
	json_kv_bool(&w, "campaign_open",
		json_bool_at(q->facts, "campaign_open", any_campaign_open(k->vehicle)));
	if (q->has_collect_until)
		json_kv_instant(&w, "collect_until", q->collect_until);
	json_k(&w, "customer");
	json_object_begin(&w);
	if (k->customer_id.n)
		json_kv_str(&w, "id", k->customer_id);
	json_kv_str(&w, "segment", segment.n ? segment : STR("private"));
	json_object_end(&w);
	json_kv_int(&w, "distance_km", json_int_at(q->facts, "distance_km", 0));
	write_driver(&w, q, &in->driver, stay, roster);
	json_kv_instant(&w, "drop_off_at", stay->drop_off);
	json_kv_member(&w, q->facts, "goodwill");
	json_kv_raw(&w, "jobs", json_raw(json_get(q->facts, "jobs")));
	json_kv_instant(&w, "loan_from", stay->from);
	json_kv_instant(&w, "loan_to", stay->until);
	json_kv_instant(&w, "ready_at", stay->ready);
	json_kv_str(&w, "site", roster->site);
	write_used(&w, in->uses, ruleset);
	json_k(&w, "vehicle");
	write_vehicle(&w, v, q, k, ruleset, s);
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

static enum cover cover_of(struct json vehicle, const struct roster *roster, struct instant now,
	struct instant *read_at)
{
	*read_at = (struct instant){INT64_MIN};
	if (!doc_instant(json_get(vehicle, "cover_checked"), "at", read_at))
		return COVER_NOT_CHECKED;
	return now.s - read_at->s > (int64_t)roster->cover_fresh_days * 86400 ? COVER_STALE
									      : COVER_CHECKED;
}

enum outcome inputs_build(struct view *v, const struct roster *roster, const struct inquiry *q,
	const struct stay *stay, struct instant now, struct inputs *out, struct faults *faults)
{
	struct known known;
	const struct uses *uses = q->uses;
	struct suspending suspending;
	struct str text;
	enum outcome o = know(v, q, &known, faults);

	if (o != OK)
		return o;
	if (q->ruleset_version.n
			? !ruleset_by_hash(v, q->ruleset_version, q->ruleset_sha256, &out->ruleset)
			: !ruleset_on(v, local_day(roster_local(roster, stay->drop_off)),
				  &out->ruleset))
		return REFUSED_NO_RULESET;
	out->cover = cover_of(known.vehicle, roster, now, &suspending.looked_up);
	immobilised_read(&suspending.immobilised, v, roster, known.vin, stay->drop_off);
	if (!uses)
		uses = uses_count(v, q, known.vin, suspending.looked_up);
	if (!uses)
		return FAULT_MEMORY;
	out->uses = uses;
	out->driver = driver_of(q, &known);
	text = write_request(v, roster, q, stay, &known, out, &suspending);
	if (!text.n)
		return FAULT_MEMORY;
	out->vin = known.vin;
	out->customer = known.customer_id;
	if (!decision_request_read(
		    &out->request, arena_json(v->arena, text, NULL), roster->zone, faults))
		return REFUSED_INVALID;
	if (!site_terms_read(&out->site, json_present(q->site) ? q->site : roster->doc,
		    out->ruleset.ruleset, faults))
		return REFUSED_INVALID;
	if (!decision_request_check(&out->request, out->ruleset.ruleset, faults))
		return REFUSED_INVALID;
	return OK;
}

bool inputs_move(struct view *v, const struct roster *roster, const struct inputs *in,
	const struct stay *stay, struct inputs *out)
{
	struct local drop_off = roster_local(roster, stay->drop_off);
	struct decision_request *r = &out->request;
	struct driver_years y;

	if (stay->ready.s <= stay->drop_off.s || stay->until.s <= stay->from.s ||
		stay->until.s - stay->from.s > (int64_t)(LOAN_DAYS_MAX - 1) * 86400 ||
		in->request.has_collect_until)
		return false;
	if (in->driver.known)
		y = years_on(&in->driver, stay, roster);
	if (in->driver.known && !y.plausible)
		return false;
	if (local_day(drop_off).n != local_day(in->request.drop_off).n) {
		struct ruleset_row then;
		if (!ruleset_on(v, local_day(drop_off), &then) ||
			then.ruleset != in->ruleset.ruleset)
			return false;
	}
	*out = *in;
	r->drop_off = drop_off;
	r->ready = roster_local(roster, stay->ready);
	r->loan_from = roster_local(roster, stay->from);
	r->loan_to = roster_local(roster, stay->until);
	if (in->driver.known) {
		r->driver.given = true;
		r->driver.age_years = y.age;
		r->driver.licence_years = y.licence;
		r->driver.licence_expires = y.expires;
	}
	return true;
}

void decided_write(struct json_writer *w, const struct inputs *in, const struct terms *t)
{
	json_object_begin(w);
	json_k(w, "consumed");
	json_array_begin(w);
	for (uint32_t i = 0; i < t->covered_len; i++) {
		if (!ruleset_programme(in->ruleset.ruleset, t->covered[i].programme))
			continue; /* goodwill, collection: no programme's quota */
		json_object_begin(w);
		json_kv_int(w, "days", t->covered[i].consumed);
		json_kv_str(w, "programme", t->covered[i].programme);
		json_kv_int(w, "uses", 1);
		json_object_end(w);
	}
	json_array_end(w);
	json_k(w, "request");
	decision_request_write(w, &in->request);
	json_k(w, "site");
	site_terms_write(w, &in->site, in->ruleset.ruleset);
	json_object_end(w);
}

/* A warranty repair, a car that cannot be driven, a return to the workshop for the same fault. */
uint32_t rights_of(struct view *v, struct json facts, struct str visit)
{
	struct json jobs = json_get(facts, "jobs");
	uint32_t rights = 0;
	struct row row;

	for (struct json j = json_first(jobs); json_present(j); j = json_next(jobs, j))
		if (str_is(json_str_at(j, "type"), "warranty_repair") ||
			str_is(json_str_at(j, "type"), "recall"))
			rights |= 1u << PROTECTED_FOR_WARRANTY;
	if (json_bool_at(facts, "immobile", false) ||
		json_bool_at(json_get(facts, "vehicle"), "immobile", false))
		rights |= 1u << PROTECTED_FOR_IMMOBILE;
	if (visit.n && row_get(v, ROW_VISIT, visit, &row) && json_str_at(row.doc, "follows").n)
		rights |= 1u << PROTECTED_FOR_RETURN;
	return rights;
}
