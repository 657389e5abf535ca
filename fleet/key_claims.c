/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"

/* ---- DB_CLAIMS ---- */

struct key key_claims_prefix(struct str resource, uint16_t seat)
{
	struct key k = {.n = 0};

	key_text(&k, resource);
	key_u16(&k, seat);
	return k;
}

struct key key_claims(struct str resource, uint16_t seat, uint32_t first_start)
{
	struct key k = key_claims_prefix(resource, seat);

	key_u32(&k, first_start);
	return k;
}
