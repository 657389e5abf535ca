/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Live events that resume, and the journal's export, which anyone can check. */

#include <inttypes.h>

#include "tests/http/relais.h"

enum { HEAR_MS = 10000 };

static struct relais r;

/* A stream of T1's events; `last` NULL: from now on. */
static struct client *listen_from(const char *last)
{
	struct client *c = client_open(r.port);
	char text[400];
	assert_non_null(c);
	snprintf(text, sizeof text,
		"GET /v1/events?site=" OWN_SITE
		" HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
		"%s%s%s\r\n",
		r.admin, last ? "Last-Event-ID: " : "", last ? last : "", last ? "\r\n" : "");
	assert_true(client_send_text(c, text));
	assert_true(client_wait_text(c, "text/event-stream", HEAR_MS));
	assert_true(client_wait_text(c, "retry: 2000", HEAR_MS));
	return c;
}

static uint64_t own_seq(void)
{
	struct told t = relais_get(&r, "/v1/resources/" OWN_CAR);
	const char *at = strstr(t.seq, OWN_SITE "=");
	assert_non_null(at);
	return strtoull(at + strlen(OWN_SITE "="), NULL, 10);
}

/* Something happens at T1; its sequence number. */
static uint64_t happen(const char *key)
{
	struct told t = relais_post(&r, "/v1/resources/" OWN_CAR "/ready", key,
		"{\"fuel_percent\":90,\"where\":\"yard\"}");
	assert_status(&t, 200);
	return own_seq();
}

static void assert_heard(struct client *c, uint64_t seq)
{
	char id[40];
	snprintf(id, sizeof id, "id: %" PRIu64 "\nevent: entry\ndata: {", seq);
	if (!client_wait_text(c, id, HEAR_MS))
		fail_msg("entry %" PRIu64 " was not heard", seq);
}

static void new_entries_are_heard(void **state)
{
	(void)state;
	struct client *c = listen_from(NULL);
	uint64_t seq = happen("live-1");
	assert_heard(c, seq);
	assert_heard(c, happen("live-2"));
	/* T2's affairs are not T1's */
	struct told t = relais_post(&r, "/v1/resources/T2-car-1/ready", "live-3", "{}");
	assert_status(&t, 200);
	assert_int_equal(own_seq(), seq + 1);
	client_close(c);
}

/* What the board of T1 says of its desk that day. */
static bool desk_is_on_board(void)
{
	struct told t = relais_get(
		&r, "/v1/board?site=" OWN_SITE "&from=2031-03-26T00:00&until=2031-03-29T00:00");
	assert_status(&t, 200);
	return strstr(t.body.p, "\"what\":\"desk_out\"") != NULL;
}

static void heard_of(struct client *c, struct str booking)
{
	char sign[120];
	snprintf(sign, sizeof sign, "{\"id\":\"%.*s\",\"kind\":\"booking\"}],\"kind\":\"tick\"",
		STR_FMT(booking));
	assert_true(client_wait_text(c, sign, HEAR_MS));
}

/* T2 sends a car: the desk that hands it over is T1's, and T1 keeps it without being asked. */
static void the_desk_of_a_lent_car_is_kept_soon(void **state)
{
	(void)state;
	struct told t = relais_put(&r, "/v1/resources/T1-desk",
		"{\"site\":\"" OWN_SITE
		"\",\"kind\":\"desk\",\"solutions\":[\"loaner_brand\"],\"class\":\"desk\","
		"\"label\":\"The desk\",\"seats\":1,\"turnaround_minutes\":0,\"status\":"
		"\"active\"}");
	assert_status(&t, 201);
	t = relais_put(&r, "/v1/resources/T2-lent",
		"{\"site\":\"" OTHER_SITE
		"\",\"kind\":\"car\",\"solutions\":[\"loaner_brand\"],\"class\":\"levante\","
		"\"label\":\"Levante (invented)\",\"seats\":1,\"status\":\"active\","
		"\"shared_with\":[{\"site\":\"" OWN_SITE "\",\"transfer_minutes\":60}]}");
	assert_status(&t, 201);
	t = relais_offer(&r, 27, 1);
	struct str body = arena_printf(&r.arena,
		"{\"offer\":\"%.*s\",\"solution\":\"loaner_brand\",\"class\":\"levante\","
		"\"customer\":\"C1\",\"home_site\":\"" OTHER_SITE "\"}",
		STR_FMT(json_str_at(t.json, "offer")));
	struct client *c = listen_from(NULL);
	struct told b = relais_post(&r, "/v1/bookings", "lent", body.p);
	assert_status(&b, 201);
	heard_of(c, json_str_at(b.json, "booking"));
	client_close(c);
	assert_true(desk_is_on_board());
	c = listen_from(NULL);
	t = relais_post(&r, arena_printf(&r.arena, "%s/cancel", b.location).p, "unlent",
		"{\"reason\":\"a taxi will do\"}");
	assert_status(&t, 200);
	heard_of(c, json_str_at(b.json, "booking"));
	client_close(c);
	assert_false(desk_is_on_board());
}

static void a_stream_resumes(void **state)
{
	char last[32];
	(void)state;
	uint64_t seq = happen("resume-1");
	snprintf(last, sizeof last, "%" PRIu64, seq);
	happen("resume-2");
	happen("resume-3");
	struct client *c = listen_from(last);
	assert_heard(c, seq + 1);
	assert_heard(c, seq + 2);
	assert_heard(c, happen("resume-4"));
	client_close(c);
	/* from the very beginning */
	c = listen_from("0");
	assert_heard(c, 1);
	assert_heard(c, seq + 3);
	client_close(c);
}

