/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/load_http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

bool lines_read(struct lines *lines, const char *path)
{
	FILE *file = fopen(path, "r");
	uint32_t cap = 0;
	size_t n = 0;

	if (!file || getdelim(&lines->text, &n, '\0', file) < 1) {
		fprintf(stderr, "load: %s cannot be read\n", path);
		if (file)
			fclose(file);
		return false;
	}
	fclose(file);
	for (const char *p = lines->text; *p; p++)
		cap += *p == '\n';
	lines->lines = calloc(cap + 1U, sizeof(lines->lines[0]));
	ASSERT(lines->lines != NULL);
	for (const char *p = lines->text; *p;) {
		size_t length = strcspn(p, "\n");

		if (length > 0)
			lines->lines[lines->count++] = (struct str){p, length};
		p += length + (p[length] == '\n');
	}
	return lines->count > 0;
}

/* requests */

void request_build(struct request *r, const struct request_of *of)
{
	bool posts = of->body.n > 0;
	int n = snprintf(r->bytes, sizeof(r->bytes), "%s %.1000s HTTP/1.1\r\nHost: 127.0.0.1\r\n",
		posts ? "POST" : "GET", of->path);

	if (of->token[0])
		n += snprintf(r->bytes + n, sizeof(r->bytes) - (size_t)n,
			"Authorization: Bearer %s\r\n", of->token);
	if (of->key)
		n += snprintf(r->bytes + n, sizeof(r->bytes) - (size_t)n, "Idempotency-Key: %s\r\n",
			of->key);
	if (posts)
		n += snprintf(r->bytes + n, sizeof(r->bytes) - (size_t)n,
			"Content-Type: application/json\r\nContent-Length: %zu\r\n", of->body.n);
	/* Path, token and key are a few hundred bytes at most, see their callers. */
	ASSERT(n > 0 && (size_t)n + 2 + of->body.n <= sizeof(r->bytes));
	memcpy(r->bytes + n, "\r\n", 2);
	r->bytes_len = (size_t)n + 2;
	if (posts)
		memcpy(r->bytes + r->bytes_len, of->body.p, of->body.n);
	r->bytes_len += of->body.n;
	r->sent = 0;
}

/* answers */

void answer_reset(struct answer *a)
{
	a->len = 0;
	a->head_bytes = 0;
	a->body_bytes = 0;
	a->status = 0;
	a->closes = false;
}

/* The value of a header line that begins at `line`, or NULL when it is another header. */
static const char *header_value(const char *line, const char *name)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	return line + n + 1 + strspn(line + n + 1, " \t");
}

/* Reads the head, which ends at head_bytes; false when the body's length is not told. */
static bool head_read(struct answer *a)
{
	const char *value, *line = a->bytes, *end = a->bytes + a->head_bytes - 2;
	bool told = false;

	if (a->head_bytes < 16 || memcmp(line, "HTTP/1.1 ", 9) != 0)
		return false;
	a->status = (int)strtol(line + 9, NULL, 10);
	while ((line = memchr(line, '\n', (size_t)(end - line))) != NULL && ++line < end) {
		value = header_value(line, "content-length");
		if (value) {
			a->body_bytes = (size_t)strtoul(value, NULL, 10);
			told = true;
		}
		value = header_value(line, "connection");
		if (value && strncasecmp(value, "close", 5) == 0)
			a->closes = true;
	}
	return (told && a->body_bytes < ANSWER_BYTES_MAX) || a->status == 204;
}

/* Whole as soon as head and body are there; one byte beyond them belongs to no request. */
static enum answer_state answer_state(struct answer *a)
{
	if (a->head_bytes == 0) {
		const char *blank;

		a->bytes[a->len] = '\0';
		blank = strstr(a->bytes, "\r\n\r\n");
		if (!blank)
			return ANSWER_WAITS;
		a->head_bytes = (size_t)(blank - a->bytes) + 4;
		if (!head_read(a))
			return ANSWER_BROKEN;
	}
	if (a->len < a->head_bytes + a->body_bytes)
		return ANSWER_WAITS;
	return a->len == a->head_bytes + a->body_bytes ? ANSWER_WHOLE : ANSWER_BROKEN;
}

enum answer_state answer_read(struct answer *a, int fd)
{
	for (;;) {
		enum answer_state state;
		ssize_t n;

		if (a->cap - a->len < 2) { /* a zero goes behind what is read */
			a->cap = a->cap ? a->cap * 2 : 64 << 10;
			if (a->cap > 2 * ANSWER_BYTES_MAX)
				return ANSWER_BROKEN;
			a->bytes = realloc(a->bytes, a->cap);
			ASSERT(a->bytes != NULL);
		}
		n = recv(fd, a->bytes + a->len, a->cap - a->len - 1, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return ANSWER_WAITS;
		if (n <= 0)
			return ANSWER_BROKEN;
		a->len += (size_t)n;
		state = answer_state(a);
		if (state != ANSWER_WAITS)
			return state;
	}
}
