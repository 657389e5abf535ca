/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* HUP takes a configuration as a whole or not at all, and says which; what TERM does to whoever is
 * still there. */

#include <signal.h>

#include "tests/http/house.h"
#include "tests/http/served.h"

static struct served s;

static int setup(void **state)
{
	(void)state;
	served_make(&s);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	served_remove(&s);
	return 0;
}

static void a_broken_file_changes_nothing(void **state)
{
	(void)state;
	served_write(&s, "relais.conf", "http.streams_max = 7\n");
	served_start(&s);
	assert_true(served_metric_is(&s, "relais_http_streams_max 7\n"));
	/* one good line, one that is not: neither counts */
	served_write(&s, "relais.conf", "http.streams_max = 8\nhttp.stream_max = 9\n");
	served_signal(&s, SIGHUP);
	const char *heard = served_hear(&s, "HUP: ");
	assert_non_null(strstr(heard, "relais.conf:2: \"http.stream_max\" is not a key: did you "
				      "mean \"http.streams_max\"?\n"));
	assert_non_null(strstr(heard, "HUP: nothing was changed: the configuration has 1 fault\n"));
	assert_true(served_metric_is(&s, "relais_http_streams_max 7\n"));
	assert_true(served_metric_is(&s, "relais_config_reloads_total{outcome=\"refused\"} 1\n"));
	assert_true(served_metric_is(&s, "relais_config_reload_failed 1\n"));
	const char *ready = served_get(&s, "/readyz", NULL, 200);
	assert_memory_equal(ready, "ready\n", 6);
	assert_non_null(strstr(ready, "relais.conf:2: \"http.stream_max\""));
	/* repaired */
	served_write(&s, "relais.conf", "http.streams_max = 8\n");
	served_signal(&s, SIGHUP);
	served_hear(&s, "HUP: the configuration was read again\n");
	assert_true(served_metric_is(&s, "relais_http_streams_max 8\n"));
	assert_true(served_metric_is(&s, "relais_config_reload_failed 0\n"));
	assert_string_equal(served_get(&s, "/readyz", NULL, 200), "ready\n");
	served_stop(&s);
}

/* A limit that HUP brings is the one that is kept from then on. */
static void limits_change_for_whoever_comes(void **state)
{
	static char body[4096];
	struct response r;

	(void)state;
	served_start(&s);
	memset(body, ' ', sizeof body);
	r = client_once(s.port, "POST", "/v1/offers", NULL, (struct str){body, sizeof body});
	assert_int_equal(r.status, 401);
	response_free(&r);
	served_write(&s, "relais.conf", "http.body_bytes_max = 1024\n");
	served_signal(&s, SIGHUP);
	served_hear(&s, "HUP: ");
	r = client_once(s.port, "POST", "/v1/offers", NULL, (struct str){body, sizeof body});
	assert_int_equal(r.status, 413);
	response_free(&r);
	served_stop(&s);
}

static void what_takes_a_restart_says_so(void **state)
{
	char text[SCRATCH_PATH * 3];

	(void)state;
	s.by_file = true;
	snprintf(text, sizeof text, "data = %s\nlisten = 127.0.0.1:0\n", s.data);
	served_write(&s, "relais.conf", text);
	served_start(&s);
	served_write(&s, "relais.conf",
		"data = /srv/elsewhere\nlisten = 127.0.0.1:0\nhttp.aborts_max = 9\n");
	served_signal(&s, SIGHUP);
	snprintf(text, sizeof text, "relais: \"data\" stays %s until a restart\n", s.data);
	assert_non_null(strstr(served_hear(&s, "HUP: the configuration was read again"), text));
	served_stop(&s);
}

/* It goes before the file: nothing would change at a restart either. */
static void the_command_line_stays(void **state)
{
	(void)state;
	served_start(&s);
	served_write(&s, "relais.conf", "data = /srv/elsewhere\n");
	served_signal(&s, SIGHUP);
	assert_null(strstr(served_hear(&s, "HUP: "), "restart"));
	served_stop(&s);
}

static void secrets_come_from_files(void **state)
{
	char path[SCRATCH_PATH * 2], text[SCRATCH_PATH * 3];

	(void)state;
	scratch_path(&s.scratch, "token", path);
	snprintf(text, sizeof text, "metrics.token_file = %s\n", path);
	served_start(&s);
	served_write(&s, "relais.conf", text);
	served_signal(&s, SIGHUP);
	assert_non_null(strstr(served_hear(&s, "HUP: "), "token cannot be read"));
	served_write(&s, "token", "scrape-0123456789\n");
	assert_int_equal(chmod(path, 0644), 0);
	served_signal(&s, SIGHUP);
	assert_non_null(strstr(served_hear(&s, "HUP: "), "may be read by everybody"));
	assert_int_equal(chmod(path, 0640), 0);
	served_signal(&s, SIGHUP);
	assert_null(strstr(served_hear(&s, "HUP: "), "scrape-"));
	served_get(&s, "/metrics", "Bearer scrape-0123456789", 200);
	served_stop(&s);
}

