/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/key.h"

/* A key, or a value made of the same blocks, read back from left to right. */

static bool take_number(struct str key, size_t *at, size_t width, uint64_t *v)
{
	if (*at > key.n || key.n - *at < width)
		return false;
	*v = 0;
	for (size_t i = 0; i < width; i++)
		*v = *v << 8 | (uint8_t)key.p[*at + i];
	*at += width;
	return true;
}

bool key_take_u8(struct str key, size_t *at, uint8_t *v)
{
	uint64_t wide = 0;
	bool good = take_number(key, at, 1, &wide);

	*v = (uint8_t)wide;
	return good;
}

bool key_take_u16(struct str key, size_t *at, uint16_t *v)
{
	uint64_t wide = 0;
	bool good = take_number(key, at, 2, &wide);

	*v = (uint16_t)wide;
	return good;
}

bool key_take_u32(struct str key, size_t *at, uint32_t *v)
{
	uint64_t wide = 0;
	bool good = take_number(key, at, 4, &wide);

	*v = (uint32_t)wide;
	return good;
}

bool key_take_u64(struct str key, size_t *at, uint64_t *v)
{
	*v = 0;
	return take_number(key, at, 8, v);
}

bool key_take_text(struct str key, size_t *at, struct str *s)
{
	const char *end;

	*s = STR_NULL;
	if (*at >= key.n)
		return false;
	end = memchr(key.p + *at, '\0', key.n - *at);
	if (!end)
		return false;
	*s = (struct str){key.p + *at, (size_t)(end - key.p) - *at};
	*at += s->n + 1;
	return true;
}
