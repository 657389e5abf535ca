/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The server as a whole: opens its parts in order, serves until it is told to stop, and closes them
 * in the opposite order. */

#include "server/config_load.h"

struct app_options {
	struct config config;	       /* read from the sources without a fault */
	struct config_sources sources; /* read again by HUP */
	bool demo; /* fill an empty DIR with the demonstration dealership first */
};

/* An exit code of sysexits; a failure was told on stderr. TERM and INT drain and give 0; a second
 * one ends the process at once. HUP takes another configuration (reload.h). */
int app_serve(const struct app_options *options);
