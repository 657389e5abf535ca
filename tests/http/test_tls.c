/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Proves TLS by a certificate of the configuration: 1.2 and later, http/1.1 and never h2, a wrong
 * pair of files refused in words. */

#define _GNU_SOURCE 1 /* strcasestr */

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>

#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

enum { WAIT_MS = 60000, NARROW_BYTES = 4096, MORE_BYTES = 3000 };

static struct scratch scratch;
static struct process server;
static bool is_narrow; /* whoever dials has room for little */

static void write_pair(const char *certificate, const char *key)
{
	char path[SCRATCH_PATH * 2];
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	FILE *f;

	assert_true(pkey && x);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), -3600);
	X509_gmtime_adj(X509_getm_notAfter(x), 86400 + 1800);
	X509_set_pubkey(x, pkey);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
		(const unsigned char *)"localhost", -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(x));
	assert_true(X509_sign(x, pkey, EVP_sha256()) > 0);
	f = fopen(scratch_path(&scratch, certificate, path), "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_X509(f, x), 1);
	fclose(f);
	f = fopen(scratch_path(&scratch, key, path), "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_PrivateKey(f, pkey, NULL, NULL, 0, NULL, NULL), 1);
	fclose(f);
	X509_free(x);
	EVP_PKEY_free(pkey);
}

/* Starts serve with that pair and more lines of configuration; false when it did not come up. */
static bool serve_with(const char *certificate, const char *key, const char *more)
{
	char data[SCRATCH_PATH * 2], config[SCRATCH_PATH * 2];
	const char *argv[] = {getenv("RELAIS_BIN"), "serve", "--data",
		scratch_path(&scratch, "data", data), "--listen", "127.0.0.1:0", "--config",
		scratch_path(&scratch, "relais.conf", config), NULL};
	FILE *f = fopen(config, "w");

	assert_non_null(f);
	fprintf(f, "tls.certificate = %s/%s\ntls.key = %s/%s\n%s", scratch.dir, certificate,
		scratch.dir, key, more);
	fclose(f);
	return process_start(&server, argv, WAIT_MS);
}

static bool serve(const char *certificate, const char *key)
{
	return serve_with(certificate, key, "");
}

static int setup(void **state)
{
	(void)state;
	scratch_make(&scratch);
	write_pair("one.pem", "one.key");
	write_pair("two.pem", "two.key");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scratch_remove(&scratch);
	return 0;
}

static int dial(void)
{
	const char *colon = strrchr(server.line, ':');
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), room = NARROW_BYTES;

	assert_non_null(colon);
	if (is_narrow)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), 0);
	a.sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

/* A handshake with those protocols and at most that version; NULL when it is refused. */
static SSL *shake(SSL_CTX *ctx, const char *protocols, int version_max)
{
	SSL *ssl = SSL_new(ctx);

	assert_non_null(ssl);
	SSL_set_max_proto_version(ssl, version_max);
	SSL_set_alpn_protos(ssl, (const unsigned char *)protocols, (unsigned int)strlen(protocols));
	SSL_set_fd(ssl, dial());
	if (SSL_connect(ssl) == 1)
		return ssl;
	close(SSL_get_fd(ssl));
	SSL_free(ssl);
	return NULL;
}

static void hang_up(SSL *ssl)
{
	int fd = SSL_get_fd(ssl);

	SSL_shutdown(ssl);
	SSL_free(ssl);
	close(fd);
}

static void ask(SSL *ssl)
{
	const char request[] = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
	char answer[1000];

	for (int i = 0; i < 3; i++) { /* kept alive; head and body may come in two records */
		size_t n = 0;
		memset(answer, 0, sizeof answer);
		assert_int_equal(SSL_write(ssl, request, sizeof request - 1), sizeof request - 1);
		while (!strstr(answer, "\r\n\r\nok")) {
			int got = SSL_read(ssl, answer + n, (int)(sizeof answer - 1 - n));
			assert_true(got > 0);
			n += (size_t)got;
		}
		assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
	}
}

