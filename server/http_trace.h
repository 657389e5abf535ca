/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What a request is called, here and by whoever sent it: X-Request-Id, and the trace of a W3C
 * traceparent. Only what can stand in a log line is taken over. Pure text: no h2o. */

#include "rules/base.h"

enum { REQUEST_ID_MAX = 64, TRACE_ID_LEN = 32 };

/* Letters, digits, '-', '_' and '.', at most REQUEST_ID_MAX of them. */
bool request_id_is_good(struct str id);
/* The trace-id of "00-TRACE-PARENT-FLAGS" (W3C Trace Context 3.2.2); STR_NULL when it is none. */
struct str trace_of(struct str traceparent);
