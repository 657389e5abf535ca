/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One rude client: what it sends, how slowly, how it ends, and what it may be told. It never waits:
 * session_step() does what can be done now, so that one thread plays many of them beside a client
 * that is polite.
 */

#include "tests/http/house.h"

enum session_end {
	END_STAYS,    /* waits until the server closes */
	END_LEAVES,   /* says farewell */
	END_RESETS,   /* is gone */
	END_FINISHES, /* will send no more, and waits as one that stays */
};

enum session_due {
	DUE_ANYTHING, /* whole answers, none of them a 500 */
	DUE_ONE_4XX,  /* one refusal and the end of the connection; nothing behind it is heard */
	DUE_CLOSED,   /* the same, or nothing but the end */
	DUE_ANSWERS,  /* that many times 200 */
};

enum { SESSION_IN_MAX = 1 << 20, SESSION_ID_TEXT = 32 };

struct session {
	const char *kind;
	int fd;		   /* -1: over */
	struct str bytes;  /* owned */
	size_t sent, step; /* bytes sent so far, and in one step */
	uint32_t pause;	   /* steps between the last byte and the end */
	enum session_end end;
	enum session_due due;
	uint32_t answers; /* of DUE_ANSWERS */
	bool deaf;	  /* never reads, and has room for little */
	size_t sip;	  /* reads so much in one step, and has room for little; 0: all */
	bool packed;	  /* each good answer is due as gzip */
	bool closed;	  /* by the server */
	char customer[SESSION_ID_TEXT]; /* whom it puts; "" none */
	char *in;			/* owned: what it was told */
	size_t in_n;
};

/* A session of a kind that chance draws, not yet connected. What it smuggles in would make the
 * customer SMUGGLED. `name` marks the customers it puts. */
void session_draw(struct session *s, struct chance *c, const struct house *h, const char *name);
/* A good body of a customer; freed by the caller. */
struct str session_customer(const char *id);
/* From an address of 127/8 of its own, told by `number`: nobody else pays for what it does. */
void session_begin(struct session *s, int port, uint32_t number);
/* False: it is over. */
bool session_step(struct session *s);
/* What was wrong with what it was told; NULL: nothing. */
const char *session_fault(const struct session *s);
void session_free(struct session *s);
