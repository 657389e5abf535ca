/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The server as a whole: opens its parts in order, serves until it is told to stop, and closes them
 * in the opposite order. */

#include "server/http.h"

struct app_options {
	const char *dir;
	const char *listen;
	bool demo; /* fill an empty DIR with the demonstration dealership first */
	const char *certificate, *key; /* PEM files, NULL: plain HTTP */
	struct http_limits limits;
	uint32_t data_mib_max; /* what the journal and all that follows from it may take */
};

/* An exit code of sysexits; a failure was told on stderr. TERM and INT drain and give 0; a second
 * one ends the process at once. */
int app_serve(const struct app_options *options);
