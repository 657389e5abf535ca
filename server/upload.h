/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Bytes that wait a moment to become part of a booking: parts of files on their way in, pages that
 * are about to be signed. They are known by their SHA-256 and belong to whoever left them: nobody
 * reads another's. In memory, bounded, forgotten after a while; whoever needs them again sends them
 * again.
 */

#include "fleet/seal.h"
#include "rules/outcome.h"

enum {
	UPLOAD_KEPT_S = 15 * 60,
	UPLOADS_MAX = 1024,
	UPLOADS_BYTES_MAX = 64 << 20,
	UPLOADS_OF_ONE_MAX = 24 << 20, /* bytes of one user or program */
};

struct uploads;
struct uploads_counts {
	uint64_t waiting, bytes, refused; /* parts, their bytes; parts that found no room */
};
void uploads_counts(const struct uploads *u, struct uploads_counts *out);
/* NULL without memory. */
struct uploads *uploads_open(struct env *env);
void uploads_close(struct uploads *u);
/* A copy; what is there already stays longer. FAULT_BUSY: there is no room until others are
 * forgotten; FAULT_MEMORY. */
MUST_CHECK enum outcome uploads_add(
	struct uploads *u, struct str owner, const struct hash *sha256, struct str bytes);
/* Borrowed until the next call; STR_NULL when it is not there. */
struct str uploads_find(struct uploads *u, struct str owner, const struct hash *sha256);
