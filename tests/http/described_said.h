/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is said with customers: contacts and what they promise, complaints, how content they are. */

#include "tests/http/described_ripple.h"

/* A loan of C8 that is over. */
void describe_said(struct caller *c, const struct told *over);
/* A promise that is not kept is told to somebody else: T3 never closes. */
void describe_late(struct caller *c);
