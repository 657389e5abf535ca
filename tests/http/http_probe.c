/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The smallest program over server/http.h, for test_http*.c. Limits come as NAME=VALUE arguments;
 *it prints its port and serves until SIGTERM (drains) or SIGINT (closes at once).
 *
 *	/echo     what was asked, a line each, then the body     /head?NAME   that request header
 *	/later?MS answered after a while    /work  by a worker   /trail?MS    answered, held on to
 *	/block?MS the loop stands still
 *	/big?N    N bytes                   /silent  not answered /forget     held, released
 *unanswered /stream, /lines  opens a stream     /say?N  N bytes to all streams     /end  ends all
 *streams /counts   the counters, a line each
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/http.h"

enum { STREAMS_MAX = 16 };

static struct probe {
	struct http *http;
	struct http_limits limits;
	struct exchange *streams[STREAMS_MAX];
	uint64_t said_in_vain, gone, lost, left; /* refused writes; ended streams; answers nobody
						    awaited; clients that were seen to leave */
	uint64_t told_slow;
	uv_signal_t term, interrupt;
} probe;

static void answer(struct exchange *x, int status, struct str body)
{
	struct reply r = {.status = status, .content_type = STR("text/plain"), .body = body};
	char id[32];
	snprintf(id, sizeof(id), "%llu", (unsigned long long)exchange_id(x));
	reply_header(&r, "x-id", str_from(id));
	reply_header(&r, "x-unsafe", STR("a\r\nx-injected: b"));
	exchange_reply(x, &r);
}

static uint64_t query_number(const struct exchange *x)
{
	char digits[24] = {0};
	struct str q = exchange_query(x);
	if (q.n > 0 && q.n < sizeof(digits))
		memcpy(digits, q.p, q.n);
	return strtoull(digits, NULL, 10);
}

static void do_echo(struct exchange *x)
{
	struct arena *a = exchange_arena(x);
	struct str text = arena_printf(a, "%.*s\n%.*s\n%.*s\n%s\n", STR_FMT(exchange_method(x)),
		STR_FMT(exchange_path(x)), STR_FMT(exchange_query(x)),
		exchange_from_loopback(x) ? "loopback" : "far");
	struct str body = exchange_body(x);
	char *all = arena_alloc(a, text.n + body.n + 1);
	ASSERT(text.p && all);
	memcpy(all, text.p, text.n);
	if (body.n)
		memcpy(all + text.n, body.p, body.n);
	answer(x, 200, (struct str){all, text.n + body.n});
}

static void do_head(struct exchange *x)
{
	struct str name = arena_copy(exchange_arena(x), exchange_query(x));
	struct str value = exchange_header(x, name.p);
	answer(x, value.p ? 200 : 404, value);
}

static void do_big(struct exchange *x)
{
	size_t n = (size_t)query_number(x);
	char *bytes = malloc(n + 1);
	ASSERT(bytes);
	memset(bytes, 'b', n);
	answer(x, 200, (struct str){bytes, n});
	free(bytes); /* the reply is copied before the call returns */
}

static void do_empty(struct exchange *x)
{
	struct reply r = {.status = 204};
	exchange_reply(x, &r);
}

/* ---- answers that come later ---- */

struct delay {
	uv_timer_t timer;
	struct exchange *x;
	bool answered;
};

static void on_delay_closed(uv_handle_t *handle)
{
	free(handle->data);
}

static void on_delay(uv_timer_t *timer)
{
	struct delay *d = timer->data;
	probe.lost += exchange_is_gone(d->x) && !d->answered;
	/* What was borrowed at the start must still be there, whoever left meanwhile. */
	if (!d->answered)
		answer(d->x, 200, exchange_path(d->x));
	exchange_release(d->x);
	uv_close((uv_handle_t *)timer, on_delay_closed);
}

static void delay_start(struct exchange *x, bool answered)
{
	struct delay *d = calloc(1, sizeof(*d));
	ASSERT(d);
	*d = (struct delay){.x = x, .answered = answered};
	uv_timer_init(uv_default_loop(), &d->timer);
	d->timer.data = d;
	uv_timer_start(&d->timer, on_delay, query_number(x), 0);
	exchange_hold(x);
}

