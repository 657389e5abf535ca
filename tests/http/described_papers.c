/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_papers.h"

#include "fleet/seal.h"

/* A photo and a scan of a booking, left here in a part, attached, looked at. */
void describe_papers(struct caller *c)
{
	static const char *const of[] = {
		"'kind':'scan'", "'kind':'damage_photo','moment':'check_in','zone':'roof'"};
	struct told b = desk_book(c, 201, "2031-03-10", "loaner_brand", ",'customer':'C8'");
	for (size_t i = 0; i < ARRAY_LEN(of); i++) {
		const char *file = text_of(c, "%%PDF-1.7 number %zu", i);
		struct hash hash = hash_of(str_from(file));
		char hex[HASH_TEXT];
		hash_print(&hash, hex);
		CALL_WITH(c, 204, "PUT", text_of(c, "/v1/uploads/%s", hex), file,
			.type = "application/octet-stream");
		struct told t = CALL(c, 201, "POST", text_of(c, "%s/attachments", b.location),
			text_of(c, "{%s,'parts':['%s']}", of[i], hex));
		struct told got = CALL(c, 200, "GET", t.location, NULL);
		assert_str(got.body, file);
		CALL_WITH(c, 304, "GET", t.location, NULL, .if_none_match = got.etag);
	}
	CALL_WITH(c, 422, "PUT", "/v1/uploads/none", "x", .type = "application/octet-stream");
	CALL(c, 404, "GET", text_of(c, "%s/attachments/none", b.location), NULL);
	CALL(c, 200, "GET", text_of(c, "%s/attachments", b.location), NULL);
	CALL(c, 200, "GET", b.location, NULL);
}
