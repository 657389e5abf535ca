/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * As much of HTTP/1.1 as the load generator speaks: it writes a request with its body into one
 * piece, and reads answers that carry a Content-Length (or none because they have no body).
 */

#include "rules/base.h"

enum { ANSWER_BYTES_MAX = 4 << 20, REQUEST_BYTES_MAX = 64 << 10 };

/* The lines of a file, without their ends; empty ones are left out. */
struct lines {
	char *text;	   /* owned */
	struct str *lines; /* owned; of text */
	uint32_t count;
};
MUST_CHECK bool lines_read(struct lines *lines, const char *path);

struct request_of {
	const char *path, *token, *key; /* token "" and key NULL are left out */
	struct str body;		/* empty = GET, otherwise POST */
};
struct request {
	char bytes[REQUEST_BYTES_MAX];
	size_t bytes_len, sent;
};
void request_build(struct request *request, const struct request_of *of); /* ASSERTs that it fits */

struct answer {
	char *bytes; /* owned: head and body; grows to ANSWER_BYTES_MAX */
	size_t len, cap;
	size_t head_bytes, body_bytes; /* 0 until the head is read */
	int status;
	bool closes; /* the server said it would */
};
enum answer_state {
	ANSWER_WAITS,
	ANSWER_WHOLE,
	ANSWER_BROKEN, /* closed, too large, chunked, or not HTTP */
};
void answer_reset(struct answer *answer);
/* Takes what the socket has, without waiting. */
enum answer_state answer_read(struct answer *answer, int fd);
