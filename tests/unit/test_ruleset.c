/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"

#include "tests/lib/judge.h"

/* Every fault of a rule set is provoked by name: one sound document, one change each, the fault
 * found at its pointer. */

static struct judge_document document;
static struct ruleset ruleset;
static struct faults faults;

static const char sound[] =
	"{\"version\":\"v1\",\"valid_from\":\"2026-01-01\","
	"\"solution_order\":[\"loaner_brand\",\"rental\",\"taxi\",\"bicycle\",\"wait_on_site\"],"
	"\"solutions\":[{\"id\":\"bicycle\",\"kind\":\"day\",\"names\":{\"en\":\"a bicycle\"}},"
	"{\"id\":\"wait_on_site\",\"kind\":\"none\"}],"
	"\"job_types\":[\"maintenance\",\"recall\"],\"segments\":[\"private\",\"vip\"],"
	"\"driver_limits\":{\"loaner_brand\":{\"min_age\":25,\"min_licence_years\":3,\"max_age\":"
	"75,"
	"\"classes\":{\"grand\":{\"min_age\":30}}},\"bicycle\":{\"min_age\":16}},"
	"\"programmes\":["
	"{\"id\":\"B\",\"name\":\"Bee\",\"kind\":\"insurance\",\"payer\":\"insurer\",\"priority\":"
	"20,"
	"\"requires_coverage\":true,\"transferable\":true,\"continues_after_expiry\":true,"
	"\"voided_by_lock\":false,\"needs_open_campaign\":false,\"needs_claim_ref\":true,"
	"\"months\":null,\"markets\":[\"EU\"],\"job_types\":[\"maintenance\"],"
	"\"segments\":[\"vip\"],\"max_uses\":3,\"odometer_limit_km\":1000,\"repays_net\":true,"
	"\"reference\":{\"title\":\"T\",\"version\":\"2\",\"article\":\"7\"},"
	"\"benefits\":{\"loaner_brand\":{\"cost_code\":\"C\",\"more_than_minutes\":60,\"from_day\":"
	"2,"
	"\"max_days\":3,\"day_count\":\"working_day\",\"max_per_day\":500,"
	"\"excess_payer\":\"ask\"},\"taxi\":{\"cost_code\":\"D\",\"max_amount\":900,"
	"\"max_distance_km\":30}}},"
	"{\"id\":\"A\",\"name\":\"Ay\",\"kind\":\"recall\",\"payer\":\"manufacturer\",\"priority\":"
	"10,"
	"\"requires_coverage\":false,\"transferable\":true,\"continues_after_expiry\":true,"
	"\"voided_by_lock\":false,\"needs_open_campaign\":true,\"needs_claim_ref\":false,"
	"\"markets\":[\"EU\"],\"job_types\":[\"recall\"],\"benefits\":{}}],"
	"\"documents\":{\"driving_licence\":{\"who\":\"customer\",\"original\":true,"
	"\"names\":{\"fr\":\"permis\"}},\"loan_agreement\":{\"who\":\"dealer\"}},"
	"\"documents_by_solution\":{\"loaner_brand\":[\"driving_licence\",\"loan_agreement\"]},"
	"\"condition_rules\":[{\"when\":\"solution in loaner_brand, rental and driver not given\","
	"\"key\":\"k1\"},{\"when\":\"value_minor > 0 and decision = partly_free\",\"key\":\"k2\"},"
	"{\"when\":\"a covered row used authorisation extra days\",\"key\":\"k3\"}]}";

/* The sound document with the first `from` replaced; `from` NULL leaves it alone. */
static bool read_changed(const char *from, const char *to, bool stored)
{
	static char text[16384];
	const char *at = from ? strstr(sound, from) : sound;

	if (!at)
		fail_msg("\"%s\" is not in the document", from);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - sound), sound, from ? to : "",
		at + (from ? strlen(from) : 0));
	struct json root = judge_parse(&document, str_from(text));
	faults.len = 0;
	return ruleset_read(&ruleset, root, stored, &faults);
}

