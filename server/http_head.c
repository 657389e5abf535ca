/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/http_head.h"

/* The fields that decide where a request ends and whom it is for, counted while reading. */
struct framing {
	uint32_t hosts, lengths, codings;
};

/* One line without its CRLF; false when there is no whole line, `bad` when its end is not CRLF. */
static bool line_take(struct str *rest, struct str *line, bool *bad)
{
	const char *lf = rest->n ? memchr(rest->p, '\n', rest->n) : NULL;
	size_t n = lf ? (size_t)(lf - rest->p) : rest->n;
	const char *cr = n ? memchr(rest->p, '\r', n) : NULL;
	/* A CR may only stand right before the LF; at the very end of what came, the LF may follow.
	 */
	if (cr && cr != rest->p + n - 1)
		*bad = true;
	if (lf && !cr)
		*bad = true; /* a bare LF: RFC 9112 2.2 lets a reader accept it, hence two readings
			      */
	if (!lf || *bad)
		return false;
	*line = (struct str){rest->p, n - 1};
	*rest = (struct str){lf + 1, rest->n - n - 1};
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct str blanks_off(struct str s)
{
	while (s.n && is_blank(s.p[0]))
		s = (struct str){s.p + 1, s.n - 1};
	while (s.n && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(struct str s, const char *lower_case)
{
	size_t i;
	for (i = 0; i < s.n && lower_case[i]; i++)
		if (lower(s.p[i]) != lower_case[i])
			return false;
	return i == s.n && !lower_case[i];
}

/* METHOD SP TARGET SP HTTP/1.x, each blank single: no third reading of where the target ends. */
static bool request_line(struct str line, struct head *h)
{
	static const char version[] = "HTTP/1.";
	const char *sp = line.n ? memchr(line.p, ' ', line.n) : NULL;
	if (!sp || sp == line.p)
		return false;
	h->method = (struct str){line.p, (size_t)(sp - line.p)};
	struct str rest = {sp + 1, line.n - h->method.n - 1};
	sp = rest.n ? memchr(rest.p, ' ', rest.n) : NULL;
	if (!sp || sp == rest.p)
		return false;
	h->target = (struct str){rest.p, (size_t)(sp - rest.p)};
	rest = (struct str){sp + 1, rest.n - h->target.n - 1};
	if (rest.n != sizeof(version) || memcmp(rest.p, version, sizeof(version) - 1) != 0)
		return false;
	char minor = rest.p[sizeof(version) - 1];
	h->minor_1 = minor != '0';
	return minor >= '0' && minor <= '9';
}

static bool all_digits(struct str s)
{
	/* 18 digits always fit 63 bits; no honest length is longer. */
	if (s.n == 0 || s.n > 18)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

static bool field_line(struct str line, struct framing *f)
{
	const char *colon = memchr(line.p, ':', line.n);
	if (is_blank(line.p[0]) || !colon || colon == line.p)
		return false; /* a folded line (RFC 9112 5.2), or no field at all */
	struct str name = {line.p, (size_t)(colon - line.p)};
	if (is_blank(name.p[name.n - 1]))
		return false; /* a blank before the colon (RFC 9112 5.1) */
	struct str value = blanks_off((struct str){colon + 1, line.n - name.n - 1});
	if (memchr(line.p, '\0', line.n))
		return false;
	if (same_name(name, "host"))
		f->hosts++;
	else if (same_name(name, "transfer-encoding"))
		f->codings++;
	else if (same_name(name, "content-length") && (f->lengths++, !all_digits(value)))
		return false;
	return true;
}

/* RFC 9112 3.2 (one Host), 6.1 and 6.3 (one way to know the length, none of it in HTTP/1.0). */
static bool framing_is_clear(const struct framing *f, bool minor_1)
{
	if (f->hosts > 1 || (minor_1 && f->hosts == 0))
		return false;
	if (f->lengths + f->codings > 1)
		return false;
	return minor_1 || f->codings == 0;
}

enum head_verdict head_read(struct str bytes, struct head *h)
{
	struct framing f = {0};
	struct str line;
	bool bad = false;
	*h = (struct head){0};
	/* One empty line before a request is to be ignored (RFC 9112 2.2). */
	if (bytes.n >= 2 && bytes.p[0] == '\r' && bytes.p[1] == '\n')
		bytes = (struct str){bytes.p + 2, bytes.n - 2};
	struct str rest = bytes;
	if (!line_take(&rest, &line, &bad))
		return bad ? HEAD_AMBIGUOUS : HEAD_PARTIAL;
	if (!request_line(line, h))
		return HEAD_AMBIGUOUS;
	h->fields.p = rest.p;
	while (line_take(&rest, &line, &bad)) {
		if (line.n == 0) {
			h->text = (struct str){bytes.p, bytes.n - rest.n};
			return framing_is_clear(&f, h->minor_1) ? HEAD_WHOLE : HEAD_AMBIGUOUS;
		}
		if (!field_line(line, &f))
			return HEAD_AMBIGUOUS;
		h->fields.n = (size_t)(rest.p - h->fields.p);
	}
	return bad ? HEAD_AMBIGUOUS : HEAD_PARTIAL;
}

struct str head_field(struct str fields, const char *lower_case_name)
{
	struct str line;
	bool bad = false;
	while (line_take(&fields, &line, &bad)) {
		const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
		ASSERT(colon); /* head_read saw these lines */
		struct str name = {line.p, (size_t)(colon - line.p)};
		if (same_name(name, lower_case_name))
			return blanks_off((struct str){colon + 1, line.n - name.n - 1});
	}
	return STR_NULL;
}
