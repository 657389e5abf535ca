/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The configuration file: `key = value` lines, '#' begins a comment line. Strict: an unknown key, a
 * key given twice, a value out of range is a fault, and all faults are told at once, each with its
 * line. What the command line says wins.
 */

#include "rules/ruleset.h"
#include "server/http.h"

enum { CONFIG_BYTES_MAX = 64 << 10, CONFIG_TEXT_MAX = 256 };

struct config {
	char listen[CONFIG_TEXT_MAX]; /* "127.0.0.1:8080" */
	char data[CONFIG_TEXT_MAX];   /* empty: --data has to say it */
	char certificate[CONFIG_TEXT_MAX], key[CONFIG_TEXT_MAX]; /* both or neither */
	struct http_limits limits;
	uint32_t data_mib_max;
};

void config_default(struct config *c);
/* Faults stand at "line N". True when there is none. */
MUST_CHECK bool config_read(struct config *c, struct str text, struct faults *faults);
/* ADDR:PORT or [ADDR]:PORT. */
bool config_listen_is_good(struct str text);
/* One line per key with its default, for --help. */
void config_help(void (*say)(void *context, const char *line), void *context);
