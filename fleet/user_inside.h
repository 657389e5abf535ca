/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Users within a transaction: for the files that change them, their sessions and the first one. */

#include "fleet/account_inside.h"
#include "fleet/user.h"

struct key user_key(struct str login);
bool user_get(struct txn *t, struct str login, struct user *out);
void user_put(struct txn *t, const struct user *u);
/* Gives a new user what it has not got, and writes it. */
enum outcome user_insert(struct people *p, struct txn *t, struct user *u);
bool user_admin_in(struct txn *t, struct str but_login);
/* session.c: every session of that user, but one ("" = none). */
void session_end_all(struct txn *t, const char *user_id, struct str but_row);
