/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The real program under test: a data directory of its own, tokens made as an operator makes them,
 * a small invented dealership, and one call per request. Dates lie in 2031, so that no answer
 * depends on the day the test runs.
 */

#include "fleet/arena.h"
#include "fleet/people.h"
#include "tests/lib/check.h"
#include "tests/lib/client.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

/* Filling the demonstration takes some 40 s of a core under the sanitizers; cores are shared. */
enum { TOKEN_TEXT = 80, START_WAIT_MS = 180000, STOP_WAIT_MS = 30000 };

/* The two sites of the small dealership. */
#define OWN_SITE "T1"
#define OTHER_SITE "T2"
#define OWN_CAR "T1-car-1"
#define OWN_CUSTOMER "C1"
#define OWN_VIN "ZAMDEMC1T0D200001"

struct relais {
	char binary[512];
	struct scratch scratch;
	struct process process;
	const char *journal; /* borrowed: the address of a shared one; NULL */
	int port;
	struct arena arena; /* of the answers' documents; reset by relais_reset */
	char admin[TOKEN_TEXT];
};

/* The program is the first argument of the test, or RELAIS_BIN. */
void relais_find(struct relais *r, int argc, char **argv);
/* A fresh directory and a server on it, with a token for everything. */
void relais_start(struct relais *r, bool demo);
/* TERM must end it with 0; the directory stays until relais_remove. */
void relais_stop(struct relais *r);
/* The same directory again. */
void relais_restart(struct relais *r, bool demo);
void relais_remove(struct relais *r);
/* A token by the program's own command; `site` may be NULL. */
void relais_token(struct relais *r, char out[TOKEN_TEXT], const char *name, const char *role,
	const char *site);
/* Runs the program and gives its exit code; what it prints goes to `out` (cut at its size). */
int relais_run(struct relais *r, const char *const args[], char *out, size_t size);

struct ask {
	const char *method, *path;
	const char *token;    /* NULL = the admin's; "" = none */
	const char *key;      /* Idempotency-Key, NULL = none */
	const char *if_match; /* NULL = none */
	const char *if_none_match;
	const char *type;	   /* NULL = application/json where there is a body */
	const char *cookie, *csrf; /* of a person; NULL = none */
	struct str body;
};
struct told {
	int status;
	struct str body;
	struct json json; /* absent when it is not JSON */
	char etag[80], location[128], seq[128], type[96], link[512], cookie[160];
	bool replayed;
};
/* Everything lives in r->arena. */
struct told relais_ask(struct relais *r, const struct ask *ask);
struct told relais_get(struct relais *r, const char *path);
struct told relais_put(struct relais *r, const char *path, const char *body);
struct told relais_post(struct relais *r, const char *path, const char *key, const char *body);

/* A problem of that status and slug. */
#define assert_problem(told, status, slug) \
	check_problem((told), (status), (slug), __FILE__, __LINE__)
void check_problem(const struct told *t, int status, const char *slug, const char *file, int line);
#define assert_status(told, status) check_status((told), (status), __FILE__, __LINE__)
void check_status(const struct told *t, int status, const char *file, int line);
/* Whether errors[] of a problem names this pointer. */
bool has_pointer(const struct told *t, const char *pointer);

/* Sites T1 and T2 (Paris), a rule set, two cars of T1 and one of T2, a customer with a car. */
void relais_furnish(struct relais *r);
/* POST /v1/offers for T1: from a Monday in March 2031, `days` later back. The offer's text. */
struct told relais_offer(struct relais *r, int day, int days);
