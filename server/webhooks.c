/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/webhooks.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fleet/durable.h"
#include "server/drop_row.h"
#include "server/env_uv.h"
#include "server/outbound.h"

enum {
	PLACE_BYTES = 24,
	BODY_BYTES_MAX = 4 << 20,
};

struct webhooks {
	struct fleet *fleet;	 /* borrowed */
	struct rosters *rosters; /* borrowed: the thread's */
	const atomic_bool *given_up;
	struct webhook_counts counts;
	uint64_t next_ms;
	/* of the run under way: its thread's, until it is done */
	char id[WEBHOOK_NAME_LEN + 1]; /* "": the one of the configuration */
	char url[CONFIG_TEXT_MAX], data[CONFIG_TEXT_MAX];
	struct webhook_key key;
	bool private_allowed, begun;
	char at[ID_MAX + 1]; /* the last site that had its turn; "": they begin again */
	struct {
		uint64_t sent;
		bool failed, more;
		int64_t last_at_s;
		char why[WEBHOOK_WHY_BYTES];
	} run;
};

/* What one entry names; a message when there is something. */
struct told {
	uint64_t seq;
	struct instant at;
	uint32_t len;
	struct {
		enum row_kind kind;
		struct str id;
	} object[EFFECTS_MAX];
};

uint32_t webhook_wait_s(uint32_t failed_in_a_row)
{
	static const uint32_t wait_s[] = {0, 5, 15, 60, 300, 900, 3600};
	uint32_t last = ARRAY_LEN(wait_s) - 1;

	return wait_s[failed_in_a_row < last ? failed_in_a_row : last];
}

/* ---- the place reached ---- */

static void place_path(const struct webhooks *h, struct str site, char out[WEBHOOK_PATH_BYTES])
{
	webhook_place_path(out, h->data, h->id, site);
}

static bool place_keep(struct webhooks *h, struct str site, uint64_t place)
{
	char path[WEBHOOK_PATH_BYTES], text[PLACE_BYTES];

	place_path(h, site, path);
	int n = snprintf(text, sizeof text, "%" PRIu64 "\n", place);
	if (durable_write(path, (struct str){text, (size_t)n}) == OK)
		return true;
	snprintf(h->run.why, sizeof h->run.why, "%s cannot be written", path);
	h->run.failed = true;
	return false;
}

/* Without one: from now on where nobody was told before, else from the site's beginning. */
static uint64_t place_read(struct webhooks *h, struct arena *a, struct str site, uint64_t head)
{
	char path[WEBHOOK_PATH_BYTES], digits[PLACE_BYTES];

	place_path(h, site, path);
	struct str text = durable_read(path, a, PLACE_BYTES - 1);
	if (!text.n)
		return h->begun ? 0 : head;
	snprintf(digits, sizeof digits, "%.*s", STR_FMT(text));
	uint64_t place = strtoull(digits, NULL, 10);
	return place <= head ? place : head;
}

/* What an administrator asked to be told again becomes the place; asked for once more after a crash
 * in between, it is told twice. */
static bool place_again(struct webhooks *h, struct arena *a, struct str site)
{
	char path[WEBHOOK_PATH_BYTES], again[WEBHOOK_PATH_BYTES + 8], digits[PLACE_BYTES];

	place_path(h, site, path);
	snprintf(again, sizeof again, "%s.again", path);
	struct str text = durable_read(again, a, PLACE_BYTES - 1);
	if (!text.n)
		return true;
	snprintf(digits, sizeof digits, "%.*s", STR_FMT(text));
	return place_keep(h, site, strtoull(digits, NULL, 10)) && unlink(again) == 0;
}

/* ---- what changed ---- */

static bool told_has(const struct told *told, const struct effect *e)
{
	for (uint32_t i = 0; i < told->len; i++)
		if (told->object[i].kind == e->kind && str_eq(told->object[i].id, e->id))
			return true;
	return false;
}

