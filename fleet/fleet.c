/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/fleet.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/apply.h"
#include "fleet/birth.h"
#include "fleet/checkpoint.h"
#include "fleet/decide.h"
#include "fleet/fleet_inside.h"
#include "fleet/rosters.h"

enum { BATCH_AGAIN_MAX = 8 };

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
	outcome = people_open(
		&f->people, dir, f->env, o->create && birth_is_unfinished(f->store), why, why_size);
	if (outcome != OK)
		return outcome;
	return checkpoints_open(&f->checkpoints, dir, f->env, !o->read_only, why, why_size);
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
	f->writing = rosters_new();
	f->reading = rosters_new();
	f->keyring = calloc(1, sizeof *f->keyring);
	arena_init(&f->scratch, ARENA_MAX_DEFAULT);
	if (!f->writing || !f->reading || !f->keyring) {
		fleet_close(f);
		return FAULT_MEMORY;
	}
	o = open_parts(f, dir, options, why, why_size);
	if (o == OK && !f->read_only)
		o = fleet_index_people(
			f); /* the search words may be behind the journal after a crash */
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
	rosters_free(f->writing);
	rosters_free(f->reading);
	free(f->keyring);
	arena_deinit(&f->scratch);
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

void fleet_look(struct fleet *f, struct view *v, struct txn *t, struct arena *a)
{
	txn_begin(t, f->store, false);
	*v = (struct view){
		.txn = t, .arena = a, .env = f->env, .people = f->people, .rosters = f->reading};
}

void fleet_look_end(struct view *v)
{
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

static void draft_refusal(struct decide *d, enum outcome o)
{
	arena_writer(d->view.arena, &d->effects, EFFECT_BYTES_MAX);
	json_array_begin(&d->effects);
	json_object_begin(&d->effects);
	json_kv_raw(&d->effects, "detail", d->command->detail.n ? d->command->detail : STR("{}"));
	json_kv_str(&d->effects, "op", STR("refuse"));
	json_kv_str(&d->effects, "slug", str_from(outcome_slug(o)));
	json_object_end(&d->effects);
	d->drafted[0] = STR_NULL;
	d->effects_len = 1;
	if (o == REFUSED_NO_SEAT)
		draft_unmet(d);
}

static enum outcome write_entry(struct fleet *f, struct decide *d, const struct journal_head *head,
	const struct hash *key, const struct hash *body, struct pending_entry *out)
{
	struct command *c = d->command;
	struct event_head event = {.at = d->now,
		.by = c->by,
		.kind = str_from(verb_kind(c->verb)),
		.site = c->journal,
		.seq = head->seq + 1,
		.has_request = c->key.n > 0};
	struct str effects;

	(void)f;
	json_array_end(&d->effects);
	effects = arena_written(d->view.arena, &d->effects);
	if (event.has_request) {
		event.key_sha256 = *key;
		event.body_sha256 = *body;
	}
	out->bytes = effects.n ? event_write(d->view.arena, &event, effects) : STR_NULL;
	if (!out->bytes.n)
		return FAULT_MEMORY;
	out->journal = c->journal;
	out->seq = event.seq;
	out->prev = head->hash;
	out->at = event.at;
	out->hash = event_hash(&out->prev, out->bytes);
	return OK;
}

/* Whether a command may open its journal: the first entry of a site's is the site. */
static bool journal_exists(const struct command *c, const struct journal_head *head)
{
	return head->seq > 0 || c->verb == VERB_SITE_PUT || verb_is_directory(c->verb);
}

static enum outcome run_one(
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
	arena_writer(&c->arena, &d.effects, EFFECT_BYTES_MAX);
	json_array_begin(&d.effects);
	c->created = c->unchanged = false;
	c->detail = STR_NULL;
	c->faults = NULL;
	c->outcome = o = decide(&d);
	if (o != OK && !is_journalled(c, o))
		return OK;
	if (o != OK)
		draft_refusal(&d, o);
	if (d.effects_len == 0)
		return OK;
	o = write_entry(f, &d, &head, &key, &body, entry);
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
	journal_store(t, entry);
	c->seq = entry->seq;
	*wrote = true;
	return OK;
}

/* ---- the batch ---- */

static void fail_all(struct command **batch, size_t count, enum outcome o)
{
	for (size_t i = 0; i < count; i++) {
		batch[i]->outcome = o;
		batch[i]->replayed = false;
		batch[i]->detail = STR_NULL;
	}
}

static enum append run_batch(
	struct fleet *f, struct command **batch, size_t count, enum outcome *outcome)
{
	struct pending_entry entries[BATCH_MAX];
	struct txn t;
	size_t n = 0;
	enum append appended;

	txn_begin(&t, f->store, true);
	*outcome = t.outcome;
	for (size_t i = 0; i < count && *outcome == OK; i++) {
		bool wrote;
		*outcome = run_one(f, &t, batch[i], &entries[n], &wrote);
		n += wrote;
		if (*outcome == OK)
			*outcome = t.outcome;
	}
	if (*outcome == OK)
		*outcome = keyring_flush(f->keyring);
	if (*outcome != OK) {
		txn_abort(&t);
		return APPEND_DONE;
	}
	appended = n ? f->journal->append(f->journal, &t, entries, n) : APPEND_DONE;
	if (appended != APPEND_DONE || n == 0) {
		txn_abort(&t);
		return appended;
	}
	*outcome = txn_commit(&t);
	f->counts.entries += n;
	return APPEND_DONE;
}

enum outcome fleet_run(struct fleet *f, struct command **batch, size_t count)
{
	enum outcome o = FAULT_UNKNOWN;

	ASSERT(count <= BATCH_MAX && !f->read_only);
	f->counts.batches++;
	f->counts.commands += count;
	f->counts.batch_last = (uint32_t)count;
	for (int again = 0; again < BATCH_AGAIN_MAX; again++) {
		if (!f->journal->catch_up(f->journal))
			continue;
		enum append a = run_batch(f, batch, count, &o);
		if (a == APPEND_DONE)
			break;
		/* another was first, or nobody knows: look at the head and decide again */
		rosters_forget(f->writing);
		o = FAULT_BUSY;
	}
	if (o != OK) {
		rosters_forget(f->writing);
		fail_all(batch, count, o);
		f->counts.faults++;
		return o;
	}
	for (size_t i = 0; i < count; i++)
		f->counts.refused += batch[i]->outcome != OK;
	f->counts.shuffled = f->writing->shuffled;
	f->counts.undecided = f->writing->undecided;
	if (fleet_index_people(f) != OK) {
		/* the promise is durable; only the search words wait for the next batch or start */
		f->counts.faults++;
		f->env->log(f->env,
			"search words could not be written; they follow with the next batch");
	}
	return OK;
}

enum outcome fleet_do(struct fleet *f, struct command *c)
{
	return fleet_run(f, &c, 1);
}
