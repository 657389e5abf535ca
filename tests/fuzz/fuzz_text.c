/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/* The bytes of a file that somebody calls text: what was understood is UTF-8, without a zero byte
 * and without a mark before it, and read once more it is the same. */

#include "rules/json.h"
#include "server/import_text.h"
#include "tests/fuzz/fuzz.h"

static uint32_t check_characters(struct str text)
{
	uint32_t lines = 1;

	for (size_t at = 0; at < text.n;) {
		size_t n = json_utf8_len(text.p + at, text.n - at);
		ASSERT(n > 0 && text.p[at] != '\0');
		lines += text.p[at] == '\n';
		at += n;
	}
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct import_text read, again;
	uint32_t lines;

	import_text_read(&read, a, fuzz_str(data, size));
	ASSERT(read.encoding < IMPORT_ENCODINGS_LEN && import_encoding_name(read.encoding)[0]);
	if (read.error) {
		ASSERT(read.error[0] && read.line >= 1 && read.line <= size + 1);
		return 0;
	}
	lines = check_characters(read.text);
	/* at most three bytes of a character of one */
	ASSERT(read.text.n <= 3 * size && lines <= size + 1);
	import_text_read(&again, a, read.text);
	/* text that begins with another mark loses that one too */
	if (read.text.n >= 3 && memcmp(read.text.p, "\xef\xbb\xbf", 3) == 0)
		return 0;
	ASSERT(!again.error && again.encoding == IMPORT_UTF_8 && str_eq(again.text, read.text));
	return 0;
}
