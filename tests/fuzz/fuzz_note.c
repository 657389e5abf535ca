/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

/*
 * Checkpoints and the keys they are signed with. A key that is read is printed as it was; a note
 * that is read says what its signer would write; any text may have been signed by whoever has the
 * key.
 */

#include "fleet/note.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/signer.h"

#define DASH "\xe2\x80\x94 "

/* The first three lines signed, and what follows behind the signature. */
static struct str signed_note(const struct note_key *key, struct arena *a, struct str input)
{
	uint8_t bytes[4 + SIGNATURE_LEN];
	size_t n = 0;

	for (int lines = 0; n < input.n && lines < 3; n++)
		lines += input.p[n] == '\n';
	memcpy(bytes, key->id, 4);
	signature_make(key->seed, (struct str){input.p, n}, bytes + 4);
	struct str coded = base64url_encode(a, (struct str){(const char *)bytes, sizeof bytes});
	struct str name = arena_printf(a, "\n" DASH "%s ", key->name);
	char *text = arena_alloc(a, input.n + name.n + coded.n + 2);
	ASSERT(coded.p && name.p && text);
	memcpy(text, input.p, n);
	memcpy(text + n, name.p, name.n);
	size_t len = n + name.n;
	for (size_t i = 0; i < coded.n; i++)
		text[len++] = coded.p[i] == '-' ? '+' : coded.p[i] == '_' ? '/' : coded.p[i];
	text[len++] = '='; /* 68 bytes are 91 characters and one of padding */
	text[len++] = '\n';
	memcpy(text + len, input.p + n, input.n - n);
	return (struct str){text, len + input.n - n};
}

static void check_note(const struct note_key *key, struct arena *a, struct str text)
{
	struct signed_note note, again;
	const char *why = NULL;

	if (!note_read(&note, key, a, text, &why)) {
		ASSERT(why);
		return;
	}
	ASSERT(note.size > 0 && note.journal[0]);
	struct str written = note_write(key, a, &note);
	ASSERT(written.n <= text.n && note_read(&again, key, a, written, &why));
	ASSERT(strcmp(note.journal, again.journal) == 0 && note.size == again.size);
	ASSERT(memcmp(note.hash.bytes, again.hash.bytes, HASH_LEN) == 0);
}

static void check_key(struct arena *a, struct str text)
{
	struct note_key key;
	struct str printed;

	if (!note_key_read(&key, a, text))
		return;
	printed = key.can_sign ? note_key_print_private(&key, a) : note_key_print(&key, a);
	printed.n -= text.p[text.n - 1] != '\n';
	ASSERT(str_eq(printed, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = fuzz_arena();
	struct str input = fuzz_str(data, size), what = fuzz_line(&input);
	const struct note_key *key = signer(a);

	if (str_is(what, "key"))
		check_key(a, input);
	else if (str_is(what, "note"))
		check_note(key, a, input);
	else if (input.n)
		check_note(key, a, signed_note(key, a, input));
	return 0;
}
