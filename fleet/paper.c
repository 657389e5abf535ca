/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/paper.h"

#include <stdarg.h>
#include <stdio.h>

#include "rules/money.h"

enum { FIRST_BYTES = 16 << 10, PIECE_BYTES = 512 };

/* ---- style ---- */

static const char style[] =
	"@page{size:A4;margin:14mm 14mm 16mm;@bottom-right{content:counter(page)\" / "
	"\"counter(pages);font:8pt sans-serif}}*{box-sizing:border-box}html{"
	"font:9.5pt/1.35 \"Liberation Sans\",Arial,Helvetica,sans-serif;color:#000;"
	"background:#fff}body{margin:0 auto;max-width:182mm;padding:8mm 0}body.wide{"
	"max-width:none;padding:0 4mm;font-size:8.5pt}"
	".wide .small{font-size:7.5pt}@media print{body,body.wide{padding:0;"
	"max-width:none}}h1{font-size:16pt;margin:0}h2{font-size:10.5pt;margin:4mm 0 "
	"1.2mm;padding-bottom:.6mm;border-bottom:.3mm solid #000;break-after:avoid}p{"
	"margin:0 0 1.5mm}ul,ol{margin:0 0 1mm;padding-left:5mm}header{display:flex;"
	"justify-content:space-between;gap:6mm;align-items:flex-start}.number{"
	"font-size:12pt;font-weight:700}.qr{width:26mm;height:26mm;flex:none}.two{"
	"display:grid;grid-template-columns:1fr 1fr;gap:0 8mm}dl{display:grid;"
	"grid-template-columns:max-content 1fr;gap:.4mm 4mm;margin:0}dt{color:#333}dd{"
	"margin:0;font-weight:600;overflow-wrap:anywhere}table{width:100%;"
	"border-collapse:collapse;margin:0 0 1mm}th,td{border:.2mm solid #555;"
	"padding:.9mm 1.5mm;text-align:left;vertical-align:top;overflow-wrap:break-word}th{"
	"font-weight:600;background:#eee;print-color-adjust:exact}tr{break-inside:avoid}"
	".box{height:8mm}.small{font-size:8pt}.soft{color:#333}.code{"
	"font-family:\"Liberation Mono\",monospace;overflow-wrap:anywhere}.warn{"
	"border:.4mm dashed #000;padding:1.2mm 2mm;font-weight:600;break-after:avoid}"
	".text{columns:2;"
	"column-gap:8mm;font-size:8.5pt;text-align:left}.text p{break-inside:avoid}"
	".signs{display:grid;grid-template-columns:3fr 2fr;gap:6mm;break-inside:avoid}"
	".sign{border:.2mm solid #555;padding:1.5mm 2mm;min-height:34mm}.sign svg{"
	"display:block;width:100%;max-height:26mm}.ink path{fill:none;stroke:#000;"
	"stroke-width:4;stroke-linecap:round;stroke-linejoin:round}.ink text{font:italic "
	"90px \"Liberation Serif\",serif}.keep{break-inside:avoid}.nowrap{"
	"white-space:nowrap}.strong{font-weight:700}.tick{display:inline-block;"
	"width:3.2mm;height:3.2mm;border:.25mm solid #000;margin-right:1mm;"
	"vertical-align:-.4mm}";

/* ---- writing ---- */

void paper_raw(struct paper *p, struct str markup)
{
	if (p->full || markup.n > PAPER_BYTES_MAX - p->n) {
		p->full = true;
		return;
	}
	if (p->n + markup.n > p->cap) {
		size_t cap = 2 * (p->n + markup.n);
		char *more = arena_take(p->arena, cap);
		if (!more) {
			p->full = true;
			return;
		}
		memcpy(more, p->buf, p->n);
		p->buf = more;
		p->cap = cap;
	}
	if (markup.n)
		memcpy(p->buf + p->n, markup.p, markup.n);
	p->n += markup.n;
}

void paper_put(struct paper *p, const char *format, ...)
{
	char text[PIECE_BYTES];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text, sizeof text, format, args);
	va_end(args);
	ASSERT(n >= 0 && n < PIECE_BYTES);
	paper_raw(p, (struct str){text, (size_t)n});
}

void paper_text(struct paper *p, struct str text)
{
	size_t from = 0;

	for (size_t i = 0; i < text.n; i++) {
		const char *safe = text.p[i] == '&'   ? "&amp;"
				   : text.p[i] == '<' ? "&lt;"
				   : text.p[i] == '>' ? "&gt;"
				   : text.p[i] == '"' ? "&quot;"
						      : NULL;
		if (!safe)
			continue;
		paper_raw(p, (struct str){text.p + from, i - from});
		paper_raw(p, str_from(safe));
		from = i + 1;
	}
	paper_raw(p, (struct str){text.p + from, text.n - from});
}

void paper_say(struct paper *p, const char *name)
{
	paper_text(p, words_text(&p->words, name));
}

void paper_named(struct paper *p, const char *group, struct str key)
{
	struct str word = words_named(&p->words, group, key);

	paper_text(p, word.n ? word : key);
}

