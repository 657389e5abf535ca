/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* /metrics: every limit with its present count, in Prometheus text format 0.0.4. For this machine,
 * and for who has the token. */

#include <inttypes.h>
#include <openssl/crypto.h>

#include "fleet/backup.h"
#include "fleet/event.h"
#include "fleet/freed.h"
#include "fleet/journal.h"
#include "fleet/standing.h"
#include "fleet/waiting.h"
#include "server/care.h"
#include "server/demand.h"
#include "server/http_peer.h"
#include "server/min_seq.h"
#include "server/respond.h"
#include "server/text.h"
#include "server/upload.h"
#include "server/version.h"
#include "server/writer.h"

enum { METRICS_BYTES_MAX = 128 << 10 };

enum figure_type { GAUGE, COUNTER };

static void figure(
	struct text *t, enum figure_type type, const char *name, const char *help, uint64_t value)
{
	text_add(t, "# HELP relais_%s %s\n# TYPE relais_%s %s\nrelais_%s %" PRIu64 "\n", name, help,
		name, type == COUNTER ? "counter" : "gauge", name, value);
}

static void seconds(struct text *t, const char *name, const char *help, uint32_t ms)
{
	text_add(t, "# HELP relais_%s %s\n# TYPE relais_%s gauge\nrelais_%s %u.%03u\n", name, help,
		name, name, ms / 1000, ms % 1000);
}

static void http_figures(struct text *t, const struct http_counts *c, const struct http_limits *l)
{
	figure(t, GAUGE, "http_connections", "Connections open now.", c->connections_now);
	figure(t, GAUGE, "http_connections_max", "Their limit.", l->connections_max);
	figure(t, GAUGE, "http_connections_per_address_max", "Their limit from one address.",
		l->connections_per_address_max);
	figure(t, COUNTER, "http_connections_total", "Connections taken.", c->connections);
	figure(t, COUNTER, "http_connections_refused_total", "Connections over a limit.",
		c->connections_refused);
	figure(t, COUNTER, "http_requests_total", "Requests read.", c->requests);
	figure(t, GAUGE, "http_in_flight", "Requests being worked on.", c->in_flight_now);
	figure(t, GAUGE, "http_in_flight_max", "Their limit.", l->in_flight_max);
	figure(t, GAUGE, "http_in_flight_per_connection_max", "Their limit on one connection.",
		l->in_flight_per_connection_max);
	figure(t, GAUGE, "http_streams", "Streams open now.", c->streams_now);
	figure(t, GAUGE, "http_streams_max", "Their limit.", l->streams_max);
	figure(t, COUNTER, "http_aborted_total", "Requests whose client left.", c->aborted);
	figure(t, COUNTER, "http_stalled_total", "Clients that did not read.", c->stalled);
	figure(t, COUNTER, "http_slow_total", "Requests not sent in time.", c->slow);
	figure(t, COUNTER, "http_too_large_total", "Bodies over the limit.", c->too_large);
	figure(t, COUNTER, "http_malformed_total", "Requests that could not be read.",
		c->malformed);
	figure(t, COUNTER, "http_busy_total", "Requests over the limit in flight.", c->busy);
	figure(t, COUNTER, "http_closed_for_aborts_total",
		"Connections closed for abandoning requests.", c->closed_for_aborts);
	figure(t, GAUGE, "http_body_bytes_max", "The largest body taken.", l->body_bytes_max);
	figure(t, GAUGE, "http_head_bytes_max", "The largest head taken.", l->head_bytes_max);
	figure(t, GAUGE, "http_aborts_max", "Requests an address may abandon in a minute.",
		l->aborts_max);
	seconds(t, "http_request_seconds_max", "How long sending a request may take.",
		l->request_ms_max);
	seconds(t, "http_stalled_seconds_max", "How long nothing of an answer may be taken.",
		l->stalled_ms_max);
	text_add(t, "# HELP relais_http_answers_total Answers by class of status.\n"
		    "# TYPE relais_http_answers_total counter\n");
	for (int i = 1; i < (int)ARRAY_LEN(c->status); i++)
		text_add(t, "relais_http_answers_total{class=\"%dxx\"} %" PRIu64 "\n", i,
			c->status[i]);
}

