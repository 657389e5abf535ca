/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/apply.h"
#include "fleet/attachment.h"
#include "fleet/birth.h"
#include "fleet/checkpoint.h"
#include "fleet/decide.h"
#include "fleet/fleet_inside.h"
#include "fleet/renew.h"
#include "fleet/room.h"
#include "fleet/rosters.h"
#include "fleet/share.h"

/* Rows of another version are made anew before anybody reads them. */
static enum outcome projection_ready(struct store *store, const char *dir, bool read_only,
	struct env *env, char *why, size_t why_size)
{
	enum outcome o;

	if (projection_is_current(store))
		return OK;
	if (read_only) {
		snprintf(why, why_size,
			"%s was last open in another version of relais: start the server on it "
			"once, or run relais rebuild --data %s",
			dir, dir);
		return FAULT_BUSY;
	}
	env->log(env, "another version of relais wrote these rows: making them anew from the "
		      "journals, which takes a while where there are many entries");
	o = projection_renew(store);
	if (o != OK)
		snprintf(why, why_size, "the rows of %s could not be made anew: %s", dir,
			o == FAULT_CORRUPT ? "a journal is damaged (see relais audit verify)"
					   : outcome_title(o));
	return o;
}

static enum outcome open_parts(
	struct fleet *f, const char *dir, const struct fleet_options *o, char *why, size_t why_size)
{
	struct store_options options = {.map_bytes = o->map_bytes,
		.read_only = o->read_only,
		.no_sync = o->no_sync,
		.create = o->create};
	enum outcome outcome = birth_check(dir, o->create, why, why_size);

	if (outcome == OK)
		outcome = store_open(&f->store, dir, &options, why, why_size);
	if (outcome != OK)
		return outcome;
	outcome = projection_ready(f->store, dir, o->read_only, f->env, why, why_size);
	if (outcome != OK)
		return outcome;
	outcome = people_open(
		&f->people, dir, f->env, o->create && birth_is_unfinished(f->store), why, why_size);
	if (outcome != OK)
		return outcome;
	return checkpoints_open(&f->checkpoints, dir, f->env, !o->read_only, why, why_size);
}

/* A directory that follows a shared journal would leave it with the first entry of its own. */
static enum outcome own_or_shared(struct fleet *f, const char *dir, char *why, size_t why_size)
{
	char id[SHARE_ID_MAX + 1];

	people_share(f->people, f->journal);
	if (f->journal->read || !people_shared(f->people, id))
		return OK;
	snprintf(why, why_size,
		"%s follows a journal that servers share: what is done belongs there, by a server "
		"(relais serve --journal URL)",
		dir);
	return FAULT_BUSY;
}

enum outcome fleet_open(struct fleet **out, const char *dir, const struct fleet_options *options,
	char *why, size_t why_size)
{
	struct fleet *f = calloc(1, sizeof *f);
	enum outcome o;

	*out = NULL;
	if (!f)
		return FAULT_MEMORY;
	f->env = options->env;
	f->journal = options->journal ? options->journal : journal_lmdb();
	f->read_only = options->read_only;
	f->reserve = options->reserve;
	f->counts.room = ROOM_AMPLE;
	f->writing = rosters_new();
	f->reading = rosters_new();
	f->keyring = calloc(1, sizeof *f->keyring);
	f->effects = malloc(EFFECT_BYTES_MAX);
	f->wanted = calloc(1, sizeof *f->wanted);
	arena_init(&f->scratch, ARENA_MAX_DEFAULT);
	arena_init(&f->unsettled.arena, (size_t)BATCH_MAX * (ENTRY_BYTES_MAX + ID_MAX));
	if (!f->writing || !f->reading || !f->keyring || !f->effects || !f->wanted) {
		fleet_close(f);
		return FAULT_MEMORY;
	}
	o = open_parts(f, dir, options, why, why_size);
	if (o == OK && !f->read_only)
		o = own_or_shared(f, dir, why, why_size);
	/* After a crash the search words may be behind the journal, what was forgotten may still
	 * lie in a free page. With a shared journal the first to follow does it: others have to
	 * hear of an erasure too. */
	if (o == OK && !f->read_only && !f->journal->keys_drop)
		o = fleet_index_people(f);
	if (o == OK && !f->read_only)
		o = people_scrub(f->people);
	if (o != OK) {
		fleet_close(f);
		return o;
	}
	f->keyring->people = f->people;
	f->keyring->env = f->env;
	*out = f;
	return OK;
}

