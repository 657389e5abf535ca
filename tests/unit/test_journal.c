/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/journal.h"

#include <openssl/evp.h>

#include "tests/lib/scratch.h"

struct world {
	struct scratch scratch;
	struct store *store;
	struct arena arena;
	struct txn txn;
};

static void world_open(struct world *w)
{
	const struct store_options options = {
		.map_bytes = 16 << 20, .no_sync = true, .create = true};
	char why[256] = "";

	if (store_open(&w->store, w->scratch.dir, &options, why, sizeof(why)) != OK)
		fail_msg("%s", why);
}

static int make(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	assert_non_null(w);
	scratch_make(&w->scratch);
	arena_init(&w->arena, ARENA_MAX_DEFAULT);
	world_open(w);
	*state = w;
	return 0;
}

static int drop(void **state)
{
	struct world *w = *state;

	store_close(w->store);
	arena_deinit(&w->arena);
	scratch_remove(&w->scratch);
	free(w);
	return 0;
}

/* The entry that would follow a head, with the request of `key` (NULL = none). */
static struct pending_entry entry_after(
	struct world *w, const struct journal_head *head, const char *journal, const char *key)
{
	struct event_head event = {
		.at = {1772440200 + (int64_t)head->seq * 60},
		.by = STR("demo"),
		.kind = STR("tick"),
		.site = str_from(journal),
		.seq = head->seq + 1,
		.has_request = key != NULL,
	};
	struct pending_entry entry = {
		.journal = event.site, .seq = event.seq, .prev = head->hash, .at = event.at};

	if (key) {
		event.key_sha256 = hash_of(str_from(key));
		event.body_sha256 = hash_of(STR("{}"));
	}
	entry.bytes = event_write(&w->arena, &event, STR("[]"));
	assert_non_null(entry.bytes.p);
	entry.hash = event_hash(&entry.prev, entry.bytes);
	return entry;
}

static void append(struct world *w, struct txn *t, const char *journal, const char *key)
{
	struct journal *port = journal_lmdb();
	struct journal_head head;
	struct pending_entry entry;

	(void)journal_head(t, str_from(journal), &head);
	entry = entry_after(w, &head, journal, key);
	assert_null(port->read); /* nobody else appends */
	assert_int_equal(port->append(port, t, &entry, 1), APPEND_DONE);
}

static void an_empty_journal_has_no_head(void **state)
{
	struct world *w = *state;
	struct journal_head head = {.seq = 9};
	struct journal_entry entry;
	struct str name = STR_NULL;

	txn_begin(&w->txn, w->store, false);
	assert_false(journal_head(&w->txn, STR("LYO"), &head));
	assert_int_equal(head.seq, 0);
	assert_false(journal_entry(&w->txn, STR("LYO"), 1, &entry));
	assert_false(journal_entry(&w->txn, STR("LYO"), 0, &entry));
	assert_false(journal_next_name(&w->txn, &name));
	assert_int_equal(txn_commit(&w->txn), OK);
}

/* Section 6 of the contract, by other means: libcrypto over the 32 raw bytes of prev and the entry.
 */
static void check_link(const struct journal_entry *entry, const uint8_t prev[32])
{
	static uint8_t bytes[4096];
	uint8_t digest[32];
	unsigned n = 0;

	assert_true(entry->bytes.n <= sizeof(bytes) - 32);
	memcpy(bytes, prev, 32);
	memcpy(bytes + 32, entry->bytes.p, entry->bytes.n);
	assert_int_equal(EVP_Digest(bytes, 32 + entry->bytes.n, digest, &n, EVP_sha256(), NULL), 1);
	assert_int_equal(n, 32);
	assert_memory_equal(entry->prev.bytes, prev, 32);
	assert_memory_equal(entry->hash.bytes, digest, 32);
}

