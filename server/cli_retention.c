/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais retention`: what need not be kept any longer, by the market of each site. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "fleet/retention.h"
#include "server/cli.h"
#include "server/form.h"

enum { WHY_BYTES = 400 };
enum { OPT_DATA, OPT_LIST, OPT_LEN };

static const struct option retention_options[OPT_LEN] = {
	[OPT_DATA] = OPTION_DATA,
	[OPT_LIST] = {.name = "list",
		.about = "the customers who are due instead, one a line, for relais erase",
		.flag = true},
};

const struct form form_retention = {
	.options = retention_options,
	.options_len = OPT_LEN,
	.about =
		"Tells by site how long its market keeps bookings, how many are past that, and how "
		"many persons have no other. Changes nothing.",
};

static void put_customer(void *context, struct str customer)
{
	(void)context;
	printf("%.*s\n", STR_FMT(customer));
}

static void tell(const struct retention *r)
{
	for (uint32_t i = 0; i < r->sites; i++) {
		const struct retention_site *s = &r->site[i];
		char before[INSTANT_TEXT];
		printf("%.*s: market %.*s keeps the current year and %" PRId32 " more: %" PRIu64
		       " bookings that ended before %.*s are due, %" PRIu64 " are kept\n",
			STR_FMT(s->site), STR_FMT(s->market), s->years, s->due,
			STR_FMT(instant_print_utc(s->before, before)), s->kept);
	}
	printf("%" PRIu64 " of %" PRIu64 " persons with bookings are due\n", r->persons_due,
		r->persons);
}

static int count(struct fleet *fleet, bool list)
{
	struct retention *r = calloc(1, sizeof *r);
	struct env *env = fleet_env(fleet);
	bool good = true;
	struct arena a;

	if (!r)
		return cli_fail(EX_OSERR, "there is no memory for it");
	retention_open(r, env->now(env));
	r->due = list ? put_customer : NULL;
	arena_init(&a, ARENA_MAX_DEFAULT);
	while (good && !r->walk.over) {
		struct view v;
		struct txn t;
		fleet_look(fleet, &v, &t, &a);
		good = retention_step(r, &v);
		fleet_look_end(&v);
		arena_reset(&a);
	}
	arena_deinit(&a);
	if (good && !list)
		tell(r);
	retention_close(r);
	free(r);
	return good ? EX_OK : cli_fail(EX_OSERR, "there is no memory for it");
}

int cli_retention(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN];
	struct words words = {.max = 0};
	struct fleet *fleet = NULL;

	memcpy(o, retention_options, sizeof o);
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	int code = cli_fleet_open(&fleet, option_value(&o[OPT_DATA]));
	if (code != EX_OK)
		return code;
	code = count(fleet, o[OPT_LIST].len > 0);
	fleet_close(fleet);
	return code;
}
