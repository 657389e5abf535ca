/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>

#include "fleet/claims.h"
#include "fleet/csv.h"
#include "rules/money.h"

/* Claims as CSV. */

enum { WORDS_MAX = 2048 };

/* A list of words with blanks between them; a boolean as it is. */
static void put_raw(struct csv *c, struct arena *a, struct str raw)
{
	struct json list = arena_json(a, raw, NULL);
	char words[WORDS_MAX];
	size_t n = 0;

	if (!json_is(list, JSON_ARRAY)) {
		csv_text(c, raw);
		return;
	}
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e)) {
		struct str word = json_str(e);
		if (n + word.n + 1 > sizeof words)
			break;
		if (n)
			words[n++] = ' ';
		if (word.n)
			memcpy(words + n, word.p, word.n);
		n += word.n;
	}
	csv_text(c, (struct str){words, n});
}

static const bool is_money[COLUMNS_LEN] = {
	[COLUMN_supplier_net_minor] = true,
	[COLUMN_amount_minor] = true,
	[COLUMN_net_minor] = true,
	[COLUMN_value_minor] = true,
	[COLUMN_customer_minor] = true,
	[COLUMN_max_per_day] = true,
};

struct table {
	struct csv csv;
	bool french;
	const struct claim_lines *lines;
	struct row_look look;
};

/* "1234,50": all digits of the currency, nothing between thousands. */
static void put_money(struct csv *c, int64_t minor, struct str currency)
{
	int digits = money_minor_digits(currency);
	uint64_t whole = minor < 0 ? -(uint64_t)minor : (uint64_t)minor, part = 1;
	char text[MONEY_TEXT];
	int n;

	for (int i = 0; i < digits; i++)
		part *= 10;
	n = snprintf(text, sizeof text, "%s%" PRIu64, minor < 0 ? "-" : "", whole / part);
	if (digits > 0)
		n += snprintf(
			text + n, sizeof text - (size_t)n, ",%0*" PRIu64, digits, whole % part);
	csv_plain(c, (struct str){text, (size_t)n});
}

/* "16/03/2026 08:30:00", of RFC 3339. */
static struct str french_time(struct str at, char out[INSTANT_TEXT])
{
	int n = snprintf(
		out, INSTANT_TEXT, "%.2s/%.2s/%.4s %.8s", at.p + 8, at.p + 5, at.p, at.p + 11);

	return (struct str){out, (size_t)n};
}

static void put_cell(struct table *t, const struct claim_line *l, int column)
{
	const struct cell *cell = &l->cell[column];
	char buf[INSTANT_TEXT], french[INSTANT_TEXT];
	struct str at;

	switch (cell->type) {
	case CELL_NONE: csv_none(&t->csv); break;
	case CELL_TEXT: csv_text(&t->csv, cell->text); break;
	case CELL_RAW: put_raw(&t->csv, &t->look.arena, cell->text); break;
	case CELL_NUMBER:
		if (t->french && is_money[column])
			put_money(&t->csv, cell->number, l->cell[COLUMN_currency].text);
		else
			csv_number(&t->csv, cell->number);
		break;
	case CELL_INSTANT:
		at = local_print(
			zone_local(t->lines->roster->zone, (struct instant){cell->number}), buf);
		csv_text(&t->csv, t->french ? french_time(at, french) : at);
		break;
	}
}

/* What is in whole units is not called minor. */
static struct str column_name(const struct table *t, int column)
{
	struct str name = str_from(claim_column_names[column]), minor = STR("_minor");

	if (t->french && is_money[column] && name.n > minor.n &&
		memcmp(name.p + name.n - minor.n, minor.p, minor.n) == 0)
		name.n -= minor.n;
	return name;
}

static void put_head(struct table *t)
{
	if (t->french)
		csv_mark(&t->csv);
	for (int i = 0; i < COLUMNS_LEN; i++)
		csv_text(&t->csv, column_name(t, i));
	csv_row_end(&t->csv);
}

static void put_table(struct table *t, bool head)
{
	if (head)
		put_head(t);
	for (uint32_t k = 0; k < t->lines->len; k++, row_look_next(&t->look)) {
		for (int i = 0; i < COLUMNS_LEN; i++)
			put_cell(t, t->lines->line[k], i);
		csv_row_end(&t->csv);
	}
}

struct str claims_csv_page(const struct claims_text *text, const struct claim_lines *lines)
{
	bool french = text->format == CLAIMS_CSV_FR;
	struct table t = {.french = french, .csv.semicolons = french, .lines = lines};

	row_look_open(&t.look, lines->view);
	put_table(&t, !text->begun); /* how long it will be */
	t.csv.buf = arena_alloc(lines->view->arena, t.csv.len + 1);
	t.csv.len = 0;
	if (t.csv.buf)
		put_table(&t, !text->begun);
	row_look_close(&t.look);
	return t.csv.buf ? (struct str){t.csv.buf, t.csv.len} : STR_NULL;
}

static void put_again(struct csv *c, struct arena *a, struct json line)
{
	for (int i = 0; i < COLUMNS_LEN; i++) {
		struct json v = json_get(line, claim_column_names[i]);
		if (!json_present(line))
			csv_text(c, str_from(claim_column_names[i]));
		else if (!json_present(v) || json_is_null(v))
			csv_none(c);
		else if (json_is(v, JSON_STRING))
			csv_text(c, json_str(v));
		else if (json_is(v, JSON_INT))
			csv_number(c, json_int(v, 0));
		else
			put_raw(c, a, json_raw(v));
	}
	csv_row_end(c);
}

struct str claims_csv_again(struct arena *a, struct json line)
{
	struct csv c = {.buf = NULL};

	put_again(&c, a, line);
	c.buf = arena_alloc(a, c.len + 1);
	c.len = 0;
	if (!c.buf)
		return STR_NULL;
	put_again(&c, a, line);
	return (struct str){c.buf, c.len};
}
