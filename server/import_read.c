/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* From the bytes of a file to rows in the form the house keeps, every fault told with its line. */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fleet/roster.h"
#include "server/import.h"
#include "server/import_column.h"
#include "server/import_json.h"
#include "server/import_mapping.h"
#include "server/import_reject.h"
#include "server/import_text.h"
#include "server/json.h"

enum { LOOK_ROWS = 256 };

#define ROWS_ARENA_BYTES_MAX ((size_t)1 << 30)

/* What one reading needs; a row's scraps live in `scratch` until the next row. */
struct reading {
	struct import *im;
	const struct import_kind_facts *facts;
	struct import_rows *rows;
	struct view view;
	struct txn txn;
	struct arena keep, look, scratch;
	uint32_t looked; /* rows of this look */
	struct faults faults;
	enum date_order order;	 /* of a row without a site */
	struct ruleset *ruleset; /* owned, for rule sets: the frame says little about them */
	/* import_feed */
	const struct import_rows *names; /* NULL: it reads for the first time */
	uint32_t next;
	void (*row)(void *context, uint32_t line, struct str doc);
	void *context;
};

void import_rows_init(struct import_rows *rows)
{
	*rows = (struct import_rows){.len = 0};
	arena_init(&rows->arena, ROWS_ARENA_BYTES_MAX);
}

void import_rows_deinit(struct import_rows *rows)
{
	free(rows->row);
	arena_deinit(&rows->arena);
	rows->row = NULL;
}

void import_tell(struct import *im,
	void (*heard)(struct import *im, uint32_t line, const char *pointer, const char *detail),
	uint32_t line, const char *pointer, const char *detail)
{
	char sentence[600];

	if (heard) {
		heard(im, line, pointer, detail);
		return;
	}
	if (!im->tell)
		return;
	snprintf(sentence, sizeof sentence, "%s:%u: %s%s%s", im->file, line, pointer,
		*pointer ? " " : "", detail);
	im->tell(im->context, sentence);
}

/* Beyond the limit only what must be known is told. */
static void tell_fault(
	struct import *im, uint32_t line, const char *pointer, const char *detail, bool must)
{
	im->quieted += im->quiet;
	im->faults += !im->quiet;
	if (!im->quiet && (im->faults <= IMPORT_FAULTS_TOLD_MAX || must))
		import_tell(im, im->told ? im->told->fault : NULL, line, pointer, detail);
}

void import_fault(struct import *im, uint32_t line, const char *pointer, const char *format, ...)
{
	char detail[400], why[500];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof detail, format, args);
	va_end(args);
	tell_fault(im, line, pointer, detail, false);
	if (!im->rejects || im->quiet)
		return;
	snprintf(why, sizeof why, "%s%s%s", pointer, *pointer ? " " : "", detail);
	import_rejects_add(im->rejects, line, str_from(why));
}

void import_file_fault(struct import *im, uint32_t line, const char *format, ...)
{
	char detail[400];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof detail, format, args);
	va_end(args);
	/* The first says why nothing of the file is taken. */
	tell_fault(im, line, "", detail, !im->unreadable);
	im->unreadable = true;
}

static bool rows_add(struct reading *r, uint32_t line, struct str doc)
{
	struct import_rows *rows = r->rows;

	if (rows->len == rows->max) {
		uint32_t max = rows->max ? rows->max * 2 : 256;
		struct import_row *grown =
			max <= IMPORT_ROWS_MAX * 2 ? realloc(rows->row, max * sizeof *grown) : NULL;
		if (!grown)
			return false;
		rows->row = grown;
		rows->max = max;
	}
	doc = arena_copy(&rows->arena,
		rows->names ? json_str_at(arena_json(&r->scratch, doc, NULL), r->facts->id) : doc);
	if (!doc.p || rows->len == IMPORT_ROWS_MAX)
		return false;
	rows->row[rows->len++] = (struct import_row){line, doc};
	return true;
}

/* ---- one row ---- */

static bool zone_known(void *context, struct str name)
{
	struct env *env = context;

	return env->zone(env, name) != NULL;
}

static void tell_faults(struct reading *r, uint32_t line)
{
	for (uint32_t i = 0; i < r->faults.len && i < ARRAY_LEN(r->faults.fault); i++)
		import_fault(
			r->im, line, r->faults.fault[i].pointer, "%s", r->faults.fault[i].detail);
}

