/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Completion for three shells, from the table of commands. What a value is ("DIR", "FILE", "ROLE")
 * says what is offered for it. */

#include "fleet/people.h"
#include "server/form.h"
#include "server/manual.h"

static const char kinds[] = "sites resources customers vehicles coverages rulesets bookings";

static void write_roles(FILE *out)
{
	for (int r = 0; r < ROLE_COUNT; r++)
		fprintf(out, "%s%s", r ? " " : "", role_name((enum role)r));
}

/* Whether the word that comes first behind a command is one of its forms'. */
static bool has_subs(const struct command_line *c)
{
	return c->forms[0] && c->forms[0]->sub;
}

static bool names_kind(const struct form *f)
{
	return f->words && strncmp(f->words, "KIND", 4) == 0;
}

/* ---- bash ---- */

static void bash_form(FILE *out, const struct command_line *c, const struct form *f)
{
	fprintf(out, "\t\"%s%s%s\")\n\t\toptions=\"", c->name, f->sub ? " " : "",
		f->sub ? f->sub : "");
	for (uint32_t i = 0; i < f->options_len; i++)
		fprintf(out, "--%s ", f->options[i].name);
	fputs("--help\"\n", out);
	if (names_kind(f))
		fprintf(out, "\t\twords=\"%s\"\n", kinds);
	fputs("\t\t;;\n", out);
}

static void bash_commands(FILE *out)
{
	fputs("\tlocal commands=\"", out);
	for (uint32_t i = 0; i < command_lines_len; i++)
		if (command_lines[i].run)
			fprintf(out, "%s ", command_lines[i].name);
	fputs("--help --version\"\n", out);
}

static void bash_subs(FILE *out)
{
	fputs("\tcase $command in\n", out);
	for (uint32_t i = 0; i < command_lines_len; i++) {
		const struct command_line *c = &command_lines[i];
		if (!has_subs(c))
			continue;
		fprintf(out, "\t%s) subs=\"", c->name);
		for (uint32_t k = 0; c->forms[k]; k++)
			fprintf(out, "%s%s", k ? " " : "", c->forms[k]->sub);
		fputs("\" ;;\n", out);
	}
	fputs("\tesac\n", out);
}

void complete_bash(FILE *out)
{
	fputs("_relais()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal command=${COMP_WORDS[1]} subs= options= words= form\n",
		out);
	bash_commands(out);
	fputs("\tCOMPREPLY=()\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$commands\" -- \"$cur\"))\n\t\treturn\n\tfi\n",
		out);
	bash_subs(out);
	fputs("\tif [ -n \"$subs\" ] && [ \"$COMP_CWORD\" -eq 2 ]; then\n"
	      "\t\tCOMPREPLY=($(compgen -W \"$subs\" -- \"$cur\"))\n\t\treturn\n\tfi\n"
	      "\tcase $prev in\n"
	      "\t--data) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n"
	      "\t--role) COMPREPLY=($(compgen -W \"",
		out);
	write_roles(out);
	fputs("\" -- \"$cur\")); return ;;\n"
	      "\t--config | --checkpoint | --key | --mapping) COMPREPLY=($(compgen -f -- "
	      "\"$cur\")); return ;;\n"
	      "\t--name | --site | --listen | --journal) return ;;\n\tesac\n"
	      "\tform=$command${subs:+ ${COMP_WORDS[2]}}\n\tcase $form in\n",
		out);
	for (uint32_t i = 0; i < command_lines_len; i++)
		for (uint32_t k = 0; command_lines[i].forms[k]; k++)
			bash_form(out, &command_lines[i], command_lines[i].forms[k]);
	fputs("\tesac\n"
	      "\tcase $cur in\n"
	      "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
	      "\t*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\") $(compgen -f -- \"$cur\")) ;;\n"
	      "\tesac\n}\ncomplete -o filenames -F _relais relais\n",
		out);
}

/* ---- zsh ---- */

/* Between single quotes, and within _arguments' own brackets. */
static void zsh_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *text))
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

static void zsh_value(FILE *out, const char *takes)
{
	fprintf(out, ":%s:", takes);
	if (strcmp(takes, "DIR") == 0)
		fputs("_files -/", out);
	else if (strcmp(takes, "FILE") == 0)
		fputs("_files", out);
	if (strcmp(takes, "ROLE") != 0)
		return;
	fputs("(", out);
	write_roles(out);
	fputs(")", out);
}

