/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The customer's own page: the address that he was sent (fleet/message.h) shows when he is expected
 * and takes his word that he comes. No sign-in: the address is the secret. It names nobody, ends at
 * the hour that it is about, and what is guessed is counted like passwords are (guess.h).
 */

#define _GNU_SOURCE /* memmem */

#include <stdio.h>
#include <stdlib.h>

#include "fleet/booking.h"
#include "fleet/merge.h"
#include "fleet/message.h"
#include "fleet/words.h"
#include "server/respond.h"
#include "server/text.h"
#include "server/writer.h"

enum { PAGE_BYTES_MAX = 16 << 10, VISITS_A_MINUTE_MAX = 30, NAME_TEXT = 48 };

static const char style[] =
	"body{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:2rem auto;padding:0 1rem;"
	"color:#1c2430;background:#fff}button{font:inherit;font-weight:600;min-height:3rem;"
	"padding:0 1.5rem;border:0;border-radius:.5rem;color:#fff;background:#0b5cad}"
	"button:focus-visible{outline:3px solid #f0a500;outline-offset:2px}"
	".when{font-size:1.4rem;font-weight:650}.soft{color:#4a5563}"
	"@media(prefers-color-scheme:dark){body{color:#e8ecf1;background:#12161c}"
	".soft{color:#a9b4c0}}";

/* What the address leads to. */
struct visitor {
	struct booking booking;
	struct row row;
	struct json site;
	struct words words;
	struct str when; /* "16/03/2026 08:30" */
	bool open;	 /* he may say something: it is promised, and still to come */
	bool confirmed;
};

/* ---- who it is ---- */

static bool within_rate(struct call *call, struct str token, bool good)
{
	struct api *api = call->api;
	uint64_t now_ms = uv_hrtime() / 1000000;
	struct rate_left left = {.refused = false};
	uint32_t early_s = guess_begin(&api->guesses, token, exchange_address(call->x), now_ms);

	if (early_s == 0 && good) {
		guess_forgive(&api->guesses, token, exchange_address(call->x));
		left = rate_count(&api->rates, token, VISITS_A_MINUTE_MAX, now_ms);
	}
	if (early_s == 0 && !left.refused)
		return true;
	respond_problem(call, &(struct problem){.outcome = REFUSED_TOO_MANY,
				      .retry_s = early_s ? early_s : left.seconds});
	return false;
}

static struct str language_of(struct view *v, const struct visitor *who)
{
	struct row row;
	struct str language = STR_NULL;

	if (customer_get(v, who->booking.customer, &row))
		language = json_str_at(row.doc, "language");
	return words_known(language) ? language : json_str_at(who->site, "locale");
}

static bool visitor_find(struct call *call, struct str id, struct visitor *out)
{
	struct view *v = call_look(call);
	struct env *env = fleet_env(call->api->fleet);
	struct instant confirmed;
	struct row site;
	uint64_t rev;

	if (!booking_get(v, id, &out->booking, &rev))
		return false;
	struct str for_site = json_str_at(out->booking.doc, "for_site");
	if (!row_get(v, ROW_SITE, for_site.n ? for_site : out->booking.site, &site))
		return false;
	out->site = site.doc;
	if (!words_open(&out->words, call->arena, language_of(v, out)))
		return false;
	out->when = arena_printf(call->arena, "%.*s %.*s",
		STR_FMT(message_day(v, site.doc, out->booking.from)),
		STR_FMT(message_hour(v, site.doc, out->booking.from)));
	out->open = out->booking.status == BOOKING_BOOKED && out->booking.from.s > env->now(env).s;
	out->confirmed =
		doc_instant(json_get(out->booking.doc, "customer_confirmed"), "from", &confirmed) &&
		confirmed.s == out->booking.from.s;
	return out->when.n > 0;
}

static void head_put(struct text *t, const char *language, struct str title)
{
	text_add(t,
		"<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta "
		"name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" "
		"content=\"noindex\"><title>",
		language);
	text_html(t, title);
	text_add(t, "</title><style>%s</style></head><body>\n", style);
}

static void page_end(struct call *call, int status, struct text *t)
{
	text_add(t, "\n</body></html>\n");
	respond_header(call, "content-security-policy",
		STR("default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
		    "frame-ancestors 'none'; base-uri 'none'"));
	respond_header(call, "cache-control", STR("no-store"));
	respond_header(call, "referrer-policy", STR("no-referrer"));
	respond_text(call, status, STR("text/html; charset=utf-8"), text_done(t));
}

/* Whose it was is not known, so it is said in each language. */
static void page_gone(struct call *call)
{
	static const char *const languages[] = {"en", "fr", "it"};
	struct words words;
	struct text t;

	text_init(&t, call->arena, PAGE_BYTES_MAX);
	head_put(&t, "en", STR("relais"));
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		if (!words_open(&words, call->arena, str_from(languages[i])))
			continue;
		text_add(&t, "<p lang=\"%s\">", languages[i]);
		text_html(&t, words_text(&words, "confirm.gone"));
		text_add(&t, "</p>");
	}
	page_end(call, 404, &t);
}

