/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* demo_fill DIR FILES: a data directory as the demonstration fills it, from files that tell of a
 * whole year (generate.py --year), by the machine's own clock. */

#include <stdio.h>

#include "server/demo.h"
#include "server/env_uv.h"
#include "server/file.h"

enum { YEAR_STARTS_DAYS_AGO = 420 };

static const char *const names[] = {"sites.json", "ruleset.json", "resources.csv", "customers.csv",
	"vehicles.csv", "coverages.csv", "bookings.csv", "repair-orders.csv"};

static bool read_all(const char *folder, struct embedded files[ARRAY_LEN(names) + 1])
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char path[4096], why[400];
		struct str text;
		snprintf(path, sizeof path, "%s/%s", folder, names[i]);
		text = file_read(path, FILE_BYTES_MAX, why, sizeof why);
		if (!text.p) {
			fprintf(stderr, "%s\n", why);
			return false;
		}
		files[i] = (struct embedded){names[i], (const unsigned char *)text.p, text.n};
	}
	return true;
}

int main(int argc, char **argv)
{
	struct embedded files[ARRAY_LEN(names) + 1] = {{0}};
	struct fleet_options options = {.env = env_uv(),
		.create = true,
		.no_sync = true,
		.map_bytes = (size_t)1 << 30};
	struct fleet *fleet;
	char why[400];
	int code;

	if (argc != 3 || !read_all(argv[2], files))
		return 64;
	if (fleet_open(&fleet, argv[1], &options, why, sizeof why) != OK) {
		fprintf(stderr, "%s\n", why);
		return 74;
	}
	code = demo_fill_from(fleet, env_uv(), files, YEAR_STARTS_DAYS_AGO, why, sizeof why);
	fprintf(stderr, "%s\n", why);
	fleet_close(fleet);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		file_free((struct str){(const char *)files[i].bytes, files[i].n});
	return code;
}