/* The whole of a short answer; the connection is closed behind it. */
static const char *read_page(SSL_CTX *ctx, const char *path)
{
	static char answer[64 << 10];
	char request[200];
	size_t n = 0;
	int got;
	SSL *ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);

	assert_non_null(ssl);
	int len = snprintf(request, sizeof request,
		"GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
	assert_int_equal(SSL_write(ssl, request, len), len);
	while ((got = SSL_read(ssl, answer + n, (int)(sizeof answer - 1 - n))) > 0)
		n += (size_t)got;
	answer[n] = '\0';
	hang_up(ssl);
	return answer;
}

/* A certificate of a day and a half hour (as these are) is told before it ends. */
static void the_certificate_is_watched(void **state)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	const char *page;
	long long end_s = 0;

	(void)state;
	assert_true(serve("one.pem", "one.key"));
	page = read_page(ctx, "/status");
	assert_non_null(strstr(page, "<th>Certificate</th><td>good for 24 hours"));
	assert_non_null(strstr(page, "the certificate ends in 1 days"));
	page = strstr(
		read_page(ctx, "/metrics"), "\nrelais_tls_certificate_end_timestamp_seconds ");
	assert_non_null(page);
	assert_int_equal(sscanf(strchr(page, ' '), "%lld", &end_s), 1);
	assert_in_range(end_s, 1700000000, 7000000000);
	assert_non_null(strstr(read_page(ctx, "/readyz"), "the certificate ends in 1 days"));
	SSL_CTX_free(ctx);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
}

static void serves_http_1_1_over_tls(void **state)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	const unsigned char *chosen;
	unsigned int n;
	SSL *ssl;

	(void)state;
	assert_true(serve("one.pem", "one.key"));
	assert_non_null(strstr(server.line, "https://127.0.0.1:"));
	for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
		ssl = shake(ctx, "\x02h2\x08http/1.1", version);
		assert_non_null(ssl);
		SSL_get0_alpn_selected(ssl, &chosen, &n);
		assert_str(((struct str){(const char *)chosen, n}), "http/1.1");
		ask(ssl);
		hang_up(ssl);
	}
	assert_null(shake(ctx, "\x02h2", TLS1_3_VERSION)); /* h2 alone */
	SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
	SSL_CTX_set_security_level(ctx, 0);
	assert_null(shake(ctx, "\x08http/1.1", TLS1_1_VERSION));
	SSL_CTX_free(ctx);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
}

/* Whoever says nothing for too long is told farewell; who is still there at the end, too. */
static void who_is_idle_is_let_go(void **state)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	char byte;
	SSL *ssl;
	int mute;

	(void)state;
	assert_true(serve_with("one.pem", "one.key", "http.request_ms_max = 500\n"));
	ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
	assert_non_null(ssl);
	mute = dial(); /* not even a handshake */
	assert_int_equal(SSL_read(ssl, &byte, 1), 0);
	assert_int_equal(SSL_get_error(ssl, 0), SSL_ERROR_ZERO_RETURN);
	hang_up(ssl);
	while (read(mute, &byte, 1) > 0)
		;
	close(mute);
	ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
	assert_non_null(ssl); /* it lives */
	hang_up(ssl);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
	assert_true(serve("one.pem", "one.key"));
	ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
	assert_non_null(ssl);
	ask(ssl);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
	hang_up(ssl);
	SSL_CTX_free(ctx);
}

/* No farewell can be written to who left with a reset: nothing is kept of such connections. */
static void who_resets_is_forgotten(void **state)
{
	const struct linger hard = {.l_onoff = 1, .l_linger = 0};
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *ssl;

	(void)state;
	assert_true(serve("one.pem", "one.key"));
	for (int i = 0; i < 8; i++) {
		ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
		assert_non_null(ssl);
		ask(ssl);
		assert_int_equal(
			setsockopt(SSL_get_fd(ssl), SOL_SOCKET, SO_LINGER, &hard, sizeof hard), 0);
		close(SSL_get_fd(ssl));
		SSL_free(ssl);
	}
	ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION); /* the server saw all of them leave */
	assert_non_null(ssl);
	ask(ssl);
	hang_up(ssl);
	SSL_CTX_free(ctx);
	/* sooner than a drain that waits for somebody */
	assert_int_equal(process_stop(&server, SIGTERM, 20000), 0);
}

