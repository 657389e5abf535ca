/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pthread_cond_clockwait */
#include "sql/host.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "sql/pg.h"

/* ---- names that are known or looked up; one thread for each name under way ---- */

struct name {
	char text[HOST_NAME_BYTES];
	struct host host;
	int64_t found_ms; /* 0: never */
	bool looking;
	const char *why; /* it was not found at the last look; NULL */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* of all below */
static pthread_cond_t looked = PTHREAD_COND_INITIALIZER;
static struct name names[HOST_NAMES_MAX];

static void take(struct host *h, const struct addrinfo *list)
{
	for (const struct addrinfo *i = list; i && h->len < HOST_ADDRESSES_MAX; i = i->ai_next)
		if (getnameinfo(i->ai_addr, i->ai_addrlen, h->address[h->len], HOST_ADDRESS_BYTES,
			    NULL, 0, NI_NUMERICHOST) == 0)
			h->len++;
}

static void *look(void *context)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct name *n = context; /* its text stays as long as it is looked for */
	struct addrinfo *list = NULL;
	struct host found = {.len = 0};
	int error = getaddrinfo(n->text, NULL, &hints, &list);

	if (error == 0) {
		take(&found, list);
		freeaddrinfo(list);
	}
	pthread_mutex_lock(&mutex);
	n->why = found.len ? NULL : gai_strerror(error ? error : EAI_NONAME);
	if (found.len) {
		n->host = found;
		n->found_ms = pg_clock_ms();
	}
	n->looking = false;
	pthread_cond_broadcast(&looked);
	pthread_mutex_unlock(&mutex);
	return NULL;
}

/* The name's place, or the one that was found longest ago; NULL: all are being looked up. */
static struct name *place_of(const char *text)
{
	struct name *oldest = NULL;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(names[i].text, text) == 0)
			return &names[i];
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!names[i].looking && (!oldest || names[i].found_ms < oldest->found_ms))
			oldest = &names[i];
	if (oldest) {
		memset(oldest, 0, sizeof *oldest);
		snprintf(oldest->text, sizeof oldest->text, "%s", text);
	}
	return oldest;
}

static void look_begin(struct name *n)
{
	pthread_t thread;
	sigset_t all, before;

	if (n->looking || (n->found_ms && pg_clock_ms() - n->found_ms < HOST_FRESH_MS))
		return;
	n->why = NULL;
	sigfillset(&all); /* signals are the loop's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	n->looking = pthread_create(&thread, NULL, look, n) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (n->looking)
		pthread_detach(thread);
}

bool host_find(const char *text, int64_t until_ms, struct host *out, const char **why)
{
	struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
	struct name *n;

	*why = "too long a name, or too many names, of hosts";
	if (strlen(text) >= HOST_NAME_BYTES)
		return false;
	pthread_mutex_lock(&mutex);
	n = place_of(text);
	if (n)
		look_begin(n);
	while (n && n->looking && !n->found_ms &&
		pthread_cond_clockwait(&looked, &mutex, CLOCK_MONOTONIC, &until) == 0)
		;
	if (n && n->found_ms)
		*out = n->host;
	else if (n)
		*why = n->why ? n->why : "the name of its host is still being looked up";
	until_ms = n ? n->found_ms : 0;
	pthread_mutex_unlock(&mutex);
	return until_ms != 0;
}

/* ---- lists ---- */

static bool is_name(const char *host)
{
	struct in6_addr ignored;

	return host[0] && host[0] != '/' && host[0] != '@' &&
	       inet_pton(AF_INET, host, &ignored) != 1 && inet_pton(AF_INET6, host, &ignored) != 1;
}

/* The i-th of a list; where a list has one for all, that one. */
static void item_of(const char *list, uint32_t i, char out[HOST_NAME_BYTES])
{
	const char *at = list ? list : "";
	bool single = strchr(at, ',') == NULL;

	for (; i > 0 && !single; i--) {
		at = strchr(at, ',');
		if (!at)
			break;
		at++;
	}
	snprintf(out, HOST_NAME_BYTES, "%.*s", at ? (int)strcspn(at, ",") : 0, at ? at : "");
}

static bool add(char list[HOST_LIST_BYTES], const char *item, bool first)
{
	size_t n = strlen(list), more = strlen(item) + 2;

	if (n + more > HOST_LIST_BYTES)
		return false;
	snprintf(list + n, HOST_LIST_BYTES - n, "%s%s", first ? "" : ",", item);
	return true;
}

static bool add_all(struct host_lists *out, const char *name, const struct host *h,
	const char *port, bool *first)
{
	bool fits = true;

	for (uint32_t i = 0; i < h->len && fits; i++) {
		fits = add(out->host, name, *first) && add(out->address, h->address[i], *first) &&
		       add(out->port, port, *first);
		*first = false;
	}
	return fits;
}

bool host_lists(const char *hosts, const char *ports, int64_t until_ms, struct host_lists *out,
	const char **why)
{
	char name[HOST_NAME_BYTES], port[HOST_NAME_BYTES];
	uint32_t len = 1;
	bool first = true, some = false;

	memset(out, 0, sizeof *out);
	for (const char *c = hosts ? hosts : ""; *c; c++)
		len += *c == ',';
	for (uint32_t i = 0; i < len && hosts; i++) {
		item_of(hosts, i, name);
		some |= is_name(name);
	}
	if (!some)
		return true;
	for (uint32_t i = 0; i < len; i++) {
		struct host h = {.len = 1}; /* a socket or an address is taken as it is */
		item_of(hosts, i, name);
		item_of(ports, i, port);
		if (is_name(name) && !host_find(name, until_ms, &h, why))
			return false;
		*why = "the list of its hosts is too long";
		if (!add_all(out, name, &h, port, &first))
			return false;
	}
	return true;
}
