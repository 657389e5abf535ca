/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real world for fleet: the system's clock and randomness, the machine's time zones, stderr.
 * Safe from any thread. */

#include "fleet/env.h"
#include "rules/zone.h"

enum { ENV_ZONES_MAX = 600, ZONE_FILE_BYTES_MAX = 64 << 10 };

/* One for the process's life; the zones it loaded stay. */
struct env *env_uv(void);
