/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* Several sites' entries under way at once: a commit that waits for its disk or its copy holds up
 * no other site, and a place that another server took costs its own site alone. */

#include "sql/journal_pg_inside.h"

/* Groups that lie beside each other, by one statement; as many as there are lanes. */
struct bundle {
	const struct pending_entry *entries;
	struct pending_group *groups;
	size_t len, entries_len;
	bool sent;
};

void journal_pg_lanes_drop(struct journal_pg *j)
{
	for (size_t i = 0; i < LANES_MAX; i++)
		pg_drop(&j->lane[i]);
}

static size_t bundle_up(struct bundle out[LANES_MAX], const struct pending_entry *entries,
	struct pending_group *groups, size_t len)
{
	size_t lanes = len < LANES_MAX ? len : LANES_MAX, at = 0;

	for (size_t i = 0; i < lanes; i++) {
		struct bundle *b = &out[i];
		*b = (struct bundle){.entries = entries, .groups = groups + at};
		b->len = (len - at) / (lanes - i);
		for (size_t k = 0; k < b->len; k++)
			b->entries_len += b->groups[k].len;
		at += b->len;
		entries += b->entries_len;
	}
	return lanes;
}

/* The first goes over the journal's own connection, which was asked for the news. */
static struct pg *lane_of(struct journal_pg *j, size_t i)
{
	return i == 0 ? &j->pg : &j->lane[i];
}

static void send(struct journal_pg *j, struct pg *lane, struct bundle *b)
{
	struct pg_query q;

	if (!pg_is_connected(lane) && !journal_session(lane, j->address, j->id, j->until_ms))
		return;
	q = journal_pg_statement(j, b->entries, b->entries_len);
	/* what was sent in part has its answer too: nobody knows */
	b->sent = !j->arena.full && pg_send(lane, &q, j->until_ms) != PG_AWAY;
}

static void tell(struct bundle *b, enum append appended)
{
	for (size_t i = 0; i < b->len; i++)
		b->groups[i].appended = appended;
}

/* Each of its groups for itself, over the journal's own connection. */
static void one_by_one(struct journal_pg *j, struct txn *t, struct bundle *b)
{
	const struct pending_entry *e = b->entries;

	for (size_t i = 0; i < b->len; e += b->groups[i++].len)
		b->groups[i].appended = journal_pg_append(&j->port, t, e, b->groups[i].len);
}

void journal_pg_append_each(struct journal *self, struct txn *t,
	const struct pending_entry *entries, struct pending_group *groups, size_t len)
{
	struct journal_pg *j = (struct journal_pg *)(void *)self;
	struct bundle bundle[LANES_MAX];
	enum pg_answer answer[LANES_MAX];
	bool ready = journal_pg_ready(j) && !journal_pg_is_skewed(j);
	size_t n = bundle_up(bundle, entries, groups, len);

	journal_pg_forget_news(j);
	arena_reset(&j->arena);
	for (size_t i = 0; i < n && ready; i++)
		send(j, lane_of(j, i), &bundle[i]);
	/* all answers before anything is asked again: what is asked goes over the same lanes */
	for (size_t i = 0; i < n; i++)
		if (bundle[i].sent)
			answer[i] = pg_is_connected(lane_of(j, i))
					    ? pg_await(lane_of(j, i), j->until_ms, NULL)
					    : PG_GONE;
	for (size_t i = 0; i < n; i++) {
		struct bundle *b = &bundle[i];
		enum append a = APPEND_AWAY;
		if (b->sent)
			a = journal_pg_appended(
				j, lane_of(j, i), answer[i], b->entries, b->entries_len);
		tell(b, a);
		/* one of several was not first; or its lane could not be had */
		if (ready && ((a == APPEND_LOST && b->len > 1) || !b->sent))
			one_by_one(j, t, b);
	}
}
