/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_papers.h"

#include "fleet/seal.h"
#include "tests/http/described_desk.h"
#include "tests/http/described_imports.h"

/* The page is made, shown, signed, and then it is what is printed. */
static void sign(struct caller *c, const struct told *b, const char *signature)
{
	static const char said[] = "'language':'it','odometer_km':15230,'fuel_percent':80,'keys':1";
	struct told t = CALL(
		c, 200, "POST", text_of(c, "%s/agreement", b->location), text_of(c, "{%s}", said));
	CALL(c, 200, "GET", member_of(c, &t, "href"), NULL);
	const char *sha256 = member_of(c, &t, "sha256");
	/* at another odometer it would be another page */
	struct told no = CALL(c, 409, "POST", text_of(c, "%s/sign", b->location),
		text_of(c, "{'sha256':'%s','signature':%s}", sha256, signature));
	assert_str(json_str_at(no.json, "type"), "/problems/agreement-changed");
	CALL(c, 200, "POST", text_of(c, "%s/sign", b->location),
		text_of(c, "{%s,'sha256':'%s','signature':%s}", said, sha256, signature));
	struct told got = CALL(c, 200, "GET", text_of(c, "%s/agreement", b->location), NULL);
	CALL_WITH(c, 304, "GET", text_of(c, "%s/agreement", b->location), NULL,
		.if_none_match = got.etag);
}

/* A photo and a scan of a booking, left here in a part, attached, looked at. */
void describe_papers(struct caller *c)
{
	static const char *const of[] = {"'kind':'scan'", "'kind':'agreement'",
		"'kind':'damage_photo','moment':'check_in','zone':'roof'"};
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
	CALL(c, 200, "GET", b.location, NULL); /* the scan of a paper that was signed by hand */
	CALL(c, 200, "GET", text_of(c, "%s/agreement?language=it", b.location), NULL);
	sign(c, &b, "{'path':'M10 20 L30 40 M5 5 L6 6'}");
	sign(c, &b, "{'typed':'B. Fable'}");
	CALL(c, 200, "GET", text_of(c, "%s/attachments", b.location), NULL);
	describe_imports(c); /* files come in as papers do */
	CALL(c, 200, "GET", "/v1/sheets/day?site=T1&day=2031-03-10&language=it", NULL);
	CALL(c, 200, "GET", "/v1/sheets/ahead?site=T1", NULL);
	desk_calendar(c);
	CALL(c, 200, "GET", b.location, NULL);
}