static void http_latency(struct text *t, const struct http_counts *c, const struct http_limits *l)
{
	static const char name[] = "http_request_duration_seconds";
	text_add(t,
		"# HELP relais_%s From the whole request to its answer, or a stream's beginning.\n"
		"# TYPE relais_%s histogram\n",
		name, name);
	histogram_tell(t, name, "kind=\"read\"", &bounds_latency, &c->reads);
	histogram_tell(t, name, "kind=\"change\"", &bounds_latency, &c->changes);
	figure(t, COUNTER, "http_slow_answers_total", "Answers that the log tells as slow.",
		c->slow_answers);
	seconds(t, "http_slow_seconds", "From how long on.", l->slow_ms);
}

static void writer_figures(struct text *t, const struct writer_counts *c)
{
	figure(t, GAUGE, "writer_waiting", "Commands waiting for the writer.", c->waiting);
	figure(t, GAUGE, "writer_waiting_max", "Their limit.", c->waiting_max);
	figure(t, COUNTER, "writer_refused_total", "Commands refused because the queue was full.",
		c->refused_full);
	figure(t, COUNTER, "writer_dropped_total",
		"Commands not done because whoever asked left before their batch.", c->dropped);
	figure(t, COUNTER, "writer_batches_total", "Batches committed.", c->fleet.batches);
	figure(t, COUNTER, "writer_commands_total", "Commands decided.", c->fleet.commands);
	figure(t, COUNTER, "writer_commands_refused_total", "Commands the trade refused.",
		c->fleet.refused);
	figure(t, COUNTER, "writer_entries_total", "Journal entries written.", c->fleet.entries);
	figure(t, COUNTER, "writer_faults_total", "Faults of storage or memory.", c->fleet.faults);
	figure(t, COUNTER, "writer_storage_refused_total", "Commands that found no room.",
		c->fleet.without_room);
	figure(t, GAUGE, "writer_storage_room",
		"2: ample; 1: the reserve takes returns and cancellations; 0: none.",
		c->fleet.room);
	figure(t, GAUGE, "journal_away", "1: the shared journal cannot be asked.", c->fleet.away);
	figure(t, GAUGE, "journal_forked", "1: the shared journal lost what is here.",
		c->fleet.forked);
	figure(t, COUNTER, "journal_lost_total",
		"Entries acknowledged here that the shared journal has lost; they are in DIR/lost.",
		c->fleet.lost);
	figure(t, GAUGE, "writer_batch_last", "Commands in the last batch.", c->fleet.batch_last);
	figure(t, GAUGE, "writer_batch_max", "Their limit.", BATCH_MAX);
}

/* What became of bookings, visits, objects: every kind has its line from the start, as below. */
static void done_figures(struct text *t, const struct writer_counts *c)
{
	text_add(t, "# HELP relais_done_total Changes that were made, by kind of entry.\n"
		    "# TYPE relais_done_total counter\n");
	for (int i = 0; i < VERBS_LEN; i++)
		text_add(t, "relais_done_total{kind=\"%s\"} %" PRIu64 "\n", verb_kind((enum verb)i),
			c->fleet.done[i]);
}

static void batch_figures(struct text *t, const struct writer_counts *c)
{
	text_add(t, "# HELP relais_writer_batch_size Commands that shared a commit.\n"
		    "# TYPE relais_writer_batch_size histogram\n");
	histogram_tell(t, "writer_batch_size", "", &bounds_batch, &c->sizes);
	text_add(t,
		"# HELP relais_writer_commit_duration_seconds To decide a batch and commit it.\n"
		"# TYPE relais_writer_commit_duration_seconds histogram\n");
	histogram_tell(t, "writer_commit_duration_seconds", "", &bounds_latency, &c->took);
}

