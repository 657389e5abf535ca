/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The configuration file: what is taken, and every fault with its line. */

#include "server/config.h"
#include "tests/lib/check.h"

static struct {
	uint32_t len;
	char sentence[8][600];
} told;

static void keep(void *context, const char *sentence)
{
	(void)context;
	assert_true(told.len < ARRAY_LEN(told.sentence));
	snprintf(told.sentence[told.len++], sizeof told.sentence[0], "%s", sentence);
}

static bool read_bytes(struct config *c, struct str text)
{
	struct config_faults faults = {.say = keep};
	told.len = 0;
	config_default(c);
	config_read(c, "relais.conf", text, &faults);
	config_check(c, &faults);
	assert_int_equal(faults.len, told.len);
	return faults.len == 0;
}

static bool read_text(struct config *c, const char *text)
{
	return read_bytes(c, str_from(text));
}

static void empty_is_the_default(void **state)
{
	struct config c;
	struct http_limits limits;
	(void)state;
	http_limits_default(&limits);
	assert_true(read_text(&c, ""));
	assert_string_equal(c.listen, "127.0.0.1:8080");
	assert_string_equal(c.data, "");
	assert_int_equal(c.limits.body_bytes_max, limits.body_bytes_max);
	assert_int_equal(c.limits.streams_max, limits.streams_max);
	assert_int_equal(c.data_mib_max, 65536);
}

static void all_is_taken(void **state)
{
	struct config c;
	(void)state;
	assert_true(read_text(&c, "# a comment\n"
				  "\n"
				  "listen = [::1]:0\r\n"
				  "  data=/srv/relais data  \n"
				  "http.streams_max\t=\t12\n"
				  "store.mib_max = 128\n"
				  "http.body_bytes_max = 1048576"));
	assert_string_equal(c.listen, "[::1]:0");
	assert_string_equal(c.data, "/srv/relais data");
	assert_int_equal(c.limits.streams_max, 12);
	assert_int_equal(c.data_mib_max, 128);
	assert_int_equal(c.limits.body_bytes_max, 1048576);
}

static void each_fault_has_its_line(void **state)
{
	static const struct {
		const char *line, *detail;
	} table[] = {
		{"lisen = 127.0.0.1:1", "\"lisen\" is not a key: did you mean \"listen\"?"},
		{"http.stream_max = 1",
			"\"http.stream_max\" is not a key: did you mean \"http.streams_max\"?"},
		{"colour = red", "\"colour\" is not a key"},
		{"listen", "this is not \"key = value\""},
		{"listen = 8080", "\"listen\" must be ADDRESS:PORT, such as 127.0.0.1:8080"},
		{"listen = ::1:8080", "\"listen\" must be ADDRESS:PORT, such as 127.0.0.1:8080"},
		{"listen = 127.0.0.1:65536",
			"\"listen\" must be ADDRESS:PORT, such as 127.0.0.1:8080"},
		{"data =", "\"data\" must be a path"},
		{"tls.certificate = /etc/relais/site.pem",
			"\"tls.certificate\" and \"tls.key\" go together"},
		{"tls.key = /etc/relais/site.key",
			"\"tls.certificate\" and \"tls.key\" go together"},
		{"webhook.url = https://dms.example/hook",
			"\"webhook.url\" and \"webhook.secret_file\" go together"},
		{"smtp.url = smtp://mail.example", "\"smtp.url\" and \"smtp.from\" go together"},
		{"smtp.url = mail.example",
			"\"smtp.url\" must be smtp://HOST:PORT or smtps://HOST:PORT"},
		{"smtp.url = smtp://me@mail.example",
			"\"smtp.url\" must be smtp://HOST:PORT or smtps://HOST:PORT"},
		{"smtp.from = desk",
			"\"smtp.from\" must be an e-mail address, such as desk@example.org"},
		{"smtp.user = me", "\"smtp.user\" and \"smtp.password_file\" go together"},
		{"smtp.plain = 1\nsmtp.user = me\nsmtp.password_file = /run/pass",
			"a password is not sent in the clear: \"smtp.plain\" and \"smtp.user\" "
			"do not go together"},
		{"sms.url = http://gateway.example/send",
			"\"sms.url\" must be https://: plain http needs sms.private = 1"},
		{"public.url = http//loan.example", "\"public.url\" must be https://HOST/PATH"},
		{"backup.at = 24:00", "\"backup.at\" must be an hour and a minute, such as 03:15"},
		{"backup.at = 3:15", "\"backup.at\" must be an hour and a minute, such as 03:15"},
		{"backup.keep = 0", "\"backup.keep\" must be a whole number from 1 to 1000"},
		{"store.mib_max = 63",
			"\"store.mib_max\" must be a whole number from 64 to 4194304"},
		{"http.streams_max = 0",
			"\"http.streams_max\" must be a whole number from 1 to 65536"},
		{"http.streams_max = 65537",
			"\"http.streams_max\" must be a whole number from 1 to 65536"},
		{"http.streams_max = -1",
			"\"http.streams_max\" must be a whole number from 1 to 65536"},
		{"http.streams_max = 1k",
			"\"http.streams_max\" must be a whole number from 1 to 65536"},
		{"http.streams_max = 4294967297",
			"\"http.streams_max\" must be a whole number from 1 to 65536"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct config c;
		char text[200];
		snprintf(text, sizeof text, "# first\n\n%s\n", table[i].line);
		assert_false(read_text(&c, text));
		assert_int_equal(told.len, 1);
		snprintf(text, sizeof text, "relais.conf:3: %s", table[i].detail);
		assert_string_equal(told.sentence[0], text);
	}
}

static void all_faults_are_told(void **state)
{
	struct config c;
	(void)state;
	assert_false(read_text(&c, "a\nlisten = x\ndata = /d\ndata = /e\nhttp.aborts_max = 0\n"));
	assert_int_equal(told.len, 4);
	assert_string_equal(told.sentence[0], "relais.conf:1: this is not \"key = value\"");
	assert_memory_equal(told.sentence[1], "relais.conf:2: ", 15);
	assert_string_equal(told.sentence[2], "relais.conf:4: \"data\" was given before");
	assert_memory_equal(told.sentence[3], "relais.conf:5: ", 15);
}

static void hostile_bytes(void **state)
{
	struct config c;
	char line[600];
	(void)state;
	assert_false(read_bytes(&c, (struct str){"listen\0=1\n", 10}));
	assert_int_equal(told.len, 1);
	memset(line, 'a', sizeof line);
	memcpy(line + 500, "=1\n", 4);
	assert_false(read_text(&c, line));
	assert_int_equal(told.len, 1);
	memcpy(line, "data = ", 7);
	memset(line + 490, 'a', 20);
	memcpy(line + 510, "\n", 2);
	assert_false(read_text(&c, line));
	assert_string_equal(told.sentence[0], "relais.conf:1: \"data\" must be a path");
	assert_string_equal(c.data, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_is_the_default),
		cmocka_unit_test(all_is_taken),
		cmocka_unit_test(each_fault_has_its_line),
		cmocka_unit_test(all_faults_are_told),
		cmocka_unit_test(hostile_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
