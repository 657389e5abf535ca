/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Imports over HTTP: what is understood, hostile files, two at once, beside a desk that goes on
 * booking, through kill -9 and a stop in the midst of it; what was written stays, the same file
 * again changes nothing more, and all of it can be taken back. */

#include <signal.h>

#include "fleet/seal.h"
#include "tests/http/relais.h"

enum { ASKED_MAX = 1000000, MANY = 1500, PART = 256 << 10, FAULTS = 10000 };

#define HEADER "customer,segment,language,preferred_channel,person.name\n"

static struct relais r;
static struct arena
	files; /* what outlives an answer: r.arena is emptied while something is awaited */

/* ---- files ---- */

static struct str customers(const char *prefix, int n, const char *segment)
{
	size_t cap = 200 + (size_t)n * 80, at = 0;
	char *p = arena_alloc(&files, cap);

	assert_non_null(p);
	at = (size_t)snprintf(p, cap, HEADER);
	for (int i = 0; i < n; i++)
		at += (size_t)snprintf(p + at, cap - at, "%s%d,%s,fr,sms,Fable number %d\n", prefix,
			i, segment, i);
	assert_true(at < cap);
	return (struct str){p, at};
}

/* ---- asking ---- */

static struct told ask(const char *query, const char *key, struct str body, const char *type)
{
	struct ask a = {.method = "POST",
		.path = arena_printf(&r.arena, "/v1/imports?%s", query).p,
		.key = key,
		.type = type,
		.body = body};
	return relais_ask(&r, &a);
}

static struct told check(const char *kind, const char *key, struct str body)
{
	return ask(arena_printf(&r.arena, "kind=%s&dry_run=true", kind).p, key, body, "text/csv");
}

static struct told start(const char *kind, const char *key, struct str body)
{
	struct told t =
		ask(arena_printf(&r.arena, "kind=%s&name=f.csv", kind).p, key, body, "text/csv");
	assert_status(&t, 202);
	return t;
}

static bool is_over(const struct told *t)
{
	return !json_present(json_get(t->json, "progress"));
}

static struct told until_over(const char *path)
{
	for (int asked = 0; asked < ASKED_MAX; asked++) {
		arena_reset(&r.arena);
		struct told t = relais_get(&r, path);
		assert_status(&t, 200);
		if (is_over(&t))
			return t;
	}
	fail_msg("%s is not over", path);
	return (struct told){0};
}

/* Until some of its rows stand in the journal, and not all of them. */
static void until_amid(const char *path)
{
	for (int asked = 0; asked < ASKED_MAX; asked++) {
		arena_reset(&r.arena);
		struct told t = relais_get(&r, path);
		assert_status(&t, 200);
		assert_false(is_over(&t));
		if (json_int_at(json_get(t.json, "counts"), "created", 0) > 0)
			return;
	}
	fail_msg("%s does not write", path);
}

static int64_t counted(const struct told *t, const char *what)
{
	return json_int_at(json_get(t->json, "counts"), what, -1);
}

static bool is_there(const char *customer)
{
	struct told t = relais_get(&r, arena_printf(&r.arena, "/v1/customers/%s", customer).p);
	return t.status == 200;
}

/* ---- a good file ---- */

static void what_is_understood(void **state)
{
	(void)state;
	struct str file = STR("Client;Segment;Langue;Canal;Nom\nU1;vip;fr;sms;Zo\xe9\n");
	struct told t = check("customers", "u1", file);
	assert_status(&t, 200);
	assert_str(json_str_at(t.json, "state"), "checked");
	struct json u = json_get(t.json, "understood");
	assert_str(json_str_at(u, "encoding"), "Windows-1252");
	assert_str(json_str_at(u, "separator"), ";");
	assert_int_equal(json_int_at(u, "rows", 0), 1);
	struct json column = json_item(json_get(u, "columns"), 4);
	assert_str(json_str_at(column, "column"), "Nom");
	assert_str(json_str_at(column, "member"), "person.name");
	assert_str(json_str_at(json_get(json_first(json_get(u, "sample")), "person"), "name"),
		"Zo\xc3\xa9");
	assert_false(is_there("U1"));
}

static void once_for_a_key(void **state)
{
	(void)state;
	struct str file = customers("K", 3, "private");
	struct told t = start("customers", "key", file);
	const char *path = arena_printf(&files, "%s", t.location).p;
	t = until_over(path);
	assert_str(json_str_at(t.json, "state"), "done");
	assert_int_equal(counted(&t, "created"), 3);
	t = start("customers", "key", file);
	assert_true(t.replayed);
	t = ask("kind=customers", "key", customers("K", 4, "private"), "text/csv");
	assert_problem(&t, 422, "key-reused");
	/* another key: a request of its own, which changes nothing */
	t = start("customers", "key-2", file);
	t = until_over(t.location);
	assert_int_equal(counted(&t, "same"), 3);
	/* the next server knows the first by its key, and answers it again */
	relais_stop(&r);
	relais_restart(&r, false);
	t = start("customers", "key", file);
	assert_true(t.replayed);
	assert_str(json_str_at(t.json, "state"), "done");
	assert_int_equal(counted(&t, "created"), 3);
}