/* Every reason has its line from the start: a rate needs a first value. */
static void problem_figures(struct text *t, const struct api *api)
{
	text_add(t, "# HELP relais_problems_total Requests refused or failed, by reason.\n"
		    "# TYPE relais_problems_total counter\n");
	for (uint32_t i = OK + 1; i < OUTCOMES_LEN; i++)
		text_add(t, "relais_problems_total{reason=\"%s\"} %" PRIu64 "\n",
			outcome_slug((enum outcome)i), api->problems[i]);
}

static void journal_figures(struct text *t, struct view *v)
{
	struct str name = STR_NULL;
	text_add(t, "# HELP relais_journal_entries Entries of each journal.\n"
		    "# TYPE relais_journal_entries gauge\n");
	for (struct journal_head head; journal_next_name(v->txn, &name);)
		if (journal_head(v->txn, name, &head))
			text_add(t, "relais_journal_entries{journal=\"%.*s\"} %" PRIu64 "\n",
				STR_FMT(name), head.seq);
}

static void standing_figures(struct text *t, struct view *v)
{
	struct standing s;
	standing_count(v, &s);
	text_add(t, "# HELP relais_bookings Bookings by their state, at all sites.\n"
		    "# TYPE relais_bookings gauge\n");
	for (int i = 0; i < BOOKING_STATUSES_LEN; i++)
		text_add(t, "relais_bookings{state=\"%s\"} %" PRIu64 "\n",
			booking_status_name((enum booking_status)i), s.state[i]);
	figure(t, GAUGE, "bookings_past_return", "Of the cars out, those past their time.", s.past);
}

static void demand_figures(struct text *t, const struct demand_counts *c)
{
	figure(t, GAUGE, "demand_waiting", "Counts of refused offers not journalled yet.",
		c->waiting);
	figure(t, GAUGE, "demand_waiting_max", "Their limit.", DEMAND_BOOK_MAX);
	figure(t, COUNTER, "demand_lost_total", "Refused offers that found no room there.",
		c->lost);
}

/* Parts of files that wait to be attached, and pages that wait to be signed. */
static void upload_figures(struct text *t, const struct uploads *u)
{
	struct uploads_counts c;

	uploads_counts(u, &c);
	figure(t, GAUGE, "uploads_waiting", "Parts that wait to be attached or signed.", c.waiting);
	figure(t, GAUGE, "uploads_waiting_max", "Their limit.", UPLOADS_MAX);
	figure(t, GAUGE, "uploads_bytes", "Their bytes.", c.bytes);
	figure(t, GAUGE, "uploads_bytes_max", "Their limit.", UPLOADS_BYTES_MAX);
	figure(t, COUNTER, "uploads_refused_total", "Parts that found no room.", c.refused);
}

/* Late binding: of decisions and of questions together. */
static void shuffle_figures(struct text *t, const struct fleet *f, const struct fleet_counts *c)
{
	uint64_t shuffled, undecided;

	fleet_reading_counts(f, &shuffled, &undecided);
	figure(t, COUNTER, "shuffles_total", "Requests that no free seat fitted.",
		c->shuffled + shuffled);
	figure(t, COUNTER, "shuffles_undecided_total",
		"Of them those that the search left unanswered.", c->undecided + undecided);
}

/* What the desks owe: places and seats that are not there yet. */
static void owed_figures(struct text *t, struct fleet *f, struct arena *a)
{
	struct freed_counts c;
	struct view v;
	struct txn txn;

	fleet_look(f, &v, &txn, a);
	freed_count(&v, &c);
	standing_figures(t, &v);
	journal_figures(t, &v);
	fleet_look_end(&v);
	figure(t, GAUGE, "waiting_list", "Customers in line for a place, at all sites.", c.waiting);
	figure(t, GAUGE, "waiting_list_max", "Their limit at one site.", WAITING_MAX);
	figure(t, GAUGE, "promises_at_risk",
		"Promises without a seat that begin later or began within a day, at all sites.",
		c.at_risk);
}

