/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What is asked of the writer, and what it answers. A command lives, with its arena, from whoever
 * makes it until it is answered: a batch that is decided again decides the same command again.
 */

#include "fleet/arena.h"
#include "fleet/event.h"

// clang-format off
/* enumerator, kind in the journal, 1 = the directory's journal, status when done */
#define VERBS(X) \
	X(SITE_PUT,           "site",              0, 200) \
	X(RESOURCE_PUT,       "resource",          0, 200) \
	X(RESOURCE_READY,     "resource.ready",    0, 200) \
	X(BLOCK_ADD,          "block",             0, 201) \
	X(BLOCK_REMOVE,       "block.remove",      0, 204) \
	X(RULESET_PUT,        "ruleset",           1, 200) \
	X(CUSTOMER_PUT,       "customer",          1, 200) \
	X(CUSTOMER_ERASE,     "customer.erase",    1, 200) \
	X(CUSTOMER_MERGE,    "customer.merge",    1, 200) \
	X(VEHICLE_PUT,        "vehicle",           1, 200) \
	X(COVER_CHECK,        "cover-check",       1, 200) \
	X(VISIT_OPEN,         "visit",             0, 201) \
	X(VISIT_CHANGE,       "visit.change",      0, 200) \
	X(REPAIR_ORDER_PUT,   "repair-order",      0, 200) \
	X(CLAIM_DRAFT,        "claim",             0, 201) \
	X(CLAIM_COMPLETE,     "claim.complete",    0, 200) \
	X(CLAIM_REOPEN,       "claim.reopen",      0, 200) \
	X(CLAIM_EXPORT,       "claim.export",      0, 200) \
	X(CLAIM_ACCEPT,       "claim.accept",      0, 200) \
	X(CLAIM_CHARGE_BACK,  "claim.charge-back", 0, 200) \
	X(CLAIM_WITHDRAW,     "claim.withdraw",    0, 200) \
	X(VISIT_BOOKINGS,     "visit.bookings",    0, 201) \
	X(BOOKING_MAKE,       "booking",           0, 201) \
	X(BOOKING_BOOK,       "booking.book",      0, 200) \
	X(BOOKING_CANCEL,     "booking.cancel",    0, 200) \
	X(BOOKING_NO_SHOW,    "booking.no-show",   0, 200) \
	X(BOOKING_REINSTATE,  "booking.reinstate", 0, 200) \
	X(BOOKING_RESCHEDULE, "booking.reschedule",0, 200) \
	X(BOOKING_CHANGE,     "booking.change",    0, 200) \
	X(BOOKING_MOVE,       "booking.move",      0, 200) \
	X(BOOKING_PIN,        "booking.pin",       0, 200) \
	X(BOOKING_UNPIN,      "booking.unpin",     0, 200) \
	X(BOOKING_CHECK_OUT,  "booking.check-out", 0, 200) \
	X(BOOKING_CHECK_IN,   "booking.check-in",  0, 200) \
	X(BOOKING_EXCHANGE,   "booking.exchange",  0, 200) \
	X(BOOKING_EXTEND,     "booking.extend",    0, 200) \
	X(BOOKING_LATE,       "booking.late",      0, 200) \
	X(BOOKING_CORRECT,    "booking.correct",   0, 200) \
	X(BOOKING_NOTE,       "booking.note",      0, 200) \
	X(BOOKING_ATTACH,     "booking.attach",    0, 201) \
	X(BOOKING_ASKED,      "booking.satisfaction", 0, 200) \
	X(BOOKING_SIGN,       "booking.sign",      0, 200) \
	X(BOOKING_CONFIRMED,  "booking.confirmed", 0, 200) \
	X(TASK_DONE,          "task.done",         0, 200) \
	X(TASK_MOVE,          "task.move",         0, 200) \
	X(TASK_HAND_OVER,     "task.hand-over",    0, 200) \
	X(TASK_MESSAGE,       "task.message",      0, 200) \
	X(CONTACT_MAKE,       "contact",           0, 201) \
	X(CONTACT_TRANSFER,   "contact.transfer",  0, 200) \
	X(CONTACT_ANSWERED,   "contact.answered",  0, 200) \
	X(COMPLAINT_MAKE,     "complaint",         0, 201) \
	X(COMPLAINT_ANSWER,   "complaint.answer",  0, 200) \
	X(COMPLAINT_SOLVE,    "complaint.solve",   0, 200) \
	X(COMPLAINT_REOPEN,   "complaint.reopen",  0, 200) \
	X(WAITING_ADD,        "waiting",           0, 201) \
	X(WAITING_DROP,       "waiting.drop",      0, 200) \
	X(TICK,               "tick",              0, 200) \
	X(DEMAND,             "demand",            0, 200) \
	X(IMPORT,             "import",            1, 200) \
	X(IMPORT_UNDO,        "import.undo",       0, 200)
// clang-format on

enum verb {
#define X(name, kind, directory, status) VERB_##name,
	VERBS(X)
#undef X
		VERBS_LEN
};
const char *verb_kind(enum verb v);
bool verb_is_directory(enum verb v);
int verb_status(enum verb v);
bool verb_from_kind(enum verb *out, struct str kind);

struct command {
	/* the question */
	enum verb verb;
	struct str journal; /* a site's id, or "directory" */
	struct str
		target;	 /* the id in the address: of the booking, visit, resource, customer, ... */
	struct str body; /* kept form: canonical JSON, its shape checked; "{}" when none */
	struct str by;	 /* the actor's name */
	struct str key;	 /* Idempotency-Key, STR_NULL = none */
	struct str if_match; /* the header's text, STR_NULL = none */
	struct str bytes;    /* of a file that is attached; STR_NULL = none */
	struct str group;    /* the import whose entry it will be; STR_NULL = none */
	bool retold; /* nobody is turned away by its refusal now: it is no demand (an import's) */

	uint64_t queued_ns; /* the writer's: since when it waits, */
	uint32_t waited_ms; /* and for how long when it is taken */

	/* the answer, set by the writer before done() */
	enum outcome outcome;
	uint64_t seq;  /* the entry that holds the answer (OK, and refusals that were journalled) */
	bool replayed; /* it was answered before: Idempotency-Replayed */
	bool unchanged;	   /* a PUT equal to the present state, a DELETE of what is gone: nothing
			      written */
	bool created;	   /* a PUT of a new object: 201 */
	struct str detail; /* canonical JSON object: what a refusal adds to the problem; STR_NULL =
			      none */
	struct faults *faults; /* REFUSED_INVALID: the fields, in the arena */

	struct arena arena; /* owned: everything above that is not borrowed from a longer life */
	void (*done)(struct command *c); /* on the thread the writer's owner chose; may free it */
	void *context;
	struct command *next; /* the queue's link */
};

/* A command in a block of its own, its arena initialised. NULL without memory. */
struct command *command_new(enum verb verb);
/* The same block for another question; its memory is used again. */
void command_renew(struct command *c, enum verb verb);
void command_free(struct command *c);