/* As `shake`, by somebody who has room for little; what he sends goes out before he reads. */
static SSL *shake_narrow(SSL_CTX *ctx, const char *request, size_t n)
{
	is_narrow = true;
	SSL *ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
	is_narrow = false;
	assert_non_null(ssl);
	assert_int_equal(SSL_write(ssl, request, (int)n), (int)n);
	return ssl;
}

/* Reads to the farewell, which has to come. */
static size_t read_whole(SSL *ssl, char *answer, size_t size)
{
	size_t n = 0;
	int got;

	while ((got = SSL_read(ssl, answer + n, (int)(size - 1 - n))) > 0)
		n += (size_t)got;
	assert_int_equal(SSL_get_error(ssl, got), SSL_ERROR_ZERO_RETURN);
	answer[n] = '\0';
	return n;
}

static void assert_whole(const char *head, size_t n)
{
	const char *length = strcasestr(head, "content-length: ");
	const char *body = strstr(head, "\r\n\r\n");

	assert_true(length && body);
	assert_int_equal(n, (size_t)(body + 4 - head) + strtoul(length + 16, NULL, 10));
}

/* The answer and the farewell come whole, be it that the connection ends behind them and that he
 * said more than was read. */
static void the_last_answer_comes_whole(void **state)
{
	static const char close_it[] =
		"GET /openapi.json HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
	static const char refused[] = "BREW / HTTP/1.1\r\nHost: h\r\n\r\n";
	static char request[sizeof close_it + MORE_BYTES];
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	static char head[2 << 20];
	SSL *ssl;

	(void)state;
	assert_true(serve("one.pem", "one.key"));
	for (int more = 0; more < 2; more++) {
		memset(request, 'x', sizeof request);
		memcpy(request, close_it, sizeof close_it - 1);
		ssl = shake_narrow(
			ctx, request, sizeof close_it - 1 + (more ? (size_t)MORE_BYTES : 0));
		assert_whole(head, read_whole(ssl, head, sizeof head));
		assert_int_equal(strncmp(head, "HTTP/1.1 200 ", 13), 0);
		hang_up(ssl);
		memcpy(request, refused, sizeof refused - 1);
		ssl = shake_narrow(
			ctx, request, sizeof refused - 1 + (more ? (size_t)MORE_BYTES : 0));
		assert_whole(head, read_whole(ssl, head, sizeof head));
		assert_int_equal(strncmp(head, "HTTP/1.1 405 ", 13), 0);
		hang_up(ssl);
	}
	SSL_CTX_free(ctx);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
}

/* Who takes nothing of the last answer is counted and reset: nothing is kept for him. */
static void who_takes_nothing_is_cut(void **state)
{
	static const char *const ends[] = {"", "Connection: close\r\n"};
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	char request[200];

	(void)state;
	assert_true(serve_with("one.pem", "one.key", "http.stalled_ms_max = 500\n"));
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		int n = snprintf(request, sizeof request,
			"GET /openapi.json HTTP/1.1\r\nHost: h\r\n%s\r\n", ends[i]);
		SSL *ssl = shake_narrow(ctx, request, (size_t)n);
		struct pollfd p = {.fd = SSL_get_fd(ssl), .events = 0};
		char figure[100];

		assert_int_equal(poll(&p, 1, WAIT_MS), 1);
		assert_true(p.revents & POLLERR);
		snprintf(figure, sizeof figure, "\nrelais_http_stalled_total %zu\n", i + 1);
		assert_non_null(strstr(read_page(ctx, "/metrics"), figure));
		close(SSL_get_fd(ssl));
		SSL_free(ssl);
	}
	SSL_CTX_free(ctx);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
}

