/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/http_peer.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

/* IPv4 addresses get a prefix (0:ffff) that no routed IPv6 network has. */
#define KEY_V4 ((uint64_t)0xffff << 32)
#define KEY_V6_LOOPBACK ((uint64_t)1) /* its own word: all of ::/64 is nobody else's */

static uint64_t big_endian(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	for (size_t i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

uint64_t peer_key(const struct sockaddr_storage *a)
{
	if (a->ss_family == AF_INET) {
		struct sockaddr_in v4;
		memcpy(&v4, a, sizeof(v4));
		return KEY_V4 | ntohl(v4.sin_addr.s_addr);
	}
	struct sockaddr_in6 v6;
	memcpy(&v6, a, sizeof(v6));
	if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr))
		return KEY_V4 | big_endian(v6.sin6_addr.s6_addr + 12, 4);
	if (IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr))
		return KEY_V6_LOOPBACK;
	return big_endian(v6.sin6_addr.s6_addr, 8);
}

uint64_t peer_key_forwarded(struct str header)
{
	struct sockaddr_storage a = {0};
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)&a;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)&a;
	char text[INET6_ADDRSTRLEN];
	size_t from = header.n;

	while (from > 0 && header.p[from - 1] != ',')
		from--;
	while (from < header.n && header.p[from] == ' ')
		from++;
	if (header.n - from >= sizeof(text))
		return 0;
	snprintf(text, sizeof(text), "%.*s", (int)(header.n - from), header.p + from);
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1)
		a.ss_family = AF_INET;
	else if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1)
		a.ss_family = AF_INET6;
	else
		return 0;
	return peer_key(&a);
}

/* The next address of a list, cut off its front; 0: that is none. */
static uint64_t list_next(struct str *list)
{
	const char *comma = memchr(list->p, ',', list->n);
	size_t n = comma ? (size_t)(comma - list->p) : list->n;
	struct str one = {list->p, n};

	list->p += comma ? n + 1 : n;
	list->n -= comma ? n + 1 : n;
	while (one.n > 0 && one.p[one.n - 1] == ' ')
		one.n--;
	return peer_key_forwarded(one);
}

bool peer_keys_are_good(struct str list)
{
	bool good = list.n > 0;

	while (good && list.n > 0)
		good = list_next(&list) != 0;
	return good;
}

bool peer_keys_name(struct str list, uint64_t key)
{
	while (key && list.n > 0)
		if (list_next(&list) == key)
			return true;
	return false;
}

bool peer_key_is_loopback(uint64_t key)
{
	return key == KEY_V6_LOOPBACK ||
	       (key & ~(uint64_t)0xffffff) == (KEY_V4 | (uint64_t)127 << 24);
}

static struct peer **bucket_of(struct peers *t, uint64_t key)
{
	/* Fibonacci hashing: neighbours in a network spread over the buckets. */
	return &t->buckets[key * 0x9e3779b97f4a7c15u >> 54 & (PEER_BUCKETS - 1)];
}

struct peer *peer_enter(struct peers *t, uint64_t key)
{
	struct peer **bucket = bucket_of(t, key), *p;
	for (p = *bucket; p && p->key != key; p = p->next)
		;
	if (!p) {
		p = calloc(1, sizeof(*p));
		ASSERT(p);
		p->key = key;
		p->next = *bucket;
		*bucket = p;
		t->count++;
	}
	p->connections++;
	return p;
}

uint32_t peer_aborts(const struct peer *p, uint64_t now_ms)
{
	return now_ms - p->aborts_from_ms < PEER_ABORTS_MS ? p->aborts : 0;
}

void peer_abort(struct peer *p, uint64_t now_ms)
{
	if (peer_aborts(p, now_ms) == 0) {
		p->aborts = 0;
		p->aborts_from_ms = now_ms;
	}
	p->aborts++;
}

static void peer_forget(struct peers *t, struct peer **link)
{
	struct peer *p = *link;
	ASSERT(p->connections == 0 && t->count > 0);
	*link = p->next;
	t->count--;
	free(p);
}

void peer_leave(struct peers *t, struct peer *p, uint64_t now_ms)
{
	ASSERT(p->connections > 0);
	/* Beyond count_max an entry kept only for its aborts goes too: memory before memory of
	 * sins. */
	if (--p->connections > 0 || (peer_aborts(p, now_ms) > 0 && t->count <= t->count_max))
		return;
	struct peer **link = bucket_of(t, p->key);
	while (*link != p)
		link = &(*link)->next;
	peer_forget(t, link);
}

void peers_sweep(struct peers *t, uint64_t now_ms)
{
	for (size_t i = 0; t->count > 0 && i < PEER_BUCKETS; i++) {
		struct peer **link = &t->buckets[i];
		while (*link) {
			if ((*link)->connections == 0 && peer_aborts(*link, now_ms) == 0)
				peer_forget(t, link);
			else
				link = &(*link)->next;
		}
	}
}

void peers_deinit(struct peers *t)
{
	for (size_t i = 0; i < PEER_BUCKETS; i++)
		while (t->buckets[i])
			peer_forget(t, &t->buckets[i]);
	ASSERT(t->count == 0);
}
