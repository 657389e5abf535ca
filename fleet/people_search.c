/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/people.h"

#include "fleet/people_inside.h"

/*
 * Finding a customer by name or phone. A name is indexed from each of its words on, folded and
 * without gaps: "Jean Dupont-Martin" is jeandupontmartin, dupontmartin and martin. A word of a
 * query is a beginning of one of these, whether or not its author wrote the gaps.
 */

enum {
	WORDS_MAX = 16, /* of one customer: names and phone numbers longer than that are cut */
	QUERY_WORDS_MAX = 8,
	FOLDED_MAX = 512,
	SEARCH_STEPS_MAX =
		5000, /* entries looked at for one query: "a" must not read the whole index */
	DIGITS_MAX = 20,
	DIGITS_MIN = 3,
};

struct words {
	size_t count, bytes_len;
	struct str of[WORDS_MAX];	      /* point into bytes */
	char bytes[WORDS_MAX * (ID_MAX + 1)]; /* each word with a NUL behind it */
};

static void words_add(struct words *w, struct str word)
{
	char *p = w->bytes + w->bytes_len;

	if (word.n > ID_MAX)
		word.n = ID_MAX;
	if (word.n == 0 || w->count == WORDS_MAX)
		return;
	for (size_t i = 0; i < w->count; i++)
		if (str_eq(w->of[i], word))
			return;
	memcpy(p, word.p, word.n);
	p[word.n] = '\0';
	w->of[w->count++] = (struct str){p, word.n};
	w->bytes_len += word.n + 1;
	ASSERT(w->bytes_len <= sizeof(w->bytes));
}

/* The next word of *rest, gaps around it removed; empty at the end. */
static struct str word_next(struct str *rest)
{
	struct str word;
	size_t gap;

	while ((gap = key_fold_gap(rest->p, rest->n)) > 0)
		*rest = (struct str){rest->p + gap, rest->n - gap};
	word = (struct str){rest->p, 0};
	while (rest->n > 0 && key_fold_gap(rest->p, rest->n) == 0) {
		size_t len = json_utf8_len(rest->p, rest->n);
		len = len ? len : 1;
		*rest = (struct str){rest->p + len, rest->n - len};
		word.n += len;
	}
	return word;
}

static void words_of_name(struct words *w, struct str name)
{
	char folded[FOLDED_MAX];
	struct str rest = name, word;

	while ((word = word_next(&rest)).n > 0) {
		struct str from_here = {word.p, word.n + rest.n};
		words_add(w, key_fold(folded, sizeof(folded), from_here));
	}
}

/* The digits of a number, its country's and area's zeros left away: +33 6, 0033 6 and 06 differ in
 * what comes before, and people dictate any of them. */
static struct str digits_of(char buf[DIGITS_MAX], struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < DIGITS_MAX; i++)
		if (text.p[i] >= '0' && text.p[i] <= '9' && (n > 0 || text.p[i] != '0'))
			buf[n++] = text.p[i];
	return (struct str){buf, n};
}

static struct str digits_last(struct str digits, size_t count)
{
	if (digits.n > count)
		digits = (struct str){digits.p + (digits.n - count), count};
	while (digits.n > 0 && digits.p[0] == '0')
		digits = (struct str){digits.p + 1, digits.n - 1};
	return digits;
}

static void words_of_phone(struct words *w, struct str phone)
{
	char buf[DIGITS_MAX];
	struct str digits = digits_of(buf, phone);

	if (digits.n < DIGITS_MIN)
		return;
	words_add(w, digits);
	words_add(w, digits_last(digits, 10));
	words_add(w, digits_last(digits, 9));
}

/* ---- indexing ---- */

static struct key word_key(struct str word, struct str customer)
{
	struct key k = {.n = 0};

	key_text(&k, word);
	key_text(&k, customer);
	return k;
}

static void customer_index(struct txn *t, const struct people_entry *entry)
{
	struct key row = people_row(PEOPLE_WORDS, entry->customer), key;
	struct words w = {.count = 0};
	struct str old, word, bytes;
	char before[sizeof(w.bytes)];
	size_t before_len = 0;

	/* The phone first: a name of sixteen words must not push it out. */
	words_of_phone(&w, entry->phone);
	words_of_name(&w, entry->name);
	bytes = (struct str){w.bytes, w.bytes_len};
	if (txn_get(t, DB_ROWS, key_str(&row), &old)) {
		if (str_eq(old, bytes))
			return;
		/* A copy: what was read from the store moves with the first write. */
		ASSERT(old.n <= sizeof(before));
		memcpy(before, old.p, old.n);
		before_len = old.n;
	}
	for (size_t at = 0; key_take_text((struct str){before, before_len}, &at, &word);) {
		key = word_key(word, entry->customer);
		txn_delete(t, DB_INDEX, key_str(&key));
	}
	for (size_t i = 0; i < w.count; i++) {
		key = word_key(w.of[i], entry->customer);
		txn_put(t, DB_INDEX, key_str(&key), STR_NULL);
	}
	if (w.count)
		txn_put(t, DB_ROWS, key_str(&row), bytes);
	else
		txn_delete(t, DB_ROWS, key_str(&row));
}

