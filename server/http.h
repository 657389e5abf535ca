/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * HTTP/1.1 on one loop thread. The only file that names h2o is http.c (with http_guard.c beside it
 * for what libh2o 2.2.5 leaves open): another HTTP library could take its place in a day.
 * Everything here runs on the loop thread.
 *
 * An exchange has two owners, the connection and the pending work; the last one frees it. A client
 * that leaves does not cancel the work, it only loses the reply.
 */

#include <uv.h>

#include "fleet/arena.h"
#include "rules/base.h"
#include "server/histogram.h"

struct http;
struct exchange;

struct http_limits {
	uint32_t connections_max;	       /* 2048 */
	uint32_t connections_per_address_max;  /* 64 */
	uint32_t in_flight_max;		       /* 4096 requests being worked on, in all */
	uint32_t in_flight_per_connection_max; /* 20 */
	uint32_t body_bytes_max;	       /* 256 KiB: 413 as problem+json beyond it */
	uint32_t head_bytes_max;	       /* 32 KiB: a plain 400 and a closed connection */
	uint32_t request_ms_max;	       /* 10000 to send a request */
	uint32_t stalled_ms_max;	       /* 10000 without the client reading what we send */
	uint32_t aborts_max;  /* 100 requests abandoned in a minute (each takes its connection
			       * along): the next connections of that address are closed */
	uint32_t streams_max; /* 256 event streams */
	uint32_t slow_ms;     /* 1000: an answer that took so long is told in the log */
};
void http_limits_default(struct http_limits *l);

struct http_counts {
	uint64_t connections, connections_refused, requests, aborted, stalled, too_large, malformed,
		busy, closed_for_aborts;
	uint64_t slow; /* requests not sent in time: 408 */
	uint32_t connections_now, in_flight_now, streams_now;
	uint64_t status[6]; /* [2] = 2xx ... */
	/* From the whole request to its answer, by bounds_latency: GET and HEAD; all others. */
	struct histogram reads, changes;
	uint64_t slow_answers;
};

struct http_handler {
	void *context; /* borrowed */
	/* Every request, whole body read, on the loop thread. Must answer now or exchange_hold()
	 * it. */
	void (*handle)(void *context, struct exchange *x);
	/* An answer took slow_ms or more; NULL: nobody wants to know. */
	void (*slow)(void *context, const struct exchange *x, int status, uint64_t took_ms);
};

enum { HTTP_ADDRESS_TEXT = 64 };
struct http_place {
	const char *listen; /* "127.0.0.1:8080", "[::1]:0" */
	int fd;		    /* a socket that listens already, ours from now on; -1: none */
};
/* Listens at once. `why` gets a sentence on failure (NULL returned). */
struct http *http_open(uv_loop_t *loop, const struct http_place *place,
	const struct http_limits *limits, const struct http_handler *handler, char *why,
	size_t why_size);
/* Speaks TLS with whoever connects from now on; borrowed until http_close or another one. */
struct ssl_ctx_st;
void http_use_tls(struct http *h, struct ssl_ctx_st *tls);
/* Other limits from now on; what is under way beyond one of them ends as it would have. */
void http_use_limits(struct http *h, const struct http_limits *limits);
bool http_is_tls(const struct http *h);
/* Where it listens: "127.0.0.1:8080", with the port that the system gave. */
void http_address(const struct http *h, char out[HTTP_ADDRESS_TEXT]);
/* Stops accepting, lets requests in flight end, ends streams, then calls done once. */
void http_drain(struct http *h, void (*done)(void *context), void *context);
void http_close(struct http *h); /* after done, before the loop ends */
const struct http_counts *http_counts(const struct http *h);

/* ---- the request; all text is borrowed and lives as long as the exchange ---- */
struct str exchange_method(const struct exchange *x);
struct str exchange_path(const struct exchange *x);  /* decoded and normalised, no query */
struct str exchange_query(const struct exchange *x); /* raw, after '?', STR_NULL when none */
struct str exchange_header(
	const struct exchange *x, const char *lower_case_name); /* STR_NULL when absent */
struct str exchange_body(const struct exchange *x);
/* From this machine, and not for somebody whom a proxy on it names in X-Forwarded-For. */
bool exchange_from_loopback(const struct exchange *x);
/* The client's (the one that a proxy on this machine names), as limits count addresses (an IPv6
 * network of 64 bits is one). */
uint64_t exchange_address(const struct exchange *x);
/* Lives as long as the exchange. */
struct arena *exchange_arena(struct exchange *x);
uint64_t exchange_id(const struct exchange *x);
/* What it is called in its answer (X-Request-Id) and in the log: the client's word or our own. */
struct str exchange_request_id(const struct exchange *x);
/* The trace it belongs to; STR_NULL: none. */
struct str exchange_trace(const struct exchange *x);
/* What is asked, without what it is about ("/v1/bookings/{booking}"): a log names nobody. It lives
 * for ever; "" until it is said. */
void exchange_route_set(struct exchange *x, const char *pattern);
const char *exchange_route(const struct exchange *x);

/* ---- the answer ---- */
struct http_header {
	const char *name; /* lower case */
	struct str value;
};
enum { HTTP_HEADERS_MAX = 16 };
struct reply {
	int status;
	struct str content_type; /* STR_NULL with an empty body */
	struct str body;	 /* copied if need be before the call returns */
	uint32_t headers_len;
	struct http_header headers[HTTP_HEADERS_MAX];
};
void reply_header(struct reply *r, const char *name, struct str value);

/* Answers at most once; HEAD drops the body and keeps its length. After exchange_hold() may come
 * later. */
void exchange_reply(struct exchange *x, const struct reply *r);
/* The handler keeps it beyond its return: the pending work's share of ownership. */
void exchange_hold(struct exchange *x);
void exchange_release(struct exchange *x);
bool exchange_is_gone(const struct exchange *x); /* the client left: a reply would go nowhere */
/* Told once, when the client leaves before the answer: what has not begun need not be done. */
void exchange_when_gone(struct exchange *x, void (*gone)(void *context), void *context);

/* ---- an event stream (SSE) ---- */
/* Begins a 200 of that type that stays open; `gone` is called once when the client left or the
 * server ends it. False (nothing sent) beyond streams_max, to HTTP/1.0 and while draining. A drain
 * ends text/event-stream in good order; any other is cut, lest a part be taken for the whole. */
bool exchange_stream(
	struct exchange *x, struct str content_type, void (*gone)(void *context), void *context);
/* The same with the headers of `head`, whose status and body are not looked at. */
bool exchange_stream_headed(struct exchange *x, const struct reply *head,
	void (*gone)(void *context), void *context);
/* Queues bytes; false when the client has not read STREAM_BYTES_MAX: the stream is then closed. */
enum { STREAM_BYTES_MAX = 2 << 20 }; /* more than the largest entry of a journal */
bool exchange_stream_write(struct exchange *x, struct str bytes);
/* Bytes queued that the client has not taken yet: whoever writes a long answer waits while there
 * are many, and does not run into STREAM_BYTES_MAX. */
size_t exchange_stream_waiting(const struct exchange *x);
void exchange_stream_end(struct exchange *x);
/* Not to the end: events end in good order, any other stream is cut. */
void exchange_stream_stop(struct exchange *x);