static void sound_document_is_read_whole(void **state)
{
	(void)state;
	if (!read_changed(NULL, NULL, true)) {
		judge_print_faults(&faults);
		fail();
	}
	assert_str(ruleset.version, "v1");
	assert_int_equal(ruleset.valid_from.n, day_from_civil(2026, 1, 1).n);
	assert_int_equal(ruleset.solutions_len, 5);
	assert_int_equal(ruleset_solution_index(&ruleset, STR("taxi")), 2);
	assert_int_equal(ruleset_solution_index(&ruleset, STR("boat")), -1);
	assert_int_equal(ruleset_job_type_index(&ruleset, STR("recall")), 1);
	assert_int_equal(ruleset_job_type_index(&ruleset, STR("tuning")), -1);
	assert_null(ruleset_programme(&ruleset, STR("C")));

	/* Ascending priority, whatever the order of the document (S4). */
	assert_str(ruleset.programmes[0].id, "A");
	assert_str(ruleset.programmes[1].id, "B");
	const struct programme *b = ruleset_programme(&ruleset, STR("B"));
	assert_ptr_equal(b, &ruleset.programmes[1]);
	assert_str(b->reference.article, "7");
	assert_int_equal(b->months, NO_LIMIT);
	assert_int_equal(b->odometer_limit_km, 1000);
	assert_int_equal(b->max_uses, 3);
	assert_true(b->repays_net && b->needs_claim_ref && !b->any_segment);
	assert_int_equal(b->segments, 2);
	assert_int_equal(b->job_types, 1);
	assert_true(ruleset.programmes[0].any_segment);

	const struct benefit *loaner = &b->benefit[0], *taxi = &b->benefit[2];
	assert_true(loaner->present && taxi->present && !b->benefit[1].present);
	assert_int_equal(loaner->more_than_minutes, 60);
	assert_int_equal(loaner->from_day, 2);
	assert_int_equal(loaner->max_days, 3);
	assert_int_equal(loaner->day_count, COUNT_WORKING_DAY);
	assert_int_equal(loaner->max_per_day, 500);
	assert_int_equal(loaner->max_amount, NO_LIMIT);
	assert_int_equal(loaner->excess_payer, EXCESS_ASK);
	assert_int_equal(taxi->max_amount, 900);
	assert_int_equal(taxi->max_distance_km, 30);
	assert_int_equal(taxi->max_days, NO_LIMIT);
	assert_int_equal(taxi->from_day, 1);
	assert_int_equal(taxi->excess_payer, EXCESS_CUSTOMER);
}

static void parts_around_programmes_are_read(void **state)
{
	(void)state;
	assert_true(read_changed(NULL, NULL, true));
	/* An added solution whose driver has limits is driven. */
	assert_int_equal(ruleset.solutions[3].solution.unit, UNIT_DAY);
	assert_true(ruleset.solutions[3].solution.driver_checked);
	assert_str(json_str_at(ruleset.solutions[3].names, "en"), "a bicycle");
	assert_int_equal(ruleset.solutions[4].solution.unit, UNIT_NONE);
	assert_false(json_present(ruleset.solutions[0].names));

	assert_int_equal(ruleset.driver_limits_len, 3);
	assert_int_equal(ruleset.driver_limits[0].max_age, 75);
	assert_str(ruleset.driver_limits[1].vehicle_class, "grand");
	assert_int_equal(ruleset.driver_limits[1].min_age, 30);
	/* What a class leaves out it takes from its solution. */
	assert_int_equal(ruleset.driver_limits[1].min_licence_years, 3);
	assert_int_equal(ruleset.driver_limits[1].max_age, 75);
	assert_int_equal(ruleset.driver_limits[2].max_age, NO_LIMIT);

	assert_int_equal(ruleset.documents_len, 2);
	assert_true(ruleset.documents[0].customer_brings && ruleset.documents[0].original);
	assert_false(ruleset.documents[1].customer_brings);
	assert_int_equal(ruleset.solutions[0].documents_len, 2);

	assert_int_equal(ruleset.conditions_len, 3);
	assert_int_equal(ruleset.conditions[0].solutions, 3);
	assert_true(ruleset.conditions[0].driver_not_given);
	assert_str(ruleset.conditions[1].decision, "partly_free");
	assert_true(ruleset.conditions[1].value_positive && ruleset.conditions[1].solutions == 0);
	assert_true(ruleset.conditions[2].used_authorisation);
}

