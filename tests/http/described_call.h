/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Calls of the running program whose every answer is held against its /openapi.json: status, media
 * type, headers and body. Bodies are written with ' for ".
 */

#include "tests/http/relais.h"
#include "tests/lib/schema.h"

struct caller {
	struct relais r;
	struct described *described;
	unsigned keys;	   /* each POST has a key of its own */
	const char *facts; /* more of every offer that a desk makes, NULL = nothing */
};

/* Starts the program and reads its description. */
void caller_start(struct caller *c, bool demo);
void caller_stop(struct caller *c);

/* What differs from a plain call of the admin; all may be NULL. */
struct manner {
	const char *token, *key, *if_match, *if_none_match, *type, *cookie, *csrf;
};
/* The status must be this one, and the answer as described. */
#define CALL(c, status, method, path, body) \
	call_described((c), (status), (method), (path), (body), NULL, __LINE__)
#define CALL_WITH(c, status, method, path, body, ...) \
	call_described(                               \
		(c), (status), (method), (path), (body), &(struct manner){__VA_ARGS__}, __LINE__)
struct told call_described(struct caller *c, int status, const char *method, const char *path,
	const char *body, const struct manner *manner, int line);
/* printf into the arena of the answers. */
const char *text_of(struct caller *c, const char *format, ...) PRINTF_LIKE(2, 3);
/* A member of an answer as a C string; it must be a text. */
const char *member_of(struct caller *c, const struct told *t, const char *name);

/* The first `count` of a site's events: each must be as described. */
void call_events(struct caller *c, const char *site, unsigned count);
/* Waits until a site's events behind that answer say `text`. */
void call_hear(struct caller *c, const struct told *after, const char *site, const char *text);
/* The journal's export, line by line. The number of lines. */
size_t call_export(struct caller *c, const char *journal);
