/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/demand_book.h"

#include <stdlib.h>

#include "fleet/seal.h"

/* A count owns its words: the rule set they were read from may be gone within the hour. */
struct kept_word {
	uint8_t n;
	char text[ID_MAX];
};
struct kept {
	struct kept_word site, class, reason, solution;
	struct demand d; /* its words are those above */
};

struct asked {
	uint32_t len;
	uint64_t question[DEMAND_ASKED_MAX];
};

struct demand_book {
	uint32_t len;
	uint64_t lost;
	struct asked now, before; /* this hour, and the one before it */
	struct kept kept[DEMAND_BOOK_MAX];
};

struct demand_book *demand_book_new(void)
{
	return calloc(1, sizeof(struct demand_book));
}

void demand_book_free(struct demand_book *b)
{
	free(b);
}

uint32_t demand_book_len(const struct demand_book *b)
{
	return b->len;
}

uint64_t demand_book_lost(const struct demand_book *b)
{
	return b->lost;
}

/* ---- questions ---- */

static bool asked_holds(const struct asked *a, uint64_t question)
{
	for (uint32_t i = 0; i < a->len; i++)
		if (a->question[i] == question)
			return true;
	return false;
}

void demand_book_new_hour(struct demand_book *b)
{
	b->before = b->now;
	b->now.len = 0;
}

bool demand_book_knows(struct demand_book *b, struct str question)
{
	struct hash hash = hash_of(question);
	uint64_t short_hash;

	memcpy(&short_hash, hash.bytes, sizeof short_hash);
	if (asked_holds(&b->now, short_hash) || asked_holds(&b->before, short_hash))
		return true;
	if (b->now.len == DEMAND_ASKED_MAX)
		demand_book_new_hour(b);
	b->now.question[b->now.len++] = short_hash;
	return false;
}

/* ---- counts ---- */

static void keep_word(struct kept_word *w, struct str s)
{
	ASSERT(s.n <= sizeof w->text); /* names were bounded at the door */
	w->n = (uint8_t)s.n;
	if (s.n)
		memcpy(w->text, s.p, s.n);
}

static struct str word(const struct kept_word *w)
{
	return (struct str){w->text, w->n};
}

/* After it was put or moved to its place. */
static void kept_settle(struct kept *k)
{
	k->d.class = word(&k->class);
	k->d.reason = word(&k->reason);
	k->d.solution = word(&k->solution);
}

static struct kept *kept_find(struct demand_book *b, struct str site, const struct demand *d)
{
	for (uint32_t i = 0; i < b->len; i++)
		if (demand_cmp(&b->kept[i].d, d) == 0 && str_eq(word(&b->kept[i].site), site))
			return &b->kept[i];
	return NULL;
}

bool demand_book_add(struct demand_book *b, struct str site, const struct demand *d)
{
	struct kept *k = kept_find(b, site, d);

	if (!k && b->len == DEMAND_BOOK_MAX) {
		b->lost += d->offers + d->bookings;
		return false;
	}
	if (!k) {
		k = &b->kept[b->len++];
		k->d = (struct demand){.day = d->day, .days = d->days};
		keep_word(&k->site, site);
		keep_word(&k->class, d->class);
		keep_word(&k->reason, d->reason);
		keep_word(&k->solution, d->solution);
		kept_settle(k);
	}
	k->d.offers += d->offers;
	k->d.bookings += d->bookings;
	return true;
}

/* Those of a site that went into a body leave; the others close up. */
static void forget(struct demand_book *b, const struct kept_word *site, uint32_t count)
{
	struct kept_word of = *site; /* it lies among those that move */
	uint32_t len = 0;

	for (uint32_t i = 0; i < b->len; i++) {
		if (count && str_eq(word(&b->kept[i].site), word(&of))) {
			count--;
			continue;
		}
		if (i != len)
			b->kept[len] = b->kept[i];
		kept_settle(&b->kept[len++]);
	}
	b->len = len;
}

bool demand_book_take(struct demand_book *b, struct arena *a, struct str *site, struct str *body)
{
	const struct kept_word *first = &b->kept[0].site;
	struct json_writer w;
	uint32_t n = 0;

	if (b->len == 0)
		return false;
	arena_writer(a, &w, DEMAND_OF_ENTRY_MAX * DEMAND_JSON_MAX);
	json_object_begin(&w);
	json_k(&w, "counts");
	json_array_begin(&w);
	for (uint32_t i = 0; i < b->len && n < DEMAND_OF_ENTRY_MAX; i++) {
		if (!str_eq(word(&b->kept[i].site), word(first)))
			continue;
		demand_write(&w, &b->kept[i].d, STR_NULL);
		n++;
	}
	json_array_end(&w);
	json_object_end(&w);
	*body = arena_written(a, &w);
	*site = arena_copy(a, word(first));
	if (!body->n || !site->n)
		return false;
	forget(b, first, n);
	return true;
}

void demand_book_return(struct demand_book *b, struct str site, struct json body)
{
	struct json counts = json_get(body, "counts");

	for (struct json c = json_first(counts); json_present(c); c = json_next(counts, c)) {
		struct demand d;
		ASSERT(demand_read(&d, c));
		(void)demand_book_add(b, site, &d);
	}
}
