/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What rude clients do, drawn by chance: each kind of session with what it may be told. */

#include "tests/hostile/session.h"

enum {
	BODY_BYTES_MAX = 256 << 10, /* the server's own limits */
	HEAD_BYTES_MAX = 32 << 10,
	PIPELINED_MAX = 20,
	NO_HURRY = 1 << 20, /* all in one step */
	TRICKLE_BYTES = 100000,
};

struct drawing {
	struct session *s;
	struct chance *c;
	const struct house *h;
	const char *name;
};

static uint32_t below(struct drawing *d, uint32_t n)
{
	return chance_below(d->c, n);
}

#define PICK(d, table) ((table)[below((d), ARRAY_LEN(table))])

static void repeat(char *to, char c, size_t n)
{
	memset(to, c, n);
	to[n] = '\0';
}

struct str session_customer(const char *id)
{
	return text_make("{\"language\":\"fr\",\"person\":{\"name\":\"%s\"},"
			 "\"preferred_channel\":\"email\",\"segment\":\"private\"}",
		id);
}

static struct str put_request(const struct drawing *d, const char *customer)
{
	char path[80];
	struct str body = session_customer(customer);
	snprintf(path, sizeof path, "/v1/customers/%s", customer);
	struct str whole = house_request(d->h, "PUT", path, NULL, body);
	text_free(body);
	return whole;
}

/* ---- what has two readings, or none ---- */

/* Behind each stands a whole request that nobody may ever hear. */
static void refused(struct drawing *d, const char *text)
{
	struct str smuggled = put_request(d, "SMUGGLED");
	d->s->bytes = text_make("%s%.*s", text, STR_FMT(smuggled));
	d->s->due = DUE_ONE_4XX;
	d->s->end = END_STAYS;
	text_free(smuggled);
}

#define POST "POST /v1/offers HTTP/1.1\r\nHost: h\r\n"
#define GET "GET /livez HTTP/1.1\r\nHost: h\r\n"

