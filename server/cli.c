/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>

#include "server/env_uv.h"
#include "server/file.h"
#include "server/json.h"

enum { WHY_BYTES = 400, DOCUMENT_BYTES_MAX = 8 << 20 };

int cli_fail(int code, const char *format, ...)
{
	va_list args;
	fputs("relais: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

int cli_usage(const char *sentence)
{
	return cli_fail(EX_USAGE, "%s (see relais --help)", sentence);
}

int cli_fleet_open(struct fleet **out, const char *dir)
{
	char why[WHY_BYTES] = "the data directory cannot be opened";
	struct fleet_options options = {.env = env_uv(), .read_only = true};
	if (fleet_open(out, dir, &options, why, sizeof why) == OK)
		return EX_OK;
	return cli_fail(EX_IOERR, "%s", why);
}

struct json cli_document(struct arena *a, const char *path, int *code)
{
	char why[WHY_BYTES];
	struct str bytes = file_read(path, DOCUMENT_BYTES_MAX, why, sizeof why);
	if (!bytes.p) {
		*code = cli_fail(EX_NOINPUT, "%s", why);
		return JSON_ABSENT;
	}
	struct str sentence = STR_NULL;
	struct str canonical = json_from_outside(a, bytes, &sentence);
	file_free(bytes);
	struct json doc = canonical.p ? arena_json(a, canonical, NULL) : JSON_ABSENT;
	if (!canonical.p)
		*code = cli_fail(EX_DATAERR, "%s: %.*s", path, STR_FMT(sentence));
	else if (!json_present(doc))
		*code = cli_fail(EX_DATAERR, "%s: it is larger than this command reads", path);
	return doc;
}
