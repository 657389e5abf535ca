/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_audit.h"

void describe_claims(struct caller *c, const char *site)
{
	const char *path = text_of(c, "/v1/audit/claims?site=%s", site);
	struct told t = CALL(c, 200, "GET", path, NULL);

	assert_true(json_count(json_get(t.json, "items")) > 0);
	CALL(c, 200, "GET", text_of(c, "%s&format=jsonl&payer=customer", path), NULL);
	t = CALL(c, 200, "GET", text_of(c, "%s&format=csv-fr", path), NULL);
	assert_string_equal(t.type, "text/csv; charset=utf-8");
	assert_memory_equal(t.body.p, "\xef\xbb\xbfsite;", 8);
	CALL(c, 200, "GET", text_of(c, "%s&format=xlsx", path), NULL);
	t = CALL(c, 200, "GET", text_of(c, "/v1/audit/pack?site=%s", site), NULL);
	assert_string_equal(t.type, "application/x-tar");
	CALL(c, 404, "GET", text_of(c, "/v1/audit/pack?site=%s&until=2001-01-01", site), NULL);
}
