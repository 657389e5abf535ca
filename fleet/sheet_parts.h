/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What both sheets share: lines found, put in order, written one by one in memory of their own. */

#include "fleet/render_parts.h"
#include "fleet/sheet.h"

struct sheet_line {
	struct instant at; /* by which it is ordered */
	struct str id;	   /* of a booking */
	uint32_t leg;	   /* of its legs, where the line is one */
};
struct sheet_lines {
	uint32_t len;
	bool more; /* than there is room for */
	struct sheet_line line[SHEET_LINES_MAX];
};
struct sheet {
	struct paper paper;
	struct view *v;
	const struct roster *roster;
	struct span span; /* the day */
	bool contacts;
	struct row_look look; /* of the line at hand */
};

/* False without memory. */
MUST_CHECK bool sheet_open(struct sheet *s, struct view *v, const struct roster *roster,
	struct day day, struct str language);
void sheet_head(struct sheet *s, const char *title, struct day day);
struct str sheet_close(struct sheet *s);

/* Hands over each booking that touches the day, or ended some weeks before it: `add` chooses. */
void sheet_find(struct sheet *s, void *context,
	void (*add)(void *context, struct sheet *s, const struct booking *b));
void sheet_add(
	struct sheet_lines *lines, struct view *v, struct instant at, struct str id, uint32_t leg);
void sheet_sort(struct sheet_lines *lines);
/* A table of them under its title: `heads` of the words, then each line by `put`. */
void sheet_table(struct sheet *s, const char *title, const char *const *heads, size_t heads_len,
	const struct sheet_lines *lines,
	void (*put)(struct sheet *s, const struct sheet_line *line, const struct booking *b));

bool sheet_holds(const struct sheet *s, struct instant t);
/* Where the customer of this booking is served. */
bool sheet_serves(const struct sheet *s, const struct booking *b);

/* ---- cells ---- */
void cell_begin(struct sheet *s);
void cell_end(struct sheet *s);
void cell_customer(struct sheet *s, const struct booking *b);
void cell_own_car(struct sheet *s, const struct booking *b);
void cell_mobility(struct sheet *s, const struct booking *b);
void cell_car(struct sheet *s, const struct booking *b);
void cell_tick(struct sheet *s);
