/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * An audit pack on a machine that knows nothing else: as it comes; or, where it begins with "## ",
 * as files, each behind a line that names it, which a forger puts into an archive with hashes, a
 * checkpoint, sums and signatures that are right. What is not good is said; of a good pack there is
 * no byte that could be another one.
 */

#include "fleet/event.h"
#include "rules/json.h"
#include "server/pack_check.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/mend.h"
#include "tests/fuzz/signer.h"

static const struct seen nobody;

/* ---- the forger ---- */

static bool is_title(struct str line)
{
	return line.n > 3 && memcmp(line.p, "## ", 3) == 0;
}

/* The lines behind "## NAME", up to the next title. */
static struct str section(struct str input, const char *name)
{
	struct str rest = input, found = STR("");
	bool within = false;

	while (rest.n) {
		const char *from = rest.p;
		struct str line = fuzz_line(&rest);
		size_t whole =
			rest.n ? (size_t)(rest.p - from) : (size_t)(input.p + input.n - from);
		if (is_title(line))
			within = !found.n && str_is((struct str){line.p + 3, line.n - 3}, name);
		else if (within)
			found = (struct str){found.n ? found.p : from, found.n + whole};
	}
	return found;
}

static struct json first_entry(struct arena *a, struct str journal)
{
	struct str rest = journal;

	return json_get(arena_json(a, fuzz_line(&rest), NULL), "event");
}

/* Of the last entry of the journal, whatever it says. */
static struct str checkpoint(struct arena *a, struct str journal)
{
	struct signed_note note = {.size = 0};
	struct str rest = journal, last = STR_NULL;

	while (rest.n)
		last = fuzz_line(&rest);
	struct json entry = arena_json(a, last, NULL), event = json_get(entry, "event");
	struct str name = json_str_at(event, "site");
	int64_t seq = json_int_at(event, "seq", 0);
	if (!name.n || name.n > ID_MAX || seq <= 0 ||
		!hash_parse(&note.hash, json_str_at(entry, "hash")))
		return STR("");
	memcpy(note.journal, name.p, name.n);
	note.size = (uint64_t)seq;
	return note_write(signer(a), a, &note);
}

static struct str sums(struct arena *a, const struct str file[PACK_FILES_LEN])
{
	struct str all = STR("");
	char hex[HASH_TEXT];

	for (int i = 0; i < PACK_SUMS; i++) {
		struct hash hash = hash_of(file[i]);
		all = arena_printf(a, "%.*s%s  %s\n", STR_FMT(all), hash_print(&hash, hex).p,
			pack_file_names[i]);
	}
	return all;
}

static struct str archive(struct arena *a, const struct str file[PACK_FILES_LEN])
{
	size_t bytes = TAR_END, at = 0;

	for (int i = 0; i < PACK_FILES_LEN; i++)
		bytes += TAR_BLOCK + file[i].n + tar_padding(file[i].n);
	uint8_t *out = arena_alloc(a, bytes);
	ASSERT(out);
	memset(out, 0, bytes);
	for (int i = 0; i < PACK_FILES_LEN; i++) {
		char name[TAR_NAME_MAX];
		snprintf(name, sizeof name, PACK_FOLDER "%s", pack_file_names[i]);
		tar_head(out + at, name, file[i].n);
		if (file[i].n)
			memcpy(out + at + TAR_BLOCK, file[i].p, file[i].n);
		at += TAR_BLOCK + file[i].n + tar_padding(file[i].n);
	}
	return (struct str){(const char *)out, bytes};
}

static struct str forged(struct arena *a, struct str input)
{
	const struct note_key *key = signer(a);
	struct str file[PACK_FILES_LEN];

	for (int i = 0; i < PACK_FILES_LEN; i++)
		file[i] = section(input, pack_file_names[i]);
	file[PACK_JOURNAL] = mend_export(a, file[PACK_JOURNAL]);
	file[PACK_KEY] = note_key_print(key, a);
	file[PACK_CHECKPOINT] = checkpoint(a, file[PACK_JOURNAL]);
	file[PACK_SUMS] = sums(a, file);
	struct hash hash = hash_of(file[PACK_SUMS]);
	struct str site = json_str_at(first_entry(a, file[PACK_JOURNAL]), "site");
	struct str text = pack_signed_text(a, key, site.n ? site : STR("none"), &hash);
	file[PACK_SIGNED] = note_sign(key, a, text);
	return archive(a, file);
}

/* ---- the check ---- */

static bool is_good(struct str pack)
{
	struct pack_check *c = pack_check_bytes(pack, &nobody);

	ASSERT(c);
	bool good = c->good;
	ASSERT(good == !c->why[0]);
	pack_check_free(c);
	return good;
}

/* The byte is chosen by all of them. */
static void check_altered(struct arena *a, struct str pack)
{
	struct hash hash = hash_of(pack);
	struct str other = arena_copy(a, pack);
	size_t at =
		(hash.bytes[0] | (size_t)hash.bytes[1] << 8 | (size_t)hash.bytes[2] << 16) % pack.n;

	ASSERT(other.p);
	((char *)(uintptr_t)other.p)[at] ^= (char)(1 << hash.bytes[3] % 8);
	ASSERT(!is_good(other));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str pack = fuzz_str(data, size);

	if (size > 3 && memcmp(data, "## ", 3) == 0)
		pack = forged(a, pack);
	if (pack.n && is_good(pack))
		check_altered(a, pack);
	return 0;
}