static void documents_without_catalogue(void **state)
{
	static const char *const mine[] = {"driving_licence", "payment_card", "handover"};
	static const char *const theirs[] = {
		"loan_agreement", "rental_agreement", "handover_sheet"};

	(void)state;
	assert_true(read_changed("\"documents\":{\"driving_licence\":{\"who\":\"customer\","
				 "\"original\":true,\"names\":{\"fr\":\"permis\"}},"
				 "\"loan_agreement\":{\"who\":\"dealer\"}},"
				 "\"documents_by_solution\":{\"loaner_brand\":[\"driving_licence\","
				 "\"loan_agreement\"]}",
		"\"documents_by_solution\":{\"loaner_brand\":[\"driving_licence\",\"payment_card\","
		"\"handover\",\"loan_agreement\",\"rental_agreement\",\"handover_sheet\"],"
		"\"taxi\":[\"driving_licence\"]}",
		true));
	assert_int_equal(ruleset.documents_len, 6);
	for (size_t i = 0; i < 3; i++) {
		assert_str(ruleset.documents[i].key, mine[i]);
		assert_true(ruleset.documents[i].customer_brings);
		assert_str(ruleset.documents[3 + i].key, theirs[i]);
		assert_false(ruleset.documents[3 + i].customer_brings);
	}
}

/* ---- every fault by name ---- */

struct change {
	const char *from, *to, *pointer, *part;
};

static void check_changes(const struct change *changes, size_t len, bool stored)
{
	for (size_t i = 0; i < len; i++) {
		const struct change *c = &changes[i];
		bool whole = read_changed(c->from, c->to, stored);
		if (!whole && judge_has_fault(&faults, c->pointer, c->part))
			continue;
		judge_print_faults(&faults);
		fail_msg("%s -> %s: no fault %s \"%s\"", c->from, c->to, c->pointer, c->part);
	}
}

static void faults_of_the_frame(void **state)
{
	static const struct change changes[] = {
		{"\"version\":\"v1\",", "", "/version", "is required"},
		{"\"v1\"", "7", "/version", "must be a text"},
		{"\"v1\"", "\"\"", "/version", "must not be empty"},
		{"\"v1\"", "\"v 1\"", "/version", "A-Z a-z 0-9"},
		{"\"valid_from\":\"2026-01-01\",", "", "/valid_from", "is required"},
		{"2026-01-01", "2026-02-30", "/valid_from", "must be a date"},
		{"\"version\"", "\"about\":\"x\",\"version\"", "/about", "not a known member"},
		{"\"version\"", "\"sites\":{},\"version\"", "/sites", "not a known member"},
		{"\"job_types\":[\"maintenance\",\"recall\"],", "", "/job_types", "is required"},
		{"[\"maintenance\",\"recall\"]", "{}", "/job_types", "must be a list"},
		{"[\"maintenance\",\"recall\"]", "[\"maintenance\",\"recall\",\"recall\"]",
			"/job_types/2", "stands here twice"},
		{"[\"maintenance\",\"recall\"]", "[\"maintenance\",\"recall\",5]", "/job_types/2",
			"must be a text"},
		{"[\"private\",\"vip\"]",
			"[\"vip\",\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\","
			"\"k\",\"l\",\"m\",\"n\",\"o\",\"p\"]",
			"/segments", "at most 16"},
	};

	(void)state;
	check_changes(changes, ARRAY_LEN(changes), true);
}