enum outcome people_index(struct people *p, struct str customer, struct str name, struct str phone)
{
	const struct people_entry entry = {customer, name, phone};
	struct txn t;

	txn_begin(&t, p->store, true);
	customer_index(&t, &entry);
	return txn_commit(&t);
}

enum outcome people_index_batch(
	struct people *p, const struct people_entry *entries, size_t count, uint64_t cursor)
{
	struct txn t;

	txn_begin(&t, p->store, true);
	for (size_t i = 0; i < count; i++)
		customer_index(&t, &entries[i]);
	people_cursor_put(&t, cursor);
	return txn_commit(&t);
}

/* ---- searching ---- */

struct query {
	size_t count;
	struct str words[QUERY_WORDS_MAX];
	char bytes[QUERY_WORDS_MAX][ID_MAX];
};

static bool is_phone(struct str text)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		size_t gap = key_fold_gap(text.p + i, text.n - i);
		bool digit = c >= '0' && c <= '9';
		if (!digit && !gap && !strchr("+./()", c))
			return false;
		digits += digit;
		i += gap ? gap - 1 : 0;
	}
	return digits >= DIGITS_MIN;
}

static void query_read(struct query *q, struct str text)
{
	struct str rest = text, word;

	q->count = 0;
	if (is_phone(text)) {
		char buf[DIGITS_MAX];
		word = digits_of(buf, text);
		if (word.n > 9) /* with a country's number in front: the last nine tell */
			word = digits_last(word, 9);
		memcpy(q->bytes[0], word.p, word.n);
		q->words[0] = (struct str){q->bytes[0], word.n};
		q->count = word.n > 0;
		return;
	}
	while (q->count < QUERY_WORDS_MAX && (word = word_next(&rest)).n > 0) {
		char *buf = q->bytes[q->count];
		q->words[q->count] = key_fold(buf, ID_MAX, word);
		q->count += q->words[q->count].n > 0;
	}
}

static bool begins_with(struct str word, struct str start)
{
	return word.n >= start.n && memcmp(word.p, start.p, start.n) == 0;
}

/* Each word of the query begins one of the customer's words. */
static bool customer_matches(struct txn *t, struct str customer, const struct query *q)
{
	struct key row = people_row(PEOPLE_WORDS, customer);
	struct str value, word;

	if (!txn_get(t, DB_ROWS, key_str(&row), &value))
		return false;
	for (size_t i = 0; i < q->count; i++) {
		bool found = false;
		for (size_t at = 0; !found && key_take_text(value, &at, &word);)
			found = begins_with(word, q->words[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool is_among(const struct str *customers, size_t count, struct str customer)
{
	for (size_t i = 0; i < count; i++)
		if (str_eq(customers[i], customer))
			return true;
	return false;
}

/* The word that the fewest entries begin with is likely the longest: walk along that one. */
static struct str query_longest(const struct query *q)
{
	struct str longest = q->words[0];

	for (size_t i = 1; i < q->count; i++)
		if (q->words[i].n > longest.n)
			longest = q->words[i];
	return longest;
}

size_t people_search(
	struct people *p, struct arena *a, struct str query, struct str *customers, size_t max)
{
	struct query q;
	struct str start, word, customer;
	struct cursor c;
	struct txn t;
	size_t count = 0;
	bool more;

	query_read(&q, query);
	if (q.count == 0)
		return 0;
	start = query_longest(&q);
	txn_begin(&t, p->store, false);
	cursor_open(&c, &t, DB_INDEX);
	more = cursor_seek(&c, start);
	for (int steps = 0; more && steps < SEARCH_STEPS_MAX && count < max; steps++) {
		size_t at = 0;
		if (!cursor_within(&c, start))
			break;
		if (key_take_text(c.key, &at, &word) && key_take_text(c.key, &at, &customer) &&
			!is_among(customers, count, customer) &&
			customer_matches(&t, customer, &q)) {
			customers[count] = arena_copy(a, customer);
			if (!customers[count].p)
				break;
			count++;
		}
		more = cursor_next(&c);
	}
	cursor_close(&c);
	txn_abort(&t);
	return count;
}
