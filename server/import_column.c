/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/import_column.h"

#include <stdlib.h>

#include "server/import_name.h"
#include "server/import_number.h"

enum { DEPTH_MAX = 6, PARTS_MAX = 12 };

/* ---- names ---- */

/* What stands before the first `mark`; *rest is what follows it, STR_NULL when there is none. */
static struct str split(struct str text, char mark, struct str *rest)
{
	const char *p = text.n ? memchr(text.p, mark, text.n) : NULL;

	*rest = STR_NULL;
	if (!p)
		return text;
	size_t n = (size_t)(p - text.p);
	*rest = (struct str){p + 1, text.n - n - 1};
	return (struct str){text.p, n};
}

static const struct field *field_of(const struct shape *shape, struct str name)
{
	for (uint32_t i = 0; shape->type == SHAPE_OBJECT && i < shape->fields_len; i++)
		if (str_is(name, shape->fields[i].name))
			return &shape->fields[i];
	return NULL;
}

static const struct field *find_field(const struct shape *shape, struct str path)
{
	const struct field *field = NULL;
	struct str rest = path;

	for (int depth = 0; rest.p && depth < DEPTH_MAX; depth++) {
		struct str name = split(rest, '.', &rest);
		field = field_of(shape, name);
		if (!field)
			return NULL;
		shape = field->shape;
	}
	return rest.p ? NULL : field;
}

bool import_member(const struct shape *shape, struct str path)
{
	return find_field(shape, path) != NULL;
}

static bool fits_a_cell(const struct shape *shape)
{
	switch (shape->type) {
	case SHAPE_STRING:
	case SHAPE_INT:
	case SHAPE_BOOL: return true;
	case SHAPE_ARRAY:
		return shape->element->type != SHAPE_ARRAY && shape->element->type != SHAPE_MAP;
	case SHAPE_OBJECT:
	case SHAPE_MAP:
	case SHAPE_ANY: return false;
	}
	ASSERT(false);
}

/* The member a header means: its own name, or what houses call it. NULL: the kind has none such. */
static const struct field *field_meant(
	const struct shape *shape, struct str header, struct str *path)
{
	const struct field *field = find_field(shape, *path = header);
	size_t at = 0;

	while (!field && (*path = import_name_next(header, &at)).p)
		field = find_field(shape, *path);
	return field;
}

/* '.' sorts before every character of a name, so paths in byte order visit members in order. */
static int by_path(const void *a, const void *b)
{
	const struct import_column *x = a, *y = b;

	return str_cmp(x->path, y->path);
}

static bool is_passed_over(struct str header)
{
	return !header.p || (header.n && header.p[0] == '#');
}

bool import_columns_read(struct import_columns *out, struct arena *a, const struct shape *shape,
	const struct csv_record *header, struct str *why)
{
	out->len = 0;
	for (uint32_t i = 0; i < header->len; i++) {
		struct str path;
		if (is_passed_over(header->cell[i]))
			continue;
		const struct field *field = field_meant(shape, header->cell[i], &path);
		if (!field) {
			*why = arena_printf(a, "there is no member for the column \"%.*s\"",
				STR_FMT(header->cell[i]));
			return false;
		}
		if (!fits_a_cell(field->shape)) {
			*why = arena_printf(a,
				"\"%.*s\" does not fit a cell: name its members, or use JSON",
				STR_FMT(header->cell[i]));
			return false;
		}
		out->column[out->len++] =
			(struct import_column){path, field->shape, field->required, i};
	}
	qsort(out->column, out->len, sizeof(out->column[0]), by_path);
	for (uint32_t i = 1; i < out->len; i++)
		if (str_eq(out->column[i - 1].path, out->column[i].path)) {
			*why = arena_printf(a, "the column \"%.*s\" stands there twice",
				STR_FMT(out->column[i].path));
			return false;
		}
	return true;
}

/* ---- cells ---- */

