/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* relais: one program. Its table of contents is in form.c. */

#include <stdio.h>
#include <sysexits.h>

#include "server/cli.h"
#include "server/config.h"
#include "server/form.h"

static void say_key(void *context, const char *line)
{
	(void)context;
	printf("  %s\n", line);
}

static void help_keys(void)
{
	puts("\nKeys of a configuration file, with their defaults (see relais.conf(5)):");
	config_help(say_key, NULL);
}

static int help_all(void)
{
	puts("relais: mobility for the customers of a workshop, and a journal of every promise\n");
	for (uint32_t i = 0; i < command_lines_len; i++)
		for (uint32_t k = 0; command_lines[i].forms[k]; k++)
			form_help(&command_lines[i], command_lines[i].forms[k], false);
	puts("\n`relais COMMAND --help` tells a command's options, relais(1) all of it.");
	help_keys();
	puts("\nExit codes:");
	for (uint32_t i = 0; i < exit_codes_len; i++)
		printf("  %2d  %s\n", exit_codes[i].code, exit_codes[i].about);
	return EX_OK;
}

static int help(const struct command_line *command)
{
	for (uint32_t k = 0; command->forms[k]; k++)
		form_help(command, command->forms[k], true);
	if (command->run == cli_serve || command->run == cli_check_config)
		help_keys();
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
		return help_all();
	if (strcmp(name, "--version") == 0)
		name = "version";
	const struct command_line *command = command_line_find(name);
	if (!command)
		return cli_fail(EX_USAGE, "\"%s\" is not a command (see relais --help)", name);
	return asks_help(argc - 2, argv + 2) ? help(command) : command->run(argc - 2, argv + 2);
}
