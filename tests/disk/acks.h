/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the answers in a record promised: each 2xx with the entries it had seen (Relais-Seq) and the
 * booking it speaks of. */

#include "tests/disk/medium.h"

enum { ACK_ID = 48 };

struct ack {
	size_t at; /* where in the record it was sent: what is done before that must last */
	uint64_t site_seq, directory_seq; /* 0: it does not say */
	char booking[ACK_ID];		  /* "": of something else */
};

struct acks {
	struct ack *acks; /* owned */
	uint32_t len;
};

/* `early`: as if each answer had been sent before the commit that came before it. */
void acks_read(struct acks *a, struct str record, bool early);
void acks_free(struct acks *a);
