/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais token create`: a running server knows the token at once, since it looks up what it has
 * not seen. */

#include <stdio.h>
#include <sysexits.h>

#include "server/cli.h"
#include "server/cli_people.h"
#include "server/form.h"

enum { WHY_BYTES = 400 };

static int token_create(const char *dir, const struct actor *actor)
{
	struct people *people = NULL;
	int code = cli_people_open(&people, dir);
	if (code != EX_OK)
		return code;
	struct arena a;
	struct str token = STR_NULL;
	arena_init(&a, ARENA_MAX_DEFAULT);
	enum outcome o = people_token_create(people, &a, actor, &token);
	if (o == OK)
		printf("%.*s\n", STR_FMT(token));
	else if (o == REFUSED_LIMIT)
		code = cli_fail(EX_CANTCREAT, "%s: there are %d tokens, as many as there may be",
			dir, TOKENS_MAX);
	else
		code = cli_fail(EX_IOERR, "%s: the token could not be stored", dir);
	if (fflush(stdout) != 0)
		code = EX_IOERR;
	arena_deinit(&a);
	people_close(people);
	return code;
}

const struct form form_token_create = {
	.sub = "create",
	.options = cli_people_options,
	.options_len = PEOPLE_OPT_LEN,
	.about = "Prints a bearer token for a program, alone on standard output and never again: "
		 "only its hash is stored. Works beside a running server.",
};

int cli_token(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[PEOPLE_OPT_LEN];
	struct words words = {.min = 1, .max = 1};
	struct actor actor;
	memcpy(o, cli_people_options, sizeof o);
	if (!options_read(argc, argv, o, PEOPLE_OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	if (strcmp(words.value[0], "create") != 0)
		return cli_usage("the command is: relais token create");
	int code = cli_people_actor(&actor, o);
	return code == EX_OK ? token_create(option_value(&o[PEOPLE_OPT_DATA]), &actor) : code;
}
