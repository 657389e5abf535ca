/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Problems: every outcome gives a whole one; faults and further members find their place. */

#include "server/problem.h"
#include "tests/lib/check.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, ARENA_MAX_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_deinit(&arena);
	return 0;
}

static const enum outcome outcomes[] = {
#define X(name, slug, status, title) name,
	OUTCOMES(X)
#undef X
};

static void every_outcome(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
		struct str body = problem_body(&arena, &(struct problem){.outcome = outcomes[i]});
		struct json_doc *doc = NULL;
		struct json p = arena_json(&arena, body, &doc);
		assert_true(json_present(p));
		assert_true(doc->canonical);
		assert_int_equal(json_int_at(p, "status", 0), outcome_status(outcomes[i]));
		assert_str(json_str_at(p, "title"), outcome_title(outcomes[i]));
		struct str type = json_str_at(p, "type");
		assert_true(type.n > 10 && memcmp(type.p, "/problems/", 10) == 0);
		assert_true(
			str_is((struct str){type.p + 10, type.n - 10}, outcome_slug(outcomes[i])));
		assert_true(json_str_at(p, "detail").n > 10);
		assert_false(json_present(json_get(p, "errors")));
	}
}

static void every_outcome_has_a_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++) {
		struct str page = problem_page(&arena, str_from(outcome_slug(outcomes[i])));
		if (outcomes[i] == OK) {
			assert_null(page.p);
			continue;
		}
		size_t title_n = strlen(outcome_title(outcomes[i]));
		assert_true(page.n > title_n);
		assert_memory_equal(page.p, outcome_title(outcomes[i]), title_n);
	}
	assert_null(problem_page(&arena, STR("no-such-thing")).p);
	assert_null(problem_page(&arena, STR("")).p);
}

static void faults_become_errors(void **state)
{
	static struct faults faults;
	(void)state;
	faults.len = 0;
	faults_add(&faults, "/jobs/0/type", "\"%s\" is not a known job type", "wash");
	faults_add(&faults, "/drop_off_at", "is required");
	struct problem p = {.outcome = REFUSED_INVALID, .detail = STR("no"), .faults = &faults};
	assert_str(problem_body(&arena, &p),
		"{\"detail\":\"no\",\"errors\":["
		"{\"detail\":\"\\\"wash\\\" is not a known job "
		"type\",\"pointer\":\"/jobs/0/type\"},"
		"{\"detail\":\"is required\",\"pointer\":\"/drop_off_at\"}],"
		"\"status\":422,\"title\":\"Some fields are "
		"wrong\",\"type\":\"/problems/invalid\"}");
}

/* More faults than are kept: those that are kept are told. */
static void many_faults(void **state)
{
	static struct faults faults;
	(void)state;
	faults.len = 0;
	for (int i = 0; i < RULESET_FAULTS_MAX + 20; i++)
		faults_add(&faults, "/x", "number %d", i);
	struct problem p = {.outcome = REFUSED_INVALID, .faults = &faults};
	struct json doc = arena_json(&arena, problem_body(&arena, &p), NULL);
	assert_int_equal(json_count(json_get(doc, "errors")), RULESET_FAULTS_MAX);
}

static void members_are_merged(void **state)
{
	(void)state;
	struct problem p = {
		.outcome = REFUSED_NO_SEAT,
		.detail = STR("taken"),
		.members = STR("{\"alternatives\":[{\"class\":\"a\"}],\"zeta\":1}"),
	};
	assert_str(problem_body(&arena, &p),
		"{\"alternatives\":[{\"class\":\"a\"}],\"detail\":\"taken\",\"status\":409,"
		"\"title\":\"Nothing is free for this "
		"time\",\"type\":\"/problems/no-seat\",\"zeta\":1}");
}

static void no_memory_still_answers(void **state)
{
	struct arena tiny;
	(void)state;
	arena_init(&tiny, 64);
	struct str body = problem_body(&tiny, &(struct problem){.outcome = REFUSED_STATE});
	assert_true(body.n > 0);
	assert_true(json_present(arena_json(&arena, body, NULL)));
	arena_deinit(&tiny);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_outcome, setup, teardown),
		cmocka_unit_test_setup_teardown(every_outcome_has_a_page, setup, teardown),
		cmocka_unit_test_setup_teardown(faults_become_errors, setup, teardown),
		cmocka_unit_test_setup_teardown(many_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(members_are_merged, setup, teardown),
		cmocka_unit_test_setup_teardown(no_memory_still_answers, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
