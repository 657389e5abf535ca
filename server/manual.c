/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/manual.h"

#include <ctype.h>

#include "server/config.h"
#include "server/form.h"

const struct manual_part manual_parts[] = {
	{"synopsis", manual_synopsis},
	{"commands", manual_commands},
	{"exit-codes", manual_exit_codes},
	{"keys", manual_keys},
	{"routes", manual_routes},
	{"problems", manual_problems},
	{"complete-bash", complete_bash},
	{"complete-zsh", complete_zsh},
	{"complete-fish", complete_fish},
};
const size_t manual_parts_len = ARRAY_LEN(manual_parts);

/* ---- mdoc ---- */

enum { MDOC_COLUMNS = 76 };

void mdoc_word(FILE *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else
			fputc(text[i], out);
	}
}

/* Where a sentence ends: its stop, and what begins with a great letter behind it. */
static size_t sentence_len(const char *text)
{
	for (size_t i = 0; text[i]; i++)
		if (text[i] == '.' && text[i + 1] == ' ' && isupper((unsigned char)text[i + 2]))
			return i + 1;
	return strlen(text);
}

/* Lines end where they would be too long: a line that is filled breaks anywhere. */
void mdoc_text(FILE *out, const char *text)
{
	for (const char *end; *text; text = end + strspn(end, " ")) {
		size_t at = 0;
		end = text + sentence_len(text);
		while (text < end) {
			size_t n = strcspn(text, " ");
			if (n > (size_t)(end - text))
				n = (size_t)(end - text);
			if (at && at + 1 + n > MDOC_COLUMNS) {
				fputc('\n', out);
				at = 0;
			}
			/* What begins a line is no macro. */
			fputs(at ? " " : text[0] == '.' || text[0] == '\'' ? "\\&" : "", out);
			mdoc_word(out, text, n);
			at += n + (at > 0);
			text += n + strspn(text + n, " ");
		}
		fputc('\n', out);
		end = text;
	}
}

/* ---- relais(1) ---- */

static void write_option(FILE *out, const struct option *o)
{
	bool optional = !o->required && !o->usual;
	fprintf(out, "%s -%s", optional ? ".Op Fl" : ".Fl", o->name);
	if (!o->flag)
		fprintf(out, " Ar %s", o->takes);
	fputs(o->max > 1 ? " ...\n" : "\n", out);
}

static void write_form(FILE *out, const struct command_line *c, const struct form *f)
{
	fprintf(out, ".Nm\n.Cm %s%s%s\n", c->name, f->sub ? " " : "", f->sub ? f->sub : "");
	for (uint32_t i = 0; i < f->options_len; i++)
		write_option(out, &f->options[i]);
	if (f->words && f->words[0] == '[')
		fprintf(out, ".Op Ar %.*s\n", (int)strlen(f->words) - 2, f->words + 1);
	else if (f->words)
		fprintf(out, ".Ar %s\n", f->words);
}

static void each_form(
	FILE *out, void (*write)(FILE *out, const struct command_line *c, const struct form *f))
{
	for (uint32_t i = 0; i < command_lines_len; i++)
		for (uint32_t k = 0; command_lines[i].forms[k]; k++)
			write(out, &command_lines[i], command_lines[i].forms[k]);
}

void manual_synopsis(FILE *out)
{
	each_form(out, write_form);
}

static void write_command(FILE *out, const struct command_line *c, const struct form *f)
{
	fprintf(out, ".It Cm %s%s%s\n", c->name, f->sub ? " " : "", f->sub ? f->sub : "");
	mdoc_text(out, f->about);
	if (!f->options_len)
		return;
	fputs(".Bl -tag -width Ds\n", out);
	for (uint32_t i = 0; i < f->options_len; i++) {
		const struct option *o = &f->options[i];
		fprintf(out, ".It Fl -%s%s%s\n", o->name, o->flag ? "" : " Ar ",
			o->flag ? "" : o->takes);
		mdoc_text(out, o->about);
	}
	fputs(".El\n", out);
}

void manual_commands(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	each_form(out, write_command);
	fputs(".El\n", out);
}

void manual_exit_codes(FILE *out)
{
	fputs(".Bl -tag -width Ds\n", out);
	for (uint32_t i = 0; i < exit_codes_len; i++) {
		fprintf(out, ".It %d\n", exit_codes[i].code);
		mdoc_text(out, exit_codes[i].about);
	}
	fputs(".El\n", out);
}

/* ---- relais.conf(5) ---- */

static const char *kind_of(const struct config_key *k)
{
	switch (k->kind) {
	case CONFIG_LISTEN: return "Ar ADDRESS : Ns Ar PORT";
	case CONFIG_PATH: return "Ar PATH";
	case CONFIG_ADDRESSES: return "Ar ADDRESS , ...";
	case CONFIG_MAIL: return "Ar ADDRESS";
	case CONFIG_NAME: return "Ar NAME";
	case CONFIG_MAIL_SERVER:
	case CONFIG_URL:
	case CONFIG_JOURNAL: return "Ar URL";
	case CONFIG_HOUR: return "Ar hh : Ns Ar mm";
	case CONFIG_NUMBER: return "Ar NUMBER";
	}
	ASSERT(false);
	return NULL;
}

static void write_variable(FILE *out, const char *key)
{
	fputs(".Ev RELAIS_", out);
	for (; *key; key++)
		fputc(*key == '.' ? '_' : toupper((unsigned char)*key), out);
	fputs(" .\n", out);
}

void manual_keys(FILE *out)
{
	struct config c;
	char buf[CONFIG_TEXT_MAX];

	config_default(&c);
	fputs(".Bl -tag -width Ds\n", out);
	for (uint32_t i = 0; i < config_keys_len; i++) {
		const struct config_key *k = &config_keys[i];
		struct str value = config_print(&c, i, buf);
		fprintf(out, ".It Ic %s No = %s\n", k->name, kind_of(k));
		mdoc_text(out, k->about);
		fputs(".Pp\n", out);
		if (k->kind == CONFIG_NUMBER)
			fprintf(out, "From %u to %u.\n", k->min, k->max);
		if (value.n)
			fprintf(out, "The default is\n.Ql %.*s .\n", STR_FMT(value));
		else
			fputs("There is no default.\n", out);
		if (!k->live)
			fputs("Another value takes a restart.\n", out);
		fputs("In the environment:\n", out);
		write_variable(out, k->name);
	}
	fputs(".El\n", out);
}
