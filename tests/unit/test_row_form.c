/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Entries that a forger wrote: what two sites did in a week is played again, and before each entry
 * every value in it is left out, or put in the place of another of every type, and names are
 * changed for others that there are or are not. What does not fit is refused in words; what is
 * taken can be shown, and the process is alive at the end. What was really written is always taken.
 */

#define _GNU_SOURCE /* memmem */

#include "fleet/apply.h"
#include "fleet/render.h"
#include "fleet/rosters.h"
#include "fleet/row_form.h"
#include "tests/unit/week_of_two_sites.h"

enum { FORGED_BYTES = 1 << 16, WHY_BYTES = 600, DEEP = 20, EVERY_IN_DEPTH = 5 };

/* ---- one entry, on the state before it ---- */

struct stage {
	struct store *store;
	struct scratch scratch;
	struct arena arena; /* of the entry that is played next */
	struct str journal, bytes;
	uint64_t seq;
	char forged[FORGED_BYTES];
	uint64_t refused, taken;
	char why[WHY_BYTES];
};

static struct stage s;

/* Whatever was taken is read by those that trust it. */
static void show_all(struct txn *t, struct arena *a)
{
	struct rosters *rosters = rosters_new();
	struct view v = {.txn = t,
		.arena = a,
		.env = &w.still.env,
		.people = fleet_people(w.fleet),
		.rosters = rosters};
	struct event_head head;
	struct json effects;
	const char *why;

	assert_non_null(rosters);
	assert_int_equal(event_read(a, str_from(s.forged), &head, &effects, &why), OK);
	(void)roster_of(&v, head.site);
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		struct row row;
		if (!effect_read(&effect, e) || effect.op == EFFECT_REFUSE ||
			!row_get(&v, effect.kind, effect.id, &row) || effect.kind == ROW_DESK ||
			effect.kind == ROW_DEMAND)
			continue;
		(void)render_row(&v, effect.kind, effect.id, &row);
		if (effect.kind == ROW_BOOKING)
			(void)render_ripple(&v, &row);
	}
	if (!str_eq(head.site, JOURNAL_DIRECTORY))
		(void)render_board(
			&v, head.site, (struct span){w.still.now, {w.still.now.s + 30 * 86400}});
	rosters_free(rosters);
}

/* Whether it is taken. */
static bool try(void)
{
	struct arena a;
	struct txn t;
	const char *why;
	enum outcome o;

	arena_init(&a, ARENA_MAX_DEFAULT);
	txn_begin(&t, s.store, true);
	o = apply_outside(&t, &a, &w.still.env, str_from(s.forged), &why);
	snprintf(s.why, sizeof s.why, "%s", why ? why : "");
	if (o == OK)
		show_all(&t, &a);
	else if (o != FAULT_CORRUPT || strlen(s.why) < 10)
		fail_msg("%s: %s", outcome_name(o), s.forged);
	s.refused += o != OK;
	s.taken += o == OK;
	txn_abort(&t);
	arena_deinit(&a);
	return o == OK;
}

/* The entry with the bytes [from, from + n) in the place of which `text` stands. */
static bool forge(const char *from, size_t n, struct str text)
{
	size_t at = (size_t)(from - s.bytes.p);

	assert_true(at + n <= s.bytes.n && s.bytes.n + text.n < FORGED_BYTES);
	memcpy(s.forged, s.bytes.p, at);
	memcpy(s.forged + at, text.p, text.n);
	memcpy(s.forged + at + text.n, s.bytes.p + at + n, s.bytes.n - at - n);
	s.forged[s.bytes.n - n + text.n] = '\0';
	return try();
}

/* ---- every value ---- */

static const char *deep(void)
{
	static char text[2 * DEEP + 1];

	memset(text, '[', DEEP);
	memset(text + DEEP, ']', DEEP);
	return text;
}

static bool is_type(enum json_type type, const char *text)
{
	switch (type) {
	case JSON_NULL: return strcmp(text, "null") == 0;
	case JSON_TRUE:
	case JSON_FALSE: return *text == 't' || *text == 'f';
	case JSON_INT: return *text == '-' || (*text >= '0' && *text <= '9');
	case JSON_STRING: return *text == '"';
	case JSON_ARRAY: return *text == '[';
	case JSON_OBJECT: return *text == '{';
	}
	return false;
}

static void fail_taken(struct json value, const char *text)
{
	fail_msg(
		"taken with %s in the place of %.*s: %s", text, STR_FMT(json_raw(value)), s.forged);
}

