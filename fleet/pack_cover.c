/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "fleet/checkpoint.h"
#include "fleet/pack.h"
#include "fleet/paper.h"
#include "fleet/roster.h"

/* The first page of an audit pack: what it holds, what was found, how to check it. It names nobody.
 */

enum { DAY_S = 86400 }; /* whoever asks for no end may ask for the last day that there is */

static void put_count(struct paper *p, const char *name, uint64_t n)
{
	paper_row(p, name, arena_printf(p->arena, "%" PRIu64, n));
}

static void put_asked(struct paper *p, const struct pack *pack)
{
	const struct claim_filter *f = &pack->filter;

	paper_raw(p, STR("<dl>"));
	paper_row(p, "paper.pack_site", f->site);
	paper_row(p, "paper.vin", f->vin);
	if (f->span.from.s > SPAN_ALWAYS.from.s) {
		paper_raw(p, STR("<dt>"));
		paper_say(p, "paper.from");
		paper_raw(p, STR("</dt><dd>"));
		paper_moment(p, f->span.from);
		paper_raw(p, STR("</dd>"));
	}
	if (f->span.until.s < SPAN_ALWAYS.until.s - DAY_S) {
		paper_raw(p, STR("<dt>"));
		paper_say(p, "paper.pack_until");
		paper_raw(p, STR("</dt><dd>"));
		paper_moment(p, f->span.until);
		paper_raw(p, STR("</dd>"));
	}
	put_count(p, "paper.pack_loans", pack->loans);
	put_count(p, "paper.pack_lines", pack->lines);
	put_count(p, "paper.pack_decisions", pack->decisions);
	paper_row(p, "paper.pack_entries",
		arena_printf(p->arena, "%" PRIu64 "–%" PRIu64, pack->first, pack->last));
	paper_raw(p, STR("</dl>\n"));
}

static void put_title(struct paper *p, const char *name)
{
	paper_raw(p, STR("<h2>"));
	paper_say(p, name);
	paper_raw(p, STR("</h2>\n"));
}

static void put_heads(struct paper *p, const char *const *names, size_t len)
{
	paper_raw(p, STR("<table><thead><tr>"));
	for (size_t i = 0; i < len; i++) {
		paper_raw(p, STR("<th>"));
		paper_say(p, names[i]);
		paper_raw(p, STR("</th>"));
	}
	paper_raw(p, STR("</tr></thead><tbody>\n"));
}

static void put_cell(struct paper *p, struct str text)
{
	paper_raw(p, STR("<td>"));
	paper_text(p, text);
	paper_raw(p, STR("</td>"));
}

static void put_sums(struct paper *p, const struct pack *pack)
{
	static const char *const heads[] = {"paper.pack_payer", "paper.pack_code",
		"paper.pack_lines", "paper.pack_days", "paper.pack_amount"};

	put_title(p, "paper.pack_lines");
	put_heads(p, heads, ARRAY_LEN(heads));
	for (uint32_t i = 0; i < pack->sums; i++) {
		const struct pack_sum *s = &pack->sum[i];
		paper_raw(p, STR("<tr>"));
		put_cell(p, s->payer);
		put_cell(p, s->cost_code);
		paper_put(p, "<td>%" PRIu64 "</td><td>%" PRIu64 "</td><td>", s->lines, s->days);
		paper_money(p, s->amount_minor, s->currency);
		paper_raw(p, STR("</td></tr>\n"));
	}
	paper_raw(p, STR("</tbody></table>\n"));
}

static void put_findings(struct paper *p, const struct pack *pack)
{
	static const char *const heads[] = {"paper.pack_finding", "paper.pack_lines"};
	uint64_t all = 0;

	put_title(p, "paper.pack_findings");
	for (int f = 0; f < FINDINGS_LEN; f++)
		all += pack->found[f];
	if (!all) {
		paper_raw(p, STR("<p>"));
		paper_say(p, "paper.pack_none");
		paper_raw(p, STR("</p>\n"));
		return;
	}
	put_heads(p, heads, ARRAY_LEN(heads));
	for (int f = 0; f < FINDINGS_LEN; f++)
		if (pack->found[f])
			paper_put(p, "<tr><td>%s</td><td>%" PRIu64 "</td></tr>\n",
				finding_code((enum finding)f), pack->found[f]);
	paper_raw(p, STR("</tbody></table>\n"));
}

static void put_files(struct paper *p)
{
	put_title(p, "paper.pack_file");
	paper_raw(p, STR("<ul>\n"));
	for (int i = PACK_README + 1; i < PACK_FILES_LEN; i++)
		paper_put(p, "<li><a href=\"%s\">%s</a></li>\n", pack_file_names[i],
			pack_file_names[i]);
	paper_raw(p, STR("</ul>\n"));
}

static void put_proof(struct paper *p, const struct pack *pack)
{
	const struct note_key *key = checkpoints_key(fleet_checkpoints(pack->fleet));
	struct signed_note note = {.size = pack->last, .hash = pack->head};

	memcpy(note.journal, pack->filter.site.p, pack->filter.site.n);
	put_title(p, "paper.pack_checkpoint");
	paper_raw(p, STR("<pre>"));
	paper_text(p, note_write(key, p->arena, &note));
	paper_raw(p, STR("</pre>\n"));
	put_title(p, "paper.pack_key");
	paper_raw(p, STR("<pre>"));
	paper_text(p, note_key_print(key, p->arena));
	paper_raw(p, STR("</pre>\n<p>"));
	paper_say(p, "paper.pack_fingerprint");
	paper_raw(p, STR(" <code>"));
	paper_text(p, note_key_fingerprint(key, p->arena));
	paper_raw(p, STR("</code></p>\n"));
}

struct str pack_cover(struct pack *pack, struct view *v)
{
	const struct roster *roster = roster_of(v, pack->filter.site);
	struct paper p;

	if (!roster || !paper_open(&p, v->arena, roster->locale, roster->zone))
		return STR_NULL;
	paper_begin(&p, "paper.pack", pack->filter.site, false);
	paper_raw(&p, STR("<h1>"));
	paper_say(&p, "paper.pack");
	paper_raw(&p, STR(" "));
	paper_text(&p, pack->filter.site);
	paper_raw(&p, STR("</h1>\n<p>"));
	paper_say(&p, "paper.pack_lead");
	paper_raw(&p, STR("</p>\n"));
	put_asked(&p, pack);
	put_sums(&p, pack);
	put_findings(&p, pack);
	paper_raw(&p, STR("<p>"));
	paper_say(&p, "paper.pack_check");
	paper_raw(&p, STR("</p>\n"));
	put_files(&p);
	put_proof(&p, pack);
	return paper_end(&p);
}
