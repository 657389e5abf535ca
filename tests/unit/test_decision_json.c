/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"

#include "tests/lib/judge.h"

/*
 * Requests as JSON, and what a replay needs. What is stored must replay to the same bytes, and
 * every fault of a request must be found at its place.
 */

static struct judge_document definitions, cases, document, stored;
static struct ruleset ruleset;
static struct faults faults;
static struct decision_request request, again;
static struct site_terms site, site_again;
static struct terms terms;
static char buf[65536], buf_again[65536];

static struct str write_request(const struct decision_request *r, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, sizeof(buf));
	decision_request_write(&w, r);
	return json_written(&w);
}

static struct str write_site(const struct site_terms *t, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, sizeof(buf));
	site_terms_write(&w, t, &ruleset);
	return json_written(&w);
}

/* All solutions of a request, one after the other. */
static struct str write_terms(
	const struct decision_request *r, const struct site_terms *s, const char *class, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, sizeof(buf));
	json_array_begin(&w);
	for (uint32_t i = 0; i < ruleset.solutions_len; i++) {
		decide_terms(&terms, r, s, &ruleset, i, str_from(class));
		terms_write(&w, &terms, &ruleset);
	}
	json_array_end(&w);
	return json_written(&w);
}

static void assert_same(struct str a, struct str b)
{
	assert_true(a.p != NULL && b.p != NULL);
	if (!str_eq(a, b))
		fail_msg("\n%.*s\n%.*s", STR_FMT(a), STR_FMT(b));
}

static void load_rules(void)
{
	struct json root = judge_load(&definitions, judge_data(), "definitions.json");

	faults.len = 0;
	if (!ruleset_read(&ruleset, root, false, &faults)) {
		judge_print_faults(&faults);
		fail();
	}
}

/* ---- there and back ---- */

static void round_trip(struct json definitions_root, struct json request_root)
{
	struct json sites = json_get(definitions_root, "sites");
	struct json site_root = json_get_str(sites, json_str_at(request_root, "site"));
	const struct zone *zone = judge_zone(NULL, json_str_at(site_root, "time_zone"));

	assert_true(decision_request_read(&request, request_root, zone, &faults));
	assert_true(site_terms_read(&site, site_root, &ruleset, &faults));

	struct str written = write_request(&request, buf);
	struct json root = judge_parse(&document, written);
	assert_true(document.doc.canonical);
	/* A stored decision needs no zone: its offsets stand in it. */
	assert_true(decision_request_read(&again, root, NULL, &faults));
	assert_same(written, write_request(&again, buf_again));
	/* The years are kept, the dates of the driver are not. */
	assert_null(strstr(buf, "birth_on"));
	assert_null(strstr(buf, "licence_on"));

	written = write_site(&site, buf);
	root = judge_parse(&stored, written);
	assert_true(stored.doc.canonical);
	assert_true(site_terms_read(&site_again, root, &ruleset, &faults));
	assert_same(written, write_site(&site_again, buf_again));

	assert_same(write_terms(&request, &site, NULL, buf),
		write_terms(&again, &site_again, NULL, buf_again));
	assert_same(write_terms(&request, &site, "grand", buf),
		write_terms(&again, &site_again, "grand", buf_again));
	assert_int_equal(faults.len, 0);
}

static void what_is_stored_replays_to_the_same_bytes(void **state)
{
	struct json list;
	uint32_t count = 0;

	(void)state;
	load_rules();
	list = json_get(judge_load(&cases, judge_data(), "cases.json"), "cases");
	for (struct json c = json_first(list); json_present(c); c = json_next(list, c), count++)
		round_trip(json_root(&definitions.doc), json_get(c, "request"));
	assert_true(count >= 40);
}

/* ---- one request, changed ---- */

