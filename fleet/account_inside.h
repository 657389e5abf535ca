/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* How users, sessions and tokens are written, whoever shares them. */

#include "fleet/account.h"
#include "fleet/people_inside.h"

/* A row of an account in a change's transaction. */
void account_put(struct txn *t, const struct key *key, struct str value);
void account_delete(struct txn *t, const struct key *key);
/* Runs `change` in a transaction and makes it durable, here and where it is shared: again, where
 * another server was first. A refusal of it changes nothing; FAULT_BUSY: the others cannot be
 * asked, and nothing is promised. */
MUST_CHECK enum outcome account_change(struct people *p,
	enum outcome (*change)(struct people *p, struct txn *t, void *context), void *context);
/* The same here alone, whatever others know: for what may be lost. */
MUST_CHECK enum outcome account_change_here(struct people *p,
	enum outcome (*change)(struct people *p, struct txn *t, void *context), void *context);
/* What is not a directory's own any more. */
void account_forget(struct txn *t);
