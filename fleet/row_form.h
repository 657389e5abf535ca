/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The form of stored objects, one table: what apply and every reader of a row take for granted and
 * ASSERT. What a decision of ours drafts has it. Entries that come from outside (a backup, a
 * journal elsewhere) are looked at with it before they are applied, and so is every entry that
 * `relais verify` plays again; a row without it would be refused in words, never met by a reader.
 *
 * It says what this house can bear, not what the trade wants: that is the door's (server/shapes*).
 * Members that it does not know are nobody's to read; nested objects are looked at as far as
 * something is read from them.
 */

#include "fleet/arena.h"
#include "fleet/env.h"
#include "fleet/key.h"

/* NULL: `doc` is an object of that kind and id in that journal. Else why it is not, a sentence in
 * the arena (or a constant when that is full). */
const char *row_form_fault(struct arena *a, struct env *env, enum row_kind kind, struct str id,
	struct str journal, struct json doc);
/* The same for what a refusal says beside its reason. */
const char *refusal_form_fault(struct arena *a, struct str slug, struct json detail);
/* Whether the table knows a member of that kind. */
bool row_form_knows(enum row_kind kind, struct str member);
