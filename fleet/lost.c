/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/lost.h"

#include <stdio.h>
#include <stdlib.h>

#include "fleet/booking.h"
#include "fleet/lost_inside.h"
#include "fleet/render.h"

/* A log is read by people: whoever needs all of a great loss reads the entries themselves. */
enum {
	LOST_NAMED_MAX = 200,
	LOST_CUSTOMERS_MAX = 1000,
	NUMBERS_BYTES = 8 << 10,
	LINE_BYTES = NUMBERS_BYTES + 400
};

struct losing {
	struct lost_journal *lost; /* owned */
	size_t len;
	FILE *file; /* owned */
	bool good;  /* it took everything */
	char customers[LOST_CUSTOMERS_MAX][ID_MAX + 1];
	size_t customers_len;
};

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

/* Whom an entry of the directory touched: words of theirs may have to go. */
static void note_customers(struct losing *l, struct arena *a, struct str bytes)
{
	struct event_head head;
	struct json effects;
	const char *why;

	if (event_read(a, arena_copy(a, bytes), &head, &effects, &why) != OK)
		return;
	for (struct json e = json_first(effects); json_present(e); e = json_next(effects, e)) {
		struct effect effect;
		if (l->customers_len < LOST_CUSTOMERS_MAX && effect_read(&effect, e) &&
			effect.op != EFFECT_REFUSE && effect.kind == ROW_CUSTOMER &&
			effect.id.n <= ID_MAX)
			snprintf(l->customers[l->customers_len++], ID_MAX + 1, "%.*s",
				STR_FMT(effect.id));
	}
}

/* One journal's loss: in the log with the numbers, and entry by entry into the file. */
static void tell_journal(struct losing *l, struct view *v, const struct lost_journal *lost)
{
	struct str journal = str_from(lost->name);
	struct naming y = {.n = 0};
	struct journal_entry e;
	char line[LINE_BYTES];

	for (uint64_t seq = lost->common + 1;
		seq <= lost->head && journal_entry(v->txn, journal, seq, &e); seq++) {
		arena_reset(v->arena);
		name_bookings(&y, v, e.bytes);
		if (str_eq(journal, JOURNAL_DIRECTORY))
			note_customers(l, v->arena, e.bytes);
		struct str text = render_journal_line(v, journal, seq);
		l->good &= text.n > 0 && fprintf(l->file, "%.*s\n", STR_FMT(text)) > 0;
	}
	snprintf(line, sizeof line,
		"the journal lost what was acknowledged here: %.*s, entries %llu to %llu; "
		"bookings:%s%s",
		STR_FMT(journal), (unsigned long long)(lost->common + 1),
		(unsigned long long)lost->head, y.len ? y.text : " none",
		y.len > LOST_NAMED_MAX ? " and more" : "");
	v->env->log(v->env, line);
}

/* How far each journal is the shared one's still. False: it cannot be asked. */
static bool compare(struct fleet *f, struct losing *l, struct txn *t)
{
	struct str name = STR_NULL;
	char kept[ID_MAX + 1];

	while (journal_next_name(t, &name)) {
		struct lost_journal one = {.common = 0};
		struct journal_head head;
		snprintf(kept, sizeof kept, "%.*s", STR_FMT(name));
		name = str_from(kept);
		memcpy(one.name, kept, sizeof kept);
		(void)journal_head(t, name, &head);
		one.head = head.seq;
		journal_begin(f->journal, NULL); /* as long as it gets on */
		if (!f->journal->common(f->journal, t, name, &one.common))
			return false;
		if (one.common >= one.head)
			continue;
		struct lost_journal *more = realloc(l->lost, (l->len + 1) * sizeof *more);
		if (!more)
			return false;
		l->lost = more;
		l->lost[l->len++] = one;
	}
	return t->outcome == OK;
}

static enum outcome tell_all(struct fleet *f, struct losing *l)
{
	struct txn t;
	struct view v = {.txn = &t,
		.arena = &f->scratch,
		.env = f->env,
		.people = f->people,
		.rosters = f->writing};

	txn_begin(&t, f->store, false);
	bool known = compare(f, l, &t);
	if (!known)
		f->env->log(f->env, "what was lost cannot be told: PostgreSQL is away");
	l->file = known && l->len ? lost_file_open(f) : NULL;
	l->good = l->file != NULL;
	for (size_t i = 0; i < l->len && l->file; i++)
		tell_journal(l, &v, &l->lost[i]);
	txn_abort(&t);
	if (l->file)
		l->good = lost_file_close(f, l->file) && l->good;
	if (!known)
		return FAULT_BUSY;
	return l->len && !l->good ? FAULT_DISK : OK;
}

enum outcome lost_rebuild(struct fleet *f)
{
	struct losing *l = calloc(1, sizeof *l);
	enum outcome o = l ? tell_all(f, l) : FAULT_MEMORY;

	for (size_t i = 0; l && i < l->len; i++) {
		l->lost[i].customers = l->customers;
		l->lost[i].customers_len = l->customers_len;
	}
	if (o == OK)
		o = lost_cut(f, l->lost, l->len);
	for (size_t i = 0; l && i < l->len && o == OK; i++)
		f->counts.lost += l->lost[i].head - l->lost[i].common;
	if (o == OK)
		f->env->log(f->env, "this server goes on from what the journal has; what was lost "
				    "is kept in DIR/lost");
	else if (o != FAULT_BUSY)
		f->env->log(f->env, "what was lost cannot be kept in DIR/lost: nothing goes on");
	if (l)
		free(l->lost);
	free(l);
	return o;
}
