/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * A checkpoint of a journal as a signed note (C2SP signed-note, Ed25519):
 *
 *   relais/0123456789abcdef/LYO         the installation, the journal
 *   4711                                entries
 *   bGFzdCBlbnRyeSdzIGhhc2gsIGJhc2U2NA= the hash of the last of them
 *                                       (an empty line)
 *   — relais/0123456789abcdef SIGNATURE
 *
 * The hash is the chain's head (contract.md section 6), no tree's root. A key's name is made from
 * its public half, and its two forms are those of signed notes: NAME+ID+KEY, which anybody may
 * have, and PRIVATE+KEY+NAME+ID+SEED, which never leaves DIR but in a backup.
 */

#include "fleet/arena.h"
#include "fleet/env.h"
#include "fleet/key.h"
#include "fleet/seal.h"
#include "fleet/signature.h"

enum { NOTE_NAME_BYTES = 40, NOTE_BYTES_MAX = 1024 };

struct note_key {
	char name[NOTE_NAME_BYTES];
	uint8_t id[4];
	uint8_t open[SIGNATURE_PUBLIC_LEN]; /* the public half */
	uint8_t seed[SIGNATURE_SEED_LEN];
	bool can_sign;
};

struct signed_note {
	char journal[ID_MAX + 1];
	uint64_t size;
	struct hash hash;
};

void note_key_make(struct note_key *out, struct env *env);
/* Either form, with or without a line end. False: it is neither, or was altered. */
MUST_CHECK bool note_key_read(struct note_key *out, struct arena *a, struct str text);
struct str note_key_print(const struct note_key *key, struct arena *a);
/* What is compared by eye or read out: the SHA-256 of the public half, in groups of four. */
struct str note_key_fingerprint(const struct note_key *key, struct arena *a);
struct str note_key_print_private(const struct note_key *key, struct arena *a);

struct str note_write(const struct note_key *key, struct arena *a, const struct signed_note *note);
/* Any text of whole lines, signed the same. What is no checkpoint begins with a line that none
 * could begin with: a blank stands in it. */
struct str note_sign(const struct note_key *key, struct arena *a, struct str text);
/* Whether that note is this very text with one signature of this key behind it. */
MUST_CHECK bool note_signs(
	const struct note_key *key, struct arena *a, struct str text, struct str note);
/* False: *why says what is wrong with it. */
MUST_CHECK bool note_read(struct signed_note *out, const struct note_key *key, struct arena *a,
	struct str text, const char **why);
