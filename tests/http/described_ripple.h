/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is asked of a car that is out before something is done about it. */

#include "tests/http/described_desk.h"

/* What would be is answered as described, and nothing is done. */
void what_would_be(struct caller *c, const struct told *b);
/* The workshop says when the car is ready: what that means for the loan is answered at once. */
void ready_later(struct caller *c, const struct told *b, const char *ready, bool possible);
/* Who was promised that very car is at risk: somebody must do something about it. */
void what_must_be_done(struct caller *c, const struct told *hurt);
/* Who drove OWN_CAR, which has just gone out for this booking. */
void who_had_it(struct caller *c, const struct told *b);
