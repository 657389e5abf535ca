/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The world in PostgreSQL (world.sql), asked by prepared statements through its socket. */

#include <libpq-fe.h>

#include "tests/bench/search/world.h"

struct theirs {
	PGconn *connection; /* owned */
};

void theirs_open(struct theirs *t, const char *conninfo);
void theirs_close(struct theirs *t);
/* Copies the world in and makes its indexes. */
void theirs_fill(struct theirs *t, uint32_t sites);
int32_t theirs_free(struct theirs *t, const struct question *q);
int32_t theirs_next(struct theirs *t, const struct question *q);
struct stretch theirs_next_full(struct theirs *t, const struct question *q);
/* The way there and back with nothing asked. */
void theirs_nothing(struct theirs *t);
