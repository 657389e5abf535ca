/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/seating.h"

#include "fleet/agenda.h"

static bool same_claim(const struct claim_row *a, const struct claim_row *b)
{
	return a->from == b->from && a->serial == b->serial && a->what == b->what;
}

/* The record in this very layer of the claim that lies there now. */
static struct seated *find(struct seating *s, struct seat seat, const struct claim_row *row)
{
	for (uint32_t i = 0; i < s->len; i++)
		if (s->claim[i].at.resource.n && seat_is(s->claim[i].at, seat) &&
			same_claim(&s->claim[i].row, row))
			return &s->claim[i];
	return NULL;
}

static struct seated *record(struct seating *s)
{
	if (s->len == s->cap) {
		s->full = true;
		return NULL;
	}
	return &s->claim[s->len++];
}

void seating_add(struct seating *s, struct seat seat, struct claim_row row)
{
	struct seated *r = record(s);

	ASSERT(row.from < row.until);
	if (r)
		*r = (struct seated){.row = row, .at = seat};
}

void seating_move(
	struct seating *s, struct seat seat, struct claim_row row, struct seat to, uint32_t until)
{
	struct seated *r = find(s, seat, &row);

	if (!r) {
		r = record(s);
		if (!r)
			return;
		*r = (struct seated){.row = row, .was = seat};
	}
	r->at = to;
	r->row.until = until;
}

void seating_drop(struct seating *s, struct seat seat, struct claim_row row)
{
	seating_move(s, seat, row, (struct seat){STR_NULL, 0}, row.until);
}

void seating_join(struct seating *s, const struct seating *layer)
{
	ASSERT(layer->under == s);
	s->full |= layer->full;
	for (uint32_t i = 0; i < layer->len; i++) {
		const struct seated *r = &layer->claim[i];
		if (!r->was.resource.n && r->at.resource.n)
			seating_add(s, r->at, r->row);
		else if (r->was.resource.n)
			seating_move(s, r->was, r->row, r->at, r->row.until);
	}
}

/* Takes out of a list what this layer moved away, and puts in what it brought. */
static size_t lay_over(const struct seating *s, struct seat seat, uint32_t from, uint32_t until,
	struct claim_row *rows, size_t n, size_t max)
{
	for (uint32_t i = 0; i < s->len; i++) {
		const struct seated *r = &s->claim[i];
		for (size_t k = 0; r->was.resource.n && seat_is(r->was, seat) && k < n; k++)
			if (same_claim(&rows[k], &r->row)) {
				memmove(&rows[k], &rows[k + 1], (n - k - 1) * sizeof *rows);
				n--;
			}
	}
	for (uint32_t i = 0; i < s->len; i++) {
		const struct seated *r = &s->claim[i];
		size_t at = n;
		if (!r->at.resource.n || !seat_is(r->at, seat) || r->row.from >= until ||
			r->row.until <= from)
			continue;
		if (n == max)
			return max + 1; /* did not fit: more than max */
		while (at > 0 && rows[at - 1].from > r->row.from)
			at--;
		memmove(&rows[at + 1], &rows[at], (n - at) * sizeof *rows);
		rows[at] = r->row;
		n++;
	}
	return n;
}

static size_t layers_claims(struct view *v, const struct seating *s, struct seat seat,
	uint32_t from, uint32_t until, struct claim_row *out, size_t max)
{
	size_t n = s ? layers_claims(v, s->under, seat, from, until, out, max)
		     : agenda_claims(v, seat, from, until, out, max);

	return s && n <= max ? lay_over(s, seat, from, until, out, n, max) : n;
}

size_t seating_claims(struct view *v, const struct seating *s, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except, struct claim_row *out, size_t max)
{
	size_t n = layers_claims(v, s, seat, from, until, out, max), kept = 0;

	if (n > max)
		return n;
	for (size_t i = 0; i < n; i++)
		if (!claim_is_excepted(&out[i], except))
			out[kept++] = out[i];
	return kept;
}

static bool touches(const struct seating *s, struct seat seat)
{
	for (; s; s = s->under)
		for (uint32_t i = 0; i < s->len; i++)
			if ((s->claim[i].at.resource.n && seat_is(s->claim[i].at, seat)) ||
				(s->claim[i].was.resource.n && seat_is(s->claim[i].was, seat)))
				return true;
	return false;
}

bool seating_is_free(struct view *v, const struct seating *s, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except)
{
	struct claim_row some[64];

	if (!touches(s, seat))
		return agenda_is_free(v, seat, from, until, except);
	/* more than these in one window, and the seat is surely not free */
	return from >= until ||
	       (seating_claims(v, s, seat, from, until, except, some, ARRAY_LEN(some)) == 0 &&
		       v->txn->outcome == OK);
}

bool seating_fits(struct view *v, const struct seating *s, struct seat seat, uint32_t from,
	uint32_t until, uint32_t except, uint64_t *gap)
{
	uint32_t minutes;
	bool fits;

	if (from >= until || touches(s, seat)) {
		*gap = seating_gap(v, s, seat, from, except);
		return seating_is_free(v, s, seat, from, until, except);
	}
	fits = agenda_fit(v, seat, from, until, except, &minutes);
	*gap = minutes;
	return fits;
}

uint64_t seating_gap(
	struct view *v, const struct seating *s, struct seat seat, uint32_t from, uint32_t except)
{
	uint32_t gap_from, gap_until;

	if (touches(s, seat))
		return UINT64_MAX;
	calendar_gap(v->txn, seat, from, except, &gap_from, &gap_until);
	return (uint64_t)gap_until - gap_from;
}
