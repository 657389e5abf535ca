/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The small dealership is built once, by one server; every server of every seed begins with a copy
 * of its directory: servers of one installation share its secret and the keys of its people. */

#include "tests/lib/dealership.h"
#include "tests/sim/sim.h"

static struct {
	struct dealership w;
	struct shared_journal journal;
	struct {
		const char *name;
		char *bytes; /* owned */
		size_t len;
	} files[2];
} house = {.files = {{.name = "data"}, {.name = "people/data"}}};

static void file_read(const char *path, char **bytes, size_t *len)
{
	FILE *f = fopen(path, "rb");

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	*len = (size_t)ftell(f);
	rewind(f);
	*bytes = malloc(*len);
	assert_non_null(*bytes);
	assert_int_equal(fread(*bytes, 1, *len, f), *len);
	fclose(f);
}

static void file_write(const char *path, const char *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

void house_build(void)
{
	char path[SCRATCH_PATH * 2];
	struct view v;
	struct txn t;

	dealer_open(&house.w);
	dealer_grow(&house.w);
	fleet_look(house.w.fleet, &v, &t, &house.w.arena);
	shared_copy(&house.journal, &t);
	fleet_look_end(&v);
	dealer_reopen(&house.w); /* nothing of it waits in memory */
	for (size_t i = 0; i < ARRAY_LEN(house.files); i++)
		file_read(scratch_path(&house.w.scratch, house.files[i].name, path),
			&house.files[i].bytes, &house.files[i].len);
	dealer_close(&house.w);
}

void house_take_down(void)
{
	for (size_t i = 0; i < ARRAY_LEN(house.files); i++)
		free(house.files[i].bytes);
	shared_free(&house.journal);
}

void house_move_in(struct scratch *dir)
{
	char path[SCRATCH_PATH * 2];

	scratch_make(dir);
	assert_int_equal(mkdir(scratch_path(dir, "people", path), 0700), 0);
	for (size_t i = 0; i < ARRAY_LEN(house.files); i++)
		file_write(scratch_path(dir, house.files[i].name, path), house.files[i].bytes,
			house.files[i].len);
}

void house_journal(struct shared_journal *j)
{
	for (size_t i = 0; i < house.journal.len; i++) {
		const struct shared_entry *e = &house.journal.entries[i];
		struct pending_entry entry = {.journal = str_from(house.journal.names[e->journal]),
			.seq = e->seq,
			.prev = e->prev,
			.hash = e->hash,
			.bytes = e->bytes};
		size_t fresh;
		assert_int_equal(shared_append(j, &entry, 1, &fresh), APPEND_DONE);
	}
}

const struct zone *house_zone(struct env *env, struct str name)
{
	(void)env;
	return str_is(name, "Europe/Paris") ? &house.w.paris : NULL;
}

int64_t house_now_s(void)
{
	return house.w.still.now.s;
}
