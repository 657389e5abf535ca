/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The parts of the manual pages and the completions of shells that the program knows itself, from
 * its tables of commands, keys, routes and outcomes. manual_main.c sets them into the prose of
 * docs/man while relais is built.
 */

#include <stdio.h>

#include "rules/base.h"

struct manual_part {
	const char *name; /* "commands" for a line "@commands@" */
	void (*write)(FILE *out);
};
extern const struct manual_part manual_parts[];
extern const size_t manual_parts_len;

/* mdoc(7): each sentence on a line of its own, nothing taken for a macro. */
void mdoc_text(FILE *out, const char *text);
/* The same within a line: what would be read as an escape is not. */
void mdoc_word(FILE *out, const char *text, size_t n);

void manual_synopsis(FILE *out); /* manual.c */
void manual_commands(FILE *out);
void manual_exit_codes(FILE *out);
void manual_keys(FILE *out);
void manual_routes(FILE *out); /* manual_api.c */
void manual_problems(FILE *out);
void complete_bash(FILE *out); /* complete.c */
void complete_zsh(FILE *out);
void complete_fish(FILE *out);