/* Of all lanes, each name once with their lines. */
static void lane_figures(struct text *t, const struct api *api)
{
	const struct {
		const char *name;
		const struct lane *lane;
	} lanes[] = {{"passwords", &api->hashes}, {"people", &api->people},
		{"signing", &api->signing}, {"packing", &api->packing}};
	const struct {
		const char *name, *type, *help;
		size_t at;
		bool wide;
	} figures[] = {
		{"running", "gauge", "Pieces of work on a thread.", offsetof(struct lane, running),
			false},
		{"running_max", "gauge", "Their limit.", offsetof(struct lane, running_max), false},
		{"waiting", "gauge", "Pieces of work that wait.", offsetof(struct lane, waiting),
			false},
		{"waiting_max", "gauge", "Their limit.", offsetof(struct lane, waiting_max), false},
		{"taken_total", "counter", "Pieces of work taken.", offsetof(struct lane, taken),
			true},
		{"refused_total", "counter", "Pieces of work over the limit.",
			offsetof(struct lane, refused), true},
	};
	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		text_add(t, "# HELP relais_lane_%s %s\n# TYPE relais_lane_%s %s\n", figures[i].name,
			figures[i].help, figures[i].name, figures[i].type);
		for (size_t j = 0; j < ARRAY_LEN(lanes); j++) {
			const char *value = (const char *)lanes[j].lane + figures[i].at;
			text_add(t, "relais_lane_%s{lane=\"%s\"} %" PRIu64 "\n", figures[i].name,
				lanes[j].name,
				figures[i].wide ? *(const uint64_t *)value
						: *(const uint32_t *)value);
		}
	}
}

static void gzip_figures(struct text *t, const struct gzip *g)
{
	figure(t, COUNTER, "http_packed_answers_total", "Answers sent as gzip.", g->answers);
	figure(t, COUNTER, "http_packed_bytes_total", "What they were before.", g->bytes);
	figure(t, COUNTER, "http_packed_sent_bytes_total", "What they were sent as.",
		g->packed_bytes);
}

static void counting_figures(struct text *t, const struct api *api)
{
	figure(t, GAUGE, "figures_counting", "Questions for figures under way.", api->countings);
	figure(t, GAUGE, "figures_counting_max", "Their limit.", COUNTINGS_MAX);
	figure(t, GAUGE, "min_seq_waiting", "Requests that wait for Relais-Min-Seq.",
		min_seqs_waiting(api->min_seqs));
	figure(t, GAUGE, "min_seq_waiting_max", "Their limit.", MIN_SEQ_WAITING_MAX);
}

static void auth_figures(struct text *t, const struct api *api)
{
	figure(t, COUNTER, "auth_lookups_total", "Tokens and sessions looked up.",
		api->auth.lookups);
	figure(t, COUNTER, "auth_unauthorised_total",
		"Requests without a valid token or session, wrong passwords.", api->unauthorised);
	figure(t, COUNTER, "token_requests_refused_total",
		"Requests of tokens that had made too many in a minute.", api->rates.refused);
	figure(t, GAUGE, "token_requests_max", "Their limit in a minute; 0: none.",
		api->settings->config.token_requests_max);
	figure(t, COUNTER, "auth_forbidden_total", "Requests the role did not allow.",
		api->forbidden);
	figure(t, COUNTER, "auth_csrf_total", "Requests that did not come from our own page.",
		api->not_ours);
	figure(t, COUNTER, "guesses_refused_name_total", "Sign-ins refused: that name too often.",
		api->guesses.refused_name);
	figure(t, GAUGE, "guesses_per_name_max", "Wrong passwords of a name in 15 minutes.",
		GUESSES_PER_NAME_MAX);
	figure(t, COUNTER, "guesses_refused_address_total",
		"Sign-ins refused: that address too often.", api->guesses.refused_address);
	figure(t, GAUGE, "guesses_per_address_max", "Wrong passwords of an address in 15 minutes.",
		GUESSES_PER_ADDRESS_MAX);
	lane_figures(t, api);
}

