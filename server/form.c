/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/form.h"

#include <stdio.h>

#include "server/cli.h"

enum { HELP_COLUMNS = 90 };

const struct command_line command_lines[] = {
	{"serve", cli_serve, {&form_serve}},
	{"check-config", cli_check_config, {&form_check_config}},
	{"token", cli_token, {&form_token_create}},
	{"user", cli_user, {&form_user_add}},
	{"import", cli_import, {&form_import}},
	{"rules", cli_rules, {&form_rules_check, &form_rules_test, &form_rules_what_if}},
	{"audit", cli_audit,
		{&form_audit_verify, &form_audit_replay, &form_audit_key, &form_audit_export,
			&form_audit_pack}},
	{"verify", cli_verify, {&form_verify}},
	{"rebuild", cli_rebuild, {&form_rebuild}},
	{"erase", cli_erase, {&form_erase}},
	{"erased", cli_erased, {&form_erased}},
	{"retention", cli_retention, {&form_retention}},
	{"backup", cli_backup, {&form_backup}},
	{"restore", cli_restore, {&form_restore}},
	{"version", cli_version, {&form_version}},
	{"journal", cli_journal, {&form_journal_migrate, &form_journal_copy}},
};
const uint32_t command_lines_len = ARRAY_LEN(command_lines);

const struct exit_code exit_codes[] = {
	{0, "it was done; a server was stopped by TERM or INT"},
	{1, "a check that was asked for found something"},
	{64, "usage: the command line is wrong"},
	{65, "what was read is damaged, or not what it should be"},
	{66, "a file to be read is not there"},
	{71, "the system has no memory for it"},
	{73, "what was to be made cannot be made"},
	{74, "reading or writing failed; the directory is in use"},
	{77, "a role of the database may not do it"},
	{78, "the configuration is wrong"},
};
const uint32_t exit_codes_len = ARRAY_LEN(exit_codes);

const struct command_line *command_line_find(const char *name)
{
	for (uint32_t i = 0; i < command_lines_len; i++)
		if (strcmp(name, command_lines[i].name) == 0)
			return &command_lines[i];
	return NULL;
}

/* Adds to a line that is long enough for every form of the table. */
static void add(
	char out[FORM_SYNOPSIS_BYTES], const char *before, const char *text, const char *after)
{
	size_t n = strlen(out);
	int added = snprintf(out + n, FORM_SYNOPSIS_BYTES - n, "%s%s%s", before, text, after);
	ASSERT(added >= 0 && n + (size_t)added < FORM_SYNOPSIS_BYTES);
}

void form_synopsis(
	const struct command_line *command, const struct form *form, char out[FORM_SYNOPSIS_BYTES])
{
	out[0] = '\0';
	add(out, "relais ", command->name, "");
	if (form->sub)
		add(out, " ", form->sub, "");
	for (uint32_t i = 0; i < form->options_len; i++) {
		const struct option *o = &form->options[i];
		bool optional = !o->required && !o->usual;
		add(out, optional ? " [--" : " --", o->name, "");
		if (!o->flag)
			add(out, " ", o->takes, "");
		add(out, optional ? "]" : "", o->max > 1 ? "..." : "", "");
	}
	if (form->words)
		add(out, " ", form->words, "");
}

/* Sentences in lines that a terminal has room for. */
static void print_wrapped(const char *text)
{
	int at = 0;
	for (const char *word = text; *word;) {
		size_t n = strcspn(word, " ");
		if (at && at + 1 + (int)n > HELP_COLUMNS) {
			putchar('\n');
			at = 0;
		}
		at += printf("%s%.*s", at ? " " : "      ", (int)n, word);
		word += n + strspn(word + n, " ");
	}
	putchar('\n');
}

void form_help(const struct command_line *command, const struct form *form, bool whole)
{
	char synopsis[FORM_SYNOPSIS_BYTES];
	form_synopsis(command, form, synopsis);
	printf("  %s\n", synopsis);
	print_wrapped(form->about);
	for (uint32_t i = 0; whole && i < form->options_len; i++) {
		const struct option *o = &form->options[i];
		char left[40];
		snprintf(left, sizeof left, "--%s %s", o->name, o->flag ? "" : o->takes);
		printf("        %-24s %s\n", left, o->about);
	}
}
