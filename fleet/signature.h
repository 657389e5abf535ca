/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Ed25519 (RFC 8032) of libcrypto: who signed these bytes. */

#include "rules/base.h"

enum { SIGNATURE_SEED_LEN = 32, SIGNATURE_PUBLIC_LEN = 32, SIGNATURE_LEN = 64 };

/* The public half of a private seed. */
void signature_public(const uint8_t seed[SIGNATURE_SEED_LEN], uint8_t out[SIGNATURE_PUBLIC_LEN]);
void signature_make(
	const uint8_t seed[SIGNATURE_SEED_LEN], struct str text, uint8_t out[SIGNATURE_LEN]);
MUST_CHECK bool signature_is_good(const uint8_t key[SIGNATURE_PUBLIC_LEN], struct str text,
	const uint8_t signature[SIGNATURE_LEN]);
