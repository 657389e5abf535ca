/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* /livez: the loop turns. /readyz: work sent here will be done; otherwise 503 says what is missing,
 * so that whoever shares out requests sends them elsewhere. Behind "ready" stands what an operator
 * should look at all the same. */

#include "server/care.h"
#include "server/respond.h"
#include "server/writer.h"

enum { WARNINGS_BYTES_MAX = 8 << 10 };

#define TEXT_PLAIN STR("text/plain; charset=utf-8")

void page_livez(struct call *call)
{
	respond_text(call, 200, TEXT_PLAIN, STR("ok\n"));
}

void page_readyz(struct call *call)
{
	struct writer_counts counts;
	writer_counts(call->api->writer, &counts);
	if (call->api->draining) {
		respond_refused(call, FAULT_BUSY, STR("the server is going down"));
		return;
	}
	if (counts.waiting >= counts.waiting_max) {
		respond_refused(call, FAULT_BUSY, STR("the writer's queue is full"));
		return;
	}
	if (counts.fleet.forked) {
		respond_refused(call, FAULT_CORRUPT,
			STR("the journal does not go on from what this server has"));
		return;
	}
	/* A view reads the store: a fault of the disk shows here first. */
	if (call_look(call)->txn->outcome != OK) {
		respond_refused(call, FAULT_DISK, STR("the store cannot be read"));
		return;
	}
	struct text t;
	text_init(&t, call->arena, WARNINGS_BYTES_MAX);
	text_add(&t, "ready\n");
	/* Sentences name files and figures: not for strangers. */
	if (exchange_from_loopback(call->x))
		care_warn(&t, call->api);
	respond_text(call, 200, TEXT_PLAIN, text_done(&t));
}
