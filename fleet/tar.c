/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/tar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where the fields of a head begin (POSIX.1-2017, pax: ustar interchange format). */
enum {
	AT_MODE = 100,
	AT_UID = 108,
	AT_GID = 116,
	AT_SIZE = 124,
	AT_MTIME = 136,
	AT_SUM = 148,
	AT_TYPE = 156,
	AT_MAGIC = 257,
	SIZE_DIGITS = 11,
	SUM_BYTES = 8,
	FIELD_TEXT = 24,
};
static const uint64_t size_max = (UINT64_C(1) << (3 * SIZE_DIGITS)) - 1;

static void put(uint8_t *block, size_t at, const char *text)
{
	memcpy(block + at, text, strlen(text));
}

void tar_head(uint8_t out[TAR_BLOCK], const char *name, uint64_t size)
{
	char text[FIELD_TEXT];
	uint32_t sum = 0;

	ASSERT(strlen(name) < TAR_NAME_MAX && size <= size_max);
	memset(out, 0, TAR_BLOCK);
	put(out, 0, name);
	put(out, AT_MODE, "0000644");
	put(out, AT_UID, "0000000");
	put(out, AT_GID, "0000000");
	snprintf(text, sizeof text, "%011" PRIo64, size);
	put(out, AT_SIZE, text);
	put(out, AT_MTIME, "00000000000");
	put(out, AT_TYPE, "0");
	memcpy(out + AT_MAGIC, "ustar\00000", 8);
	memset(out + AT_SUM, ' ', SUM_BYTES);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += out[i];
	snprintf(text, sizeof text, "%06" PRIo32, sum);
	memcpy(out + AT_SUM, text, 7); /* its NUL, then a blank */
}

bool tar_head_read(const uint8_t block[TAR_BLOCK], char name[TAR_NAME_MAX], uint64_t *size)
{
	uint8_t again[TAR_BLOCK];

	if (!memchr(block, 0, TAR_NAME_MAX) || !block[0])
		return false;
	memcpy(name, block, TAR_NAME_MAX);
	*size = 0;
	for (size_t i = 0; i < SIZE_DIGITS; i++) {
		uint8_t digit = block[AT_SIZE + i];
		if (digit < '0' || digit > '7')
			return false;
		*size = *size * 8 + (uint64_t)(digit - '0');
	}
	tar_head(again, name, *size);
	return memcmp(again, block, TAR_BLOCK) == 0;
}
