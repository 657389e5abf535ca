/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/agreement.h"

#include "fleet/merge.h"
#include "fleet/paper.h"
#include "fleet/qr.h"
#include "fleet/render_parts.h"
#include "fleet/roster.h"

#define TEXT_KEY "loan_agreement"
#define INK_MARK STR("<!--ink-->")
enum { VERSION_DIGITS = 12, BLANK_ROWS = 2 };

struct writing {
	struct paper paper;
	struct view *v;
	const struct booking *b;
	struct json said, out, private, person, site, car;
};

struct str agreement_language(struct view *v, const struct booking *b, struct str asked)
{
	const struct roster *roster = roster_of(v, b->for_site.n ? b->for_site : b->site);
	struct row row;

	if (words_known(asked))
		return asked;
	if (b->customer.n && customer_get(v, b->customer, &row) &&
		words_known(json_str_at(row.doc, "language")))
		return json_str_at(row.doc, "language");
	return roster && words_known(roster->locale) ? roster->locale : STR("en");
}

/* What was said now, else what was written down. */
static struct json fact(const struct writing *w, const char *key)
{
	struct json said = json_get(w->said, key);

	return json_is_null(said) ? json_get(w->out, key) : said;
}

/* ---- who and what ---- */

static void section(struct writing *w, const char *title)
{
	paper_raw(&w->paper, STR("<h2>"));
	paper_say(&w->paper, title);
	paper_raw(&w->paper, STR("</h2>\n"));
}

static void put_head(struct writing *w)
{
	struct paper *p = &w->paper;

	paper_begin(p, "paper.agreement", w->b->number, false);
	paper_raw(p, STR("<header><div><h1>"));
	paper_say(p, "paper.agreement");
	paper_raw(p, STR("</h1><p class=\"number\">"));
	paper_say(p, "paper.number");
	paper_raw(p, STR(" <span class=\"code\">"));
	paper_text(p, w->b->number);
	paper_raw(p, STR("</span></p></div>"));
	paper_raw(p, qr_svg(p->arena, w->b->number));
	paper_raw(p, STR("</header>\n"));
}

static void put_day_row(struct writing *w, const char *name, struct json from, const char *key)
{
	struct day day;

	if (day_parse(&day, json_str_at(from, key)))
		paper_row(&w->paper, name, paper_day_text(&w->paper, day));
}

/* "B (12/04/1999), BE (...)". */
static struct str categories_text(struct paper *p, struct json licence)
{
	struct json list = json_get(licence, "categories");
	struct str text = STR("");
	struct day since;

	for (struct json c = json_first(list); json_present(c); c = json_next(list, c)) {
		struct str code = json_str_at(c, "code");
		if (!day_parse(&since, json_str_at(c, "since")))
			continue;
		text = arena_printf(p->arena, "%.*s%s%.*s (%.*s)", STR_FMT(text),
			text.n ? ", " : "", STR_FMT(code), STR_FMT(paper_day_text(p, since)));
	}
	return text;
}

static struct str licence_text(struct paper *p, struct json licence)
{
	struct str number = json_str_at(licence, "number"),
		   country = json_str_at(licence, "country");

	return number.n && country.n
		       ? arena_printf(p->arena, "%.*s (%.*s)", STR_FMT(number), STR_FMT(country))
		       : number;
}

static void put_parties(struct writing *w)
{
	struct paper *p = &w->paper;
	struct json licence = json_get(w->person, "licence");

	paper_raw(p, STR("<div class=\"two\"><section>"));
	section(w, "paper.lender");
	paper_raw(p, STR("<dl>"));
	paper_row(p, "paper.name", json_str_at(w->site, "name"));
	paper_row(p, "paper.address", json_str_at(w->site, "address"));
	paper_row(p, "paper.phone", json_str_at(w->site, "phone"));
	paper_raw(p, STR("</dl></section><section>"));
	section(w, "paper.borrower");
	paper_raw(p, STR("<dl>"));
	paper_row(p, "paper.name", customer_name(w->v, w->b->customer));
	paper_row(p, "paper.address", json_str_at(w->person, "address"));
	paper_row(p, "paper.phone", json_str_at(w->person, "phone"));
	paper_row(p, "paper.email", json_str_at(w->person, "email"));
	put_day_row(w, "paper.born", w->person, "birth_on");
	paper_row(p, "paper.licence", licence_text(p, licence));
	paper_row(p, "paper.licence_since", categories_text(p, licence));
	put_day_row(w, "paper.licence_until", licence, "expires_on");
	paper_raw(p, STR("</dl></section></div>\n"));
}

