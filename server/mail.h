/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * One e-mail by SMTP (RFC 5321), to a server that the house names. The same message is the same
 * bytes, with the same Message-ID, however often it is handed over: whoever gets two knows it.
 */

#include "fleet/arena.h"
#include "rules/instant.h"
#include "server/post.h"

struct mail {
	const char *url, *from, *user, *password;   /* user "": none; borrowed, as all of it */
	bool plain;				    /* without TLS */
	struct str id, to, subject, text, calendar; /* calendar: STR_NULL = none */
	struct instant at;
	const atomic_bool *given_up;
};
/* RFC 5322 and MIME, lines with CRLF; STR_NULL without memory. */
struct str mail_bytes(struct arena *a, const struct mail *m);
/* A sentence in `why` has the server's code and none of its words: those name the recipient. */
MUST_CHECK enum went mail_send(struct arena *a, const struct mail *m, char *why, size_t why_size);
