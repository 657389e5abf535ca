/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* relais: one program. This file is its table of contents. */

#include <stdio.h>
#include <sysexits.h>

#include "server/cli.h"
#include "server/config.h"
#include "server/version.h"

static const struct command_line {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage[5]; /* lines of --help; none = not part of this version */
} commands[] = {
	{"serve", cli_serve,
		{"serve --data DIR [--config FILE] [--listen ADDR:PORT] [--demo] [--dump-config]",
			"    serves; --demo fills an empty DIR with an invented dealership; "
			"--dump-config",
			"    prints what is configured, and where, instead",
			"    TERM or INT: finish what is under way and stop; HUP: read all again"}},
	{"token", cli_token,
		{"token create --data DIR --name NAME --role ROLE [--site SITE]...",
			"    prints a bearer token, once; works beside a running server",
			"    ROLE: operator advisor preparer manager warranty auditor admin"}},
	{"user", cli_user,
		{"user add --data DIR --name LOGIN --role ROLE [--site SITE]...",
			"    a person; the password (8 to 200 bytes) comes from standard input"}},
	{"import", cli_import,
		{"import --data DIR [--dry-run] [--mapping FILE] KIND FILE",
			"    KIND: sites resources customers vehicles coverages rulesets bookings;",
			"    CSV or JSON"}},
	{"rules", cli_rules,
		{"rules check FILE", "rules test DEFINITIONS CASES",
			"    validates a rule set or definitions file; runs worked cases"}},
	{"audit", cli_audit,
		{"audit verify FILE | --data DIR [--checkpoint FILE --key FILE]",
			"audit replay --data DIR | audit key --data DIR",
			"    checks the hash chain and what was signed; decides every stored",
			"    decision again; prints the key that checkpoints are checked with"}},
	{"verify", cli_verify,
		{"verify --data DIR", "    rebuilds everything from the journals and compares"}},
	{"rebuild", cli_rebuild,
		{"rebuild --data DIR",
			"    makes the rows anew from the journals, where verify found that they "
			"differ"}},
	{"backup", cli_backup,
		{"backup --data DIR FILE",
			"    all that DIR holds as one new file, beside a running server; persons'",
			"    keys and the signing key are in it: it is to be kept as DIR is"}},
	{"restore", cli_restore,
		{"restore FILE --data DIR",
			"    makes DIR, which must be missing or empty, from a backup"}},
	{"check-config", cli_check_config,
		{"check-config FILE", "    names every fault of a configuration file"}},
	/* Named by the contract and not part of this version: answered with a sentence. */
	{"journal", NULL, {NULL}},
};

static void say_key(void *context, const char *line)
{
	(void)context;
	printf("  %s\n", line);
}

static int help(const char *only)
{
	if (!only)
		puts("relais: mobility for the customers of a workshop, and a journal of every "
		     "promise\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (only && strcmp(only, commands[i].name) != 0)
			continue;
		for (size_t n = 0; n < ARRAY_LEN(commands[i].usage) && commands[i].usage[n]; n++) {
			const char *line = commands[i].usage[n];
			printf("  %s%s\n", line[0] == ' ' ? "" : "relais ", line);
		}
	}
	if (only && strcmp(only, "check-config") != 0)
		return EX_OK;
	puts("\nKeys of a configuration file, with their defaults:");
	config_help(say_key, NULL);
	if (!only)
		puts("\nExit codes follow sysexits (64 usage, 65 bad data, 74 input and output, 78 "
		     "configuration);\n1 where a check fails.");
	return EX_OK;
}

static bool asks_help(int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0)
			return true;
	return false;
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return cli_usage("a command is needed");
	const char *name = argv[1];
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0)
		return help(NULL);
	if (strcmp(name, "--version") == 0) {
		puts("relais " RELAIS_VERSION);
		return EX_OK;
	}
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (strcmp(name, commands[i].name) != 0)
			continue;
		if (!commands[i].run)
			return cli_fail(
				EX_USAGE, "%s: this command is not part of this version", name);
		return asks_help(argc - 2, argv + 2) ? help(name)
						     : commands[i].run(argc - 2, argv + 2);
	}
	return cli_fail(EX_USAGE, "\"%s\" is not a command (see relais --help)", name);
}