/* Figures of both stores, each name once with its two lines. */
static void store_figures(struct text *t, struct store *data, struct store *people)
{
	static const char *const names[] = {"data", "people"};
	static const struct {
		const char *name, *help;
	} figures[] = {
		{"used_bytes", "Bytes in use."},
		{"map_bytes", "The most a store can hold."},
		{"readers", "Reader slots in use."},
		{"readers_max", "Their limit."},
		{"last_txn", "Number of the last commit."},
		{"reader_behind", "Commits since the oldest look began; 0: nobody looks."},
	};
	struct store_usage u[2];
	store_usage(data, &u[0]);
	store_usage(people, &u[1]);
	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		text_add(t, "# HELP relais_store_%s %s\n# TYPE relais_store_%s gauge\n",
			figures[i].name, figures[i].help, figures[i].name);
		for (size_t s = 0; s < ARRAY_LEN(names); s++) {
			const uint64_t values[ARRAY_LEN(figures)] = {u[s].used_bytes,
				u[s].map_bytes, u[s].readers, u[s].readers_max, u[s].last_txn,
				u[s].oldest_txn ? u[s].last_txn - u[s].oldest_txn : 0};
			text_add(t, "relais_store_%s{store=\"%s\"} %" PRIu64 "\n", figures[i].name,
				names[s], values[i]);
		}
	}
}

bool call_may_be_told(struct call *call)
{
	static const char bearer[] = "Bearer ";
	struct str token = str_from(call->api->settings->metrics_token);
	struct str said = exchange_header(call->x, "authorization");
	size_t n = sizeof bearer - 1;
	struct str others = str_from(call->api->settings->config.metrics_addresses);
	if (exchange_from_loopback(call->x) || peer_keys_name(others, exchange_address(call->x)))
		return true;
	return token.n && said.n == n + token.n && memcmp(said.p, bearer, n) == 0 &&
	       CRYPTO_memcmp(said.p + n, token.p, token.n) == 0;
}

void page_metrics(struct call *call)
{
	struct api *api = call->api;
	if (!call_may_be_told(call)) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("figures are told to this machine, to metrics.addresses, and to who "
			    "has the token in metrics.token_file"));
		return;
	}
	struct writer_counts counts;
	writer_counts(api->writer, &counts);
	struct text t;
	text_init(&t, call->arena, METRICS_BYTES_MAX);
	text_add(&t,
		"# HELP relais_build_info The program.\n# TYPE relais_build_info gauge\n"
		"relais_build_info{version=\"" RELAIS_VERSION
		"\",data=\"%.*s\",rows=\"%.*s\",entries=\"%d\",backups=\"%d\"} 1\n",
		STR_FMT(STORE_FORMAT), STR_FMT(STORE_PROJECTION), ENTRY_VERSION, BACKUP_VERSION);
	http_figures(&t, http_counts(api->http), &api->settings->config.limits);
	http_latency(&t, http_counts(api->http), &api->settings->config.limits);
	writer_figures(&t, &counts);
	done_figures(&t, &counts);
	batch_figures(&t, &counts);
	problem_figures(&t, api);
	shuffle_figures(&t, api->fleet, &counts.fleet);
	owed_figures(&t, api->fleet, call->arena);
	struct demand_counts demand = demand_desk_counts(api->demand);
	demand_figures(&t, &demand);
	upload_figures(&t, api->uploads);
	care_figures(&t, api);
	counting_figures(&t, api);
	gzip_figures(&t, &api->gzip);
	auth_figures(&t, api);
	store_figures(&t, fleet_store(api->fleet), people_store(fleet_people(api->fleet)));
	respond_text(call, 200, STR("text/plain; version=0.0.4; charset=utf-8"), text_done(&t));
}
