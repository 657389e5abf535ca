/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A program under test: started with its arguments, known by the first line it prints, stopped by a
 * signal and asked for its exit code. It dies with the test, however the test ends.
 */

#include <sys/types.h>

#include "rules/base.h"

struct process {
	pid_t pid; /* 0 when not running */
	int out_fd;
	char line[512]; /* the first line of stdout, without its end */
};

/* `argv` ends with NULL, argv[0] is the path; stderr stays ours. False, and nothing left behind,
 * when it cannot be started or prints no line within wait_ms. */
bool process_start(struct process *p, const char *const argv[], int wait_ms);
/* The exit code, 128 + N when signal N ended it, -1 (and it is killed) when it did not end in time.
 */
int process_wait(struct process *p, int wait_ms);
int process_stop(struct process *p, int signal, int wait_ms);
