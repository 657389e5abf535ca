/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A wire between a server and PostgreSQL that can be cut at the worst moment: a process of its own
 * that passes bytes on, between a socket that looks like PostgreSQL's and the real one. */

#include "tests/pg/postgres.h"

enum cut {
	CUT_NEVER,  /* all is passed on */
	CUT_REPLY,  /* the next append arrives and is answered; nobody hears the answer */
	CUT_APPEND, /* the next append is not passed on */
	CUT_OFF,    /* it was cut: whoever connects is turned away, until all is passed on again */
};

struct cutter {
	struct scratch scratch;
	pid_t pid;
	volatile int *cut; /* enum cut, shared with the process */
};

void cutter_open(struct cutter *c, const struct postgres *to);
void cutter_close(struct cutter *c);
const char *cutter_url(const struct cutter *c, const char *database, char out[POSTGRES_URL_BYTES]);
void cutter_set(struct cutter *c, enum cut cut);
bool cutter_was_used(const struct cutter *c);
