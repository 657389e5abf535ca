/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Vehicle identification numbers (ISO 3779). Blanks are dropped and letters raised before the
 * check. */

#include "rules/base.h"

enum { VIN_LEN = 17, VIN_TEXT = 18 };
enum vin_fault { VIN_GOOD, VIN_LENGTH, VIN_CHARSET, VIN_CHECK_DIGIT };

/* Normalises `in` into out (NUL-terminated, cut at 17 characters). The check digit counts only in
 * the North American market (49 CFR 565). */
enum vin_fault vin_check(char out[VIN_TEXT], struct str in, bool north_america);
const char *vin_fault_code(enum vin_fault fault); /* "VIN_LENGTH"; "" for VIN_GOOD */
