/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "server/origin.h"

#include <openssl/crypto.h>

/* Scheme, host and port (RFC 6454). What encrypts the connection may stand before us, so plain HTTP
 * takes both schemes; where we do it ourselves a plain page is another origin. */
static bool origin_fits(struct str origin, struct str host, bool tls)
{
	static const char *const schemes[] = {"https://", "http://"};
	for (size_t i = 0; i < (tls ? 1 : ARRAY_LEN(schemes)); i++) {
		struct str scheme = str_from(schemes[i]);
		if (origin.n != scheme.n + host.n || memcmp(origin.p, scheme.p, scheme.n) != 0)
			continue;
		if (str_eq((struct str){origin.p + scheme.n, host.n}, host))
			return true;
	}
	return false;
}

bool origin_is_ours(const struct call *call)
{
	struct str site = exchange_header(call->x, "sec-fetch-site");
	struct str origin = exchange_header(call->x, "origin");
	struct str host = exchange_header(call->x, "host");
	if (site.p && !str_is(site, "same-origin") && !str_is(site, "none"))
		return false;
	return !origin.p || origin_fits(origin, host, http_is_tls(call->api->http));
}

bool origin_is_proven(struct call *call)
{
	struct str said = exchange_header(call->x, "relais-csrf");
	struct str session = auth_session(exchange_header(call->x, "cookie"));
	struct str csrf = auth_csrf(&call->api->auth, call->arena, session);
	return csrf.p && said.n == csrf.n && CRYPTO_memcmp(said.p, csrf.p, csrf.n) == 0 &&
	       origin_is_ours(call);
}
