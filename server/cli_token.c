/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais token create`: writes to DIR/people, which several processes may open, so it works beside
 * a running server; that one knows the token at once, since it looks up what it has not seen. */

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "server/cli.h"
#include "server/env_uv.h"
#include "server/options.h"
#include "server/query.h"

enum { WHY_BYTES = 400, PATH_BYTES = 4096 };

enum { OPT_DATA, OPT_NAME, OPT_ROLE, OPT_SITE, OPT_LEN };

/* Whose name stands in every entry made with this token: one line of plain text. */
static bool name_is_good(struct str name)
{
	if (!name.n || name.n > ID_MAX)
		return false;
	for (size_t at = 0; at < name.n;) {
		size_t len = json_utf8_len(name.p + at, name.n - at);
		if (!len || (unsigned char)name.p[at] < 0x20 || name.p[at] == 0x7f)
			return false;
		at += len;
	}
	return true;
}

static int actor_read(struct actor *actor, const struct option *o)
{
	struct str name = str_from(option_value(&o[OPT_NAME]));
	*actor = (struct actor){.sites_len = o[OPT_SITE].len};
	if (!name_is_good(name))
		return cli_usage("--name must be 1 to 40 bytes of plain text");
	memcpy(actor->name, name.p, name.n);
	if (!role_from(&actor->role, str_from(option_value(&o[OPT_ROLE]))))
		return cli_usage(
			"--role must be one of operator, advisor, preparer, manager, warranty, "
			"auditor, admin");
	for (uint32_t i = 0; i < o[OPT_SITE].len; i++) {
		struct str site = str_from(o[OPT_SITE].value[i]);
		if (!text_is_id(site))
			return cli_usage("--site must be 1 to 40 of A-Z a-z 0-9 . _ -");
		memcpy(actor->sites[i], site.p, site.n);
	}
	return EX_OK;
}

/* A directory that nothing was put into yet becomes a data directory: a token may come before the
 * first start. One that does not exist is more likely a slip of the pen. */
static int dir_prepare(const char *dir)
{
	char path[PATH_BYTES];
	struct stat st;
	ASSERT(dir); /* required on the command line */
	int n = snprintf(path, sizeof path, "%s/people", dir);
	if (stat(dir, &st) != 0)
		return cli_fail(EX_IOERR, "%s: %s", dir, strerror(errno));
	if (n < 0 || (size_t)n >= sizeof path)
		return cli_fail(EX_IOERR, "%s: the path is too long", dir);
	if (stat(path, &st) == 0)
		return EX_OK;
	char why[WHY_BYTES] = "the data directory cannot be made";
	struct fleet *fleet = NULL;
	struct fleet_options options = {.env = env_uv(), .create = true};
	enum outcome o = fleet_open(&fleet, dir, &options, why, sizeof why);
	fleet_close(fleet);
	return o == OK ? EX_OK : cli_fail(EX_IOERR, "%s", why);
}

static int token_create(const char *dir, const struct actor *actor)
{
	char why[WHY_BYTES] = "the people store cannot be opened";
	struct people *people = NULL;
	int code = dir_prepare(dir);
	if (code != EX_OK)
		return code;
	if (people_open(&people, dir, env_uv(), false, why, sizeof why) != OK)
		return cli_fail(EX_IOERR, "%s", why);
	struct arena a;
	struct str token = STR_NULL;
	arena_init(&a, ARENA_MAX_DEFAULT);
	if (people_token_create(people, &a, actor, &token) == OK)
		printf("%.*s\n", STR_FMT(token));
	else
		code = cli_fail(EX_IOERR, "%s: the token could not be stored", dir);
	if (fflush(stdout) != 0)
		code = EX_IOERR;
	arena_deinit(&a);
	people_close(people);
	return code;
}

int cli_token(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN] = {
		[OPT_DATA] = {.name = "data", .required = true},
		[OPT_NAME] = {.name = "name", .required = true},
		[OPT_ROLE] = {.name = "role", .required = true},
		[OPT_SITE] = {.name = "site", .max = TOKEN_SITES_MAX},
	};
	struct words words = {.min = 1, .max = 1};
	struct actor actor;
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	if (strcmp(words.value[0], "create") != 0)
		return cli_usage("the command is: relais token create");
	int code = actor_read(&actor, o);
	return code == EX_OK ? token_create(option_value(&o[OPT_DATA]), &actor) : code;
}
