/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/drop_out.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "server/env_uv.h"

enum { SECOND_MS = 1000 };

struct drop_out {
	uv_timer_t timer; /* the handle's memory is ours */
	uv_work_t work;
	struct fleet *fleet;	     /* borrowed */
	const struct config *config; /* borrowed */
	struct drop_counts counts;
	bool running, closed, timer_gone;
	atomic_bool given_up;
	/* of the run under way: its thread's, until it is done */
	struct drop_file to;
	char folder[CONFIG_TEXT_MAX], data[CONFIG_TEXT_MAX];
	uint32_t sites_len;
	char site[DROP_SITES_MAX][ID_MAX + 1];
	struct {
		uint64_t files, rows;
		bool full;
		enum outcome outcome;
		char why[DROP_WHY_BYTES];
	} run;
};

/* ---- a run ---- */

static void site_run(struct drop_out *d, struct str site)
{
	struct drop_result r = {.more = true};
	char why[DROP_WHY_BYTES];

	for (int files = 0; r.more && files < DROP_FILES_A_RUN && !atomic_load(&d->given_up);
		files++) {
		enum outcome o = drop_file_write(d->fleet, &d->to, site, &r, why, sizeof why);
		if (o != OK) {
			d->run.outcome = o;
			memcpy(d->run.why, why, sizeof why);
			return;
		}
		d->run.files += r.rows > 0;
		d->run.rows += r.rows;
		d->run.full |= r.full;
		if (r.full)
			return;
	}
}

static void on_thread(uv_work_t *work)
{
	struct drop_out *d = work->data;

	drop_file_tidy(&d->to);
	for (uint32_t i = 0; i < d->sites_len; i++)
		site_run(d, str_from(d->site[i]));
}

static void free_when_over(struct drop_out *d)
{
	if (d->closed && d->timer_gone && !d->running)
		free(d);
}

static void on_done(uv_work_t *work, int status)
{
	struct drop_out *d = work->data;
	struct drop_counts *c = &d->counts;
	struct env *env = env_uv();
	char line[DROP_WHY_BYTES + 60];

	(void)status;
	d->running = false;
	c->files += d->run.files;
	c->rows += d->run.rows;
	if (d->run.files)
		c->last_at_s = env->now(env).s;
	/* told when it changes: a disk that stays full must not fill the log too */
	if (d->run.outcome != OK && (!c->last_failed || strcmp(c->why, d->run.why) != 0)) {
		snprintf(line, sizeof line, "drop.out: %s", d->run.why);
		env->log(env, line);
	}
	if (d->run.full && !c->full)
		env->log(env, "drop.out: as many files as may be wait for somebody to take them");
	c->failed += d->run.outcome != OK;
	c->last_failed = d->run.outcome != OK;
	c->full = d->run.full;
	memcpy(c->why, d->run.why, sizeof c->why);
	free_when_over(d);
}

static void sites_list(struct drop_out *d)
{
	struct key prefix = key_row_prefix(ROW_SITE);
	struct arena a;
	struct cursor c;
	struct view v;
	struct txn t;
	struct str id;

	d->sites_len = 0;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look(d->fleet, &v, &t, &a);
	cursor_open(&c, v.txn, DB_ROWS);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)) && d->sites_len < DROP_SITES_MAX;
		some = cursor_next(&c)) {
		size_t at = prefix.n;
		if (key_take_text(c.key, &at, &id))
			snprintf(d->site[d->sites_len++], ID_MAX + 1, "%.*s", STR_FMT(id));
	}
	cursor_close(&c);
	fleet_look_end(&v);
	arena_deinit(&a);
}

static void look(struct drop_out *d)
{
	const struct config *config = d->config;

	d->counts.wanted = config->drop_out[0] != '\0';
	if (!d->counts.wanted || d->running || d->closed)
		return;
	snprintf(d->folder, sizeof d->folder, "%s", config->drop_out);
	snprintf(d->data, sizeof d->data, "%s", config->data);
	d->to = (struct drop_file){
		.folder = d->folder,
		.data = d->data,
		.json = config->drop_out_json > 0,
		.names = config->drop_out_names > 0,
		.waiting_max = config->drop_out_files_max,
	};
	memset(&d->run, 0, sizeof d->run);
	sites_list(d);
	d->running = uv_queue_work(d->timer.loop, &d->work, on_thread, on_done) == 0;
}

/* ---- its life ---- */

static void on_time(uv_timer_t *timer)
{
	look(timer->data);
}

struct drop_out *drop_out_open(uv_loop_t *loop, struct fleet *fleet, const struct config *config)
{
	struct drop_out *d = calloc(1, sizeof *d);

	if (!d)
		return NULL;
	d->fleet = fleet;
	uv_timer_init(loop, &d->timer);
	d->timer.data = d->work.data = d;
	drop_out_use(d, config);
	return d;
}

void drop_out_use(struct drop_out *d, const struct config *config)
{
	uint64_t every_ms = (uint64_t)config->drop_out_seconds * SECOND_MS;

	d->config = config;
	uv_timer_start(&d->timer, on_time, every_ms, every_ms);
	look(d);
}

void drop_out_counts(const struct drop_out *d, struct drop_counts *out)
{
	*out = d->counts;
}

static void on_closed(uv_handle_t *handle)
{
	struct drop_out *d = handle->data;

	d->timer_gone = true;
	free_when_over(d);
}

void drop_out_close(struct drop_out *d)
{
	if (!d || d->closed)
		return;
	d->closed = true;
	atomic_store(&d->given_up, true);
	uv_close((uv_handle_t *)&d->timer, on_closed);
}
