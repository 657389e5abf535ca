/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_imports.h"

#include "fleet/seal.h"

enum { ASKED_MAX = 100000 };

#define HEADER "customer,segment,language,preferred_channel,person.name\n"
#define KIND "/v1/imports?kind=customers&name=c.csv"

/* Until it is over; each answer on the way is as described. */
static struct told until_over(struct caller *c, const char *path)
{
	for (int asked = 0; asked < ASKED_MAX; asked++) {
		struct told t = CALL(c, 200, "GET", path, NULL);
		if (!json_present(json_get(t.json, "progress")))
			return t;
	}
	fail_msg("%s is not over", path);
	return (struct told){0};
}

/* So many that they are not in before somebody says stop. */
static const char *many_rows(struct caller *c)
{
	enum { ROWS = 3000, ROW_TEXT = 64 };
	static char text[ROWS * ROW_TEXT + sizeof HEADER];
	size_t n = (size_t)snprintf(text, sizeof text, HEADER);

	for (int i = 0; i < ROWS; i++)
		n += (size_t)snprintf(
			text + n, sizeof text - n, "IMS%d,private,fr,sms,S. Fable\n", i);
	assert_true(n < sizeof text);
	return text_of(c, "%s", text);
}

void describe_imports(struct caller *c)
{
	static const char *const good = HEADER "IM1,private,fr,sms,A. Fable\n";
	static const char *const half = HEADER "IM2,private,fr,sms,B. Fable\nIM3,king,fr,sms,C\n";
	struct hash hash = hash_of(str_from(good));
	char hex[HASH_TEXT];

	struct told t = CALL_WITH(c, 200, "POST", KIND "&dry_run=true", half, .type = "text/csv");
	assert_str(json_str_at(t.json, "state"), "checked");
	const char *checked = text_of(c, "/v1/imports/%s", member_of(c, &t, "import"));
	t = CALL(c, 200, "GET", checked, NULL);
	CALL_WITH(c, 304, "GET", checked, NULL, .if_none_match = t.etag);
	t = CALL(c, 200, "GET", text_of(c, "%s/rejected", checked), NULL);
	assert_non_null(strstr(t.body.p, "IM3,king"));
	t = CALL_WITH(
		c, 202, "POST", KIND "&written_at=2026-03-01T09:00:00Z", good, .type = "text/csv");
	const char *done = text_of(c, "%s", t.location);
	t = until_over(c, done);
	assert_str(json_str_at(t.json, "state"), "done");
	CALL(c, 404, "GET", text_of(c, "%s/rejected", done), NULL);
	/* the same in a part that was left before: it changes nothing */
	hash_print(&hash, hex);
	CALL_WITH(c, 204, "PUT", text_of(c, "/v1/uploads/%s", hex), good,
		.type = "application/octet-stream");
	t = CALL(c, 202, "POST", KIND, text_of(c, "{'parts':['%s']}", hex));
	t = until_over(c, t.location);
	assert_int_equal(json_int_at(json_get(t.json, "counts"), "same", 0), 1);
	/* what is wrong is not taken */
	t = CALL_WITH(c, 202, "POST", KIND, half, .type = "text/csv");
	t = until_over(c, t.location);
	assert_str(json_str_at(t.json, "state"), "failed");
	CALL(c, 200, "GET", "/v1/imports", NULL);
	t = CALL(c, 200, "GET", "/v1/imports?limit=1", NULL);
	assert_true(t.link[0] != '\0');
	CALL(c, 202, "POST", text_of(c, "%s/undo", done), "{}");
	t = until_over(c, done);
	assert_str(json_str_at(t.json, "state"), "undone");
	assert_int_equal(json_int_at(json_get(t.json, "undone"), "taken_back", 0), 1);
	/* stopped */
	t = CALL_WITH(c, 202, "POST", KIND, many_rows(c), .type = "text/csv");
	const char *stopped = text_of(c, "%s", t.location);
	CALL(c, 202, "POST", text_of(c, "%s/stop", stopped), "{}");
	t = until_over(c, stopped);
	assert_str(json_str_at(t.json, "stopped_by"), "asked");
	/* refusals */
	CALL(c, 404, "GET", "/v1/imports/none", NULL);
	CALL(c, 404, "POST", "/v1/imports/none/undo", "{}");
	CALL(c, 409, "POST", text_of(c, "%s/undo", checked), "{}");
	CALL(c, 404, "POST", "/v1/imports/none/stop", "{}");
	CALL(c, 409, "POST", text_of(c, "%s/stop", done), "{}");
	CALL_WITH(c, 415, "POST", KIND, "x", .type = "image/png");
	CALL_WITH(c, 422, "POST", KIND, "", .type = "text/csv");
	CALL_WITH(c, 400, "POST", "/v1/imports?kind=cars", "x", .type = "text/csv");
	CALL_WITH(
		c, 422, "POST", "/v1/imports?kind=coverages&partial=true", "x", .type = "text/csv");
}
