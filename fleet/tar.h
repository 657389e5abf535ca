/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One form of a tar archive (POSIX ustar) and no other: plain files, of nobody, at no time. Written
 * here rather than by a library because whoever checks one wants exactly one form: a head is read
 * by making it again and comparing, so that no byte of it can say something else.
 */

#include "rules/base.h"

enum { TAR_BLOCK = 512, TAR_NAME_MAX = 100, TAR_END = 2 * TAR_BLOCK };

/* `name` is shorter than TAR_NAME_MAX. */
void tar_head(uint8_t out[TAR_BLOCK], const char *name, uint64_t size);
/* What follows so many bytes, up to the next block. */
static inline size_t tar_padding(uint64_t size)
{
	return (size_t)((TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK);
}
/* False: tar_head would not have written it. */
MUST_CHECK bool tar_head_read(
	const uint8_t block[TAR_BLOCK], char name[TAR_NAME_MAX], uint64_t *size);
