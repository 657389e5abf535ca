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

/* In the view's arena; STR_NULL without memory, or when there is no such site. */
struct str claims_xlsx(struct view *v, const struct claims_ask *ask);
