/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* /status: how the installation is, on one page that a person reads: what deserves a look first,
 * then backups, storage, certificate, work. To whom /metrics is told, and to who administers. */

#include <inttypes.h>
#include <stdio.h>
#include <sys/statvfs.h>

#include "fleet/journal.h"
#include "server/backup_clock.h"
#include "server/care.h"
#include "server/drop_in.h"
#include "server/drop_out.h"
#include "server/outbound.h"
#include "server/pages.h"
#include "server/tls.h"
#include "server/version.h"
#include "server/writer.h"

enum {
	STATUS_FAULTS_MAX = 5,
	STATUS_BYTES_MAX = 64 << 10,
	MINUTE_S = 60,
	HOUR_S = 3600,
	DAY_S = 86400,
	MIB = 1 << 20
};

static void row_begin(struct text *t, const char *what)
{
	text_add(t, "<tr><th>%s</th><td>", what);
}

static void row_end(struct text *t)
{
	text_add(t, "</td></tr>\n");
}

/* "3 hours": the largest unit of which there are two. */
static void add_span(struct text *t, int64_t s)
{
	if (s >= 2 * DAY_S)
		text_add(t, "%" PRId64 " days", s / DAY_S);
	else if (s >= 2 * HOUR_S)
		text_add(t, "%" PRId64 " hours", s / HOUR_S);
	else
		text_add(t, "%" PRId64 " minutes", s / MINUTE_S);
}

/* Of files that come or go: when the last one did; nothing where none has. */
static void add_last(struct text *t, const char *did, int64_t last_at_s, int64_t now_s)
{
	if (!last_at_s)
		return;
	text_add(t, "; the last %s ", did);
	add_span(t, now_s - last_at_s);
	text_add(t, " ago");
}

static void tell_warnings(struct text *t, struct call *call)
{
	struct text said;
	text_init(&said, call->arena, STATUS_BYTES_MAX / 4);
	care_warn(&said, call->api);
	struct str lines = text_done(&said);
	if (!lines.n) {
		text_add(t, "<p class=\"good\">\xe2\x9c\x93 Nothing deserves a look.</p>\n");
		return;
	}
	text_add(t, "<p class=\"look\">\xe2\x9a\xa0 To be looked at:</p><ul>\n");
	for (size_t at = 0; at < lines.n;) {
		const char *end = memchr(lines.p + at, '\n', lines.n - at);
		size_t n = end ? (size_t)(end - lines.p) - at : lines.n - at;
		text_add(t, "<li>");
		text_html(t, (struct str){lines.p + at, n});
		text_add(t, "</li>\n");
		at += n + 1;
	}
	text_add(t, "</ul>\n");
}

static void tell_backups(struct text *t, struct api *api, int64_t now_s)
{
	struct backup_counts b;
	backup_clock_counts(api->backups, &b);
	row_begin(t, "Backups");
	if (!b.wanted)
		text_add(t, "none are made by the clock: set <code>backup.directory</code>");
	else if (!b.last_at_s)
		text_add(t, "there is none yet");
	else {
		text_add(t, "the newest is ");
		add_span(t, now_s - b.last_at_s);
		text_add(t, " old and has %" PRIu64 " MiB; %" PRIu64 " are kept",
			(b.bytes + MIB - 1) / MIB, b.kept);
	}
	if (b.failed)
		text_add(t, "; %" PRIu64 " failed since the start", b.failed);
	row_end(t);
}

static void tell_drop(struct text *t, struct api *api, int64_t now_s)
{
	struct drop_counts d;
	drop_out_counts(api->drop_out, &d);
	row_begin(t, "For the workshop's system");
	if (!d.wanted)
		text_add(t, "no files are written: set <code>drop.out</code>");
	else
		text_add(t, "%" PRIu64 " files with %" PRIu64 " rows since the start", d.files,
			d.rows);
	add_last(t, "was written", d.last_at_s, now_s);
	if (d.failed)
		text_add(t, "; %" PRIu64 " runs failed", d.failed);
	row_end(t);
}

static void tell_webhook(struct text *t, struct api *api, int64_t now_s)
{
	struct webhook_counts c;
	outbound_counts(api->outbound, &c, NULL);
	row_begin(t, "Another system");
	if (!c.wanted)
		text_add(t, "none is told: set <code>webhook.url</code>");
	else
		text_add(t, "%" PRIu64 " messages since the start", c.sent);
	add_last(t, "went", c.last_at_s, now_s);
	if (c.failed)
		text_add(t, "; %" PRIu64 " tries failed", c.failed);
	row_end(t);
}

static void tell_messages(struct text *t, struct api *api, int64_t now_s)
{
	struct message_counts c;
	outbound_counts(api->outbound, NULL, &c);
	row_begin(t, "Messages");
	if (!c.wanted)
		text_add(t, "customers are called: set <code>smtp.url</code> or "
			    "<code>sms.url</code>");
	else
		text_add(t, "%" PRIu64 " since the start", c.sent);
	add_last(t, "went", c.last_at_s, now_s);
	if (c.failed)
		text_add(t, "; %" PRIu64 " failed", c.failed);
	if (c.waiting)
		text_add(t, "; %u wait for another try", c.waiting);
	row_end(t);
}

