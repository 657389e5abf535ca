/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * A backup file: as it comes, and with hashes and sum that a forger made right. What is taken for
 * whole hands on as much as it counts, in an order without gaps, and only what a restore can keep;
 * with a byte less, a byte more or another byte it is refused. Its entries become rows or are
 * refused in words.
 */

#define _GNU_SOURCE /* memfd_create */

#include <sys/mman.h>
#include <unistd.h>

#include "fleet/backup.h"
#include "fleet/event.h"
#include "fleet/people_carry.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mend.h"
#include "tests/fuzz/projection.h"

struct taken {
	uint64_t entries, persons, secrets, seq;
	struct projection *rows; /* NULL: entries are only counted */
};

static enum outcome take_entry(void *context, const struct pending_entry *e)
{
	struct taken *t = context;
	struct hash made = event_hash(&e->prev, e->bytes);

	ASSERT(e->seq == 1 || e->seq == t->seq + 1);
	ASSERT(memcmp(made.bytes, e->hash.bytes, HASH_LEN) == 0);
	ASSERT(e->journal.n > 0 && e->journal.n <= ID_MAX);
	t->seq = e->seq;
	t->entries++;
	return t->rows ? projection_apply(t->rows, e->bytes) : OK;
}

static enum outcome take_note(void *context, struct str journal, struct str text)
{
	(void)context;
	ASSERT(journal.n > 0 && journal.n <= ID_MAX && text.n > 0);
	return OK;
}

static enum outcome take_secret(void *context, struct str bytes)
{
	struct taken *t = context;

	ASSERT(bytes.n == SEAL_KEY_LEN);
	t->secrets++;
	return OK;
}

static enum outcome take_row(void *context, struct str key, struct str value)
{
	struct taken *t = context;

	ASSERT(people_carried_is_good(key, value));
	t->persons += key.p[0] == 'k';
	return OK;
}

static enum outcome read_bytes(
	struct str bytes, struct backup_summary *out, struct taken *taken, struct projection *rows)
{
	static int file = -1;
	struct backup_taker taker = {
		.context = taken,
		.entry = take_entry,
		.note = take_note,
		.secret = take_secret,
		.row = take_row,
	};
	char path[64], why[400] = "";

	if (file < 0)
		file = memfd_create("backup", MFD_CLOEXEC);
	ASSERT(ftruncate(file, 0) == 0);
	ASSERT(pwrite(file, bytes.p, bytes.n, 0) == (ssize_t)bytes.n);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	*taken = (struct taken){.rows = rows};
	enum outcome o = backup_read(path, &taker, out, why, sizeof why);
	ASSERT(o == OK || why[0]);
	return o;
}

static void check_altered(struct arena *a, struct str bytes, const struct hash *sum)
{
	struct backup_summary out;
	struct taken taken;
	struct str longer = arena_printf(a, "%.*s\n", STR_FMT(bytes));
	char *altered = arena_alloc(a, bytes.n);
	size_t last = bytes.n - 1;

	ASSERT(read_bytes((struct str){bytes.p, bytes.n - 1}, &out, &taken, NULL) != OK);
	ASSERT(memchr(bytes.p, '\0', bytes.n) || read_bytes(longer, &out, &taken, NULL) != OK);
	while (bytes.p[last - 1] != '\n')
		last--;
	ASSERT(altered);
	memcpy(altered, bytes.p, bytes.n);
	altered[(sum->bytes[0] | (size_t)sum->bytes[1] << 8) % last] ^= 1;
	ASSERT(read_bytes((struct str){altered, bytes.n}, &out, &taken, NULL) != OK);
}

static void check(struct arena *a, struct str bytes)
{
	struct backup_summary out, again;
	struct projection rows;
	struct taken taken;

	if (read_bytes(bytes, &out, &taken, NULL) != OK)
		return;
	ASSERT(taken.entries == out.entries && taken.persons == out.persons && taken.secrets == 1);
	ASSERT(out.entries >= out.journals && out.made_at[0]);
	ASSERT(read_bytes(bytes, &again, &taken, NULL) == OK);
	ASSERT(memcmp(out.sha256.bytes, again.sha256.bytes, HASH_LEN) == 0);
	check_altered(a, bytes, &out.sha256);
	projection_begin(&rows);
	(void)read_bytes(bytes, &again, &taken, &rows);
	projection_end(&rows);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str bytes = fuzz_str(data, size);

	check(a, bytes);
	check(a, mend_backup(a, bytes));
	return 0;
}