void paper_fill(struct paper *p, const char *name, const char *hole, struct str value)
{
	struct str text = words_text(&p->words, name);
	size_t n = strlen(hole);

	for (size_t i = 0; i + n + 2 <= text.n; i++)
		if (text.p[i] == '{' && memcmp(text.p + i + 1, hole, n) == 0 &&
			text.p[i + n + 1] == '}') {
			paper_text(p, (struct str){text.p, i});
			paper_text(p, value);
			text = (struct str){text.p + i + n + 2, text.n - i - n - 2};
			break;
		}
	paper_text(p, text);
}

void paper_lines(struct paper *p, struct str text)
{
	size_t from = 0;

	paper_raw(p, STR("<p>"));
	for (size_t i = 0; i < text.n; i++) {
		bool two = i + 1 < text.n && text.p[i + 1] == '\n';
		if (text.p[i] != '\n')
			continue;
		paper_text(p, (struct str){text.p + from, i - from});
		paper_raw(p, two ? STR("</p><p>") : STR("<br>"));
		while (i + 1 < text.n && text.p[i + 1] == '\n')
			i++;
		from = i + 1;
	}
	paper_text(p, (struct str){text.p + from, text.n - from});
	paper_raw(p, STR("</p>"));
}

/* ---- figures ---- */

struct str paper_day_text(struct paper *p, struct day d)
{
	int year, month, day;

	day_to_civil(d, &year, &month, &day);
	return arena_printf(p->arena, "%02d/%02d/%04d", day, month, year);
}

void paper_day(struct paper *p, struct day d)
{
	paper_raw(p, paper_day_text(p, d));
}

static struct local local_of(const struct paper *p, struct instant t)
{
	return p->zone ? zone_local(p->zone, t) : (struct local){t.s, 0};
}

void paper_hour(struct paper *p, struct instant t)
{
	int64_t of_day = local_of(p, t).wall_s % 86400;

	paper_put(p, "%02d:%02d", (int)(of_day / 3600), (int)(of_day / 60 % 60));
}

void paper_moment(struct paper *p, struct instant t)
{
	paper_raw(p, STR("<span class=\"nowrap\">"));
	paper_day(p, local_day(local_of(p, t)));
	paper_raw(p, STR(" "));
	paper_hour(p, t);
	paper_raw(p, STR("</span>"));
}

void paper_money(struct paper *p, int64_t minor, struct str currency)
{
	char buf[MONEY_TEXT];

	paper_text(p, money_print(minor, money_minor_digits(currency), p->words.decimal, buf));
	paper_raw(p, STR("\xc2\xa0"));
	paper_text(p, currency);
}

/* ---- pieces ---- */

void paper_row(struct paper *p, const char *name, struct str text)
{
	if (!text.n)
		return;
	paper_raw(p, STR("<dt>"));
	paper_say(p, name);
	paper_raw(p, STR("</dt><dd>"));
	paper_text(p, text);
	paper_raw(p, STR("</dd>"));
}

void paper_mark(struct paper *p, struct json mark)
{
	struct str note = json_str_at(mark, "note");

	if (!json_is(mark, JSON_OBJECT)) {
		paper_text(p, json_str(mark));
		return;
	}
	paper_named(p, "zone", json_str_at(mark, "zone"));
	paper_raw(p, STR(": "));
	paper_named(p, "damage", json_str_at(mark, "kind"));
	if (note.n) {
		paper_raw(p, STR(" ("));
		paper_text(p, note);
		paper_raw(p, STR(")"));
	}
}

/* ---- the document ---- */

bool paper_open(struct paper *p, struct arena *a, struct str language, const struct zone *zone)
{
	*p = (struct paper){.arena = a, .zone = zone, .cap = FIRST_BYTES};
	p->buf = arena_take(a, FIRST_BYTES);
	return p->buf && words_open(&p->words, a, language);
}

void paper_begin(struct paper *p, const char *title, struct str what, bool wide)
{
	paper_put(p, "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta ",
		p->words.language);
	paper_raw(p, STR("name=\"viewport\" content=\"width=device-width\"><title>"));
	paper_say(p, title);
	paper_raw(p, STR(" "));
	paper_text(p, what);
	paper_raw(p, STR("</title><style>"));
	paper_raw(p, str_from(style));
	/* On a telephone parts stand below one another, and a table is drawn sideways by itself. */
	paper_raw(p, STR("main{padding:0 .3mm}@media screen{main{overflow-x:auto}}"
			 "@media screen and (max-width:44rem){body{padding:4mm}"
			 ".two,.signs{grid-template-columns:1fr}.text{columns:1}}"));
	if (wide)
		paper_raw(p, STR("@page{size:A4 landscape}"));
	paper_put(
		p, "</style></head><body%s><main tabindex=\"0\">\n", wide ? " class=\"wide\"" : "");
}

struct str paper_end(struct paper *p)
{
	paper_raw(p, STR("</main></body></html>\n"));
	return p->full || p->arena->full ? STR_NULL : (struct str){p->buf, p->n};
}
