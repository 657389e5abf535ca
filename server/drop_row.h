/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* One visit or booking as a line of such a file. */

#include "fleet/view.h"

/* The heading of a CSV file. */
struct str drop_heading(struct arena *a, bool names);
/* With its line end, in the view's arena. False: there is no such object any more, or no room. */
MUST_CHECK bool drop_row(
	struct view *v, enum row_kind kind, struct str id, bool json, bool names, struct str *line);
