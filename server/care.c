/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/care.h"

#include <inttypes.h>

#include "fleet/lost.h"
#include "server/backup_clock.h"
#include "server/drop_in.h"
#include "server/drop_out.h"
#include "server/outbound.h"
#include "server/tls.h"
#include "server/upkeep.h"
#include "server/writer.h"

/* Of what a store may hold: then somebody is told, long before promises are refused. */
enum { STORE_FULL_PERCENT = 80 };
/* Before it ends: time enough to have another one made. */
enum { CERTIFICATE_DAYS = 14, DAY_S = 86400 };

static uint64_t store_percent(struct store *store)
{
	struct store_usage u;
	store_usage(store, &u);
	return u.used_bytes / (u.map_bytes / 100);
}

static void backup_figures(struct text *t, const struct backup_counts *b)
{
	text_add(t,
		"# HELP relais_backup_wanted 1: backups are made by the clock.\n"
		"# TYPE relais_backup_wanted gauge\n"
		"relais_backup_wanted %d\n"
		"# HELP relais_backup_last_timestamp_seconds When the newest was begun; 0: none.\n"
		"# TYPE relais_backup_last_timestamp_seconds gauge\n"
		"relais_backup_last_timestamp_seconds %" PRId64 "\n"
		"# HELP relais_backup_last_bytes Its size.\n"
		"# TYPE relais_backup_last_bytes gauge\n"
		"relais_backup_last_bytes %" PRIu64 "\n"
		"# HELP relais_backup_last_duration_seconds How long the last took.\n"
		"# TYPE relais_backup_last_duration_seconds gauge\n"
		"relais_backup_last_duration_seconds %" PRIu64 ".%03" PRIu64 "\n",
		b->wanted, b->last_at_s, b->bytes, b->took_ms / 1000, b->took_ms % 1000);
	text_add(t,
		"# HELP relais_backups_kept Backups in backup.directory.\n"
		"# TYPE relais_backups_kept gauge\n"
		"relais_backups_kept %" PRIu64 "\n"
		"# HELP relais_backups_total Backups by the clock.\n"
		"# TYPE relais_backups_total counter\n"
		"relais_backups_total{outcome=\"made\"} %" PRIu64 "\n"
		"relais_backups_total{outcome=\"failed\"} %" PRIu64 "\n"
		"# HELP relais_backup_running 1: one is being written.\n"
		"# TYPE relais_backup_running gauge\n"
		"relais_backup_running %d\n",
		b->kept, b->made, b->failed, b->running);
}

static void certificate_warn(struct text *t, struct api *api)
{
	struct env *env = fleet_env(api->fleet);
	int64_t end_s = tls_expires_s(api->settings->tls), now_s = env->now(env).s;
	if (!api->settings->tls || end_s - now_s > (int64_t)CERTIFICATE_DAYS * DAY_S)
		return;
	if (end_s > now_s)
		text_add(t, "the certificate ends in %" PRId64 " days: put a new one and reload\n",
			(end_s - now_s) / DAY_S);
	else
		text_add(t, "the certificate has expired: put a new one and reload\n");
}

static void drop_figures(struct text *t, const struct drop_counts *d)
{
	text_add(t,
		"# HELP relais_drop_out_wanted 1: files are written for the workshop's system.\n"
		"# TYPE relais_drop_out_wanted gauge\n"
		"relais_drop_out_wanted %d\n"
		"# HELP relais_drop_out_files_total Files written.\n"
		"# TYPE relais_drop_out_files_total counter\n"
		"relais_drop_out_files_total %" PRIu64 "\n"
		"# HELP relais_drop_out_rows_total Visits and bookings in them.\n"
		"# TYPE relais_drop_out_rows_total counter\n"
		"relais_drop_out_rows_total %" PRIu64 "\n",
		d->wanted, d->files, d->rows);
	text_add(t,
		"# HELP relais_drop_out_failed_total Runs that could not write.\n"
		"# TYPE relais_drop_out_failed_total counter\n"
		"relais_drop_out_failed_total %" PRIu64 "\n"
		"# HELP relais_drop_out_full 1: as many files as may be wait to be taken.\n"
		"# TYPE relais_drop_out_full gauge\n"
		"relais_drop_out_full %d\n",
		d->failed, d->full);
}

static void webhook_figures(struct text *t, struct api *api)
{
	struct webhook_counts c;
	outbound_counts(api->outbound, &c, NULL);
	text_add(t,
		"# HELP relais_webhook_wanted 1: another system is told what changes.\n"
		"# TYPE relais_webhook_wanted gauge\n"
		"relais_webhook_wanted %d\n"
		"# HELP relais_webhook_messages_total Messages it answered with 2xx.\n"
		"# TYPE relais_webhook_messages_total counter\n"
		"relais_webhook_messages_total %" PRIu64 "\n"
		"# HELP relais_webhook_failed_total Tries that failed.\n"
		"# TYPE relais_webhook_failed_total counter\n"
		"relais_webhook_failed_total %" PRIu64 "\n"
		"# HELP relais_webhook_failed_in_a_row Of the message that is tried now.\n"
		"# TYPE relais_webhook_failed_in_a_row gauge\n"
		"relais_webhook_failed_in_a_row %u\n",
		c.wanted, c.sent, c.failed, c.failed_in_a_row);
}