static const char sound[] =
	"{\"site\":\"S\",\"cover\":\"checked\",\"jobs\":[{\"type\":\"maintenance\","
	"\"immobilisation_minutes\":60}],\"campaign_open\":true,"
	"\"drop_off_at\":\"2026-03-28T10:00:00+01:00\",\"ready_at\":\"2026-03-30T10:00:00+02:00\","
	"\"loan_from\":\"2026-03-28T09:00:00Z\",\"loan_to\":\"2026-03-30T11:00:00+02:00\","
	"\"collect_until\":\"2026-03-31T10:00:00+02:00\",\"distance_km\":7,"
	"\"vehicle\":{\"vin\":\"ZTESTCAR000000001\",\"odometer_km\":5,\"owner_id\":\"K1\","
	"\"immobile\":true,\"warranty_locked\":false,\"coverages\":[{\"programme\":\"P\","
	"\"start_on\":\"2025-01-01\",\"ends_on\":null,\"owner_id\":\"K1\",\"suspended_days\":2,"
	"\"uses\":1,\"claim_ref\":\"S-1\",\"source\":\"maker\",\"read_at\":\"2026-03-01\"}]},"
	"\"other_vehicles\":[{\"anything\":1}],\"customer\":{\"id\":\"K1\",\"segment\":\"vip\"},"
	"\"driver\":{\"birth_on\":\"1944-02-29\",\"licence_on\":\"1962-06-01\"},"
	"\"authorisations\":[{\"programme\":\"P\",\"extra_days\":2,\"ref\":\"A\",\"reason\":null}],"
	"\"goodwill\":{\"percent_bp\":2500,\"payer\":\"dealer\",\"cost_code\":\"G\","
	"\"authorisation_ref\":\"GW\",\"solutions\":[\"taxi\"]},"
	"\"used\":[{\"programme\":\"P\",\"days\":1,\"uses\":0}]}";

static const struct zone *paris(void)
{
	return judge_zone(NULL, STR("Europe/Paris"));
}

static bool read_changed(const char *from, const char *to)
{
	static char text[16384];
	const char *at = from ? strstr(sound, from) : sound;

	if (!at)
		fail_msg("\"%s\" is not in the request", from);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - sound), sound, from ? to : "",
		at + (from ? strlen(from) : 0));
	faults.len = 0;
	return decision_request_read(
		&request, judge_parse(&document, str_from(text)), paris(), &faults);
}

static void everything_is_read(void **state)
{
	(void)state;
	if (!read_changed(NULL, NULL)) {
		judge_print_faults(&faults);
		fail();
	}
	assert_int_equal(request.drop_off.offset_s, 3600);
	assert_int_equal(request.ready.offset_s, 7200);
	assert_int_equal(request.loan_from.wall_s, request.drop_off.wall_s);
	assert_int_equal(request.loan_to.wall_s - request.loan_from.wall_s, 49 * 3600);
	assert_true(request.has_collect_until && request.campaign_open && request.immobile);
	assert_int_equal(request.coverages_len, 1);
	assert_true(request.coverages[0].has_start && !request.coverages[0].has_end);
	assert_int_equal(request.coverages[0].suspended_days, 2);
	assert_str(request.coverages[0].claim_ref, "S-1");
	assert_true(request.driver.given);
	/* Born on 29 February 1944: 82 years on 28 March 2026. */
	assert_int_equal(request.driver.age_years, 82);
	assert_int_equal(request.driver.licence_years, 63);
	assert_int_equal(request.authorisations[0].extra_days, 2);
	assert_true(request.goodwill.given);
	assert_int_equal(request.goodwill.percent_bp, 2500);
	assert_int_equal(request.used[0].days, 1);
	assert_str(request.segment, "vip");

	assert_string_equal(write_request(&request, buf).p ? "written" : "", "written");
	assert_non_null(strstr(buf, "\"driver\":{\"age_years\":82,\"licence_years\":63}"));
	assert_non_null(strstr(buf, "\"drop_off_at\":\"2026-03-28T09:00:00Z\""));
	assert_non_null(strstr(buf, "\"ready_at\":\"2026-03-30T08:00:00Z\""));
	assert_non_null(strstr(buf, "\"offsets\":{\"collect_until\":7200,\"drop_off_at\":3600,"
				    "\"loan_from\":3600,\"loan_to\":7200,\"ready_at\":7200}"));
}