static void on_left(void *context)
{
	ASSERT(exchange_is_gone(context));
	probe.left++;
}

static void do_later(struct exchange *x)
{
	delay_start(x, false);
	exchange_when_gone(x, on_left, x);
}

static void do_trail(struct exchange *x)
{
	delay_start(x, true);
	answer(x, 200, STR("ahead"));
}

struct job {
	uv_work_t work;
	struct exchange *x;
	uint64_t sum;
};

static void on_work(uv_work_t *work)
{
	struct job *j = work->data;
	struct str body = exchange_body(j->x);
	for (size_t i = 0; i < body.n; i++)
		j->sum += (unsigned char)body.p[i];
}

static void on_worked(uv_work_t *work, int status)
{
	struct job *j = work->data;
	ASSERT(status == 0);
	answer(j->x, 201, arena_printf(exchange_arena(j->x), "%llu", (unsigned long long)j->sum));
	exchange_release(j->x);
	free(j);
}

static void do_work(struct exchange *x)
{
	struct job *j = calloc(1, sizeof(*j));
	ASSERT(j);
	*j = (struct job){.x = x};
	j->work.data = j;
	exchange_hold(x);
	uv_queue_work(uv_default_loop(), &j->work, on_work, on_worked);
}

/* The loop does nothing else meanwhile. */
static void do_block(struct exchange *x)
{
	uv_sleep((unsigned)query_number(x));
	answer(x, 200, STR("at last"));
}

static void do_silent(struct exchange *x)
{
	(void)x;
}

static void do_forget(struct exchange *x)
{
	exchange_hold(x);
	exchange_release(x);
}

/* ---- streams ---- */

static void on_gone(void *context)
{
	struct exchange **slot = context;
	ASSERT(*slot);
	*slot = NULL;
	probe.gone++;
}

static void stream_begin(struct exchange *x, struct str content_type)
{
	size_t i = 0;
	while (i < STREAMS_MAX && probe.streams[i])
		i++;
	ASSERT(i < STREAMS_MAX);
	if (!exchange_stream(x, content_type, on_gone, &probe.streams[i])) {
		answer(x, 503, STR("no more streams"));
		return;
	}
	ASSERT(exchange_stream_waiting(x) == 0);
	probe.streams[i] = x;
}

static void do_stream(struct exchange *x)
{
	stream_begin(x, STR("text/event-stream"));
}

static void do_lines(struct exchange *x)
{
	stream_begin(x, STR("application/jsonl"));
}

static void do_say(struct exchange *x)
{
	size_t n = (size_t)query_number(x);
	char *bytes = malloc(n + 1);
	ASSERT(bytes);
	memset(bytes, 's', n);
	for (size_t i = 0; i < STREAMS_MAX; i++)
		if (probe.streams[i])
			probe.said_in_vain +=
				!exchange_stream_write(probe.streams[i], (struct str){bytes, n});
	free(bytes);
	answer(x, 200, STR("said"));
}

static void do_end(struct exchange *x)
{
	for (size_t i = 0; i < STREAMS_MAX; i++)
		if (probe.streams[i])
			exchange_stream_end(probe.streams[i]);
	answer(x, 200, STR("ended"));
}

static void do_counts(struct exchange *x)
{
	const struct http_counts *c = http_counts(probe.http);
	const struct {
		const char *name;
		uint64_t value;
	} table[] = {{"connections", c->connections}, {"refused", c->connections_refused},
		{"requests", c->requests}, {"aborted", c->aborted}, {"stalled", c->stalled},
		{"too_large", c->too_large}, {"malformed", c->malformed}, {"busy", c->busy},
		{"closed_for_aborts", c->closed_for_aborts}, {"slow", c->slow},
		{"connections_now", c->connections_now}, {"in_flight_now", c->in_flight_now},
		{"streams_now", c->streams_now}, {"status_2xx", c->status[2]},
		{"status_4xx", c->status[4]}, {"status_5xx", c->status[5]},
		{"said_in_vain", probe.said_in_vain}, {"gone", probe.gone}, {"lost", probe.lost},
		{"left", probe.left}, {"slow_answers", c->slow_answers},
		{"told_slow", probe.told_slow}};
	char text[1024];
	size_t n = 0;
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s %llu\n", table[i].name,
			(unsigned long long)table[i].value);
	ASSERT(n < sizeof(text));
	answer(x, 200, (struct str){text, n});
}

