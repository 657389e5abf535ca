/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* What an administrator looks at before a person is forgotten: GET /v1/retention tells who is due,
 * counted in turns of the loop with a short look each; GET /v1/customers/{customer}/erasure what
 * would go, what stays and what stands in the way. */

#include <stdlib.h>

#include "fleet/erase.h"
#include "fleet/render_parts.h"
#include "fleet/retention.h"
#include "server/respond.h"

enum { TURN_MS = 1, ROOM_BYTES = 4096, SITE_BYTES = 400, NAME_BYTES = 8 * NAME_MAX_BYTES };

struct asking {
	uv_timer_t turn; /* first: the handle's memory is ours */
	struct call *call;
	struct exchange *x; /* held */
	struct retention retention;
	uint32_t len;
	char due[RETENTION_DUE_MAX][ID_MAX + 1];
};

static void keep_due(void *context, struct str customer)
{
	struct asking *a = context;

	if (a->len == RETENTION_DUE_MAX)
		return;
	memcpy(a->due[a->len], customer.p, customer.n);
	a->due[a->len++][customer.n] = '\0';
}

static void write_due(struct json_writer *w, struct view *v, const struct asking *a)
{
	json_k(w, "due");
	json_array_begin(w);
	for (uint32_t i = 0; i < a->len; i++) {
		struct str id = str_from(a->due[i]), name = customer_name(v, id);
		json_object_begin(w);
		json_kv_str(w, "customer", id);
		if (name.n)
			json_kv_str(w, "name", name);
		json_object_end(w);
	}
	json_array_end(w);
}

/* A year begins where the site is. */
static void write_sites(struct json_writer *w, struct view *v, const struct retention *r)
{
	json_k(w, "sites");
	json_array_begin(w);
	for (uint32_t i = 0; i < r->sites; i++) {
		const struct retention_site *s = &r->site[i];
		const struct roster *roster = roster_of(v, s->site);
		json_object_begin(w);
		kv_local(w, "before", s->before, roster ? roster->zone : NULL);
		json_kv_int(w, "due", (int64_t)s->due);
		json_kv_int(w, "kept", (int64_t)s->kept);
		json_kv_str(w, "market", s->market);
		json_kv_str(w, "site", s->site);
		json_kv_int(w, "years", s->years);
		json_object_end(w);
	}
	json_array_end(w);
}

static void answer(struct call *call, const struct asking *a)
{
	const struct retention *r = &a->retention;
	struct json_writer w;

	arena_writer(call->arena, &w,
		ROOM_BYTES + (size_t)r->sites * SITE_BYTES + (size_t)a->len * NAME_BYTES);
	json_object_begin(&w);
	write_due(&w, call_look(call), a);
	json_kv_int(&w, "persons", (int64_t)r->persons);
	json_kv_int(&w, "persons_due", (int64_t)r->persons_due);
	write_sites(&w, call_look(call), r);
	json_object_end(&w);
	respond_json(call, 200, arena_written(call->arena, &w));
}

static void on_closed(uv_handle_t *handle)
{
	struct asking *a = (struct asking *)handle;

	retention_close(&a->retention);
	free(a);
}

static void on_turn(uv_timer_t *turn)
{
	struct asking *a = (struct asking *)turn;
	bool gone = exchange_is_gone(a->x), good = true;

	if (!gone)
		good = retention_step(&a->retention, call_look(a->call));
	if (!gone && good && !a->retention.walk.over) {
		call_look_end(a->call);
		return;
	}
	a->call->api->countings--;
	if (!gone && good)
		answer(a->call, a);
	else if (!gone)
		respond_refused(a->call, FAULT_MEMORY, STR("there is no room to count that"));
	exchange_release(a->x);
	uv_close((uv_handle_t *)turn, on_closed);
}

void api_retention(struct call *call)
{
	struct api *api = call->api;
	struct env *env = fleet_env(api->fleet);
	struct asking *a = api->countings < COUNTINGS_MAX ? calloc(1, sizeof *a) : NULL;

	if (!a) {
		respond_refused(call, FAULT_BUSY,
			STR("too many figures are being counted: ask again in a few seconds"));
		return;
	}
	retention_open(&a->retention, env->now(env));
	a->retention.due = keep_due;
	a->retention.context = a;
	a->call = call;
	a->x = call->x;
	api->countings++;
	exchange_hold(call->x);
	uv_timer_init(api->hashes.loop, &a->turn);
	uv_timer_start(&a->turn, on_turn, 0, TURN_MS);
}

void api_erasure(struct call *call)
{
	struct row row;

	if (!call_row(call, ROW_CUSTOMER, call->param[0], &row))
		return;
	respond_json(call, 200, render_erasure(call_look(call), call->param[0]));
}