static void entries_form_a_chain(void **state)
{
	struct world *w = *state;
	uint8_t prev[32] = {0};
	struct journal_head head;
	struct journal_entry entry;
	char hex[HASH_TEXT];

	/* Several in one batch, several batches, and a restart in between. */
	txn_begin(&w->txn, w->store, true);
	for (int i = 0; i < 5; i++)
		append(w, &w->txn, "LYO", NULL);
	assert_int_equal(txn_commit(&w->txn), OK);
	store_close(w->store);
	world_open(w);
	txn_begin(&w->txn, w->store, true);
	for (int i = 0; i < 300; i++)
		append(w, &w->txn, "LYO", NULL);
	assert_int_equal(txn_commit(&w->txn), OK);

	txn_begin(&w->txn, w->store, false);
	assert_true(journal_head(&w->txn, STR("LYO"), &head));
	assert_int_equal(head.seq, 305);
	assert_int_equal(head.at.s, 1772440200 + 304 * 60);
	for (uint64_t seq = 1; seq <= head.seq; seq++) {
		assert_true(journal_entry(&w->txn, STR("LYO"), seq, &entry));
		assert_int_equal(entry.seq, seq);
		check_link(&entry, prev);
		memcpy(prev, entry.hash.bytes, 32);
		/* Of the first two the hashes were worked out by another program. */
		if (seq == 1)
			assert_str(hash_print(&entry.hash, hex),
				"676734d1299f2c43e87713d3026a768e7614bc270275987682bcc860ce350d80");
		if (seq == 2)
			assert_str(hash_print(&entry.hash, hex),
				"472bdc95d98fc8a5bfdb537547fa92bf83f8f1c111ed570074258505ab2349b5");
	}
	assert_memory_equal(head.hash.bytes, prev, 32);
	assert_false(journal_entry(&w->txn, STR("LYO"), 306, &entry));
	assert_int_equal(txn_commit(&w->txn), OK);
}

static void journals_do_not_mix(void **state)
{
	const char *const names[] = {"A", "AB", "B", "directory"};
	struct world *w = *state;
	struct journal_head head;
	struct journal_entry entry;
	struct str name = STR_NULL;

	txn_begin(&w->txn, w->store, true);
	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i <= round + 1; i++)
			append(w, &w->txn, names[i], NULL);
	assert_int_equal(txn_commit(&w->txn), OK);
	txn_begin(&w->txn, w->store, false);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		uint64_t expected = i < 2 ? 3 : 4 - i;
		assert_true(journal_head(&w->txn, str_from(names[i]), &head));
		assert_int_equal(head.seq, expected);
		assert_true(journal_entry(&w->txn, str_from(names[i]), expected, &entry));
		assert_false(journal_entry(&w->txn, str_from(names[i]), expected + 1, &entry));
		assert_true(journal_next_name(&w->txn, &name));
		assert_str(name, names[i]);
	}
	assert_false(journal_next_name(&w->txn, &name));
	assert_int_equal(txn_commit(&w->txn), OK);
}

static void a_request_is_known_by_its_key(void **state)
{
	struct world *w = *state;
	struct hash key = hash_of(STR("k1")), body, expected = hash_of(STR("{}"));
	uint64_t seq = 0;

	txn_begin(&w->txn, w->store, true);
	append(w, &w->txn, "LYO", NULL);
	append(w, &w->txn, "LYO", "k1");
	append(w, &w->txn, "LYO", "k2");
	/* Seen within the batch already: a repetition in the same batch is one. */
	assert_true(journal_request(&w->txn, STR("LYO"), &key, &seq, &body));
	assert_int_equal(txn_commit(&w->txn), OK);
	txn_begin(&w->txn, w->store, true);
	append(w, &w->txn, "LYO",
		"k1"); /* which decide never lets through: the first answer stays */
	assert_int_equal(txn_commit(&w->txn), OK);
	txn_begin(&w->txn, w->store, false);
	assert_true(journal_request(&w->txn, STR("LYO"), &key, &seq, &body));
	assert_int_equal(seq, 2);
	assert_memory_equal(body.bytes, expected.bytes, HASH_LEN);
	assert_false(journal_request(&w->txn, STR("PAR"), &key, &seq, &body));
	key.bytes[31] ^= 1;
	assert_false(journal_request(&w->txn, STR("LYO"), &key, &seq, &body));
	assert_int_equal(txn_commit(&w->txn), OK);
}

