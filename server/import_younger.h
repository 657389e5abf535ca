/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * An import never overwrites a younger value typed at the desk. Member by member (a person's each
 * by itself), what stands here stays where it differs from the file and somebody other than the
 * import made it so
 *   - after the file was written (import.as_of), or
 *   - while the file says only what an import told before: nobody typed anything new over there.
 * Both values are told. Whatever else differs becomes what the file says.
 */

#include "fleet/view.h"
#include "server/import.h"

/* The document to be written, in the view's arena; STR_NULL when that is full. */
struct str import_younger(struct import *im, struct view *v, enum row_kind kind, struct str journal,
	uint32_t line, struct str id, struct json doc);
