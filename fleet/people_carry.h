/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* DIR/people as a backup carries it: persons' keys, users, tokens and the secret; no sessions, no
 * search words. */

#include "fleet/people.h"

/* Every key and token, in order. False: `take` gave false, or the store has a fault. */
MUST_CHECK bool people_carry_out(struct people *p, void *context,
	bool (*take)(void *context, struct str key, struct str value));
/* Whether that is such a row at all. */
bool people_carried_is_good(struct str key, struct str value);

/* Into a store that was just made; rows that are good. */
struct people_carried {
	struct str key, value;
};
MUST_CHECK enum outcome people_carry_in(
	struct people *p, const struct people_carried *rows, size_t count);
MUST_CHECK enum outcome people_carry_secret(struct people *p, const uint8_t secret[SEAL_KEY_LEN]);