static bool entry_read(struct arena *a, struct str bytes, struct told *told)
{
	struct event_head head;
	struct json effects;
	struct effect e;
	const char *why;

	told->len = 0;
	if (event_read(a, arena_copy(a, bytes), &head, &effects, &why) != OK)
		return false;
	told->seq = head.seq;
	told->at = head.at;
	for (struct json j = json_first(effects); json_present(j); j = json_next(effects, j)) {
		if (!effect_read(&e, j) || e.op == EFFECT_REFUSE || told_has(told, &e) ||
			(e.kind != ROW_VISIT && e.kind != ROW_BOOKING))
			continue;
		ASSERT(told->len < EFFECTS_MAX);
		told->object[told->len].kind = e.kind;
		told->object[told->len++].id = e.id;
	}
	return true;
}

static void row_put(struct view *v, struct json_writer *w, enum row_kind kind, struct str id)
{
	struct str line;

	if (!drop_row(v, kind, id, true, false, &line))
		return; /* gone since; a later entry says so */
	json_put_raw(w, (struct str){line.p, line.n - 1});
}

static struct str body_make(struct view *v, struct str site, const struct told *told)
{
	struct json_writer w;

	arena_writer(v->arena, &w, BODY_BYTES_MAX);
	json_object_begin(&w);
	json_k(&w, "data");
	json_object_begin(&w);
	json_k(&w, "changed");
	json_array_begin(&w);
	for (uint32_t i = 0; i < told->len; i++)
		row_put(v, &w, told->object[i].kind, told->object[i].id);
	json_array_end(&w);
	json_kv_int(&w, "entry", (int64_t)told->seq);
	json_kv_str(&w, "site", site);
	json_object_end(&w);
	json_kv_instant(&w, "timestamp", told->at);
	json_kv_str(&w, "type", STR("relais.changed"));
	json_object_end(&w);
	return arena_written(v->arena, &w);
}

/* The first entry behind *place that tells something; *place is then the one before it, or how far
 * there is nothing to tell. STR_NULL: nothing, or a fault. */
static struct str body_next(struct webhooks *h, struct arena *a, struct str site, uint64_t *place,
	uint64_t *kept, struct told *told)
{
	struct journal_head head;
	struct journal_entry entry;
	struct view v;
	struct txn t;
	struct str body = STR_NULL;
	struct arena scratch;
	bool some = false;

	arena_init(&scratch, ARENA_MAX_DEFAULT);
	fleet_look_beside(h->fleet, h->rosters, &v, &t, a);
	if (journal_head(v.txn, site, &head)) {
		*place = *kept = place_read(h, a, site, head.seq);
		uint64_t end = head.seq - *place > WEBHOOK_ENTRIES_A_LOOK
				       ? *place + WEBHOOK_ENTRIES_A_LOOK
				       : head.seq;
		h->run.more |= end < head.seq;
		for (; !some && !h->run.failed && *place < end; *place += !some) {
			arena_reset(&scratch);
			h->run.failed = !journal_entry(v.txn, site, *place + 1, &entry) ||
					!entry_read(&scratch, entry.bytes, told);
			some = !h->run.failed && told->len > 0;
			if (h->run.failed)
				break;
		}
	}
	if (h->run.failed)
		snprintf(h->run.why, sizeof h->run.why, "an entry of %.*s cannot be read",
			STR_FMT(site));
	if (some) {
		body = body_make(&v, site, told);
		h->run.failed = !body.n;
	}
	fleet_look_end(&v);
	arena_deinit(&scratch);
	return body;
}

/* ---- a run ---- */

static bool message_send(struct webhooks *h, struct str site, uint64_t seq, struct str body)
{
	struct env *env = env_uv();
	char id[WEBHOOK_ID_MAX + 1];
	int n = snprintf(id, sizeof id, "%.*s-%" PRIu64, STR_FMT(site), seq);
	struct webhook hook = {
		.url = h->url,
		.key = &h->key,
		.id = {id, (size_t)n},
		.body = body,
		.at_s = env->now(env).s,
		.private_allowed = h->private_allowed,
		.given_up = h->given_up,
	};

	if (!webhook_post(&hook, h->run.why, sizeof h->run.why)) {
		h->run.failed = !atomic_load(h->given_up);
		return false;
	}
	h->run.sent++;
	h->run.last_at_s = env->now(env).s;
	return true;
}

