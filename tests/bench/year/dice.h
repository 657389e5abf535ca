/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Chance from a seed (splitmix64): the same on every machine. */

#include "rules/base.h"

struct dice {
	uint64_t state;
};

static inline uint64_t dice_mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to below - 1. */
static inline int32_t dice_roll(struct dice *d, int32_t below)
{
	d->state += UINT64_C(0x9e3779b97f4a7c15);
	return (int32_t)(dice_mix(d->state) % (uint64_t)below);
}

static inline bool dice_percent(struct dice *d, int32_t percent)
{
	return dice_roll(d, 100) < percent;
}
