/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/box.h"

#include "server/respond.h"

#define BOX_POLICY                                                                           \
	STR("default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox; " \
	    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'")

void respond_boxed(struct call *call, enum file_type type, struct str sha256, struct str name,
	struct str bytes)
{
	/* A reader of PDF needs more than a box allows: it opens in a window of its own. */
	const char *how = type == FILE_PDF ? "attachment" : "inline";
	respond_header(call, "content-security-policy", BOX_POLICY);
	respond_header(call, "content-disposition",
		arena_printf(call->arena, "%s; filename=\"%.*s.%s\"", how, STR_FMT(name),
			file_type_ending(type)));
	respond_header(call, "referrer-policy", STR("no-referrer"));
	respond_header(call, "cross-origin-resource-policy", STR("same-origin"));
	if (sha256.n) {
		struct str tag = arena_printf(call->arena, "\"%.*s\"", STR_FMT(sha256));
		respond_header(call, "etag", tag);
		if (etag_names(exchange_header(call->x, "if-none-match"), tag)) {
			respond_empty(call, 304);
			return;
		}
	}
	respond_text(call, 200,
		type == FILE_HTML ? STR("text/html; charset=utf-8")
				  : str_from(file_type_media(type)),
		bytes);
}
