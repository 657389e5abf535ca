/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/http/described_reads.h"

#include "server/route.h"

enum { ROUTES_MAX = 200, AGAIN_MAX = 3, ITEMS_MAX = 200 };

static struct {
	uint32_t answers, same; /* 200; and 304 behind it */
} met[ROUTES_MAX];

static bool is_get(const struct route *r)
{
	return strcmp(r->method, "GET") == 0;
}

static bool has_field(const struct route *r, const char *name)
{
	for (const struct query_field *f = r->query; f && f->name; f++)
		if (strcmp(f->name, name) == 0)
			return true;
	return false;
}

/* ---- tags, heads ---- */

/* What the row says of this answer's headers. */
static bool is_as_said(const struct route *r, const struct told *t)
{
	bool tag = false;

	switch (r->tag) {
	case TAG_UNSAID: return false;
	case TAG_NONE: tag = !t->etag[0]; break;
	case TAG_STRONG: tag = t->etag[0] == '"'; break;
	case TAG_WEAK: tag = strncmp(t->etag, "W/\"", 3) == 0; break;
	}
	return tag && r->seq != SEQ_UNSAID && (r->seq == SEQ_SHOWN) == (t->seq[0] != '\0');
}

void reads_hold(struct caller *c, const struct ask *ask, const struct told *t, int line)
{
	size_t path_n = strcspn(ask->path, "?");
	const struct route *r = route_find(STR("GET"), (struct str){ask->path, path_n}).route;
	struct ask again = *ask;

	assert_non_null(r);
	assert_true(routes_len <= ROUTES_MAX);
	size_t i = (size_t)(r - routes);
	if (!is_as_said(r, t))
		fail_msg("line %d: %s: ETag %s, Relais-Seq %s are not what its row says", line,
			ask->path, t->etag, t->seq);
	if (met[i].answers++ >= AGAIN_MAX || r->tag == TAG_NONE)
		return;
	again.if_none_match = text_of(c, "\"other\", %s", t->etag);
	struct told behind = relais_ask(&c->r, &again);
	/* what changed in between has another tag, and is said again */
	bool same = strcmp(behind.etag, t->etag) == 0;
	if (behind.status != (same ? 304 : 200) || (same && behind.body.n) ||
		!is_as_said(r, &behind))
		fail_msg("line %d: %s: %d with ETag %s behind %s", line, ask->path, behind.status,
			behind.etag, t->etag);
	met[i].same += same;
}

/* Those that are for people are not in the description: they are asked for here. */
static void hold_page(struct caller *c, int status, const char *path)
{
	struct ask ask = {.method = "GET", .path = path, .token = ""};
	struct told t = relais_ask(&c->r, &ask);

	assert_status(&t, status);
	reads_hold(c, &ask, &t, __LINE__);
}

void reads_were_all_met(struct caller *c)
{
	struct told first = relais_get(&c->r, "/");
	const char *asset = strstr(text_of(c, "%.*s", STR_FMT(first.body)), "/assets/");

	assert_non_null(asset);
	hold_page(c, 200, "/");
	hold_page(c, 200, "/status");
	hold_page(c, 404, "/c/no-booking"); /* one that is: tests/messages.py */
	hold_page(c, 200, text_of(c, "%.*s", (int)strcspn(asset, "\"'"), asset));
	for (uint32_t i = 0; i < routes_len; i++) {
		const struct route *r = &routes[i];
		bool stream = r->answer && strcmp(r->answer, "text/event-stream") == 0;
		if (!is_get(r) || stream)
			continue;
		if (!met[i].answers || (r->tag != TAG_NONE && !met[i].same))
			fail_msg("%s: %u answers, %u times still the same", r->pattern,
				met[i].answers, met[i].same);
	}
}

/* ---- pages ---- */

