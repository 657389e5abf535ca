/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Answers that a browser shows in a box of their own: pages and files that are not the application.
 * No script, no form, no other origin, not even ours; their own style, if they have one. */

#include "fleet/attachment.h"
#include "server/api.h"

/* `sha256` is the ETag (STR_NULL = none); `name` what a saved file is called, without its ending.
 */
void respond_boxed(struct call *call, enum file_type type, struct str sha256, struct str name,
	struct str bytes);
