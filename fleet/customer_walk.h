/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* All customers in the order of their ids, some of them a look: none holds the state for long. */

#include "fleet/view.h"

struct customer_walk {
	char last[ID_MAX + 1]; /* who was looked at last */
	bool over;
};

/* Up to `most` more, each shown to `see`, in a view whose memory is taken back after it, as long as
 * it says true. False: it said false. */
MUST_CHECK bool customer_walk(struct customer_walk *w, struct view *v, int most, void *context,
	bool (*see)(void *context, struct view *v, struct str customer, struct json doc));
