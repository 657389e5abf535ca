/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "fleet/pack.h"

/* The archive of a pack's files, which is nowhere whole: any part of it, made when it is read. */

uint64_t pack_size(const struct pack *p)
{
	uint64_t n = TAR_END;

	for (int i = 0; i < PACK_FILES_LEN; i++)
		n += TAR_BLOCK + p->part[i].size + tar_padding(p->part[i].size);
	return n;
}

/* As much as there is of one part from a place in it on: head, bytes, padding. 0: none there. */
static size_t part_read(
	struct pack_part *part, const char *name, uint64_t at, char *out, size_t n, bool *good)
{
	uint8_t head[TAR_BLOCK];
	size_t have;

	if (at < TAR_BLOCK) {
		char path[TAR_NAME_MAX];
		snprintf(path, sizeof path, PACK_FOLDER "%s", name);
		tar_head(head, path, part->size);
		have = (size_t)(TAR_BLOCK - at) < n ? (size_t)(TAR_BLOCK - at) : n;
		memcpy(out, head + at, have);
		return have;
	}
	at -= TAR_BLOCK;
	if (at < part->size) {
		ssize_t got;
		have = part->size - at < n ? (size_t)(part->size - at) : n;
		got = pread(fileno(part->file), out, have, (off_t)at);
		*good = got > 0;
		return got > 0 ? (size_t)got : n;
	}
	at -= part->size;
	have = tar_padding(part->size) - (size_t)at;
	have = have < n ? have : n;
	memset(out, 0, have);
	return have;
}

bool pack_read(struct pack *p, uint64_t at, char *out, size_t n)
{
	bool good = true;

	ASSERT(p->phase == PACK_DONE && at + n <= pack_size(p));
	for (int i = 0; i < PACK_FILES_LEN; i++) {
		struct pack_part *part = &p->part[i];
		uint64_t whole = TAR_BLOCK + part->size + tar_padding(part->size);
		while (n > 0 && at < whole && good) {
			size_t got = part_read(part, pack_file_names[i], at, out, n, &good);
			at += got;
			out += got;
			n -= got;
		}
		at -= at < whole ? at : whole;
	}
	memset(out, 0, n);
	return good;
}
