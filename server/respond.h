/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The few ways in which a call is answered. Each ends the call's look at the state and answers
 * once. */

#include "server/api.h"
#include "server/problem.h"

/* "Relais-Seq: SITE=N, directory=M" of the open view (contract 2); STR_NULL: directory only. */
void respond_seq(struct call *call, struct str site);
void respond_header(struct call *call, const char *name, struct str value);

void respond_json(struct call *call, int status, struct str body);
/* One object with its strong ETag; 304 where If-None-Match names it. */
void respond_object(struct call *call, int status, uint64_t rev, struct str body);
/* A list: what the body names as "next" also goes into a Link header (RFC 8288). */
void respond_list(struct call *call, struct str body);
void respond_text(struct call *call, int status, struct str content_type, struct str body);
void respond_empty(struct call *call, int status);

/* A stream with the headers that were gathered; false: too many are open, or it comes too late. */
MUST_CHECK bool respond_stream(
	struct call *call, struct str content_type, void (*gone)(void *context), void *context);

/* Problems. */
void respond_problem(struct call *call, const struct problem *p);
void respond_refused(struct call *call, enum outcome outcome, struct str detail);
void respond_invalid(struct call *call, const struct faults *faults);

/* Whether an If-None-Match header names this tag, quotes included, or "*". */
bool etag_names(struct str header, struct str mine);
/* Whether it names this revision. */
bool etag_matches(struct str header, uint64_t rev);
