/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The pages for people as they go out: kept or asked for again, plain or compressed, and with
 * nothing allowed from elsewhere. What they do is looked at in a browser: tests/web. */

#include "tests/http/relais.h"

enum { NAME_TEXT = 128 };

static const char policy[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
	"font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

static struct relais r;

/* With one more header, if it is named. */
static struct response get(const char *path, const char *name, const char *value)
{
	struct client_header headers[] = {{name, value}, {NULL, NULL}};

	return client_once(r.port, "GET", path, name ? headers : NULL, STR_NULL);
}

/* The first "/assets/..." that the page names with that ending. */
static void asset_named(char name[NAME_TEXT], const struct response *page, const char *ending)
{
	const char *at = page->body.p;
	size_t n;
	for (;;) {
		at = strstr(at, "/assets/");
		assert_non_null(at);
		n = strcspn(at, "\"");
		if (n > strlen(ending) &&
			memcmp(at + n - strlen(ending), ending, strlen(ending)) == 0)
			break;
		at += n;
	}
	assert_true(n < NAME_TEXT);
	memcpy(name, at, n);
	name[n] = '\0';
}

static void first_page(void **state)
{
	char again[NAME_TEXT * 2];
	(void)state;
	struct response page = get("/", NULL, NULL);
	assert_int_equal(page.status, 200);
	assert_str(response_header(&page, "content-type"), "text/html; charset=utf-8");
	assert_str(response_header(&page, "cache-control"), "no-cache");
	assert_str(response_header(&page, "x-content-type-options"), "nosniff");
	assert_str(response_header(&page, "content-security-policy"), policy);
	assert_null(response_header(&page, "content-encoding").p);
	assert_null(strstr(page.body.p, "http:"));
	assert_null(strstr(page.body.p, "https:"));
	struct str tag = response_header(&page, "etag");
	snprintf(again, sizeof again, "\"another\", %.*s", STR_FMT(tag));
	struct response kept = get("/", "If-None-Match", again);
	assert_int_equal(kept.status, 304);
	assert_int_equal(kept.body.n, 0);
	assert_true(str_eq(response_header(&kept, "etag"), tag));
	response_free(&kept);
	kept = get("/", "If-None-Match", "\"another\"");
	assert_int_equal(kept.status, 200);
	response_free(&kept);
	response_free(&page);
}

static void kept_for_ever(void **state)
{
	static const struct {
		const char *ending, *type;
	} table[] = {
		{".js", "text/javascript; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},
		{".svg", "image/svg+xml"},
	};
	char name[NAME_TEXT];
	(void)state;
	struct response page = get("/", NULL, NULL);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		asset_named(name, &page, table[i].ending);
		struct response asset = get(name, NULL, NULL);
		assert_int_equal(asset.status, 200);
		assert_str(response_header(&asset, "content-type"), table[i].type);
		assert_str(response_header(&asset, "cache-control"),
			"public, max-age=31536000, immutable");
		assert_true(asset.body.n > 0);
		response_free(&asset);
	}
	response_free(&page);
}

static void two_forms(void **state)
{
	static const struct {
		const char *header;
		bool packed;
	} table[] = {
		{NULL, false},
		{"gzip, deflate, br", true},
		{"br, gzip;q=0.5", true},
		{"br;q=1, gzip;q=0", false},
		{"gzip;q=0, br", false},
		{"identity", false},
	};
	char name[NAME_TEXT];
	(void)state;
	struct response page = get("/", NULL, NULL);
	asset_named(name, &page, ".js");
	struct response plain = get(name, NULL, NULL);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct response asset =
			get(name, table[i].header ? "Accept-Encoding" : NULL, table[i].header);
		assert_int_equal(asset.status, 200);
		assert_str(response_header(&asset, "vary"), "Accept-Encoding");
		assert_int_equal(
			response_header(&asset, "content-encoding").p != NULL, table[i].packed);
		assert_int_equal(asset.body.n < plain.body.n, table[i].packed);
		assert_int_equal(
			str_eq(response_header(&asset, "etag"), response_header(&plain, "etag")),
			!table[i].packed);
		/* the mark of gzip (RFC 1952) */
		assert_int_equal((uint8_t)asset.body.p[0] == 0x1f, table[i].packed);
		response_free(&asset);
	}
	response_free(&plain);
	response_free(&page);
}

/* The compressed twin has no address of its own, and nothing outside the table has one. */
static void nothing_else(void **state)
{
	char name[NAME_TEXT + 4];
	(void)state;
	struct response page = get("/", NULL, NULL);
	asset_named(name, &page, ".js");
	response_free(&page);
	memcpy(name + strlen(name), ".gz", sizeof ".gz");
	const char *const table[] = {
		name, "/assets/none.js", "/assets/", "/assets/../server", "/index.html", "/desk"};
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct response missing = get(table[i], NULL, NULL);
		assert_int_equal(missing.status, 404);
		assert_str(response_header(&missing, "content-type"), "application/problem+json");
		response_free(&missing);
	}
}

static int setup(void **state)
{
	(void)state;
	relais_start(&r, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	relais_stop(&r);
	relais_remove(&r);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_page),
		cmocka_unit_test(kept_for_ever),
		cmocka_unit_test(two_forms),
		cmocka_unit_test(nothing_else),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