static void zsh_form(FILE *out, const struct command_line *c, const struct form *f)
{
	fprintf(out, "\t'%s%s%s') _arguments \\\n", c->name, f->sub ? " " : "",
		f->sub ? f->sub : "");
	for (uint32_t i = 0; i < f->options_len; i++) {
		const struct option *o = &f->options[i];
		fprintf(out, "\t\t'%s--%s[", o->max > 1 ? "*" : "", o->name);
		zsh_text(out, o->about);
		fputs("]", out);
		if (!o->flag)
			zsh_value(out, o->takes);
		fputs("' \\\n", out);
	}
	if (names_kind(f))
		fprintf(out, "\t\t'1:KIND:(%s)' \\\n", kinds);
	fputs(f->words ? "\t\t'*:FILE:_files' ;;\n" : "\t\t'--help[its options]' ;;\n", out);
}

void complete_zsh(FILE *out)
{
	fputs("_relais() {\n\tlocal form=$words[2] at=2\n\tif (( CURRENT == 2 )); then\n"
	      "\t\tcompadd --",
		out);
	for (uint32_t i = 0; i < command_lines_len; i++)
		if (command_lines[i].run)
			fprintf(out, " %s", command_lines[i].name);
	fputs("\n\t\treturn\n\tfi\n\tcase $form in\n", out);
	for (uint32_t i = 0; i < command_lines_len; i++) {
		const struct command_line *c = &command_lines[i];
		if (!has_subs(c))
			continue;
		fprintf(out, "\t%s) if (( CURRENT == 3 )); then compadd --", c->name);
		for (uint32_t k = 0; c->forms[k]; k++)
			fprintf(out, " %s", c->forms[k]->sub);
		fputs("; return; fi; form=\"$form $words[3]\"; at=3 ;;\n", out);
	}
	fputs("\tesac\n\tshift at-1 words; (( CURRENT -= at - 1 ))\n\tcase $form in\n", out);
	for (uint32_t i = 0; i < command_lines_len; i++)
		for (uint32_t k = 0; command_lines[i].forms[k]; k++)
			zsh_form(out, &command_lines[i], command_lines[i].forms[k]);
	fputs("\tesac\n}\n_relais \"$@\"\n", out);
}

/* ---- fish ---- */

static void fish_text(FILE *out, const char *text)
{
	fputc('\'', out);
	for (; *text; text++)
		fprintf(out, strchr("'\\", *text) ? "\\%c" : "%c", *text);
	fputc('\'', out);
}

static void fish_option(
	FILE *out, const struct command_line *c, const struct form *f, const struct option *o)
{
	fprintf(out, "complete -c relais -n '__fish_seen_subcommand_from %s", c->name);
	if (f->sub)
		fprintf(out, "; and __fish_seen_subcommand_from %s", f->sub);
	fprintf(out, "' -l %s", o->name);
	if (!o->flag)
		fputs(strcmp(o->takes, "DIR") == 0	? " -x -a '(__fish_complete_directories)'"
			: strcmp(o->takes, "FILE") == 0 ? " -r -F"
							: " -x",
			out);
	if (!o->flag && strcmp(o->takes, "ROLE") == 0) {
		fputs(" -a '", out);
		write_roles(out);
		fputc('\'', out);
	}
	fputs(" -d ", out);
	fish_text(out, o->about);
	fputc('\n', out);
}

void complete_fish(FILE *out)
{
	for (uint32_t i = 0; i < command_lines_len; i++) {
		const struct command_line *c = &command_lines[i];
		if (!c->run)
			continue;
		fprintf(out, "complete -c relais -f -n __fish_use_subcommand -a %s\n", c->name);
		for (uint32_t k = 0; c->forms[k]; k++) {
			if (c->forms[k]->sub)
				fprintf(out,
					"complete -c relais -f -n '__fish_seen_subcommand_from "
					"%s' -a %s\n",
					c->name, c->forms[k]->sub);
			if (names_kind(c->forms[k]))
				fprintf(out,
					"complete -c relais -n '__fish_seen_subcommand_from %s' "
					"-a '%s'\n",
					c->name, kinds);
			for (uint32_t n = 0; n < c->forms[k]->options_len; n++)
				fish_option(out, c, c->forms[k], &c->forms[k]->options[n]);
		}
	}
}
