/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Between schema.c and described.c: values of jansson, whose names meet those of rules/json.h. */

#include <jansson.h>

#include "tests/lib/schema.h"

/* A member of each schema that was referred to and of each member that was met in a value. */
#define SCHEMA_MET "x-met"

/* "#/components/schemas/Board": the value there, NULL when it leads nowhere. */
const json_t *schema_at(const json_t *root, const char *ref);
/* Whether a value fits; false says where ("/items/3/from: ...") and why. */
bool schema_fits(
	const json_t *root, const json_t *schema, const json_t *value, char why[SCHEMA_WHY]);
