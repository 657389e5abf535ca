/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A file without a name, in $TMPDIR, else /tmp: what is made in parts and is too long for memory.
 * Where neither can have one it is in memory. -1: nowhere. */
int spill_open(void);
