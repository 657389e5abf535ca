/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/decision.h"

#include "tests/lib/judge.h"
#include "tests/lib/world.h"

/* What of a site a decision needs, and terms as the contract shows them. */

static struct judge_document definitions, document;
static struct ruleset ruleset;
static struct faults faults;
static struct decision_request request;
static struct site_terms site;
static struct terms terms;
static char buf[65536];

static struct str write_site(const struct site_terms *t, char *out)
{
	struct json_writer w;

	json_writer_init(&w, out, sizeof(buf));
	site_terms_write(&w, t, &ruleset);
	return json_written(&w);
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

/* ---- sites ---- */

#define SITE_HEAD                                                      \
	"{\"market\":\"EU\",\"currency\":\"EUR\",\"grace_minutes\":0," \
	"\"max_service_distance_km\":9,\"accompanied_max_km\":9,\"phone\":\"passed over\""

static bool read_site(const char *members)
{
	static char text[8192];

	snprintf(text, sizeof(text), "%s,%s}", SITE_HEAD, members);
	faults.len = 0;
	return site_terms_read(&site, judge_parse(&document, str_from(text)), &ruleset, &faults);
}

static void faults_of_sites(void **state)
{
	static const struct {
		const char *members, *pointer, *part;
	} rows[] = {
		{"\"x\":1", "/tariff", "is required"},
		{"\"tariff\":{\"taxi\":{\"price\":1}}", "/tariff/taxi/unit", "is required"},
		{"\"tariff\":{\"taxi\":{\"unit\":\"hour\"}}", "/tariff/taxi/unit",
			"day, trip, leg"},
		{"\"tariff\":{\"taxi\":{\"unit\":\"day\",\"price\":1}}", "/tariff/taxi/unit",
			"does not fit"},
		{"\"tariff\":{\"rental\":{\"unit\":\"trip\",\"price\":1,\"trips\":1}}",
			"/tariff/rental/unit", "does not fit"},
		{"\"tariff\":{\"taxi\":{\"unit\":\"trip\",\"price\":-1,\"trips\":1}}",
			"/tariff/taxi/price", "must lie"},
		{"\"tariff\":{\"taxi\":{\"unit\":\"trip\",\"price\":1,\"trips\":0}}",
			"/tariff/taxi/trips", "must lie"},
		{"\"tariff\":{\"pickup\":{\"unit\":\"leg\",\"legs\":1,\"base\":1,"
		 "\"per_km\":50000001}}",
			"/tariff/pickup/per_km", "must lie"},
		{"\"tariff\":{\"rental\":{\"unit\":\"day\",\"price\":1000000000001}}",
			"/tariff/rental/price", "must lie"},
		{"\"tariff\":{\"rental\":{\"unit\":\"day\",\"price\":1,\"classes\":{\"a b\":{}}}}",
			"/tariff/rental/classes/a b", "the key must be"},
		{"\"tariff\":{\"rental\":{\"unit\":\"day\",\"price\":1,"
		 "\"classes\":{\"a\":{\"price\":-1}}}}",
			"/tariff/rental/classes/a/price", "must lie"},
		{"\"tariff\":{},\"tax_bp\":10001", "/tax_bp", "must lie"},
		{"\"tariff\":{},\"wait_minutes\":-1", "/wait_minutes", "must lie"},
		{"\"tariff\":{},\"holidays\":[\"2026-05-01\",\"May\"]", "/holidays/1",
			"must be a date"},
	};

	(void)state;
	load_rules();
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!read_site(rows[i].members) &&
			judge_has_fault(&faults, rows[i].pointer, rows[i].part))
			continue;
		judge_print_faults(&faults);
		fail_msg("%s: no fault %s", rows[i].members, rows[i].pointer);
	}
	faults.len = 0;
	assert_false(site_terms_read(&site,
		judge_parse(&document, STR("{\"currency\":\"Eur\",\"tariff\":{}}")), &ruleset,
		&faults));
	assert_true(judge_has_fault(&faults, "/market", "is required"));
	assert_true(judge_has_fault(&faults, "/currency", "three capital letters"));
	assert_true(judge_has_fault(&faults, "/grace_minutes", "is required"));
}

