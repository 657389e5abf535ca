/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* People at the running program: made by its own command, signed in, and calling as a browser
 * does: with the cookie, with Relais-CSRF, from a page. */

#include "tests/http/relais.h"

enum { COOKIE_TEXT = 160, CSRF_TEXT = 64 };
#define PASSWORD "correct horse"
#define OWN_ORIGIN "http://localhost" /* as the test's client names its host */

struct person {
	char cookie[COOKIE_TEXT]; /* "__Host-relais=..." */
	char csrf[CSRF_TEXT];
};

/* `relais user add`; its exit code. `site` may be NULL. */
int person_add(struct relais *r, const char *login, const char *password, const char *role,
	const char *site);
/* What is answered to a name and a password; signs `p` in where it is 200. */
struct told person_sign_in(
	struct relais *r, struct person *p, const char *login, const char *password);

struct browsing {
	const char *method, *path;
	const struct person *person; /* NULL: without a cookie */
	const char *csrf;	     /* NULL = the person's; "" = none */
	const char *site;	     /* Sec-Fetch-Site, NULL = none */
	const char *origin;	     /* NULL = none; "" = the server's own */
	const char *key, *if_match;
	struct str body;
	char *set_cookie; /* out, COOKIE_TEXT * 2; NULL = not wanted */
	char *retry;	  /* out, 16 */
};
struct told person_ask(struct relais *r, const struct browsing *b);
#define ASK(r, ...) person_ask((r), &(struct browsing){__VA_ARGS__})
