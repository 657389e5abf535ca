/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/app.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/api.h"
#include "server/demand.h"
#include "server/demo.h"
#include "server/env_uv.h"
#include "server/events.h"
#include "server/export.h"
#include "server/signer.h"
#include "server/ticker.h"
#include "server/tls.h"
#include "server/upload.h"
#include "server/writer.h"

enum { WHY_BYTES = 400, DRAIN_MS_MAX = 25000, SIGNAL_EXIT = 128 };

struct app {
	const struct app_options *options; /* borrowed */
	uv_loop_t loop;
	uv_signal_t term, interrupt, hangup;
	uv_timer_t drain_limit;
	struct fleet *fleet; /* owned, as all below */
	struct writer *writer;
	struct ticker *ticker;
	struct signer *signer;
	struct demand_desk *demand;
	struct events *events;
	struct exports *exports;
	struct uploads *uploads;
	struct http *http;
	struct ssl_ctx_st *tls; /* NULL: plain HTTP */
	struct api api;
	char why[WHY_BYTES];
};

static int app_fail(const struct app *app, int code)
{
	fprintf(stderr, "relais: %s\n", app->why);
	return code;
}

/* ---- the end ---- */

/* Requests in flight have been answered, streams are closed: the parts go, the loop runs empty. */
static void on_drained(void *context)
{
	struct app *app = context;
	signer_close(app->signer);
	demand_desk_close(app->demand);
	writer_close(app->writer);
	events_close(app->events);
	exports_close(app->exports);
	uploads_close(app->uploads);
	http_close(app->http);
	uv_close((uv_handle_t *)&app->term, NULL);
	uv_close((uv_handle_t *)&app->interrupt, NULL);
	uv_close((uv_handle_t *)&app->hangup, NULL);
	uv_close((uv_handle_t *)&app->drain_limit, NULL);
}

/* What is committed is safe; only answers that nobody fetched in all this time are lost. */
static void on_drain_limit(uv_timer_t *timer)
{
	(void)timer;
	fputs("relais: some clients did not let go in time; stopping without them\n", stderr);
	fflush(NULL);
	_exit(EX_OK);
}

static void on_signal(uv_signal_t *handle, int signum)
{
	struct app *app = handle->data;
	if (app->api.draining)
		_exit(SIGNAL_EXIT + signum);
	app->api.draining = true;
	ticker_close(app->ticker);
	demand_desk_flush(app->demand); /* whatever the clients that are left do */
	app->api.ticker = NULL;
	uv_timer_start(&app->drain_limit, on_drain_limit, DRAIN_MS_MAX, 0);
	http_drain(app->http, on_drained, app);
}

/* ---- another certificate ---- */

/* All or nothing: both files are read and fit together, or the old pair stays. Connections that are
 * open keep what they have; OpenSSL counts who still needs it. */
static void on_hangup(uv_signal_t *handle, int signum)
{
	struct app *app = handle->data;
	(void)signum;
	if (!app->tls) {
		fputs("relais: HUP: there is no certificate to read again\n", stderr);
		return;
	}
	struct ssl_ctx_st *fresh =
		tls_open(app->options->certificate, app->options->key, app->why, sizeof app->why);
	if (!fresh) {
		fprintf(stderr, "relais: HUP: the certificate in use stays: %s\n", app->why);
		return;
	}
	http_use_tls(app->http, fresh);
	tls_close(app->tls);
	app->tls = fresh;
	fprintf(stderr, "relais: HUP: new connections get the certificate in %s\n",
		app->options->certificate);
}

/* ---- the beginning ---- */

static bool is_empty(struct fleet *fleet)
{
	struct arena a;
	struct view v;
	struct txn t;
	struct str name = STR_NULL;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(fleet, &v, &t, &a);
	bool some = journal_next_name(&t, &name);
	fleet_look_end(&v);
	arena_deinit(&a);
	return !some;
}

static int open_fleet(struct app *app)
{
	struct fleet_options options = {
		.env = env_uv(),
		.create = true,
		.reserve = true,
		.map_bytes = (size_t)app->options->data_mib_max << 20,
	};
	snprintf(app->why, sizeof app->why, "the data directory %s cannot be opened",
		app->options->dir);
	if (fleet_open(&app->fleet, app->options->dir, &options, app->why, sizeof app->why) != OK)
		return EX_IOERR;
	store_check_readers(fleet_store(app->fleet));
	if (!signer_start_is_good(app->fleet, app->why, sizeof app->why))
		return EX_DATAERR;
	if (!app->options->demo)
		return EX_OK;
	if (is_empty(app->fleet))
		return demo_fill(app->fleet, options.env, app->why, sizeof app->why);
	fputs("relais: the data directory is in use already; --demo leaves it as it is\n", stderr);
	return EX_OK;
}

static void on_batch_answered(void *context)
{
	struct app *app = context;
	events_pump(app->events);
}

