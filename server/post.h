/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One request to somebody else's server: no proxy, no redirection, and no address that is not
 * public unless that is allowed. Any thread.
 */

#include <stdatomic.h>

#include "rules/base.h"

enum {
	POST_HEADERS_MAX = 6,
	POST_CONNECT_S = 5,
	POST_ANSWER_S = 15,
	POST_ANSWER_BYTES_MAX = 64 << 10,
};

enum went {
	WENT_DONE,  /* it has it */
	WENT_AWAY,  /* it cannot be reached: neither can it for the next one */
	WENT_LATER, /* not now; it may have it all the same */
	WENT_NEVER, /* it says that it will never take it */
};

struct post {
	const char *url;		      /* borrowed, as all of it */
	const char *header[POST_HEADERS_MAX]; /* "name: value"; NULL behind the last */
	struct str body;		      /* JSON */
	bool private_allowed;
	const char *url_key, *private_key; /* of the configuration, for the sentence */
	const atomic_bool *given_up;	   /* true ends it at once */
};
/* What any transfer of curl (CURL *) has here: no proxy, no signals, an end. `given_up` is read as
 * long as it goes on. */
void post_bounds(void *curl, const char *url, const atomic_bool *const *given_up, long answer_s);
/* What is not WENT_DONE has a sentence in `why`: of the server's, its status alone. */
MUST_CHECK enum went post_send(const struct post *post, char *why, size_t why_size);
