/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Whether a request comes from our own page. A browser sends the session's cookie along whoever
 * wrote the page; the headers Origin and Sec-Fetch-Site, which no page can forge, and Relais-CSRF,
 * which no other page knows, tell them apart.
 */

#include "server/api.h"

/* Origin and Sec-Fetch-Site, where they are sent, say that the page is of this very server. */
bool origin_is_ours(const struct call *call);
/* The same, and Relais-CSRF is the session's. */
bool origin_is_proven(struct call *call);
