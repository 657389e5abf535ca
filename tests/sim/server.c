/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A server is the real fleet over a store of its own, and the writer's batches of its queue. It
 * ends at any moment: then its queue is gone, and after a power cut its store is what the disk had.
 */

#include <fcntl.h>

#include "tests/sim/sim.h"

static const char *data_path(const struct server *v, char path[SCRATCH_PATH * 2])
{
	return scratch_path(&v->dir, "data", path);
}

/* ---- its world ---- */

static struct instant now(struct env *env)
{
	const struct server *v = (const struct server *)(void *)env;

	return (struct instant){v->sim->now_s + v->skew_s};
}

static void chance_of(struct env *env, void *out, size_t n)
{
	struct server *v = (struct server *)(void *)env;
	struct still_env drawing = {.seed = v->chance};

	still_random(&drawing.env, out, n);
	v->chance = drawing.seed;
}

static void heard(struct env *env, const char *sentence)
{
	const struct server *v = (const struct server *)(void *)env;

	wrong("server %u says: %s", v->number, sentence);
}

void server_build(struct sim *s, uint32_t number, uint64_t seed)
{
	struct server *v = &s->servers[number];

	memset(v, 0, sizeof *v);
	v->sim = s;
	v->number = number;
	v->chance = seed * UINT64_C(0x9e3779b97f4a7c15) + number;
	v->env = (struct env){now, chance_of, house_zone, heard};
	link_init(v);
	house_move_in(&v->dir);
	server_start(v);
	server_keep(v);
}

void server_start(struct server *v)
{
	struct fleet_options options = {.env = &v->env,
		.journal = &v->link,
		.no_sync = true,
		.map_bytes = (size_t)64 << 20};
	char why[400] = "";

	v->busy = v->dying = false;
	if (fleet_open(&v->fleet, v->dir.dir, &options, why, sizeof why) != OK)
		wrong("server %u does not start again: %s", v->number, why);
	memset(v->compared, 0, sizeof v->compared);
	compare_all(v);
}

void server_remove(struct server *v)
{
	fleet_close(v->fleet);
	scratch_remove(&v->dir);
	free(v->durable);
	v->fleet = NULL;
	v->durable = NULL;
}

/* ---- its disk ---- */

void server_keep(struct server *v)
{
	char path[SCRATCH_PATH * 2];
	int fd = open(data_path(v, path), O_RDONLY | O_CLOEXEC);
	struct stat st;

	assert_true(fd >= 0 && fstat(fd, &st) == 0);
	if ((size_t)st.st_size > v->durable_cap) {
		v->durable_cap = 2 * (size_t)st.st_size;
		v->durable = realloc(v->durable, v->durable_cap);
		assert_non_null(v->durable);
	}
	v->durable_len = (size_t)st.st_size;
	assert_int_equal(pread(fd, v->durable, v->durable_len, 0), st.st_size);
	close(fd);
}

static void power_cut(struct server *v)
{
	char path[SCRATCH_PATH * 2];
	int fd = open(data_path(v, path), O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, v->durable, v->durable_len, 0), v->durable_len);
	close(fd);
	count(v->sim, COUNT_POWER_CUTS);
}

static void drop(struct command **batch, size_t n)
{
	for (size_t i = 0; i < n; i++)
		client_unanswered(batch[i]);
}

void server_crash(struct server *v)
{
	struct command *c;

	if (!v->fleet || v->busy)
		return;
	count(v->sim, COUNT_CRASHES);
	while ((c = queue_take(&v->waiting)) != NULL)
		client_unanswered(c);
	fleet_close(v->fleet);
	v->fleet = NULL;
	if (lot(v->sim, 2))
		power_cut(v);
}

/* ---- its writer ---- */

bool server_serve(struct server *v)
{
	struct command *batch[BATCH_MAX];
	enum outcome o;
	size_t n;

	if (!v->fleet || v->busy || !v->waiting.first)
		return false;
	n = queue_batch(&v->waiting, batch);
	v->busy = true;
	o = fleet_run(v->fleet, batch, n);
	v->busy = false;
	/* as the writer's thread: it stops without an answer to anybody */
	if (v->dying || o == FAULT_UNKNOWN || luck(v->sim, 2)) {
		drop(batch, n);
		server_crash(v);
		return true;
	}
	for (size_t i = 0; i < n; i++)
		if (i == 0 && batch[i]->outcome == FAULT_UNKNOWN)
			count(v->sim, COUNT_UNSETTLED);
	compare_changed(v);
	for (size_t i = 0; i < n; i++)
		if (batch[i]->context)
			client_answered(v, batch[i]);
		else
			command_free(batch[i]); /* the timer's */
	return true;
}

void server_follow(struct server *v)
{
	enum outcome o;

	if (!v->fleet || v->busy)
		return;
	v->busy = true; /* what it settles is an append, during which the others go on */
	o = fleet_follow(v->fleet);
	v->busy = false;
	if (o != OK && o != FAULT_BUSY)
		wrong("server %u cannot follow the journal: %s", v->number, outcome_name(o));
	if (v->dying) /* in the middle of what it settled */
		server_crash(v);
	else
		compare_changed(v);
}

/* ---- its timer ---- */

void server_tick(struct server *v)
{
	struct command *c = command_new(VERB_TICK);

	assert_non_null(c);
	c->journal = c->target = STR("LYO");
	c->by = STR("relais");
	queue_add(&v->waiting, c);
}

struct server *server_some(struct sim *s)
{
	uint32_t first = lot(s, s->servers_len);

	for (uint32_t i = 0; i < s->servers_len; i++) {
		struct server *v = &s->servers[(first + i) % s->servers_len];
		if (v->fleet)
			return v;
	}
	return NULL;
}
