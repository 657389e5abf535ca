/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The door for JSON from outside: a strict library parser (jansson: duplicates, invalid UTF-8 and
 * trailing bytes refused, line and column of the fault), then canonical bytes of the closed grammar
 * (rules/json.h). Inside the house only those travel.
 */

#include "fleet/arena.h"

/* Canonical bytes in the arena, or STR_NULL and a sentence in `why` (in the arena): not JSON, a
 * fraction, a number beyond 2^53 - 1, U+0000, too deep. Any keys are accepted here; shapes refuse.
 */
struct str json_from_outside(struct arena *a, struct str body, struct str *why);
