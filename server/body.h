/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The body of a request on its way in: its type, its JSON, its shape. Each step answers the client
 * itself when it says no. */

#include "server/api.h"

/* Canonical bytes, "{}" for an empty body where the shape requires nothing. False: 415 or 400 was
 * answered. */
MUST_CHECK bool body_read(struct call *call, struct str *source);
/* The kept form; more faults may have been gathered before. False: 422 was answered. */
MUST_CHECK bool body_check(struct call *call, struct str source, const struct zone *zone,
	struct faults *faults, struct str *kept);
/* For a PUT: the id in the address, normalised. Adds a fault where it cannot be one, or where the
 * body says another. */
struct str body_id_check(struct call *call, struct str source, struct faults *faults);
/* `kept` with the id of the address in it. */
struct str body_with_id(struct call *call, struct str kept, struct str id);