static void put_word_row(struct writing *w, const char *name, const char *group, struct str key)
{
	struct str word = words_named(&w->paper.words, group, key);

	paper_row(&w->paper, name, word.n ? word : key);
}

static void put_cars(struct writing *w)
{
	struct paper *p = &w->paper;
	struct row own;

	paper_raw(p, STR("<div class=\"two\"><section>"));
	section(w, "paper.car");
	paper_raw(p, STR("<dl>"));
	paper_row(p, "paper.model", json_str_at(w->car, "label"));
	paper_row(p, "paper.plate", json_str_at(w->car, "plate"));
	paper_row(p, "paper.vin", json_str_at(w->car, "vin"));
	put_word_row(w, "paper.energy", "energy", json_str_at(w->car, "energy"));
	paper_raw(p, STR("</dl></section><section>"));
	section(w, "paper.own_car");
	paper_raw(p, STR("<dl>"));
	if (w->b->vin.n && row_get(w->v, ROW_VEHICLE, w->b->vin, &own)) {
		paper_row(p, "paper.model", json_str_at(own.doc, "model"));
		paper_row(p, "paper.plate", json_str_at(own.doc, "plate"));
	}
	paper_row(p, "paper.vin", w->b->vin);
	paper_row(p, "paper.repair_order", w->b->repair_order);
	paper_raw(p, STR("</dl></section></div>\n"));
}

/* ---- how long, at what price ---- */

static void put_moment_row(struct paper *p, const char *name, struct instant t)
{
	paper_raw(p, STR("<dt>"));
	paper_say(p, name);
	paper_raw(p, STR("</dt><dd>"));
	paper_moment(p, t);
	paper_raw(p, STR("</dd>"));
}

static struct str where_of(const struct writing *w, const char *end)
{
	struct str where = json_str_at(json_get(w->b->doc, end), "where");

	return where.n ? where : STR("desk");
}

static void put_loan(struct writing *w)
{
	struct paper *p = &w->paper;
	struct str out = json_str_at(w->said, "where");

	section(w, "paper.loan");
	paper_raw(p, STR("<div class=\"two\"><dl>"));
	put_moment_row(p, "paper.from", w->b->from);
	put_moment_row(p, "paper.until", w->b->until);
	paper_raw(p, STR("</dl><dl>"));
	put_word_row(w, "paper.handed_over", "place", out.n ? out : where_of(w, "handover"));
	put_word_row(w, "paper.returned", "place", where_of(w, "return"));
	paper_raw(p, STR("</dl></div>\n"));
}

static void put_price(struct writing *w)
{
	struct json terms = json_get(w->b->doc, "terms"),
		    conditions = json_get(terms, "conditions");
	struct str currency = json_str_at(terms, "currency");
	int64_t pays = json_int_at(terms, "customer_minor", 0);
	struct paper *p = &w->paper;

	paper_raw(p, STR("<section class=\"keep\">"));
	section(w, "paper.price");
	paper_raw(p, STR("<p class=\"strong\">"));
	if (pays)
		paper_money(p, pays, currency);
	else
		paper_say(p, "paper.free");
	paper_raw(p, STR("</p><ul>"));
	/* Only what is said to customers: what a rule set notes for staff has no words here. */
	for (struct json c = json_first(conditions); json_present(c);
		c = json_next(conditions, c)) {
		struct str term = words_named(&p->words, "term", json_str(c));
		if (!term.n)
			continue;
		paper_raw(p, STR("<li>"));
		paper_text(p, term);
		paper_raw(p, STR("</li>"));
	}
	paper_raw(p, STR("</ul></section>\n"));
}

/* ---- drivers ---- */

static void put_heads(struct paper *p, const char *const *names, size_t n)
{
	paper_raw(p, STR("<table><thead><tr>"));
	for (size_t i = 0; i < n; i++) {
		paper_raw(p, STR("<th>"));
		if (names[i])
			paper_say(p, names[i]);
		paper_raw(p, STR("</th>"));
	}
	paper_raw(p, STR("</tr></thead><tbody>"));
}

static void put_cell(struct paper *p, struct str text)
{
	paper_raw(p, STR("<td>"));
	paper_text(p, text);
	paper_raw(p, STR("</td>"));
}

