/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais audit export`: what GET /v1/audit/claims answers, from a data directory, beside a running
 * server or without one; a page in each look. */

#include <errno.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "fleet/roster.h"
#include "rules/vin.h"
#include "server/claims_xlsx.h"
#include "server/cli.h"
#include "server/form.h"
#include "server/query.h"

enum { WHY_BYTES = 400, COPY_BYTES = 64 << 10 };
enum {
	OPT_DATA,
	OPT_SITE,
	OPT_FROM,
	OPT_UNTIL,
	OPT_VIN,
	OPT_REPAIR_ORDER,
	OPT_PAYER,
	OPT_COST_CODE,
	OPT_FORMAT,
	OPT_LEN
};

static const struct option export_options[OPT_LEN] = {
	[OPT_DATA] = OPTION_DATA,
	[OPT_SITE] = {.name = "site", .takes = "SITE", .about = "whose claims", .required = true},
	[OPT_FROM] = {.name = "from", .takes = "TIME", .about = "of loans that end later"},
	[OPT_UNTIL] = {.name = "until", .takes = "TIME", .about = "of loans that begin earlier"},
	[OPT_VIN] = {.name = "vin", .takes = "VIN", .about = "only for this car"},
	[OPT_REPAIR_ORDER] = {.name = "repair-order",
		.takes = "NUMBER",
		.about = "only of this repair order"},
	[OPT_PAYER] = {.name = "payer",
		.takes = "PAYER",
		.about = "only what this payer is asked for"},
	[OPT_COST_CODE] = {.name = "cost-code", .takes = "CODE", .about = "only under this code"},
	[OPT_FORMAT] = {.name = "format",
		.takes = "FORMAT",
		.about = "json, jsonl, csv (the usual), csv-fr (a French Excel's) or xlsx"},
};

const struct form form_audit_export = {
	.sub = "export",
	.words = "[FILE]",
	.options = export_options,
	.options_len = OPT_LEN,
	.about = "Writes every covered line of loans with what an auditor would find wrong with it "
		 "to FILE, which must not exist, or to standard output. A TIME is a date, a local "
		 "time of the site or one with its offset.",
};

static struct str text_of(const struct option *o)
{
	return o->len ? str_from(o->value[0]) : STR_NULL;
}

/* ---- what is asked ---- */

static int time_read(const struct option *o, const struct zone *zone, struct instant *out)
{
	struct query_field field[] = {{.name = o->name, .type = QUERY_INSTANT}, {0}};
	struct query q = {.fields = field, .value = {text_of(o)}};
	struct faults faults = {.len = 0};

	if (!o->len || query_instant(&q, o->name, zone, out, &faults))
		return EX_OK;
	return cli_fail(EX_USAGE, "--%s %s", o->name,
		faults.len ? faults.fault[0].detail : "is no date and no time");
}

static int span_read(const struct option *o, struct fleet *fleet, struct span *span)
{
	struct arena a;
	struct view v;
	struct txn t;
	int code;

	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(fleet, &v, &t, &a);
	const struct roster *roster = roster_of(&v, text_of(&o[OPT_SITE]));
	*span = SPAN_ALWAYS;
	code = roster ? EX_OK : cli_fail(EX_NOINPUT, "there is no site %s", o[OPT_SITE].value[0]);
	if (code == EX_OK)
		code = time_read(&o[OPT_FROM], roster->zone, &span->from);
	if (code == EX_OK)
		code = time_read(&o[OPT_UNTIL], roster->zone, &span->until);
	if (code == EX_OK && span->from.s >= span->until.s)
		code = cli_usage("--until must be later than --from");
	fleet_look_end(&v);
	arena_deinit(&a);
	return code;
}

/* ---- writing ---- */

struct writing {
	struct claims_text text;
	struct claims_book *book; /* XLSX */
	FILE *out;
};

static bool page_write(
	struct writing *w, struct view *v, const struct claim_filter *f, struct claim_place *place)
{
	struct claim_lines lines;
	struct str page;

	if (!claim_lines_page(&lines, v, f, place))
		return false;
	if (w->book)
		return claims_book_add(w->book, &lines);
	page = claims_text_page(&w->text, &lines, place->over);
	return page.p && fwrite(page.p, 1, page.n, w->out) == page.n;
}

static bool book_copy(struct writing *w)
{
	char bytes[COPY_BYTES];
	int fd = claims_book_close(w->book);
	bool good = fd >= 0;
	off_t at = 0;
	ssize_t n = 0;

	while (good && (n = pread(fd, bytes, sizeof bytes, at)) > 0) {
		good = fwrite(bytes, 1, (size_t)n, w->out) == (size_t)n;
		at += n;
	}
	if (fd >= 0)
		close(fd);
	return good && n == 0;
}

static int export_write(
	struct fleet *fleet, const struct claim_filter *f, enum claim_format format, FILE *out)
{
	struct writing w = {.text = {.format = format}, .out = out};
	struct claim_place place = {.len = 0};
	bool good = true;
	struct arena a;

	if (format == CLAIMS_XLSX && !(w.book = claims_book_open()))
		return cli_fail(EX_CANTCREAT, "a workbook needs a place for files: set TMPDIR");
	arena_init(&a, ARENA_MAX_DEFAULT);
	while (good && !place.over) {
		struct view v;
		struct txn t;
		fleet_look(fleet, &v, &t, &a);
		good = page_write(&w, &v, f, &place);
		fleet_look_end(&v);
		arena_reset(&a);
	}
	arena_deinit(&a);
	if (w.book)
		good = book_copy(&w) && good;
	if (good && fflush(out) == 0)
		return EX_OK;
	return cli_fail(EX_IOERR, "the claims could not be written whole: %s",
		errno ? strerror(errno) : "a sheet has no room for all of them");
}

static int export_run(const struct option *o, enum claim_format format, const char *path)
{
	struct claim_filter f = {.site = text_of(&o[OPT_SITE]),
		.vin = text_of(&o[OPT_VIN]),
		.repair_order = text_of(&o[OPT_REPAIR_ORDER]),
		.payer = text_of(&o[OPT_PAYER]),
		.cost_code = text_of(&o[OPT_COST_CODE])};
	char normal[VIN_TEXT];
	struct fleet *fleet = NULL;
	FILE *out = stdout;
	int code = cli_fleet_open(&fleet, option_value(&o[OPT_DATA]));

	if (code != EX_OK)
		return code;
	if (f.vin.p && vin_check(normal, f.vin, false) == VIN_GOOD)
		f.vin = str_from(normal);
	code = span_read(o, fleet, &f.span);
	if (code == EX_OK && path && !(out = fopen(path, "wx")))
		code = cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
	errno = 0;
	if (code == EX_OK)
		code = export_write(fleet, &f, format, out);
	if (out && out != stdout) {
		if (fclose(out) != 0 && code == EX_OK)
			code = cli_fail(EX_IOERR, "%s could not be written", path);
		if (code != EX_OK)
			unlink(path); /* a part must not look like the whole */
	}
	fleet_close(fleet);
	return code;
}

int cli_audit_export(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[OPT_LEN];
	struct words words = {.min = 1, .max = 2};
	enum claim_format format = CLAIMS_CSV;

	memcpy(o, export_options, sizeof o);
	if (!options_read(argc, argv, o, OPT_LEN, &words, why, sizeof why))
		return cli_usage(why);
	if (o[OPT_FORMAT].len)
		format = claim_format_find(text_of(&o[OPT_FORMAT]));
	if (format == CLAIM_FORMATS_LEN)
		return cli_usage("--format is json, jsonl, csv, csv-fr or xlsx");
	return export_run(o, format, words.len == 2 ? words.value[1] : NULL);
}
