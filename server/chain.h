/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The hash chain of an exported journal, line by line (contract.md section 6). It trusts nothing
 * but the bytes: `hash` is SHA-256 over the raw bytes of `prev` and the canonical bytes of `event`,
 * each `prev` is the `hash` before it, sequence numbers follow each other within one journal.
 */

#include "fleet/arena.h"
#include "fleet/key.h"
#include "fleet/seal.h"

struct chain {
	char journal[ID_MAX + 1];
	uint64_t first_seq, seq; /* 0: nothing read yet */
	struct hash head;
	char why[200];
};

/* One line without its end. False: chain->why says what is wrong with it, and the chain stands
 * where it stood. The arena is scratch. What a line needs of those before it is all in the struct:
 * a copy of it goes on from there. */
MUST_CHECK bool chain_line(struct chain *chain, struct arena *a, struct str line);
