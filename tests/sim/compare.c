/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* A server's rows, read as bytes, are what the oracle folded from the entries that the server has.
 */

#include "tests/sim/sim.h"

static const char *const journals[JOURNALS_JUDGED] = {"LYO", "directory"};

static void heads(struct txn *t, uint64_t seqs[JOURNALS_JUDGED])
{
	for (uint32_t i = 0; i < JOURNALS_JUDGED; i++) {
		struct journal_head head;
		seqs[i] = journal_head(t, str_from(journals[i]), &head) ? head.seq : 0;
	}
}

static void compare_row(const struct server *v, char kind, struct str id,
	const struct version *version, struct str value)
{
	uint64_t rev = 0;

	for (size_t i = 0; i < 8 && value.n > 8; i++)
		rev = rev << 8 | (uint8_t)value.p[i];
	if (!version != !value.n)
		wrong("server %u: row %c %.*s is %s", v->number, kind, STR_FMT(id),
			version ? "missing" : "there, though it was deleted");
	if (version && (rev != version->seq ||
			       fold_hash((struct str){value.p + 8, value.n - 8}) != version->hash))
		wrong("server %u: row %c %.*s is not what the journal says", v->number, kind,
			STR_FMT(id));
}

void compare_changed(struct server *v)
{
	const struct fold *f = &v->sim->oracle->fold;
	uint64_t seqs[JOURNALS_JUDGED];
	struct txn t;

	txn_begin(&t, fleet_store(v->fleet), false);
	heads(&t, seqs);
	for (uint32_t i = 0; i < f->cap; i++) {
		const struct fold_row *r = &f->rows[i];
		struct str value = STR_NULL, id = str_from(r->id);
		const struct version *version;
		struct key key;
		if (!r->kind || r->versions[r->versions_len - 1].seq <= v->compared[r->journal])
			continue;
		key = key_row((enum row_kind)r->kind, id);
		if (!txn_get(&t, DB_ROWS, key_str(&key), &value))
			value = STR_NULL;
		version = fold_version(f, r->kind, id, seqs);
		compare_row(v, r->kind, id, version, value);
	}
	txn_abort(&t);
	memcpy(v->compared, seqs, sizeof v->compared);
}

void compare_all(struct server *v)
{
	const struct fold *f = &v->sim->oracle->fold;
	uint64_t seqs[JOURNALS_JUDGED];
	uint32_t rows = 0;
	struct cursor c;
	struct txn t;

	txn_begin(&t, fleet_store(v->fleet), false);
	heads(&t, seqs);
	cursor_open(&c, &t, DB_ROWS);
	for (bool some = cursor_seek(&c, STR("")); some; some = cursor_next(&c), rows++) {
		struct str id = {c.key.p + 1, c.key.n - 2}; /* kind, id, NUL */
		compare_row(v, c.key.p[0], id, fold_version(f, c.key.p[0], id, seqs), c.value);
	}
	cursor_close(&c);
	txn_abort(&t);
	if (rows != fold_count(f, seqs))
		wrong("server %u has %u rows, the journal says %u", v->number, rows,
			fold_count(f, seqs));
	memcpy(v->compared, seqs, sizeof v->compared);
	count(v->sim, COUNT_COMPARED);
}

struct hash compare_store(struct server *v)
{
	struct hash all = {{0}};
	struct cursor c;
	struct txn t;

	txn_begin(&t, fleet_store(v->fleet), false);
	for (int db = 0; db < DB_COUNT; db++) {
		uint64_t sums[4] = {(uint64_t)db};
		cursor_open(&c, &t, (enum db)db);
		for (bool some = cursor_seek(&c, STR("")); some; some = cursor_next(&c)) {
			sums[1]++;
			sums[2] = sums[2] * 31 + fold_hash(c.key);
			sums[3] = sums[3] * 31 + fold_hash(c.value);
		}
		cursor_close(&c);
		all = hash_of2((struct str){(const char *)all.bytes, HASH_LEN},
			(struct str){(const char *)sums, sizeof sums});
	}
	txn_abort(&t);
	return all;
}
