/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/projection.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

enum { MAP_MIB = 256 };

static const struct zone *only_paris(struct env *env, struct str name)
{
	(void)env;
	return str_is(name, "Europe/Paris") ? fuzz_zone() : NULL;
}

/* One for the process. Its files have no names any more: nothing is left when it ends. */
static struct store *store_of_all(void)
{
	static struct store *store;
	struct store_options options = {
		.create = true, .no_sync = true, .map_bytes = (size_t)MAP_MIB << 20};
	char dir[] = "/tmp/relais-fuzz-XXXXXX", path[64], why[400];
	static const char *const files[] = {"data", "data-lock", "lock"};

	if (store)
		return store;
	ASSERT(mkdtemp(dir));
	ASSERT(store_open(&store, dir, &options, why, sizeof why) == OK);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		unlink(path);
	}
	ASSERT(rmdir(dir) == 0);
	return store;
}

void projection_begin(struct projection *p)
{
	*p = (struct projection){.arena = {0}};
	arena_init(&p->arena, ARENA_MAX_DEFAULT);
	txn_begin(&p->txn, store_of_all(), true);
	ASSERT(p->txn.outcome == OK);
}

enum outcome projection_apply(struct projection *p, struct str bytes)
{
	static struct env env = {.zone = only_paris};
	const char *why = NULL;
	enum outcome o;

	arena_reset(&p->arena);
	o = apply_outside(&p->txn, &p->arena, &env, arena_copy(&p->arena, bytes), &why);
	ASSERT(o != FAULT_CORRUPT || (why && *why));
	return o;
}

void projection_end(struct projection *p)
{
	txn_abort(&p->txn);
	arena_deinit(&p->arena);
}