void fleet_close(struct fleet *f)
{
	if (!f)
		return;
	txn_abort(&f->txn); /* what was gathered and never ended */
	rosters_free(f->writing);
	rosters_free(f->reading);
	free(f->keyring);
	free(f->effects);
	free(f->wanted);
	arena_deinit(&f->scratch);
	arena_deinit(&f->unsettled.arena);
	checkpoints_close(f->checkpoints);
	if (f->people)
		people_close(f->people);
	if (f->store)
		store_close(f->store);
	free(f);
}

struct store *fleet_store(struct fleet *f)
{
	return f->store;
}

struct people *fleet_people(struct fleet *f)
{
	return f->people;
}

struct checkpoints *fleet_checkpoints(struct fleet *f)
{
	return f->checkpoints;
}

struct env *fleet_env(struct fleet *f)
{
	return f->env;
}

const struct fleet_counts *fleet_counts(const struct fleet *f)
{
	return &f->counts;
}

void fleet_reading_counts(const struct fleet *f, uint64_t *shuffled, uint64_t *undecided)
{
	*shuffled = f->reading->shuffled;
	*undecided = f->reading->undecided;
}

void fleet_look_beside(
	struct fleet *f, struct rosters *own, struct view *v, struct txn *t, struct arena *a)
{
	*v = (struct view){.arena = a, .env = f->env, .people = f->people};
	if (f->gather_max && f->gathered > 0) { /* nobody else writes: see fleet_gather */
		v->txn = &f->txn;
		v->rosters = f->writing;
		v->keyring = f->keyring;
		return;
	}
	if (!own && atomic_exchange(&f->reading_is_stale, false))
		rosters_forget(f->reading);
	txn_begin(t, f->store, false);
	v->txn = t;
	v->rosters = own ? own : f->reading;
	if (own)
		rosters_trim(own);
}

void fleet_look(struct fleet *f, struct view *v, struct txn *t, struct arena *a)
{
	fleet_look_beside(f, NULL, v, t, a);
}

void fleet_tidy(struct fleet *f)
{
	rosters_trim(f->reading);
}

void fleet_look_end(struct view *v)
{
	if (!v->txn->writable) /* what is being gathered goes on */
		txn_abort(v->txn);
	v->txn = NULL;
}

/* ---- one command of a batch ---- */

/* What a request is known by, without keeping what it said: keyed hashes (reliability: a bare hash
 * of a phone number can be guessed). */
static void request_hashes(
	struct fleet *f, const struct command *c, struct hash *key, struct hash *body)
{
	const uint8_t *secret = people_secret(f->people);
	struct hash what = hash_keyed(secret, str_from(verb_kind(c->verb)), c->target);

	*key = hash_keyed(secret, c->by, c->key);
	*body = hash_keyed(secret, (struct str){(const char *)what.bytes, HASH_LEN}, c->body);
}

/* A key that was used before: the first answer again, or another request's key. */
static bool answered_before(
	struct txn *t, struct command *c, const struct hash *key, const struct hash *body)
{
	struct hash before;
	uint64_t seq;

	if (!journal_request(t, c->journal, key, &seq, &before))
		return false;
	c->seq = seq;
	if (memcmp(before.bytes, body->bytes, HASH_LEN) == 0) {
		c->replayed = true;
		c->outcome = OK; /* render_answer says what the entry held, a refusal too */
	} else {
		c->outcome = REFUSED_KEY_REUSED;
	}
	return true;
}

/* A refusal that the head decided is an entry, when the request has a key to ask again by. */
static bool is_journalled(const struct command *c, enum outcome o)
{
	return c->key.n > 0 && !outcome_is_fault(o) && outcome_status(o) == 409;
}

static void draft_begin(const struct fleet *f, struct decide *d)
{
	json_writer_init(&d->effects, f->effects, EFFECT_BYTES_MAX);
	json_array_begin(&d->effects);
}

