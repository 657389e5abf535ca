/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"
#include "rules/value.h"

#include <stdio.h>

/*
 * A decision's request from JSON. Everything a later calculation relies on is bounded here, so that
 * the calculation itself has nothing to refuse.
 */

enum {
	YEARS_MAX = 150,
	DAYS_MAX = 9999,
	SUSPENDED_MAX = 36600,
	OFFSET_MAX_S = 86400,
	CYCLE_YEARS = 400,
	CYCLE_DAYS = 146097,
};

/* Dates of contracts, 1970 to 2999: adding a hundred years of months stays within four digits. */
static bool contract_day(const struct value *v, struct day *out)
{
	if (!value_day(v, out))
		return false;
	if (out->n < day_from_civil(3000, 1, 1).n)
		return true;
	value_fault(v, "lies beyond the year 2999");
	return false;
}

bool person_day_parse(struct day *out, struct str text)
{
	char later[DAY_TEXT];
	int year = 0;

	if (day_parse(out, text))
		return true;
	if (text.n != DAY_TEXT - 1 ||
		(memcmp(text.p, "19", 2) != 0 && memcmp(text.p, "18", 2) != 0))
		return false;
	/* The calendar repeats every 400 years: read the day of the later cycle, then go back. */
	for (int i = 0; i < 4; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		year = year * 10 + (text.p[i] - '0');
	}
	memcpy(later, text.p, sizeof(later) - 1);
	year += CYCLE_YEARS;
	for (int i = 3; i >= 0; i--, year /= 10)
		later[i] = (char)('0' + year % 10);
	if (!day_parse(out, (struct str){later, DAY_TEXT - 1}))
		return false;
	out->n -= CYCLE_DAYS;
	return true;
}

/* ---- instants ---- */

/* Turns a reading of any offset into the site's (S1), or joins a stored instant with its offset. */
static bool instant_read(
	const struct value *root, const char *key, const struct zone *zone, struct local *out)
{
	struct value v = value_member(root, key), offsets = value_member(root, "offsets");
	struct value offset = value_member(&offsets, key);
	struct local l;

	if (!instant_parse(&l, json_str(v.json))) {
		value_fault(&v, value_given(&v) ? "must be an instant such as "
						  "2026-03-16T08:30:00+01:00"
						: "is required");
		return false;
	}
	/* Bounded as UTC, so that what was accepted once is accepted when it is read from its
	 * store. */
	struct day day = local_day((struct local){local_instant(l).s, 0});
	if (day.n < day_from_civil(1971, 1, 1).n || day.n >= day_from_civil(3000, 1, 1).n) {
		value_fault(&v, "must lie in the years 1971 to 2999");
		return false;
	}
	if (zone) {
		*out = zone_local(zone, local_instant(l));
		return true;
	}
	if (l.offset_s != 0) {
		value_fault(&v, "a stored instant is in UTC");
		return false;
	}
	out->offset_s = (int32_t)value_int(&offset, -OFFSET_MAX_S, OFFSET_MAX_S);
	out->wall_s = l.wall_s + out->offset_s;
	return json_is(offset.json, JSON_INT);
}

/* The later must not lie before the earlier; real time decides, for the clock may go back (S1). */
static void order_check(const struct value *root, const char *later_key, struct local earlier,
	struct local later, const char *earlier_key)
{
	struct value v = value_member(root, later_key);

	if (local_instant(later).s < local_instant(earlier).s)
		value_fault(&v, "lies before %s", earlier_key);
}

static void instants_read(
	struct decision_request *out, const struct value *root, const struct zone *zone)
{
	struct value collect = value_member(root, "collect_until");
	struct value loan_to = value_member(root, "loan_to");
	struct value offsets = value_member(root, "offsets");
	/* Each is read whatever the others were, so that all faults are found. */
	bool dropped = instant_read(root, "drop_off_at", zone, &out->drop_off);
	bool ready = instant_read(root, "ready_at", zone, &out->ready);
	bool from = instant_read(root, "loan_from", zone, &out->loan_from);
	bool to = instant_read(root, "loan_to", zone, &out->loan_to);
	bool loan = from && to;

