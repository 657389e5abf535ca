/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* An import as the API shows it: from the thread that has it in hand or had, and from the journal
 * where that remembers it. */

#include "server/imports.h"

/* `job` or `row` may be NULL, not both; an undo's job needs the row. `whole`: with what was
 * understood, and every line. STR_NULL without memory. */
struct str import_show(struct view *v, struct import_job *job, const struct row *row, bool whole);
/* The newest first, those of the journal and those that only this server knows; dry runs are none.
 */
struct list_page;
struct str import_list(struct view *v, struct imports *all, const struct list_page *page);
