/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What printed papers say, in a language. The words are those of fleet/words/papers.LANGUAGE.json
 * and, for places, damage, solutions and the like, those of the pages (server/web/src/words): both
 * travel in the program. Another language is one more file of each, named in fleet/meson.build.
 */

#include "fleet/arena.h"

enum { LANGUAGE_TEXT = 3 };

struct words {
	char language[LANGUAGE_TEXT]; /* "fr" */
	char decimal;		      /* of an amount */
	struct json papers, pages;
};

/* "fr-FR" is read as "fr"; one that is not spoken here as English. False without memory. */
MUST_CHECK bool words_open(struct words *out, struct arena *a, struct str language);
/* Whether papers speak it. */
bool words_known(struct str language);
/* The text of that name; ASSERTs that there is one: it is ours. */
struct str words_text(const struct words *w, const char *name);
/* The word for a key of a group ("zone", "roof"); STR_NULL where there is none. */
struct str words_named(const struct words *w, const char *group, struct str key);
/* The house's own text of that name, in a site's "texts": in this language, else in the site's,
 * else the first there is. STR_NULL: it has none. */
struct str words_house(struct json site, const char *name, struct str language);