static void faults_of_solutions(void **state)
{
	static const struct change changes[] = {
		{"[\"loaner_brand\",\"rental\"", "[\"loaner_brand\",\"boat\",\"rental\"",
			"/solution_order", "\"boat\" is neither known nor declared"},
		{"[\"loaner_brand\",\"rental\"", "[\"loaner_brand\",\"loaner_brand\",\"rental\"",
			"/solution_order/1", "twice"},
		{"[\"loaner_brand\",\"rental\",\"taxi\",\"bicycle\",\"wait_on_site\"]",
			"[\"taxi\"]", "/solution_order", "at least two"},
		{"\"id\":\"bicycle\"", "\"id\":\"boat\"", "/solutions/0/id",
			"missing from solution_order"},
		{"\"kind\":\"day\"", "\"kind\":\"week\"", "/solutions/0/kind", "day, trip or none"},
		{"\"kind\":\"none\"", "\"kind\":\"trip\"", "/solutions/1/kind", "of another kind"},
		{"\"kind\":\"none\"", "\"kind\":\"none\",\"price\":1", "/solutions/1/price",
			"not a known member"},
		{"\"id\":\"wait_on_site\",\"kind\":\"none\"", "\"id\":\"bicycle\",\"kind\":\"day\"",
			"/solutions/1/id", "twice"},
		{"{\"en\":\"a bicycle\"}", "{\"en\":\"\"}", "/solutions/0/names/en",
			"must not be empty"},
		{"{\"en\":\"a bicycle\"}", "[]", "/solutions/0/names", "must be an object"},
		{"\"loan_agreement\":{\"who\":\"dealer\"}",
			"\"loan_agreement\":{\"who\":\"nobody\"}", "/documents/loan_agreement/who",
			"customer or dealer"},
		{"\"loan_agreement\":{\"who\":\"dealer\"}", "\"loan_agreement\":{}",
			"/documents/loan_agreement/who", "is required"},
		{"\"loan_agreement\":{\"who\":\"dealer\"}", "\"a/b~\":{\"who\":\"dealer\"}",
			"/documents/a~1b~0", "the key must be"},
		{"[\"driving_licence\",\"loan_agreement\"]", "[\"driving_licence\",\"passport\"]",
			"/documents_by_solution/loaner_brand/1",
			"\"passport\" is not in documents"},
		{"[\"driving_licence\",\"loan_agreement\"]",
			"[\"driving_licence\",\"driving_licence\"]",
			"/documents_by_solution/loaner_brand/1", "twice"},
		{"{\"loaner_brand\":[\"driving_licence\"", "{\"pickup\":[\"driving_licence\"",
			"/documents_by_solution/pickup", "\"pickup\" is not a solution"},
		{"\"bicycle\":{\"min_age\":16}", "\"taxi\":{\"min_age\":16}", "/driver_limits/taxi",
			"nobody drives"},
		{"\"bicycle\":{\"min_age\":16}", "\"boat\":{\"min_age\":16}", "/driver_limits/boat",
			"is not a solution"},
		{"\"min_age\":16", "\"min_age\":-1", "/driver_limits/bicycle/min_age",
			"must lie between 0 and 120"},
		{"\"min_age\":16", "\"min_ages\":16", "/driver_limits/bicycle/min_ages",
			"not a known member"},
		{"\"max_age\":75", "\"max_age\":20", "/driver_limits/loaner_brand/max_age",
			"below min_age"},
		{"\"grand\":{\"min_age\":30}", "\"grand\":{\"min_age\":80}",
			"/driver_limits/loaner_brand/classes/grand/max_age", "below min_age"},
		{"\"grand\":{\"min_age\":30}", "\"grand one\":{\"min_age\":30}",
			"/driver_limits/loaner_brand/classes/grand one", "the key must be"},
	};

	(void)state;
	check_changes(changes, ARRAY_LEN(changes), true);
}