	if (zone && value_present(&offsets))
		value_fault(&offsets, "belongs to stored decisions");
	if (dropped && ready)
		order_check(root, "ready_at", out->drop_off, out->ready, "drop_off_at");
	if (loan)
		order_check(root, "loan_to", out->loan_from, out->loan_to, "loan_from");
	if (loan && out->loan_to.wall_s - out->loan_from.wall_s > INT64_C(86400) * LOAN_DAYS_MAX)
		value_fault(&loan_to, "a loan lasts at most %d days", LOAN_DAYS_MAX);
	if (!value_given(&collect))
		return;
	out->has_collect_until = instant_read(root, "collect_until", zone, &out->collect_until);
	if (ready && out->has_collect_until)
		order_check(root, "collect_until", out->ready, out->collect_until, "ready_at");
}

/* ---- lists ---- */

static int32_t int_at(
	const struct value *object, const char *key, int64_t min, int64_t max, int64_t otherwise)
{
	struct value v = value_member(object, key);
	return (int32_t)value_int_or(&v, min, max, otherwise);
}

static struct str word_at(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_word(&v);
}

static struct str text_at(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_text_or_none(&v);
}

static bool bool_at(const struct value *object, const char *key)
{
	struct value v = value_member(object, key);
	return value_bool_or(&v, false);
}

static void job_read(struct decision_request *out, const struct value *item)
{
	static const char *const known[] = {"type", "immobilisation_minutes"};
	struct value minutes = value_member(item, "immobilisation_minutes");

	value_members_known(item, known, ARRAY_LEN(known));
	out->jobs[out->jobs_len++] = (struct job){
		.type = word_at(item, "type"),
		.immobilisation_minutes =
			(int32_t)value_int(&minutes, 0, IMMOBILISATION_MAX_MINUTES),
	};
}

static void authorisation_read(struct decision_request *out, const struct value *item)
{
	static const char *const known[] = {"programme", "extra_days", "ref", "reason"};
	struct value days = value_member(item, "extra_days");

	value_members_known(item, known, ARRAY_LEN(known));
	out->authorisations[out->authorisations_len++] = (struct authorisation){
		.programme = word_at(item, "programme"),
		.extra_days = (int32_t)value_int(&days, 0, DAYS_MAX),
		.ref = text_at(item, "ref"),
		.reason = text_at(item, "reason"),
	};
}

static void used_read(struct decision_request *out, const struct value *item)
{
	static const char *const known[] = {"programme", "days", "uses"};

	value_members_known(item, known, ARRAY_LEN(known));
	out->used[out->used_len++] = (struct used){
		.programme = word_at(item, "programme"),
		.days = int_at(item, "days", 0, DAYS_MAX, 0),
		.uses = int_at(item, "uses", 0, DAYS_MAX, 0),
	};
}

static void coverage_read(struct decision_request *out, const struct value *item)
{
	/* source and read_at tell where a coverage was learnt from; they decide nothing. */
	static const char *const known[] = {"programme", "start_on", "ends_on", "owner_id",
		"suspended_days", "uses", "claim_ref", "source", "read_at"};
	struct coverage *c = &out->coverages[out->coverages_len++];
	struct value start = value_member(item, "start_on"), end = value_member(item, "ends_on");

	value_members_known(item, known, ARRAY_LEN(known));
	c->programme = word_at(item, "programme");
	c->owner_id = text_at(item, "owner_id");
	c->claim_ref = text_at(item, "claim_ref");
	c->has_start = value_given(&start) && contract_day(&start, &c->start_on);
	c->has_end = value_given(&end) && contract_day(&end, &c->ends_on);
	c->suspended_days = int_at(item, "suspended_days", 0, SUSPENDED_MAX, 0);
	c->uses = int_at(item, "uses", 0, DAYS_MAX, 0);
}

/* An optional list of objects; `required` lists may be empty but not missing. */
static void list_read(struct decision_request *out, const struct value *list, uint32_t max,
	bool required, void (*item_read)(struct decision_request *, const struct value *))
{
	if ((!required && !value_given(list)) || !value_is_array(list, max))
		return;
	for (struct value e = value_first(list); value_present(&e); e = value_next(list, &e))
		if (value_is_object(&e))
			item_read(out, &e);
}