static void sites_keep_what_a_replay_needs(void **state)
{
	(void)state;
	load_rules();
	assert_true(read_site(
		"\"tariff\":{\"rental\":{\"unit\":\"day\",\"price\":7,\"km_per_day\":100,"
		"\"classes\":"
		"{\"b\":{\"price\":9},\"a\":{\"deposit_minor\":5},\"Z\":{\"price\":8}}},"
		"\"taxi\":{\"unit\":\"leg\",\"legs\":1,\"base\":3,\"per_km\":2},"
		"\"wait_on_site\":{\"unit\":\"none\"},\"of_another_set\":{\"unit\":\"week\"}},"
		"\"tax_bp\":2000,\"holidays\":[\"2026-05-01\"]"));
	assert_str(write_site(&site, buf),
		"{\"accompanied_max_km\":9,\"currency\":\"EUR\",\"grace_minutes\":0,"
		"\"holidays\":[\"2026-05-01\"],\"market\":\"EU\",\"max_service_distance_km\":9,"
		"\"tariff\":{\"rental\":{\"classes\":{\"Z\":{\"price\":8},\"b\":{\"price\":9}},"
		"\"price\":7,\"unit\":\"day\"},\"taxi\":{\"base\":3,\"legs\":1,\"per_km\":2,"
		"\"unit\":\"leg\"},\"wait_on_site\":{\"unit\":\"none\"}},\"tax_bp\":2000}");
}

/* ---- terms ---- */

static void terms_as_the_contract_shows_them(void **state)
{
	struct json_writer w;
	struct json sites;

	(void)state;
	load_rules();
	sites = json_get(json_root(&definitions.doc), "sites");
	assert_true(site_terms_read(&site, json_get(sites, "PAR"), &ruleset, &faults));
	request = (struct decision_request){.drop_off = world_at(0, 0),
		.ready = world_at(2, 0),
		.loan_from = world_at(0, 0),
		.loan_to = world_at(2, 0),
		.jobs_len = 1,
		.jobs = {{STR("warranty_repair"), 60}},
		.distance_km = 61,
		.immobile = true,
		.owner_id = STR("K1"),
		.segment = STR("private"),
		.coverages_len = 1,
		.coverages = {{.programme = STR("LONG36"), .owner_id = STR("K1")}},
		.driver = {.given = true, .age_years = 40, .licence_years = 20}};
	request.coverages[0].has_start = true;
	request.coverages[0].start_on = day_from_civil(2025, 1, 1);
	json_writer_init(&w, buf, sizeof(buf));
	decide_terms(&terms, &request, &site, &ruleset,
		(uint32_t)ruleset_solution_index(&ruleset, STR("pickup")), STR_NULL);
	terms_write(&w, &terms, &ruleset);
	assert_str(json_written(&w),
		"{\"conditions\":[],\"covered\":[],\"currency\":\"EUR\",\"customer_minor\":null,"
		"\"decision\":\"not_offered\",\"documents\":[],\"evidence\":[],"
		"\"gross_minor\":null,\"notes\":[],\"payers\":[],"
		"\"reason\":\"VEHICLE_NOT_DRIVABLE\",\"units\":null,\"value_minor\":null}");

	json_writer_init(&w, buf, sizeof(buf));
	decide_terms(&terms, &request, &site, &ruleset,
		(uint32_t)ruleset_solution_index(&ruleset, STR("rental")), STR_NULL);
	terms.evidence_len = 1;
	terms_write(&w, &terms, &ruleset);
	assert_str(json_written(&w),
		"{\"conditions\":[\"return_on_completion\",\"card_deposit\"],\"covered\":["
		"{\"amount_minor\":8000,\"cost_code\":\"X1\",\"net_minor\":6667,"
		"\"payer\":\"programme\",\"programme\":\"LONG36\",\"units\":2},"
		"{\"amount_minor\":5800,\"cost_code\":\"X1\",\"payer\":\"dealer\","
		"\"programme\":\"LONG36\",\"units\":0}],\"currency\":\"EUR\","
		"\"customer_minor\":0,\"decision\":\"free\",\"documents\":[\"driving_licence\","
		"\"vehicle_registration\",\"payment_card\"],\"evidence\":["
		"{\"programme\":\"SAFETY\",\"result\":\"JOB_NOT_COVERED\"}],"
		"\"gross_minor\":13800,\"notes\":[\"DAY_AMOUNT_CAPPED\"],"
		"\"payers\":[\"programme\",\"dealer\"],\"reason\":null,\"units\":2,"
		"\"value_minor\":13800}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_of_sites),
		cmocka_unit_test(sites_keep_what_a_replay_needs),
		cmocka_unit_test(terms_as_the_contract_shows_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
