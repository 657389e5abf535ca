/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include "server/claims_xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { CELL_BYTES_MAX = 32767 /* the format's own */, PATH_TEXT = 40, SUMS_MAX = 256 };
enum { FINDING_ID, FINDING_CODE };
enum { SUM_PAYER, SUM_COST_CODE, SUM_CURRENCY, SUM_LINES, SUM_DAYS, SUM_AMOUNT };

struct sum { /* of the lines of one payer and cost code */
	struct str payer, cost_code, currency;
	int64_t lines, days, amount_minor;
};

struct book {
	lxw_workbook *workbook;
	lxw_format *head, *instant;
	const struct zone *zone;
	struct arena *arena;
	struct sum sums[SUMS_MAX]; /* beyond them the last one gathers */
	uint32_t sums_len;
};

/* ---- cells ---- */

static void put_text(lxw_worksheet *sheet, uint32_t row, int column, struct str text)
{
	char cell[CELL_BYTES_MAX + 1];
	size_t n = text.n < CELL_BYTES_MAX ? text.n : CELL_BYTES_MAX;

	if (!n)
		return;
	memcpy(cell, text.p, n);
	cell[n] = '\0';
	(void)worksheet_write_string(sheet, row, (lxw_col_t)column, cell, NULL);
}

static void put_number(lxw_worksheet *sheet, uint32_t row, int column, int64_t number)
{
	(void)worksheet_write_number(sheet, row, (lxw_col_t)column, (double)number, NULL);
}

/* A day is 1, from the last day of 1899 on. */
static void put_instant(
	const struct book *b, lxw_worksheet *sheet, uint32_t row, int column, int64_t at_s)
{
	const double epoch_days = 25569.0, day_s = 86400.0;
	struct local l = zone_local(b->zone, (struct instant){at_s});

	(void)worksheet_write_number(
		sheet, row, (lxw_col_t)column, epoch_days + (double)l.wall_s / day_s, b->instant);
}

/* A list of words with blanks between them; a boolean as it is. */
static struct str words_of(const struct book *b, struct str raw)
{
	struct json list = arena_json(b->arena, raw, NULL);
	struct str words = STR_NULL;

	if (!json_is(list, JSON_ARRAY))
		return raw;
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		words = words.n ? arena_printf(b->arena, "%.*s %.*s", STR_FMT(words),
					  STR_FMT(json_str(e)))
				: json_str(e);
	return words;
}

static void put_cell(
	const struct book *b, lxw_worksheet *sheet, uint32_t row, int column, const struct cell *c)
{
	switch (c->type) {
	case CELL_NONE: break;
	case CELL_TEXT: put_text(sheet, row, column, c->text); break;
	case CELL_RAW: put_text(sheet, row, column, words_of(b, c->text)); break;
	case CELL_NUMBER: put_number(sheet, row, column, c->number); break;
	case CELL_INSTANT: put_instant(b, sheet, row, column, c->number); break;
	}
}

/* ---- sheets ---- */

static lxw_worksheet *sheet_new(
	const struct book *b, const char *name, const char *const *columns, int len)
{
	lxw_worksheet *sheet = workbook_add_worksheet(b->workbook, name);

	if (!sheet)
		return NULL;
	for (int i = 0; i < len; i++)
		(void)worksheet_write_string(sheet, 0, (lxw_col_t)i, columns[i], b->head);
	worksheet_freeze_panes(sheet, 1, 0);
	(void)worksheet_set_column(sheet, 0, (lxw_col_t)(len - 1), 18, NULL);
	return sheet;
}

static void gather(struct book *b, const struct claim_line *l)
{
	struct str payer = l->cell[COLUMN_payer].text, code = l->claim.cost_code;
	struct str currency = l->cell[COLUMN_currency].text;
	uint32_t i = 0;

	while (i < b->sums_len &&
		!(str_eq(b->sums[i].payer, payer) && str_eq(b->sums[i].cost_code, code) &&
			str_eq(b->sums[i].currency, currency)))
		i++;
	if (i == SUMS_MAX)
		i--;
	else if (i == b->sums_len)
		b->sums[b->sums_len++] =
			(struct sum){.payer = payer, .cost_code = code, .currency = currency};
	b->sums[i].lines++;
	b->sums[i].days += l->claim.days_claimed;
	b->sums[i].amount_minor += l->claim.amount_minor;
}

