/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/app.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include "server/api.h"
#include "server/backup_clock.h"
#include "server/demand.h"
#include "server/demo.h"
#include "server/drop_in.h"
#include "server/drop_out.h"
#include "server/env_uv.h"
#include "server/events.h"
#include "server/export.h"
#include "server/imports.h"
#include "server/min_seq.h"
#include "server/outbound.h"
#include "server/service.h"
#include "server/shared.h"
#include "server/signer.h"
#include "server/ticker.h"
#include "server/upkeep.h"
#include "server/upload.h"
#include "server/writer.h"

enum { WHY_BYTES = 400, ORIGIN_BYTES = 80, DRAIN_MS_MAX = 24000, SIGNAL_EXIT = 128 };

struct app {
	const struct app_options *options; /* borrowed */
	uv_loop_t loop;
	uv_signal_t term, interrupt, hangup;
	uv_timer_t drain_limit;
	struct shared *shared; /* owned, as all below; NULL: the journal is in DIR */
	struct fleet *fleet;
	struct writer *writer;
	struct ticker *ticker;
	struct signer *signer;
	struct demand_desk *demand;
	struct events *events;
	struct exports *exports;
	struct uploads *uploads;
	struct http *http;
	struct service *service;
	struct settings settings; /* in use */
	struct api api;
	char why[WHY_BYTES];
	bool drained, imports_stopped;
};

/* ---- the end ---- */

/* No thread hands anything to the writer any more: the parts go, the loop runs empty. */
static void on_imports_stopped(void *context)
{
	struct app *app = context;
	drop_in_close(app->api.drop_in);
	imports_close(app->api.imports);
	signer_close(app->signer);
	backup_clock_close(app->api.backups);
	drop_out_close(app->api.drop_out);
	outbound_close(app->api.outbound);
	upkeep_close(app->api.upkeep);
	demand_desk_close(app->demand);
	shared_hear(app->shared, NULL, NULL);
	writer_close(app->writer);
	events_close(app->events);
	exports_close(app->exports);
	min_seqs_close(app->api.min_seqs);
	uploads_close(app->uploads);
	http_close(app->http);
	gzip_deinit(&app->api.gzip);
	service_close(app->service);
	uv_close((uv_handle_t *)&app->term, NULL);
	uv_close((uv_handle_t *)&app->interrupt, NULL);
	uv_close((uv_handle_t *)&app->hangup, NULL);
	uv_close((uv_handle_t *)&app->drain_limit, NULL);
}

/* Requests in flight have been answered, streams are closed. */
static void on_drained(void *context)
{
	struct app *app = context;
	app->drained = true;
	if (app->imports_stopped)
		on_imports_stopped(app);
}

/* Dry runs are waited for by requests, so imports stop while the clients are drained. */
static void on_no_imports(void *context)
{
	struct app *app = context;
	app->imports_stopped = true;
	if (app->drained)
		on_imports_stopped(app);
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
	service_stopping(app->service);
	ticker_close(app->ticker);
	demand_desk_flush(app->demand); /* whatever the clients that are left do */
	app->api.ticker = NULL;
	uv_timer_start(&app->drain_limit, on_drain_limit, DRAIN_MS_MAX, 0);
	imports_stop(app->api.imports, on_no_imports, app);
	http_drain(app->http, on_drained, app);
}

/* ---- another configuration ---- */

/* What is open keeps what it has: OpenSSL counts who still needs a certificate. */
static void reload(struct app *app)
{
	struct settings fresh;
	if (!reload_read(&app->api.reload, &fresh, &app->settings, &app->options->sources))
		return;
	settings_close(&app->settings);
	app->settings = fresh;
	http_use_tls(app->http, app->settings.tls);
	http_use_limits(app->http, &app->settings.config.limits);
	writer_limit(app->writer, app->settings.config.writer_waiting_max);
	upkeep_grow(app->api.upkeep, (size_t)app->settings.config.data_mib_max << 20);
	backup_clock_use(app->api.backups, &app->settings.config);
	drop_out_use(app->api.drop_out, &app->settings.config);
	outbound_use(app->api.outbound, &app->settings);
	drop_in_use(app->api.drop_in, &app->settings.config);
}

