/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/gzip.h"

#include <stdlib.h>
#include <strings.h>
#define ZLIB_CONST /* the input is only read */
#include <zlib.h>

enum {
	GZIP_WINDOW = 15 + 16, /* zlib's way to ask for gzip's frame */
	GZIP_MEMORY = 8,
	KEPT_BYTES_MAX = 256 << 10, /* more is given back before the next answer */
};

static bool stream_ready(struct gzip *g)
{
	if (g->stream)
		return deflateReset(g->stream) == Z_OK;
	g->stream = calloc(1, sizeof *g->stream);
	if (g->stream && deflateInit2(g->stream, Z_BEST_SPEED, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
				 Z_DEFAULT_STRATEGY) == Z_OK)
		return true;
	free(g->stream);
	g->stream = NULL;
	return false;
}

static bool room_ready(struct gzip *g, size_t need)
{
	if (g->cap >= need && g->cap <= KEPT_BYTES_MAX)
		return true;
	free(g->packed);
	g->packed = malloc(need);
	g->cap = g->packed ? need : 0;
	return g->packed;
}

struct str gzip_pack(struct gzip *g, struct str body)
{
	size_t most = body.n - body.n / 4;

	if (body.n < GZIP_BYTES_MIN || body.n > GZIP_BYTES_MAX || !room_ready(g, most) ||
		!stream_ready(g))
		return STR_NULL;
	g->stream->next_in = (const unsigned char *)body.p;
	g->stream->avail_in = (unsigned)body.n;
	g->stream->next_out = g->packed;
	g->stream->avail_out = (unsigned)most;
	if (deflate(g->stream, Z_FINISH) != Z_STREAM_END)
		return STR_NULL;
	size_t n = most - g->stream->avail_out;
	g->answers++;
	g->bytes += body.n;
	g->packed_bytes += n;
	return (struct str){(const char *)g->packed, n};
}

void gzip_deinit(struct gzip *g)
{
	if (g->stream)
		(void)deflateEnd(g->stream);
	free(g->stream);
	free(g->packed);
	*g = (struct gzip){0};
}

static struct str trimmed(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* What stands before the mark, cut off the front of *rest with it. */
static struct str cut(struct str *rest, char mark)
{
	const char *at = memchr(rest->p, mark, rest->n);
	size_t n = at ? (size_t)(at - rest->p) : rest->n;
	struct str one = {rest->p, n};

	rest->p += at ? n + 1 : n;
	rest->n -= at ? n + 1 : n;
	return trimmed(one);
}

/* "q=0", "q=0.000": not wanted (RFC 9110 12.4.2). */
static bool weighs_nothing(struct str weight)
{
	if (weight.n < 3 || (weight.p[0] != 'q' && weight.p[0] != 'Q') || weight.p[1] != '=')
		return false;
	for (size_t i = 2; i < weight.n; i++)
		if (weight.p[i] != '0' && weight.p[i] != '.')
			return false;
	return true;
}

static bool is_word(struct str s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

bool gzip_is_taken(struct str list)
{
	bool any = false;

	while (list.n > 0) {
		struct str weight = cut(&list, ',');
		struct str coding = cut(&weight, ';');
		bool wanted = !weighs_nothing(trimmed(weight));
		if (is_word(coding, "gzip") || is_word(coding, "x-gzip"))
			return wanted;
		if (is_word(coding, "*"))
			any = wanted;
	}
	return any;
}
