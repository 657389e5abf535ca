/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"

/* ---- DB_ROWS ---- */

struct key key_row_prefix(enum row_kind kind)
{
	struct key k = {.n = 0};

	key_u8(&k, (uint8_t)kind);
	return k;
}

struct key key_row(enum row_kind kind, struct str id)
{
	struct key k = key_row_prefix(kind);

	key_text(&k, id);
	return k;
}

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

/* ---- DB_PARTS ---- */

struct key key_part_prefix(struct str attachment)
{
	return key_head(attachment);
}

struct key key_part(struct str attachment, uint16_t number)
{
	struct key k = key_part_prefix(attachment);

	key_u16(&k, number);
	return k;
}
