/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * What LMDB alone asks for a booking: the same number of entries of the same size in the same parts
 * of a store, so many bookings a commit, one commit after the other, nothing decided.
 *
 *     bare_lmdb DIR                                    what a store holds: "part entries key_bytes
 * value_bytes" bare_lmdb DIR --batch N --seconds N PART=COUNT:KEY_BYTES:VALUE_BYTES...
 *
 * The second makes an empty store in DIR and prints "batch=N bookings=N per_s=X p50_us=X", the time
 * being that of one commit with all that belongs to it. COUNT is in thousandths for each booking.
 * Journals are appended to and seats' claims overwritten, as relais does; rows and the index get
 * new keys: rows in order of their making within a site, the index in three clusters.
 */

#include "fleet/store.h"
#include "tests/bench/figure.h"
#include "tests/bench/worst/spread.h"
#include "tests/bench/year/dice.h"

#include <stdlib.h>

enum {
	SECONDS_MAX = 60,
	BATCH_MAX = 4096,
	BYTES_MAX = 1 << 16,
	KEY_MAX = 500,
	SITES = 4,
	CARS = 60
};

static const struct {
	const char *name;
	enum db db;
} parts[] = {
	{"journal", DB_JOURNAL},
	{"head", DB_HEAD},
	{"requests", DB_REQUESTS},
	{"rows", DB_ROWS},
	{"index", DB_INDEX},
	{"claims", DB_CLAIMS},
};

struct writes {
	enum db db;
	uint32_t thousandths, key_bytes, value_bytes;
	uint64_t made, owed;
};
static struct writes all[ARRAY_LEN(parts)];
static uint32_t all_len;
static struct dice dice = {11};

static struct store *must_open(const char *dir, bool create)
{
	struct store_options options = {.create = create, .read_only = !create};
	struct store *store;
	char why[400] = "";

	if (store_open(&store, dir, &options, why, sizeof why) != OK) {
		fprintf(stderr, "bare_lmdb: %s\n", why);
		exit(1);
	}
	return store;
}

static void print_shape(const char *dir)
{
	struct store *store = must_open(dir, false);
	struct txn t;

	txn_begin(&t, store, false);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		uint64_t entries = 0, key_bytes = 0, value_bytes = 0;
		struct cursor c;

		cursor_open(&c, &t, parts[i].db);
		for (bool some = cursor_seek(&c, STR("")); some; some = cursor_next(&c)) {
			entries++;
			key_bytes += c.key.n;
			value_bytes += c.value.n;
		}
		cursor_close(&c);
		printf("%s %llu %llu %llu\n", parts[i].name, (unsigned long long)entries,
			(unsigned long long)key_bytes, (unsigned long long)value_bytes);
	}
	txn_abort(&t);
	store_close(store);
}

/* ---- a booking's writes ---- */

static void big_endian(char *out, uint64_t n, int bytes)
{
	for (int i = 0; i < bytes; i++)
		out[i] = (char)(n >> 8 * (bytes - 1 - i));
}

/* Where relais has its keys: by site; a claim's is that of a car there is. */
static struct str key_of(struct writes *w, char key[KEY_MAX])
{
	uint64_t site = w->made % SITES;

	memset(key, 'k', KEY_MAX);
	key[0] = (char)('A' + site);
	switch (w->db) {
	case DB_JOURNAL: big_endian(key + 1, w->made, 8); break;
	case DB_HEAD: break;
	case DB_REQUESTS: big_endian(key + 1, dice_mix(w->made), 8); break;
	case DB_ROWS: big_endian(key + 1, w->made, 8); break;
	case DB_INDEX:
		key[0] = (char)('a' + w->made % 3);
		key[1] = (char)('A' + site);
		big_endian(key + 2, (uint64_t)dice_roll(&dice, 52) << 32 | w->made, 8);
		break;
	case DB_CLAIMS: big_endian(key + 1, (uint64_t)dice_roll(&dice, CARS), 8); break;
	case DB_META:
	case DB_PARTS:
	case DB_COUNT: break;
	}
	return (struct str){key, w->key_bytes};
}

static void write_booking(struct txn *t)
{
	static char value[BYTES_MAX];
	char key[KEY_MAX];

	for (uint32_t i = 0; i < all_len; i++) {
		struct writes *w = &all[i];
		for (w->owed += w->thousandths; w->owed >= 1000; w->owed -= 1000) {
			w->made++;
			big_endian(value, w->made, 8);
			txn_put(t, w->db, key_of(w, key), (struct str){value, w->value_bytes});
		}
	}
}

static void measure(const char *dir, uint32_t batch, uint32_t seconds)
{
	struct store *store = must_open(dir, true);
	struct spread took = {0};
	int64_t began = clock_now_ns(), now = began;
	uint64_t n = 0;

	while (now - began < (int64_t)seconds * 1000000000) {
		int64_t begin = now;
		struct txn t;

		txn_begin(&t, store, true);
		for (uint32_t i = 0; i < batch; i++)
			write_booking(&t);
		if (txn_commit(&t) != OK) {
			fprintf(stderr, "bare_lmdb: a commit failed\n");
			exit(1);
		}
		now = clock_now_ns();
		spread_add(&took, now - begin);
		n += batch;
	}
	printf("batch=%u bookings=%llu per_s=%.1f p50_us=%.1f\n", batch, (unsigned long long)n,
		(double)n * 1e9 / (double)(now - began), (double)spread_at(&took, 500) / 1e3);
	store_close(store);
	spread_free(&took);
}

static _Noreturn void usage(void)
{
	fprintf(stderr, "bare_lmdb: see the head of bare_lmdb.c for its words and their bounds\n");
	exit(64);
}

static uint32_t number(const char *text, char end_at, const char **rest, uint32_t most)
{
	char *end;
	long n = text ? strtol(text, &end, 10) : -1;

	if (n < 0 || n > (long)most || *end != end_at)
		usage();
	*rest = end + 1;
	return (uint32_t)n;
}

static void part_read(const char *word)
{
	const char *is = strchr(word, '='), *rest;

	for (size_t i = 0; is && i < ARRAY_LEN(parts); i++) {
		struct writes *w = &all[all_len];
		if (strncmp(word, parts[i].name, (size_t)(is - word)) != 0 ||
			parts[i].name[is - word] || all_len == ARRAY_LEN(all))
			continue;
		w->db = parts[i].db;
		w->thousandths = number(is + 1, ':', &rest, 100000);
		w->key_bytes = number(rest, ':', &rest, KEY_MAX);
		w->value_bytes = number(rest, '\0', &rest, BYTES_MAX);
		if (w->key_bytes < 10 || w->value_bytes < 8)
			usage();
		all_len++;
		return;
	}
	usage();
}

int main(int argc, char **argv)
{
	uint32_t batch = 1, seconds = 1;
	const char *rest;

	if (argc < 2)
		usage();
	if (argc == 2) {
		print_shape(argv[1]);
		return 0;
	}
	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--batch") == 0)
			batch = number(argv[++i], '\0', &rest, BATCH_MAX);
		else if (strcmp(argv[i], "--seconds") == 0)
			seconds = number(argv[++i], '\0', &rest, SECONDS_MAX);
		else
			part_read(argv[i]);
	}
	if (batch == 0 || seconds == 0)
		usage();
	measure(argv[1], batch, seconds);
	return 0;
}
