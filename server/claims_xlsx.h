/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Claims as a workbook (ECMA-376): a sheet of lines with the columns of claims.h, one of their
 * findings, one of sums by payer and cost code. Texts are texts, never formulas; amounts are whole
 * minor units, as everywhere; instants are the site's local time.
 */

#include "fleet/claims.h"

#define XLSX_TYPE STR("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

struct claims_book;
/* NULL: there is no memory, or no place for files ($TMPDIR, else /tmp). */
struct claims_book *claims_book_open(void);
/* False: more rows than a sheet may have, or no memory; it can only be closed then. */
MUST_CHECK bool claims_book_add(struct claims_book *b, const struct claim_lines *lines);
/* The whole workbook in a file without a name, to be read from its start; -1: it could not be
 * written. Packs all of it, which may take seconds. From any thread. */
int claims_book_close(struct claims_book *b);