static void plain_http_gets_nothing(void **state)
{
	const char request[] = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
	char answer[100];
	ssize_t n;
	int fd;

	(void)state;
	assert_true(serve("one.pem", "one.key"));
	fd = dial();
	assert_int_equal(write(fd, request, sizeof request - 1), sizeof request - 1);
	n = read(fd, answer, sizeof answer);
	assert_true(n <= 0 || answer[0] != 'H');
	close(fd);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
}

/* What a handshake made now shows: the certificate, freed by the caller. */
static X509 *shown(SSL_CTX *ctx)
{
	SSL *ssl = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
	X509 *x;

	assert_non_null(ssl);
	x = SSL_get1_peer_certificate(ssl);
	assert_non_null(x);
	hang_up(ssl);
	return x;
}

static X509 *on_disk(const char *certificate)
{
	char path[SCRATCH_PATH * 2];
	FILE *f = fopen(scratch_path(&scratch, certificate, path), "r");
	X509 *x;

	assert_non_null(f);
	x = PEM_read_X509(f, NULL, NULL, NULL);
	fclose(f);
	assert_non_null(x);
	return x;
}

static void check_shown(SSL_CTX *ctx, const X509 *expected)
{
	X509 *now = shown(ctx);

	assert_int_equal(X509_cmp(now, expected), 0);
	X509_free(now);
}

static void take_the_place(const char *name, const char *of)
{
	char from[SCRATCH_PATH * 2], to[SCRATCH_PATH * 2];

	scratch_path(&scratch, name, from);
	assert_int_equal(rename(from, scratch_path(&scratch, of, to)), 0);
}

/* HUP, and until the server says what it made of it. */
static void send_hup(int told, const char *expected)
{
	char said[2000] = "";
	size_t n = 0;

	assert_int_equal(kill(server.pid, SIGHUP), 0);
	while (!strstr(said, "HUP") || said[n - 1] != '\n') {
		ssize_t got = read(told, said + n, sizeof said - 1 - n);
		assert_true(got > 0);
		n += (size_t)got;
		said[n] = '\0';
	}
	assert_non_null(strstr(said, expected));
}

static void hup_reads_the_certificate_again(void **state)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	X509 *one = on_disk("one.pem"), *two = on_disk("two.pem");
	int ends[2], own = dup(STDERR_FILENO);
	SSL *open;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	bool served = serve("one.pem", "one.key");
	dup2(own, STDERR_FILENO);
	close(own);
	assert_true(served);
	check_shown(ctx, one);
	open = shake(ctx, "\x08http/1.1", TLS1_3_VERSION);
	assert_non_null(open);
	/* only half of the new pair is there: the old one stays, whole */
	take_the_place("two.pem", "one.pem");
	send_hup(ends[0], "the certificate in use stays");
	check_shown(ctx, one);
	take_the_place("two.key", "one.key");
	send_hup(ends[0], "new connections get the certificate");
	check_shown(ctx, two);
	ask(open); /* what was open goes on */
	hang_up(open);
	X509_free(one);
	X509_free(two);
	SSL_CTX_free(ctx);
	assert_int_equal(process_stop(&server, SIGTERM, WAIT_MS), 0);
	close(ends[0]);
	close(ends[1]);
}

static void a_wrong_pair_is_refused(void **state)
{
	(void)state;
	assert_false(serve("one.pem", "two.key"));
	assert_false(serve("one.pem", "none.key"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(serves_http_1_1_over_tls, setup, teardown),
		cmocka_unit_test_setup_teardown(the_certificate_is_watched, setup, teardown),
		cmocka_unit_test_setup_teardown(who_is_idle_is_let_go, setup, teardown),
		cmocka_unit_test_setup_teardown(who_resets_is_forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_answer_comes_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(who_takes_nothing_is_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(plain_http_gets_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(hup_reads_the_certificate_again, setup, teardown),
		cmocka_unit_test_setup_teardown(a_wrong_pair_is_refused, setup, teardown),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