/* ---- the program ---- */

static void on_request(void *context, struct exchange *x)
{
	static const struct {
		const char *path;
		void (*run)(struct exchange *x);
	} routes[] = {{"/echo", do_echo}, {"/head", do_head}, {"/big", do_big},
		{"/empty", do_empty}, {"/later", do_later}, {"/trail", do_trail},
		{"/work", do_work}, {"/block", do_block}, {"/silent", do_silent},
		{"/forget", do_forget}, {"/stream", do_stream}, {"/lines", do_lines},
		{"/say", do_say}, {"/end", do_end}, {"/counts", do_counts}};
	(void)context;
	for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
		if (str_is(exchange_path(x), routes[i].path)) {
			routes[i].run(x);
			return;
		}
	}
	answer(x, 404, exchange_path(x));
}

static void on_slow(void *context, const struct exchange *x, int status, uint64_t took_ms)
{
	(void)context;
	ASSERT(status == 200 && took_ms >= probe.limits.slow_ms && exchange_request_id(x).n);
	probe.told_slow++;
}

static void signals_close(void)
{
	uv_close((uv_handle_t *)&probe.term, NULL);
	uv_close((uv_handle_t *)&probe.interrupt, NULL);
}

static void on_drained(void *context)
{
	(void)context;
	ASSERT(http_counts(probe.http)->connections_now == 0);
	ASSERT(http_counts(probe.http)->in_flight_now == 0);
	ASSERT(http_counts(probe.http)->streams_now == 0);
	http_close(probe.http);
	signals_close();
}

static void on_term(uv_signal_t *signal, int number)
{
	(void)number;
	uv_signal_stop(signal);
	http_drain(probe.http, on_drained, NULL);
}

static void on_interrupt(uv_signal_t *signal, int number)
{
	(void)signal;
	(void)number;
	http_close(probe.http);
	signals_close();
}

static bool limit_set(const char *argument)
{
	struct http_limits *l = &probe.limits;
	const struct {
		const char *name;
		uint32_t *value;
	} table[] = {{"connections", &l->connections_max},
		{"per_address", &l->connections_per_address_max}, {"in_flight", &l->in_flight_max},
		{"per_connection", &l->in_flight_per_connection_max}, {"body", &l->body_bytes_max},
		{"head", &l->head_bytes_max}, {"request_ms", &l->request_ms_max},
		{"stalled_ms", &l->stalled_ms_max}, {"aborts", &l->aborts_max},
		{"streams", &l->streams_max}, {"slow_ms", &l->slow_ms}};
	size_t n = strcspn(argument, "=");
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		if (argument[n] == '=' && str_is((struct str){argument, n}, table[i].name)) {
			*table[i].value = (uint32_t)strtoul(argument + n + 1, NULL, 10);
			return true;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	const char *listen = "127.0.0.1:0";
	struct http_handler handler = {.handle = on_request, .slow = on_slow};
	char why[256];
	http_limits_default(&probe.limits);
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "listen=", 7) == 0)
			listen = argv[i] + 7;
		else if (!limit_set(argv[i]))
			return 64;
	}
	uv_loop_t *loop = uv_default_loop();
	const struct http_place place = {.listen = listen, .fd = -1};
	probe.http = http_open(loop, &place, &probe.limits, &handler, why, sizeof(why));
	if (!probe.http) {
		uv_run(loop, UV_RUN_DEFAULT);
		printf("%s\n", why);
		return 1;
	}
	uv_signal_init(loop, &probe.term);
	uv_signal_init(loop, &probe.interrupt);
	uv_signal_start(&probe.term, on_term, SIGTERM);
	uv_signal_start(&probe.interrupt, on_interrupt, SIGINT);
	char at[HTTP_ADDRESS_TEXT];
	http_address(probe.http, at);
	printf("%s\n", strrchr(at, ':') + 1);
	fflush(stdout);
	uv_run(loop, UV_RUN_DEFAULT);
	return uv_loop_close(loop) == 0 ? 0 : 2;
}