/* Answered when false. */
static bool visitor_enter(struct call *call, struct visitor *out)
{
	struct env *env = fleet_env(call->api->fleet);
	const uint8_t *secret = people_secret(fleet_people(call->api->fleet));
	struct instant until = {0};
	struct str booking;
	bool good = confirm_token_open(secret, call->param[0], &booking, &until);

	if (!within_rate(call, call->param[0], good))
		return false;
	if (good && env->now(env).s < until.s && visitor_find(call, booking, out))
		return true;
	page_gone(call);
	return false;
}

/* ---- the page ---- */

static void put_filled(struct text *t, const struct visitor *who, const char *name,
	const char *hole, struct str value)
{
	struct str words = words_text(&who->words, name);
	const char *at = memmem(words.p, words.n, hole, strlen(hole));
	size_t before = at ? (size_t)(at - words.p) : words.n;

	text_html(t, (struct str){words.p, before});
	if (!at)
		return;
	text_html(t, value);
	text_html(t, (struct str){at + strlen(hole), words.n - before - strlen(hole)});
}

static const char *lead_of(const struct visitor *who)
{
	return who->confirmed ? "confirm.done" : who->open ? "confirm.lead" : "confirm.gone";
}

static void put_body(struct text *t, const struct call *call, const struct visitor *who, bool moved)
{
	struct str phone = json_str_at(who->site, "phone");

	text_add(t, "<p class=\"soft\">");
	text_html(t, json_str_at(who->site, "name"));
	text_add(t, "</p><h1>");
	text_html(t, words_text(&who->words, "confirm.title"));
	text_add(t, "</h1>");
	if (moved) {
		text_add(t, "<p role=\"alert\">");
		text_html(t, words_text(&who->words, "confirm.moved"));
		text_add(t, "</p>");
	}
	text_add(t, "<p class=\"when\" role=\"status\">");
	put_filled(t, who, lead_of(who), "{when}", who->when);
	text_add(t, "</p><p>");
	text_html(t, words_text(&who->words, "confirm.number"));
	text_add(t, " %.*s</p>", STR_FMT(who->booking.number));
	if (who->open && !who->confirmed) {
		text_add(t, "<form method=\"post\" action=\"/c/%.*s?from=%lld\"><button>",
			STR_FMT(call->param[0]), (long long)who->booking.from.s);
		text_html(t, words_text(&who->words, "confirm.yes"));
		text_add(t, "</button></form>");
	}
	if (phone.n) {
		text_add(t, "<p class=\"soft\">");
		put_filled(t, who, "confirm.call", "{phone}", phone);
		text_add(t, "</p>");
	}
}

static void page_answer(struct call *call, const struct visitor *who, bool moved)
{
	struct text t;

	text_init(&t, call->arena, PAGE_BYTES_MAX);
	head_put(&t, who->words.language, words_text(&who->words, "confirm.title"));
	put_body(&t, call, who, moved);
	page_end(call, 200, &t);
}

void page_confirm(struct call *call)
{
	struct visitor *who = arena_alloc(call->arena, sizeof *who);

	ASSERT(who);
	if (visitor_enter(call, who))
		page_answer(call, who, false);
}

/* ---- his word ---- */

static void confirm_done(struct command *c)
{
	struct call *call = c->context;
	struct exchange *x = call->x;
	bool done = c->outcome == OK;
	enum outcome o = c->outcome;
	struct str id = arena_copy(call->arena, c->target);
	struct visitor *who = arena_alloc(call->arena, sizeof *who);

	command_free(c);
	if (!exchange_is_gone(x)) {
		if (outcome_is_fault(o) || !who || !visitor_find(call, id, who))
			respond_refused(
				call, outcome_is_fault(o) ? o : REFUSED_NOT_FOUND, STR_NULL);
		else
			page_answer(call, who, !done && who->open);
	}
	exchange_release(x);
}

static struct str body_of(struct arena *a, struct instant from)
{
	struct json_writer w;

	arena_writer(a, &w, NAME_TEXT * 2);
	json_object_begin(&w);
	json_kv_instant(&w, "from", from);
	json_object_end(&w);
	return arena_written(a, &w);
}

/* The time that he saw; another one is not what he agrees to. */
static struct instant seen_at(struct call *call)
{
	char digits[NAME_TEXT];

	snprintf(digits, sizeof digits, "%.*s", STR_FMT(query_text(&call->query, "from")));
	long long from_s = strtoll(digits, NULL, 10);
	return (struct instant){from_s > 0 && from_s < INT64_C(253402300800) ? from_s : 0};
}

void page_confirmed(struct call *call)
{
	struct visitor *who = arena_alloc(call->arena, sizeof *who);

	ASSERT(who);
	if (!visitor_enter(call, who))
		return;
	struct command *c = command_new(VERB_BOOKING_CONFIRMED);
	if (!c) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	c->journal = arena_copy(&c->arena, who->booking.site);
	c->target = arena_copy(&c->arena, who->booking.id);
	c->body = body_of(&c->arena, seen_at(call));
	c->by = STR("customer");
	c->context = call;
	c->done = confirm_done;
	call_look_end(call);
	exchange_hold(call->x);
	if (!c->arena.full && writer_submit(call->api->writer, c))
		return;
	command_free(c);
	respond_refused(call, FAULT_BUSY, STR_NULL);
	exchange_release(call->x);
}