/* `strict`: a member of the object itself, whose type and bounds are no matter of taste. */
static void other_values(struct json value, bool strict)
{
	static const char *const texts[] = {"null", "true", "-9007199254740991", "9007199254740991",
		"-1", "0", "70000", "\"\"", "\"x\"",
		"\"0000000000000000000000000000000000000000000000000\"", "\"2026-13-01T00:00:00Z\"",
		"[]", "[{}]", "{}"};
	struct str raw = json_raw(value);

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		bool beyond = strlen(texts[i]) > 15 && is_type(JSON_INT, texts[i]);
		bool must = beyond ||
			    (strict && !json_is_null(value) && !is_type(JSON_NULL, texts[i]) &&
				    !is_type(json_node(value)->type, texts[i]));
		if (forge(raw.p, raw.n, str_from(texts[i])) && must)
			fail_taken(value, texts[i]);
	}
	if (forge(raw.p, raw.n, str_from(deep())))
		fail_taken(value, deep());
}

/* A member with its key and one comma. */
static void without(struct json value, bool first, bool last)
{
	struct str raw = json_raw(value), key = json_key(value);
	const char *from = raw.p - key.n - 3;
	size_t n = raw.n + key.n + 3;

	if (!last)
		n++;
	else if (!first) {
		from--;
		n++;
	}
	(void)forge(from, n, STR(""));
}

static void each_value(struct json doc, uint32_t depth)
{
	static uint32_t count;
	uint32_t n = 0, len = json_count(doc);

	if (json_is(doc, JSON_ARRAY)) {
		for (struct json e = json_first(doc); json_present(e); e = json_next(doc, e)) {
			other_values(e, false);
			each_value(e, depth + 1);
		}
	} else if (json_is(doc, JSON_OBJECT)) {
		struct json v = json_first_value(doc);
		for (; json_present(v); v = json_next_value(doc, v), n++) {
			if (depth > 2 && ++count % EVERY_IN_DEPTH)
				continue;
			without(v, n == 0, n == len - 1);
			other_values(v, depth == 0);
			each_value(v, depth + 1);
		}
	}
}

/* ---- names, kinds and places ---- */

static const char *const kinds[] = {"site", "resource", "block", "customer", "vehicle", "ruleset",
	"visit", "booking", "task", "demand", "waiting", "desk", "attachment", "repair-order",
	"contact", "complaint", "claim"};

static void other_effects(struct json e, const struct effect *effect)
{
	struct json id = json_get(e, "id"), kind = json_get(e, "kind"), op = json_get(e, "op");
	struct str raw = json_raw(e);

	assert_false(forge(json_raw(id).p, json_raw(id).n, STR("\"nobody\"")));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!str_is(json_str(kind), kinds[i]))
			assert_false(forge(json_raw(kind).p, json_raw(kind).n,
				arena_printf(&s.arena, "\"%s\"", kinds[i])));
	(void)forge(json_raw(op).p, json_raw(op).n, STR("\"put\""));
	(void)forge(json_raw(op).p, json_raw(op).n, STR("\"set\""));
	/* twice in one entry: what it claims it would claim from itself */
	assert_false(forge(
		raw.p, raw.n, arena_printf(&s.arena, "%.*s,%.*s", STR_FMT(raw), STR_FMT(raw))));
	if (effect->op != EFFECT_DELETE)
		each_value(effect->doc, 0);
}

static void other_entry(void)
{
	struct event_head head;
	struct json effects, root;
	struct effect effect;
	const char *why;

	assert_int_equal(event_read(&s.arena, s.bytes, &head, &effects, &why), OK);
	root = arena_json(&s.arena, s.bytes, NULL);
	/* a refusal alone names no site */
	if (json_count(effects) > 1 ||
		(effect_read(&effect, json_first(effects)) && effect.op != EFFECT_REFUSE))
		assert_false(forge(json_raw(json_get(root, "site")).p,
			json_raw(json_get(root, "site")).n, STR("\"NCE\"")));
	assert_false(forge(json_raw(json_get(root, "kind")).p, json_raw(json_get(root, "kind")).n,
		STR("\"nothing\"")));
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		assert_true(effect_read(&effect, e));
		if (effect.op == EFFECT_REFUSE)
			each_value(effect.detail, 1);
		else
			other_effects(e, &effect);
	}
}

/* ---- the stage ---- */

static uint32_t seen; /* kinds, a bit each */

static void members_are_known(void)
{
	struct event_head head;
	struct json effects;
	struct effect effect;
	const char *why;

	assert_int_equal(event_read(&s.arena, s.bytes, &head, &effects, &why), OK);
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct json v;
		if (!effect_read(&effect, e) || effect.op == EFFECT_REFUSE)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
			seen |= str_is(str_from(row_kind_name(effect.kind)), kinds[i]) ? 1u << i
										       : 0;
		if (effect.op == EFFECT_DELETE)
			continue;
		for (v = json_first_value(effect.doc); json_present(v);
			v = json_next_value(effect.doc, v))
			if (!row_form_knows(effect.kind, json_key(v)))
				fail_msg("fleet/row_members.c has no %.*s of a %s",
					STR_FMT(json_key(v)), row_kind_name(effect.kind));
	}
}

