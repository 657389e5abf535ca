/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A printed paper being written: one HTML document with its own style, no script and nothing from
 * elsewhere, made for A4. What is true of the store makes it, and nothing else: no clock, so that
 * the same state gives the same bytes.
 */

#include "fleet/view.h"
#include "fleet/words.h"
#include "rules/zone.h"

enum { PAPER_BYTES_MAX = 1 << 20 };

struct paper {
	struct arena *arena; /* borrowed */
	char *buf;
	size_t n, cap;
	bool full;
	struct words words;
	const struct zone *zone; /* of every time in it */
};

/* False without memory. */
MUST_CHECK bool paper_open(
	struct paper *p, struct arena *a, struct str language, const struct zone *zone);
/* Head and style; `title` is a name of the words, `what` a number or day behind it. */
void paper_begin(struct paper *p, const char *title, struct str what, bool wide);
/* The bytes; STR_NULL when they found no room. */
struct str paper_end(struct paper *p);

/* ---- writing ---- */
void paper_raw(struct paper *p, struct str markup);			    /* of ours */
void paper_put(struct paper *p, const char *format, ...) PRINTF_LIKE(2, 3); /* markup of ours */
void paper_text(struct paper *p, struct str text);			    /* escaped */
void paper_say(struct paper *p, const char *name);		      /* the words of that name */
void paper_named(struct paper *p, const char *group, struct str key); /* its word, else the key */
/* The words of that name with {hole} filled in. */
void paper_fill(struct paper *p, const char *name, const char *hole, struct str value);
void paper_lines(struct paper *p, struct str text); /* blank lines part paragraphs */
/* "16/03/2026 09:00"; nothing when the member is absent. */
void paper_moment(struct paper *p, struct instant t);
void paper_hour(struct paper *p, struct instant t);
void paper_day(struct paper *p, struct day d);
struct str paper_day_text(struct paper *p, struct day d);
void paper_money(struct paper *p, int64_t minor, struct str currency);
/* <dt>name</dt><dd>text</dd>; nothing when the text is empty. */
void paper_row(struct paper *p, const char *name, struct str text);
/* "Where, what: note" of a mark, or the free words that stand for it. */
void paper_mark(struct paper *p, struct json mark);
