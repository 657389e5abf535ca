/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * JSON Schema as far as /openapi.json uses it, and stricter: an object may hold nothing but what
 * its schema lists, unless that says additionalProperties itself, and a keyword that is not known
 * here is a fault, as what cannot be checked proves nothing. And the document above it: which
 * operation a request is, which answers it names, and which operations were never called.
 */

#include "rules/base.h"

struct described; /* an OpenAPI document */

enum { SCHEMA_WHY = 400 };

/* NULL, with why, when it is no JSON. */
struct described *described_open(struct str text, char why[SCHEMA_WHY]);
void described_close(struct described *d);

/* A text against the schema of that name; false says where and why. */
bool described_check(
	const struct described *d, const char *schema, struct str text, char why[SCHEMA_WHY]);

/* One answer. `path` is as it was sent, with its query. */
struct described_answer {
	const char *method, *path;
	int status;
	const char *type; /* Content-Type, "" = none */
	struct str body;
	bool (*has_header)(const void *context, const char *lower_case_name);
	const void *context;
};
/* Whether the document names that operation, status and media type, whether the body fits the
 * schema, and the headers that every such answer has are there. Remembers the success of a call. */
bool described_fits(
	struct described *d, const struct described_answer *answer, char why[SCHEMA_WHY]);
/* Prints each operation none of whose successes was seen, and counts them. */
size_t described_missed(const struct described *d);
/* Members that are described in an answer and never stood in one. Prints and counts them; `rare`
 * are those that need not ("Visit.follows", "Problem.*"), up to a NULL. */
size_t described_unmet(const struct described *d, const char *const rare[]);
size_t described_operations(const struct described *d);

/* A value against a schema, both as text, the schema on its own: for testing the checker. */
bool schema_text_fits(const char *schema, const char *value, char why[SCHEMA_WHY]);