/* Whatever a person's dates say, what is stored can be read again. */
static void years_stay_within_bounds(void **state)
{
	(void)state;
	assert_true(read_changed("1962-06-01", "9999-12-31"));
	assert_int_equal(request.driver.licence_years, -150);
	struct str written = write_request(&request, buf);
	assert_true(decision_request_read(&again, judge_parse(&stored, written), NULL, &faults));
	assert_true(read_changed("1944-02-29", "1800-01-01"));
	assert_int_equal(request.driver.age_years, 150);
}

static void what_may_be_left_out(void **state)
{
	static const char least[] = "{\"jobs\":[],\"drop_off_at\":\"2026-03-16T08:30:00+01:00\","
				    "\"ready_at\":\"2026-03-16T08:30:00+01:00\","
				    "\"loan_from\":\"2026-03-16T08:30:00+01:00\","
				    "\"loan_to\":\"2026-03-16T08:30:00+01:00\","
				    "\"vehicle\":{},\"customer\":{\"segment\":\"private\"}}";

	(void)state;
	faults.len = 0;
	assert_true(decision_request_read(
		&request, judge_parse(&document, str_from(least)), paris(), &faults));
	assert_false(request.driver.given || request.goodwill.given || request.has_collect_until);
	assert_int_equal(request.distance_km, 0);
	struct str written = write_request(&request, buf);
	assert_true(decision_request_read(&again, judge_parse(&stored, written), NULL, &faults));
	assert_same(written, write_request(&again, buf_again));
}

