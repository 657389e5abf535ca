/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whole numbers and yes or no as tables of French, English and Italian houses have them. */

#include "rules/base.h"

/* A whole number: 12345, 12 345, 12'345, 1.234.567, 12.345,00 or 12,345.00. False: it is none, it
 * has a fraction, or it may be read in two ways (12.345), which is never guessed. */
MUST_CHECK bool import_number_read(int64_t *out, struct str text);
/* true, yes, oui, vrai, sì, vero, 1 and their contraries, in any case. False: it is neither. */
MUST_CHECK bool import_bool_read(bool *out, struct str text);
