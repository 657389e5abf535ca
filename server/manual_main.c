/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* While relais is built: copies a page's prose, with the program's own tables where a line says
 * "@commands@". A part that nobody knows ends the build. */

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "server/manual.h"

static bool part_write(FILE *out, const char *line)
{
	size_t n = strlen(line);

	for (size_t i = 0; i < manual_parts_len; i++) {
		const char *name = manual_parts[i].name;
		if (n != strlen(name) + 3 || strncmp(line + 1, name, n - 3) != 0)
			continue;
		manual_parts[i].write(out);
		return true;
	}
	return false;
}

static int copy(FILE *in, FILE *out, const char *name)
{
	char *line = NULL;
	size_t cap = 0;
	int number = 0, code = EX_OK;

	for (ssize_t n; code == EX_OK && (n = getline(&line, &cap, in)) > 0;) {
		number++;
		if (line[0] != '@' || n < 3 || line[n - 2] != '@') {
			fputs(line, out);
		} else if (!part_write(out, line)) {
			fprintf(stderr, "%s:%d: there is no part %s", name, number, line);
			code = EX_DATAERR;
		}
	}
	free(line);
	return code;
}

int main(int argc, char **argv)
{
	FILE *in = argc == 3 ? fopen(argv[1], "re") : NULL;
	FILE *out = in ? fopen(argv[2], "we") : NULL;

	if (!out) {
		fprintf(stderr, "usage: manual PROSE PAGE\n");
		return EX_USAGE;
	}
	int code = copy(in, out, argv[1]);
	fclose(in);
	if (fclose(out) != 0)
		code = EX_IOERR;
	return code;
}
