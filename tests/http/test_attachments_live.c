/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Papers and photos over HTTP: in parts, out as bytes in a box of their own, and there after kill
 * -9. */

#include <signal.h>

#include "fleet/attachment.h"
#include "server/upload.h"
#include "tests/http/relais.h"

enum { PART = 256 << 10 };

static struct relais r;
static char booking[64];

static struct told put_part(struct str bytes, const char *token, char hex[HASH_TEXT])
{
	struct hash hash = hash_of(bytes);
	struct ask ask = {.method = "PUT",
		.path = arena_printf(&r.arena, "/v1/uploads/%.*s", STR_FMT(hash_print(&hash, hex)))
				.p,
		.token = token,
		.type = "application/octet-stream",
		.body = bytes};
	return relais_ask(&r, &ask);
}

static struct str bytes_of(const char *magic, size_t n)
{
	char *bytes = arena_alloc(&r.arena, n);
	assert_non_null(bytes);
	for (size_t i = 0; i < n; i++)
		bytes[i] = i < strlen(magic) ? magic[i] : (char)(i * 31 + i / 253);
	return (struct str){bytes, n};
}

/* All its parts, then the request that puts them together. */
static struct told attach(struct str bytes, const char *key, const char *more)
{
	char hex[HASH_TEXT];
	struct str list = STR("");
	for (size_t at = 0; at < bytes.n; at += PART) {
		size_t n = bytes.n - at < PART ? bytes.n - at : PART;
		struct told t = put_part((struct str){bytes.p + at, n}, NULL, hex);
		assert_status(&t, 204);
		list = arena_printf(&r.arena, "%.*s%s\"%s\"", STR_FMT(list), at ? "," : "", hex);
	}
	return relais_post(&r, arena_printf(&r.arena, "/v1/bookings/%s/attachments", booking).p,
		key, arena_printf(&r.arena, "{\"parts\":[%.*s]%s}", STR_FMT(list), more).p);
}

static void in_parts_and_out_again(void **state)
{
	(void)state;
	struct str file = bytes_of("%PDF-1.7", 2 * PART + 77);
	struct told t = attach(file, "in", ",\"kind\":\"scan\"");
	assert_status(&t, 201);
	assert_str(json_str_at(t.json, "type"), "application/pdf");
	assert_int_equal(json_int_at(t.json, "size", 0), file.n);
	assert_false(json_present(json_get(t.json, "of")));
	const char *path = t.location;
	struct str sha = json_str_at(t.json, "sha256");
	struct told got = relais_get(&r, path);
	assert_status(&got, 200);
	assert_true(str_eq(got.body, file));
	assert_string_equal(got.type, "application/pdf");
	assert_string_equal(got.etag, arena_printf(&r.arena, "\"%.*s\"", STR_FMT(sha)).p);
	struct ask same = {.method = "GET", .path = path, .if_none_match = got.etag};
	t = relais_ask(&r, &same);
	assert_status(&t, 304);
	t = relais_get(&r, arena_printf(&r.arena, "/v1/bookings/%s/attachments", booking).p);
	assert_int_equal(json_count(json_get(t.json, "items")), 1);
	/* of another booking, by its very id, there is none */
	t = relais_get(&r,
		arena_printf(&r.arena, "/v1/bookings/nobody/attachments%s", strrchr(path, '/')).p);
	assert_problem(&t, 404, "not-found");
	/* the same key: the same answer, though the parts may be gone by then */
	t = attach(file, "in", ",\"kind\":\"scan\"");
	assert_status(&t, 201);
	assert_true(t.replayed);
	assert_string_equal(t.location, path);
}

/* Whatever a file says, a browser runs nothing of it and shows it as nothing else. */
static void in_a_box(void **state)
{
	(void)state;
	struct told t = attach(bytes_of("\xff\xd8\xff\xe1", 500), "box",
		",\"kind\":\"damage_photo\",\"moment\":\"check_out\",\"zone\":\"bonnet\"");
	assert_status(&t, 201);
	static const struct {
		const char *name, *says;
	} heads[] = {
		{"x-content-type-options", "nosniff"},
		{"content-security-policy", "default-src 'none'"},
		{"content-security-policy", "; sandbox; "},
		{"content-disposition", "inline; filename="},
		{"cross-origin-resource-policy", "same-origin"},
		{"cache-control", "no-store"},
		{"content-type", "image/jpeg"},
	};
	const char *bearer = arena_printf(&r.arena, "Bearer %s", r.admin).p;
	const struct client_header sent[] = {{"Authorization", bearer}, {NULL, NULL}};
	struct response got = client_once(r.port, "GET", t.location, sent, STR_NULL);
	assert_int_equal(got.status, 200);
	for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
		struct str value = response_header(&got, heads[i].name);
		const char *text = arena_copy(&r.arena, value).p;
		if (!text || !strstr(text, heads[i].says))
			fail_msg("%s: %s", heads[i].name, text ? text : "(none)");
	}
	response_free(&got);
}

