/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "tests/disk/acks.h"

/* What stands behind `mark` in the text, up to one of the `ends`. */
static struct str behind(struct str text, const char *mark, const char *ends)
{
	const char *p = memmem(text.p, text.n, mark, strlen(mark));
	size_t left, n = 0;

	if (!p)
		return STR_NULL;
	p += strlen(mark);
	left = text.n - (size_t)(p - text.p);
	while (n < left && !strchr(ends, p[n]))
		n++;
	return (struct str){p, n};
}

static uint64_t number_behind(struct str text, const char *mark)
{
	struct str digits = behind(text, mark, ", \r\n");

	return digits.p ? strtoull(digits.p, NULL, 10) : 0;
}

static bool ack_read(struct ack *a, struct str answer)
{
	struct str head = behind(answer, "relais-seq: ", "\r\n"), id;

	if (answer.n < 12 || memcmp(answer.p, "HTTP/1.1 2", 10) != 0 || !head.p)
		return false;
	*a = (struct ack){.site_seq = number_behind(head, "LYO="),
		.directory_seq = number_behind(head, "directory=")};
	id = behind(answer, "\"booking\":\"", "\"");
	assert_true(id.n < ACK_ID);
	snprintf(a->booking, sizeof(a->booking), "%.*s", STR_FMT(id));
	return true;
}

void acks_read(struct acks *a, struct str record, bool early)
{
	size_t at = 0, start = 0, commit = 0;
	uint32_t room = 0;
	struct op op;

	*a = (struct acks){.acks = NULL};
	for (; op_next(record, &at, &op); start = at) {
		struct ack ack;
		if (op.head.kind == OP_WRITE && op.head.at < 8192 && str_is(op.name, "data"))
			commit = start; /* one of the two pages that say which commit is the last */
		if (op.head.kind != OP_ANSWER || !ack_read(&ack, op.bytes))
			continue;
		ack.at = early ? commit : start;
		if (a->len == room) {
			room = room ? room * 2 : 256;
			a->acks = realloc(a->acks, room * sizeof(*a->acks));
			assert_non_null(a->acks);
		}
		a->acks[a->len++] = ack;
	}
}

void acks_free(struct acks *a)
{
	free(a->acks);
	*a = (struct acks){.acks = NULL};
}
