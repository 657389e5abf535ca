/* SPDX-FileCopyrightText: The relais authors
 * SPDX-License-Identifier: Apache-2.0 */

#include <curl/curl.h>
#include <stdio.h>
#include <unistd.h>

#include "server/webhook.h"

struct posting {
	const struct webhook *hook;
	size_t answer_bytes;
	bool inside; /* an address was refused */
};

/* The address that is connected to, not the one that a name had a moment ago. */
static curl_socket_t on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct posting *p = context;

	(void)purpose;
	if (!p->hook->private_allowed && !webhook_address_is_public(&address->addr)) {
		p->inside = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* What it answers is read for the status alone. */
static size_t on_bytes(char *bytes, size_t size, size_t n, void *context)
{
	struct posting *p = context;

	(void)bytes;
	p->answer_bytes += size * n;
	return p->answer_bytes > WEBHOOK_ANSWER_BYTES_MAX ? 0 : size * n;
}

static int on_progress(
	void *context, curl_off_t down, curl_off_t downed, curl_off_t up, curl_off_t upped)
{
	const struct posting *p = context;

	(void)down, (void)downed, (void)up, (void)upped;
	return atomic_load(p->hook->given_up);
}

static bool header_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *longer = curl_slist_append(*list, line);

	if (longer)
		*list = longer;
	return longer != NULL;
}

static bool headers_make(struct curl_slist **list, const struct webhook *hook)
{
	char signature[WEBHOOK_SIGNATURE_BYTES], line[WEBHOOK_ID_MAX + 40];

	webhook_sign(signature, hook->key, hook->id, hook->at_s, hook->body);
	bool good =
		header_add(list, "Content-Type: application/json") && header_add(list, "Expect:");
	snprintf(line, sizeof line, "webhook-id: %.*s", STR_FMT(hook->id));
	good = good && header_add(list, line);
	snprintf(line, sizeof line, "webhook-timestamp: %lld", (long long)hook->at_s);
	good = good && header_add(list, line);
	snprintf(line, sizeof line, "webhook-signature: %s", signature);
	return good && header_add(list, line);
}

/* No proxy and no redirection: either would reach what the address check does not see. */
static void options_set(CURL *curl, struct posting *p, struct curl_slist *headers)
{
	const struct webhook *hook = p->hook;

	curl_easy_setopt(curl, CURLOPT_URL, hook->url);
	curl_easy_setopt(
		curl, CURLOPT_PROTOCOLS_STR, hook->private_allowed ? "http,https" : "https");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)WEBHOOK_CONNECT_S);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)WEBHOOK_ANSWER_S);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)hook->body.n);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, hook->body.p);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, p);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, p);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, p);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

bool webhook_post(const struct webhook *hook, char *why, size_t why_size)
{
	struct posting p = {.hook = hook};
	struct curl_slist *headers = NULL;
	CURL *curl = curl_easy_init();
	CURLcode code = CURLE_OUT_OF_MEMORY;
	long status = 0;

	if (curl && headers_make(&headers, hook)) {
		options_set(curl, &p, headers);
		code = curl_easy_perform(curl);
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	}
	if (p.inside && code != CURLE_OK)
		snprintf(why, why_size,
			"webhook.url leads to an address that is not public: webhook.private = 1 "
			"allows it");
	else if (code != CURLE_OK)
		snprintf(why, why_size, "%s", curl_easy_strerror(code));
	else if (status < 200 || status > 299)
		snprintf(why, why_size, "the other system answered %ld", status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return code == CURLE_OK && status >= 200 && status <= 299;
}
