/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/pack.h"

#include <stdlib.h>
#include <unistd.h>

#include "fleet/checkpoint.h"
#include "fleet/roster.h"
#include "fleet/rosters.h"
#include "fleet/spill.h"

enum { IDS_FIRST = 256, LINE_FRAME_BYTES = 512, STEP_WALK = 500 };

const char *const pack_file_names[PACK_FILES_LEN] = {
#define X(name, text) text,
	PACK_FILES(X)
#undef X
};

static void fail(struct pack *p, const char *why)
{
	p->phase = PACK_FAILED;
	if (!p->why)
		p->why = why;
}

/* ---- files ---- */

static void part_add(struct pack *p, enum pack_file file, struct str bytes)
{
	struct pack_part *part = &p->part[file];

	if (!bytes.p || fwrite(bytes.p, 1, bytes.n, part->file) != bytes.n) {
		fail(p, "there is no room for it: set TMPDIR to a place that has some");
		return;
	}
	hash_add(&part->run, bytes);
	part->size += bytes.n;
}

static void part_line(struct pack *p, enum pack_file file, struct str line)
{
	part_add(p, file, line);
	if (p->phase != PACK_FAILED)
		part_add(p, file, STR("\n"));
}

static void part_end(struct pack *p, enum pack_file file)
{
	struct pack_part *part = &p->part[file];

	part->hash = hash_end(&part->run);
	part->running = false;
	if (fflush(part->file) != 0)
		fail(p, "there is no room for it: set TMPDIR to a place that has some");
}

static bool part_open(struct pack_part *part)
{
	int fd = spill_open();

	part->file = fd >= 0 ? fdopen(fd, "w+") : NULL;
	if (!part->file && fd >= 0)
		close(fd);
	if (part->file) {
		hash_begin(&part->run);
		part->running = true;
	}
	return part->file != NULL;
}

struct pack *pack_open(struct fleet *fleet, const struct claim_filter *filter, bool beside)
{
	struct pack *p = calloc(1, sizeof *p);
	bool good = p != NULL;

	if (!p)
		return NULL;
	p->fleet = fleet;
	p->filter = (struct claim_filter){
		.site = filter->site, .vin = filter->vin, .span = filter->span};
	p->csv.format = CLAIMS_CSV;
	p->jsonl.format = CLAIMS_JSONL;
	arena_init(&p->arena, ARENA_MAX_DEFAULT);
	if (beside) {
		p->rosters = rosters_new();
		good = p->rosters != NULL;
	}
	for (int i = 0; i < PACK_FILES_LEN && good; i++)
		good = part_open(&p->part[i]);
	if (!good) {
		pack_close(p);
		p = NULL;
	}
	return p;
}

void pack_close(struct pack *p)
{
	if (!p)
		return;
	for (int i = 0; i < PACK_FILES_LEN; i++) {
		if (p->part[i].running)
			(void)hash_end(&p->part[i].run);
		if (p->part[i].file)
			fclose(p->part[i].file);
	}
	free(p->ids);
	rosters_free(p->rosters);
	arena_deinit(&p->arena);
	free(p);
}

/* ---- the loans ---- */

/* From the first entry to the last that an object has in the site's journal. */
static void widen(struct pack *p, struct view *v, enum row_kind kind, struct str id)
{
	struct key prefix = key_history_prefix(kind, id);
	struct cursor c;

	cursor_open(&c, v->txn, DB_INDEX);
	for (bool some = cursor_seek(&c, key_str(&prefix));
		some && cursor_within(&c, key_str(&prefix)); some = cursor_next(&c)) {
		size_t at = prefix.n;
		uint64_t seq;
		if (!key_take_u64(c.key, &at, &seq) || !str_eq(c.value, p->filter.site))
			continue;
		if (!p->first || seq < p->first)
			p->first = seq;
		if (seq > p->last)
			p->last = seq;
	}
	cursor_close(&c);
}

/* {NAME:ID,"row":...,"seq":N} in the order of members. */
static void put_row(
	struct pack *p, struct view *v, enum pack_file file, struct str id, const struct row *row)
{
	struct json_writer w;

