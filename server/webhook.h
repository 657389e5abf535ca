/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One message to another system after the Standard Webhooks convention: signed with HMAC-SHA256
 * over "id.timestamp.body", posted once. An address that is not public is refused when it is
 * connected to, after its name was resolved: a name that changes its mind reaches nothing inside.
 */

#include <stdatomic.h>
#include <sys/socket.h>

#include "rules/base.h"

enum {
	WEBHOOK_KEY_BYTES_MIN = 24, /* the convention's bounds */
	WEBHOOK_KEY_BYTES_MAX = 64,
	WEBHOOK_SECRET_MAX = 100, /* "whsec_" and base64 of so many, and NUL */
	WEBHOOK_SIGNATURE_BYTES = 48,
	WEBHOOK_ID_MAX = 128,
	WEBHOOK_WHY_BYTES = 400,
};

struct webhook_key {
	size_t n;
	uint8_t byte[WEBHOOK_KEY_BYTES_MAX];
};
/* "whsec_" and base64 of 24 to 64 bytes. */
MUST_CHECK bool webhook_key_read(struct webhook_key *out, struct str secret);
/* "v1,<base64>" */
void webhook_sign(char out[WEBHOOK_SIGNATURE_BYTES], const struct webhook_key *key, struct str id,
	int64_t at_s, struct str body);
/* Neither this machine's nor a private network's, nor one that leads there. */
bool webhook_address_is_public(const struct sockaddr *address);
/* https://, or http:// where private addresses are allowed; names no user. */
bool webhook_url_is_good(const char *url, bool private_allowed);

/* Its host is a name, or an address that is public; "localhost" is neither. What a name leads to is
 * seen when it is connected to. */
bool webhook_host_is_public(const char *url);

struct webhook {
	const char *url; /* borrowed */
	const struct webhook_key *key;
	struct str id, body;
	int64_t at_s;
	bool private_allowed;
	const atomic_bool *given_up; /* true ends it at once */
};
/* True: a 2xx. Otherwise a sentence in `why`, and it may or may not have arrived. Any thread. */
MUST_CHECK bool webhook_post(const struct webhook *hook, char *why, size_t why_size);