static void on_hangup(uv_signal_t *handle, int signum)
{
	struct app *app = handle->data;
	(void)signum;
	if (app->api.draining)
		return;
	service_reloading(app->service);
	reload(app);
	service_reloaded(app->service);
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
		.map_bytes = (size_t)app->settings.config.data_mib_max << 20,
	};
	const char *dir = app->settings.config.data;
	if (app->settings.config.journal[0]) {
		app->shared = shared_open(app->settings.config.journal, dir, options.env);
		ASSERT(app->shared);
		options.journal = shared_journal(app->shared);
	}
	snprintf(app->why, sizeof app->why, "the data directory %s cannot be opened", dir);
	if (fleet_open(&app->fleet, dir, &options, app->why, sizeof app->why) != OK)
		return EX_IOERR;
	if (!signer_start_is_good(app->fleet, app->why, sizeof app->why))
		return EX_DATAERR;
	enum outcome o =
		app->shared ? shared_start(app->shared, app->fleet, app->why, sizeof app->why) : OK;
	if (o != OK)
		return o == FAULT_CORRUPT ? EX_DATAERR : EX_IOERR;
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

/* On the thread that listens. */
static void on_hint(void *context)
{
	struct app *app = context;
	writer_hint(app->writer);
}

/* Parts that only memory can refuse. */
static void open_parts(struct app *app)
{
	struct writer_hooks hooks = {.context = app,
		.batch_answered = on_batch_answered,
		.follow_ms = app->shared ? FOLLOW_MS : 0};
	app->events = events_open(&app->loop, app->fleet);
	app->exports = exports_open(&app->loop, app->fleet);
	app->uploads = uploads_open(fleet_env(app->fleet));
	app->writer = writer_open(&app->loop, app->fleet, &hooks);
	ASSERT(app->uploads && app->events && app->exports && app->writer);
	writer_limit(app->writer, app->settings.config.writer_waiting_max);
	shared_hear(app->shared, on_hint, app);
	app->ticker = ticker_open(&app->loop, app->fleet, app->writer);
	app->api.imports = imports_open(&app->loop, app->events);
	ASSERT(app->api.imports);
	app->api.drop_in = drop_in_open(
		&app->loop, app->fleet, app->writer, app->api.imports, &app->settings.config);
	ASSERT(app->api.drop_in);
	app->demand = demand_desk_open(&app->loop, app->writer);
	app->signer = signer_open(&app->loop, app->fleet);
	app->api.backups = backup_clock_open(&app->loop, app->fleet, &app->settings.config);
	app->api.drop_out = drop_out_open(&app->loop, app->fleet, &app->settings.config);
	app->api.outbound = outbound_open(&app->loop, app->fleet, app->writer, &app->settings);
	ASSERT(app->api.outbound);
	app->api.upkeep = upkeep_open(&app->loop, app->fleet);
	app->api.min_seqs = min_seqs_open(&app->loop);
	ASSERT(app->api.min_seqs);
	ASSERT(app->ticker && app->demand && app->signer);
	ASSERT(app->api.backups && app->api.drop_out && app->api.upkeep);
	lane_init(&app->api.hashes, &app->loop, HASHES_RUNNING_MAX, HASHES_WAITING_MAX);
	lane_init(&app->api.people, &app->loop, 1, PEOPLE_WAITING_MAX);
	lane_init(&app->api.signing, &app->loop, 1, SIGNING_WAITING_MAX);
	lane_init(&app->api.packing, &app->loop, 1, CLAIMS_EXPORTS_MAX);
	auth_init(&app->api.auth, fleet_people(app->fleet), &app->api.people);
	guesses_init(&app->api.guesses, people_secret(fleet_people(app->fleet)));
	app->api.fleet = app->fleet;
	app->api.writer = app->writer;
	app->api.demand = app->demand;
	app->api.ticker = app->ticker;
	app->api.events = app->events;
	app->api.exports = app->exports;
	app->api.settings = &app->settings;
	app->api.uploads = app->uploads;
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

static void origin_print(const struct app *app, char out[ORIGIN_BYTES])
{
	char at[HTTP_ADDRESS_TEXT];
	http_address(app->http, at);
	snprintf(out, ORIGIN_BYTES, "%s://%s", app->settings.tls ? "https" : "http", at);
}

static void tell_ready(const struct app *app)
{
	char origin[ORIGIN_BYTES];
	origin_print(app, origin);
	printf("relais: ready on %s\n", origin);
	fflush(stdout);
}

/* Where nobody administers yet, whoever reads this becomes the one who does. What follows the '#'
 * is never sent, so it is in no log of a server. Not on standard output: that is one line. */
static void tell_first(struct app *app)
{
	char origin[ORIGIN_BYTES];
	struct people *people = fleet_people(app->fleet);
	struct str link = STR_NULL;
	struct arena a;
	if (user_admin_exists(people))
		return;
	arena_init(&a, ARENA_MAX_DEFAULT);
	origin_print(app, origin);
	if (user_first_link(people, &a, &link) == OK)
		fprintf(stderr,
			"relais: nobody administers yet; for one day, sign in once at\n"
			"relais: %s/#/first/%.*s\n",
			origin, STR_FMT(link));
	else
		fputs("relais: the link for the first administrator could not be stored\n", stderr);
	arena_deinit(&a);
}

/* ---- what the service manager is told ---- */

static bool is_alive(void *context, uint64_t within_ms)
{
	struct app *app = context;
	return writer_is_alive(app->writer, within_ms);
}

static void status(void *context, char *out, size_t size)
{
	struct app *app = context;
	struct writer_counts w;
	char origin[ORIGIN_BYTES];
	origin_print(app, origin);
	writer_counts(app->writer, &w);
	snprintf(out, size, "Serving on %s: %u connections, %" PRIu64 " entries since the start%s",
		origin, http_counts(app->http)->connections_now, w.fleet.entries,
		app->api.reload.failed ? "; the last HUP was refused, see the log" : "");
}

/* ---- all of it ---- */

static int open_http(struct app *app)
{
	const struct config *c = &app->settings.config;
	struct http_handler handler = {
		.context = &app->api, .handle = api_handle, .slow = api_slow};
	struct http_place place = {.listen = c->listen};
	if (!service_socket(&place.fd, app->why, sizeof app->why))
		return EX_CONFIG;
	app->http = http_open(&app->loop, &place, &c->limits, &handler, app->why, sizeof app->why);
	if (!app->http)
		return EX_IOERR;
	app->api.http = app->http;
	http_use_tls(app->http, app->settings.tls);
	return EX_OK;
}

/* In order: what is wrong with the configuration is said before anything is touched. */
static int open_all(struct app *app)
{
	app->service = service_open(&app->loop);
	ASSERT(app->service);
	if (!settings_open(&app->settings, app->why, sizeof app->why))
		return EX_CONFIG;
	int code = open_fleet(app);
	if (code == EX_OK)
		code = open_http(app);
	return code;
}

int app_serve(const struct app_options *options)
{
	struct app *app = calloc(1, sizeof *app);
	ASSERT(app && uv_loop_init(&app->loop) == 0);
	const struct service_watch watch = {.context = app, .is_alive = is_alive, .status = status};
	app->options = options;
	app->settings.config = options->config;
	int code = open_all(app);
	if (code == EX_OK) {
		open_parts(app);
		open_signals(app);
		tell_first(app);
		tell_ready(app);
		service_ready(app->service, &watch);
	} else {
		fprintf(stderr, "relais: %s\n", app->why);
		service_close(app->service);
	}
	uv_run(&app->loop, UV_RUN_DEFAULT);
	if (code == EX_OK)
		signer_last(app->fleet);
	shared_stop(app->shared);
	fleet_close(app->fleet);
	shared_close(app->shared);
	ASSERT(uv_loop_close(&app->loop) == 0);
	settings_close(&app->settings);
	free(app);
	return code;
}