static void faults_of_programmes(void **state)
{
	static const struct change changes[] = {
		{"\"id\":\"A\"", "\"id\":\"B\"", "/programmes/1/id", "\"B\" is the id of another"},
		{"\"id\":\"A\"", "\"id\":\"GOODWILL\"", "/programmes/1/id", "reserved"},
		{"\"id\":\"A\"", "\"id\":\"COLLECTION\"", "/programmes/1/id", "reserved"},
		{"\"id\":\"A\",", "", "/programmes/1/id", "is required"},
		{"\"name\":\"Bee\",", "", "/programmes/0/name", "is required"},
		{"\"priority\":10", "\"priority\":20", "/programmes/1/priority",
			"20 is the priority of \"B\" already"},
		{"\"priority\":10", "\"priority\":-1", "/programmes/1/priority",
			"must lie between"},
		{"\"priority\":10", "\"priority\":\"1\"", "/programmes/1/priority",
			"must be an integer"},
		{"\"payer\":\"insurer\"", "\"payer\":\"customer\"", "/programmes/0/payer",
			"the customer is not a payer"},
		{"\"requires_coverage\":true,", "", "/programmes/0/requires_coverage",
			"is required"},
		{"\"transferable\":true", "\"transferable\":1", "/programmes/0/transferable",
			"must be true or false"},
		{"\"months\":null,", "", "/programmes/0/months", "is required where a coverage is"},
		{"\"months\":null", "\"months\":-3", "/programmes/0/months",
			"must lie between 0 and 1200"},
		{"\"max_uses\":3", "\"max_uses\":-3", "/programmes/0/max_uses", "must lie between"},
		{"\"odometer_limit_km\":1000", "\"odometer_limit_km\":-1",
			"/programmes/0/odometer_limit_km", "must lie between"},
		{"\"markets\":[\"EU\"]", "\"markets\":[]", "/programmes/0/markets",
			"at least one market"},
		{"\"job_types\":[\"maintenance\"]", "\"job_types\":[\"tuning\"]",
			"/programmes/0/job_types/0", "\"tuning\" is not a known job type"},
		{"\"job_types\":[\"maintenance\"]", "\"job_types\":[]", "/programmes/0/job_types",
			"at least one job type"},
		{"\"segments\":[\"vip\"]", "\"segments\":[\"vip\",\"vip\"]",
			"/programmes/0/segments/1", "twice"},
		{"\"segments\":[\"vip\"]", "\"segments\":[\"fleet\"]", "/programmes/0/segments/0",
			"\"fleet\" is not a known segment"},
		{"\"repays_net\":true", "\"repays_gross\":true", "/programmes/0/repays_gross",
			"not a known member"},
		{"\"article\":\"7\"", "\"page\":\"7\"", "/programmes/0/reference/page",
			"not a known member"},
		{"\"benefits\":{}", "\"benefits\":[]", "/programmes/1/benefits",
			"must be an object"},
		{"\"programmes\":[", "\"programmes\":[7,", "/programmes/0", "must be an object"},
	};

	(void)state;
	check_changes(changes, ARRAY_LEN(changes), true);
}

#define BRAND "/programmes/0/benefits/loaner_brand"
#define TAXI "/programmes/0/benefits/taxi"

