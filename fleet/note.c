/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fleet/note.h"

#include <inttypes.h>
#include <stdio.h>

#include "rules/value.h"

#define PRIVATE_MARK STR("PRIVATE+KEY+")
#define NAME_FORMAT "relais/%.16s"
#define DASH "\xe2\x80\x94 " /* an em dash and a blank begin a signature's line */

enum { GROUP = 4 }; /* of a fingerprint */
enum { ED25519 = 1, ID_LEN = 4, ID_HEX = 8, SIGNED_BYTES = ID_LEN + SIGNATURE_LEN };

static struct str bytes_str(const void *p, size_t n)
{
	return (struct str){p, n};
}

/* ---- base64 with padding (RFC 4648 section 4), from that for URLs ---- */

static struct str base64_encode(struct arena *a, struct str bytes)
{
	struct str bare = base64url_encode(a, bytes);
	size_t n = (bare.n + 3) / 4 * 4;
	char *out = bare.p ? arena_alloc(a, n + 1) : NULL;

	if (!out)
		return STR_NULL;
	memset(out, '=', n);
	for (size_t i = 0; i < bare.n; i++)
		out[i] = bare.p[i] == '-' ? '+' : bare.p[i] == '_' ? '/' : bare.p[i];
	return (struct str){out, n};
}

/* Exactly `want` bytes. One text has one reading: padding is needed, other digits are refused. */
static bool base64_decode(struct arena *a, struct str text, void *out, size_t want)
{
	size_t n = want / 3 * 4 + (want % 3 ? want % 3 + 1 : 0);
	char *bare = text.n == (n + 3) / 4 * 4 ? arena_alloc(a, n + 1) : NULL;
	struct str bytes;

	if (!bare)
		return false;
	for (size_t i = n; i < text.n; i++)
		if (text.p[i] != '=')
			return false;
	for (size_t i = 0; i < n; i++) {
		char c = text.p[i];
		if (c == '-' || c == '_')
			return false;
		bare[i] = c == '+' ? '-' : c == '/' ? '_' : c;
	}
	if (!base64url_decode(a, (struct str){bare, n}, &bytes) || bytes.n != want)
		return false;
	memcpy(out, bytes.p, want);
	return true;
}

/* ---- keys ---- */

/* The name and the id that the public half gives. */
static void key_name(struct note_key *key)
{
	struct hash h = hash_of(bytes_str(key->open, SIGNATURE_PUBLIC_LEN));
	char hex[HASH_TEXT], text[NOTE_NAME_BYTES + 2 + SIGNATURE_PUBLIC_LEN];
	int n;

	(void)hash_print(&h, hex);
	n = snprintf(key->name, sizeof(key->name), NAME_FORMAT, hex);
	ASSERT(n > 0 && (size_t)n < sizeof(key->name));
	memcpy(text, key->name, (size_t)n);
	text[n] = '\n';
	text[n + 1] = ED25519;
	memcpy(text + n + 2, key->open, SIGNATURE_PUBLIC_LEN);
	h = hash_of(bytes_str(text, (size_t)n + 2 + SIGNATURE_PUBLIC_LEN));
	memcpy(key->id, h.bytes, ID_LEN);
}

void note_key_make(struct note_key *out, struct env *env)
{
	*out = (struct note_key){.can_sign = true};
	env->random(env, out->seed, SIGNATURE_SEED_LEN);
	signature_public(out->seed, out->open);
	key_name(out);
}

static struct str key_print(
	const struct note_key *key, struct arena *a, struct str mark, const uint8_t half[32])
{
	uint8_t typed[1 + SIGNATURE_PUBLIC_LEN] = {ED25519};

	memcpy(typed + 1, half, SIGNATURE_PUBLIC_LEN);
	struct str coded = base64_encode(a, bytes_str(typed, sizeof(typed)));
	explicit_bzero(typed, sizeof(typed));
	if (!coded.p)
		return STR_NULL;
	return arena_printf(a, "%.*s%s+%02x%02x%02x%02x+%.*s\n", STR_FMT(mark), key->name,
		key->id[0], key->id[1], key->id[2], key->id[3], STR_FMT(coded));
}

struct str note_key_print(const struct note_key *key, struct arena *a)
{
	return key_print(key, a, STR(""), key->open);
}

struct str note_key_fingerprint(const struct note_key *key, struct arena *a)
{
	struct hash hash = hash_of((struct str){(const char *)key->open, sizeof key->open});
	char hex[HASH_TEXT], text[HASH_TEXT + HASH_TEXT / GROUP];
	size_t n = 0;

	hash_print(&hash, hex);
	for (size_t i = 0; i < 2 * HASH_LEN; i++) {
		if (i && i % GROUP == 0)
			text[n++] = ' ';
		text[n++] = hex[i];
	}
	return arena_copy(a, (struct str){text, n});
}

struct str note_key_print_private(const struct note_key *key, struct arena *a)
{
	ASSERT(key->can_sign);
	return key_print(key, a, PRIVATE_MARK, key->seed);
}