static struct told page(struct caller *c, const struct route *r, const char *site,
	const char *limit, const char *cursor)
{
	return relais_get(&c->r,
		text_of(c, "%s?%s%s&limit=%s%s%s", r->pattern, has_field(r, "site") ? "site=" : "",
			has_field(r, "site") ? site : "", limit, *cursor ? "&cursor=" : "",
			cursor));
}

static const char *next_of(struct caller *c, const struct told *t)
{
	struct str next = json_str_at(t->json, "next");

	assert_status(t, 200);
	/* RFC 8288: the same in a header */
	assert_int_equal(next.n > 0, t->link[0] != '\0');
	if (next.n)
		assert_non_null(strstr(t->link, text_of(c, "cursor=%.*s", STR_FMT(next))));
	return text_of(c, "%.*s", STR_FMT(next));
}

static void assert_refused(const struct route *r, const struct told *t, const char *name)
{
	assert_problem(t, 400, "malformed");
	if (!strstr(t->body.p, name))
		fail_msg("%s: %s is not named in %.*s", r->pattern, name, STR_FMT(t->body));
}

/* One and one, to the end: the second cursor; what was made for another question is refused. */
static const char *page_through(struct caller *c, const struct route *r)
{
	struct told whole = page(c, r, OWN_SITE, "500", ""), one;
	struct json items = json_get(whole.json, "items"), item = json_first(items);
	const char *cursor = "", *kept = "";

	assert_status(&whole, 200);
	if (json_count(items) < 2)
		fail_msg("%s shows nothing to turn over: %.*s", r->pattern, STR_FMT(whole.body));
	assert_string_equal(next_of(c, &whole), "");
	for (uint32_t n = 0; n == 0 || *cursor; n++) {
		assert_true(n < ITEMS_MAX && json_present(item));
		one = page(c, r, OWN_SITE, "1", cursor);
		cursor = next_of(c, &one);
		kept = n == 0 ? cursor : kept;
		struct json shown = json_get(one.json, "items");
		assert_int_equal(json_count(shown), 1);
		if (!str_eq(json_raw(json_first(shown)), json_raw(item)))
			fail_msg("%s, page %u:\n%.*s\nnot\n%.*s", r->pattern, n + 1,
				STR_FMT(json_raw(json_first(shown))), STR_FMT(json_raw(item)));
		item = json_next(items, item);
	}
	assert_false(json_present(item));
	return kept;
}

static void cursors_are_looked_at(
	struct caller *c, const struct route *r, const char *cursor, const char *others)
{
	char *forged = (char *)(uintptr_t)text_of(c, "%s", cursor);
	const char *const table[] = {"x", "none", "!", "AAAAAAAA", "AAAAAAAAAAAAAAAA", others,
		text_of(c, "%sA", cursor), text_of(c, "%.8s", cursor), forged};

	forged[0] = forged[0] == 'A' ? 'B' : 'A';
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct told t = page(c, r, OWN_SITE, "1", table[i]);
		assert_refused(r, &t, "cursor");
	}
	if (has_field(r, "site")) {
		struct told t = page(c, r, OTHER_SITE, "1", cursor);
		assert_refused(r, &t, "cursor");
	}
	static const char *const limits[] = {"0", "501", "x", "-1"};
	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		struct told t = page(c, r, OWN_SITE, limits[i], "");
		assert_refused(r, &t, "limit");
	}
	/* what is not asked for differently may differ */
	struct told t = page(c, r, OWN_SITE, "7", cursor);
	assert_status(&t, 200);
}

void reads_page_by_page(struct caller *c)
{
	const char *cursor[ROUTES_MAX] = {0}, *others = "x";
	uint32_t lists = 0;

	for (uint32_t i = 0; i < routes_len; i++)
		if (is_get(&routes[i]) && has_field(&routes[i], "cursor"))
			cursor[i] = page_through(c, &routes[i]);
	for (uint32_t i = 0; i < routes_len; i++) {
		if (!cursor[i])
			continue;
		cursors_are_looked_at(c, &routes[i], cursor[i], others);
		others = cursor[i];
		lists++;
	}
	assert_true(lists > 4);
}
