/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a booking that exists asks of the calendar for a window: shared by the verbs that give it
 * another one (decide_window.c) and the one that gives it back its own (decide_reinstate.c). */

#include "fleet/make.h"

struct plan_ask ask_of(
	struct decide *d, const struct booking *b, struct span window, struct str class);
/* "legs" of the plan, where its solution has any. */
void write_booking_legs(struct json_writer *w, const struct plan_ask *ask, const struct plan *plan);
