/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Worked cases: decision, function and audit cases checked against a definitions file (S19).
 * The engine behind `relais rules test`; pure, so the caller lends memory, zones and a place to
 * report.
 */

#include "rules/decision.h"
#include "rules/json.h"

struct cases_io {
	void *context;
	/* The zone of that IANA name, or NULL; borrowed until cases_run returns. */
	const struct zone *(*zone)(void *context, struct str name);
	/* One line per mismatch, without newline. */
	void (*mismatch)(void *context, const char *line);
};
struct cases_count {
	uint32_t passed, failed;
};

struct cases_work; /* scratch of a run; its size, so that the caller can allocate it */
size_t cases_work_size(void);

/* definitions: the root of a definitions file (rule set + sites); cases: the root of a cases file.
 */
struct cases_count cases_run(struct cases_work *work, struct json definitions, struct json cases,
	const struct cases_io *io);
