/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The commands of `relais` (contract.md section 1). Each takes what stands behind its name and
 * gives an exit code of sysexits; 1 where a check it was asked for fails.
 */

#include "fleet/fleet.h"

enum { EX_FAILED_CHECK = 1 };

int cli_serve(int argc, char **argv);
int cli_token(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_import(int argc, char **argv);
int cli_rules(int argc, char **argv);
int cli_audit(int argc, char **argv);
int cli_audit_export(int argc, char **argv); /* from `export` on */
int cli_audit_pack(int argc, char **argv);   /* from `pack` on */
int cli_what_if(int argc, char **argv);	     /* from `what-if` on */
int cli_retention(int argc, char **argv);
int cli_erase(int argc, char **argv);
int cli_erased(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_rebuild(int argc, char **argv);
int cli_check_config(int argc, char **argv);
int cli_journal(int argc, char **argv);
int cli_version(int argc, char **argv);

/* "relais: SENTENCE" on stderr; gives the code back. */
int cli_fail(int code, const char *format, ...) PRINTF_LIKE(2, 3);
/* A usage error: the sentence, and where help is. 64. */
int cli_usage(const char *sentence);
/* Opens DIR for reading, beside a server if there is one. 0, or the failure's code, told. */
MUST_CHECK int cli_fleet_open(struct fleet **out, const char *dir);
/* A definitions file, which is a rule set with the sites it is tried at. */
bool cli_is_definitions(struct json root);
struct option;
/* What two options say in the site's zone; where one does not stand that end is open. 0, or the
 * failure's code, told. */
MUST_CHECK int cli_span(struct fleet *fleet, struct str site, const struct option *from,
	const struct option *until, struct span *span);
/* A document from a file, as canonical JSON in the arena. JSON_ABSENT: *code, told. */
struct json cli_document(struct arena *a, const char *path, int *code);
