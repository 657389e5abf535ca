/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A year at a desk: customers ask, come, stay longer or do not come; its own cars need service. */

#include "tests/bench/year/desk.h"

/* patient: who is refused asks for the following working days, as long as he would wait. */
struct tally year_play(const struct policy *policy, const struct year_demand *demand, bool patient);