/* ---- the car, the people ---- */

static void vehicle_read(struct decision_request *out, const struct value *vehicle)
{
	static const char *const known[] = {
		"vin", "odometer_km", "owner_id", "immobile", "warranty_locked", "coverages"};
	struct value odometer = value_member(vehicle, "odometer_km");
	struct value coverages = value_member(vehicle, "coverages");

	if (!value_is_object(vehicle))
		return;
	value_members_known(vehicle, known, ARRAY_LEN(known));
	out->vin = text_at(vehicle, "vin");
	out->owner_id = text_at(vehicle, "owner_id");
	out->immobile = bool_at(vehicle, "immobile");
	out->warranty_locked = bool_at(vehicle, "warranty_locked");
	list_read(out, &coverages, COVERAGES_MAX, false, coverage_read);
	/* An unknown reading must not count as zero kilometres where a right hangs on it. */
	out->odometer_km = out->coverages_len > 0
				   ? (int32_t)value_int(&odometer, 0, ODOMETER_MAX_KM)
				   : (int32_t)value_int_or(&odometer, 0, ODOMETER_MAX_KM, 0);
}

static void customer_read(struct decision_request *out, const struct value *customer)
{
	static const char *const known[] = {"id", "segment"};

	if (!value_is_object(customer))
		return;
	value_members_known(customer, known, ARRAY_LEN(known));
	out->customer_id = text_at(customer, "id");
	out->segment = word_at(customer, "segment");
}

/* Full years on the local date of loan_from (S7): only the years are kept. */
static int32_t years_since(
	const struct decision_request *out, const struct value *driver, const char *key)
{
	struct value v = value_member(driver, key);
	struct day since;

	if (person_day_parse(&since, json_str(v.json))) {
		int years = day_full_years(since, local_day(out->loan_from));
		/* Beyond these no limit tells two numbers of years apart. */
		return years < -YEARS_MAX ? -YEARS_MAX : years > YEARS_MAX ? YEARS_MAX : years;
	}
	value_fault(&v, value_given(&v) ? "must be a date YYYY-MM-DD" : "is required");
	return 0;
}

static void driver_read(struct decision_request *out, const struct value *driver)
{
	static const char *const known[] = {"birth_on", "licence_on", "age_years", "licence_years",
		"licence_expires", "category_missing"};
	struct value birth = value_member(driver, "birth_on");
	struct value licence = value_member(driver, "licence_on");
	struct value age_years = value_member(driver, "age_years");
	struct value licence_years = value_member(driver, "licence_years");

	if (!value_given(driver) || !value_is_object(driver))
		return;
	value_members_known(driver, known, ARRAY_LEN(known));
	out->driver.given = true;
	out->driver.licence_expires = bool_at(driver, "licence_expires");
	out->driver.category_missing = bool_at(driver, "category_missing");
	if (!value_given(&birth) && !value_given(&licence)) {
		out->driver.age_years = (int32_t)value_int(&age_years, 0, YEARS_MAX);
		out->driver.licence_years =
			(int32_t)value_int(&licence_years, -YEARS_MAX, YEARS_MAX);
		return;
	}
	if (value_given(&age_years) || value_given(&licence_years))
		value_fault(driver, "gives dates or years, not both");
	out->driver.age_years = years_since(out, driver, "birth_on");
	/* A licence that begins after loan_from stays negative: below any minimum, even none. */
	out->driver.licence_years = years_since(out, driver, "licence_on");
	if (out->driver.age_years < 0)
		value_fault(&birth, "lies after loan_from");
}

