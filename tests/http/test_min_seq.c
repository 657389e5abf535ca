/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Relais-Min-Seq: what one server told is not unknown to the next answer, or it is 503. */

#include <inttypes.h>

#include "tests/http/relais.h"

static struct relais r;

static struct response ask(struct client *c, const char *min_seq)
{
	char bearer[TOKEN_TEXT + 16];
	struct client_header headers[] = {
		{"Authorization", bearer}, {"Relais-Min-Seq", min_seq}, {NULL, NULL}};

	snprintf(bearer, sizeof bearer, "Bearer %s", r.admin);
	return client_request(c, "GET", "/v1/sites/" OWN_SITE, headers, STR_NULL);
}

static void status_is(const char *min_seq, int status)
{
	struct client *c = client_open(r.port);
	struct response answer = ask(c, min_seq);

	if (answer.status != status)
		fail_msg("\"%s\" is answered %d", min_seq, answer.status);
	if (status == 503)
		assert_str(response_header(&answer, "retry-after"), "1");
	response_free(&answer);
	client_close(c);
}

/* How far the site's journal is. */
static uint64_t head(void)
{
	struct told t = relais_get(&r, "/v1/sites/" OWN_SITE);
	unsigned long long seq;

	assert_int_equal(sscanf(t.seq, OWN_SITE "=%llu", &seq), 1);
	return seq;
}

static void what_was_told_is_known(void **state)
{
	struct told t = relais_get(&r, "/v1/sites/" OWN_SITE);
	char more[64];

	(void)state;
	status_is(t.seq, 200); /* as it was told */
	status_is(OWN_SITE "=0", 200);
	status_is("none=0 , directory=1", 200);
	snprintf(more, sizeof more, OWN_SITE "=%" PRIu64, head() + 1);
	status_is(more, 503);
	status_is("none=1", 503);
}

static void what_is_not_formed_so_is_refused(void **state)
{
	static const char *const bad[] = {"", "T1", "T1=", "=1", "T1=x", "T1=-1", "T 1=1", ",",
		"T1=99999999999999999999", "a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1"};

	(void)state;
	for (size_t i = 1; i < ARRAY_LEN(bad); i++)
		status_is(bad[i], 400);
}

/* The entry comes while somebody waits for it. */
static void whoever_waits_goes_on_with_the_entry(void **state)
{
	struct client *waits = client_open(r.port);
	char request[400];

	(void)state;
	snprintf(request, sizeof request,
		"GET /v1/sites/" OWN_SITE " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n"
		"Relais-Min-Seq: " OWN_SITE "=%" PRIu64 "\r\n\r\n",
		r.admin, head() + 1);
	assert_true(client_send_text(waits, request));
	struct told t = relais_post(&r, "/v1/resources/" OWN_CAR "/ready", "go-on", "{}");
	assert_status(&t, 200);
	struct response answer = client_read(waits, false, CLIENT_WAIT_MS);
	assert_int_equal(answer.status, 200);
	response_free(&answer);
	client_close(waits);
}

static int set_up(void **state)
{
	(void)state;
	relais_start(&r, false);
	relais_furnish(&r);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	relais_stop(&r);
	relais_remove(&r);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_told_is_known),
		cmocka_unit_test(what_is_not_formed_so_is_refused),
		cmocka_unit_test(whoever_waits_goes_on_with_the_entry),
	};
	relais_find(&r, argc, argv);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