/* The site whose clock the row's times are read on; NULL where it names none that is known. */
static const struct roster *site_of(struct reading *r, struct str site)
{
	return site.n && site.n <= ID_MAX ? roster_of(&r->view, site) : NULL;
}

static uint32_t faults_so_far(const struct reading *r)
{
	return r->im->faults + r->im->quieted;
}

static void keep(struct reading *r, uint32_t line, struct str kept)
{
	if (!kept.p || !rows_add(r, line, kept))
		import_file_fault(r->im, line, "is beyond what one import can hold");
	else if (r->im->told && r->im->told->row)
		r->im->told->row(r->im, &(struct import_row){line, kept});
}

/* The second time: whoever takes the row looks by himself, and may wait. */
static void feed(struct reading *r, uint32_t line, struct str kept)
{
	while (r->next < r->names->len && r->names->row[r->next].line < line)
		r->next++;
	if (r->next == r->names->len || r->names->row[r->next].line != line)
		return;
	r->next++;
	r->im->quiet = false;
	fleet_look_end(&r->view);
	if (kept.p) {
		r->row(r->context, line, kept);
	} else {
		r->im->counts.refused++;
		import_fault(r->im, line, "",
			"was good when it was checked and is not now: "
			"import it again");
	}
	import_look(r->im, &r->view, &r->txn, &r->look);
	r->im->quiet = true;
}

static void check_row(struct reading *r, uint32_t line, struct str source)
{
	struct json doc = arena_json(&r->scratch, source, NULL);
	const struct roster *roster = site_of(r, json_str_at(doc, "site"));
	struct shape_context context = {
		.zone = roster ? roster->zone : NULL,
		.zone_known = zone_known,
		.context = r->view.env,
	};
	uint32_t before = faults_so_far(r);
	char pointer[64];

	r->faults.len = 0;
	struct str kept = shape_check(&r->scratch, r->facts->shape, source, &context, &r->faults);
	doc = kept.p ? arena_json(&r->scratch, kept, NULL) : JSON_ABSENT;
	snprintf(pointer, sizeof pointer, "/%s", r->facts->id);
	if (kept.p && !json_str_at(doc, r->facts->id).n)
		faults_add(&r->faults, pointer, "is required: it names the row");
	if (kept.p && r->facts->verb != VERB_SITE_PUT && json_present(json_get(doc, "site")) &&
		!roster)
		faults_add(&r->faults, "/site", "there is no such site: import it first");
	if (kept.p && r->ruleset && r->faults.len == 0 &&
		!ruleset_read(r->ruleset, doc, true, &r->faults))
		ASSERT(r->faults.len > 0);
	if (kept.p && r->facts->in_order)
		r->facts->in_order(doc, &r->faults);
	tell_faults(r, line);
	if (r->names)
		feed(r, line, faults_so_far(r) == before ? kept : STR_NULL);
	else if (faults_so_far(r) == before)
		keep(r, line, kept);
}

/* Between two rows. A look that stays open keeps the store from using pages again. */
static void next_row(struct reading *r)
{
	arena_reset(&r->scratch);
	if (++r->looked < LOOK_ROWS)
		return;
	fleet_look_end(&r->view);
	arena_reset(&r->look);
	import_look(r->im, &r->view, &r->txn, &r->look);
	r->looked = 0;
}

/* ---- CSV ---- */

static struct str site_cell(const struct import_columns *columns, const struct csv_record *record)
{
	for (uint32_t i = 0; i < columns->len; i++)
		if (str_is(columns->column[i].path, "site"))
			return record->cell[columns->column[i].cell];
	return STR_NULL;
}

/* How all sites write dates; unknown where they differ: a row without a site is not guessed. */
static enum date_order order_of_all(struct view *v)
{
	struct key prefix = key_row_prefix(ROW_SITE);
	enum date_order order = DATE_ORDER_UNKNOWN;
	struct cursor c;

