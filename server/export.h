/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A journal as JSON lines (contract 6), however long it is: read a page at a time, each in a short
 * look of its own, and no faster than the client takes it. Ends at the head there was when it
 * began.
 */

#include <uv.h>

#include "fleet/fleet.h"

enum { EXPORTS_MAX = 16 };

struct exports;
struct exports *exports_open(uv_loop_t *loop, struct fleet *fleet);
/* After the last stream has gone. */
void exports_close(struct exports *e);