static void faults_of_benefits(void **state)
{
	static const struct change changes[] = {
		{"{\"loaner_brand\":{\"cost_code\"", "{\"boat\":{\"cost_code\"",
			"/programmes/0/benefits/boat", "\"boat\" is not a solution"},
		{"\"cost_code\":\"C\",", "", BRAND "/cost_code", "is required"},
		{"\"more_than_minutes\":60", "\"more_than_minutes\":-1", BRAND "/more_than_minutes",
			"must lie between"},
		{"\"from_day\":2", "\"from_day\":0", BRAND "/from_day", "must lie between 1"},
		{"\"max_days\":3", "\"max_days\":-3", BRAND "/max_days", "must lie between 0"},
		{"\"max_days\":3", "\"max_day\":3", BRAND "/max_day", "not a known member"},
		{"\"max_per_day\":500", "\"max_per_day\":-500", BRAND "/max_per_day",
			"must lie between 0"},
		{"\"max_per_day\":500", "\"max_per_day\":1000000000001", BRAND "/max_per_day",
			"must lie between 0"},
		{"\"working_day\"", "\"bank_day\"", BRAND "/day_count",
			"\"bank_day\" is not known"},
		{"\"ask\"", "\"maker\"", BRAND "/excess_payer", "\"maker\" is not known"},
		{"\"max_days\":3", "\"max_amount\":3", BRAND "/max_amount", "no effect"},
		{"\"max_days\":3", "\"max_distance_km\":3", BRAND "/max_distance_km", "no effect"},
		{"\"max_amount\":900", "\"max_per_day\":900", TAXI "/max_per_day", "no effect"},
		{"\"max_amount\":900", "\"max_amount\":-900", TAXI "/max_amount",
			"must lie between"},
		{"\"max_amount\":900", "\"excess_payer\":\"dealer\"", TAXI "/excess_payer",
			"no effect"},
		{"\"max_distance_km\":30", "\"max_distance_km\":-30", TAXI "/max_distance_km",
			"must lie between"},
	};

	(void)state;
	check_changes(changes, ARRAY_LEN(changes), true);
}

static void faults_of_conditions(void **state)
{
#define WHEN "solution in loaner_brand, rental and driver not given"
	static const struct change changes[] = {
		{WHEN, "", "/condition_rules/0/when", "1 to 1000 bytes"},
		{WHEN, "the moon is full", "/condition_rules/0/when", "is not understood"},
		{WHEN, "driver not given and ", "/condition_rules/0/when", "is not understood"},
		{WHEN, "solution in ", "/condition_rules/0/when", "\"\" is not a solution"},
		{WHEN, "solution in taxi, ", "/condition_rules/0/when", "\"\" is not a solution"},
		{WHEN, "solution in taxi, boat", "/condition_rules/0/when",
			"\"boat\" is not a solution"},
		{WHEN, "solution = taxi, rental", "/condition_rules/0/when",
			"\"taxi, rental\" is not a solution"},
		{WHEN, "solution = taxi and solution = rental", "/condition_rules/0/when",
			"names solutions twice"},
		{WHEN, "decision = not_offered", "/condition_rules/0/when", "a decision is free"},
		{WHEN, "decision = free and decision = paid", "/condition_rules/0/when",
			"names a decision twice"},
		{WHEN, "value_minor > 1", "/condition_rules/0/when", "is not understood"},
		{"\"key\":\"k1\"", "\"key\":\"\"", "/condition_rules/0/key", "must not be empty"},
		{"\"key\":\"k1\"", "\"key\":\"k1\",\"if\":1", "/condition_rules/0/if",
			"not a known member"},
		{"[{\"when\":\"" WHEN, "[3,{\"when\":\"" WHEN, "/condition_rules/0",
			"must be an object"},
	};

	(void)state;
	check_changes(changes, ARRAY_LEN(changes), true);
}

/* ---- many at once, and a definitions file ---- */