/* Parts that only memory can refuse. */
static void open_parts(struct app *app)
{
	struct writer_hooks hooks = {.context = app, .batch_answered = on_batch_answered};
	app->events = events_open(&app->loop, app->fleet);
	app->exports = exports_open(&app->loop, app->fleet);
	app->uploads = uploads_open(fleet_env(app->fleet));
	app->writer = writer_open(&app->loop, app->fleet, &hooks);
	ASSERT(app->uploads && app->events && app->exports && app->writer);
	app->ticker = ticker_open(&app->loop, app->fleet, app->writer);
	app->demand = demand_desk_open(&app->loop, app->writer);
	app->signer = signer_open(&app->loop, app->fleet);
	ASSERT(app->ticker && app->demand && app->signer);
	lane_init(&app->api.hashes, &app->loop, HASHES_RUNNING_MAX, HASHES_WAITING_MAX);
	lane_init(&app->api.people, &app->loop, 1, PEOPLE_WAITING_MAX);
	auth_init(&app->api.auth, fleet_people(app->fleet), &app->api.people);
	guesses_init(&app->api.guesses, people_secret(fleet_people(app->fleet)));
	app->api.fleet = app->fleet;
	app->api.writer = app->writer;
	app->api.demand = app->demand;
	app->api.ticker = app->ticker;
	app->api.events = app->events;
	app->api.exports = app->exports;
	app->api.uploads = app->uploads;
	app->api.limits = app->options->limits;
}

static void open_signals(struct app *app)
{
	uv_signal_init(&app->loop, &app->term);
	uv_signal_init(&app->loop, &app->interrupt);
	uv_signal_init(&app->loop, &app->hangup);
	uv_timer_init(&app->loop, &app->drain_limit);
	app->term.data = app;
	app->interrupt.data = app;
	app->hangup.data = app;
	uv_signal_start(&app->term, on_signal, SIGTERM);
	uv_signal_start(&app->interrupt, on_signal, SIGINT);
	uv_signal_start(&app->hangup, on_hangup, SIGHUP);
	/* A client that leaves is an error of one write, not a reason to end. */
	signal(SIGPIPE, SIG_IGN);
}

/* "http://ADDRESS:PORT": the port is the one the system gave where 0 was asked for. */
static void tell_ready(const struct app *app)
{
	const char *listen = app->options->listen;
	const char *colon = strrchr(listen, ':');
	printf("relais: ready on %s://%.*s:%d\n", app->tls ? "https" : "http",
		(int)(colon - listen), listen, http_port(app->http));
	fflush(stdout);
}

/* Where nobody administers yet, whoever reads this becomes the one who does. What follows the '#'
 * is never sent, so it is in no log of a server. Not on standard output: that is one line. */
static void tell_first(struct app *app)
{
	const char *listen = app->options->listen, *colon = strrchr(listen, ':');
	struct people *people = fleet_people(app->fleet);
	struct str link = STR_NULL;
	struct arena a;
	if (user_admin_exists(people))
		return;
	arena_init(&a, ARENA_MAX_DEFAULT);
	if (user_first_link(people, &a, &link) == OK)
		fprintf(stderr,
			"relais: nobody administers yet; for one day, sign in once at\n"
			"relais: %s://%.*s:%d/#/first/%.*s\n",
			app->tls ? "https" : "http", (int)(colon - listen), listen,
			http_port(app->http), STR_FMT(link));
	else
		fputs("relais: the link for the first administrator could not be stored\n", stderr);
	arena_deinit(&a);
}

static int open_tls(struct app *app)
{
	if (!app->options->certificate)
		return EX_OK;
	app->tls =
		tls_open(app->options->certificate, app->options->key, app->why, sizeof app->why);
	return app->tls ? EX_OK : EX_CONFIG;
}

int app_serve(const struct app_options *options)
{
	struct app *app = calloc(1, sizeof *app);
	ASSERT(app && uv_loop_init(&app->loop) == 0);
	app->options = options;
	int code = open_tls(app);
	if (code == EX_OK)
		code = open_fleet(app);
	if (code != EX_OK) {
		app_fail(app, code);
	} else {
		struct http_handler handler = {.context = &app->api, .handle = api_handle};
		app->http = http_open(&app->loop, options->listen, &options->limits, &handler,
			app->why, sizeof app->why);
		app->api.http = app->http;
		if (app->http && app->tls)
			http_use_tls(app->http, app->tls);
		code = app->http ? EX_OK : app_fail(app, EX_IOERR);
	}
	if (code == EX_OK) {
		open_parts(app);
		open_signals(app);
		tell_first(app);
		tell_ready(app);
	}
	uv_run(&app->loop, UV_RUN_DEFAULT);
	if (code == EX_OK)
		signer_last(app->fleet);
	fleet_close(app->fleet);
	ASSERT(uv_loop_close(&app->loop) == 0);
	tls_close(app->tls);
	free(app);
	return code;
}
