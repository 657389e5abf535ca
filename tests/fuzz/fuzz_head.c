/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * The head of a request, however it is cut into pieces on its way: what was said of a beginning is
 * never taken back, and a whole head is the same whatever follows it.
 */

#include "server/http_head.h"
#include "tests/fuzz/fuzz.h"

enum { CUTS_MAX = 96 };

static bool lies_within(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

static void check_whole(const struct head *h, struct str bytes)
{
	static const char *const names[] = {
		"host", "content-length", "transfer-encoding", "expect", "cookie"};

	ASSERT(lies_within(h->text, bytes) && lies_within(h->fields, h->text));
	ASSERT(lies_within(h->method, h->text) && lies_within(h->target, h->text));
	ASSERT(h->method.n > 0 && h->target.n > 0);
	ASSERT(memcmp(h->text.p + h->text.n - 4, "\r\n\r\n", 4) == 0);
	ASSERT(!h->minor_1 || head_field(h->fields, "host").p);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str value = head_field(h->fields, names[i]);
		ASSERT(lies_within(value, h->fields));
		ASSERT(!value.n || !memchr(value.p, '\n', value.n));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = fuzz_str(data, size);
	struct head whole, head;
	enum head_verdict verdict = head_read(bytes, &whole), said = HEAD_PARTIAL;
	size_t step = size / CUTS_MAX + 1;

	if (verdict == HEAD_WHOLE)
		check_whole(&whole, bytes);
	for (size_t n = 0; n <= size; n += step) {
		enum head_verdict now = head_read((struct str){bytes.p, n}, &head);
		ASSERT(said == HEAD_PARTIAL || now == said);
		ASSERT(now == HEAD_PARTIAL || now == verdict);
		said = now;
		if (now != HEAD_WHOLE)
			continue;
		ASSERT(head.text.p == whole.text.p && head.text.n == whole.text.n);
		ASSERT(str_eq(head.method, whole.method) && str_eq(head.target, whole.target));
	}
	return 0;
}