bool note_key_read(struct note_key *out, struct arena *a, struct str text)
{
	bool secret =
		text.n > PRIVATE_MARK.n && memcmp(text.p, PRIVATE_MARK.p, PRIVATE_MARK.n) == 0;
	uint8_t typed[1 + SIGNATURE_PUBLIC_LEN];
	struct str coded = text, printed;

	*out = (struct note_key){.can_sign = secret};
	if (coded.n && coded.p[coded.n - 1] == '\n')
		coded.n--;
	/* What stands before the last 44 characters follows from them, and is compared whole. */
	enum { CODED = (1 + SIGNATURE_PUBLIC_LEN + 2) / 3 * 4 };
	if (coded.n < CODED)
		return false;
	coded = (struct str){coded.p + coded.n - CODED, CODED};
	if (!base64_decode(a, coded, typed, sizeof(typed)) || typed[0] != ED25519)
		return false;
	if (secret) {
		memcpy(out->seed, typed + 1, SIGNATURE_SEED_LEN);
		signature_public(out->seed, out->open);
	} else {
		memcpy(out->open, typed + 1, SIGNATURE_PUBLIC_LEN);
	}
	explicit_bzero(typed, sizeof(typed));
	key_name(out);
	printed = secret ? note_key_print_private(out, a) : note_key_print(out, a);
	if (text.p[text.n - 1] != '\n')
		printed.n--;
	return printed.p && str_eq(printed, text);
}

/* ---- notes ---- */

struct str note_sign(const struct note_key *key, struct arena *a, struct str text)
{
	uint8_t sealed[SIGNED_BYTES];

	ASSERT(key->can_sign && text.n && text.p[text.n - 1] == '\n');
	memcpy(sealed, key->id, ID_LEN);
	signature_make(key->seed, text, sealed + ID_LEN);
	struct str coded = base64_encode(a, bytes_str(sealed, sizeof(sealed)));
	if (!coded.p)
		return STR_NULL;
	return arena_printf(a, "%.*s\n" DASH "%s %.*s\n", STR_FMT(text), key->name, STR_FMT(coded));
}

struct str note_write(const struct note_key *key, struct arena *a, const struct signed_note *note)
{
	struct str hash = base64_encode(a, bytes_str(note->hash.bytes, HASH_LEN));
	struct str text = !hash.p ? STR_NULL
				  : arena_printf(a, "%s/%s\n%" PRIu64 "\n%.*s\n", key->name,
					    note->journal, note->size, STR_FMT(hash));

	return text.p ? note_sign(key, a, text) : STR_NULL;
}

/* The next line of `text` without its end; STR_NULL when none is left. */
static struct str line_take(struct str *text)
{
	const char *end = text->n ? memchr(text->p, '\n', text->n) : NULL;
	struct str line = STR_NULL;

	if (!end)
		return STR_NULL;
	line = (struct str){text->p, (size_t)(end - text->p)};
	*text = (struct str){end + 1, text->n - line.n - 1};
	return line;
}

static bool size_read(struct str digits, uint64_t *out)
{
	uint64_t n = 0;

	if (!digits.n || digits.n > 16 || digits.p[0] == '0')
		return false;
	for (size_t i = 0; i < digits.n; i++) {
		if (digits.p[i] < '0' || digits.p[i] > '9')
			return false;
		n = n * 10 + (uint64_t)(digits.p[i] - '0');
	}
	*out = n;
	return true;
}

/* Whether the line is this key's signature over the text. */
static bool line_signs(
	const struct note_key *key, struct arena *a, struct str text, struct str line)
{
	struct str begin = arena_printf(a, DASH "%s ", key->name);
	uint8_t sealed[SIGNED_BYTES];

	if (!begin.p || line.n <= begin.n || memcmp(line.p, begin.p, begin.n) != 0)
		return false;
	line = (struct str){line.p + begin.n, line.n - begin.n};
	return base64_decode(a, line, sealed, sizeof(sealed)) &&
	       memcmp(sealed, key->id, ID_LEN) == 0 &&
	       signature_is_good(key->open, text, sealed + ID_LEN);
}

bool note_signs(const struct note_key *key, struct arena *a, struct str text, struct str note)
{
	struct str rest = {note.p + text.n, note.n - text.n}, line;

	if (note.n <= text.n || memcmp(note.p, text.p, text.n) != 0)
		return false;
	line = line_take(&rest);
	if (!line.p || line.n)
		return false;
	line = line_take(&rest);
	return line.p && !rest.n && line_signs(key, a, text, line);
}

static bool origin_read(struct signed_note *out, const struct note_key *key, struct str origin)
{
	size_t n = strlen(key->name) + 1;
	struct str journal;

	if (origin.n <= n || memcmp(origin.p, key->name, n - 1) != 0 || origin.p[n - 1] != '/')
		return false;
	journal = (struct str){origin.p + n, origin.n - n};
	if (journal.n > ID_MAX || !text_is_word(journal))
		return false;
	memcpy(out->journal, journal.p, journal.n);
	return true;
}

bool note_read(struct signed_note *out, const struct note_key *key, struct arena *a,
	struct str text, const char **why)
{
	struct str rest = text, origin = line_take(&rest), size = line_take(&rest),
		   hash = line_take(&rest), signed_text = {text.p, text.n - rest.n};
	struct str gap = line_take(&rest);
	bool good = false;

	*out = (struct signed_note){.size = 0};
	*why = "it is not a checkpoint: three lines, an empty one and a signature";
	if (!gap.p || gap.n || text.n > NOTE_BYTES_MAX)
		return false;
	*why = "it is not signed with this key, or was altered";
	for (struct str line = line_take(&rest); line.p; line = line_take(&rest))
		good |= line_signs(key, a, signed_text, line);
	if (!good || rest.n)
		return false;
	*why = "it is signed and cannot be read";
	return origin_read(out, key, origin) && size_read(size, &out->size) &&
	       base64_decode(a, hash, out->hash.bytes, HASH_LEN);
}
