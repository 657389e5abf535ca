/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What `relais --version`, /metrics and /openapi.json say. */

#ifndef RELAIS_VERSION
#define RELAIS_VERSION "0.1.0"
#endif
