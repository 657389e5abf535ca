/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais version`: of the program, of what it writes, of what it stands on. */

#include <openssl/crypto.h>
#include <stdio.h>
#include <sysexits.h>
#include <uv.h>

#include "fleet/backup.h"
#include "fleet/event.h"
#include "server/cli.h"
#include "server/form.h"
#include "server/version.h"

enum { WHY_BYTES = 400 };

const struct form form_version = {
	.about = "Prints the version of the program, of the formats it writes and of its "
		 "libraries. The first line alone is what scripts should read.",
};

int cli_version(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct words words = {.max = 0};
	if (!options_read(argc, argv, NULL, 0, &words, why, sizeof why))
		return cli_usage(why);
	puts("relais " RELAIS_VERSION);
	printf("data directory \"%.*s\", rows %.*s, entries %d, backups %d\n",
		STR_FMT(STORE_FORMAT), STR_FMT(STORE_PROJECTION), ENTRY_VERSION, BACKUP_VERSION);
	printf("%s, libuv %s, %s\n", OpenSSL_version(OPENSSL_VERSION), uv_version_string(),
		store_library());
	return EX_OK;
}
