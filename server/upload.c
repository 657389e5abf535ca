/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/upload.h"

#include <stdlib.h>

struct upload {
	struct hash owner, sha256;
	int64_t until_s;
	size_t n;
	char *bytes; /* owned */
};

struct uploads {
	struct env *env; /* borrowed */
	size_t len, bytes;
	uint64_t refused;
	struct upload all[UPLOADS_MAX];
};

struct uploads *uploads_open(struct env *env)
{
	struct uploads *u = calloc(1, sizeof *u);
	if (u)
		u->env = env;
	return u;
}

static void drop(struct uploads *u, size_t i)
{
	u->bytes -= u->all[i].n;
	free(u->all[i].bytes);
	u->all[i] = u->all[--u->len];
}

void uploads_close(struct uploads *u)
{
	while (u && u->len)
		drop(u, 0);
	free(u);
}

static void drop_old(struct uploads *u, int64_t now_s)
{
	for (size_t i = 0; i < u->len;)
		if (u->all[i].until_s <= now_s)
			drop(u, i);
		else
			i++;
}

static bool is_same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->bytes, b->bytes, HASH_LEN) == 0;
}

static struct upload *find(struct uploads *u, const struct hash *owner, const struct hash *sha256)
{
	for (size_t i = 0; i < u->len; i++)
		if (is_same(&u->all[i].owner, owner) && is_same(&u->all[i].sha256, sha256))
			return &u->all[i];
	return NULL;
}

static size_t bytes_of(const struct uploads *u, const struct hash *owner)
{
	size_t n = 0;
	for (size_t i = 0; i < u->len; i++)
		n += is_same(&u->all[i].owner, owner) ? u->all[i].n : 0;
	return n;
}

enum outcome uploads_add(
	struct uploads *u, struct str owner, const struct hash *sha256, struct str bytes)
{
	int64_t now_s = u->env->now(u->env).s;
	struct hash who = hash_of(owner);
	drop_old(u, now_s);
	struct upload *known = find(u, &who, sha256);
	if (known) {
		known->until_s = now_s + UPLOAD_KEPT_S;
		return OK;
	}
	if (u->len == UPLOADS_MAX || u->bytes + bytes.n > UPLOADS_BYTES_MAX ||
		bytes_of(u, &who) + bytes.n > UPLOADS_OF_ONE_MAX) {
		u->refused++;
		return FAULT_BUSY;
	}
	char *copy = malloc(bytes.n ? bytes.n : 1);
	if (!copy)
		return FAULT_MEMORY;
	memcpy(copy, bytes.p, bytes.n);
	u->all[u->len++] = (struct upload){who, *sha256, now_s + UPLOAD_KEPT_S, bytes.n, copy};
	u->bytes += bytes.n;
	return OK;
}

void uploads_counts(const struct uploads *u, struct uploads_counts *out)
{
	*out = (struct uploads_counts){u->len, u->bytes, u->refused};
}

struct str uploads_find(struct uploads *u, struct str owner, const struct hash *sha256)
{
	struct hash who = hash_of(owner);
	drop_old(u, u->env->now(u->env).s);
	const struct upload *found = find(u, &who, sha256);
	return found ? (struct str){found->bytes, found->n} : STR_NULL;
}
