/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/oracle.h"

#include <openssl/evp.h>

enum { BYTES_32 = 32, CHANGES_MAX = 256, CAR = 1 };

/* ---- seats ---- */

static void no_overlap(const struct oracle *o, const struct oracle_row *r)
{
	for (uint32_t i = 0; i < r->claims_len; i++) {
		const struct oracle_claim *mine = &r->claims[i];
		if (mine->from_s >= mine->until_s)
			wrong("%s claims no time of %s", r->id, mine->resource);
		for (uint32_t k = 0; k < o->len; k++)
			for (uint32_t n = 0; n < o->rows[k].claims_len; n++) {
				const struct oracle_claim *c = &o->rows[k].claims[n];
				if (c == mine || c->seat != mine->seat ||
					c->until_s <= mine->from_s || mine->until_s <= c->from_s ||
					strcmp(c->resource, mine->resource) != 0)
					continue;
				wrong("%s and %s both have seat %lld of %s", r->id, o->rows[k].id,
					(long long)c->seat, c->resource);
			}
	}
}

static const struct judged_resource *resource_of(const struct sim_oracle *o, const char *id)
{
	for (uint32_t i = 0; i < o->resources_len; i++)
		if (strcmp(o->resources[i].id, id) == 0)
			return &o->resources[i];
	wrong("a promise lies on %s, which is not there", id);
}

/* Whoever has not fetched his car has it to the end, and behind that the time to make it ready. */
static void turnaround(const struct sim_oracle *o, const struct oracle_row *r)
{
	bool car = oracle_is(r, "loaner_brand") || oracle_is(r, "loaner_other") ||
		   oracle_is(r, "rental");
	bool promise = strcmp(r->status, "held") == 0 || strcmp(r->status, "booked") == 0;

	for (uint32_t i = 0; i < r->claims_len && car && promise && !r->at_risk; i++) {
		const struct oracle_claim *c = &r->claims[i];
		const struct judged_resource *on = resource_of(o, c->resource);
		if (c->what == CAR && c->until_s < r->until_s + on->turnaround_minutes * 60)
			wrong("%s is followed on %s before that is ready again", r->id,
				c->resource);
	}
}

static void keep_resource(struct sim_oracle *o, const char *id, struct json doc)
{
	struct judged_resource *r = o->resources;

	while (r < o->resources + o->resources_len && strcmp(r->id, id) != 0)
		r++;
	if (r == o->resources + o->resources_len)
		assert_true(++o->resources_len <= RESOURCES_JUDGED_MAX);
	snprintf(r->id, sizeof r->id, "%s", id);
	r->turnaround_minutes = json_int_at(doc, "turnaround_minutes", 0);
}

/* ---- holds ---- */

/* A hold ends by an entry of the timer, and not before its time as that entry tells it. */
static void hold_ends(const struct oracle_row *before, const struct oracle_row *now,
	struct str kind, int64_t at_s, int64_t hold_until_s)
{
	if (strcmp(now->status, "expired") != 0 || !before ||
		strcmp(before->status, "expired") == 0)
		return;
	if (strcmp(before->status, "held") != 0)
		wrong("%s expired, but was %s", now->id, before->status);
	if (!str_is(kind, "tick"))
		wrong("%s expired by %.*s", now->id, STR_FMT(kind));
	if (at_s < hold_until_s)
		wrong("%s expired before its time", now->id);
}

static int64_t hold_until(struct sim_oracle *o, struct str id)
{
	const struct fold_row *r = fold_find(&o->fold, 'b', id);
	struct json doc = r && r->text
				  ? arena_json(&o->arena, (struct str){r->text, r->text_len}, NULL)
				  : JSON_ABSENT;

	return json_present(json_get(doc, "hold_until")) ? oracle_time(doc, "hold_until")
							 : INT64_MIN;
}

void oracle_holds_ended(struct sim_oracle *o, int64_t now_s)
{
	for (uint32_t i = 0; i < o->promises.len; i++) {
		const struct oracle_row *r = &o->promises.rows[i];
		if (strcmp(r->status, "held") == 0 && hold_until(o, str_from(r->id)) <= now_s)
			wrong("%s is still held, though its time is over", r->id);
	}
	arena_reset(&o->arena);
}

/* ---- one entry ---- */

struct reading {
	struct sim_oracle *o;
	struct json event;
	uint32_t journal, changed_len;
	uint64_t seq;
	int64_t at_s;
	char changed[CHANGES_MAX][ORACLE_TEXT];
};