static void write_scalar(struct json_writer *w, const struct shape *shape, struct str text,
	const struct import_day *day)
{
	char buf[IMPORT_TIME_TEXT];
	int64_t n;
	bool yes;

	if (shape->type == SHAPE_INT && import_number_read(&n, text)) {
		json_put_int(w, n);
	} else if (shape->type == SHAPE_INT && str_is(text, "null")) {
		json_null(w);
	} else if (shape->type == SHAPE_BOOL && import_bool_read(&yes, text)) {
		json_put_bool(w, yes);
	} else {
		if (shape->format == FORMAT_DATE || shape->format == FORMAT_PERSON_DATE ||
			shape->format == FORMAT_INSTANT)
			text = import_time_resolve(buf, text, day);
		json_put_str(w, text);
	}
}

struct part {
	const struct field *field;
	struct str text;
};

static int by_name(const void *a, const void *b)
{
	const struct part *x = a, *y = b;

	return strcmp(x->field->name, y->field->name);
}

/* The last member takes the rest, so that a time of day may stand there. */
static void write_element(struct json_writer *w, const struct shape *shape, struct str text,
	const struct import_day *day)
{
	struct part part[PARTS_MAX];
	struct str rest = text;
	uint32_t n = 0;

	for (; rest.p && n < shape->fields_len && n < PARTS_MAX; n++) {
		bool last = n + 1 == shape->fields_len || n + 1 == PARTS_MAX;
		part[n].field = &shape->fields[n];
		part[n].text = last ? rest : split(rest, ':', &rest);
	}
	qsort(part, n, sizeof(part[0]), by_name);
	json_object_begin(w);
	for (uint32_t i = 0; i < n; i++) {
		if (part[i].text.n == 0)
			continue;
		json_k(w, part[i].field->name);
		write_scalar(w, part[i].field->shape, part[i].text, day);
	}
	json_object_end(w);
}

static void write_cell(struct json_writer *w, const struct shape *shape, struct str text,
	const struct import_day *day)
{
	struct str rest = text;

	if (shape->type != SHAPE_ARRAY) {
		write_scalar(w, shape, text, day);
		return;
	}
	json_array_begin(w);
	while (rest.n) {
		struct str element = split(rest, '|', &rest);
		if (shape->element->type == SHAPE_OBJECT)
			write_element(w, shape->element, element, day);
		else
			write_scalar(w, shape->element, element, day);
	}
	json_array_end(w);
}

/* ---- rows ---- */

/* The objects a path stands in, without its last name. */
struct place {
	uint32_t depth;
	struct str name[DEPTH_MAX];
	struct str leaf;
};

static void place_of(struct place *p, struct str path)
{
	struct str rest = path;

	p->depth = 0;
	for (;;) {
		struct str name = split(rest, '.', &rest);
		if (!rest.p) {
			p->leaf = name;
			return;
		}
		ASSERT(p->depth < DEPTH_MAX);
		p->name[p->depth++] = name;
	}
}

/* Closes and opens objects so that the writer stands where `to` wants it. */
static void move_to(struct json_writer *w, struct place *open, const struct place *to)
{
	uint32_t same = 0;

	while (same < open->depth && same < to->depth && str_eq(open->name[same], to->name[same]))
		same++;
	for (; open->depth > same; open->depth--)
		json_object_end(w);
	for (; open->depth < to->depth; open->depth++) {
		json_key_put(w, to->name[open->depth]);
		json_object_begin(w);
		open->name[open->depth] = to->name[open->depth];
	}
}

struct str import_columns_json(const struct import_columns *c, struct arena *a,
	const struct csv_record *record, const struct import_day *day)
{
	struct json_writer w;
	struct place open = {.depth = 0}, to;
	size_t bytes = 64;

	for (uint32_t i = 0; i < c->len; i++)
		bytes += c->column[i].path.n + 16 + 6 * record->cell[c->column[i].cell].n +
			 IMPORT_TIME_TEXT;
	arena_writer(a, &w, bytes * 2);
	json_object_begin(&w);
	for (uint32_t i = 0; i < c->len; i++) {
		struct str text = record->cell[c->column[i].cell];
		bool empty_list = c->column[i].required && c->column[i].shape->type == SHAPE_ARRAY;
		if (text.n == 0 && !empty_list)
			continue;
		place_of(&to, c->column[i].path);
		move_to(&w, &open, &to);
		json_key_put(&w, to.leaf);
		write_cell(&w, c->column[i].shape, text, day);
	}
	to.depth = 0;
	move_to(&w, &open, &to);
	json_object_end(&w);
	return arena_written(a, &w);
}