	arena_writer(v->arena, &w, row->text.n + LINE_FRAME_BYTES);
	json_object_begin(&w);
	if (file == PACK_BOOKINGS)
		json_kv_str(&w, "booking", id);
	json_kv_raw(&w, "row", row->text);
	json_kv_int(&w, "seq", (int64_t)row->rev);
	if (file == PACK_ORDERS)
		json_kv_str(&w, "visit", id);
	json_object_end(&w);
	part_line(p, file, arena_written(v->arena, &w));
}

static bool id_keep(struct pack *p, struct str id)
{
	if (p->loans == p->ids_cap) {
		uint32_t cap = p->ids_cap ? p->ids_cap * 2 : IDS_FIRST;
		struct str *more = realloc(p->ids, cap * sizeof *more);
		if (!more)
			return false;
		p->ids = more;
		p->ids_cap = cap;
	}
	p->ids[p->loans] = arena_copy(&p->arena, id);
	return p->ids[p->loans].p && ++p->loans < PACK_LOANS_MAX;
}

static void on_loan(void *context, struct view *v, const struct booking *b, const struct row *row)
{
	struct pack *p = context;
	struct row order;

	if (!id_keep(p, b->id)) {
		fail(p, "there are too many loans for one pack: ask for a shorter time");
		return;
	}
	put_row(p, v, PACK_BOOKINGS, b->id, row);
	widen(p, v, ROW_BOOKING, b->id);
	if (b->visit.n && row_get(v, ROW_REPAIR_ORDER, b->visit, &order)) {
		put_row(p, v, PACK_ORDERS, b->visit, &order);
		widen(p, v, ROW_REPAIR_ORDER, b->visit);
	}
}

static void gather(struct pack *p, const struct claim_line *l)
{
	struct str payer = l->cell[COLUMN_payer].text, code = l->claim.cost_code;
	struct str currency = l->cell[COLUMN_currency].text;
	uint32_t i = 0;

	while (i < p->sums &&
		!(str_eq(p->sum[i].payer, payer) && str_eq(p->sum[i].cost_code, code) &&
			str_eq(p->sum[i].currency, currency)))
		i++;
	if (i == PACK_SUMS_MAX)
		i--;
	else if (i == p->sums)
		p->sum[p->sums++] = (struct pack_sum){.payer = arena_copy(&p->arena, payer),
			.cost_code = arena_copy(&p->arena, code),
			.currency = arena_copy(&p->arena, currency)};
	p->sum[i].lines++;
	p->sum[i].days += (uint64_t)l->claim.days_claimed;
	p->sum[i].amount_minor += l->claim.amount_minor;
	p->lines++;
	for (int f = 0; f < FINDINGS_LEN; f++)
		p->found[f] += l->findings >> f & 1;
}