static void message_figures(struct text *t, struct api *api)
{
	struct message_counts c;
	outbound_counts(api->outbound, NULL, &c);
	text_add(t,
		"# HELP relais_messages_sent_total Messages to customers that were handed over.\n"
		"# TYPE relais_messages_sent_total counter\n"
		"relais_messages_sent_total %" PRIu64 "\n"
		"# HELP relais_messages_tries_failed_total Tries that failed.\n"
		"# TYPE relais_messages_tries_failed_total counter\n"
		"relais_messages_tries_failed_total %" PRIu64 "\n"
		"# HELP relais_messages_failed_total Given up: each is a call for a person.\n"
		"# TYPE relais_messages_failed_total counter\n"
		"relais_messages_failed_total %" PRIu64 "\n"
		"# HELP relais_messages_waiting Those that are tried again.\n"
		"# TYPE relais_messages_waiting gauge\n"
		"relais_messages_waiting %u\n",
		c.sent, c.tries_failed, c.failed, c.waiting);
}

static void import_figures(struct text *t, struct api *api)
{
	struct imports_counts c;
	struct drop_in_counts d;
	imports_counts(api->imports, &c);
	drop_in_counts(api->drop_in, &d);
	text_add(t,
		"# HELP relais_imports_now Imports that run or wait.\n"
		"# TYPE relais_imports_now gauge\n"
		"relais_imports_now %u\n"
		"# HELP relais_imports_total Imports that are over, but for dry runs.\n"
		"# TYPE relais_imports_total counter\n"
		"relais_imports_total{outcome=\"done\"} %" PRIu64 "\n"
		"relais_imports_total{outcome=\"failed\"} %" PRIu64 "\n"
		"relais_imports_total{outcome=\"stopped\"} %" PRIu64 "\n",
		c.running + c.waiting, c.done, c.failed, c.stopped);
	text_add(t,
		"# HELP relais_imports_refused_total Imports for which too many waited.\n"
		"# TYPE relais_imports_refused_total counter\n"
		"relais_imports_refused_total %" PRIu64 "\n"
		"# HELP relais_import_rows_total Rows that changed something.\n"
		"# TYPE relais_import_rows_total counter\n"
		"relais_import_rows_total %" PRIu64 "\n"
		"# HELP relais_drop_in_files_total Files of the drop folder.\n"
		"# TYPE relais_drop_in_files_total counter\n"
		"relais_drop_in_files_total{outcome=\"done\"} %" PRIu64 "\n"
		"relais_drop_in_files_total{outcome=\"failed\"} %" PRIu64 "\n",
		c.refused_full, c.rows, d.done, d.failed);
}

void care_warn(struct text *t, struct api *api)
{
	struct backup_counts b;
	struct drop_counts d;
	struct drop_in_counts in;
	struct webhook_counts hook;
	struct message_counts message;
	struct writer_counts w;
	certificate_warn(t, api);
	writer_counts(api->writer, &w);
	if (w.fleet.away)
		text_add(t, "PostgreSQL is away: nothing is written, what is read may be old\n");
	uint32_t lost = lost_files(api->fleet);
	if (lost)
		text_add(t,
			"PostgreSQL lost what was acknowledged here: call the customers of the "
			"bookings in %u file%s of DIR/lost, then take %s away\n",
			lost, lost == 1 ? "" : "s", lost == 1 ? "it" : "them");
	uint64_t percent = store_percent(fleet_store(api->fleet));
	if (api->reload.failed)
		text_add(t, "the configuration was not read again: %s\n", api->reload.why);
	backup_clock_counts(api->backups, &b);
	if (b.last_failed)
		text_add(t, "the last backup failed: %s\n", b.why);
	if (b.late)
		text_add(t, "a backup is late: %s\n",
			b.running ? "it is being written" : "see the log");
	drop_out_counts(api->drop_out, &d);
	if (d.last_failed)
		text_add(t, "a file for the workshop's system was not written: %s\n", d.why);
	if (d.full)
		text_add(t, "nobody takes the files out of drop.out: no more are written\n");
	outbound_counts(api->outbound, &hook, &message);
	if (hook.wanted && hook.last_failed)
		text_add(t, "the other system was not told: %s\n", hook.why);
	if (message.wanted && message.last_failed)
		text_add(t, "a message to a customer was not taken: %s\n", message.why);
	drop_in_counts(api->drop_in, &in);
	if (in.wanted && in.last_failed)
		text_add(t, "a file was not imported: %s\n", in.why);
	if (percent >= STORE_FULL_PERCENT)
		text_add(t, "the store is %" PRIu64 " %% full: raise store.mib_max and reload\n",
			percent);
}

void care_figures(struct text *t, struct api *api)
{
	struct drop_counts d;
	struct backup_counts b;
	backup_clock_counts(api->backups, &b);
	backup_figures(t, &b);
	drop_out_counts(api->drop_out, &d);
	drop_figures(t, &d);
	webhook_figures(t, api);
	message_figures(t, api);
	import_figures(t, api);
	text_add(t,
		"# HELP relais_tls_certificate_end_timestamp_seconds When it ends; 0: plain HTTP.\n"
		"# TYPE relais_tls_certificate_end_timestamp_seconds gauge\n"
		"relais_tls_certificate_end_timestamp_seconds %" PRId64 "\n",
		tls_expires_s(api->settings->tls));
	text_add(t,
		"# HELP relais_store_readers_freed_total Reader slots of processes that died.\n"
		"# TYPE relais_store_readers_freed_total counter\n"
		"relais_store_readers_freed_total %" PRIu64 "\n",
		upkeep_readers_freed(api->upkeep));
	text_add(t,
		"# HELP relais_config_reloads_total Configurations that HUP brought.\n"
		"# TYPE relais_config_reloads_total counter\n"
		"relais_config_reloads_total{outcome=\"taken\"} %u\n"
		"relais_config_reloads_total{outcome=\"refused\"} %u\n"
		"# HELP relais_config_reload_failed 1: what HUP brought last was not taken.\n"
		"# TYPE relais_config_reload_failed gauge\n"
		"relais_config_reload_failed %d\n",
		api->reload.taken, api->reload.refused, api->reload.failed);
}