static void a_stream_from_elsewhere_starts_anew(void **state)
{
	char text[80];
	(void)state;
	uint64_t seq = own_seq();
	struct client *c = listen_from("99999999");
	snprintf(text, sizeof text, "id: %" PRIu64 "\nevent: reset\n", seq);
	assert_true(client_wait_text(c, text, HEAR_MS));
	assert_heard(c, happen("reset-1"));
	client_close(c);
}

static void bad_ids_are_refused(void **state)
{
	static const char *const bad[] = {"x", "-1", "1.5", "99999999999999999999"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char bearer[TOKEN_TEXT + 16];
		snprintf(bearer, sizeof bearer, "Bearer %s", r.admin);
		struct client_header headers[] = {
			{"Authorization", bearer}, {"Last-Event-ID", bad[i]}, {NULL, NULL}};
		struct response got =
			client_once(r.port, "GET", "/v1/events?site=" OWN_SITE, headers, STR_NULL);
		assert_int_equal(got.status, 400);
		response_free(&got);
	}
}

/* ---- the journal ---- */

static void write_file(const char *path, struct str bytes)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	fclose(f);
}

static int verify(struct str bytes, char *out, size_t size)
{
	char path[SCRATCH_PATH * 2];
	const char *args[] = {
		"audit", "verify", scratch_path(&r.scratch, "export.jsonl", path), NULL};
	write_file(path, bytes);
	int code = relais_run(&r, args, out, size);
	unlink(path);
	return code;
}

static void the_export_can_be_checked(void **state)
{
	char out[600];
	(void)state;
	struct told t = relais_get(&r, "/v1/audit/journal?site=" OWN_SITE "&format=jsonl");
	assert_status(&t, 200);
	assert_string_equal(t.type, "application/jsonl");
	assert_int_equal(verify(t.body, out, sizeof out), 0);
	assert_non_null(strstr(out, "the chain holds"));

	/* a byte altered, a line taken out: the first bad entry is named */
	char *copy = arena_alloc(&r.arena, t.body.n + 1);
	memcpy(copy, t.body.p, t.body.n);
	char *second = strchr(copy, '\n') + 1;
	char *year = strstr(second, "\"at\":\"20");
	year[6] = '3';
	assert_int_equal(verify((struct str){copy, t.body.n}, out, sizeof out), 1);
	assert_non_null(strstr(out, "line 2: entry 2 is not good: it was altered"));
	char *third = strchr(second, '\n') + 1;
	size_t first_n = (size_t)(second - copy);
	memmove(copy + first_n, third, t.body.n - (size_t)(third - copy));
	size_t rest = t.body.n - (size_t)(third - second);
	assert_int_equal(verify((struct str){copy, rest}, out, sizeof out), 1);
	assert_non_null(strstr(out, "line 2: entry 2 is not good: it says it is entry 3"));
	assert_int_equal(verify(STR("not an entry\n"), out, sizeof out), 1);
}

static void an_export_may_begin_later(void **state)
{
	char out[600];
	(void)state;
	struct told t = relais_get(&r, "/v1/audit/journal?site=directory&from_seq=2");
	assert_status(&t, 200);
	assert_int_equal(verify(t.body, out, sizeof out), 0);
	assert_non_null(strstr(out, "of directory, 2 to "));
	t = relais_get(&r, "/v1/audit/journal?site=" OWN_SITE "&from_seq=100000");
	assert_status(&t, 200);
	assert_int_equal(t.body.n, 0);
	t = relais_get(&r, "/v1/audit/journal?site=T9");
	assert_problem(&t, 404, "not-found");
}

static void the_data_can_be_checked(void **state)
{
	static const char *const checks[][2] = {
		{"audit", "verify"}, {"audit", "replay"}, {"verify", NULL}};
	char out[600];
	(void)state;
	/* beside the running server */
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		const char *args[6] = {checks[i][0]};
		size_t n = 1;
		if (checks[i][1])
			args[n++] = checks[i][1];
		args[n++] = "--data";
		args[n++] = r.scratch.dir;
		args[n] = NULL;
		assert_int_equal(relais_run(&r, args, out, sizeof out), 0);
		assert_int_equal(strncmp(out, "0 ", 2), 0); /* findings */
	}
}

/* A stop ends streams, and the program still leaves with 0. */
static void a_stop_ends_streams(void **state)
{
	(void)state;
	struct client *c = listen_from(NULL);
	relais_stop(&r);
	assert_true(client_wait_closed(c, HEAR_MS));
	client_close(c);
	relais_restart(&r, false);
}

static int setup(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
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
		cmocka_unit_test(new_entries_are_heard),
		cmocka_unit_test(the_desk_of_a_lent_car_is_kept_soon),
		cmocka_unit_test(a_stream_resumes),
		cmocka_unit_test(a_stream_from_elsewhere_starts_anew),
		cmocka_unit_test(bad_ids_are_refused),
		cmocka_unit_test(the_export_can_be_checked),
		cmocka_unit_test(an_export_may_begin_later),
		cmocka_unit_test(the_data_can_be_checked),
		cmocka_unit_test(a_stop_ends_streams),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, setup, teardown);
}
