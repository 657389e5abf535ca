/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What the table of routes promises of every GET: a tag and 304 behind it, the heads of the
 * journals that are shown, lists page by page. Each answer of the walk is held against its row.
 */

#include "tests/http/described_call.h"

/* An answer 200 to a GET, as it was asked for. */
void reads_hold(struct caller *c, const struct ask *ask, const struct told *t, int line);
/* At the end: no row was left out. */
void reads_were_all_met(struct caller *c);
/* Every list that has pages: by one and one the same as at once; no other cursor is taken. */
void reads_page_by_page(struct caller *c);
