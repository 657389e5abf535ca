/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * LISTEN and NOTIFY, on a thread and a connection of their own: that something was appended may be
 * heard before the next look, and may as well not be. Appends never wait for it: a NOTIFY of their
 * own would take a lock that all commits with one have in common.
 */

#include "rules/base.h"

enum { HINT_CONNECT_MS = 2000, HINT_PAUSE_MS = 1000 };

struct hint;
/* NULL without memory or threads. */
struct hint *hint_open(const char *address);
/* From now on `heard` is called, on the hint's thread; NULL: and no more once this returns. */
void hint_hear(struct hint *h, void (*heard)(void *context), void *context);
/* Something was appended here. From any thread; waits for nobody. */
void hint_tell(struct hint *h);
void hint_close(struct hint *h);