static void what_is_not_taken(void **state)
{
	(void)state;
	char hex[HASH_TEXT];
	struct told t = put_part(STR("one"), NULL, hex);
	assert_status(&t, 204);
	const char *path = arena_printf(&r.arena, "/v1/uploads/%s", hex).p;
	struct ask other = {.method = "PUT",
		.path = path,
		.type = "application/octet-stream",
		.body = STR("two")};
	t = relais_ask(&r, &other);
	assert_problem(&t, 422, "invalid");
	other.body = STR("one");
	other.type = "text/plain";
	t = relais_ask(&r, &other);
	assert_problem(&t, 415, "media-type");
	t = put_part(bytes_of("x", PART + 1), NULL, hex);
	assert_problem(&t, 413, "too-large");
	/* no file of ours, and one of which nothing came */
	t = attach(STR("<html><script>"), "html", ",\"kind\":\"scan\"");
	assert_problem(&t, 422, "invalid");
	assert_true(has_pointer(&t, "/parts"));
	t = relais_post(&r, arena_printf(&r.arena, "/v1/bookings/%s/attachments", booking).p,
		"none",
		"{\"kind\":\"scan\",\"parts\":[\""
		"0000000000000000000000000000000000000000000000000000000000000000\"]}");
	assert_problem(&t, 422, "invalid");
	t = relais_post(&r, arena_printf(&r.arena, "/v1/bookings/%s/attachments", booking).p,
		"kind", "{\"kind\":\"signature\",\"parts\":[]}");
	assert_true(has_pointer(&t, "/kind") && has_pointer(&t, "/parts"));
}

/* A part belongs to whoever left it: another cannot attach it, and so not read it. */
static void a_part_is_its_owners(void **state)
{
	(void)state;
	char theirs[TOKEN_TEXT], hex[HASH_TEXT];
	relais_token(&r, theirs, "another", "advisor", OWN_SITE);
	struct told t = put_part(STR("%PDF-1.4 mine"), NULL, hex);
	assert_status(&t, 204);
	struct ask ask = {.method = "POST",
		.path = arena_printf(&r.arena, "/v1/bookings/%s/attachments", booking).p,
		.token = theirs,
		.key = "theirs",
		.body = arena_printf(&r.arena, "{\"kind\":\"scan\",\"parts\":[\"%s\"]}", hex)};
	t = relais_ask(&r, &ask);
	assert_problem(&t, 422, "invalid");
	t = put_part(STR("%PDF-1.4 mine"), theirs, hex);
	assert_status(&t, 204);
	t = relais_ask(&r, &ask);
	assert_status(&t, 201);
	relais_token(&r, theirs, "operator", "operator", OWN_SITE);
	t = put_part(STR("%PDF-1.4 mine"), theirs, hex);
	assert_problem(&t, 403, "forbidden");
}

/* Parts wait in memory, and of one user not without end; whoever is full does not fill others. */
static void parts_wait_within_bounds(void **state)
{
	(void)state;
	char theirs[TOKEN_TEXT], hex[HASH_TEXT];
	int n = 0, status = 204;
	for (; status == 204 && n <= UPLOADS_OF_ONE_MAX / PART; n++) {
		char *part = calloc(1, PART);
		assert_non_null(part);
		snprintf(part, PART, "part %d", n);
		struct told t = put_part((struct str){part, PART}, NULL, hex);
		status = t.status;
		free(part);
		if (status != 204)
			assert_problem(&t, 503, "busy");
	}
	assert_int_equal(status, 503);
	assert_in_range(n, UPLOADS_OF_ONE_MAX / PART - 8, UPLOADS_OF_ONE_MAX / PART + 1);
	relais_token(&r, theirs, "third", "advisor", OWN_SITE);
	struct told t = put_part(STR("%PDF-1.4 theirs"), theirs, hex);
	assert_status(&t, 204);
	t = relais_get(&r, "/metrics");
	assert_non_null(strstr(t.body.p, "relais_uploads_refused_total 1\n"));
}

/* Answered is durable: the bytes too. */
static void after_kill_9(void **state)
{
	(void)state;
	struct str file = bytes_of("\x89PNG\r\n\x1a\n", 3 * PART);
	struct told t = attach(file, "killed", ",\"kind\":\"photo\"");
	assert_status(&t, 201);
	assert_int_equal(process_stop(&r.process, SIGKILL, STOP_WAIT_MS), 128 + SIGKILL);
	relais_restart(&r, false);
	struct told got = relais_get(&r, t.location);
	assert_status(&got, 200);
	assert_true(str_eq(got.body, file));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_parts_and_out_again),
		cmocka_unit_test(in_a_box),
		cmocka_unit_test(what_is_not_taken),
		cmocka_unit_test(a_part_is_its_owners),
		cmocka_unit_test(after_kill_9),
		cmocka_unit_test(parts_wait_within_bounds),
	};
	relais_find(&r, argc, argv);
	relais_start(&r, false);
	relais_furnish(&r);
	struct told t = relais_offer(&r, 3, 0);
	t = relais_post(&r, "/v1/bookings", "b",
		arena_printf(&r.arena,
			"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"customer\":\"C1\"}",
			STR_FMT(json_str_at(t.json, "offer")))
			.p);
	snprintf(booking, sizeof booking, "%.*s", STR_FMT(json_str_at(t.json, "booking")));
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	relais_stop(&r);
	relais_remove(&r);
	return failed;
}
