/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* People who sign in, as described. */

#include "tests/http/described_call.h"

void describe_people(struct caller *c);