static const struct {
	const char *from, *to, *pointer, *part;
} request_faults[] = {
	{"\"site\"", "\"sight\"", "/sight", "not a known member"},
	{"\"cover\":\"checked\"", "\"cover\":\"maybe\"", "/cover", "must be checked"},
	{"\"used\"", "\"offsets\":{},\"used\"", "/offsets", "belongs to stored"},
	{"\"jobs\"", "\"job\"", "/jobs", "is required"},
	{"\"type\":\"maintenance\",", "", "/jobs/0/type", "is required"},
	{"_minutes\":60", "_minutes\":-1", "/jobs/0/immobilisation_minutes", "must lie"},
	{"_minutes\":60", "_minutes\":527041", "/jobs/0/immobilisation_minutes", "must lie"},
	{"[{\"type\"", "[4,{\"type\"", "/jobs/0", "must be an object"},
	{"_minutes\":60", "_minutes\":60,\"x\":1", "/jobs/0/x", "not a known member"},
	{"\"campaign_open\":true", "\"campaign_open\":\"yes\"", "/campaign_open", "true or false"},
	{"\"2026-03-28T10:00:00+01:00\"", "\"2026-03-28 10:00\"", "/drop_off_at",
		"must be an instant"},
	{"\"2026-03-28T10:00:00+01:00\"", "\"2026-03-28T10:00:00\"", "/drop_off_at",
		"must be an instant"},
	{"\"drop_off_at\"", "\"drop_of_at\"", "/drop_off_at", "is required"},
	{"2026-03-28T10:00:00+01:00", "1970-06-01T10:00:00Z", "/drop_off_at", "1971 to 2999"},
	{"2026-03-30T11:00:00+02:00", "3000-01-01T00:00:00Z", "/loan_to", "1971 to 2999"},
	{"2026-03-30T10:00:00+02:00", "2026-03-28T08:59:59Z", "/ready_at",
		"lies before drop_off_at"},
	{"2026-03-30T11:00:00+02:00", "2026-03-28T09:59:59+01:00", "/loan_to",
		"lies before loan_from"},
	{"2026-03-30T11:00:00+02:00", "2027-03-29T10:00:01+01:00", "/loan_to", "at most 366 days"},
	{"2026-03-31T10:00:00+02:00", "2026-03-30T09:59:59+02:00", "/collect_until",
		"lies before ready_at"},
	{"2026-03-31T10:00:00+02:00", "soon", "/collect_until", "must be an instant"},
	{"\"distance_km\":7", "\"distance_km\":20001", "/distance_km", "must lie between"},
	{"\"distance_km\":7", "\"distance_km\":-1", "/distance_km", "must lie between"},
	{"\"vehicle\":{", "\"vehicle\":{\"plate\":\"X\",", "/vehicle/plate", "not a known member"},
	{"\"odometer_km\":5,", "", "/vehicle/odometer_km", "is required"},
	{"\"odometer_km\":5", "\"odometer_km\":10000000", "/vehicle/odometer_km", "must lie"},
	{"\"immobile\":true", "\"immobile\":1", "/vehicle/immobile", "true or false"},
	{"\"programme\":\"P\",\"start_on\"", "\"start_on\"", "/vehicle/coverages/0/programme",
		"is required"},
	{"2025-01-01", "2025-02-29", "/vehicle/coverages/0/start_on", "must be a date"},
	{"2025-01-01", "3000-01-01", "/vehicle/coverages/0/start_on", "beyond the year"},
	{"\"suspended_days\":2", "\"suspended_days\":-1", "/vehicle/coverages/0/suspended_days",
		"must lie between"},
	{"\"uses\":1", "\"uses\":10000", "/vehicle/coverages/0/uses", "must lie between"},
	{"\"claim_ref\":\"S-1\"", "\"claim_ref\":8", "/vehicle/coverages/0/claim_ref",
		"must be a text"},
	{"\"segment\":\"vip\"", "\"segment\":\"\"", "/customer/segment", "empty"},
	{"\"customer\":{\"id\":\"K1\",\"segment\":\"vip\"},", "", "/customer", "is required"},
	{"1944-02-29", "1943-02-29", "/driver/birth_on", "must be a date"},
	{"1944-02-29", "2026-03-29", "/driver/birth_on", "lies after loan_from"},
	{"\"licence_on\":\"1962-06-01\"", "\"licence_on\":null", "/driver/licence_on",
		"is required"},
	{"\"licence_on\":\"1962-06-01\"", "\"licence_on\":\"1962-06-01\",\"age_years\":3",
		"/driver", "not both"},
	{"\"birth_on\":\"1944-02-29\",\"licence_on\":\"1962-06-01\"", "\"age_years\":3",
		"/driver/licence_years", "is required"},
	{"\"birth_on\":\"1944-02-29\",\"licence_on\":\"1962-06-01\"", "\"number\":\"12\"",
		"/driver/number", "not a known member"},
	{"\"extra_days\":2", "\"extra_days\":-2", "/authorisations/0/extra_days",
		"must lie between"},
	{"\"percent_bp\":2500", "\"percent_bp\":10001", "/goodwill/percent_bp", "must lie between"},
	{"\"payer\":\"dealer\"", "\"payer\":\"customer\"", "/goodwill/payer",
		"not a payer of goodwill"},
	{"\"cost_code\":\"G\",", "", "/goodwill/cost_code", "is required"},
	{"[\"taxi\"]", "[\"taxi\",3]", "/goodwill/solutions/1", "must be a text"},
	{"\"days\":1,\"uses\":0", "\"days\":-1,\"uses\":0", "/used/0/days", "must lie between"},
	{"\"used\":[", "\"used\":[{\"programme\":\"P\",\"hours\":1},", "/used/0/hours",
		"not a known member"},
};

static void every_fault_at_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(request_faults); i++) {
		if (!read_changed(request_faults[i].from, request_faults[i].to) &&
			judge_has_fault(&faults, request_faults[i].pointer, request_faults[i].part))
			continue;
		judge_print_faults(&faults);
		fail_msg("%s -> %s: no fault %s \"%s\"", request_faults[i].from,
			request_faults[i].to, request_faults[i].pointer, request_faults[i].part);
	}
}

