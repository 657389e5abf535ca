/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The real program ($RELAIS_BIN) with a data directory of its own: run to its end and read, or
 * serving on a loopback port with an admin's token. What a small house needs to book is put there
 * over HTTP; it is open day and night, so any time is a good time for a test.
 */

#include "tests/lib/check.h"
#include "tests/lib/client.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

#include "rules/instant.h"
#include "rules/json.h"

enum { HOUSE_WAIT_MS = 20000, TOLD_BYTES = 1 << 16, HOUSE_SITE_CARS = 12, HOUSE_RENTALS = 40 };
/* For programs that read all that is stored, on a machine with other things to do. */
enum { TOLD_WAIT_MS = 600000 };

/* What a command said and how it ended: its exit code, 128 + N for signal N, -1 if it hung. */
struct told {
	int code;
	char out[TOLD_BYTES], err[TOLD_BYTES];
};

/* $RELAIS_BIN with these words behind it: relais(&told, "verify", "--data", dir). Standard input
 * is empty. */
#define relais(told, ...) relais_run((told), false, (const char *const[]){__VA_ARGS__, NULL})
/* The same as a user without rights (nobody), where we are root. */
#define relais_as_nobody(told, ...) \
	relais_run((told), true, (const char *const[]){__VA_ARGS__, NULL})
void relais_run(struct told *told, bool as_nobody, const char *const words[]);
/* It must have ended with `code`; what it said is printed when it did not. */
#define told_code(told, code) told_check((told), (code), __FILE__, __LINE__)
void told_check(const struct told *told, int code, const char *file, int line);

struct house {
	struct scratch scratch;
	char data[SCRATCH_PATH * 2];
	const char *journal; /* borrowed: the address of a shared one; NULL */
	char bearer[200];    /* "Bearer TOKEN" */
	struct process server;
	int port;
};

void house_make(struct house *h);   /* a scratch directory; DIR/data is not there yet */
void house_remove(struct house *h); /* kills a server that a failed test left */
void house_serve(struct house *h);  /* starts it and waits until it is ready */
/* Starts it and kills it after that time at the latest, ready or not. */
void house_serve_briefly(struct house *h, int for_ms);
void house_stop(struct house *h); /* TERM: drains and must exit 0 */
void house_kill(struct house *h); /* kill -9 */
void house_token(struct house *h);

/* The bytes of one request; `key` may be NULL. Freed by the caller. */
struct str house_request(const struct house *h, const char *method, const char *path,
	const char *key, struct str body);
/* One request and its answer, on a connection of its own when `c` is NULL. */
struct response house_ask(struct house *h, struct client *c, const char *method, const char *path,
	const char *key, struct str body);
/* The same, and its status must be this one; its body as JSON, valid until the next call. */
#define house_must(h, c, method, path, key, body, status)                                       \
	house_check((h), (c), (const char *const[]){(method), (path), (key)}, (body), (status), \
		__FILE__, __LINE__)
struct json house_check(struct house *h, struct client *c, const char *const what[3],
	struct str body, int status, const char *file, int line);
/* An answer's body as JSON, valid until the next call of this or house_must. */
struct json house_json(const struct response *r);

/* One site LYO (Europe/Paris, open day and night), a rule set, twelve cars in two classes, an
 * allotment of rentals, taxis without end, two desks, customers K1..K4 with a covered car each
 * (ZAMTESTC1T0000001...). */
void house_fill(struct house *h);
/* The server's clock, from the Date of an answer, in whole seconds. */
struct instant house_now(struct house *h);
/* An instant of an answer. */
struct instant house_instant(struct json v);

/* Chance from a seed ($RELAIS_SEED or a constant), the same on every machine. */
struct chance {
	uint64_t state;
};
struct chance chance_make(const char *what);
/* 0 .. below - 1 */
uint32_t chance_below(struct chance *c, uint32_t below);
/* printf into memory of its own; freed by the caller. */
struct str text_make(const char *format, ...) PRINTF_LIKE(1, 2);
void text_free(struct str s);
