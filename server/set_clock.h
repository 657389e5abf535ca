/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Lets the clock of an environment stand where an import needs it, so that what happened last month
 * is decided and written as of last month. One environment at a time, before any thread is started.
 */

#include "fleet/env.h"

void set_clock_begin(struct env *env);
/* From begin to end env->now() answers this. */
void set_clock_to(struct instant now);
void set_clock_end(struct env *env);
