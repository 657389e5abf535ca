/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How a command is written: its words, its options, what it does. The command reads its options by
 * the table that stands here beside it; --help, relais(1) and the completions of shells print the
 * same table, so that none of them says what is not so.
 */

#include "server/options.h"

enum { FORM_SYNOPSIS_BYTES = 400, COMMAND_FORMS_MAX = 6 };

struct form {
	const char *sub;	      /* "create" of `token create`; NULL */
	const char *words;	      /* "KIND FILE"; NULL */
	const struct option *options; /* NULL: none */
	uint32_t options_len;
	const char *about; /* sentences */
};

struct command_line {
	const char *name;
	int (*run)(int argc, char **argv);
	const struct form *forms[COMMAND_FORMS_MAX + 1]; /* NULL behind the last */
};
extern const struct command_line command_lines[];
extern const uint32_t command_lines_len;
/* NULL: there is none of that name. */
const struct command_line *command_line_find(const char *name);

/* "relais token create --data DIR --name NAME [--site SITE]..." */
void form_synopsis(
	const struct command_line *command, const struct form *form, char out[FORM_SYNOPSIS_BYTES]);
/* One form, or with `whole` its options one by one as well, on standard output. */
void form_help(const struct command_line *command, const struct form *form, bool whole);

/* The codes that a command ends with: sysexits, 1 where a check fails. */
struct exit_code {
	int code;
	const char *about;
};
extern const struct exit_code exit_codes[];
extern const uint32_t exit_codes_len;

extern const struct form form_serve, form_check_config;			       /* cli_serve.c */
extern const struct form form_token_create;				       /* cli_token.c */
extern const struct form form_user_add;					       /* cli_user.c */
extern const struct form form_import;					       /* import.c */
extern const struct form form_rules_check, form_rules_test;		       /* cli_rules.c */
extern const struct form form_rules_what_if;				       /* cli_what_if.c */
extern const struct form form_audit_verify, form_audit_replay, form_audit_key; /* cli_audit.c */
extern const struct form form_audit_export, form_audit_pack;		       /* cli_export.c */
extern const struct form form_verify, form_rebuild;			       /* cli_audit.c */
extern const struct form form_retention;				       /* cli_retention.c */
extern const struct form form_erase;					       /* cli_erase.c */
extern const struct form form_backup, form_restore, form_erased;	       /* cli_backup.c */
extern const struct form form_journal_migrate, form_journal_copy;	       /* cli_journal.c */
extern const struct form form_version;					       /* cli_version.c */
