/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * An exported journal as lines, and its chain as anybody may check it: SHA-256 of OpenSSL and the
 * formula of the contract, with nothing of relais.
 */

#include "tests/http/files.h"

enum { HEX_BYTES = 64, LINES_MAX = 4000 };

struct lines {
	struct str all; /* owned */
	struct str line[LINES_MAX];
	uint32_t len;
};

/* GET /v1/audit/journal of that site from an entry on. */
void lines_export(struct lines *l, struct house *h, const char *site, uint32_t from_seq);
void lines_free(struct lines *l);
/* The parts of a line `{"event":EVENT,"hash":"HASH","prev":"PREV"}`; fails the test when it is not
 * of that form. */
struct str line_event(struct str line);
struct str line_hash(struct str line);
struct str line_prev(struct str line);
/* Lower-case hex of SHA-256(raw bytes of prev, event). */
void chain_hash(struct str prev_hex, struct str event, char out[HEX_BYTES + 1]);