static void in_parts(void **state)
{
	(void)state;
	struct str file = customers("P", 8000, "private"), list = STR("");
	char hex[HASH_TEXT];
	assert_true(file.n > PART);
	struct told t = check("customers", "large", file);
	assert_problem(&t, 413, "too-large");
	for (size_t at = 0; at < file.n; at += PART) {
		struct str part = {file.p + at, file.n - at < PART ? file.n - at : PART};
		struct hash hash = hash_of(part);
		list = arena_printf(&r.arena, "%.*s%s\"%.*s\"", STR_FMT(list), at ? "," : "",
			STR_FMT(hash_print(&hash, hex)));
		struct ask a = {.method = "PUT",
			.path = arena_printf(&r.arena, "/v1/uploads/%s", hex).p,
			.type = "application/octet-stream",
			.body = part};
		t = relais_ask(&r, &a);
		assert_status(&t, 204);
	}
	struct str body = arena_printf(&r.arena,
		"{\"mapping\":\"[absent]\\nperson.phone = +33 1\\n\",\"parts\":[%.*s]}",
		STR_FMT(list));
	t = ask("kind=customers&dry_run=true", "parts", body, "application/json");
	assert_status(&t, 200);
	assert_int_equal(json_int_at(json_get(t.json, "understood"), "rows", 0), 8000);
	assert_non_null(strstr(t.body.p, "\"phone\":\"+33 1\""));
	t = ask("kind=customers", "gone",
		STR("{\"parts\":"
		    "[\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"]}"),
		"application/json");
	assert_problem(&t, 422, "invalid");
}

/* ---- files that nobody should send ---- */

static void hostile_files(void **state)
{
	(void)state;
	char *line = arena_alloc(&files, 200000), *bytes = arena_alloc(&files, 100000);
	memset(line, 'x', 200000);
	for (size_t i = 0; i < 100000; i++)
		bytes[i] = (char)(i * 131 + i / 251);
	const struct {
		const char *what;
		struct str file;
	} table[] = {
		{"binary", {bytes, 100000}},
		{"one line", {line, 200000}},
		{"quotes", STR(HEADER "\"\"\"\"\"\n\"C1")},
		{"half a character", STR("\xef\xbb\xbf" HEADER "C1,vip,fr,sms,\xc3")},
		{"json that ends", STR("[{\"customer\":")},
		{"deep json", STR("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")},
		{"another kind", STR("vin,model\nZAMDEMC1T0D200001,Levante\n")},
		{"a zero", {HEADER "C1,vip,fr,sms,\0\n", sizeof HEADER + 16}},
	};
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct told t = check("customers", table[i].what, table[i].file);
		if (t.status != 200 || json_int_at(t.json, "faults_total", 0) < 1)
			fail_msg("%s: %d %.*s", table[i].what, t.status, STR_FMT(t.body));
		t = start(
			"customers", arena_printf(&r.arena, "%s!", table[i].what).p, table[i].file);
		t = until_over(t.location);
		assert_str(json_str_at(t.json, "state"), "failed");
	}
	struct told t = check("customers", "empty", STR(""));
	assert_problem(&t, 422, "invalid");
	t = ask("kind=customers&dry_run=maybe", "x", STR("x"), "text/csv");
	assert_problem(&t, 400, "malformed");
	t = ask("kind=customers", NULL, STR("x"), "text/csv");
	assert_problem(&t, 400, "idempotency-key");
}

static void ten_thousand_faults(void **state)
{
	(void)state;
	size_t cap = 200 + (size_t)FAULTS * 20, n;
	char *p = arena_alloc(&files, cap);
	n = (size_t)snprintf(p, cap, HEADER);
	for (int i = 0; i < FAULTS; i++)
		n += (size_t)snprintf(p + n, cap - n, "F%d,x,fr,sms,N\n", i);
	struct told t = check("customers", "faults", (struct str){p, n});
	assert_status(&t, 200);
	assert_int_equal(json_int_at(t.json, "faults_total", 0), FAULTS);
	struct json faults = json_get(t.json, "faults"), last;
	assert_int_equal(json_count(faults), 1000);
	last = json_item(faults, 999);
	assert_int_equal(json_int_at(last, "line", 0), 1001);
	assert_str(json_str_at(last, "pointer"), "/segment");
	t = relais_get(&r, arena_printf(&r.arena, "/v1/imports/%.*s/rejected",
				   STR_FMT(json_str_at(t.json, "import")))
				   .p);
	assert_status(&t, 200);
	assert_non_null(strstr(t.body.p, "F9999,x,fr,sms,N,\"/segment must be one of"));
}