static bool write_sheets(struct book *b, const struct claim_lines *lines)
{
	static const char *const found[] = {"claim_id", "finding"};
	static const char *const sum[] = {
		"payer", "cost_code", "currency", "lines", "days_claimed", "amount_minor"};
	lxw_worksheet *claims = sheet_new(b, "Claims", claim_column_names, COLUMNS_LEN);
	lxw_worksheet *findings = sheet_new(b, "Findings", found, ARRAY_LEN(found));
	lxw_worksheet *sums = sheet_new(b, "Sums", sum, ARRAY_LEN(sum));
	uint32_t at = 1;

	if (!claims || !findings || !sums)
		return false;
	for (uint32_t k = 0; k < lines->len; k++) {
		const struct claim_line *l = lines->line[k];
		for (int i = 0; i < COLUMNS_LEN; i++)
			put_cell(b, claims, k + 1, i, &l->cell[i]);
		for (int f = 0; f < FINDINGS_LEN; f++)
			if (l->findings >> f & 1) {
				put_text(findings, at, FINDING_ID, l->claim.claim_id);
				put_text(findings, at++, FINDING_CODE,
					str_from(finding_code((enum finding)f)));
			}
		gather(b, l);
	}
	for (uint32_t i = 0; i < b->sums_len; i++) {
		put_text(sums, i + 1, SUM_PAYER, b->sums[i].payer);
		put_text(sums, i + 1, SUM_COST_CODE, b->sums[i].cost_code);
		put_text(sums, i + 1, SUM_CURRENCY, b->sums[i].currency);
		put_number(sums, i + 1, SUM_LINES, b->sums[i].lines);
		put_number(sums, i + 1, SUM_DAYS, b->sums[i].days);
		put_number(sums, i + 1, SUM_AMOUNT, b->sums[i].amount_minor);
	}
	return true;
}

/* ---- the file ---- */

static struct str file_bytes(struct arena *a, int fd)
{
	struct stat st;
	char *bytes;

	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return STR_NULL;
	bytes = arena_alloc(a, (size_t)st.st_size);
	if (!bytes || pread(fd, bytes, (size_t)st.st_size, 0) != st.st_size)
		return STR_NULL;
	return (struct str){bytes, (size_t)st.st_size};
}

/* The library writes to a path alone: that of a file without a name, in memory. */
static struct str write_book(struct book *b, const struct claim_lines *lines)
{
	char path[PATH_TEXT];
	int fd = memfd_create("claims.xlsx", MFD_CLOEXEC);
	struct str bytes = STR_NULL;

	if (fd < 0)
		return STR_NULL;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	b->workbook = workbook_new(path);
	if (b->workbook) {
		b->head = workbook_add_format(b->workbook);
		b->instant = workbook_add_format(b->workbook);
		format_set_bold(b->head);
		format_set_num_format(b->instant, "yyyy-mm-dd hh:mm:ss");
		bool good = write_sheets(b, lines);
		if (workbook_close(b->workbook) == LXW_NO_ERROR && good)
			bytes = file_bytes(b->arena, fd);
	}
	close(fd);
	return bytes;
}

struct str claims_xlsx(struct view *v, const struct claims_ask *ask)
{
	struct claim_lines lines;
	struct book *b;
	struct str bytes;

	if (!claim_lines_find(&lines, v, ask))
		return STR_NULL;
	b = calloc(1, sizeof *b);
	if (!b)
		return STR_NULL;
	b->zone = lines.roster->zone;
	b->arena = v->arena;
	bytes = write_book(b, &lines);
	free(b);
	return bytes;
}