static void goodwill_read(struct decision_request *out, const struct value *goodwill)
{
	static const char *const known[] = {
		"percent_bp", "payer", "cost_code", "authorisation_ref", "solutions"};
	struct value percent = value_member(goodwill, "percent_bp");
	struct value payer = value_member(goodwill, "payer");
	struct value solutions = value_member(goodwill, "solutions");
	struct goodwill *g = &out->goodwill;

	if (!value_given(goodwill) || !value_is_object(goodwill))
		return;
	value_members_known(goodwill, known, ARRAY_LEN(known));
	g->given = true;
	g->percent_bp = (int32_t)value_int(&percent, 0, 10000);
	g->payer = value_word(&payer);
	if (str_is(g->payer, "customer"))
		value_fault(&payer, "the customer is not a payer of goodwill");
	g->cost_code = word_at(goodwill, "cost_code");
	g->authorisation_ref = text_at(goodwill, "authorisation_ref");
	if (!value_is_array(&solutions, GOODWILL_SOLUTIONS_MAX))
		return;
	for (struct value e = value_first(&solutions); value_present(&e);
		e = value_next(&solutions, &e))
		g->solutions[g->solutions_len++] = value_word(&e);
}

/* Whether the rights were looked up changes what is said, not what is decided. */
static void cover_check(const struct value *cover)
{
	struct str text = value_text_or_none(cover);

	if (value_given(cover) && !str_is(text, "checked") && !str_is(text, "stale") &&
		!str_is(text, "not_checked"))
		value_fault(cover, "must be checked, stale or not_checked");
}

bool decision_request_read(struct decision_request *out, struct json request,
	const struct zone *zone, struct faults *faults)
{
	static const char *const known[] = {"site", "jobs", "campaign_open", "drop_off_at",
		"ready_at", "loan_from", "loan_to", "collect_until", "distance_km", "vehicle",
		"other_vehicles", "customer", "driver", "authorisations", "goodwill", "used",
		"cover", "offsets"};
	struct value root = value_root(request, faults);
	uint32_t faults_before = faults->len;

	memset(out, 0, sizeof(*out));
	if (!value_is_object(&root))
		return false;
	value_members_known(&root, known, ARRAY_LEN(known));

	struct value jobs = value_member(&root, "jobs");
	struct value authorisations = value_member(&root, "authorisations");
	struct value used = value_member(&root, "used");
	struct value vehicle = value_member(&root, "vehicle");
	struct value customer = value_member(&root, "customer");
	struct value driver = value_member(&root, "driver");
	struct value goodwill = value_member(&root, "goodwill");
	struct value cover = value_member(&root, "cover");
	instants_read(out, &root, zone);
	list_read(out, &jobs, JOBS_MAX, true, job_read);
	out->campaign_open = bool_at(&root, "campaign_open");
	out->distance_km = int_at(&root, "distance_km", 0, DISTANCE_MAX_KM, 0);
	vehicle_read(out, &vehicle);
	customer_read(out, &customer);
	driver_read(out, &driver);
	list_read(out, &authorisations, AUTHORISATIONS_MAX, false, authorisation_read);
	goodwill_read(out, &goodwill);
	list_read(out, &used, USED_MAX, false, used_read);
	cover_check(&cover);
	return faults->len == faults_before;
}

bool decision_request_check(
	const struct decision_request *r, const struct ruleset *ruleset, struct faults *faults)
{
	uint32_t faults_before = faults->len;
	char pointer[64];

	for (uint32_t i = 0; i < r->jobs_len; i++) {
		snprintf(pointer, sizeof(pointer), "/jobs/%u/type", (unsigned)i);
		if (ruleset_job_type_index(ruleset, r->jobs[i].type) < 0)
			faults_add(faults, pointer, "\"%.*s\" is not a known job type",
				STR_FMT(r->jobs[i].type));
	}
	for (uint32_t i = 0; i < r->authorisations_len; i++) {
		snprintf(pointer, sizeof(pointer), "/authorisations/%u/programme", (unsigned)i);
		if (!ruleset_programme(ruleset, r->authorisations[i].programme))
			faults_add(faults, pointer, "\"%.*s\" is not a known programme",
				STR_FMT(r->authorisations[i].programme));
	}
	for (uint32_t i = 0; r->goodwill.given && i < r->goodwill.solutions_len; i++) {
		snprintf(pointer, sizeof(pointer), "/goodwill/solutions/%u", (unsigned)i);
		if (ruleset_solution_index(ruleset, r->goodwill.solutions[i]) < 0)
			faults_add(faults, pointer, "\"%.*s\" is not a known solution",
				STR_FMT(r->goodwill.solutions[i]));
	}
	return faults->len == faults_before;
}