static void good_rows_alone(void **state)
{
	(void)state;
	struct str file = STR(HEADER "G1,vip,fr,sms,A\nG2,king,fr,sms,B\nG3,vip,fr,sms,C\n");
	struct told t = start("customers", "whole", file);
	t = until_over(t.location);
	assert_str(json_str_at(t.json, "state"), "failed");
	assert_false(is_there("G1"));
	t = ask("kind=customers&partial=true", "partial", file, "text/csv");
	t = until_over(t.location);
	assert_str(json_str_at(t.json, "state"), "done");
	assert_int_equal(counted(&t, "created"), 2);
	assert_true(is_there("G3") && !is_there("G2"));
}

/* ---- beside others ---- */

static void a_desk_goes_on(void **state)
{
	(void)state;
	struct told t = start("customers", "desk", customers("D", 3 * MANY, "private"));
	const char *path = arena_printf(&files, "%s", t.location).p;
	until_amid(path);
	for (int i = 0; i < 2; i++) {
		struct told offer = relais_offer(&r, 3 + 7 * i, 1);
		assert_status(&offer, 200);
		t = relais_post(&r, "/v1/bookings", arena_printf(&r.arena, "desk-%d", i).p,
			arena_printf(&r.arena,
				"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\","
				"\"customer\":\"" OWN_CUSTOMER "\"}",
				STR_FMT(json_str_at(offer.json, "offer")))
				.p);
		assert_status(&t, 201);
	}
	t = relais_get(&r, path);
	assert_false(is_over(&t)); /* the desk did not wait for its end */
	t = until_over(path);
	assert_int_equal(counted(&t, "created"), 3 * MANY);
}

static void two_at_once(void **state)
{
	(void)state;
	struct str file = customers("T", MANY / 3, "private");
	struct told a = start("customers", "two-a", file), b = start("customers", "two-b", file);
	const char *path = arena_printf(&files, "%s", b.location).p;
	a = until_over(a.location);
	assert_str(json_str_at(a.json, "state"), "done");
	int64_t created = counted(&a, "created"), refused = counted(&a, "refused");
	b = until_over(path);
	assert_str(json_str_at(b.json, "state"), "done");
	/* each row once, by whichever came first */
	assert_int_equal(created + counted(&b, "created"), MANY / 3);
	assert_int_equal(refused + counted(&b, "refused"), 0);
}

/* ---- in the midst of it ---- */

static void killed(void **state)
{
	(void)state;
	struct str file = customers("X", MANY, "private");
	struct told t = start("customers", "killed", file);
	const char *path = arena_printf(&files, "%s", t.location).p;
	until_amid(path);
	assert_int_equal(process_stop(&r.process, SIGKILL, STOP_WAIT_MS), 128 + SIGKILL);
	relais_restart(&r, false);
	t = relais_get(&r, path);
	assert_str(json_str_at(t.json, "state"), "interrupted");
	assert_true(is_there("X0"));
	/* the same file goes on where it was, and then there is nothing left to do */
	t = start("customers", "killed-again", file);
	t = until_over(t.location);
	assert_int_equal(counted(&t, "created") + counted(&t, "same"), MANY);
	assert_true(counted(&t, "same") > 0 && counted(&t, "created") > 0);
	t = start("customers", "killed-third", file);
	t = until_over(t.location);
	assert_int_equal(counted(&t, "same"), MANY);
}

static void stopped(void **state)
{
	(void)state;
	struct str file = customers("S", MANY, "private");
	struct told t = start("customers", "stopped", file);
	const char *path = arena_printf(&files, "%s", t.location).p;
	until_amid(path);
	relais_stop(&r); /* ends with 0 */
	relais_restart(&r, false);
	t = relais_get(&r, path);
	assert_str(json_str_at(t.json, "state"), "stopped");
	int64_t before = counted(&t, "created");
	assert_true(before > 0 && before < MANY);
	t = start("customers", "stopped-again", file);
	t = until_over(t.location);
	assert_int_equal(counted(&t, "same"), before);
	assert_int_equal(counted(&t, "created"), MANY - before);
}

static struct told stop(const char *path, const char *key)
{
	return relais_post(&r, arena_printf(&r.arena, "%s/stop", path).p, key, "{}");
}

