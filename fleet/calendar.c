/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/calendar.h"

/*
 * A seat's claims lie in chunks under key_claims(resource, seat, start of the first claim), never
 * empty, claims ascending inside and across chunks. As claims of one seat do not overlap, they
 * ascend by their ends as well: one binary search finds the first claim that ends after a minute,
 * and the only chunk that can hold it is the last one that starts no later, or the one after it.
 *
 * How claims are cut into chunks depends on nothing but the sequence of additions and removals, so
 * that a rebuild from the journal gives the same bytes as the original did.
 *
 * A claim is 16 bytes: from, until, serial (little-endian), what, pinned, two zeros.
 */

enum {
	AT_FROM = 0,
	AT_UNTIL = 4,
	AT_SERIAL = 8,
	AT_WHAT = 12,
	AT_PINNED = 13,
	/* A chunk that shrinks below this looks for a neighbour to join, but only if the two leave
	 * room to grow: otherwise a removal and an addition in turn would merge and split for ever.
	 */
	CHUNK_SMALL = CHUNK_CLAIMS / 4,
	CHUNK_MERGED_MAX = CHUNK_CLAIMS * 3 / 4,
};

_Static_assert(AT_PINNED + 3 == CLAIM_BYTES, "two zero bytes close a claim");
_Static_assert(ID_MAX + CLAIMS_KEY_REST + CHUNK_CLAIMS * CLAIM_BYTES <= CHUNK_BYTES,
	"a chunk with its key stays out of LMDB's overflow pages");

/* packed claims */

