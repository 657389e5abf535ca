/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais rules what-if RULESET`: what these rules would have cost or saved on loans that are past
 * (fleet/what_if.h), before anybody stores them. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "fleet/what_if.h"
#include "server/cli.h"
#include "server/form.h"

enum { WHY_BYTES = 400, SITES_MAX = 1024 };
enum { OPT_DATA, OPT_SITE, OPT_FROM, OPT_UNTIL, OPT_LEN };

static const struct option what_if_options[OPT_LEN] = {
	[OPT_DATA] = OPTION_DATA,
	[OPT_SITE] = {.name = "site", .takes = "SITE", .about = "its loans; absent: all sites'"},
	[OPT_FROM] = {.name = "from", .takes = "TIME", .about = "of loans that end later"},
	[OPT_UNTIL] = {.name = "until", .takes = "TIME", .about = "of loans that begin earlier"},
};

const struct form form_rules_what_if = {
	.sub = "what-if",
	.words = "RULESET",
	.options = what_if_options,
	.options_len = OPT_LEN,
	.about = "Decides loans that are past again by the rules of a file, from what was known "
		 "then, and tells by payer and cost code what was decided, what would be, and the "
		 "difference, in minor units. Changes nothing.",
};

/* The ids of all sites, in the arena. */
static uint32_t sites_of(struct fleet *fleet, struct arena *a, struct str sites[SITES_MAX])
{
	struct key prefix = key_row_prefix(ROW_SITE);
	struct cursor c;
	struct view v;
	struct txn t;
	uint32_t n = 0;

	fleet_look(fleet, &v, &t, a);
	cursor_open(&c, v.txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && n < SITES_MAX;
		some = cursor_next(&c)) {
		size_t at = prefix.n;
		struct str id;
		if (key_take_text(c.key, &at, &id))
			sites[n++] = arena_copy(a, id);
	}
	cursor_close(&c);
	fleet_look_end(&v);
	return n;
}

static int site_count(
	struct what_if *w, struct fleet *fleet, const struct option *o, struct str site)
{
	struct claim_filter f = {.site = site};
	struct claim_place place = {.len = 0};
	int code = cli_span(fleet, site, &o[OPT_FROM], &o[OPT_UNTIL], &f.span);
	struct arena a;

	arena_init(&a, ARENA_MAX_DEFAULT);
	while (code == EX_OK && !place.over) {
		struct view v;
		struct txn t;
		fleet_look(fleet, &v, &t, &a);
		if (!what_if_step(w, &v, &f, &place))
			code = cli_fail(EX_OSERR, "there is no memory for it");
		fleet_look_end(&v);
		arena_reset(&a);
	}
	arena_deinit(&a);
	return code;
}

static void tell(struct what_if *w)
{
	what_if_sort(w);
	puts("payer,cost_code,currency,lines_was,lines_would,was_minor,would_minor,difference_"
	     "minor");
	for (uint32_t i = 0; i < w->sums; i++) {
		const struct what_if_sum *s = &w->sum[i];
		printf("%.*s,%.*s,%.*s,%" PRIu64 ",%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64
		       "\n",
			STR_FMT(s->payer), STR_FMT(s->cost_code), STR_FMT(s->currency),
			s->was_lines, s->would_lines, s->was_minor, s->would_minor,
			s->would_minor - s->was_minor);
	}
	printf("%" PRIu64 " loans, %" PRIu64 " would be decided otherwise, %" PRIu64
	       " of them not offered\n",
		w->loans, w->otherwise, w->not_offered);
	if (w->unreadable)
		printf("%" PRIu64 " loans are left out: these rules lack their solution or cannot "
		       "price it\n",
			w->unreadable);
}

static int count(struct fleet *fleet, const struct option *o, const struct ruleset *rules)
{
	struct str site[SITES_MAX];
	struct what_if *w = calloc(1, sizeof *w);
	struct arena a;
	int code = EX_OK;

	if (!w || !what_if_open(w, rules)) {
		free(w);
		return cli_fail(EX_OSERR, "there is no memory for it");
	}
	arena_init(&a, ARENA_MAX_DEFAULT);
	uint32_t n = 1;
	if (o[OPT_SITE].len)
		site[0] = str_from(o[OPT_SITE].value[0]);
	else
		n = sites_of(fleet, &a, site);
	for (uint32_t i = 0; i < n && code == EX_OK; i++)
		code = site_count(w, fleet, o, site[i]);
	if (code == EX_OK)
		tell(w);
	arena_deinit(&a);
	what_if_close(w);
	free(w);
	return code;
}

static int rules_read(struct arena *a, const char *path, struct ruleset **out)
{
	struct faults *faults = calloc(1, sizeof *faults);
	int code = EX_OK;
	struct json root = cli_document(a, path, &code);

	*out = calloc(1, sizeof **out);
	ASSERT(faults && *out);
	if (code == EX_OK && !ruleset_read(*out, root, !cli_is_definitions(root), faults))
		code = cli_fail(EX_DATAERR, "%s: %s: %s (relais rules check names every fault)",
			path, faults->fault[0].pointer, faults->fault[0].detail);
	free(faults);
	return code;
}

int cli_what_if(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN];
	struct words words = {.min = 2, .max = 2};
	struct fleet *fleet = NULL;
	struct ruleset *rules = NULL;
	struct arena a;

	memcpy(o, what_if_options, sizeof o);
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	arena_init(&a, ARENA_MAX_DEFAULT);
	int code = rules_read(&a, words.value[1], &rules);
	if (code == EX_OK)
		code = cli_fleet_open(&fleet, option_value(&o[OPT_DATA]));
	if (code == EX_OK) {
		code = count(fleet, o, rules);
		fleet_close(fleet);
	}
	free(rules);
	arena_deinit(&a);
	return code;
}
