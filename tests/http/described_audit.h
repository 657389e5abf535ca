/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What an auditor takes with him, in each of its forms. */

#include "tests/http/described_call.h"

/* Of a site with lent cars. */
void describe_claims(struct caller *c, const char *site);
