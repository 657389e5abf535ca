/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/drop_row.h"

#include <stdlib.h>

#include "fleet/booking.h"
#include "fleet/csv.h"
#include "fleet/merge.h"
#include "server/drop_file.h"

// clang-format off
/* Ours, but for Appointment/AlternateTransportation, which workshop systems share (STAR). */
#define COLUMNS(X) \
	X(kind) X(site) X(for_site) X(visit) X(booking) X(number) X(external) X(customer) X(vin) \
	X(repair_order) X(status) X(AlternateTransportation) X(solution) X(class) X(resource) \
	X(plate) X(drop_off_at) X(ready_at) X(from) X(until) X(out_at) X(in_at) \
	X(customer_minor) X(currency) X(entry) X(name)
// clang-format on
enum column {
#define X(name) COLUMN_##name,
	COLUMNS(X)
#undef X
		COLUMNS_LEN
};
static const char *const names_of[] = {
#define X(name) #name,
	COLUMNS(X)
#undef X
};
enum { LINE_FRAME_BYTES = 2048 };

struct line {
	struct str cell[COLUMNS_LEN];
};

struct str drop_transportation(struct str solution)
{
	static const struct {
		const char *solution, *word;
	} words[] = {
		{"loaner_brand", "Loaner"}, {"loaner_other", "Loaner"}, {"rental", "Rental"},
		{"accompanied_drive", "Shuttle (2-way)"}, {"pickup", "Valet Pick-up"},
		{"pickup_delivery", "Valet Pick-up"}, {"wait_on_site", "WAIT_AT_DEALER"},
		{"waits_here", "WAIT_AT_DEALER"}, /* a visit's answer */
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(solution, words[i].solution))
			return str_from(words[i].word);
	return STR_NULL;
}

static uint32_t columns_len(bool names)
{
	return names ? COLUMNS_LEN : COLUMN_name;
}

/* ---- cells ---- */

static struct str foreign_ids(struct arena *a, struct json doc)
{
	struct json external = json_get(doc, "external");
	struct str all = STR_NULL;

	for (struct json e = json_first(external); json_present(e); e = json_next(external, e))
		all = arena_printf(a, "%.*s%s%.*s:%.*s", STR_FMT(all), all.n ? "|" : "",
			STR_FMT(json_str_at(e, "system")), STR_FMT(json_str_at(e, "id")));
	return all;
}

static void fill_shared(struct line *l, struct view *v, const struct row *row, bool names)
{
	static const struct {
		enum column column;
		const char *member;
	} same[] = {
		{COLUMN_site, "site"},
		{COLUMN_for_site, "for_site"},
		{COLUMN_visit, "visit"},
		{COLUMN_vin, "vin"},
		{COLUMN_repair_order, "repair_order"},
		{COLUMN_drop_off_at, "drop_off_at"},
		{COLUMN_ready_at, "ready_at"},
	};
	struct str customer = json_str_at(row->doc, "customer");

	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		l->cell[same[i].column] = json_str_at(row->doc, same[i].member);
	l->cell[COLUMN_external] = foreign_ids(v->arena, row->doc);
	l->cell[COLUMN_entry] = arena_printf(v->arena, "%llu", (unsigned long long)row->rev);
	if (customer.n)
		l->cell[COLUMN_customer] = customer_of(v, customer);
	if (names && customer.n)
		l->cell[COLUMN_name] = customer_name(v, customer);
}

static void fill_visit(struct line *l, const struct row *row)
{
	l->cell[COLUMN_kind] = STR("visit");
	l->cell[COLUMN_status] = json_str_at(row->doc, "answer");
	l->cell[COLUMN_AlternateTransportation] = drop_transportation(l->cell[COLUMN_status]);
}

static void fill_booking(struct line *l, struct view *v, const struct row *row)
{
	static const struct {
		enum column column;
		const char *member;
	} same[] = {
		{COLUMN_booking, "booking"},
		{COLUMN_number, "number"},
		{COLUMN_status, "status"},
		{COLUMN_solution, "solution"},
		{COLUMN_class, "class"},
		{COLUMN_resource, "resource"},
		{COLUMN_from, "from"},
		{COLUMN_until, "until"},
	};
	struct json terms = json_get(row->doc, "terms");
	struct row car;

	l->cell[COLUMN_kind] = STR("booking");
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		l->cell[same[i].column] = json_str_at(row->doc, same[i].member);
	l->cell[COLUMN_AlternateTransportation] = drop_transportation(l->cell[COLUMN_solution]);
	l->cell[COLUMN_out_at] = json_str_at(json_get(row->doc, "out"), "at");
	l->cell[COLUMN_in_at] = json_str_at(json_get(row->doc, "in"), "at");
	l->cell[COLUMN_currency] = json_str_at(terms, "currency");
	if (json_present(json_get(terms, "customer_minor")))
		l->cell[COLUMN_customer_minor] = arena_printf(
			v->arena, "%lld", (long long)json_int_at(terms, "customer_minor", 0));
	if (l->cell[COLUMN_resource].n && row_get(v, ROW_RESOURCE, l->cell[COLUMN_resource], &car))
		l->cell[COLUMN_plate] = json_str_at(car.doc, "plate");
}

/* ---- lines ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(names_of[*(const uint8_t *)a], names_of[*(const uint8_t *)b]);
}

static struct str line_json(struct arena *a, const struct line *l, uint32_t len, size_t bytes)
{
	uint8_t order[COLUMNS_LEN];
	struct json_writer w;
	struct str text;

	for (uint32_t i = 0; i < len; i++)
		order[i] = (uint8_t)i;
	qsort(order, len, 1, by_name);
	arena_writer(a, &w, 6 * bytes + LINE_FRAME_BYTES);
	json_object_begin(&w);
	for (uint32_t i = 0; i < len; i++)
		if (l->cell[order[i]].n)
			json_kv_str(&w, names_of[order[i]], l->cell[order[i]]);
	json_object_end(&w);
	text = arena_written(a, &w);
	return text.n ? arena_printf(a, "%.*s\n", STR_FMT(text)) : text;
}

static struct str line_csv(struct arena *a, const struct str *cells, uint32_t len)
{
	struct csv count = {0}, put = {0};

	for (struct csv *c = &count; c; c = c == &count ? &put : NULL) {
		if (c == &put)
			put.buf = arena_alloc(a, count.len);
		if (c == &put && !put.buf)
			return STR_NULL;
		for (uint32_t i = 0; i < len; i++)
			if (cells[i].n)
				csv_text(c, cells[i]);
			else
				csv_none(c);
		csv_row_end(c);
	}
	return (struct str){put.buf, put.len};
}

struct str drop_heading(struct arena *a, bool names)
{
	struct str cells[COLUMNS_LEN];

	for (uint32_t i = 0; i < COLUMNS_LEN; i++)
		cells[i] = str_from(names_of[i]);
	return line_csv(a, cells, columns_len(names));
}

bool drop_row(
	struct view *v, enum row_kind kind, struct str id, bool json, bool names, struct str *line)
{
	struct line l = {0};
	struct row row;
	size_t bytes = 0;

	if (!row_get(v, kind, id, &row))
		return false;
	fill_shared(&l, v, &row, names);
	if (kind == ROW_VISIT)
		fill_visit(&l, &row);
	else
		fill_booking(&l, v, &row);
	for (uint32_t i = 0; i < COLUMNS_LEN; i++)
		bytes += l.cell[i].n;
	*line = json ? line_json(v->arena, &l, columns_len(names), bytes)
		     : line_csv(v->arena, l.cell, columns_len(names));
	return line->n > 0;
}
