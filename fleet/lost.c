/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/lost.h"

#include <stdio.h>

#include "fleet/booking.h"
#include "fleet/fleet_inside.h"

/* A log is read by people: whoever needs all of a great loss reads the entries themselves. */
enum { LOST_NAMED_MAX = 200, NUMBERS_BYTES = 8 << 10, LINE_BYTES = NUMBERS_BYTES + 400 };

struct naming {
	char text[NUMBERS_BYTES];
	size_t n;
	uint32_t len;
};

static bool is_named(const struct naming *y, const char *number)
{
	const char *at = strstr(y->text, number);
	size_t n = strlen(number);

	return at && (at[n] == ',' || at[n] == '\0');
}

static void name(struct naming *y, struct str number)
{
	char one[ID_MAX + 3];

	snprintf(one, sizeof one, " %.*s", number.n < ID_MAX ? (int)number.n : ID_MAX, number.p);
	if (!number.n || is_named(y, one))
		return;
	if (y->len++ < LOST_NAMED_MAX && y->n + sizeof one + 1 < sizeof y->text)
		y->n += (size_t)snprintf(
			y->text + y->n, sizeof y->text - y->n, "%s%s", y->n ? "," : "", one);
}

/* The bookings that an entry made or changed, as the store knows them. */
static void name_bookings(struct naming *y, struct view *v, struct str bytes)
{
	struct event_head head;
	struct json effects;
	const char *why;

	if (event_read(v->arena, arena_copy(v->arena, bytes), &head, &effects, &why) != OK)
		return;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		struct row row;
		if (effect_read(&effect, e) && effect.op != EFFECT_REFUSE &&
			effect.kind == ROW_BOOKING && row_get(v, ROW_BOOKING, effect.id, &row))
			name(y, json_str_at(row.doc, "number"));
	}
}

static void tell_journal(
	struct fleet *f, struct view *v, struct str journal, uint64_t from, uint64_t to)
{
	struct naming y = {.n = 0};
	struct journal_entry e;
	char line[LINE_BYTES];

	for (uint64_t seq = from; seq <= to && journal_entry(v->txn, journal, seq, &e); seq++) {
		arena_reset(v->arena);
		name_bookings(&y, v, e.bytes);
	}
	snprintf(line, sizeof line,
		"the journal lost what was acknowledged here: %.*s, entries %llu to %llu; "
		"bookings:%s%s",
		STR_FMT(journal), (unsigned long long)from, (unsigned long long)to,
		y.len ? y.text : " none", y.len > LOST_NAMED_MAX ? " and more" : "");
	f->env->log(f->env, line);
}

void lost_tell(struct fleet *f)
{
	struct str journal = STR_NULL;
	char kept[ID_MAX + 1];
	struct txn t;
	struct view v = {.txn = &t, .arena = &f->scratch, .env = f->env, .people = f->people};

	if (!f->journal->common)
		return;
	txn_begin(&t, f->store, false);
	v.rosters = f->writing;
	while (journal_next_name(&t, &journal)) {
		struct journal_head head;
		uint64_t common;
		snprintf(kept, sizeof kept, "%.*s", STR_FMT(journal));
		journal = str_from(kept);
		(void)journal_head(&t, journal, &head);
		if (!f->journal->common(f->journal, &t, journal, &common))
			f->env->log(f->env, "what was lost cannot be told: PostgreSQL is away");
		else if (common < head.seq)
			tell_journal(f, &v, journal, common + 1, head.seq);
	}
	txn_abort(&t);
}
