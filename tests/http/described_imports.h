/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files of other systems, as a program sends them and asks what became of them. */

#include "tests/http/described_call.h"

void describe_imports(struct caller *c);
