/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/mend.h"

#include "fleet/event.h"

#define EVENT_MARK STR("{\"event\":")
#define HASH_MARK STR(",\"hash\":\"")
#define PREV_MARK STR("\",\"prev\":\"")
#define END_MARK STR("{\"end\":\"")
enum { HEX = HASH_TEXT - 1 };

struct mending {
	char *p; /* the copy, which is changed in place */
	size_t n;
	struct hash head; /* of the entries of this journal so far */
};

static bool stands_at(const struct mending *m, size_t at, struct str mark)
{
	return at <= m->n && m->n - at >= mark.n && memcmp(m->p + at, mark.p, mark.n) == 0;
}

static void put_hash(char *p, const struct hash *h)
{
	char hex[HASH_TEXT];

	memcpy(p, hash_print(h, hex).p, HEX);
}

/* {"event":EVENT,"hash":"...","prev":"..."} from `at` to `end`. */
static bool mend_entry(struct mending *m, size_t at, size_t end)
{
	size_t tail = HASH_MARK.n + PREV_MARK.n + 2 * HEX + 2, from = at + EVENT_MARK.n;

	if (end - at < EVENT_MARK.n + tail || !stands_at(m, at, EVENT_MARK) ||
		!stands_at(m, end - tail, HASH_MARK) ||
		!stands_at(m, end - tail + HASH_MARK.n + HEX, PREV_MARK))
		return false;
	put_hash(m->p + end - 2 - HEX, &m->head);
	m->head = event_hash(&m->head, (struct str){m->p + from, end - tail - from});
	put_hash(m->p + end - tail + HASH_MARK.n, &m->head);
	return true;
}

static size_t line_end(const struct mending *m, size_t at)
{
	const char *end = at < m->n ? memchr(m->p + at, '\n', m->n - at) : NULL;

	return end ? (size_t)(end - m->p) : m->n;
}

static void copy(struct mending *m, struct arena *a, struct str text)
{
	*m = (struct mending){.p = arena_alloc(a, text.n + 1), .n = text.n};
	ASSERT(m->p);
	if (text.n)
		memcpy(m->p, text.p, text.n);
}

struct str mend_export(struct arena *a, struct str text)
{
	struct mending m;

	copy(&m, a, text);
	for (size_t at = 0, end; at < m.n; at = end + 1) {
		end = line_end(&m, at);
		(void)mend_entry(&m, at, end);
	}
	return (struct str){m.p, m.n};
}

/* The entries of a journal, from *at on; then the head that was promised for them. */
static void mend_journal(struct mending *m, struct json journal, size_t *at)
{
	struct str head = json_str_at(journal, "hash");
	int64_t seq = json_int_at(journal, "seq", 0), done = 0;

	m->head = (struct hash){{0}};
	for (size_t end; done < seq && *at < m->n; done++, *at = end + 1) {
		end = line_end(m, *at);
		if (!mend_entry(m, *at, end))
			return;
	}
	/* Without escapes the text stands in our copy itself. */
	if (done == seq && head.n == HEX && head.p >= m->p && head.p <= m->p + m->n - HEX)
		put_hash(m->p + (head.p - m->p), &m->head);
}

struct str mend_backup(struct arena *a, struct str text)
{
	struct mending m;
	struct json journals;

	copy(&m, a, text);
	size_t at = line_end(&m, 0), last;
	journals = json_get(arena_json(a, (struct str){m.p, at}, NULL), "journals");
	at++;
	for (struct json j = json_first(journals); json_present(j); j = json_next(journals, j))
		mend_journal(&m, j, &at);
	for (last = m.n; last > 0 && !stands_at(&m, last, END_MARK);)
		last--;
	if (stands_at(&m, last, END_MARK) && m.n - last >= END_MARK.n + HEX) {
		struct hash sum = hash_of((struct str){m.p, last});
		put_hash(m.p + last + END_MARK.n, &sum);
	}
	return (struct str){m.p, m.n};
}