/* Somebody stops it: what was written stays, and is taken back when he says so. */
static void asked_to_stop(void **state)
{
	(void)state;
	struct told t = start("customers", "halt", customers("H", MANY, "private"));
	const char *path = arena_printf(&files, "%s", t.location).p;
	until_amid(path);
	t = stop(path, "halt-1");
	assert_status(&t, 202);
	t = until_over(path);
	assert_str(json_str_at(t.json, "state"), "stopped");
	assert_str(json_str_at(t.json, "stopped_by"), "asked");
	int64_t written = counted(&t, "created");
	assert_true(written > 0 && written < MANY && is_there("H0"));
	t = stop(path, "halt-2"); /* it is what was wanted */
	assert_status(&t, 202);
	t = relais_post(&r, arena_printf(&r.arena, "%s/undo", path).p, "halt-undo", "{}");
	assert_status(&t, 202);
	t = until_over(path);
	assert_int_equal(json_int_at(json_get(t.json, "undone"), "taken_back", 0), written);
	assert_false(is_there("H0"));
	t = stop(path, "halt-3");
	assert_problem(&t, 409, "wrong-state");
}

/* One that waits for its turn has none. */
static void stopped_while_it_waits(void **state)
{
	const char *path[3];
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(path); i++) {
		const char *key = arena_printf(&files, "queue-%zu", i).p;
		struct told t = start("customers", key, customers(key, MANY, "private"));
		path[i] = arena_printf(&files, "%s", t.location).p;
	}
	for (size_t i = ARRAY_LEN(path); i-- > 0;) {
		struct told t = stop(path[i], arena_printf(&files, "dequeue-%zu", i).p);
		assert_status(&t, 202);
		if (i == 2) {
			assert_str(json_str_at(t.json, "state"), "stopped");
			t = relais_post(
				&r, arena_printf(&r.arena, "%s/undo", path[i]).p, "never", "{}");
			assert_problem(&t, 409, "wrong-state");
		}
		t = until_over(path[i]);
		assert_str(json_str_at(t.json, "state"), "stopped");
	}
	assert_false(is_there("queue-2"));
}

/* ---- and back ---- */

static void undone(void **state)
{
	(void)state;
	struct told t = start("customers", "back", customers("B", 20, "private"));
	const char *path = arena_printf(&files, "%s", t.location).p;
	(void)until_over(path);
	struct ask edit = {.method = "PUT",
		.path = "/v1/customers/B3",
		.if_match = "*",
		.body = STR(
			"{\"segment\":\"vip\",\"language\":\"fr\",\"preferred_channel\":\"sms\","
			"\"person\":{\"name\":\"Somebody else\"}}")};
	t = relais_ask(&r, &edit);
	assert_status(&t, 200);
	t = relais_put(&r, "/v1/vehicles/ZAMDEMC1T0D200077",
		"{\"model\":\"Levante (invented)\",\"owner\":\"B5\"}");
	assert_status(&t, 201);
	t = relais_post(&r, arena_printf(&r.arena, "%s/undo", path).p, "undo", "{}");
	assert_status(&t, 202);
	t = until_over(path);
	assert_str(json_str_at(t.json, "state"), "undone");
	struct json u = json_get(t.json, "undone"), why = json_get(u, "why");
	assert_int_equal(json_int_at(u, "taken_back", 0), 18);
	assert_int_equal(json_int_at(u, "stays", 0), 2);
	assert_int_equal(json_count(why), 2);
	assert_true(is_there("B3") && is_there("B5") && !is_there("B0"));
	/* what stays is remembered by the journal, why by the server alone */
	relais_stop(&r);
	relais_restart(&r, false);
	t = relais_get(&r, path);
	assert_int_equal(json_int_at(json_get(t.json, "undone"), "stays", 0), 2);
	const char *const verify[] = {"verify", "--data", r.scratch.dir, NULL};
	char said[400];
	relais_stop(&r);
	assert_int_equal(relais_run(&r, verify, said, sizeof said), 0);
	relais_restart(&r, false);
}

static int open_house(void **state)
{
	(void)state;
	arena_init(&files, ARENA_MAX_DEFAULT);
	relais_start(&r, false);
	relais_furnish(&r);
	return 0;
}

static int close_house(void **state)
{
	(void)state;
	relais_stop(&r);
	relais_remove(&r);
	arena_deinit(&files);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_understood),
		cmocka_unit_test(once_for_a_key),
		cmocka_unit_test(in_parts),
		cmocka_unit_test(hostile_files),
		cmocka_unit_test(ten_thousand_faults),
		cmocka_unit_test(good_rows_alone),
		cmocka_unit_test(a_desk_goes_on),
		cmocka_unit_test(two_at_once),
		cmocka_unit_test(killed),
		cmocka_unit_test(stopped),
		cmocka_unit_test(asked_to_stop),
		cmocka_unit_test(stopped_while_it_waits),
		cmocka_unit_test(undone),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, open_house, close_house);
}