static int id_order(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void step_loans(struct pack *p, struct view *v)
{
	struct loan_visitor visitor = {p, on_loan};
	struct claim_lines lines;

	if (!claim_lines_visit(&lines, v, &p->filter, &p->place, &visitor) || p->arena.full) {
		fail(p, "there is no memory for it, or no such site");
		return;
	}
	part_add(p, PACK_CSV, claims_text_page(&p->csv, &lines, p->place.over));
	part_add(p, PACK_CLAIMS, claims_text_page(&p->jsonl, &lines, p->place.over));
	for (uint32_t i = 0; i < lines.len; i++)
		gather(p, lines.line[i]);
	if (p->phase == PACK_FAILED || !p->place.over)
		return;
	p->nothing = p->first == 0;
	if (p->nothing) {
		fail(p, "nothing was lent then, or to that car");
		return;
	}
	qsort(p->ids, p->loans, sizeof *p->ids, id_order);
	p->seq = p->first - 1;
	p->phase = PACK_ENTRIES;
}

/* ---- the journal's slice, and the decisions in it ---- */

static void ruleset_keep(struct pack *p, struct json ruleset)
{
	struct str version = json_str_at(ruleset, "version");
	struct str sha256 = json_str_at(ruleset, "sha256");

	for (uint32_t i = 0; i < p->rulesets; i++)
		if (str_eq(version, p->ruleset[i]) && str_is(sha256, p->sha256[i]))
			return;
	if (p->rulesets == PACK_RULESETS_MAX || sha256.n != HASH_TEXT - 1) {
		fail(p, "too many rule sets decided these loans: ask for a shorter time");
		return;
	}
	memcpy(p->sha256[p->rulesets], sha256.p, sha256.n);
	p->ruleset[p->rulesets++] = arena_copy(&p->arena, version);
}

static void put_decision(
	struct pack *p, struct view *v, struct str id, struct json decided, uint64_t seq)
{
	struct json_writer w;
	struct row then;
	bool upgraded;

	if (!row_at(v, ROW_BOOKING, id, p->filter.site, seq, &then)) {
		fail(p, "a booking's history cannot be read: run relais verify");
		return;
	}
	ruleset_keep(p, json_get(then.doc, "ruleset"));
	/* who asked for less pays for less: the class whose price counted */
	upgraded = json_present(json_get(then.doc, "upgraded_from"));
	arena_writer(v->arena, &w, 2 * then.text.n + LINE_FRAME_BYTES);
	json_object_begin(&w);
	json_kv_str(&w, "booking", id);
	json_kv_str(&w, "class", json_str_at(then.doc, upgraded ? "upgraded_from" : "class"));
	json_kv_raw(&w, "decided", json_raw(decided));
	json_kv_raw(&w, "ruleset", json_raw(json_get(then.doc, "ruleset")));
	json_kv_int(&w, "seq", (int64_t)seq);
	json_kv_str(&w, "solution", json_str_at(then.doc, "solution"));
	json_kv_raw(&w, "terms", json_raw(json_get(then.doc, "terms")));
	json_object_end(&w);
	part_line(p, PACK_DECISIONS, arena_written(v->arena, &w));
	p->decisions++;
}

static void put_decisions(struct pack *p, struct view *v, const struct journal_entry *entry)
{
	struct event_head event;
	struct json effects;
	const char *why;

	if (event_read(v->arena, arena_copy(v->arena, entry->bytes), &event, &effects, &why) !=
		OK) {
		fail(p, "an entry cannot be read: run relais audit verify");
		return;
	}
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		if (!effect_read(&effect, e) || effect.kind != ROW_BOOKING ||
			(effect.op != EFFECT_PUT && effect.op != EFFECT_SET) ||
			!json_present(json_get(effect.doc, "decided")) ||
			!bsearch(&effect.id, p->ids, p->loans, sizeof *p->ids, id_order))
			continue;
		put_decision(p, v, effect.id, json_get(effect.doc, "decided"), entry->seq);
	}
}

/* The first entry's predecessor is taken as it is: what it stands on is in its own bytes. */
static void put_entry(struct pack *p, struct view *v, const struct journal_entry *entry)
{
	bool begins = p->seq + 1 == p->first;
	struct hash made = event_hash(&entry->prev, entry->bytes);

	if ((!begins && memcmp(entry->prev.bytes, p->head.bytes, HASH_LEN) != 0) ||
		memcmp(made.bytes, entry->hash.bytes, HASH_LEN) != 0) {
		fail(p, "the journal's chain does not hold: run relais audit verify");
		return;
	}
	part_line(p, PACK_JOURNAL, render_journal_line(v, p->filter.site, entry->seq));
	put_decisions(p, v, entry);
	p->head = entry->hash;
	p->seq = entry->seq;
}

static void step_entries(struct pack *p, struct view *v)
{
	struct row_look look;

	row_look_open(&look, v);
	for (int n = 0; n < PACK_STEP_ENTRIES && p->seq < p->last && p->phase != PACK_FAILED;
		n++, row_look_next(&look)) {
		struct journal_entry entry;
		if (journal_entry(v->txn, p->filter.site, p->seq + 1, &entry))
			put_entry(p, &look.view, &entry);
		else
			fail(p, "an entry is missing: run relais audit verify");
	}
	row_look_close(&look);
	if (p->phase != PACK_FAILED && p->seq == p->last)
		p->phase = PACK_RULES;
}

static void step_rules(struct pack *p, struct view *v)
{
	for (uint32_t i = 0; i < p->rulesets && p->phase != PACK_FAILED; i++) {
		struct ruleset_row row;
		if (ruleset_by_hash(v, p->ruleset[i], str_from(p->sha256[i]), &row))
			part_line(p, PACK_RULESETS, json_raw(row.doc));
		else
			fail(p, "a rule set is not stored any more: run relais audit replay");
	}
	if (p->phase != PACK_FAILED)
		p->phase = PACK_CHAIN;
}

