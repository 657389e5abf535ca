/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <time.h>

/* Whoever offers h2 as well gets http/1.1; whoever offers only h2 gets no connection. */
static int choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_len,
	const unsigned char *in, unsigned int in_len, void *context)
{
	static const unsigned char ours[] = "\x08http/1.1";
	unsigned char *chosen;

	(void)ssl;
	(void)context;
	if (SSL_select_next_proto(&chosen, out_len, ours, sizeof ours - 1, in, in_len) !=
		OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static const char *load(SSL_CTX *tls, const char *certificate, const char *key)
{
	if (SSL_CTX_use_certificate_chain_file(tls, certificate) != 1)
		return "the certificate cannot be read";
	if (SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1)
		return "the key cannot be read, or is another certificate's";
	if (SSL_CTX_check_private_key(tls) != 1)
		return "the key is another certificate's";
	return NULL;
}

struct ssl_ctx_st *tls_open(const char *certificate, const char *key, char *why, size_t why_size)
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	const char *trouble;

	ASSERT(tls);
	SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
	SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(tls, SSL_MODE_RELEASE_BUFFERS); /* event streams idle for hours */
	SSL_CTX_set_alpn_select_cb(tls, choose_protocol, NULL);
	trouble = load(tls, certificate, key);
	if (!trouble)
		return tls;
	snprintf(why, why_size, "TLS with %s and %s: %s", certificate, key, trouble);
	ERR_clear_error();
	SSL_CTX_free(tls);
	return NULL;
}

int64_t tls_expires_s(struct ssl_ctx_st *tls)
{
	X509 *certificate = tls ? SSL_CTX_get0_certificate(tls) : NULL;
	struct tm end;

	if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1)
		return 0;
	return timegm(&end);
}

void tls_close(struct ssl_ctx_st *tls)
{
	SSL_CTX_free(tls);
}
