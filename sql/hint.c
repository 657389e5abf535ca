/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pipe2 */
#include "sql/hint.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql/pg.h"

#define CHANNEL "relais_journal"
enum { WORDS = 64 };

struct hint {
	pthread_t thread;
	pthread_mutex_t mutex; /* of `heard` */
	void (*heard)(void *context);
	void *context; /* borrowed */
	int words[2];  /* a pipe to the thread: a byte an append, its end is the end */
	char *address; /* owned */
	struct pg pg;  /* the thread's */
};

static void hear(struct hint *h)
{
	pthread_mutex_lock(&h->mutex);
	if (h->heard)
		h->heard(h->context);
	pthread_mutex_unlock(&h->mutex);
}

/* Whether something was appended: many appends are one hint. False: to end, the pipe is closed. */
static bool words_take(struct hint *h, bool *tell)
{
	char words[WORDS];
	ssize_t n;

	while ((n = read(h->words[0], words, sizeof words)) > 0)
		*tell = true;
	return n != 0;
}

/* Until the connection is lost (true) or it is to end. */
static bool listen_on(struct hint *h)
{
	for (;;) {
		struct pollfd fds[2] = {{.fd = h->words[0], .events = POLLIN},
			{.fd = pg_socket(&h->pg), .events = POLLIN}};
		bool tell = false;
		int others;

		if (poll(fds, 2, -1) < 0)
			continue; /* interrupted */
		if (!words_take(h, &tell))
			return false;
		if (tell && pg_run(&h->pg, "NOTIFY " CHANNEL, pg_clock_ms() + HINT_CONNECT_MS) !=
				    PG_DONE)
			return true;
		others = pg_notifications(&h->pg);
		if (others > 0)
			hear(h);
		if (others < 0)
			return true;
	}
}

static void *thread_main(void *context)
{
	struct hint *h = context;
	bool go_on = true;
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (go_on) {
		struct pollfd word = {.fd = h->words[0], .events = POLLIN};
		bool tell = false;
		int64_t until_ms = pg_clock_ms() + HINT_CONNECT_MS;
		if (pg_connect(&h->pg, h->address, until_ms) == PG_DONE &&
			pg_run(&h->pg, "LISTEN " CHANNEL, until_ms) == PG_DONE) {
			hear(h); /* what was appended while nobody listened */
			go_on = listen_on(h);
		}
		pg_drop(&h->pg);
		if (go_on) {
			(void)poll(&word, 1, HINT_PAUSE_MS);
			go_on = words_take(h, &tell);
		}
	}
	return NULL;
}

struct hint *hint_open(const char *address)
{
	struct hint *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->address = strdup(address);
	if (!h->address || pipe2(h->words, O_CLOEXEC | O_NONBLOCK) != 0) {
		free(h->address);
		free(h);
		return NULL;
	}
	ASSERT(pthread_mutex_init(&h->mutex, NULL) == 0);
	ASSERT(pthread_create(&h->thread, NULL, thread_main, h) == 0);
	return h;
}

void hint_tell(struct hint *h)
{
	/* A full pipe has words enough: the thread will wake all the same. */
	ssize_t n = write(h->words[1], "", 1);

	(void)n;
}

void hint_hear(struct hint *h, void (*heard)(void *context), void *context)
{
	pthread_mutex_lock(&h->mutex);
	h->heard = heard;
	h->context = context;
	pthread_mutex_unlock(&h->mutex);
}

void hint_close(struct hint *h)
{
	if (!h)
		return;
	close(h->words[1]);
	pthread_join(h->thread, NULL);
	close(h->words[0]);
	pthread_mutex_destroy(&h->mutex);
	free(h->address);
	free(h);
}
