/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The claims of a loan that is back, from the first draft to the payer's last word. */

#include "tests/http/described_call.h"

void describe_warranty(struct caller *c, const struct told *booking);
