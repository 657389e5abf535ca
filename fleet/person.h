/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Sealing of personal data: a subject is a customer, or a booking while it has no customer. Keys
 * that a batch needs for the first time wait in its keyring and are made durable in DIR/people
 * before the entries that use them are appended.
 */

#include "fleet/view.h"

enum { KEYRING_MAX = 1024 };

struct keyring {
	struct people *people; /* borrowed */
	struct env *env;       /* borrowed */
	uint32_t len;
	struct {
		char subject[ID_MAX + 1];
		uint8_t key[SEAL_KEY_LEN];
	} fresh[KEYRING_MAX];
};

/* The subject's key, made when there is none. False: the keyring of this batch is full. */
MUST_CHECK bool keyring_key(struct keyring *k, struct str subject, uint8_t key[SEAL_KEY_LEN]);
/* Makes the fresh keys durable and empties the ring. */
MUST_CHECK enum outcome keyring_flush(struct keyring *k);

/* {"of":SUBJECT,"sealed":TEXT} in the arena; STR_NULL when the keyring is full. */
struct str person_seal(struct keyring *k, struct arena *a, struct str subject, struct str plain);
/* The plain JSON of such a member; a key still in the batch's ring is found too (k may be NULL). */
struct json person_unseal(struct view *v, const struct keyring *k, struct json member);