/* Of the last import what anybody may know who runs the machine: no name of a file. */
static void tell_last_import(struct text *t, struct import_job *job)
{
	struct job_report *r = &job->report;
	uv_mutex_lock(&job->mutex);
	text_add(t, "the last is %s: %s, %u new, %u changed, %u as before, %u refused, %u faults",
		import_kind_facts(job->record.kind)->name, import_state_name(r->state), r->created,
		r->changed, r->same, r->refused, r->faults);
	for (uint32_t i = 0; i < r->fault_lines.len && i < STATUS_FAULTS_MAX; i++)
		text_add(t, "<br>line %u: %.*s", r->fault_lines.line[i].line,
			STR_FMT(r->fault_lines.line[i].pointer));
	uv_mutex_unlock(&job->mutex);
}

static void tell_imports(struct text *t, struct api *api, int64_t now_s)
{
	struct imports_counts c;
	struct drop_in_counts d;
	struct import_job *job = NULL;
	imports_counts(api->imports, &c);
	drop_in_counts(api->drop_in, &d);
	row_begin(t, "Imports");
	text_add(t,
		"%u run, %u wait; since the start %" PRIu64 " done, %" PRIu64 " not taken, %" PRIu64
		" stopped; ",
		c.running, c.waiting, c.done, c.failed, c.stopped);
	while ((job = imports_next(api->imports, job)) != NULL)
		if (!job->dry_run && !job->undo)
			break;
	if (job)
		tell_last_import(t, job);
	else
		text_add(t, "none yet");
	row_end(t);
	row_begin(t, "Files of other systems");
	if (!d.wanted)
		text_add(t, "no folder is looked at: set <code>drop.in</code>");
	else
		text_add(t, "%" PRIu64 " imported, %" PRIu64 " in <code>failed/</code>", d.done,
			d.failed);
	add_last(t, "came", d.last_at_s, now_s);
	row_end(t);
}

static void tell_storage(struct text *t, struct api *api)
{
	const char *dir = api->settings->config.data;
	struct store_usage u;
	struct statvfs disk;
	store_usage(fleet_store(api->fleet), &u);
	row_begin(t, "Storage");
	text_add(t, "%" PRIu64 " MiB of at most %" PRIu64 " MiB (<code>store.mib_max</code>)",
		u.used_bytes / MIB, u.map_bytes / MIB);
	if (*dir && statvfs(dir, &disk) == 0)
		text_add(t, "; %" PRIu64 " MiB are free on the disk",
			(uint64_t)disk.f_bavail * disk.f_frsize / MIB);
	row_end(t);
}

static void tell_certificate(struct text *t, struct api *api, int64_t now_s)
{
	int64_t until_s = tls_expires_s(api->settings->tls);
	row_begin(t, "Certificate");
	if (!api->settings->tls) {
		text_add(t, "none: plain HTTP, for this machine or behind a proxy");
	} else if (until_s > now_s) {
		text_add(t, "good for ");
		add_span(t, until_s - now_s);
	} else {
		text_add(t, "expired");
	}
	row_end(t);
}

static void tell_journals(struct text *t, struct call *call)
{
	struct view *v = call_look(call);
	struct str name = STR_NULL;
	row_begin(t, "Journals");
	for (struct journal_head head; journal_next_name(v->txn, &name);)
		if (journal_head(v->txn, name, &head))
			text_add(t, "%.*s: %" PRIu64 " entries<br>", STR_FMT(name), head.seq);
	row_end(t);
}

static void tell_work(struct text *t, struct api *api)
{
	const struct http_counts *c = http_counts(api->http);
	struct writer_counts w;
	writer_counts(api->writer, &w);
	row_begin(t, "Work");
	text_add(t, "%u connections, %u requests in hand, %u of %u commands waiting",
		c->connections_now, c->in_flight_now, w.waiting, w.waiting_max);
	row_end(t);
	row_begin(t, "Since the start");
	text_add(t,
		"%" PRIu64 " requests, %" PRIu64 " answered as failed (5xx), %" PRIu64
		" slow; %" PRIu64 " entries written",
		c->requests, c->status[5], c->slow_answers, w.fleet.entries);
	row_end(t);
}

void page_status(struct call *call)
{
	struct api *api = call->api;
	struct env *env = fleet_env(api->fleet);
	struct text t;

	if (!call_may_be_told(call) && !call_administers(call)) {
		respond_refused(call, REFUSED_NOT_FOUND,
			STR("the status is told to this machine, and to who administers"));
		return;
	}
	int64_t now_s = env->now(env).s;
	text_init(&t, call->arena, STATUS_BYTES_MAX);
	page_begin(&t);
	text_add(&t, "<h1>relais " RELAIS_VERSION "</h1>\n");
	tell_warnings(&t, call);
	text_add(&t, "<table>\n");
	tell_backups(&t, api, now_s);
	tell_drop(&t, api, now_s);
	tell_webhook(&t, api, now_s);
	tell_messages(&t, api, now_s);
	tell_imports(&t, api, now_s);
	tell_storage(&t, api);
	tell_certificate(&t, api, now_s);
	tell_work(&t, api);
	tell_journals(&t, call);
	text_add(&t, "</table>\n");
	page_send(call, &t);
}