	cursor_open(&c, v->txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		struct str id;
		struct row row;
		size_t at = prefix.n;
		enum date_order of_site;
		if (!key_take_text(c.key, &at, &id) ||
			!row_get(v, ROW_SITE, arena_copy(v->arena, id), &row))
			continue;
		of_site = date_order_of(json_str_at(row.doc, "locale"));
		if (order != DATE_ORDER_UNKNOWN && order != of_site) {
			order = DATE_ORDER_UNKNOWN;
			break;
		}
		order = of_site;
	}
	cursor_close(&c);
	return order;
}

static void read_record(
	struct reading *r, const struct import_columns *columns, struct csv_record *record)
{
	const struct roster *roster = site_of(r, site_cell(columns, record));
	struct str doc;
	struct import_day day = {
		.now = r->im->now,
		.zone = roster ? roster->zone : NULL,
		.opening = roster ? &roster->opening : NULL,
		.order = roster ? date_order_of(roster->locale) : r->order,
	};
	for (uint32_t i = 0; r->im->mapping && i < columns->len; i++) {
		struct str *cell = &record->cell[columns->column[i].cell];
		*cell = import_mapping_value(r->im->mapping, columns->column[i].path, *cell);
	}
	doc = import_columns_json(columns, &r->scratch, record, &day);
	if (doc.p)
		check_row(r, record->line, doc);
	else
		import_fault(r->im, record->line, "", "is too large");
}

static void read_records(struct reading *r, struct csv *csv, const struct import_columns *columns,
	uint32_t cells, struct csv_record *record)
{
	while (!import_stops(r->im) && csv_next(csv, &r->scratch, record)) {
		if (record->error) {
			import_fault(r->im, record->line, "", "%s", record->error);
		} else if (record->len != cells) {
			import_fault(r->im, record->line, "",
				"has %u cells where the header has %u", record->len, cells);
		} else {
			if (r->im->mapping)
				import_mapping_record(r->im->mapping, record);
			read_record(r, columns, record);
		}
		import_progress(r->im, r->names ? "writing" : "reading", csv->at, csv->text.n);
		next_row(r);
	}
}

static void read_csv(struct reading *r, struct str text)
{
	struct csv csv;
	struct csv_record *header = calloc(2, sizeof *header), *record = header + 1;
	struct import_columns *columns = calloc(1, sizeof *columns);
	uint32_t before = r->im->faults, cells;
	struct str why;

	csv_init(&csv, text);
	r->im->understood.separator = csv.separator;
	if (!header || !columns || !csv_next(&csv, &r->keep, header)) {
		import_file_fault(r->im, 1, "has no header");
	} else if (header->error) {
		import_file_fault(r->im, header->line, "%s", header->error);
	} else {
		cells = header->len;
		if (r->im->mapping)
			import_mapping_header(r->im, r->im->mapping, header);
		if (!import_columns_read(columns, &r->keep, r->facts->shape, header, &why))
			import_file_fault(r->im, header->line, "%.*s", STR_FMT(why));
		else if (r->im->faults == before) {
			if (r->im->told && r->im->told->columns)
				r->im->told->columns(r->im, header, columns);
			read_records(r, &csv, columns, cells, record);
		}
	}
	free(columns);
	free(header);
}

/* ---- JSON ---- */

static void read_json(struct reading *r, struct str text)
{
	struct import_json json;
	struct str element, doc, why = STR_NULL;
	uint32_t line;

	if (r->im->mapping)
		import_file_fault(r->im, 1, "is JSON: a mapping is for the columns of CSV");
	if (r->im->rejects && !r->im->whole)
		import_file_fault(r->im, 1, "is JSON: a file of rejected rows is for CSV");
	import_json_init(&json, text);
	while (!import_stops(r->im) && import_json_next(&json, &element, &line)) {
		doc = json_from_outside(&r->scratch, element, &why);
		if (doc.p)
			check_row(r, line, doc);
		else
			import_fault(r->im, line, "", "%.*s", STR_FMT(why));
		import_progress(r->im, r->names ? "writing" : "reading", json.at, json.text.n);
		next_row(r);
	}
	if (json.error)
		import_file_fault(r->im, json.line, "%s", json.error);
}

/* ---- the whole ---- */

static int by_id(const void *a, const void *b)
{
	const struct import_row *x = a, *y = b;
	int c = str_cmp(x->doc, y->doc);

	return c ? c : (x->line > y->line) - (x->line < y->line);
}

