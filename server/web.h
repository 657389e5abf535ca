/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The pages for people: built by server/web/build, carried inside the program. */

#include "server/api.h"

void page_app(struct call *call);   /* / : the first page, whatever the desk does next */
void page_asset(struct call *call); /* /assets/NAME: scripts, styles, pictures */
