/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/claims_xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "fleet/spill.h"

enum {
	CELL_BYTES_MAX = 32767, /* the format's own */
	ROWS_MAX = 1048576,	/* the same */
	PATH_TEXT = 40,
	SUMS_MAX = 256,
};
enum { FINDING_ID, FINDING_CODE };
enum { SUM_PAYER, SUM_COST_CODE, SUM_CURRENCY, SUM_LINES, SUM_DAYS, SUM_AMOUNT };

struct sum { /* of the lines of one payer and cost code */
	struct str payer, cost_code, currency;
	int64_t lines, days, amount_minor;
};

struct claims_book {
	lxw_workbook *workbook;
	lxw_format *head, *instant;
	lxw_worksheet *claims, *findings, *sheet_of_sums;
	const struct zone *zone; /* of the lines that are being added */
	struct arena *scratch;	 /* the same */
	uint32_t claims_rows, findings_rows;
	int fd;
	struct arena arena;	   /* owned: what the sums are called */
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
	const struct claims_book *b, lxw_worksheet *sheet, uint32_t row, int column, int64_t at_s)
{
	const double epoch_days = 25569.0, day_s = 86400.0;
	struct local l = zone_local(b->zone, (struct instant){at_s});

	(void)worksheet_write_number(
		sheet, row, (lxw_col_t)column, epoch_days + (double)l.wall_s / day_s, b->instant);
}

/* A list of words with blanks between them; a boolean as it is. */
static struct str words_of(const struct claims_book *b, struct str raw)
{
	struct json list = arena_json(b->scratch, raw, NULL);
	struct str words = STR_NULL;

	if (!json_is(list, JSON_ARRAY))
		return raw;
	for (struct json e = json_first(list); json_present(e); e = json_next(list, e))
		words = words.n ? arena_printf(b->scratch, "%.*s %.*s", STR_FMT(words),
					  STR_FMT(json_str(e)))
				: json_str(e);
	return words;
}

static void put_cell(const struct claims_book *b, lxw_worksheet *sheet, uint32_t row, int column,
	const struct cell *c)
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
	const struct claims_book *b, const char *name, const char *const *columns, int len)
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

/* False: there was no memory for its name. */
static bool gather(struct claims_book *b, const struct claim_line *l)
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
		b->sums[b->sums_len++] = (struct sum){.payer = arena_copy(&b->arena, payer),
			.cost_code = arena_copy(&b->arena, code),
			.currency = arena_copy(&b->arena, currency)};
	b->sums[i].lines++;
	b->sums[i].days += l->claim.days_claimed;
	b->sums[i].amount_minor += l->claim.amount_minor;
	return !b->arena.full;
}

static void put_findings(struct claims_book *b, const struct claim_line *l)
{
	for (int f = 0; f < FINDINGS_LEN && b->findings_rows < ROWS_MAX; f++)
		if (l->findings >> f & 1) {
			put_text(b->findings, b->findings_rows, FINDING_ID, l->claim.claim_id);
			put_text(b->findings, b->findings_rows++, FINDING_CODE,
				str_from(finding_code((enum finding)f)));
		}
}

bool claims_book_add(struct claims_book *b, const struct claim_lines *lines)
{
	struct row_look look;
	bool good = true;

	row_look_open(&look, lines->view);
	b->zone = lines->roster->zone;
	b->scratch = &look.arena;
	for (uint32_t k = 0; k < lines->len && good; k++, row_look_next(&look)) {
		const struct claim_line *l = lines->line[k];
		for (int i = 0; i < COLUMNS_LEN; i++)
			put_cell(b, b->claims, b->claims_rows, i, &l->cell[i]);
		put_findings(b, l);
		good = gather(b, l) && ++b->claims_rows < ROWS_MAX && b->findings_rows < ROWS_MAX;
	}
	row_look_close(&look);
	return good;
}

static void put_sums(struct claims_book *b)
{
	lxw_worksheet *sums = b->sheet_of_sums;

	for (uint32_t i = 0; i < b->sums_len; i++) {
		put_text(sums, i + 1, SUM_PAYER, b->sums[i].payer);
		put_text(sums, i + 1, SUM_COST_CODE, b->sums[i].cost_code);
		put_text(sums, i + 1, SUM_CURRENCY, b->sums[i].currency);
		put_number(sums, i + 1, SUM_LINES, b->sums[i].lines);
		put_number(sums, i + 1, SUM_DAYS, b->sums[i].days);
		put_number(sums, i + 1, SUM_AMOUNT, b->sums[i].amount_minor);
	}
}

/* ---- the file ---- */

static bool sheets_open(struct claims_book *b)
{
	static const char *const found[] = {"claim_id", "finding"};
	static const char *const sum[] = {
		"payer", "cost_code", "currency", "lines", "days_claimed", "amount_minor"};

	b->head = workbook_add_format(b->workbook);
	b->instant = workbook_add_format(b->workbook);
	format_set_bold(b->head);
	format_set_num_format(b->instant, "yyyy-mm-dd hh:mm:ss");
	b->claims = sheet_new(b, "Claims", claim_column_names, COLUMNS_LEN);
	b->findings = sheet_new(b, "Findings", found, ARRAY_LEN(found));
	b->sheet_of_sums = sheet_new(b, "Sums", sum, ARRAY_LEN(sum));
	b->claims_rows = b->findings_rows = 1;
	return b->claims && b->findings && b->sheet_of_sums;
}

/* The library writes to a path alone: that of a file without a name. Rows leave its memory as they
 * are written. */
struct claims_book *claims_book_open(void)
{
	struct claims_book *b = calloc(1, sizeof *b);
	lxw_workbook_options options = {.constant_memory = LXW_TRUE};
	char path[PATH_TEXT];

	if (!b)
		return NULL;
	arena_init(&b->arena, ARENA_MAX_DEFAULT);
	b->fd = spill_open();
	snprintf(path, sizeof path, "/proc/self/fd/%d", b->fd);
	b->workbook = b->fd >= 0 ? workbook_new_opt(path, &options) : NULL;
	if (b->workbook && sheets_open(b))
		return b;
	int fd = claims_book_close(b);
	if (fd >= 0)
		close(fd);
	return NULL;
}

int claims_book_close(struct claims_book *b)
{
	int fd = b->fd;

	if (b->workbook) {
		if (b->sheet_of_sums)
			put_sums(b);
		if (workbook_close(b->workbook) != LXW_NO_ERROR) {
			close(fd);
			fd = -1;
		}
	}
	arena_deinit(&b->arena);
	free(b);
	return fd;
}