static void draft_refusal(const struct fleet *f, struct decide *d, enum outcome o)
{
	draft_begin(f, d);
	json_object_begin(&d->effects);
	json_kv_raw(&d->effects, "detail", d->command->detail.n ? d->command->detail : STR("{}"));
	json_kv_str(&d->effects, "op", STR("refuse"));
	json_kv_str(&d->effects, "slug", str_from(outcome_slug(o)));
	json_object_end(&d->effects);
	d->drafted[0] = STR_NULL;
	d->effects_len = 1;
	d->attached_len = 0;
	if (o == REFUSED_NO_SEAT)
		draft_unmet(d);
}

static enum outcome write_entry(struct decide *d, const struct journal_head *head,
	const struct hash *key, const struct hash *body, struct pending_entry *out)
{
	struct command *c = d->command;
	struct event_head event = {.at = d->now,
		.by = c->by,
		.kind = str_from(verb_kind(c->verb)),
		.site = c->journal,
		.seq = head->seq + 1,
		.group = c->group,
		.has_request = c->key.n > 0};
	struct str effects;

	json_array_end(&d->effects);
	effects = json_written(&d->effects);
	if (event.has_request) {
		event.key_sha256 = *key;
		event.body_sha256 = *body;
	}
	out->bytes = effects.n ? event_write(d->view.arena, &event, effects) : STR_NULL;
	if (!out->bytes.n)
		return FAULT_MEMORY;
	out->parts_len = 0;
	out->journal = c->journal;
	out->seq = event.seq;
	out->prev = head->hash;
	out->at = event.at;
	return OK;
}

/* Whether a command may open its journal: the first entry of a site's is the site. */
static bool journal_exists(const struct command *c, const struct journal_head *head)
{
	return head->seq > 0 || c->verb == VERB_SITE_PUT || verb_is_directory(c->verb);
}

enum outcome fleet_run_one(
	struct fleet *f, struct txn *t, struct command *c, struct pending_entry *entry, bool *wrote)
{
	struct decide d = {.command = c, .keyring = f->keyring};
	struct journal_head head;
	struct hash key, body;
	enum outcome o;

	*wrote = c->replayed = false; /* a batch that is decided again begins anew */
	c->seq = 0;
	memset(&head, 0, sizeof head);
	(void)journal_head(t, c->journal, &head);
	if (c->key.n) {
		request_hashes(f, c, &key, &body);
		if (answered_before(t, c, &key, &body))
			return OK;
	}
	if (!journal_exists(c, &head)) {
		c->outcome = REFUSED_NOT_FOUND;
		return OK;
	}
	if (!room_is_for((enum room)f->counts.room, c->verb)) {
		c->outcome = FAULT_FULL;
		f->counts.without_room++;
		return OK;
	}
	d.view = (struct view){.txn = t,
		.arena = &c->arena,
		.env = f->env,
		.people = f->people,
		.keyring = f->keyring,
		.rosters = f->writing};
	d.now = f->env->now(f->env);
	if (d.now.s < head.at.s)
		d.now = head.at; /* a clock that steps back never makes an event older than the last
				  */
	d.body = arena_json(&c->arena, c->body, NULL);
	ASSERT(json_present(d.body)); /* it was canonical when it came through the door */
	draft_begin(f, &d);
	c->created = c->unchanged = false;
	c->detail = STR_NULL;
	c->faults = NULL;
	o = decide(&d);
	/* What was decided on half of what there is to read would be no answer. */
	c->outcome = o = c->arena.full ? FAULT_MEMORY : o;
	if (o != OK && !is_journalled(c, o))
		return OK;
	if (o != OK)
		draft_refusal(f, &d, o);
	if (d.effects_len == 0)
		return OK;
	o = write_entry(&d, &head, &key, &body, entry);
	if (o != OK) {
		c->outcome = o;
		return OK;
	}
	/* An entry that nobody could read again is not written, and costs no other its place. */
	o = apply_entry(t, &c->arena, entry->bytes);
	if (o != OK) {
		c->outcome = o;
		return t->outcome;
	}
	entry->hash = event_hash(&entry->prev, entry->bytes); /* of what is stored now */
	journal_store(t, entry);
	attachments_keep(t, &d);
	c->seq = entry->seq;
	*wrote = true;
	return OK;
}