/* ---- the checkpoint ---- */

/* What will be signed must go on to what was signed, or come from it. */
static bool chain_begin(struct pack *p, struct view *v)
{
	struct checkpoints *c = fleet_checkpoints(p->fleet);
	const struct note_key *key = checkpoints_key(c);
	struct str text = checkpoint_text(c, v->arena, p->filter.site);
	const char *why;

	if (!key || (text.p && !note_read(&p->kept, key, v->arena, text, &why))) {
		fail(p, key ? "the site's checkpoint is damaged: run relais audit verify"
			    : "there is no signing key yet: the server makes it");
		return false;
	}
	p->walk = (struct walk){
		.journal = p->filter.site, .seq = p->last, .hash = p->head, .why = NULL};
	if (p->kept.size && p->kept.size < p->last) {
		p->walk.seq = p->kept.size;
		p->walk.hash = p->kept.hash;
	}
	return true;
}

static void step_chain(struct pack *p, struct view *v)
{
	uint64_t end = p->kept.size > p->last ? p->kept.size : p->last;
	const struct hash *wanted = p->kept.size > p->last ? &p->kept.hash : &p->head;

	if (!p->walk.journal.p) {
		if (!chain_begin(p, v))
			return;
	} else if (p->walk.seq < end) {
		uint64_t to = p->walk.seq + STEP_WALK < end ? p->walk.seq + STEP_WALK : end;
		if (!walk_to(&p->walk, fleet_store(p->fleet), to)) {
			fail(p, "the journal's chain does not hold: run relais audit verify");
			return;
		}
	} else if (memcmp(p->walk.hash.bytes, wanted->bytes, HASH_LEN) != 0) {
		fail(p, "the journal is another than was signed: run relais audit verify");
	} else {
		p->phase = PACK_COVER;
	}
}

struct str pack_signed_text(
	struct arena *a, const struct note_key *key, struct str site, const struct hash *sums)
{
	char hex[HASH_TEXT];

	return arena_printf(a, "%s pack of %.*s\n%.*s\n", key->name, STR_FMT(site),
		STR_FMT(hash_print(sums, hex)));
}

static void put_sums(struct pack *p, struct arena *a, const struct note_key *key)
{
	char hex[HASH_TEXT];

	for (int i = 0; i < PACK_SUMS; i++) {
		part_end(p, (enum pack_file)i);
		part_add(p, PACK_SUMS,
			arena_printf(a, "%.*s  %s\n", STR_FMT(hash_print(&p->part[i].hash, hex)),
				pack_file_names[i]));
	}
	part_end(p, PACK_SUMS);
	part_add(p, PACK_SIGNED,
		note_sign(key, a,
			pack_signed_text(a, key, p->filter.site, &p->part[PACK_SUMS].hash)));
	part_end(p, PACK_SIGNED);
}

static void step_cover(struct pack *p, struct view *v)
{
	const struct note_key *key = checkpoints_key(fleet_checkpoints(p->fleet));
	struct signed_note note = {.size = p->last, .hash = p->head};

	memcpy(note.journal, p->filter.site.p, p->filter.site.n);
	part_add(p, PACK_CHECKPOINT, note_write(key, v->arena, &note));
	part_add(p, PACK_KEY, note_key_print(key, v->arena));
	part_add(p, PACK_README, pack_cover(p, v));
	if (p->phase != PACK_FAILED)
		put_sums(p, v->arena, key);
	if (p->phase != PACK_FAILED)
		p->phase = PACK_DONE;
}

bool pack_step(struct pack *p)
{
	static void (*const steps[])(struct pack * p, struct view * v) = {
		[PACK_LOANS] = step_loans,
		[PACK_ENTRIES] = step_entries,
		[PACK_RULES] = step_rules,
		[PACK_CHAIN] = step_chain,
		[PACK_COVER] = step_cover,
	};
	struct arena a;
	struct view v;
	struct txn t;

	if (p->phase >= PACK_DONE)
		return false;
	arena_init(&a, ARENA_MAX_DEFAULT);
	fleet_look_beside(p->fleet, p->rosters, &v, &t, &a);
	steps[p->phase](p, &v);
	fleet_look_end(&v);
	arena_deinit(&a);
	return p->phase < PACK_DONE;
}
