/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/csv.h"
#include "fleet/figures.h"
#include "fleet/render.h"

/* Figures as JSON, whole, and as CSV, a table at a time: the same numbers under the same names.
 * What cannot be measured (nothing was in service, nobody came back) is null, or an empty cell. */

enum { FRAME_BYTES = 1024, ROW_BYTES = 512 };

struct column {
	const char *name;
	int64_t value; /* NOTHING: not to be measured */
};
#define NOTHING INT64_MIN

static int64_t known(int64_t ratio)
{
	return ratio < 0 ? NOTHING : ratio;
}

/* ---- rows, their columns in the order of their names ---- */

enum { DAY_COLUMNS = 5, CLASS_COLUMNS = 12, SUMMARY_COLUMNS = 11 };

static void day_columns(struct column out[DAY_COLUMNS], const struct day_use *d)
{
	const struct column columns[DAY_COLUMNS] = {{"blocked_minutes", d->blocked},
		{"cars", d->cars}, {"in_service_minutes", d->in_service}, {"used_minutes", d->used},
		{"used_per_mille", known(per_mille(d->used, d->in_service))}};

	memcpy(out, columns, sizeof columns);
}

static void class_columns(struct column out[CLASS_COLUMNS], const struct class_use *c)
{
	const struct column columns[CLASS_COLUMNS] = {{"blocked_minutes", (int64_t)c->blocked},
		{"cars", c->cars}, {"in_service_minutes", (int64_t)c->in_service},
		{"late", c->late}, {"late_per_mille", known(per_mille(c->late, c->returns))},
		{"loans", c->loans}, {"loans_per_car_month_milli", known(turn_rate(c))},
		{"median_minutes", c->returns ? c->median : NOTHING},
		{"p90_minutes", c->returns ? c->p90 : NOTHING}, {"returns", c->returns},
		{"used_minutes", (int64_t)c->used},
		{"used_per_mille", known(per_mille(c->used, c->in_service))}};

	memcpy(out, columns, sizeof columns);
}

static void summary_columns(struct column out[SUMMARY_COLUMNS], const struct figures *f)
{
	const struct column columns[SUMMARY_COLUMNS] = {{"broken", f->broken_len},
		{"broken_per_mille", known(per_mille(f->broken_len, f->promises))},
		{"given", f->given}, {"given_free", f->given_free}, {"overdue_now", f->overdue_now},
		{"promises", f->promises}, {"value_minor", f->value_minor}, {"visits", f->visits},
		{"visits_asked", f->visits_asked}, {"visits_two", f->visits_two},
		{"visits_two_per_mille", known(per_mille(f->visits_two, f->visits_asked))}};

	memcpy(out, columns, sizeof columns);
}

/* ---- JSON ---- */

/* The columns, and between them in its place a text that names the row. */
static void put_columns(struct json_writer *w, const struct column *columns, size_t n,
	const char *key, struct str text, struct str day)
{
	bool put = !key || !text.n, put_day = !day.n;

	json_object_begin(w);
	for (size_t i = 0; i < n; i++) {
		if (!put && strcmp(key, columns[i].name) < 0) {
			json_kv_str(w, key, text);
			put = true;
		}
		if (!put_day && strcmp("day", columns[i].name) < 0) {
			json_kv_str(w, "day", day);
			put_day = true;
		}
		if (columns[i].value == NOTHING)
			json_kv_null(w, columns[i].name);
		else
			json_kv_int(w, columns[i].name, columns[i].value);
	}
	ASSERT(put && put_day);
	json_object_end(w);
}

static void put_class(struct json_writer *w, const struct class_use *c)
{
	struct column columns[CLASS_COLUMNS];

	class_columns(columns, c);
	put_columns(w, columns, CLASS_COLUMNS, "class", c->class, STR_NULL);
}

static void put_classes(struct json_writer *w, const struct figures *f)
{
	json_k(w, "classes");
	json_array_begin(w);
	for (uint32_t i = 0; i < f->classes_len; i++)
		put_class(w, &f->classes[i]);
	json_array_end(w);
}

static void put_demand(struct json_writer *w, const struct figures *f)
{
	json_k(w, "demand");
	json_array_begin(w);
	for (uint32_t i = 0; i < f->demand_len; i++) {
		const struct refused *r = &f->demand[i];
		json_object_begin(w);
		json_kv_int(w, "bookings", (int64_t)r->bookings);
		if (r->class.n)
			json_kv_str(w, "class", r->class);
		json_kv_int(w, "offers", (int64_t)r->offers);
		json_kv_str(w, "reason", r->reason);
		json_kv_str(w, "solution", r->solution);
		json_object_end(w);
	}
	json_array_end(w);
}

static void put_payers(struct json_writer *w, const struct figures *f)
{
	json_k(w, "payers");
	json_array_begin(w);
	for (uint32_t i = 0; i < f->payers_len; i++) {
		json_object_begin(w);
		json_kv_int(w, "amount_minor", f->payers[i].amount_minor);
		json_kv_int(w, "bookings", f->payers[i].bookings);
		json_kv_str(w, "payer", f->payers[i].payer);
		json_object_end(w);
	}
	json_array_end(w);
}

static struct day day_of(const struct figures *f, uint32_t i)
{
	return (struct day){f->from.n + (int32_t)i};
}

static void put_utilisation(struct json_writer *w, const struct figures *f)
{
	struct column columns[DAY_COLUMNS];
	char text[DAY_TEXT];

	json_k(w, "utilisation");
	json_array_begin(w);
	for (uint32_t d = 0; d < f->days_len; d++)
		for (uint32_t i = 0; i < f->classes_len; i++) {
			day_columns(columns, &f->classes[i].days[d]);
			put_columns(w, columns, DAY_COLUMNS, "class", f->classes[i].class,
				day_print(day_of(f, d), text));
		}
	json_array_end(w);
}

