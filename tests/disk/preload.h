/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The parts of the library that is preloaded under a program: preload.c stands between it and its
 * files, record.c writes down what it does, failing.c says what shall go wrong. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "tests/disk/record.h"

enum { PRELOAD_NAME = 256 };

/* ---- record.c ---- */

/* Under the lock of preload.c, so that the record has the order in which things were done. */
void record_op(struct op_head head, const char *name, const struct iovec *parts, int parts_len);

/* ---- failing.c ---- */

enum failing_part { FAIL_NOTHING_DONE, FAIL_HALF_DONE, FAIL_ALL_DONE };
struct failing {
	int error; /* 0: nothing fails */
	enum failing_part part;
};
/* One more operation of the kind that can fail (a write, a sync, a size). */
struct failing failing_next(void);
/* Whether there is no room for new blocks just now. */
bool failing_is_full(void);
/* A counter that other processes can read: a file of 8 bytes, named by an environment variable. */
uint64_t *failing_counter(const char *variable);