static void read_effect(struct reading *e, struct json effect)
{
	struct oracle *promises = &e->o->promises;
	struct str id = json_str_at(effect, "id"), kind = json_str_at(effect, "kind");
	bool booking = str_is(kind, "booking"), block = str_is(kind, "block");
	struct oracle_row before, *row = NULL;
	int64_t hold_s = booking ? hold_until(e->o, id) : 0;
	struct json doc;
	struct fold_row *r =
		fold_effect(&e->o->fold, &e->o->arena, effect, e->journal, e->seq, &doc);

	if (r->kind == 'r')
		keep_resource(e->o, r->id, doc);
	if (!booking && !block)
		return;
	row = oracle_find(promises, id);
	if (!json_present(doc)) {
		if (row)
			*row = promises->rows[--promises->len];
		return;
	}
	if (row)
		before = *row;
	hold_ends(row ? &before : NULL, oracle_put(promises, id, e->seq, block, doc),
		json_str_at(e->event, "kind"), e->at_s, hold_s);
	assert_true(e->changed_len < CHANGES_MAX);
	snprintf(e->changed[e->changed_len++], ORACLE_TEXT, "%.*s", STR_FMT(id));
}

static void judge_changed(const struct reading *e)
{
	for (uint32_t i = 0; i < e->changed_len; i++) {
		const struct oracle_row *r = oracle_find(&e->o->promises, str_from(e->changed[i]));
		if (!r)
			continue;
		no_overlap(&e->o->promises, r);
		if (r->block)
			continue;
		oracle_row_check(r);
		turnaround(e->o, r);
	}
}

/* ---- the chain ---- */

static void hex(char out[65], struct str text)
{
	snprintf(out, 65, "%.*s", STR_FMT(text));
}

static struct judged_entry *next_entry(struct judged_journal *j, uint64_t seq, const uint8_t *prev,
	const uint8_t *hash, struct str bytes)
{
	EVP_MD_CTX *sha = EVP_MD_CTX_new();
	uint8_t sum[BYTES_32];

	assert_non_null(sha);
	assert_true(EVP_DigestInit_ex(sha, EVP_sha256(), NULL) &&
		    EVP_DigestUpdate(sha, prev, BYTES_32) &&
		    EVP_DigestUpdate(sha, bytes.p, bytes.n) && EVP_DigestFinal_ex(sha, sum, NULL));
	EVP_MD_CTX_free(sha);
	if (seq != j->len + 1 || memcmp(prev, j->hash, BYTES_32) != 0 ||
		memcmp(hash, sum, BYTES_32) != 0)
		wrong("entry %llu does not hang on the one before it", (unsigned long long)seq);
	memcpy(j->hash, hash, BYTES_32);
	if (j->len == j->cap) {
		j->cap = j->cap ? 2 * j->cap : 256;
		j->entries = realloc(j->entries, j->cap * sizeof *j->entries);
		assert_non_null(j->entries);
	}
	memset(&j->entries[j->len], 0, sizeof *j->entries);
	return &j->entries[j->len++];
}

/* A request has one entry, whoever decided it. */
static void keep_request(struct judged_journal *j, struct judged_entry *entry, struct json request)
{
	if (!json_present(json_get(request, "key_sha256")))
		return;
	hex(entry->key, json_str_at(request, "key_sha256"));
	hex(entry->body, json_str_at(request, "body_sha256"));
	for (struct judged_entry *other = j->entries; other < entry; other++)
		if (strcmp(other->key, entry->key) == 0)
			wrong("entries %d and %d answer the same request",
				(int)(other - j->entries) + 1, (int)(entry - j->entries) + 1);
}

void oracle_entry(struct sim_oracle *o, uint32_t journal, uint64_t seq, const uint8_t prev[32],
	const uint8_t hash[32], struct str bytes)
{
	struct judged_journal *j = &o->journals[journal];
	struct judged_entry *entry = next_entry(j, seq, prev, hash, bytes);
	struct reading e = {.o = o, .journal = journal, .seq = seq};
	struct json effects;

	e.event = arena_json(&o->arena, bytes, NULL);
	if (!json_present(e.event) || json_int_at(e.event, "seq", 0) != (int64_t)seq)
		wrong("entry %llu cannot be read", (unsigned long long)seq);
	e.at_s = oracle_time(e.event, "at");
	if (j->len > 1 && e.at_s < j->at_s)
		wrong("entry %llu is older than the one before it", (unsigned long long)seq);
	j->at_s = e.at_s;
	keep_request(j, entry, json_get(e.event, "request"));
	effects = json_get(e.event, "effects");
	for (struct json f = json_first(effects); json_present(f); f = json_next(effects, f))
		if (str_is(json_str_at(f, "op"), "refuse"))
			snprintf(entry->slug, sizeof entry->slug, "%.*s",
				STR_FMT(json_str_at(f, "slug")));
		else
			read_effect(&e, f);
	judge_changed(&e);
	arena_reset(&o->arena);
}

void oracle_forget(struct sim_oracle *o)
{
	fold_free(&o->fold);
	for (uint32_t i = 0; i < JOURNALS_JUDGED; i++) {
		free(o->journals[i].entries);
		o->journals[i] = (struct judged_journal){.len = 0};
	}
	o->promises.len = o->resources_len = 0;
}