static void faults_are_all_found_and_counted(void **state)
{
	static char text[40000];
	size_t n = (size_t)snprintf(text, sizeof(text), "{\"programmes\":[");

	(void)state;
	for (int i = 0; i < 40; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s{\"id\":\"P%d\",\"oops\":1}",
			i ? "," : "", i);
	snprintf(text + n, sizeof(text) - n, "]}");
	faults.len = 0;
	assert_false(
		ruleset_read(&ruleset, judge_parse(&document, str_from(text)), false, &faults));
	/* More than the list holds: the first ones are kept, the rest is counted. */
	assert_true(faults.len > RULESET_FAULTS_MAX);
	assert_true(judge_has_fault(&faults, "/version", "is required"));
	assert_true(judge_has_fault(&faults, "/programmes/0/oops", "not a known member"));
	assert_true(judge_has_fault(&faults, "/programmes/1/benefits", "is required"));
}

static void too_many_payers(void **state)
{
	static char text[40000];
	size_t n = (size_t)snprintf(text, sizeof(text),
		"{\"version\":1,\"solution_order\":[\"taxi\",\"rental\"],\"job_types\":[\"recall\"]"
		","
		"\"segments\":[],\"driver_limits\":{},\"documents_by_solution\":{},"
		"\"condition_rules\":[],\"programmes\":[");

	(void)state;
	for (int i = 0; i < 13; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
			"%s{\"id\":\"P%d\",\"name\":\"P\",\"kind\":\"k\",\"payer\":\"p%d\","
			"\"priority\":%d,\"requires_coverage\":false,\"transferable\":true,"
			"\"continues_after_expiry\":true,\"voided_by_lock\":false,"
			"\"needs_open_campaign\":false,\"needs_claim_ref\":false,"
			"\"markets\":[\"EU\"],\"job_types\":[\"recall\"],\"benefits\":{}}",
			i ? "," : "", i, i, i);
	snprintf(text + n, sizeof(text) - n, "]}");
	faults.len = 0;
	assert_false(
		ruleset_read(&ruleset, judge_parse(&document, str_from(text)), false, &faults));
	assert_int_equal(faults.len, 1);
	assert_true(judge_has_fault(&faults, "/programmes", "more than 12 different payers"));
}

static void definitions_file_is_looser(void **state)
{
	(void)state;
	assert_true(read_changed("\"version\":\"v1\",\"valid_from\":\"2026-01-01\",",
		"\"version\":12,\"about\":\"x\",\"semantics\":[],\"invariants\":[],\"sites\":{},"
		"\"audit_rules\":[],\"audit_hit_policy\":\"C\",",
		false));
	assert_str(ruleset.version, "12");
	assert_int_equal(ruleset.valid_from.n, 0);
	assert_false(read_changed("\"v1\"", "-1", false));
	assert_true(judge_has_fault(&faults, "/version", "negative"));
	assert_false(read_changed("\"version\"", "\"programs\":[],\"version\"", false));
	assert_true(judge_has_fault(&faults, "/programs", "not a known member"));
}

static void what_is_no_object_is_one_fault(void **state)
{
	(void)state;
	faults.len = 0;
	assert_false(ruleset_read(&ruleset, judge_parse(&document, STR("[]")), true, &faults));
	assert_int_equal(faults.len, 1);
	assert_true(judge_has_fault(&faults, "", "must be an object"));
}

/* The pointer of a deep fault is cut, never overrun. */
static void long_keys_are_cut_in_pointers(void **state)
{
	static char key[3000], text[4000];

	(void)state;
	memset(key, '/', sizeof(key) - 1);
	snprintf(text, sizeof(text), "{\"%s\":1}", key);
	faults.len = 0;
	assert_false(ruleset_read(&ruleset, judge_parse(&document, str_from(text)), true, &faults));
	assert_true(strlen(faults.fault[0].pointer) < sizeof(faults.fault[0].pointer));
	assert_true(strncmp(faults.fault[0].pointer, "/~1~1~1", 7) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_document_is_read_whole),
		cmocka_unit_test(parts_around_programmes_are_read),
		cmocka_unit_test(documents_without_catalogue),
		cmocka_unit_test(faults_of_the_frame),
		cmocka_unit_test(faults_of_solutions),
		cmocka_unit_test(faults_of_programmes),
		cmocka_unit_test(faults_of_benefits),
		cmocka_unit_test(faults_of_conditions),
		cmocka_unit_test(faults_are_all_found_and_counted),
		cmocka_unit_test(too_many_payers),
		cmocka_unit_test(definitions_file_is_looser),
		cmocka_unit_test(what_is_no_object_is_one_fault),
		cmocka_unit_test(long_keys_are_cut_in_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
