/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais rules check FILE` and `relais rules test DEFINITIONS CASES`: what a dealer group agreed
 * with its maker, tried out before it is stored. */

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "rules/cases.h"
#include "server/cli.h"
#include "server/env_uv.h"
#include "server/form.h"

enum { WHY_BYTES = 400 };

/* A definitions file is a rule set with the sites it is tried at; a rule set alone is what is
 * stored. */
bool cli_is_definitions(struct json root)
{
	static const char *const marks[] = {"sites", "about", "semantics", "invariants"};
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (json_present(json_get(root, marks[i])))
			return true;
	return false;
}

static void faults_tell(const char *path, const char *where, const struct faults *faults)
{
	for (uint32_t i = 0; i < faults->len && i < RULESET_FAULTS_MAX; i++)
		printf("%s: %s%s: %s\n", path, where, faults->fault[i].pointer,
			faults->fault[i].detail);
	if (faults->len > RULESET_FAULTS_MAX)
		printf("%s: and %u more\n", path, faults->len - RULESET_FAULTS_MAX);
}

/* The sites of a definitions file, against its rule set. How many faults there are. */
static uint32_t sites_check(const char *path, struct json sites, const struct ruleset *ruleset)
{
	struct site_terms *terms = calloc(1, sizeof *terms);
	struct faults *faults = calloc(1, sizeof *faults);
	uint32_t found = 0;
	ASSERT(terms && faults);
	for (struct json s = json_first_value(sites); json_present(s);
		s = json_next_value(sites, s)) {
		char where[100];
		snprintf(where, sizeof where, "/sites/%.*s", STR_FMT(json_key(s)));
		faults->len = 0;
		if (!site_terms_read(terms, s, ruleset, faults))
			faults_tell(path, where, faults);
		struct str zone = json_str_at(s, "time_zone");
		bool known = zone.n && env_uv()->zone(env_uv(), zone);
		if (!known)
			printf("%s: %s/time_zone: is not a zone that this machine knows\n", path,
				where);
		found += faults->len + !known;
	}
	free(terms);
	free(faults);
	return found;
}

static int rules_check(struct arena *a, const char *path)
{
	int code = EX_OK;
	struct json root = cli_document(a, path, &code);
	if (!json_present(root))
		return code;
	struct ruleset *ruleset = calloc(1, sizeof *ruleset);
	struct faults *faults = calloc(1, sizeof *faults);
	ASSERT(ruleset && faults);
	bool definitions = cli_is_definitions(root);
	uint32_t found = 0;
	if (ruleset_read(ruleset, root, !definitions, faults)) {
		if (definitions)
			found = sites_check(path, json_get(root, "sites"), ruleset);
	} else {
		faults_tell(path, "", faults);
		found = faults->len;
	}
	if (!found)
		printf("%s: no faults\n", path);
	free(ruleset);
	free(faults);
	return found ? EX_FAILED_CHECK : EX_OK;
}

static const struct zone *case_zone(void *context, struct str name)
{
	struct env *env = context;
	return env->zone(env, name);
}

static void case_mismatch(void *context, const char *line)
{
	(void)context;
	puts(line);
}

static int rules_test(struct arena *a, const char *definitions_path, const char *cases_path)
{
	int code = EX_OK;
	struct json definitions = cli_document(a, definitions_path, &code);
	struct json cases = code == EX_OK ? cli_document(a, cases_path, &code) : JSON_ABSENT;
	if (code != EX_OK)
		return code;
	struct cases_work *work = calloc(1, cases_work_size());
	ASSERT(work);
	struct cases_io io = {.context = env_uv(), .zone = case_zone, .mismatch = case_mismatch};
	struct cases_count count = cases_run(work, definitions, cases, &io);
	free(work);
	printf("%u passed, %u failed\n", count.passed, count.failed);
	/* A file without a single case proves nothing: it is the wrong file. */
	if (!count.passed && !count.failed)
		return cli_fail(EX_DATAERR, "%s holds no cases", cases_path);
	return count.failed ? EX_FAILED_CHECK : EX_OK;
}

const struct form form_rules_check = {
	.sub = "check",
	.words = "FILE",
	.about = "Validates a rule set or a definitions file (see relais-rules(5)) and names every "
		 "fault.",
};
const struct form form_rules_test = {
	.sub = "test",
	.words = "DEFINITIONS CASES",
	.about = "Decides worked cases by a definitions file: a line for each that comes out "
		 "otherwise, and how many passed.",
};

int cli_rules(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct words words = {.min = 2, .max = 3};
	if (argc > 0 && strcmp(argv[0], "what-if") == 0)
		return cli_what_if(argc, argv);
	if (!options_read(argc, argv, NULL, 0, &words, why, sizeof why))
		return cli_usage(why);
	struct arena a;
	int code = -1;
	arena_init(&a, ARENA_MAX_DEFAULT);
	if (strcmp(words.value[0], "check") == 0 && words.len == 2)
		code = rules_check(&a, words.value[1]);
	else if (strcmp(words.value[0], "test") == 0 && words.len == 3)
		code = rules_test(&a, words.value[1], words.value[2]);
	arena_deinit(&a);
	if (code >= 0)
		return code;
	return cli_usage("the commands are: rules check FILE, rules test DEFINITIONS CASES, "
			 "rules what-if RULESET --data DIR");
}