static void ambiguous(struct drawing *d)
{
	static const char *const texts[] = {
		POST "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
		POST "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
		POST "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
		POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		POST "Content-Length: +3\r\n\r\nabc",
		POST "Content-Length: 3, 3\r\n\r\nabc",
		POST "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
		"GET /livez HTTP/1.1\r\n\r\n",
		GET "Host: h\r\n\r\n",
		GET "X-A: b\r\n folded\r\n\r\n",
		"GET /livez HTTP/1.1\nHost: h\r\n\r\n",
		GET "\n",
		GET "X-A: b\rc\r\n\r\n",
		"GET /livez HTTP/1.1\r\nHost : h\r\n\r\n",
		"GET http://h/livez HTTP/1.1\r\nHost: h\r\n\r\n",
		"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	};
	refused(d, PICK(d, texts));
}

static void unknown_method(struct drawing *d)
{
	static const char *const methods[] = {"BREW", "TRACE", "CONNECT", "get", "PROPFIND"};
	char text[80];

	snprintf(text, sizeof text, "%s /livez HTTP/1.1\r\nHost: h\r\n\r\n", PICK(d, methods));
	refused(d, text);
}

static void huge_head(struct drawing *d)
{
	static char text[HEAD_BYTES_MAX * 3];
	char *at = text + snprintf(text, sizeof text, GET "X-Long: ");

	repeat(at, 'a', HEAD_BYTES_MAX + below(d, HEAD_BYTES_MAX));
	memcpy(at + strlen(at), "\r\n\r\n", 5);
	refused(d, text);
}

static void huge_body(struct drawing *d)
{
	enum { MORE = 200000 };
	static char body[BODY_BYTES_MAX + MORE + 1];

	repeat(body, '[', BODY_BYTES_MAX + 1 + below(d, MORE));
	d->s->bytes = house_request(d->h, "POST", "/v1/offers", NULL, str_from(body));
	d->s->due = DUE_ONE_4XX; /* it is closed at once, or as one that is idle */
	d->s->end = END_STAYS;
}

/* ---- what never ends ---- */

static void endless(struct drawing *d, struct str text, size_t step)
{
	d->s->bytes = text;
	d->s->step = step;
	d->s->due = DUE_CLOSED;
	d->s->end = END_STAYS;
}

static void silent(struct drawing *d)
{
	endless(d, text_make("%s", ""), NO_HURRY);
}

static void half_a_head(struct drawing *d)
{
	struct str whole = put_request(d, "SMUGGLED");
	const char *blank = strstr(whole.p, "\r\n\r\n");
	uint32_t n = 1 + below(d, (uint32_t)(blank - whole.p));

	endless(d, text_make("%.*s", (int)n, whole.p), 1 + below(d, 200));
	text_free(whole);
}

static void slow_head(struct drawing *d)
{
	static char text[HEAD_BYTES_MAX / 2];
	char *at = text + snprintf(text, sizeof text, GET "X-Long: ");

	repeat(at, 'b', sizeof text - 1 - (size_t)(at - text));
	endless(d, text_make("%s", text), 1);
}

static void slow_body(struct drawing *d)
{
	endless(d,
		text_make(POST "%sContent-Length: %d\r\n\r\n%0*d",
			below(d, 2) ? "Expect: 100-continue\r\n" : "", TRICKLE_BYTES + 1,
			TRICKLE_BYTES, 0),
		1 + below(d, 7));
	if (below(d, 3) == 0) /* not even that */
		d->s->bytes.n = (size_t)(strstr(d->s->bytes.p, "\r\n\r\n") + 4 - d->s->bytes.p);
}

static void slow_chunks(struct drawing *d)
{
	enum { CHUNKS = 4000 };
	static char text[CHUNKS * 6 + 1];

	text[0] = '\0';
	for (char *at = text; at < text + CHUNKS * 6; at += 6)
		memcpy(at, "1\r\n \r\n", 7);
	endless(d, text_make(POST "Transfer-Encoding: chunked\r\n\r\n%s", text), 1 + below(d, 6));
}

static void garbage(struct drawing *d)
{
	enum { GARBAGE_MAX = 3000 };
	size_t n = 1 + below(d, GARBAGE_MAX);
	struct str text = text_make("%0*d", (int)n, 0);

	for (size_t i = 0; i < n; i++)
		((char *)(uintptr_t)text.p)[i] = (char)below(d, 256);
	endless(d, text, 1 + below(d, GARBAGE_MAX));
	d->s->end = below(d, 2) ? END_STAYS : END_FINISHES;
}

/* The same again and again; `one` is freed. */
static struct str times(struct str one, uint32_t n)
{
	struct str all = text_make("%s", "");

	for (uint32_t i = 0; i < n; i++) {
		struct str more = text_make("%.*s%.*s", STR_FMT(all), STR_FMT(one));
		text_free(all);
		all = more;
	}
	text_free(one);
	return all;
}

static void deaf(struct drawing *d)
{
	enum { TIMES = 12 };

	endless(d, times(house_request(d->h, "GET", "/openapi.json", NULL, STR_NULL), TIMES),
		NO_HURRY);
	d->s->deaf = true;
}

/* ---- who takes gzip ---- */

static struct str packed_request(struct drawing *d, const char *path)
{
	return text_make("GET %s HTTP/1.1\r\nHost: h\r\nAuthorization: %s\r\n"
			 "Accept-Encoding: gzip\r\n\r\n",
		path, d->h->bearer);
}

static void packed_deaf(struct drawing *d)
{
	enum { TIMES = 24 };

	endless(d, times(packed_request(d, "/openapi.json"), TIMES), NO_HURRY);
	d->s->deaf = true;
}

/* It takes all, in its own time, or is closed for that. */
static void packed_trickle(struct drawing *d)
{
	d->s->bytes = packed_request(d, "/openapi.json");
	d->s->sip = 1 + below(d, 400);
	d->s->end = END_STAYS;
	d->s->due = DUE_ANYTHING;
}

/* Gone before it has it, or in the middle of it. */
static void packed_abandoned(struct drawing *d)
{
	d->s->bytes = times(packed_request(d, "/openapi.json"), 1 + below(d, 6));
	d->s->sip = 1 + below(d, 2000);
	d->s->end = below(d, 3) ? END_RESETS : END_LEAVES;
	d->s->pause = below(d, 6);
	if (below(d, 4) == 0)
		d->s->bytes.n = 1 + below(d, (uint32_t)d->s->bytes.n);
}

static void packed_pipelined(struct drawing *d)
{
	d->s->answers = 2 + below(d, 4);
	d->s->bytes = times(packed_request(d, "/openapi.json"), d->s->answers);
	d->s->due = DUE_ANSWERS;
	d->s->packed = true;
	d->s->end = below(d, 2) ? END_STAYS : END_FINISHES;
}

/* ---- what is good, in a rude way ---- */

static void pipelined(struct drawing *d)
{
	static const char *const paths[] = {"/livez", "/readyz", "/v1/sites", "/openapi.json"};
	struct str all = text_make("%s", "");

	d->s->answers = 2 + below(d, PIPELINED_MAX - 1);
	for (uint32_t i = 0; i < d->s->answers; i++) {
		/* the large one last: what was heard is kept only so far */
		const char *path = i + 1 < d->s->answers ? paths[below(d, 3)] : PICK(d, paths);
		struct str one = house_request(d->h, "GET", path, NULL, STR_NULL);
		struct str more = text_make("%.*s%.*s", STR_FMT(all), STR_FMT(one));
		text_free(all);
		text_free(one);
		all = more;
	}
	d->s->bytes = all;
	d->s->step = below(d, 2) ? NO_HURRY : 200 + below(d, 2000);
	d->s->due = DUE_ANSWERS;
	d->s->end = below(d, 2) ? END_STAYS : END_FINISHES;
}

static void upgrade(struct drawing *d)
{
	d->s->bytes = text_make("%s", GET "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
					  "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
	d->s->due = DUE_ANSWERS;
	d->s->answers = 1;
}

static void stream(struct drawing *d)
{
	d->s->bytes = house_request(d->h, "GET", "/v1/events?site=LYO", NULL, STR_NULL);
	d->s->end = below(d, 2) ? END_LEAVES : END_RESETS;
	d->s->pause = below(d, 100);
}

/* A customer is put, and whoever puts him leaves, before all is sent or after. */
static void abandoned(struct drawing *d)
{
	snprintf(d->s->customer, sizeof d->s->customer, "A-%s", d->name);
	d->s->bytes = put_request(d, d->s->customer);
	d->s->end = below(d, 3) ? END_RESETS : END_LEAVES;
	d->s->pause = below(d, 2) ? 0 : below(d, 4);
	if (below(d, 2))
		d->s->bytes.n = 1 + below(d, (uint32_t)d->s->bytes.n);
	d->s->step = below(d, 2) ? NO_HURRY : 1 + below(d, 100);
}

/* A good request with some bytes that are not what they were. */
static void mutated(struct drawing *d)
{
	char id[SESSION_ID_TEXT];

	snprintf(id, sizeof id, "M-%s", d->name);
	struct str text = below(d, 2) ? put_request(d, id)
				      : house_request(d->h, "GET", "/v1/sites", NULL, STR_NULL);
	for (uint32_t i = 1 + below(d, 4); i > 0; i--) {
		char *at = (char *)(uintptr_t)text.p + below(d, (uint32_t)text.n);
		if (below(d, 2))
			*at = (char)below(d, 256);
		else
			*at = "\r\n :,{}\"\\0"[below(d, 10)];
	}
	d->s->bytes = text;
	d->s->step = 1 + below(d, (uint32_t)text.n);
	d->s->end = END_STAYS;
}

void session_draw(struct session *s, struct chance *c, const struct house *h, const char *name)
{
	static const struct {
		const char *kind;
		void (*draw)(struct drawing *d);
	} kinds[] = {
		{"ambiguous", ambiguous},
		{"unknown method", unknown_method},
		{"huge head", huge_head},
		{"huge body", huge_body},
		{"silent", silent},
		{"half a head", half_a_head},
		{"slow head", slow_head},
		{"slow body", slow_body},
		{"slow chunks", slow_chunks},
		{"garbage", garbage},
		{"deaf", deaf},
		{"packed deaf", packed_deaf},
		{"packed trickle", packed_trickle},
		{"packed abandoned", packed_abandoned},
		{"packed pipelined", packed_pipelined},
		{"pipelined", pipelined},
		{"upgrade", upgrade},
		{"stream", stream},
		{"abandoned", abandoned},
		{"mutated", mutated},
	};
	uint32_t kind = chance_below(c, ARRAY_LEN(kinds));

	*s = (struct session){.kind = kinds[kind].kind, .fd = -1, .step = NO_HURRY};
	s->in = calloc(1, SESSION_IN_MAX + 1);
	assert_non_null(s->in);
	kinds[kind].draw(&(struct drawing){s, c, h, name});
}