static struct response asked_with(const char *token)
{
	const struct client_header headers[] = {{"Authorization", token}, {NULL, NULL}};
	return client_once(s.port, "GET", "/v1/sites", headers, STR_NULL);
}

/* A limit that HUP brings holds for each token by itself, and a 429 says when to come again. */
static void a_token_has_its_share(void **state)
{
	static struct told told;
	static const char *const names[] = {"dms", "screen"};
	char bearer[2][200];

	(void)state;
	served_start(&s);
	for (int i = 0; i < 2; i++) {
		relais(&told, "token", "create", "--data", s.data, "--name", names[i], "--role",
			"auditor");
		told_code(&told, 0);
		snprintf(bearer[i], sizeof bearer[i], "Bearer %.*s", (int)strcspn(told.out, "\n"),
			told.out);
	}
	struct response r = asked_with(bearer[0]);
	assert_int_equal(r.status, 200);
	assert_null(response_header(&r, "ratelimit").p);
	response_free(&r);
	served_write(&s, "relais.conf", "token.requests_max = 2\n");
	served_signal(&s, SIGHUP);
	(void)served_hear(&s, "HUP: ");
	for (int i = 1; i <= 5; i++) {
		r = asked_with(bearer[i == 5]);
		assert_int_equal(r.status, i == 3 || i == 4 ? 429 : 200);
		assert_str(response_header(&r, "ratelimit-policy"), "\"token\";q=2;w=60");
		assert_non_null(response_header(&r, "ratelimit").p);
		long wait_s = r.status == 429
				      ? strtol(response_header(&r, "retry-after").p, NULL, 10)
				      : 1;
		assert_in_range(wait_s, 1, 60);
		response_free(&r);
	}
	assert_true(served_metric_is(&s, "\nrelais_token_requests_refused_total 2\n"));
	assert_true(served_metric_is(&s, "\nrelais_problems_total{reason=\"too-many\"} 2\n"));
	served_stop(&s);
}

static int status_for(const char *name, const char *value)
{
	const struct client_header headers[] = {
		{"X-Forwarded-For", "203.0.113.7"}, {name, value}, {NULL, NULL}};
	struct response r = client_once(s.port, "GET", "/status", headers, STR_NULL);
	int status = r.status;
	response_free(&r);
	return status;
}

/* A page for whoever runs it, and for nobody else that a proxy brings. */
static void the_status_is_read_by_people(void **state)
{
	char path[SCRATCH_PATH * 2], text[SCRATCH_PATH * 3];
	const char *page;

	(void)state;
	scratch_path(&s.scratch, "token", path);
	snprintf(text, sizeof text, "metrics.token_file = %s\n", path);
	served_write(&s, "token", "scrape-0123456789\n");
	assert_int_equal(chmod(path, 0640), 0);
	served_write(&s, "relais.conf", text);
	served_start(&s);
	page = served_get(&s, "/status", NULL, 200);
	assert_non_null(strstr(page, "Nothing deserves a look"));
	assert_non_null(strstr(page, "<th>Certificate</th><td>none: plain HTTP"));
	assert_non_null(strstr(page, "none are made by the clock"));
	assert_non_null(strstr(page, "MiB are free on the disk"));
	assert_non_null(strstr(page, "0 of 4096 commands waiting"));
	assert_int_equal(status_for("Accept", "*/*"), 404);
	assert_int_equal(status_for("Authorization", "Bearer scrape-0123456780"), 404);
	assert_int_equal(status_for("Authorization", "Bearer scrape-0123456789"), 200);
	served_write(&s, "relais.conf", "nonsense <b>\n");
	served_signal(&s, SIGHUP);
	(void)served_hear(&s, "HUP: ");
	page = served_get(&s, "/status", NULL, 200);
	assert_non_null(strstr(page, "the configuration was not read again"));
	assert_null(strstr(page, "Nothing deserves a look"));
	served_stop(&s);
}

/* A stream stays open for as long as its client likes: TERM ends it, and the exit code is 0. */
static void term_drains(void **state)
{
	struct client *idle, *half;

	(void)state;
	served_start(&s);
	idle = client_open(s.port);
	half = client_open(s.port);
	assert_non_null(idle);
	assert_non_null(half);
	assert_true(client_send_text(half, "POST /v1/offers HTTP/1.1\r\nHost: x\r\n"));
	served_signal(&s, SIGTERM);
	assert_true(client_wait_closed(idle, CLIENT_WAIT_MS));
	assert_int_equal(process_wait(&s.process, 25000 + 5000), 0);
	client_close(idle);
	client_close(half);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_broken_file_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(limits_change_for_whoever_comes, setup, teardown),
		cmocka_unit_test_setup_teardown(what_takes_a_restart_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(the_command_line_stays, setup, teardown),
		cmocka_unit_test_setup_teardown(secrets_come_from_files, setup, teardown),
		cmocka_unit_test_setup_teardown(the_status_is_read_by_people, setup, teardown),
		cmocka_unit_test_setup_teardown(a_token_has_its_share, setup, teardown),
		cmocka_unit_test_setup_teardown(term_drains, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