/* The same name twice: which one is meant? */
static void check_twice(struct reading *r)
{
	struct import_rows *rows = r->rows;
	struct import_row *names = calloc(rows->len + 1, sizeof *names);

	for (uint32_t i = 0; names && i < rows->len; i++) {
		names[i] = rows->row[i];
		if (rows->names)
			continue;
		names[i].doc = arena_copy(&r->keep,
			json_str_at(arena_json(&r->scratch, rows->row[i].doc, NULL), r->facts->id));
		arena_reset(&r->scratch);
	}
	if (names)
		qsort(names, rows->len, sizeof *names, by_id);
	for (uint32_t i = 1; names && i < rows->len; i++) {
		if (!str_eq(names[i - 1].doc, names[i].doc))
			continue;
		if (r->im->rejects)
			import_rejects_add(r->im->rejects, names[i - 1].line,
				arena_printf(&r->scratch, "%s stands again on line %u",
					r->facts->id, names[i].line));
		import_fault(r->im, names[i].line, "", "%s %.*s stands already on line %u",
			r->facts->id, STR_FMT(names[i].doc), names[i - 1].line);
	}
	free(names);
}

static void drop_rejected(struct import_rejects *rejects, struct import_rows *rows)
{
	uint32_t n = 0;

	import_rejects_sort(rejects);
	for (uint32_t i = 0; i < rows->len; i++)
		if (!import_rejects_has(rejects, rows->row[i].line))
			rows->row[n++] = rows->row[i];
	rows->len = n;
}

static bool is_json(struct str text)
{
	size_t start = 0;

	while (start < text.n && strchr(" \t\r\n", text.p[start]))
		start++;
	return start < text.n && (text.p[start] == '[' || text.p[start] == '{');
}

static bool reading_open(
	struct reading *r, struct import *im, enum import_kind kind, struct import_rows *rows)
{
	*r = (struct reading){.im = im, .facts = import_kind_facts(kind), .rows = rows};
	if (kind == IMPORT_RULESETS && !(r->ruleset = malloc(sizeof *r->ruleset))) {
		import_file_fault(im, 1, "there is not enough memory");
		return false;
	}
	arena_init(&r->keep, ROWS_ARENA_BYTES_MAX);
	arena_init(&r->look, ROWS_ARENA_BYTES_MAX);
	arena_init(&r->scratch, ARENA_MAX_DEFAULT);
	import_look(im, &r->view, &r->txn, &r->look);
	r->order = order_of_all(&r->view);
	return true;
}

static void reading_close(struct reading *r)
{
	fleet_look_end(&r->view);
	arena_deinit(&r->keep);
	arena_deinit(&r->look);
	arena_deinit(&r->scratch);
	free(r->ruleset);
}

static void read_text(struct reading *r, struct str text)
{
	struct import_text read;

	import_text_read(&read, &r->keep, text);
	r->im->understood.encoding = import_encoding_name(read.encoding);
	if (read.error)
		import_file_fault(r->im, read.line, "%s", read.error);
	else if (is_json(read.text))
		read_json(r, read.text);
	else
		read_csv(r, read.text);
}

bool import_read(struct import *im, enum import_kind kind, struct str text, struct import_rows *out)
{
	uint32_t before = im->faults;
	struct reading r;

	if (!reading_open(&r, im, kind, out))
		return false;
	read_text(&r, text);
	if (kind != IMPORT_COVERAGES && (im->rejects ? !im->unreadable : im->faults == before))
		check_twice(&r);
	if (im->rejects && im->rejects->full)
		import_file_fault(
			im, 1, "has more rows at fault than a file of rejected rows can hold");
	if (im->rejects)
		drop_rejected(im->rejects, out);
	reading_close(&r);
	return im->rejects && !im->whole ? !im->unreadable : im->faults == before;
}

void import_feed(struct import *im, enum import_kind kind, struct str text,
	const struct import_rows *names, void (*row)(void *context, uint32_t line, struct str doc),
	void *context)
{
	struct reading r;

	if (!reading_open(&r, im, kind, NULL))
		return;
	r.names = names;
	r.row = row;
	r.context = context;
	im->quiet = true;
	read_text(&r, text);
	im->quiet = false;
	reading_close(&r);
}
