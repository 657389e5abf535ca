/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Papers and photos of a booking, as a program attaches and reads them. */

#include "tests/http/described_desk.h"

void describe_papers(struct caller *c);