static void put_driver(struct writing *w, struct str name, struct json person)
{
	struct json licence = json_get(person, "licence");
	struct paper *p = &w->paper;
	struct day born;

	paper_raw(p, STR("<tr>"));
	put_cell(p, name);
	put_cell(p, day_parse(&born, json_str_at(person, "birth_on")) ? paper_day_text(p, born)
								      : STR(""));
	put_cell(p, licence_text(p, licence));
	put_cell(p, categories_text(p, licence));
	paper_raw(p, STR("</tr>"));
}

static void put_drivers(struct writing *w)
{
	static const char *const heads[] = {
		"paper.name", "paper.born", "paper.licence", "paper.licence_since"};
	struct json said = json_get(w->said, "drivers"), drivers;
	struct paper *p = &w->paper;

	drivers = json_is_null(said) ? json_get(w->private, "drivers") : said;
	paper_raw(p, STR("<section class=\"keep\">"));
	section(w, "paper.drivers");
	put_heads(p, heads, ARRAY_LEN(heads));
	put_driver(w, customer_name(w->v, w->b->customer), w->person);
	for (struct json d = json_first(drivers); json_present(d); d = json_next(drivers, d))
		put_driver(w, json_str_at(d, "name"), d);
	paper_raw(p, STR("</tbody></table><p class=\"small\">"));
	paper_say(p, "paper.no_other");
	paper_raw(p, STR("</p></section>\n"));
}

/* ---- the state of the car ---- */

static void put_figure(struct writing *w, const char *key, const char *unit)
{
	struct json figure = fact(w, key);
	struct paper *p = &w->paper;

	paper_raw(p, STR("<td class=\"box\">"));
	if (json_is(figure, JSON_INT))
		paper_put(p, "%lld%s", (long long)json_int(figure, 0), unit);
	paper_raw(p, STR("</td>"));
}

static void put_state(struct writing *w)
{
	static const char *const heads[] = {
		NULL, "paper.time", "paper.odometer", "paper.fuel", "paper.charge", "paper.keys"};
	struct paper *p = &w->paper;
	struct instant at;

	paper_raw(p, STR("<section class=\"keep\">"));
	section(w, "paper.state");
	put_heads(p, heads, ARRAY_LEN(heads));
	paper_raw(p, STR("<tr><th>"));
	paper_say(p, "paper.at_departure");
	paper_raw(p, STR("</th><td class=\"box\">"));
	if (doc_instant(w->out, "at", &at))
		paper_moment(p, at);
	paper_raw(p, STR("</td>"));
	put_figure(w, "odometer_km", "");
	put_figure(w, "fuel_percent", "\xc2\xa0%");
	put_figure(w, "charge_percent", "\xc2\xa0%");
	put_figure(w, "keys", "");
	paper_raw(p, STR("</tr><tr><th>"));
	paper_say(p, "paper.at_return");
	paper_raw(p, STR("</th>"));
	for (size_t i = 1; i < ARRAY_LEN(heads); i++)
		paper_raw(p, STR("<td class=\"box\"></td>"));
	paper_raw(p, STR("</tr></tbody></table></section>\n"));
}

static void put_damage(struct writing *w)
{
	struct json said = json_get(w->said, "damages"), damages;
	struct paper *p = &w->paper;

	damages = json_is_null(said) ? json_get(w->private, "out_damages") : said;
	if (json_is_null(damages) && json_is_null(w->out))
		damages = json_get(json_get(w->car, "now"), "damages");
	paper_raw(p, STR("<section class=\"keep\">"));
	section(w, "paper.damage");
	if (json_count(damages) == 0) {
		paper_raw(p, STR("<p>"));
		paper_say(p, "paper.damage_none");
		paper_raw(p, STR("</p>"));
	} else {
		paper_raw(p, STR("<ol class=\"two\">"));
		for (struct json d = json_first(damages); json_present(d);
			d = json_next(damages, d)) {
			paper_raw(p, STR("<li>"));
			paper_mark(p, d);
			paper_raw(p, STR("</li>"));
		}
		paper_raw(p, STR("</ol>"));
	}
	paper_raw(p, STR("</section>\n"));
}

/* ---- the dealer's own text ---- */

