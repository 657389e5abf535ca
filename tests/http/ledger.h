/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * What a caller who is told the truth would know: each order that was given to a server (with the
 * key to ask again by), and what each promise was when it was last acknowledged. The tests that
 * kill the server hold it against what the server says afterwards.
 */

#include "tests/http/house.h"

enum { ID_BYTES = 48, NUMBER_BYTES = 32, WORD_BYTES = 32, PATH_BYTES = 96, NO_PROMISE = -1 };

enum errand {
	MAKE_BOOKED,
	MAKE_HELD,  /* for a long time */
	MAKE_BRIEF, /* held for two minutes: it may expire in between */
	MAKE_OUT,   /* a walk-in: booked and handed over in one step */
	BOOK,	    /* a hold */
	CANCEL,
	CHECK_OUT,
	CHECK_IN,
	NEW_CUSTOMER,
	ERRANDS,
};

enum fate {
	ORDER_UNKNOWN, /* given, and nothing heard: it may have been done or not */
	ORDER_DONE,    /* 2xx */
	ORDER_REFUSED, /* 409 */
};

struct order {
	enum errand errand;
	enum fate fate;
	const char *method;
	char path[PATH_BYTES];
	char key[WORD_BYTES];
	struct str body;	  /* owned */
	int32_t promise;	  /* what it is about, or what it made; else NO_PROMISE */
	bool starts_now;	  /* what it makes may be handed over at once */
	char problem[PATH_BYTES]; /* the type of a refusal */
};

struct promise {
	char id[ID_BYTES], number[NUMBER_BYTES];
	char status[WORD_BYTES];
	bool brief;	 /* held, and perhaps expired meanwhile */
	bool starts_now; /* it may be handed over */
	bool asked;	 /* an order about it is under way */
	bool has_driver; /* sealed words that must be legible afterwards */
	struct instant from, until;
	uint32_t seen; /* by the list that is being checked */
};

struct ledger {
	struct order *orders; /* owned: those of this round */
	uint32_t orders_len, orders_cap;
	struct promise *promises; /* owned: all that were acknowledged */
	uint32_t promises_len, promises_cap;
	uint32_t keys, customers; /* ever given */
	/* How it went, in all rounds. */
	uint32_t done[ERRANDS], refused, unknown, unheard; /* unheard: committed, its answer lost */
};

void ledger_free(struct ledger *l);
/* A new order with a key of its own. The body is the ledger's from now on. Its index. */
uint32_t ledger_order(struct ledger *l, enum errand errand, int32_t promise, struct str body);
/* What the server answered to it: the first time, or when it was asked again by its key. Anything
 * but 2xx and 409 fails the test, and so does a second answer that differs from the first. */
void ledger_answer(struct ledger *l, uint32_t order, const struct response *r);
/* The round is over: every order has an answer. Forgets them. */
void ledger_next_round(struct ledger *l);
/* Some promise that has this status, is not asked about and, if that is wanted, starts now;
 * NO_PROMISE when there is none. */
int32_t ledger_pick(struct ledger *l, struct chance *chance, const char *status, bool starts_now);

/* The orders of this round whose answer is unknown are asked again, by their key. */
void ledger_resolve(struct ledger *l, struct house *h);
/* Some orders of this round that were answered are asked again: the same answer, marked as such. */
void ledger_replay(struct ledger *l, struct house *h, struct chance *chance);
/* What this round touched is there, as it was acknowledged. */
void ledger_check_round(struct ledger *l, struct house *h);
/* The list of all bookings is the ledger, each once; and no seat is given twice at a time. */
void ledger_check_all(struct ledger *l, struct house *h);
