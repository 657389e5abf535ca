/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Plain pages for people who run it or write programs for it: they load nothing and run nothing. */

#include "server/respond.h"
#include "server/text.h"

void page_begin(struct text *t);
/* Ends the page and answers with it. */
void page_send(struct call *call, struct text *t);
