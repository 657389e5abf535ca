/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/sim/oracle.h"

static const struct {
	const char *name;
	char kind; /* as the store's rows are told apart */
} kinds[] = {{"site", 's'}, {"resource", 'r'}, {"block", 'k'}, {"customer", 'c'}, {"vehicle", 'v'},
	{"ruleset", 'u'}, {"visit", 'w'}, {"booking", 'b'}, {"task", 't'}, {"demand", 'd'},
	{"waiting", 'l'}};

uint64_t fold_hash(struct str text)
{
	uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ text.n, word;
	size_t i = 0;

	for (; i + 8 <= text.n; i += 8) {
		memcpy(&word, text.p + i, 8);
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	word = 0;
	if (i < text.n)
		memcpy(&word, text.p + i, text.n - i);
	h = (h ^ word) * UINT64_C(0xc4ceb9fe1a85ec53);
	h ^= h >> 29;
	return h ? h : 1;
}

/* Its place: where it is, or the empty one where it would be. */
static struct fold_row *place(const struct fold *f, char kind, struct str id)
{
	uint32_t at = (uint32_t)fold_hash(id) & (f->cap - 1);

	while (f->rows[at].kind && (f->rows[at].kind != kind || !str_is(id, f->rows[at].id)))
		at = (at + 1) & (f->cap - 1);
	return &f->rows[at];
}

static void grow(struct fold *f)
{
	struct fold old = *f;

	f->cap = old.cap ? 2 * old.cap : 256;
	f->rows = calloc(f->cap, sizeof *f->rows);
	assert_non_null(f->rows);
	for (uint32_t i = 0; i < old.cap; i++)
		if (old.rows[i].kind)
			*place(f, old.rows[i].kind, str_from(old.rows[i].id)) = old.rows[i];
	free(old.rows);
}

static struct fold_row *row_of(struct fold *f, char kind, struct str id, uint32_t journal)
{
	struct fold_row *r;

	if (2 * f->len >= f->cap)
		grow(f);
	r = place(f, kind, id);
	if (!r->kind) {
		assert_true(id.n > 0 && id.n < sizeof r->id);
		r->kind = kind;
		r->journal = journal;
		memcpy(r->id, id.p, id.n);
		f->len++;
	}
	if (r->journal != journal)
		wrong("%s is written by two journals", r->id);
	return r;
}

static void add_version(struct fold_row *r, uint64_t seq)
{
	if (r->versions_len == r->versions_cap) {
		r->versions_cap = r->versions_cap ? 2 * r->versions_cap : 4;
		r->versions = realloc(r->versions, r->versions_cap * sizeof *r->versions);
		assert_non_null(r->versions);
	}
	r->versions[r->versions_len++] =
		(struct version){seq, r->text ? fold_hash((struct str){r->text, r->text_len}) : 0};
}

/* ---- members ---- */

struct text {
	char *p;
	size_t n, cap;
};

static void put(struct text *t, struct str s)
{
	assert_true(t->n + s.n <= t->cap);
	memcpy(t->p + t->n, s.p, s.n);
	t->n += s.n;
}

static void put_member(struct text *t, struct json value)
{
	put(t, t->n > 1 ? STR(",\"") : STR("\""));
	put(t, json_key(value));
	put(t, STR("\":"));
	put(t, json_raw(value));
}

/* The members of both, in their order; those of `set` instead of the same of `old`, null for none.
 */
static void merge(struct text *t, struct json old, struct json set)
{
	struct json a = json_first_value(old), b = json_first_value(set);

	put(t, STR("{"));
	while (json_present(a) || json_present(b)) {
		int order = !json_present(a)   ? 1
			    : !json_present(b) ? -1
					       : str_cmp(json_key(a), json_key(b));
		if (order < 0)
			put_member(t, a);
		else if (!json_is_null(b))
			put_member(t, b);
		if (order <= 0)
			a = json_next_value(old, a);
		if (order >= 0)
			b = json_next_value(set, b);
	}
	put(t, STR("}"));
}

static struct text merged(struct arena *a, const struct fold_row *r, struct json set)
{
	struct text t = {.cap = r->text_len + json_raw(set).n + 16};
	struct json old = arena_json(a, (struct str){r->text, r->text_len}, NULL);

	assert_true(json_present(old));
	t.p = malloc(t.cap);
	assert_non_null(t.p);
	merge(&t, old, set);
	return t;
}

struct fold_row *fold_effect(struct fold *f, struct arena *a, struct json effect, uint32_t journal,
	uint64_t seq, struct json *doc)
{
	struct str op = json_str_at(effect, "op"), kind = json_str_at(effect, "kind");
	struct json given = json_get(effect, "doc");
	struct text t = {.p = NULL};
	struct fold_row *r;
	size_t i = 0;

	while (i < ARRAY_LEN(kinds) && !str_is(kind, kinds[i].name))
		i++;
	if (i == ARRAY_LEN(kinds))
		wrong("an effect of an unknown kind: %.*s", STR_FMT(kind));
	r = row_of(f, kinds[i].kind, json_str_at(effect, "id"), journal);
	if (str_is(op, "set")) {
		if (!r->text)
			wrong("%.*s %s is changed but not there", STR_FMT(kind), r->id);
		t = merged(a, r, given);
	} else if (str_is(op, "put")) {
		t = (struct text){malloc(json_raw(given).n), 0, json_raw(given).n};
		assert_non_null(t.p);
		put(&t, json_raw(given));
	} else if (!str_is(op, "delete")) {
		wrong("an effect of an unknown sort: %.*s", STR_FMT(op));
	}
	free(r->text);
	r->text = t.p;
	r->text_len = t.n;
	add_version(r, seq);
	*doc = t.p ? arena_json(a, (struct str){t.p, t.n}, NULL) : JSON_ABSENT;
	return r;
}

/* ---- comparing ---- */

static const struct version *version_at(const struct fold_row *r, const uint64_t *seqs)
{
	for (uint32_t i = r->versions_len; i-- > 0;)
		if (r->versions[i].seq <= seqs[r->journal])
			return r->versions[i].hash ? &r->versions[i] : NULL;
	return NULL;
}

const struct fold_row *fold_find(const struct fold *f, char kind, struct str id)
{
	const struct fold_row *r = f->cap ? place(f, kind, id) : NULL;

	return r && r->kind ? r : NULL;
}

const struct version *fold_version(
	const struct fold *f, char kind, struct str id, const uint64_t seqs[JOURNALS_JUDGED])
{
	const struct fold_row *r = fold_find(f, kind, id);

	return r ? version_at(r, seqs) : NULL;
}

uint32_t fold_count(const struct fold *f, const uint64_t seqs[JOURNALS_JUDGED])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->cap; i++)
		n += f->rows[i].kind && version_at(&f->rows[i], seqs);
	return n;
}

void fold_free(struct fold *f)
{
	for (uint32_t i = 0; i < f->cap; i++) {
		free(f->rows[i].text);
		free(f->rows[i].versions);
	}
	free(f->rows);
	memset(f, 0, sizeof *f);
}
