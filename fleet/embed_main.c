/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A tool of the build: embed TABLE OUT.c FILE... writes C source that holds the files' bytes as a
 * table of struct embedded. An array of numbers, not a string: C promises only 4095 characters in a
 * literal.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void give_up(const char *path)
{
	perror(path);
	exit(1);
}

static void write_bytes(FILE *out, const char *path, int number)
{
	FILE *in = fopen(path, "rb");
	if (!in)
		give_up(path);
	fprintf(out, "\n/* %s */\nstatic const unsigned char bytes_%d[] = {", base_name(path),
		number);
	long n = 0;
	for (int c = getc(in); c != EOF; c = getc(in), n++)
		fprintf(out, "%s%d,", n % 24 == 0 ? "\n" : "", c);
	if (ferror(in))
		give_up(path);
	fclose(in);
	/* A closing zero that does not count: an empty file still makes a lawful array. */
	fputs("0};\n", out);
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: embed TABLE OUT.c FILE...\n");
		return 64;
	}
	FILE *out = fopen(argv[2], "wb");
	if (!out)
		give_up(argv[2]);
	fputs("/* Made while building by fleet/embed_main.c. */\n#include \"fleet/embed.h\"\n",
		out);
	for (int i = 3; i < argc; i++)
		write_bytes(out, argv[i], i);
	fprintf(out, "\nconst struct embedded %s[] = {\n", argv[1]);
	for (int i = 3; i < argc; i++)
		fprintf(out, "\t{\"%s\", bytes_%d, sizeof(bytes_%d) - 1},\n", base_name(argv[i]), i,
			i);
	fputs("\t{NULL, NULL, 0},\n};\n", out);
	if (fflush(out) != 0 || ferror(out))
		give_up(argv[2]);
	fclose(out);
	return 0;
}
