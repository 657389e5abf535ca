/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What an operator should look at although everything is served: a configuration that was not
 * taken, a backup that is late, a store that fills up. One line each for /readyz, figures for
 * /metrics. */

#include "server/api.h"
#include "server/text.h"

void care_warn(struct text *t, struct api *api);
void care_figures(struct text *t, struct api *api);