struct str render_figures_json(const struct figures *f)
{
	size_t rows = (size_t)f->classes_len * (f->days_len + 1) + f->demand_len + f->payers_len;
	struct column summary[SUMMARY_COLUMNS];
	char text[DAY_TEXT];
	struct json_writer w;

	arena_writer(f->arena, &w, 2 * FRAME_BYTES + rows * ROW_BYTES);
	json_object_begin(&w);
	put_classes(&w, f);
	json_kv_str(&w, "currency", f->currency);
	put_demand(&w, f);
	json_kv_str(&w, "from", day_print(f->from, text));
	put_payers(&w, f);
	json_kv_str(&w, "site", f->site);
	summary_columns(summary, f);
	json_k(&w, "summary");
	put_columns(&w, summary, SUMMARY_COLUMNS, NULL, STR_NULL, STR_NULL);
	json_k(&w, "total");
	put_class(&w, &f->all);
	json_kv_str(&w, "until", day_print(day_of(f, f->days_len), text));
	put_utilisation(&w, f);
	json_object_end(&w);
	return arena_written(f->arena, &w);
}

/* ---- CSV ---- */

static void csv_names(struct csv *c, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_text(c, str_from(columns[i].name));
	csv_row_end(c);
}

static void csv_columns(struct csv *c, const struct column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (columns[i].value == NOTHING)
			csv_none(c);
		else
			csv_number(c, columns[i].value);
	csv_row_end(c);
}

static void csv_heads(struct csv *c, const char *const *heads)
{
	for (; *heads; heads++)
		csv_text(c, str_from(*heads));
}

static void csv_utilisation(struct csv *c, const struct figures *f)
{
	static const char *const heads[] = {"day", "class", NULL};
	struct column columns[DAY_COLUMNS];
	char text[DAY_TEXT];

	csv_heads(c, heads);
	day_columns(columns, &(struct day_use){0});
	csv_names(c, columns, DAY_COLUMNS);
	for (uint32_t d = 0; d < f->days_len; d++)
		for (uint32_t i = 0; i < f->classes_len; i++) {
			csv_text(c, day_print(day_of(f, d), text));
			csv_text(c, f->classes[i].class);
			day_columns(columns, &f->classes[i].days[d]);
			csv_columns(c, columns, DAY_COLUMNS);
		}
}

static void csv_classes(struct csv *c, const struct figures *f)
{
	static const char *const heads[] = {"class", NULL};
	struct column columns[CLASS_COLUMNS];

	csv_heads(c, heads);
	class_columns(columns, &f->all);
	csv_names(c, columns, CLASS_COLUMNS);
	for (uint32_t i = 0; i <= f->classes_len; i++) {
		const struct class_use *use = i < f->classes_len ? &f->classes[i] : &f->all;
		csv_text(c, use->class);
		class_columns(columns, use);
		csv_columns(c, columns, CLASS_COLUMNS);
	}
}

static void csv_demand(struct csv *c, const struct figures *f)
{
	static const char *const heads[] = {
		"class", "solution", "reason", "offers", "bookings", NULL};

	csv_heads(c, heads);
	csv_row_end(c);
	for (uint32_t i = 0; i < f->demand_len; i++) {
		csv_text(c, f->demand[i].class);
		csv_text(c, f->demand[i].solution);
		csv_text(c, f->demand[i].reason);
		csv_number(c, (int64_t)f->demand[i].offers);
		csv_number(c, (int64_t)f->demand[i].bookings);
		csv_row_end(c);
	}
}

static void csv_payers(struct csv *c, const struct figures *f)
{
	static const char *const heads[] = {"payer", "bookings", "amount_minor", "currency", NULL};

	csv_heads(c, heads);
	csv_row_end(c);
	for (uint32_t i = 0; i < f->payers_len; i++) {
		csv_text(c, f->payers[i].payer);
		csv_number(c, f->payers[i].bookings);
		csv_number(c, f->payers[i].amount_minor);
		csv_text(c, f->currency);
		csv_row_end(c);
	}
}

static void csv_summary(struct csv *c, const struct figures *f)
{
	static const char *const heads[] = {"figure", "value", NULL};
	struct column columns[SUMMARY_COLUMNS];

	csv_heads(c, heads);
	csv_row_end(c);
	summary_columns(columns, f);
	for (size_t i = 0; i < SUMMARY_COLUMNS; i++) {
		csv_text(c, str_from(columns[i].name));
		csv_columns(c, &columns[i], 1);
	}
}

static void csv_table(struct csv *c, const struct figures *f, enum figures_table table)
{
	switch (table) {
	case TABLE_UTILISATION: csv_utilisation(c, f); break;
	case TABLE_CLASSES: csv_classes(c, f); break;
	case TABLE_DEMAND: csv_demand(c, f); break;
	case TABLE_PAYERS: csv_payers(c, f); break;
	case TABLE_SUMMARY: csv_summary(c, f); break;
	}
}

struct str render_figures_csv(const struct figures *f, enum figures_table table)
{
	struct csv c = {.buf = NULL};

	csv_table(&c, f, table); /* how long it will be */
	c = (struct csv){.buf = arena_alloc(f->arena, c.len + 1)};
	if (!c.buf)
		return STR_NULL;
	csv_table(&c, f, table);
	return (struct str){c.buf, c.len};
}
