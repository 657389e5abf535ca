/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A probe (http_probe.c) with limits of one's own for each test, and its counters. */

#include "tests/lib/check.h"
#include "tests/lib/client.h"
#include "tests/lib/process.h"

/* Where the probe lies: the first argument of the test, or beside it. */
void probe_find(int argc, char **argv);
/* Starts one with these arguments, blanks between them. The port it listens at. */
int probe_start(const char *arguments);
/* Ends it by SIGTERM. It checks itself while it drains: the exit code must be 0. */
void probe_stop(void);
struct process *probe_process(void);

/* A counter now, asked from an address that no test uses otherwise. */
uint64_t probe_count(const char *name);
/* Waits until it has reached that value; fails the test when it does not. */
#define probe_count_reaches(name, value) probe_wait((name), (value), __FILE__, __LINE__)
void probe_wait(const char *name, uint64_t value, const char *file, int line);

/* Sends the bytes on a connection of its own and reads one answer. */
struct response probe_raw(const char *bytes);
/* One GET on that connection is answered 200. */
bool probe_works(struct client *c);
