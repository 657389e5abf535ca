/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real program ($RELAIS_BIN) as an operator runs it: with a configuration file that the test
 * writes, an environment, signals, and a log that is read line by line. */

#include "tests/lib/check.h"
#include "tests/lib/client.h"
#include "tests/lib/process.h"
#include "tests/lib/scratch.h"

enum { SERVED_WAIT_MS = 60000, HEARD_BYTES = 16 << 10 };

struct served {
	struct scratch scratch;
	char data[SCRATCH_PATH * 2], config[SCRATCH_PATH * 2];
	struct process process;
	int port;
	bool by_file; /* DIR and address are in the file alone */
	int log; /* the reading end of its standard error */
	char heard[HEARD_BYTES];
};

void served_make(struct served *s);
void served_remove(struct served *s);
/* Replaces a file of the scratch directory as a whole. */
void served_write(const struct served *s, const char *name, const char *text);
/* serve --data --config --listen 127.0.0.1:0; must come up. */
void served_start(struct served *s);
/* Reads the log until a whole line with that text; all that was heard from the last call on. */
const char *served_hear(struct served *s, const char *text);
void served_signal(const struct served *s, int signal);
/* TERM; must end it with 0. */
void served_stop(struct served *s);
/* The answer's body to GET, NUL behind; must be of that status. Valid until the next call. */
const char *served_get(struct served *s, const char *path, const char *authorization, int status);
/* Whether /metrics has that text. */
bool served_metric_is(struct served *s, const char *line);
