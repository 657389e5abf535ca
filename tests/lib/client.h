/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A small HTTP/1.1 client over a plain socket, for tests against a running server: polite requests
 * in one call, rude bytes by hand. Every wait has an end (CLIENT_WAIT_MS unless told); what takes
 * longer is a failed answer (status 0), never a hang.
 *
 *	struct client *c = client_open(port);
 *	struct response r = client_request(c, "GET", "/livez", NULL, STR_NULL);
 *	assert_int_equal(r.status, 200);
 *	response_free(&r);
 *	client_close(c);
 */

#include "rules/base.h"

enum { CLIENT_WAIT_MS = 20000, CLIENT_HEADERS_MAX = 64 };

struct client;

struct client_header {
	const char *name;
	const char *value;
};
/* A list of headers ends with {NULL, NULL}; NULL is the empty list. */

struct response {
	int status; /* 0: nothing, or nothing whole, came in time */
	uint32_t headers_len;
	struct {
		struct str name, value; /* names in lower case */
	} headers[CLIENT_HEADERS_MAX];
	struct str body;
	bool keep_alive; /* the server lets the connection be used again */
	bool chunked;
	char *owned;	  /* the bytes of head and values, NUL behind */
	char *owned_body; /* NUL behind, so body.p is a C string as well */
};
void response_free(struct response *r);
/* By lower-case name; STR_NULL when absent. */
struct str response_header(const struct response *r, const char *lower_case_name);

/* To 127.0.0.1. NULL when nobody listens. */
struct client *client_open(int port);
/* From another loopback address ("127.0.0.2"): to the server, another client. */
struct client *client_open_from(int port, const char *source);
/* With a receive buffer of about that size, for clients that shall read slowly. */
struct client *client_open_narrow(int port, int receive_bytes);
void client_close(struct client *c);
/* Leaves with a reset instead of a farewell. */
void client_reset(struct client *c);
/* Says that no more will be sent; answers can still be read. */
void client_finish(struct client *c);
int client_fd(const struct client *c);

/* One request and its answer. Host and Content-Length are added; `path` is sent as it stands. */
struct response client_request(struct client *c, const char *method, const char *path,
	const struct client_header *headers, struct str body);
/* A request with a connection of its own. */
struct response client_once(int port, const char *method, const char *path,
	const struct client_header *headers, struct str body);

/* By hand: false when the server does not take it (within the wait). */
bool client_send(struct client *c, struct str bytes);
bool client_send_text(struct client *c, const char *text);
/* The next answer on this connection; `to_head` when it answers HEAD and so has no body. */
struct response client_read(struct client *c, bool to_head, int wait_ms);
/* For streams: waits until the text was received (anywhere since the last answer read). */
bool client_wait_text(struct client *c, const char *text, int wait_ms);
/* Waits until the server closed or reset the connection, dropping what comes before. */
bool client_wait_closed(struct client *c, int wait_ms);
