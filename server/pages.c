/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The pages for people who look at the API with a browser: plain HTML without scripts, made from
 * the table of routes, and /openapi.json from the same. */

#include "server/pages.h"
#include "server/openapi.h"
#include "server/version.h"

enum { DOCS_BYTES_MAX = 256 << 10, ROLES_TEXT_MAX = 128 };

#define TEXT_HTML STR("text/html; charset=utf-8")

static const char page_head[] =
	"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	"<meta name=\"viewport\" content=\"width=device-width\"><title>relais</title><style>"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
	"code{font-size:.95em}h2{font-size:1.05rem;margin:1.6rem 0 .2rem}p{margin:.2rem 0}"
	"dl{margin:.2rem 0 .2rem 1.2rem}dt{font-family:monospace;float:left;clear:left;"
	"margin-right:.8rem}dd{margin:0}.r{color:#555}th{text-align:left;vertical-align:top;"
	"padding:.2rem 1.5rem .2rem 0}.look{font-weight:bold}</style></head><body>\n";
static const char page_tail[] = "</body></html>\n";

void page_begin(struct text *t)
{
	text_add(t, "%s", page_head);
}

void page_send(struct call *call, struct text *t)
{
	text_add(t, "%s", page_tail);
	respond_header(call, "content-security-policy",
		STR("default-src 'none'; style-src 'unsafe-inline'"));
	respond_text(call, 200, TEXT_HTML, text_done(t));
}

static const char *roles_text(char buf[ROLES_TEXT_MAX], uint32_t roles)
{
	size_t n = 0;
	buf[0] = '\0';
	for (int r = 0; r < ROLE_COUNT; r++) {
		if (!(roles & ROLE_BIT(r)))
			continue;
		const char *name = role_name((enum role)r);
		size_t len = strlen(name);
		ASSERT(n + len + 2 < ROLES_TEXT_MAX);
		if (n)
			buf[n++] = ' ';
		memcpy(buf + n, name, len + 1);
		n += len;
	}
	return buf;
}

static void docs_fields(struct text *t, const struct route *r)
{
	if (r->query)
		text_add(t, "<p>Query:</p><dl>");
	for (const struct query_field *f = r->query; f && f->name; f++)
		text_add(t, "<dt>%s</dt><dd>%s%s</dd>", f->name, f->about,
			f->required ? " (required)" : "");
	if (r->query)
		text_add(t, "</dl>\n");
	if (r->body && r->body->fields_len)
		text_add(t, "<p>Body:</p><dl>");
	for (uint32_t i = 0; r->body && i < r->body->fields_len; i++) {
		const struct field *f = &r->body->fields[i];
		text_add(t, "<dt>%s</dt><dd>", f->name);
		text_html(t, str_from(f->about));
		text_add(t, "%s&nbsp;</dd>", f->required ? " (required)" : "");
	}
	if (r->body && r->body->fields_len)
		text_add(t, "</dl>\n");
}

static void docs_route(struct text *t, const struct route *r)
{
	char roles[ROLES_TEXT_MAX];
	text_add(t, "<h2><code>%s %s</code></h2>\n<p>", r->method, r->pattern);
	text_html(t, str_from(r->about));
	text_add(t, ".</p>\n");
	docs_fields(t, r);
	if (r->key)
		text_add(t, "<p>Needs <code>Idempotency-Key</code>.</p>\n");
	if (r->if_match)
		text_add(t, "<p>Needs <code>If-Match</code> where it exists.</p>\n");
	text_add(t, "<p class=\"r\">%s</p>\n",
		r->roles ? roles_text(roles, r->roles) : "without sign-in");
}

void page_docs(struct call *call)
{
	struct text t;
	text_init(&t, call->arena, DOCS_BYTES_MAX);
	page_begin(&t);
	text_add(&t, "<h1>relais: the API</h1>\n<p>JSON in UTF-8. Sign in with "
		     "<code>Authorization: Bearer "
		     "TOKEN</code>. Times are RFC 3339; one without an offset is read on the "
		     "site's clock. "
		     "Money is in minor units. Errors are <code>application/problem+json</code>. "
		     "The whole "
		     "truth is <a href=\"/openapi.json\">/openapi.json</a>.</p>\n");
	for (uint32_t i = 0; i < routes_len; i++)
		if (!routes[i].page)
			docs_route(&t, &routes[i]);
	page_send(call, &t);
}

void page_problem(struct call *call)
{
	struct str text = problem_page(call->arena, call->param[0]);
	if (text.p)
		respond_text(call, 200, STR("text/plain; charset=utf-8"), text);
	else
		respond_refused(call, REFUSED_NOT_FOUND, STR("there is no problem of that name"));
}

/* What a success answers: a PUT also 201, which the description's own rules know. */
static int success_status(const struct route *r)
{
	if (r->writes)
		return verb_status(r->verb);
	return r->status ? r->status : 200;
}

void page_openapi(struct call *call)
{
	struct arena *a = call->arena;
	struct openapi_route *described = arena_alloc(a, routes_len * sizeof *described);
	char(*roles)[ROLES_TEXT_MAX] = arena_alloc(a, routes_len * sizeof *roles);
	if (!described || !roles) {
		respond_refused(call, FAULT_MEMORY, STR_NULL);
		return;
	}
	uint32_t len = 0;
	for (uint32_t i = 0; i < routes_len; i++) {
		const struct route *r = &routes[i];
		if (r->page)
			continue;
		described[len++] = (struct openapi_route){
			.raw = r->raw,
			.method = r->method,
			.path = r->pattern,
			.summary = r->about,
			.body = r->body,
			.answer = r->answer,
			.people = r->people,
			.status = success_status(r),
			.key_required = r->key,
			.if_match = r->if_match,
			.tagged = r->tag != TAG_NONE,
			.weak = r->tag == TAG_WEAK,
			.seq = r->seq == SEQ_SHOWN,
			.roles = r->roles ? roles_text(roles[i], r->roles) : NULL,
			.query = r->query,
		};
	}
	respond_json(call, 200, openapi_document(a, described, len, RELAIS_VERSION));
}
