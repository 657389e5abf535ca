/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The HTTP library with nothing behind it: h2o on libuv answers every GET and POST, once the body
 * is read, with the same bytes. What relais adds to a request is the distance to this.
 *
 *     bare_h2o ANSWER_BYTES [SECONDS]
 *
 * listens on a loopback port that the kernel chooses, prints its URL on one line, and stops by
 * itself after SECONDS (120) or on TERM. HTTP/1.1 only, like relais.
 */

#include "rules/base.h"

#include <stdio.h>
#include <stdlib.h>

#include <h2o.h>
#include <h2o/http1.h>
#include <signal.h>
#include <unistd.h>

enum { ANSWER_BYTES_MAX = 1 << 20, SECONDS_MAX = 600, SECONDS_USUAL = 120, BACKLOG = 512 };

struct bare {
	h2o_globalconf_t config;
	h2o_context_t ctx;
	h2o_accept_ctx_t accept;
	uv_loop_t loop;
	uv_tcp_t listener;
	char *answer; /* owned */
	size_t answer_bytes;
};

/* h2o hands a handler back to its callback; what follows it is ours. */
struct bare_handler {
	h2o_handler_t super;
	const struct bare *bare; /* borrowed: main's */
};

static int on_request(h2o_handler_t *handler, h2o_req_t *req)
{
	static h2o_generator_t generator = {NULL, NULL};
	const struct bare *bare = ((struct bare_handler *)(void *)handler)->bare;
	h2o_iovec_t body = {bare->answer, bare->answer_bytes};

	req->res.status = 200;
	req->res.reason = "OK";
	req->res.content_length = bare->answer_bytes;
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL,
		H2O_STRLIT("application/json"));
	h2o_start_response(req, &generator);
	h2o_send(req, &body, 1, H2O_SEND_STATE_FINAL);
	return 0;
}

static void on_accept(uv_stream_t *listener, int status)
{
	struct bare *bare = listener->data;
	uv_tcp_t *conn;
	h2o_socket_t *sock;

	if (status != 0)
		return;
	conn = h2o_mem_alloc(sizeof(*conn));
	uv_tcp_init(listener->loop, conn);
	if (uv_accept(listener, (uv_stream_t *)conn) != 0) {
		uv_close((uv_handle_t *)conn, (uv_close_cb)free);
		return;
	}
	uv_tcp_nodelay(conn, 1);
	sock = h2o_uv_socket_create((uv_stream_t *)conn, (uv_close_cb)free);
	h2o_accept(&bare->accept, sock);
}

static void bare_configure(struct bare *bare)
{
	h2o_hostconf_t *host;
	h2o_pathconf_t *path;
	struct bare_handler *handler;

	h2o_config_init(&bare->config);
	bare->config.http1.upgrade_to_http2 = 0;
	host = h2o_config_register_host(
		&bare->config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	path = h2o_config_register_path(host, "/", 0);
	handler = (struct bare_handler *)(void *)h2o_create_handler(path, sizeof(*handler));
	handler->super.on_req = on_request;
	handler->bare = bare;
	h2o_context_init(&bare->ctx, &bare->loop, &bare->config);
	bare->accept.ctx = &bare->ctx;
	bare->accept.hosts = bare->config.hosts;
}

/* The port the kernel gave, or a negative error of libuv. */
static int bare_listen(struct bare *bare)
{
	struct sockaddr_in address;
	int length = sizeof(address), error;

	uv_tcp_init(&bare->loop, &bare->listener);
	bare->listener.data = bare;
	uv_ip4_addr("127.0.0.1", 0, &address);
	error = uv_tcp_bind(&bare->listener, (struct sockaddr *)&address, 0);
	if (error == 0)
		error = uv_listen((uv_stream_t *)&bare->listener, BACKLOG, on_accept);
	if (error == 0)
		error = uv_tcp_getsockname(&bare->listener, (struct sockaddr *)&address, &length);
	return error ? error : ntohs(address.sin_port);
}

static void on_stop(uv_signal_t *signal, int number)
{
	(void)number;
	uv_stop(signal->loop);
}

int main(int argc, char **argv)
{
	static struct bare bare;
	static uv_signal_t stops[2];
	static const int signals[] = {SIGTERM, SIGALRM};
	long bytes = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	long seconds = argc > 2 ? strtol(argv[2], NULL, 10) : SECONDS_USUAL;
	int port;

	if (bytes < 1 || bytes > ANSWER_BYTES_MAX || seconds < 1 || seconds > SECONDS_MAX) {
		fprintf(stderr, "usage: bare_h2o ANSWER_BYTES [SECONDS, at most %d]\n",
			SECONDS_MAX);
		return 64;
	}
	bare.answer_bytes = (size_t)bytes;
	bare.answer = malloc(bare.answer_bytes);
	ASSERT(bare.answer != NULL);
	memset(bare.answer, 'r', bare.answer_bytes);
	uv_loop_init(&bare.loop);
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		uv_signal_init(&bare.loop, &stops[i]);
		uv_signal_start(&stops[i], on_stop, signals[i]);
	}
	bare_configure(&bare);
	port = bare_listen(&bare);
	if (port < 0) {
		fprintf(stderr, "bare_h2o: %s\n", uv_strerror(port));
		return 74;
	}
	printf("http://127.0.0.1:%d/\n", port);
	fflush(stdout);
	alarm((unsigned)seconds);
	uv_run(&bare.loop, UV_RUN_DEFAULT);
	free(bare.answer);
	return 0;
}