/* Lists have ends (advice 7): one more is a fault, not a slow loop. */
static void lists_are_bounded(void **state)
{
	static const struct {
		const char *head, *element, *tail, *pointer;
		int max;
	} rows[] = {
		{"{\"jobs\":[", "{\"type\":\"m\",\"immobilisation_minutes\":1}", "]}", "/jobs",
			JOBS_MAX},
		{"{\"vehicle\":{\"coverages\":[", "{\"programme\":\"P\"}", "]}}",
			"/vehicle/coverages", COVERAGES_MAX},
		{"{\"authorisations\":[", "{\"programme\":\"P\",\"extra_days\":1}", "]}",
			"/authorisations", AUTHORISATIONS_MAX},
		{"{\"used\":[", "{\"programme\":\"P\"}", "]}", "/used", USED_MAX},
		{"{\"goodwill\":{\"solutions\":[", "\"taxi\"", "]}}", "/goodwill/solutions",
			GOODWILL_SOLUTIONS_MAX},
	};
	static char text[16384];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (int over = 0; over < 2; over++) {
			size_t n = (size_t)snprintf(text, sizeof(text), "%s", rows[i].head);
			for (int k = 0; k < rows[i].max + over; k++)
				n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s",
					k ? "," : "", rows[i].element);
			snprintf(text + n, sizeof(text) - n, "%s", rows[i].tail);
			faults.len = 0;
			assert_false(decision_request_read(&request,
				judge_parse(&document, str_from(text)), paris(), &faults));
			assert_int_equal(
				judge_has_fault(&faults, rows[i].pointer, "at most"), over);
		}
	}
}

static void stored_requests_are_checked_too(void **state)
{
	static const struct {
		const char *from, *to, *pointer, *part;
	} rows[] = {
		{"\"drop_off_at\":\"2026-03-28T09:00:00Z\"",
			"\"drop_off_at\":\"2026-03-28T10:00:00+01:00\"", "/drop_off_at", "in UTC"},
		{"\"loan_from\":3600", "\"loan_frm\":3600", "/offsets/loan_from", "is required"},
		{"\"ready_at\":7200", "\"ready_at\":90000", "/offsets/ready_at", "must lie"},
	};
	static char text[16384];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(read_changed(NULL, NULL));
		struct str written = write_request(&request, buf);
		const char *at = strstr(buf, rows[i].from);
		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%.*s", (int)(at - buf), buf, rows[i].to,
			(int)(written.n - (size_t)(at - buf) - strlen(rows[i].from)),
			at + strlen(rows[i].from));
		faults.len = 0;
		assert_false(decision_request_read(
			&again, judge_parse(&document, str_from(text)), NULL, &faults));
		assert_true(judge_has_fault(&faults, rows[i].pointer, rows[i].part));
	}
}

/* ---- dates of people ---- */

static void people_are_older_than_the_epoch(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int years; /* full on 2026-05-04 */
	} rows[] = {
		{"1944-02-29", true, 82},
		{"1900-03-01", true, 126},
		{"1900-02-29", false, 0},
		{"1899-12-31", true, 126},
		{"1969-12-31", true, 56},
		{"1970-01-01", true, 56},
		{"1950-05-04", true, 76},
		{"1950-05-05", true, 75},
		{"1750-01-01", false, 0},
		{"19x0-01-01", false, 0},
		{"1950-13-01", false, 0},
		{"1950-1-01", false, 0},
		{"", false, 0},
		{"1950-01-010", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct day since;
		if (person_day_parse(&since, str_from(rows[i].text)) != rows[i].good)
			fail_msg("%s", rows[i].text);
		if (rows[i].good)
			assert_int_equal(
				day_full_years(since, day_from_civil(2026, 5, 4)), rows[i].years);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stored_replays_to_the_same_bytes),
		cmocka_unit_test(everything_is_read),
		cmocka_unit_test(years_stay_within_bounds),
		cmocka_unit_test(what_may_be_left_out),
		cmocka_unit_test(every_fault_at_its_place),
		cmocka_unit_test(lists_are_bounded),
		cmocka_unit_test(stored_requests_are_checked_too),
		cmocka_unit_test(people_are_older_than_the_epoch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
