/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * The raw head of an HTTP/1.1 request, read a second time and strictly. libh2o's parser is lenient
 * and hides what it chose between (two lengths, two hosts, folded lines); whoever stands in front
 * of us may choose otherwise, and a request is then smuggled past it. What two readers could
 * understand differently is refused here (RFC 9112 sections 2.2, 3.2, 5.2, 6.3). Pure text: no h2o.
 */

#include "rules/base.h"

enum head_verdict {
	HEAD_WHOLE,
	HEAD_PARTIAL,	/* no blank line yet, nothing wrong so far */
	HEAD_AMBIGUOUS, /* to be refused with 400 and a closed connection */
};

struct head {
	struct str text;   /* request line to blank line, both included */
	struct str method; /* borrowed from text, as the next two */
	struct str target;
	struct str fields; /* the field lines, each with its CRLF */
	bool minor_1;	   /* HTTP/1.1 or a later minor, not HTTP/1.0 */
};

/* `bytes` begins where the request begins and may go on beyond its head. */
enum head_verdict head_read(struct str bytes, struct head *h);
/* The value of the first field of that name, blanks around it taken off; STR_NULL when absent. */
struct str head_field(struct str fields, const char *lower_case_name);
