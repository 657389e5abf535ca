/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Money is an integer of minor units; its currency (ISO 4217) travels beside it. No floating point.
 */

#include "rules/base.h"

/* The largest amount any field may hold; sums of 366 of them still fit in int64 and in JSON. */
#define MONEY_MAX INT64_C(1000000000000)

/* a * b, capped at JSON's safe range by refusal: false on overflow. a, b >= 0. */
MUST_CHECK bool money_multiply(int64_t *out, int64_t a, int64_t b);
/* amount * bp / 10000, halves away from zero upwards (S13). amount >= 0, 0 <= bp <= 10000. */
int64_t money_share(int64_t amount_minor, int32_t bp);

/* As it is spoken and printed: whole amounts lose their zeros ("580", "27,50" with comma ','). */
enum { MONEY_TEXT = 32 };
struct str money_print(int64_t minor, int minor_digits, char decimal, char buf[MONEY_TEXT]);
/* Digits after the point of an ISO 4217 currency: 2 for most, 0 for JPY, KRW ..., 3 for KWD ... */
int money_minor_digits(struct str currency);
