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

enum { WEIGHT_ONE = 1000, WEIGHT_DIGITS = 3, WEIGHT_UNSAID = -1 };

/* "q=0.25" in thousandths; none is one; what is no weight (RFC 9110 12.4.2) wants nothing. */
static int weight_read(struct str text)
{
	int of = WEIGHT_ONE;

	if (text.n == 0)
		return WEIGHT_ONE;
	if (text.n < 3 || (text.p[0] != 'q' && text.p[0] != 'Q') || text.p[1] != '=' ||
		(text.p[2] != '0' && text.p[2] != '1') || text.n > 4 + WEIGHT_DIGITS ||
		(text.n > 3 && text.p[3] != '.'))
		return 0;
	int sum = (text.p[2] - '0') * WEIGHT_ONE;
	for (size_t i = 4; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return 0;
		of /= 10;
		sum += (text.p[i] - '0') * of;
	}
	return sum <= WEIGHT_ONE ? sum : 0;
}

static bool is_word(struct str s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

bool gzip_is_taken(struct str list)
{
	int gzip = WEIGHT_UNSAID, plain = WEIGHT_UNSAID, any = WEIGHT_UNSAID;

	while (list.n > 0) {
		struct str weight = cut(&list, ',');
		struct str coding = cut(&weight, ';');
		int *of = is_word(coding, "gzip") || is_word(coding, "x-gzip") ? &gzip
			  : is_word(coding, "identity")			       ? &plain
			  : is_word(coding, "*")			       ? &any
									       : NULL;
		if (of && *of == WEIGHT_UNSAID)
			*of = weight_read(trimmed(weight));
	}
	if (gzip == WEIGHT_UNSAID)
		gzip = any;
	/* Who would rather have it as it is says so by name: unsaid, the shorter one is meant. */
	return gzip > 0 && gzip >= plain;
}

bool gzip_suits(struct str type)
{
	static const char *const packed_already[] = {"image/jpeg", "image/png", "image/webp",
		"application/pdf",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

	for (size_t i = 0; i < ARRAY_LEN(packed_already); i++)
		if (str_is(type, packed_already[i]))
			return false;
	return true;
}
