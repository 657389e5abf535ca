/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The places that a configuration comes from. Each says only what it wants otherwise than the one
 * before it:
 *
 *   1. what is built in                 relais --help names it
 *   2. FILE                             --config FILE
 *   3. FILE.d/NAME.conf                 in the order of their names, byte by byte
 *   4. RELAIS_KEY in the environment    RELAIS_HTTP_STREAMS_MAX is http.streams_max
 *   5. the command line                 --listen, --data, --journal
 *
 * A secret is never a value: its key ends in _file and names the file that holds it.
 */

#include "server/config.h"

enum { CONFIG_PARTS_MAX = 64 }; /* files in FILE.d */

struct config_sources {
	const char *file;		     /* NULL: none */
	const char *const *environment;	     /* NULL: not looked at */
	const char *listen, *data, *journal; /* of the command line; NULL: not there */
};

/* Everything anew, from what is built in on. True when there is no fault. */
MUST_CHECK bool config_load(
	struct config *c, const struct config_sources *from, struct config_faults *f);

/* The one line that a _file holds, in `out`, NUL behind it. False with a sentence in `why`: not
 * there, open to everybody, empty, longer than `size`, more than a line. */
MUST_CHECK bool config_secret(char *out, size_t size, const char *path, char *why, size_t why_size);
