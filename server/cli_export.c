/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* `relais audit export` and `relais audit pack`: what GET /v1/audit/claims and /v1/audit/pack
 * answer, from a data directory, beside a running server or without one; a page in each look. */

#include <errno.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "fleet/pack.h"
#include "rules/vin.h"
#include "server/claims_xlsx.h"
#include "server/cli.h"
#include "server/form.h"

enum { WHY_BYTES = 400, COPY_BYTES = 64 << 10 };
enum {
	OPT_DATA,
	OPT_SITE,
	OPT_FROM,
	OPT_UNTIL,
	OPT_VIN,
	PACK_OPTIONS_LEN,
	OPT_REPAIR_ORDER = PACK_OPTIONS_LEN,
	OPT_PAYER,
	OPT_COST_CODE,
	OPT_FORMAT,
	OPT_READY,
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
	[OPT_READY] = {.name = "ready",
		.flag = true,
		.about = "only complete cases: nothing is missing, and they were not sent yet"},
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

/* The file, which must not be there yet; standard output where there is none. */
static int out_open(const char *path, FILE **out)
{
	*out = path ? fopen(path, "wx") : stdout;
	return *out ? EX_OK : cli_fail(EX_CANTCREAT, "%s: %s", path, strerror(errno));
}

/* A part must not look like the whole. */
static int out_close(const char *path, FILE *out, int code)
{
	if (!path)
		return code;
	if (fclose(out) != 0 && code == EX_OK)
		code = cli_fail(EX_IOERR, "%s could not be written", path);
	if (code != EX_OK)
		unlink(path);
	return code;
}

static void filter_read(const struct option *o, struct claim_filter *f, char normal[VIN_TEXT])
{
	*f = (struct claim_filter){.site = text_of(&o[OPT_SITE]), .vin = text_of(&o[OPT_VIN])};
	if (f->vin.p && vin_check(normal, f->vin, false) == VIN_GOOD)
		f->vin = str_from(normal);
}

static int export_run(const struct option *o, enum claim_format format, const char *path)
{
	struct claim_filter f;
	char normal[VIN_TEXT];
	struct fleet *fleet = NULL;
	FILE *out = NULL;
	int code = cli_fleet_open(&fleet, option_value(&o[OPT_DATA]));

	if (code != EX_OK)
		return code;
	filter_read(o, &f, normal);
	f.repair_order = text_of(&o[OPT_REPAIR_ORDER]);
	f.payer = text_of(&o[OPT_PAYER]);
	f.cost_code = text_of(&o[OPT_COST_CODE]);
	f.ready = o[OPT_READY].len ? CLAIMS_READY : CLAIMS_ANY;
	code = cli_span(fleet, text_of(&o[OPT_SITE]), &o[OPT_FROM], &o[OPT_UNTIL], &f.span);
	if (code == EX_OK)
		code = out_open(path, &out);
	errno = 0;
	if (code == EX_OK)
		code = out_close(path, out, export_write(fleet, &f, format, out));
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

/* ---- a pack ---- */

static const struct option pack_options[PACK_OPTIONS_LEN] = {
	[OPT_DATA] = OPTION_DATA,
	[OPT_SITE] = {.name = "site", .takes = "SITE", .about = "whose claims", .required = true},
	[OPT_FROM] = {.name = "from", .takes = "TIME", .about = "of loans that end later"},
	[OPT_UNTIL] = {.name = "until", .takes = "TIME", .about = "of loans that begin earlier"},
	[OPT_VIN] = {.name = "vin", .takes = "VIN", .about = "only for this car"},
};

const struct form form_audit_pack = {
	.sub = "pack",
	.words = "FILE",
	.options = pack_options,
	.options_len = PACK_OPTIONS_LEN,
	.about =
		"Writes an audit pack to FILE, which must not exist: claims, loans, decisions with "
		"their inputs and rule sets, the entries of the journal about them, sums and "
		"signatures, in one tar archive that audit verify checks anywhere.",
};

static int pack_write(struct pack *p, FILE *out)
{
	char bytes[COPY_BYTES];
	uint64_t size, n;

	while (pack_step(p))
		;
	if (p->phase != PACK_DONE)
		return cli_fail(p->nothing ? EX_NOINPUT : EX_IOERR, "no pack was made: %s", p->why);
	size = pack_size(p);
	for (uint64_t at = 0; at < size; at += n) {
		n = size - at < COPY_BYTES ? size - at : COPY_BYTES;
		if (!pack_read(p, at, bytes, (size_t)n) || fwrite(bytes, 1, (size_t)n, out) != n)
			return cli_fail(EX_IOERR, "the pack could not be written whole");
	}
	return EX_OK;
}

static int pack_run(const struct option *o, const char *path)
{
	struct claim_filter f;
	char normal[VIN_TEXT];
	struct fleet *fleet = NULL;
	struct pack *p = NULL;
	FILE *out = NULL;
	int code = cli_fleet_open(&fleet, option_value(&o[OPT_DATA]));

	if (code != EX_OK)
		return code;
	filter_read(o, &f, normal);
	code = cli_span(fleet, text_of(&o[OPT_SITE]), &o[OPT_FROM], &o[OPT_UNTIL], &f.span);
	if (code == EX_OK && !(p = pack_open(fleet, &f, false)))
		code = cli_fail(EX_CANTCREAT, "a pack needs a place for files: set TMPDIR");
	if (code == EX_OK)
		code = out_open(path, &out);
	if (code == EX_OK)
		code = out_close(path, out, pack_write(p, out));
	pack_close(p);
	fleet_close(fleet);
	return code;
}

int cli_audit_pack(int argc, char **argv)
{
	char why[WHY_BYTES];
	struct option o[PACK_OPTIONS_LEN];
	struct words words = {.min = 2, .max = 2};

	memcpy(o, pack_options, sizeof o);
	if (!options_read(argc, argv, o, PACK_OPTIONS_LEN, &words, why, sizeof why))
		return cli_usage(why);
	return pack_run(o, words.value[1]);
}
