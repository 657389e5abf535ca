/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Answers packed for whoever takes gzip (RFC 1952) where it pays: long enough, and a quarter
 * shorter at least. On the loop, so at the fastest level and up to a size that holds nobody up.
 */

#include "rules/base.h"

enum {
	GZIP_BYTES_MIN = 1400,	  /* what fits into a packet travels no faster for being shorter */
	GZIP_BYTES_MAX = 2 << 20, /* some 10 ms of the loop */
};

struct gzip {
	struct z_stream_s *stream; /* owned; NULL until the first answer is packed */
	unsigned char *packed;	   /* owned: of the last one */
	size_t cap;
	uint64_t answers, bytes, packed_bytes; /* for /metrics */
};
void gzip_deinit(struct gzip *g);
/* Borrowed until the next call; STR_NULL: it does not pay. */
struct str gzip_pack(struct gzip *g, struct str body);
/* Whether an Accept-Encoding (RFC 9110 12.5.3) takes it: named, or meant by *, with some weight,
 * and no less of it than the answer as it is. */
bool gzip_is_taken(struct str accept_encoding);
/* Not what is packed in itself: pictures, papers, workbooks. */
bool gzip_suits(struct str content_type);