static void an_aborted_batch_leaves_nothing(void **state)
{
	struct world *w = *state;
	struct hash key = hash_of(STR("k1")), body;
	struct journal_head head;
	struct journal_entry entry;
	uint64_t seq;

	txn_begin(&w->txn, w->store, true);
	append(w, &w->txn, "LYO", "k1");
	txn_abort(&w->txn);
	txn_begin(&w->txn, w->store, false);
	assert_false(journal_head(&w->txn, STR("LYO"), &head));
	assert_false(journal_entry(&w->txn, STR("LYO"), 1, &entry));
	assert_false(journal_request(&w->txn, STR("LYO"), &key, &seq, &body));
	txn_abort(&w->txn);
}

/* A batch stores its entries while it decides; the append that follows finds them there. */
static void what_was_stored_is_not_appended_twice(void **state)
{
	struct world *w = *state;
	struct journal *port = journal_lmdb();
	struct pending_entry entries[3];
	struct journal_head head;

	txn_begin(&w->txn, w->store, true);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		(void)journal_head(&w->txn, STR("LYO"), &head);
		entries[i] = entry_after(w, &head, "LYO", NULL);
		journal_store(&w->txn, &entries[i]);
	}
	assert_int_equal(port->append(port, &w->txn, entries, ARRAY_LEN(entries)), APPEND_DONE);
	assert_true(journal_head(&w->txn, STR("LYO"), &head));
	assert_int_equal(head.seq, 3);
	assert_int_equal(txn_commit(&w->txn), OK);
}

static void damage_is_noticed(void **state)
{
	const struct {
		enum db db;
		bool entry; /* the row of entry 1, else the head */
		struct str value;
	} rows[] = {
		{DB_HEAD, false, STR("short")},
		{DB_JOURNAL, true, STR("no hash of 32 bytes in here")},
		{DB_JOURNAL, true, STR("")},
	};
	struct world *w = *state;
	struct journal_head head;
	struct journal_entry entry;
	struct key first;

	txn_begin(&w->txn, w->store, true);
	append(w, &w->txn, "LYO", NULL);
	append(w, &w->txn, "LYO", NULL);
	assert_int_equal(txn_commit(&w->txn), OK);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct key key = rows[i].entry ? key_journal(STR("LYO"), 1) : key_head(STR("LYO"));
		txn_begin(&w->txn, w->store, true);
		txn_put(&w->txn, rows[i].db, key_str(&key), rows[i].value);
		if (rows[i].entry)
			assert_false(journal_entry(&w->txn, STR("LYO"), 2, &entry));
		else
			assert_false(journal_head(&w->txn, STR("LYO"), &head));
		assert_int_equal(txn_commit(&w->txn), FAULT_CORRUPT);
	}
	/* A hole. */
	txn_begin(&w->txn, w->store, true);
	first = key_journal(STR("LYO"), 1);
	txn_delete(&w->txn, DB_JOURNAL, key_str(&first));
	assert_false(journal_entry(&w->txn, STR("LYO"), 2, &entry));
	assert_int_equal(txn_commit(&w->txn), FAULT_CORRUPT);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, make, drop)
	const struct CMUnitTest tests[] = {
		T(an_empty_journal_has_no_head),
		T(entries_form_a_chain),
		T(journals_do_not_mix),
		T(a_request_is_known_by_its_key),
		T(an_aborted_batch_leaves_nothing),
		T(what_was_stored_is_not_appended_twice),
		T(damage_is_noticed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
