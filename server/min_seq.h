/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Relais-Min-Seq: SITE=N, directory=M (contract 2). Whoever was told by one server how far journals
 * were may ask another for no less: the request waits until this one has followed so far, at most
 * MIN_SEQ_WAIT_MS, and is then answered 503.
 */

#include <uv.h>

#include "server/api.h"

enum {
	MIN_SEQ_WAIT_MS = 500,
	MIN_SEQ_LOOK_MS = 10,
	MIN_SEQ_WAITING_MAX = 256,
	MIN_SEQ_JOURNALS_MAX = 8, /* of one request */
};

struct min_seqs;
struct min_seqs *min_seqs_open(uv_loop_t *loop);
/* After the last request. */
void min_seqs_close(struct min_seqs *m);
/* True: the call may go on now. Otherwise it was answered, or goes on by itself. */
MUST_CHECK bool min_seq_met(struct call *call);
uint32_t min_seqs_waiting(const struct min_seqs *m);
