/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Between the files that count figures. */

#include "fleet/figures.h"
#include "fleet/render_parts.h"

bool figures_holds(const struct figures *f, struct instant t); /* on these days */
struct str figures_keep(struct figures *f, struct str text);
/* A list that grows in the arena: the same or a longer one with room for one more; NULL: none. */
void *figures_grown(struct figures *f, void *list, uint32_t len, uint32_t *cap, size_t item_bytes);

/* ---- cars ---- */
void figures_car(struct figures *f, const struct resource *r); /* its days in service */
void figures_claims(struct figures *f, const struct roster *roster, const struct booking *b);
void figures_block(struct figures *f, const struct roster *roster, struct json doc);
void figures_loan(
	struct figures *f, struct view *look, const struct roster *roster, const struct booking *b);
/* When the first of its cars was handed over; false: none was. */
bool figures_first_out(const struct booking *b, struct instant *at);
void figures_lengths(struct figures *f); /* when all are counted */

/* ---- who pays ---- */
void figures_given(struct figures *f, const struct booking *b);
void figures_costs(struct figures *f); /* when all are counted */

/* ---- promises, visits, cars that are overdue ---- */
bool figures_risks(struct figures *f, struct view *v); /* false when it is over */
bool figures_is_broken(const struct figures *f, struct str booking);
bool figures_visits(struct figures *f, struct view *v); /* the same */
void figures_overdue(struct figures *f, struct view *v);