static uint32_t u32_unpack(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void u32_pack(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static struct claim_row claim_unpack(const uint8_t *p)
{
	return (struct claim_row){
		.from = u32_unpack(p + AT_FROM),
		.until = u32_unpack(p + AT_UNTIL),
		.serial = u32_unpack(p + AT_SERIAL),
		.what = p[AT_WHAT],
		.pinned = p[AT_PINNED] != 0,
	};
}

static void claim_pack(uint8_t *p, struct claim_row claim)
{
	memset(p, 0, CLAIM_BYTES);
	u32_pack(p + AT_FROM, claim.from);
	u32_pack(p + AT_UNTIL, claim.until);
	u32_pack(p + AT_SERIAL, claim.serial);
	p[AT_WHAT] = claim.what;
	p[AT_PINNED] = claim.pinned;
}

/* a walk over a seat's claims */

struct walk {
	struct cursor cursor;
	struct key prefix;
	const uint8_t *claims; /* borrowed: of the chunk under the cursor, until the next write */
	uint32_t count;	       /* of them; 0 = the walk stands on no chunk */
	uint32_t at;	       /* the claim that walk_forward() hands over next */
};

/* Whole claims, not too many, the first of them where the key says. */
static bool chunk_is_sound(struct str key, struct str value, size_t prefix_n)
{
	uint32_t first;

	return value.n > 0 && value.n % CLAIM_BYTES == 0 && value.n <= CHUNK_CLAIMS * CLAIM_BYTES &&
	       key_take_u32(key, &prefix_n, &first) && prefix_n == key.n &&
	       u32_unpack((const uint8_t *)value.p + AT_FROM) == first;
}

/* Takes in the chunk the cursor came to, if it came to one of this seat. */
static bool walk_enter(struct walk *w, bool found)
{
	w->claims = NULL;
	w->count = 0;
	w->at = 0;
	if (!found || !cursor_within(&w->cursor, key_str(&w->prefix)))
		return false;
	if (!chunk_is_sound(w->cursor.key, w->cursor.value, w->prefix.n)) {
		w->cursor.txn->outcome = FAULT_CORRUPT;
		return false;
	}
	w->claims = (const uint8_t *)w->cursor.value.p;
	w->count = (uint32_t)(w->cursor.value.n / CLAIM_BYTES);
	return true;
}

/* Stands before the first claim that ends after `minute`. */
static void walk_open(struct walk *w, struct txn *t, struct seat seat, uint32_t minute)
{
	/* No claim can start at MINUTE_FOREVER, so there the key itself serves as the bound. */
	uint32_t above = minute == MINUTE_FOREVER ? minute : minute + 1;
	struct key below = key_claims(seat.resource, seat.number, above);
	uint32_t low, high;

	w->prefix = key_claims_prefix(seat.resource, seat.number);
	cursor_open(&w->cursor, t, DB_CLAIMS);
	if (!walk_enter(w, cursor_seek_last(&w->cursor, key_str(&below)))) {
		walk_enter(w, cursor_seek(&w->cursor, key_str(&below)));
		return;
	}
	for (low = 0, high = w->count; low < high;) {
		uint32_t middle = low + (high - low) / 2;

		if (u32_unpack(w->claims + middle * CLAIM_BYTES + AT_UNTIL) > minute)
			high = middle;
		else
			low = middle + 1;
	}
	w->at = low;
}

static bool walk_forward(struct walk *w, struct claim_row *claim)
{
	if (w->count == 0)
		return false;
	if (w->at == w->count && !walk_enter(w, cursor_next(&w->cursor)))
		return false;
	*claim = claim_unpack(w->claims + CLAIM_BYTES * w->at++);
	return true;
}

static bool walk_backward(struct walk *w, struct claim_row *claim)
{
	if (w->count == 0)
		return false;
	if (w->at == 0) {
		if (!walk_enter(w, cursor_previous(&w->cursor)))
			return false;
		w->at = w->count;
	}
	*claim = claim_unpack(w->claims + CLAIM_BYTES * --w->at);
	return true;
}

static void walk_close(struct walk *w)
{
	cursor_close(&w->cursor);
}

/* chunks on their way from and to the store */

struct chunk {
	uint32_t first; /* the start it is stored under; MINUTE_FOREVER when it is not stored */
	uint32_t count;
	uint8_t claims[(CHUNK_CLAIMS + 1) *
		       CLAIM_BYTES]; /* one more than a stored one, to be split */
};

/* A copy of the chunk the walk stands on, because writing takes the original away. */
static void chunk_copy(struct chunk *chunk, const struct walk *w)
{
	chunk->first = MINUTE_FOREVER;
	chunk->count = w->count;
	if (w->count == 0)
		return;
	memcpy(chunk->claims, w->claims, w->count * CLAIM_BYTES);
	chunk->first = u32_unpack(chunk->claims + AT_FROM);
}

static void chunk_put(struct txn *t, struct seat seat, const uint8_t *claims, uint32_t count)
{
	uint32_t first = u32_unpack(claims + AT_FROM);
	struct key key = key_claims(seat.resource, seat.number, first);

	ASSERT(count > 0 && count <= CHUNK_CLAIMS);
	txn_put(t, DB_CLAIMS, key_str(&key),
		(struct str){(const char *)claims, count * CLAIM_BYTES});
}

static void chunk_delete(struct txn *t, struct seat seat, uint32_t first)
{
	struct key key = key_claims(seat.resource, seat.number, first);

	txn_delete(t, DB_CLAIMS, key_str(&key));
}

/* Writes it back: away with the old key when the first claim is another now, in two halves when it
 * has grown beyond a stored chunk. */
static void chunk_save(struct txn *t, struct seat seat, const struct chunk *chunk)
{
	uint32_t first = chunk->count > 0 ? u32_unpack(chunk->claims + AT_FROM) : MINUTE_FOREVER;
	uint32_t half = chunk->count > CHUNK_CLAIMS ? chunk->count / 2 : chunk->count;

	if (chunk->first != MINUTE_FOREVER && chunk->first != first)
		chunk_delete(t, seat, chunk->first);
	if (half > 0)
		chunk_put(t, seat, chunk->claims, half);
	if (half < chunk->count)
		chunk_put(t, seat, chunk->claims + half * CLAIM_BYTES, chunk->count - half);
}

static void chunk_insert(struct chunk *chunk, uint32_t index, struct claim_row claim)
{
	uint8_t *place = chunk->claims + index * CLAIM_BYTES;

	ASSERT(index <= chunk->count);
	ASSERT(chunk->count <= CHUNK_CLAIMS);
	memmove(place + CLAIM_BYTES, place, (chunk->count - index) * CLAIM_BYTES);
	claim_pack(place, claim);
	chunk->count++;
}

static void chunk_take_out(struct chunk *chunk, uint32_t index)
{
	uint8_t *place = chunk->claims + index * CLAIM_BYTES;

	ASSERT(index < chunk->count);
	chunk->count--;
	memmove(place, place + CLAIM_BYTES, (chunk->count - index) * CLAIM_BYTES);
}

/* The chunks on both sides of one in the store; count 0 where there is none. */
static void chunk_neighbours(
	struct txn *t, struct seat seat, uint32_t first, struct chunk around[2])
{
	struct walk w;

	walk_open(&w, t, seat, first);
	walk_enter(&w, cursor_previous(&w.cursor));
	chunk_copy(&around[0], &w);
	walk_close(&w);
	walk_open(&w, t, seat, first);
	walk_enter(&w, cursor_next(&w.cursor));
	chunk_copy(&around[1], &w);
	walk_close(&w);
}

/* Joins a chunk that has become small with the one after it, or else with the one before it. */
static void chunk_merge(struct txn *t, struct seat seat, struct chunk *chunk)
{
	struct chunk around[2], *before = &around[0], *after = &around[1];

	chunk_neighbours(t, seat, chunk->first, around);
	if (t->outcome != OK)
		return;
	if (after->count > 0 && chunk->count + after->count <= CHUNK_MERGED_MAX) {
		chunk_delete(t, seat, after->first);
		memcpy(chunk->claims + chunk->count * CLAIM_BYTES, after->claims,
			after->count * CLAIM_BYTES);
		chunk->count += after->count;
	} else if (before->count > 0 && chunk->count + before->count <= CHUNK_MERGED_MAX) {
		chunk_delete(t, seat, chunk->first);
		memcpy(before->claims + before->count * CLAIM_BYTES, chunk->claims,
			chunk->count * CLAIM_BYTES);
		before->count += chunk->count;
		*chunk = *before;
	}
}

/* apply */

void calendar_add(struct txn *t, struct seat seat, struct claim_row claim)
{
	struct walk w;
	struct chunk chunk;
	struct claim_row next;
	uint32_t index;
	bool free;

	ASSERT(claim.from < claim.until);
	ASSERT(claim.what >= CLAIM_CAR && claim.what <= CLAIM_APPOINTMENT);
	walk_open(&w, t, seat, claim.from);
	chunk_copy(&chunk, &w);
	index = w.at;
	/* Those before it end in time, or the walk would stand on them: only the next can overlap.
	 */
	free = !walk_forward(&w, &next) || next.from >= claim.until;
	walk_close(&w);
	if (t->outcome != OK)
		return;
	ASSERT(free);
	chunk_insert(&chunk, index, claim);
	chunk_save(t, seat, &chunk);
}

void calendar_remove(struct txn *t, struct seat seat, uint32_t from, uint32_t serial)
{
	struct walk w;
	struct chunk chunk;
	struct claim_row claim;
	uint32_t index;
	bool found;

	walk_open(&w, t, seat, from);
	chunk_copy(&chunk, &w);
	index = w.at;
	found = walk_forward(&w, &claim) && claim.from == from && claim.serial == serial;
	walk_close(&w);
	if (t->outcome != OK)
		return;
	ASSERT(found);
	chunk_take_out(&chunk, index);
	if (chunk.count > 0 && chunk.count < CHUNK_SMALL)
		chunk_merge(t, seat, &chunk);
	chunk_save(t, seat, &chunk);
}

/* questions; after a fault they answer "not free", for nobody may be promised what was not read; an
 * empty window is free, so that a hand-over of no minutes needs no case of its own */

bool calendar_is_free(
	struct txn *t, struct seat seat, uint32_t from, uint32_t until, uint32_t except)
{
	struct walk w;
	struct claim_row claim;
	bool free = true;

	walk_open(&w, t, seat, from);
	while (free && from < until && walk_forward(&w, &claim) && claim.from < until)
		free = claim_is_excepted(&claim, except);
	walk_close(&w);
	return free && t->outcome == OK;
}

uint32_t calendar_next_free(
	struct txn *t, struct seat seat, uint32_t from, uint32_t minutes, uint32_t horizon)
{
	struct walk w;
	struct claim_row claim;
	uint32_t start = from;

	walk_open(&w, t, seat, from);
	while (start < horizon && walk_forward(&w, &claim) &&
		claim.from < (uint64_t)start + minutes)
		start = claim.until;
	walk_close(&w);
	/* What would end after the last minute there is cannot be claimed, so it is not offered. */
	if (t->outcome != OK || start >= horizon || minutes > MINUTE_FOREVER - start)
		return MINUTE_FOREVER;
	return start;
}

bool calendar_fit(struct txn *t, struct seat seat, uint32_t from, uint32_t until, uint32_t except,
	uint32_t *gap)
{
	struct walk w;
	struct claim_row claim;
	uint32_t gap_from = 0, gap_until = MINUTE_FOREVER, behind = 0;
	bool any;

	ASSERT(from < until);
	walk_open(&w, t, seat, from);
	any = w.count > 0;
	while (walk_backward(&w, &claim)) {
		behind++;
		if (claim_is_excepted(&claim, except))
			continue;
		gap_from = claim.until;
		break;
	}
	if (any && w.count == 0) { /* it went over the seat's beginning */
		walk_close(&w);
		walk_open(&w, t, seat, from);
		behind = 0;
	}
	while (walk_forward(&w, &claim)) {
		if (behind > 0) {
			behind--;
			continue;
		}
		if (claim_is_excepted(&claim, except))
			continue;
		gap_until = claim.from;
		break;
	}
	walk_close(&w);
	*gap = gap_until - gap_from;
	return gap_until >= until && t->outcome == OK;
}

void calendar_gap(struct txn *t, struct seat seat, uint32_t minute, uint32_t except,
	uint32_t *gap_from, uint32_t *gap_until)
{
	struct walk w;
	struct claim_row claim;

	*gap_until = MINUTE_FOREVER;
	walk_open(&w, t, seat, minute);
	while (walk_forward(&w, &claim)) {
		if (claim_is_excepted(&claim, except))
			continue;
		ASSERT(claim.from > minute);
		*gap_until = claim.from;
		break;
	}
	walk_close(&w);

	*gap_from = 0;
	walk_open(&w, t, seat, minute);
	while (walk_backward(&w, &claim)) {
		if (claim_is_excepted(&claim, except))
			continue;
		*gap_from = claim.until;
		break;
	}
	walk_close(&w);
	if (t->outcome != OK)
		*gap_from = *gap_until = minute;
}

size_t calendar_claims(struct txn *t, struct seat seat, uint32_t from, uint32_t until,
	struct claim_row *out, size_t max)
{
	struct walk w;
	struct claim_row claim;
	size_t count = 0;

	walk_open(&w, t, seat, from);
	while (from < until && walk_forward(&w, &claim) && claim.from < until) {
		if (count < max)
			out[count] = claim;
		count++;
	}
	walk_close(&w);
	return count;
}

bool calendar_before(struct txn *t, struct seat seat, uint32_t minute, struct claim_row *out)
{
	struct walk w;
	bool found;

	walk_open(&w, t, seat, minute);
	found = walk_backward(&w, out);
	walk_close(&w);
	return found;
}
