/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the files http*.c share among themselves and nobody else sees: the server, its connections,
 * its exchanges.
 *
 *   http.c          listening, accepting, draining, closing
 *   http_guard.c    what libh2o 2.2.5 leaves open: refusals before the handler, the watchdog
 *   http_exchange.c one request and its answer
 *   http_stream.c   an answer that stays open
 *   http_linger.c   closing so that a refusal is still read
 *   http_head.c, http_peer.c: the raw head, the addresses; they know nothing of h2o
 */

#ifndef h2o_h
#error "name <h2o.h> before this header: only the files http*.c may"
#endif

#include "rules/outcome.h"
#include "server/http.h"
#include "server/http_head.h"
#include "server/http_peer.h"
#include "server/http_trace.h"

enum {
	/* h2o takes this much more than body_bytes_max, so that a body slightly too large is read,
	 * answered by us and the connection kept. */
	BODY_SLACK_BYTES = 64 << 10,
	LINGER_MS = 2000,
	PARTING_BYTES_MAX = 64 << 10, /* so much of an answer is left to the kernel alone */
	LINGER_BYTES_MAX = 8 << 20,
	LINGERS_MAX = 256,
	WATCH_MS_MAX = 1000,
	SPARE_ARENAS = 16,
};

struct stream;
struct lingering;

/* A connection belongs to its socket and to the exchanges that came over it; the last frees it. */
struct connection {
	uv_tcp_t tcp; /* first: the handle's memory is the connection's */
	struct http *http;
	struct connection *next, *previous;
	h2o_socket_t *sock;	     /* h2o's */
	h2o_req_t *req;		     /* given to us and not yet disposed of, or NULL */
	struct exchange *exchange;   /* borrowed: of req, when a handler saw it */
	struct lingering *lingering; /* borrowed: waits for the farewell over TLS, or NULL */
	struct peer *peer;
	uint64_t address; /* the peer's key: work may outlive the connection */
	uint32_t owners;
	uint32_t in_flight;
	bool closed;
	bool from_loopback;
	bool linger;	       /* a refusal: the client may still be sending */
	bool killed;	       /* reset by us */
	uint64_t idle_from_ms; /* first seen without any of a request; 0 when not */
	uint64_t begun_ms;     /* first seen with part of a request; 0 when none */
	uint64_t progress_ms;  /* the client last took something of what we send */
	uint64_t taken_bytes;  /* what it has taken by then */
	size_t written_mark;   /* bytes_written when the last request of ours ended */
};

struct exchange {
	struct http *http;
	struct connection *connection; /* counted in its owners */
	h2o_req_t *req;		       /* NULL once it ended, answered or not */
	struct stream *stream;	       /* owned, or NULL */
	uint64_t id;
	uint32_t owners; /* the connection's share and one per hold */
	uint32_t holds;
	bool replied;
	bool working;		     /* counted as in flight */
	bool deferred;		     /* held: the handler returned, or will, without an answer */
	bool aborted;		     /* counted as abandoned */
	void (*gone)(void *context); /* NULL: nobody is told */
	void *gone_context;
	struct str path, body;
	struct head head;
	struct str query;
	uint64_t begun_ns; /* uv_hrtime() */
	const char *route;
	struct str trace;
	char request_id[REQUEST_ID_MAX + 1];
	struct arena arena;
	char text[]; /* the head, the path and the body, copied: the work may outlive the request */
};

struct http {
	uv_tcp_t listener;
	uv_timer_t watch;
	uv_loop_t *loop; /* borrowed */
	struct http_limits limits;
	struct http_handler handler;
	struct http_counts counts;
	h2o_globalconf_t config;
	h2o_context_t context;
	h2o_accept_ctx_t accept;
	struct connection *connections;
	struct lingering *lingers;
	struct peers peers;
	struct arena spare[SPARE_ARENAS]; /* of exchanges that ended: for the next ones */
	uint32_t spare_len;
	uint32_t connections_held; /* those not freed yet, closed or not */
	uint32_t exchanges_now, lingers_now;
	uint64_t last_id, watch_ms, watched_ms, swept_ms;
	bool stood_still; /* the loop did not turn for longer than a watch: what came is unread */
	uint32_t birth;	  /* drawn: numbers of requests of other runs begin otherwise */
	bool draining, closing, disposed;
	void (*done)(void *context);
	void *done_context;
	char sink[16 << 10]; /* what lingering connections still send is read into here and dropped
			      */
};

/* ---- http.c ---- */
struct connection *connection_of(h2o_req_t *req);
void connection_unref(struct connection *c);
/* Something ended: the drain or the close may be complete. */
void http_settle(struct http *h);
/* Runs at each watch: calls done, takes the server apart. */
void http_progress(struct http *h);

/* Gives one spare arena back to the system; false: there is none. */
bool http_spare_free(struct http *h);

/* ---- http_guard.c ---- */
void guard_init(struct http *h, h2o_hostconf_t *host);
void guard_watch(uv_timer_t *timer);
/* Ties our records to a request's life: runs request_ended() when h2o disposes of it. */
void request_begun(struct connection *c, h2o_req_t *req, struct exchange *x);
/* Ends a connection now, whatever it is doing; h2o itself takes it down. */
void connection_kill(struct connection *c);
/* Ends it if it waits for a request and none is on its way. */
void connection_close_idle(struct connection *c);
/* The client's half: true when it said it will send no more, or is gone altogether. */
bool connection_left(const struct connection *c, bool *gone);

/* ---- http_exchange.c ---- */
struct exchange *exchange_new(struct connection *c, h2o_req_t *req, const struct head *head);
/* The request is over, or nobody is there to read its answer. */
void exchange_detach(struct exchange *x);
void exchange_unref(struct exchange *x);
void exchange_count_abort(struct exchange *x);
/* It is answered, or about to be: at most once. */
void exchange_answered(struct exchange *x, int status);
/* A handler that neither answered nor holds it made a mistake: 500. */
void exchange_returned(struct exchange *x);
void response_send(struct http *h, h2o_req_t *req, const struct reply *r);
void status_count(struct http *h, int status);
/* One header of an answer that has not begun; dropped when a line end is in it. */
void header_add(h2o_req_t *req, const char *name, struct str value);
/* A problem of our own table as application/problem+json, in memory of the pool. */
struct str problem_text(h2o_mem_pool_t *pool, enum outcome o, const char *detail);

/* ---- http_stream.c ---- */
/* The server ends it: events in good order, anything else so that a part is not taken for the
 * whole. */
void stream_shut(struct exchange *x);
/* Ends it without its closing words, at once. */
void stream_break(struct exchange *x);
void stream_gone(struct exchange *x);
void stream_free(struct stream *s);

/* ---- http_linger.c ---- */
/* Keeps a copy of the socket open and reads it empty, so that closing does not destroy the answer.
 */
void linger_start(struct connection *c);
/* Over TLS: h2o has said farewell and closed. */
void linger_follow(struct lingering *l);
void lingers_watch(struct http *h, uint64_t now_ms);
void lingers_kill(struct http *h);
