/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_mapping.h"

#include "server/import_column.h"
#include "server/import_text.h"

#define COLUMNS "columns"
#define ABSENT "absent"
#define PASS_OVER "-"

/* The text and, beside it, what the kind has. */
struct reading {
	struct import *im;
	struct import_mapping *m;
	const struct shape *shape;
	struct str section; /* of the lines that come; STR_NULL = none yet, or an unknown one */
	bool lost;	    /* the section is unknown: told once */
};

void import_mapping_init(struct import_mapping *m, const char *file)
{
	m->file = file;
	m->len = 0;
	arena_init(&m->arena, ARENA_MAX_DEFAULT);
}

void import_mapping_deinit(struct import_mapping *m)
{
	arena_deinit(&m->arena);
}

static struct str trimmed(struct str text)
{
	while (text.n && strchr(" \t\r", text.p[0]))
		text = (struct str){text.p + 1, text.n - 1};
	while (text.n && strchr(" \t\r", text.p[text.n - 1]))
		text.n--;
	return text;
}

/* The last '=', so that a header may have one of its own; NULL: there is none. */
static const char *last_equals(struct str text)
{
	for (size_t i = text.n; i > 0; i--)
		if (text.p[i - 1] == '=')
			return text.p + i - 1;
	return NULL;
}

/* ---- lines ---- */

static void read_section(struct reading *r, uint32_t line, struct str text)
{
	struct str name = {text.p + 1, text.n - 2};

	r->section = name;
	r->lost = false;
	if (str_is(name, COLUMNS) || str_is(name, ABSENT) || import_member(r->shape, name))
		return;
	r->lost = true;
	import_fault(r->im, line, "",
		"[%.*s] is neither [columns] nor [absent] nor a member of this kind",
		STR_FMT(name));
}

static const struct import_mapping_rule *find(
	const struct import_mapping *m, struct str section, struct str from)
{
	for (uint32_t i = 0; i < m->len; i++)
		if (str_eq(m->rule[i].section, section) && str_eq(m->rule[i].from, from))
			return &m->rule[i];
	return NULL;
}

static void read_rule(struct reading *r, uint32_t line, struct str from, struct str to)
{
	bool columns = str_is(r->section, COLUMNS), absent = str_is(r->section, ABSENT);
	struct str member = columns ? to : from;
	const struct import_mapping_rule *same = find(r->m, r->section, from);

	if (!r->section.p)
		import_file_fault(
			r->im, line, "stands before the first section, such as [columns]");
	else if (!from.n || (columns && !to.n))
		import_file_fault(r->im, line, "must have a word on each side of =");
	else if (same)
		import_file_fault(r->im, line, "\"%.*s\" stands already on line %u", STR_FMT(from),
			same->line);
	else if ((absent || (columns && !str_is(to, PASS_OVER))) &&
		 !import_member(r->shape, member))
		import_file_fault(
			r->im, line, "there is no member \"%.*s\" in this kind", STR_FMT(member));
	else if (r->m->len == IMPORT_MAPPING_RULES_MAX)
		import_file_fault(r->im, line, "is beyond the %d lines of a mapping",
			IMPORT_MAPPING_RULES_MAX);
	else
		r->m->rule[r->m->len++] = (struct import_mapping_rule){r->section, from, to, line};
}

static void read_line(struct reading *r, uint32_t line, struct str text)
{
	const char *mark;

	text = trimmed(text);
	if (text.n == 0 || text.p[0] == '#')
		return;
	if (text.p[0] == '[' && text.p[text.n - 1] == ']') {
		read_section(r, line, text);
		return;
	}
	mark = last_equals(text);
	if (!mark)
		import_file_fault(r->im, line, "must be [SECTION] or NAME = MEANING");
	else if (!r->lost)
		read_rule(r, line, trimmed((struct str){text.p, (size_t)(mark - text.p)}),
			trimmed((struct str){mark + 1, text.n - (size_t)(mark - text.p) - 1}));
}

bool import_mapping_read(
	struct import *im, struct import_mapping *m, enum import_kind kind, struct str bytes)
{
	struct reading r = {.im = im, .m = m, .shape = import_kind_facts(kind)->shape};
	const char *file = im->file;
	uint32_t before = im->faults;
	struct import_text read;

	im->file = m->file;
	import_text_read(&read, &m->arena, bytes);
	if (read.error)
		import_file_fault(im, read.line, "%s", read.error);
	for (uint32_t line = 1; read.text.n; line++) {
		const char *end = memchr(read.text.p, '\n', read.text.n);
		size_t n = end ? (size_t)(end - read.text.p) : read.text.n;
		read_line(&r, line, (struct str){read.text.p, n});
		n += end != NULL;
		read.text = (struct str){read.text.p + n, read.text.n - n};
	}
	im->file = file;
	return im->faults == before;
}

/* ---- what it means for a file ---- */

void import_mapping_header(
	struct import *im, const struct import_mapping *m, struct csv_record *header)
{
	const char *file = im->file;
	bool used[IMPORT_MAPPING_RULES_MAX] = {false};

	for (uint32_t i = 0; i < header->len; i++) {
		const struct import_mapping_rule *rule = find(m, STR(COLUMNS), header->cell[i]);
		if (!rule)
			continue;
		used[rule - m->rule] = true;
		header->cell[i] = str_is(rule->to, PASS_OVER) ? STR_NULL : rule->to;
	}
	im->file = m->file;
	for (uint32_t i = 0; i < m->len; i++) {
		const struct import_mapping_rule *rule = &m->rule[i];
		if (str_is(rule->section, COLUMNS) && !used[i] && !str_is(rule->to, PASS_OVER))
			import_file_fault(im, rule->line, "%s has no column \"%.*s\"", file,
				STR_FMT(rule->from));
		if (!str_is(rule->section, ABSENT))
			continue;
		if (header->len == CSV_COLUMNS_MAX)
			import_file_fault(
				im, rule->line, "is one column more than %d", CSV_COLUMNS_MAX);
		else
			header->cell[header->len++] = rule->from;
	}
	im->file = file;
}

void import_mapping_record(const struct import_mapping *m, struct csv_record *record)
{
	for (uint32_t i = 0; i < m->len; i++)
		if (str_is(m->rule[i].section, ABSENT) && record->len < CSV_COLUMNS_MAX)
			record->cell[record->len++] = m->rule[i].to;
}

struct str import_mapping_value(const struct import_mapping *m, struct str member, struct str cell)
{
	const struct import_mapping_rule *rule = find(m, member, cell);

	return rule ? rule->to : cell;
}
