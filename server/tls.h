/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* TLS 1.2 and later with one certificate. HTTP/2 is never agreed on: ALPN answers http/1.1 alone.
 */

#include "rules/base.h"

struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

/* The certificate's chain and its key, PEM files. NULL with a sentence in `why`: not there, not
 * readable, or the two do not belong together. */
struct ssl_ctx_st *tls_open(const char *certificate, const char *key, char *why, size_t why_size);
/* When its certificate ends, in seconds since 1970; 0: `tls` is NULL. */
int64_t tls_expires_s(struct ssl_ctx_st *tls);
void tls_close(struct ssl_ctx_st *tls);
