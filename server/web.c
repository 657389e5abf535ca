/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/web.h"

#include <stdio.h>

#include "fleet/embed.h"
#include "server/gzip.h"
#include "server/respond.h"

/*
 * The pages for people, as server/web made them. Every file's name holds a hash of what is in it,
 * so the name is its ETag, and all but the first page may be kept for ever.
 */

enum { FILE_NAME_TEXT = 128 };

#define FIRST_PAGE ".html"
#define FOR_EVER STR("public, max-age=31536000, immutable")
#define ASK_AGAIN STR("no-cache")

/* Nothing from elsewhere, nothing inline, in nobody's frame; in a frame of ours only what is ours,
 * and that comes in a box of its own (box.c). */
#define POLICY                                                                  \
	STR("default-src 'none'; script-src 'self'; style-src 'self'; "         \
	    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " \
	    "frame-src 'self'; "                                                \
	    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'")

static const struct {
	const char *ending, *type;
} types[] = {
	{".html", "text/html; charset=utf-8"},
	{".js", "text/javascript; charset=utf-8"},
	{".css", "text/css; charset=utf-8"},
	{".svg", "image/svg+xml"},
};

static bool ends_in(const char *name, const char *ending)
{
	size_t n = strlen(name), end = strlen(ending);
	return n > end && strcmp(name + n - end, ending) == 0;
}

static struct str type_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (ends_in(name, types[i].ending))
			return str_from(types[i].type);
	return STR_NULL;
}

static void send_file(struct call *call, const struct embedded *file)
{
	char packed_name[FILE_NAME_TEXT];
	bool is_page = ends_in(file->name, FIRST_PAGE);
	struct str plain = {(const char *)file->bytes, file->n}, packed = STR_NULL;

	if (gzip_is_taken(exchange_header(call->x, "accept-encoding"))) {
		int n = snprintf(packed_name, sizeof packed_name, "%s.gz", file->name);
		ASSERT(n > 0 && (size_t)n < sizeof packed_name);
		packed = embedded_find(web_files, packed_name);
	}
	/* Two forms of one file are two representations: each has its own tag. */
	struct str tag = arena_printf(call->arena, "\"%s%s\"", file->name, packed.p ? ".gz" : "");
	respond_header(call, "etag", tag);
	respond_header(call, "cache-control", is_page ? ASK_AGAIN : FOR_EVER);
	respond_header(call, "vary", STR("Accept-Encoding"));
	respond_header(call, "content-security-policy", POLICY);
	respond_header(call, "x-content-type-options", STR("nosniff"));
	respond_header(call, "referrer-policy", STR("no-referrer"));
	if (etag_names(exchange_header(call->x, "if-none-match"), tag)) {
		respond_empty(call, 304);
		return;
	}
	if (packed.p)
		respond_header(call, "content-encoding", STR("gzip"));
	respond_text(call, 200, type_of(file->name), packed.p ? packed : plain);
}

void page_app(struct call *call)
{
	for (const struct embedded *file = web_files; file->name; file++)
		if (ends_in(file->name, FIRST_PAGE)) {
			send_file(call, file);
			return;
		}
	ASSERT(false); /* the build puts it there */
}

void page_asset(struct call *call)
{
	for (const struct embedded *file = web_files; file->name; file++)
		if (str_is(call->param[0], file->name) && type_of(file->name).p) {
			send_file(call, file);
			return;
		}
	respond_refused(call, REFUSED_NOT_FOUND, STR("there is no file of that name"));
}
