/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * How often somebody may try a password that is wrong: so often for one name, whether there is such
 * a user or not, and so often from one address. A try counts from its beginning, so that many at
 * once gain nothing, and is forgiven where the password was right. In memory, bounded; a flood of
 * names drives out those that were tried least.
 */

#include "fleet/seal.h"

enum {
	GUESSES_PER_NAME_MAX = 10,
	GUESSES_PER_ADDRESS_MAX = 50,
	GUESS_WINDOW_MS = 15 * 60 * 1000,
	GUESS_SETS = 1024,
	GUESS_WAYS = 4,
};

struct guess {
	uint64_t key; /* 0 = free */
	uint64_t from_ms;
	uint32_t count;
};
struct guesses {
	uint8_t secret[SEAL_KEY_LEN]; /* nobody chooses names that share a set */
	uint64_t refused_name, refused_address;
	struct guess of_name[GUESS_SETS][GUESS_WAYS], of_address[GUESS_SETS][GUESS_WAYS];
};

void guesses_init(struct guesses *g, const uint8_t secret[SEAL_KEY_LEN]);
/* Counts a try. 0: go on. Else nothing was counted, and it is so many seconds too early. */
uint32_t guess_begin(struct guesses *g, struct str name, uint64_t address, uint64_t now_ms);
/* The password was right, or was never looked at. */
void guess_forgive(struct guesses *g, struct str name, uint64_t address);
