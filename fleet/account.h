/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Accounts: users, their sessions, and tokens, where servers of one journal share them. DIR/people
 * holds them all, so that whoever asks is known while the others cannot be reached; a change is one
 * step in a line that all servers agree on, decided on what the step before left, and is here only
 * once it is there. What a command of this machine changed while no server ran is noted beside its
 * row, and given by the next one.
 */

#include "fleet/journal.h"
#include "fleet/people.h"

enum { ACCOUNT_MARK_LEN = 16, ACCOUNT_VALUE_MAX = 64 << 10 };

/* How far a server has followed: the step, and what is on no other line. 0: nothing yet. */
struct account_place {
	uint64_t n;
	uint8_t mark[ACCOUNT_MARK_LEN];
};
/* A row as it lies in DIR/people; value STR_NULL: it is gone. */
struct account_row {
	struct str key, value;
};
/* Whether it is one that servers share at all. */
bool account_row_is_good(struct str key, struct str value);
struct account_news {
	struct account_place now;
	bool whole; /* the place asked for is not on the line: these are all rows there are */
	struct account_row *rows;
	size_t len;
};

/* Where they are shared. One call at a time, from any thread; each answers in time. */
struct accounts {
	/* The step after `at`: DONE, LOST when another stands there or `at` is not on the line,
	 * AWAY, or UNKNOWN: the same again finds out. */
	enum append (*write)(struct accounts *self, const struct account_place *at,
		const struct account_place *to, const struct account_row *rows, size_t len);
	/* What changed since, in the arena: END, or AWAY. */
	enum journal_read (*read)(struct accounts *self, const struct account_place *at,
		struct arena *a, struct account_news *out);
};

/* From now on, until it is shared with NULL; borrowed. */
void people_share_accounts(struct people *p, struct accounts *accounts);
/* Takes what others changed, and gives what is noted here. FAULT_BUSY: they cannot be asked. */
MUST_CHECK enum outcome people_follow_accounts(struct people *p);