/* False: nothing more is tried in this run. */
static bool site_run(struct webhooks *h, struct told *told, struct str site)
{
	struct arena a;
	bool good = true, more = true;

	arena_init(&a, ARENA_MAX_DEFAULT);
	good = place_again(h, &a, site);
	for (int n = 0; good && more && n < WEBHOOK_MESSAGES_A_RUN && !atomic_load(h->given_up);
		n++) {
		uint64_t place = 0, kept = 0;
		arena_reset(&a);
		struct str body = body_next(h, &a, site, &place, &kept, told);
		good = !h->run.failed;
		more = body.n > 0;
		if (good && more) {
			good = message_send(h, site, told->seq, body);
			place += good;
		}
		/* a first place is kept too: from there on */
		if (place != kept || (!h->begun && !h->run.failed))
			good = place_keep(h, site, place) && good;
		h->run.more |= more && n + 1 == WEBHOOK_MESSAGES_A_RUN;
	}
	arena_deinit(&a);
	return good;
}

void webhooks_run(struct webhooks *h)
{
	struct told *told = calloc(1, sizeof *told);
	struct arena a;
	char path[WEBHOOK_PATH_BYTES];

	arena_init(&a, ARENA_MAX_DEFAULT);
	webhook_begun_path(path, h->data, h->id);
	h->begun = durable_read(path, &a, PLACE_BYTES).n > 0;
	bool good = told != NULL, some = good;
	for (int n = 0; good && some && n < WEBHOOK_SITES_A_RUN; n++) {
		some = outbound_site_next(h->fleet, h->rosters, h->at);
		good = !some || site_run(h, told, str_from(h->at));
	}
	h->run.more |= good && some;
	if (!good)
		h->at[0] = '\0'; /* in their order again: what failed is not overtaken */
	if (good && !some && !h->begun)
		h->run.failed = durable_write(path, STR("1\n")) != OK;
	arena_deinit(&a);
	free(told);
}

bool webhooks_end(struct webhooks *h, uint64_t now_ms)
{
	struct webhook_counts *c = &h->counts;
	struct env *env = env_uv();
	char line[WEBHOOK_WHY_BYTES + 60];

	c->sent += h->run.sent;
	if (h->run.sent)
		c->last_at_s = h->run.last_at_s;
	/* told when it changes: a system that stays away must not fill the log too */
	if (h->run.failed && (!c->last_failed || strcmp(c->why, h->run.why) != 0)) {
		snprintf(line, sizeof line, "webhook: %s", h->run.why);
		env->log(env, line);
	}
	c->failed += h->run.failed;
	if (h->run.sent || !h->run.failed)
		c->failed_in_a_row = 0;
	c->failed_in_a_row += h->run.failed;
	c->last_failed = h->run.failed;
	memcpy(c->why, h->run.why, sizeof c->why);
	h->next_ms = now_ms + (uint64_t)webhook_wait_s(c->failed_in_a_row) * 1000;
	return h->run.more && !h->run.failed;
}

bool webhooks_begin(struct webhooks *h, const struct webhook_target *to, uint64_t now_ms)
{
	h->counts.wanted = to->url[0] != '\0';
	if (!h->counts.wanted || now_ms < h->next_ms)
		return false;
	snprintf(h->id, sizeof h->id, "%s", to->id);
	snprintf(h->url, sizeof h->url, "%s", to->url);
	snprintf(h->data, sizeof h->data, "%s", to->data);
	h->key = *to->key;
	h->private_allowed = to->private_allowed;
	memset(&h->run, 0, sizeof h->run);
	return true;
}

/* ---- its life ---- */

struct webhooks *webhooks_open(
	struct fleet *fleet, struct rosters *rosters, const atomic_bool *given_up)
{
	struct webhooks *h = calloc(1, sizeof *h);

	if (h)
		*h = (struct webhooks){.fleet = fleet, .rosters = rosters, .given_up = given_up};
	return h;
}

void webhooks_at_once(struct webhooks *h)
{
	h->next_ms = 0;
}

void webhooks_counts(const struct webhooks *h, struct webhook_counts *out)
{
	*out = h->counts;
}

void webhooks_close(struct webhooks *h)
{
	if (!h)
		return;
	OPENSSL_cleanse(&h->key, sizeof h->key);
	free(h);
}
