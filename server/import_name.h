/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What French, English and Italian houses call the columns of their tables. */

#include "rules/base.h"

/* The next member that may be meant by a header, STR_NULL when there is no more; *at is 0 at first.
 * One word may mean several: which of them a table has, its kind tells. Case, accents, blanks,
 * hyphens, apostrophes, points and what stands between brackets do not matter. */
struct str import_name_next(struct str header, size_t *at);