static void put_conditions(struct writing *w)
{
	struct str own = words_house(w->site, TEXT_KEY, str_from(w->paper.words.language));
	struct str text = own.n ? own : words_text(&w->paper.words, "paper.default");
	struct hash version = hash_of(text);
	struct paper *p = &w->paper;
	char hex[HASH_TEXT];

	section(w, "paper.conditions");
	if (!own.n) {
		paper_raw(p, STR("<p class=\"warn\">"));
		paper_say(p, "paper.sample");
		paper_raw(p, STR("</p>"));
	}
	paper_raw(p, STR("<div class=\"text\">"));
	paper_lines(p, text);
	paper_raw(p, STR("</div><p class=\"small soft\">"));
	(void)hash_print(&version, hex);
	paper_fill(p, "paper.text_version", "version", (struct str){hex, VERSION_DIGITS});
	paper_raw(p, STR("</p>\n"));
}

static void put_signatures(struct writing *w)
{
	struct paper *p = &w->paper;

	paper_raw(p, STR("<section class=\"keep\">"));
	section(w, "paper.signatures");
	paper_raw(p, STR("<p>"));
	paper_say(p, "paper.read");
	paper_raw(p, STR("</p><div class=\"signs\"><div class=\"sign\"><p class=\"small\">"));
	paper_say(p, "paper.sign_customer");
	paper_raw(p, STR(": <b>"));
	paper_text(p, customer_name(w->v, w->b->customer));
	paper_raw(p, STR("</b></p>"));
	paper_raw(p, INK_MARK);
	paper_raw(p, STR("</div><div class=\"sign\"><p class=\"small\">"));
	paper_say(p, "paper.sign_dealer");
	paper_raw(p, STR("</p><p class=\"small\">"));
	paper_say(p, "paper.place_date");
	paper_raw(p, STR("</p></div></div></section>\n"));
}

struct str agreement_page(
	struct view *v, const struct booking *b, struct json said, struct str language)
{
	const struct roster *roster = roster_of(v, b->for_site.n ? b->for_site : b->site);
	struct writing w = {.v = v,
		.b = b,
		.said = said,
		.out = json_get(b->doc, "out"),
		.private = private_of(v, b->doc),
		.person = customer_person(v, b->customer),
		.site = roster ? roster->doc : JSON_ABSENT};
	struct str car = json_str_at(said, "resource");
	struct row row;

	if (!paper_open(&w.paper, v->arena, language, roster ? roster->zone : NULL))
		return STR_NULL;
	car = car.n ? car : b->resource;
	if (car.n && row_get(v, ROW_RESOURCE, car, &row))
		w.car = row.doc;
	put_head(&w);
	put_parties(&w);
	put_cars(&w);
	put_loan(&w);
	put_price(&w);
	put_drivers(&w);
	put_state(&w);
	put_damage(&w);
	put_conditions(&w);
	put_signatures(&w);
	return paper_end(&w.paper);
}

/* ---- the signed copy ---- */

struct str agreement_signed_copy(struct view *v, struct json booking, struct str page,
	struct str signature, const struct zone *zone)
{
	struct json agreement = json_get(booking, "agreement");
	struct str mark = INK_MARK;
	struct paper p;
	struct instant at;
	size_t i = 0;

	if (!paper_open(&p, v->arena, json_str_at(agreement, "language"), zone))
		return STR_NULL;
	while (i + mark.n < page.n && memcmp(page.p + i, mark.p, mark.n) != 0)
		i++;
	ASSERT(doc_instant(agreement, "at", &at));
	if (i + mark.n >= page.n)
		return page; /* no page of ours: nothing is set into it */
	paper_raw(&p, (struct str){page.p, i});
	paper_raw(&p, signature);
	paper_raw(&p, STR("<p class=\"small\">"));
	struct str day = paper_day_text(&p, local_day(zone_local(zone, at)));
	int64_t of_day = zone_local(zone, at).wall_s % 86400;
	struct str when =
		arena_printf(v->arena, "%.*s %02d:%02d, %.*s", STR_FMT(day), (int)(of_day / 3600),
			(int)(of_day / 60 % 60), STR_FMT(json_str_at(agreement, "by")));
	paper_fill(&p, "paper.signed", "at", when);
	paper_raw(&p, STR("<br><span class=\"code\">"));
	paper_fill(&p, "paper.kept", "sha256", json_str_at(agreement, "sha256"));
	paper_raw(&p, STR("</span></p>"));
	paper_raw(&p, (struct str){page.p + i + mark.n, page.n - i - mark.n});
	return p.full || v->arena->full ? STR_NULL : (struct str){p.buf, p.n};
}