static void play(struct str journal, void (*before)(void))
{
	struct journal_entry e;
	struct arena a;
	const char *why;

	arena_init(&a, ARENA_MAX_DEFAULT);
	for (uint64_t seq = 1;; seq++) {
		struct view v;
		struct txn look, t;
		arena_reset(&s.arena);
		arena_reset(&a);
		fleet_look(w.fleet, &v, &look, &w.arena);
		bool some = journal_entry(&look, journal, seq, &e);
		s.bytes = some ? arena_copy(&s.arena, e.bytes) : STR_NULL;
		fleet_look_end(&v);
		if (!some)
			break;
		s.journal = journal;
		s.seq = seq;
		if (before)
			before();
		txn_begin(&t, s.store, true);
		if (apply_outside(&t, &a, &w.still.env, s.bytes, &why) != OK)
			fail_msg("%s: %.*s", why, STR_FMT(s.bytes));
		assert_int_equal(txn_commit(&t), OK);
	}
	arena_deinit(&a);
}

static int open_stage(void **state)
{
	struct store_options options = {
		.create = true, .no_sync = true, .map_bytes = (size_t)256 << 20};
	char why[400];
	int failed = open_two(state);

	week();
	memset(&s, 0, sizeof s);
	scratch_make(&s.scratch);
	arena_init(&s.arena, ARENA_MAX_DEFAULT);
	if (store_open(&s.store, s.scratch.dir, &options, why, sizeof why) != OK)
		fail_msg("%s", why);
	return failed;
}

static int close_stage(void **state)
{
	store_close(s.store);
	arena_deinit(&s.arena);
	scratch_remove(&s.scratch);
	return close_dealer(state);
}

static void all_journals(void (*before)(void))
{
	play(JOURNAL_DIRECTORY, before);
	play(STR("LYO"), before);
	play(STR("PAR"), before);
}

static void what_was_written_is_known_and_taken(void **state)
{
	(void)state;
	seen = 0;
	all_journals(members_are_known);
	assert_int_equal(seen, (1u << ARRAY_LEN(kinds)) - 1); /* no kind is left out here */
}

static void what_a_forger_writes_is_refused_or_harmless(void **state)
{
	(void)state;
	all_journals(other_entry);
	print_message("# %llu forged entries refused, %llu harmless\n",
		(unsigned long long)s.refused, (unsigned long long)s.taken);
	assert_true(s.refused > 10000);
}

/* ---- claims ---- */

static uint32_t booked;

static void replaced(const char *what, const char *with, const char *why)
{
	const char *at = memmem(s.bytes.p, s.bytes.n, what, strlen(what));

	assert_non_null(at);
	assert_false(forge(at, strlen(what), str_from(with)));
	if (!strstr(s.why, why))
		fail_msg("not \"%s\" but: %s", why, s.why);
}

static void claims_overlap_no_others(void)
{
	struct event_head head;
	struct json effects;
	struct effect b;
	const char *why;

	assert_int_equal(event_read(&s.arena, s.bytes, &head, &effects, &why), OK);
	if (json_count(effects) == 0 || !effect_read(&b, json_first(effects)) ||
		b.op != EFFECT_PUT || b.kind != ROW_BOOKING ||
		!json_count(json_get(b.doc, "claims")))
		return;
	replaced("\"seat\":0,", "\"seat\":1000,", "seat is not a number");
	replaced("\"status\":\"", "\"status\":\"un", "status is not a word");
	/* the same claims once more, for another of the next number */
	struct str claims = json_raw(json_get(b.doc, "claims"));
	struct str twice = arena_printf(&s.arena, "[%.*s,%.*s]", (int)claims.n - 2, claims.p + 1,
		(int)claims.n - 2, claims.p + 1);
	assert_false(forge(claims.p, claims.n, twice));
	if (!strstr(s.why, "overlaps") && !strstr(s.why, "more than"))
		fail_msg("%s", s.why);
	struct json first = json_first(json_get(b.doc, "claims"));
	struct str resource = json_raw(json_get(first, "resource")),
		   until = json_raw(json_get(first, "until"));
	assert_false(forge(resource.p, resource.n, STR("\"nowhere\"")));
	assert_non_null(strstr(s.why, "no seat"));
	assert_false(forge(until.p, until.n, json_raw(json_get(first, "from"))));
	assert_non_null(strstr(s.why, "ends before it begins"));
	booked++;
}

static void claims_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	booked = 0;
	all_journals(claims_overlap_no_others);
	assert_true(booked > 3);
}

#define STAGED(f) cmocka_unit_test_setup_teardown(f, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(what_was_written_is_known_and_taken),
		STAGED(what_a_forger_writes_is_refused_or_harmless),
		STAGED(claims_that_do_not_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
