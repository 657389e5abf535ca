/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/cli_people.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "server/cli.h"
#include "server/env_uv.h"
#include "server/query.h"

enum { WHY_BYTES = 400, PATH_BYTES = 4096 };

const struct option cli_people_options[PEOPLE_OPT_LEN] = {
	[PEOPLE_OPT_DATA] = OPTION_DATA,
	[PEOPLE_OPT_NAME] = {.name = "name",
		.takes = "NAME",
		.required = true,
		.about = "stands beside all that is done with it"},
	[PEOPLE_OPT_ROLE] = {.name = "role",
		.takes = "ROLE",
		.required = true,
		.about = "operator, advisor, preparer, manager, warranty, auditor or admin"},
	[PEOPLE_OPT_SITE] = {.name = "site",
		.takes = "SITE",
		.max = TOKEN_SITES_MAX,
		.about = "holds for this site; without one, for all"},
};

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

int cli_people_actor(struct actor *actor, const struct option o[PEOPLE_OPT_LEN])
{
	struct str name = str_from(option_value(&o[PEOPLE_OPT_NAME]));
	*actor = (struct actor){.sites_len = o[PEOPLE_OPT_SITE].len};
	if (!name_is_good(name))
		return cli_usage("--name must be 1 to 40 bytes of plain text");
	memcpy(actor->name, name.p, name.n);
	if (!role_from(&actor->role, str_from(option_value(&o[PEOPLE_OPT_ROLE]))))
		return cli_usage(
			"--role must be one of operator, advisor, preparer, manager, warranty, "
			"auditor, admin");
	for (uint32_t i = 0; i < o[PEOPLE_OPT_SITE].len; i++) {
		struct str site = str_from(o[PEOPLE_OPT_SITE].value[i]);
		if (!text_is_id(site))
			return cli_usage("--site must be 1 to 40 of A-Z a-z 0-9 . _ -");
		memcpy(actor->sites[i], site.p, site.n);
	}
	return EX_OK;
}

/* A directory that nothing was put into yet becomes a data directory: a token or a user may come
 * before the first start. One that does not exist is more likely a slip of the pen. */
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

int cli_people_open(struct people **out, const char *dir)
{
	char why[WHY_BYTES] = "the people store cannot be opened";
	int code = dir_prepare(dir);
	if (code != EX_OK)
		return code;
	if (people_open(out, dir, env_uv(), false, why, sizeof why) != OK)
		return cli_fail(EX_IOERR, "%s", why);
	return EX_OK;
}
